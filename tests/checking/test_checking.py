"""What the checker finds out about a study, in words for a terminal and as JSON for machines."""

from __future__ import annotations

import io
import json
import re
import shutil

import pandas as pd
import pytest
from rich.cells import cell_len
from rich.console import Console

from analysis.checking.as_json import inspection_json
from analysis.checking.inspection import inspected
from analysis.checking.terminal import print_inspection
from analysis.coding.answer_sets import SOMEWHAT_LIKE, answer_sets
from analysis.study.folder import read_study
from runs import COUNTRIES, PROJECT, tiny_study
from support import ANSWERS, ITEMS, PRE, study_folder, write_csv

GEORGIAN = "ჩემი მოსწავლეები გაკვეთილზე ციფრულ ტექნოლოგიებს საკუთარი ნამუშევრის შესაქმნელად იყენებენ"
NOW = pd.Timestamp("2026-11-22")


def printed(folder, width=80) -> str:
    return _printed(inspected(folder, NOW), width)


def _printed(inspection, width=80) -> str:
    out = io.StringIO()
    print_inspection(inspection, Console(file=out, width=width, highlight=False, force_terminal=False))
    return out.getvalue()


def as_json(folder) -> dict:
    return json.loads(inspection_json(inspected(folder, NOW)), parse_constant=lambda name: pytest.fail(name))


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    """Estonia with three unknown answers in its later survey; Finland and Lithuania without an error."""
    folder = tiny_study(tmp_path_factory.mktemp("faulty") / "study")
    path = folder / "raw" / "EE-post.csv"
    text = path.read_text(encoding="utf-8")
    rows = [line.split(",") for line in text.splitlines()]
    for row, answer in ((1, "Agre"), (2, "Agre"), (3, "Agre"), (4, "Certainly not")):
        rows[row][3] = answer
    path.write_text("\n".join(map(",".join, rows)), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def inspection(faulty):
    return inspected(faulty, NOW)


def test_errors_stand_first_grouped_by_file(faulty, tmp_path):
    folder = shutil.copytree(faulty, tmp_path / "study")
    (folder / "raw" / "FI-pre.csv").write_bytes(b"")
    lines = printed(folder).splitlines()
    assert lines[0] == "raw/EE-post.csv: 2 errors"
    assert lines[1].startswith("- row 2, column “p1”: ")
    assert "raw/FI-pre.csv: 1 error" in lines
    assert lines[-1] == "3 errors found, told at the top; nothing was written."


def test_unknown_answers_come_with_their_number_and_the_nearest_known_one(inspection):
    found = {one.answer: (one.item, one.n, one.nearest) for one in inspection.unknown}
    assert found == {"Agre": ("p1", 3, "Agree"), "a text of 2 words": ("p1", 1, "")}
    assert re.search(r"Agre +3 +p1 +Agree\n", _printed(inspection))


def test_the_nearest_answer_is_one_of_the_items_set_in_the_exports_language(tmp_path):
    book = read_study(study_folder(tmp_path)).codebook
    estonian, english = answer_sets(book, "et"), answer_sets(book, "en")
    assert estonian["agree"].nearest("nõustun taielikult")[0] == "Nõustun täielikult"
    assert english["agree"].nearest("Strongly agre")[0] == "Strongly agree"
    assert english["gender"].nearest("Strongly agre")[1] < SOMEWHAT_LIKE


def test_what_has_no_error_is_told_beside_the_errors(inspection):
    assert {export.file for export in inspection.responses.exports} == {
        f"raw/{country}-{wave}.csv" for country in COUNTRIES for wave in ("pre", "post")} - {"raw/EE-post.csv"}
    assert [(export.file, "p1" in export.recognised) for export in inspection.with_errors] == [("raw/EE-post.csv", True)]
    assert list(inspection.panels) == [("FI", 1)]
    said = _printed(inspection)
    assert "Exports with errors" in said and "Suomi & Åland (FI)" in said and "Estonia [pilot] (EE)" not in said


def test_a_country_with_an_error_is_not_told_to_lack_what_the_faulty_file_holds(inspection):
    assert not [one for one in inspection.findings if one.country == "EE"]


def test_errors_of_study_toml_are_all_that_is_told(tmp_path):
    folder = tiny_study(tmp_path / "study")
    path = folder / "study.toml"
    path.write_text("minimum_grup = 4\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert printed(folder).splitlines()[0] == "study.toml: 1 error" and "Exports" not in printed(folder)
    assert as_json(folder)["exports"] == []


def test_every_file_at_error_leaves_the_errors_and_what_was_recognised(tmp_path):
    folder = study_folder(tmp_path)
    write_csv(folder / "raw" / "pre.csv", [*PRE, ["EF56", "Tartu", "9", "1", "1", "1"]])
    said = printed(folder)
    assert "6 recognised" in said and said.endswith("1 error found, told at the top; nothing was written.\n")


def test_swapped_surveys_are_told_again_at_the_end(tmp_path):
    folder = tiny_study(tmp_path / "study")
    path = folder / "raw" / "EE-post.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2022-10-03", "2022-03-03"), encoding="utf-8")
    last = printed(folder).rstrip().split("\n\n")[-2:]
    assert last[0].startswith("Estonia [pilot]: the two surveys seem to be swapped: 23 of 23 matched teachers")
    assert last[1] == "Nothing else is wrong with the study."


PERSONAL = ["anna.tamm@example.ee", "AB12CD", "MARTA", "My headmaster reads this", "583920", "+372 5123 4567",
            "1980-05-12", "https://example.ee/anna", "Ülle"]


@pytest.mark.parametrize("item", ["p1", "gender", "tools", "years", "submitted", "tools:phone"])
def test_a_cell_in_the_wrong_column_is_told_by_its_shape_alone(tmp_path, item):
    folder = study_folder(tmp_path, [{"file": "raw/pre.csv", "columns": {"asked": item}}])
    rows = [[f"code{n}", "Tartu", "1", "2", text] for n, text in enumerate(PERSONAL)]
    write_csv(folder / "raw" / "pre.csv", [["code", "school", "p2", "p3", "asked"], *rows])
    inspection = inspected(folder, NOW)
    said = " ".join(_printed(inspection, 1000).split()) + inspection_json(inspection)
    assert "a text of 5 letters" in said or item == "submitted"
    assert not [text for text in PERSONAL if text in said and (item, text) != ("submitted", "1980-05-12")]


def test_the_file_that_lacks_its_headers_is_told_so_and_none_of_its_answers(tmp_path):
    folder = study_folder(tmp_path)
    write_csv(folder / "raw" / "pre.csv", [["XK71PQ", "4", "Agree", "2", "3", "Never say this"], *(["b", *"12345"],) * 3])
    said = printed(folder)
    assert "row 1: this row has answers in it, not headers" in said
    assert "XK71PQ" not in said and "Never say this" not in said


def test_the_end_says_that_nothing_is_wrong(tmp_path):
    assert printed(tiny_study(tmp_path / "study")).endswith("\nNothing is wrong with the study.\n")


def wide_study(folder):
    """A study of two countries with long Georgian headers, labels and schools, and issues in one of them."""
    items = [[*row[:-1], GEORGIAN + f" {number}"] for number, row in enumerate(ITEMS)]
    items[0][-1] = "text_ka"
    long = "სრულად ვეთანხმები ამ მოსაზრებას ყოველგვარი გამონაკლისის გარეშე"
    answers = [[*row[:-1], f"{row[-1]} – {long}"] for row in ANSWERS]
    answers[0][-1] = "label_ka"
    exports = [{"file": f"raw/{country}-{wave}-ძალიან-გრძელი-სახელი-რომელიც-სტრიქონში-ვერასოდეს-ჩაეტევა-ნახევარიც.csv",
                "country": country, "wave": wave, "language": "ka"}
               for country in ("GE", "EE") for wave in ("pre", "post")]
    study_folder(folder, exports, items=items, answers=answers, countries={"GE": 'name = "საქართველო"', "EE": 'name = "E"'})
    headers = ["code", "school", "submitted", *(f"{GEORGIAN} {number}" for number in (1, 2, 3, 4, 7, 8)), "IP მისამართი"]
    for export in exports:
        rows = [[f"c{n:03d}", f"{'ნისლაურის საჯარო სკოლა ' * 4}{n % 3}", f"2022-10-{1 + n:02d} 10:00", *"123",
                 1 + n % 3 + (export["wave"] == "post"), 1234567 + n, "ტექსტი", "192.0.2.1"] for n in range(20)]
        if export["country"] == "EE":
            rows[2][3] = "მე არ ვეთანხმები ამ მოსაზრებას თითქმის არასოდეს მაგრამ ზოგჯერ მაინც"
        write_csv(folder / export["file"], [headers, *rows])
    return folder


@pytest.mark.parametrize("width", [80, 120])
def test_no_line_is_longer_than_the_terminal_whatever_the_letters(tmp_path, width):
    said = printed(wide_study(tmp_path / "study"), width)
    assert "საქართველო (GE)" in said and "Answers that the codebook does not know" in said
    assert max(map(cell_len, said.splitlines())) <= width
    assert not re.search(r"[ \t]$", said, re.MULTILINE)


def test_lines_for_study_toml_are_not_broken(tmp_path):
    header = "Sinu kood: ema eesnime kaks esimest tähte, sünnipäev kahe numbriga ja sünnikoha kaks esimest tähte"
    school = "Väga pika ja keeruka nimega linnaosa põhikool, mille nime keegi kunagi ühte ritta ära ei mahuta"
    folder = study_folder(tmp_path / "study", [{"file": "raw/pre.csv"}])
    write_csv(folder / "raw" / "pre.csv", [
        ["school", "p1", header], [school, 1, "x"], [school, 1, "y"], [school + "d", 1, "z"]])
    lines = [line.strip() for line in printed(folder).splitlines()]
    assert f'"{header}" = "code"' in lines
    assert f'[countries.EE.schools."{school}"]' in lines


def test_no_number_is_cut_at_the_end_of_a_line():
    example = inspected(PROJECT / "data" / "example", NOW)
    said, unbroken = _printed(example), _printed(example, 100000).split()
    assert max(map(cell_len, said.splitlines())) <= 80
    words = said.split()
    assert [word for word in words if re.search(r"\d", word)] == [word for word in unbroken if re.search(r"\d", word)]


def test_json_tells_each_error_with_its_place_and_is_ascii(inspection):
    text = inspection_json(inspection)
    assert text.isascii()
    told = json.loads(text)
    assert told["ok"] is False and told["format"] == 2
    assert [(one["file"], one["row"], one["column"]) for one in told["issues"]] == [
        ("raw/EE-post.csv", 2, "p1"), ("raw/EE-post.csv", 5, "p1")]
    assert told["unknown_answers"][0] == {
        "file": "raw/EE-post.csv", "item": "p1", "header": "p1", "answer": "Agre", "n": 3, "nearest": "Agree"}
    assert {export["file"]: export["ok"] for export in told["exports"]}["raw/EE-post.csv"] is False


def test_json_tells_what_the_data_look_like(tmp_path):
    told = as_json(tiny_study(tmp_path / "study"))
    assert told["ok"] is True and told["issues"] == [] and told["study"] == "A study"
    export = next(one for one in told["exports"] if one["file"] == "raw/EE-post.csv")
    assert (export["rows"], export["encoding"], export["delimiter"], export["wave"]) == (23, "utf-8", ",", "post")
    assert export["recognised"]["p1"] == "p1" and export["lacking"] == ["tools"]
    assert export["first_submitted"] == "2022-10-03 09:00:11"
    assert {"item": "p2", "n": 23, "missing": 0, "share": 0.0} in export["missing"]
    empty = next(one for one in told["exports"] if one["file"] == "raw/LT-pre.csv")
    assert empty["rows"] == 0 and {one["share"] for one in empty["missing"]} == {None}
    country = next(one for one in told["countries"] if one["country"] == "EE")
    assert country["n"] == {"pre": 24, "post": 23} and country["linked"] == country["links"]["exact"] == 23
    assert country["link_rate"] == {"pre": 23 / 24, "post": 1.0}
    assert {"school": "School 0", "n_pre": 6, "n_post": 6, "n_matched": 6} in country["schools"]


def test_a_study_folder_that_is_not_there_is_one_error_without_a_place(tmp_path):
    (told,) = as_json(tmp_path / "nowhere")["issues"]
    assert (told["file"], told["row"], told["column"]) == (None, None, None) and "no study folder" in told["message"]


def test_no_code_and_no_open_answer_is_told(tmp_path):
    folder = tiny_study(tmp_path / "study")
    inspection = inspected(folder, NOW)
    said = _printed(inspection) + inspection_json(inspection)
    frame = inspection.responses.frame
    assert len(frame) > 90
    assert not [code for code in frame["code"] if code in said]
    assert "Private remark" not in said


def test_a_header_can_not_steer_the_terminal(tmp_path):
    folder = study_folder(tmp_path)
    header = "\x1b[2Jclear\u202eme"
    write_csv(folder / "raw" / "pre.csv", [[*PRE[0], header], *([*row, "x"] for row in PRE[1:])])
    said = printed(folder)
    assert "clear\ufffdme" in said and not re.search("[\x1b\u202e]", said)
    assert as_json(folder)["exports"][0]["unread"] == [header]
