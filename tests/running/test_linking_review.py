"""private/linking-review.csv and private/schools.csv: what a run writes for the data's owner, and when it does not."""

from __future__ import annotations

import csv

import pytest
from click.testing import CliRunner

from analysis.checking.inspection import inspected
from analysis.cli import main
from analysis.linking.decisions import REVIEW_COLUMNS, REVIEW_FILE
from analysis.responses import read_responses
from analysis.running import private_files
from analysis.running.private_files import SCHOOLS_FILE, write_private_files
from analysis.study.folder import read_study
from reviews import POST, PRE, TIMED, a_study, decide, read, reviewed, save
from support import study_folder, write_csv


def test_every_doubtful_pair_and_every_double_submission_has_a_row_with_its_reason(tmp_path):
    rows = reviewed(a_study(tmp_path))
    assert list(rows[0]) == REVIEW_COLUMNS
    assert [(row["school"], row["kind"], row["code_pre"], row["code_post"], row["row_pre"], row["row_post"])
            for row in rows] == [
        ("Rakvere", "near", "“mm55nn”", "“mm56nn”", "4", "3"),
        ("Rakvere", "ambiguous", "“ab12cd”", "“ab1cd”", "2", "2"),
        ("Rakvere", "ambiguous", "“ab13cd”", "“ab1cd”", "3", "2"),
        ("Rakvere", "duplicate", "“kk77ll”", "", "5", ""),
        ("Rakvere", "duplicate", "“kk77ll”", "", "6", ""),
        ("Tartu", "near", "“zz00yy”", "“zz0yy”", "7", "5"),
    ]
    assert {row["country"] for row in rows} == {"EE"} and {row["iteration"] for row in rows} == {"1"}
    assert {row["file_pre"] for row in rows} == {"raw/pre.csv"}
    assert [row["reason"] for row in rows[:2]] == [
        "matched: the codes differ in one sign, and no other code of the school is as near",
        "not matched: the codes differ in one sign, but another answer of the school is as near"]
    assert rows[3]["reason"] == (
        "set aside: different answers under one code, and nothing tells which one counts (the same code as row 6)")
    assert not any(row["decision"] for row in rows) and all(row["check"] for row in rows)


def test_decisions_survive_rewriting_also_where_their_row_would_no_longer_stand(tmp_path):
    decide(a_study(tmp_path), {("2", "2"): "yes", ("4", "3"): "NO", ("6", ""): "yes"})
    again = {(row["row_pre"], row["row_post"]): row for row in reviewed(tmp_path)}
    assert {place: row["decision"] for place, row in again.items() if row["decision"]} == {
        ("2", "2"): "yes", ("4", "3"): "no", ("6", ""): "yes"}
    assert again["2", "2"]["reason"] == "matched, as decided" and again["4", "3"]["reason"] == "not matched, as decided"
    assert again["6", ""]["reason"].startswith("counts, as decided")
    a_study(tmp_path, settings='codes = "assigned"\n')
    kept = [row for row in reviewed(tmp_path) if row["kind"] != "duplicate"]
    assert [(row["decision"], row["reason"]) for row in kept] == [
        ("yes", "matched, as decided; kept here only for its decision"),
        ("no", "not matched, as decided; kept here only for its decision")]


def test_a_second_run_writes_the_same_bytes(tmp_path):
    reviewed(a_study(tmp_path))
    once = (tmp_path / REVIEW_FILE).read_bytes(), (tmp_path / SCHOOLS_FILE).read_bytes()
    reviewed(tmp_path)
    assert once == ((tmp_path / REVIEW_FILE).read_bytes(), (tmp_path / SCHOOLS_FILE).read_bytes())
    assert once[0].startswith(b"\xef\xbb\xbf") and {path.name for path in (tmp_path / "private").iterdir()} == {
        "key", "linking-review.csv", "schools.csv"}


@pytest.mark.parametrize(
    "code", ["0012345", "3-5678", "=1+1+1+1", "@SUM(A1)", "1E51234", "+358401", "TRUE12", '"quo"ted', "a;b,c\td"])
def test_no_spreadsheet_takes_a_code_for_a_number_a_date_or_a_formula(tmp_path, code):
    pre, post = [[code, "=Rakvere", 1, 2, 3, 4, ""]], [[f"{code}7", "=Rakvere", 1, 2, 3, 4, ""]]
    row = reviewed(a_study(tmp_path, pre, post))[0]
    for cell in (row["code_pre"], row["code_post"], row["school"]):
        assert cell[0] in "“'", "begins with a sign that makes it text"
    assert row["code_pre"] == f"“{code}”"
    assert all(part.isalpha() for part in row["check"].replace(".", " ").split())


def test_the_check_says_nothing_of_the_code_or_the_answers(tmp_path):
    rows = reviewed(a_study(tmp_path))
    for row in rows:
        assert not set("aeiou0123456789") & set(row["check"]), "no vowel, no digit: no word, month or number"


def test_cells_are_parted_as_in_the_exports_and_then_as_a_person_saved_them(tmp_path):
    def header() -> str:
        write_private_files(*read(tmp_path))
        return (tmp_path / REVIEW_FILE).read_text(encoding="utf-8-sig").splitlines()[0]

    a_study(tmp_path)
    assert header() == ",".join(REVIEW_COLUMNS)
    (tmp_path / REVIEW_FILE).unlink()
    for wave, rows in (("pre", PRE), ("post", POST)):
        write_csv(tmp_path / "raw" / f"{wave}.csv", [TIMED, *rows], delimiter=";")
    assert header() == ";".join(REVIEW_COLUMNS)
    save(tmp_path, reviewed_with(tmp_path, ";"), delimiter="\t")
    assert header() == "\t".join(REVIEW_COLUMNS)


def reviewed_with(folder, delimiter: str) -> list[dict[str, str]]:
    with (folder / REVIEW_FILE).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def test_the_key_to_the_letters_is_written_unless_schools_are_shown(tmp_path):
    reviewed(a_study(tmp_path / "a"))
    key = (tmp_path / "a" / SCHOOLS_FILE).read_text(encoding="utf-8-sig").splitlines()
    assert key[0] == "country,school,letter" and {line.split(",")[1] for line in key[1:]} == {"Rakvere", "Tartu"}
    assert [line.split(",")[2] for line in key[1:]] == ["A", "B"]
    reviewed(a_study(tmp_path / "b", settings='school_names = "show"\n'))
    assert not (tmp_path / "b" / SCHOOLS_FILE).exists()


def test_a_study_with_nothing_to_look_at_has_no_review(tmp_path):
    a_study(tmp_path, PRE[:1], [])
    assert write_private_files(*read(tmp_path)) == [] and not (tmp_path / REVIEW_FILE).exists()


def test_leaders_are_not_in_the_review_and_each_iteration_is(tmp_path):
    exports = [{"file": f"raw/{who}{iteration}{wave}.csv", "respondents": who, "iteration": iteration, "wave": wave}
               for who, iteration in (("teachers", 2), ("leaders", 1)) for wave in ("pre", "post")]
    study_folder(tmp_path, exports)
    for export in exports:
        rows = PRE if export["wave"] == "pre" else POST
        write_csv(tmp_path / export["file"], [TIMED, *(rows if export["respondents"] == "teachers" else rows[:-1])])
    rows = reviewed(tmp_path)
    assert {row["iteration"] for row in rows} == {"2"}
    assert {row["file_pre"] for row in rows} == {"raw/teachers2pre.csv"}


def test_check_and_reading_write_nothing(tmp_path):
    a_study(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    inspected(tmp_path)
    read(tmp_path)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_review_that_was_saved_during_the_run_is_left_as_it_is(tmp_path):
    rows = reviewed(a_study(tmp_path))
    study = read_study(tmp_path)
    responses = read_responses(study)
    decide(tmp_path, {("4", "3"): "no"}, rows)
    saved = (tmp_path / REVIEW_FILE).read_bytes()
    assert write_private_files(study, responses) == [
        f"{REVIEW_FILE} was changed during the run, so it was left as it is; run again to renew it."]
    assert (tmp_path / REVIEW_FILE).read_bytes() == saved


def test_a_file_that_another_program_holds_is_told_and_stays(tmp_path, monkeypatch):
    a_study(tmp_path)
    (tmp_path / REVIEW_FILE).write_text(",".join(REVIEW_COLUMNS), encoding="utf-8")

    def held(content, folder, file):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(private_files, "put_private", held)
    said = write_private_files(*read(tmp_path))
    assert said[0] == (f"{REVIEW_FILE} could not be written (Permission denied). The reports don't need it; if it is open "
                       "in another program, close it there and run again.")
    assert (tmp_path / REVIEW_FILE).read_text(encoding="utf-8") == ",".join(REVIEW_COLUMNS)


def test_check_and_run_tell_a_decision_that_is_no_decision_and_end_with_status_2(tmp_path):
    decide(a_study(tmp_path), {("4", "3"): "perhaps"})
    for command in ("check", "run"):
        result = CliRunner().invoke(main, [command, str(tmp_path)])
        assert result.exit_code == 2 and "Traceback" not in result.output
        said = " ".join((result.output + (result.stderr or "")).split())
        assert "expected yes, no or nothing; found a text of 7 letters" in said
