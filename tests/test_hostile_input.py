"""Texts, paths and files that mean harm end in one clear sentence or in harmless output."""

from __future__ import annotations

import os
import re
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xlsxwriter

from analysis.disclosure.formulas import STARTS, without_formulas
from analysis.errors import StudyError
from analysis.study.folder import read_study
from analysis.texts import normal
from hostile import FORMULAS, HOSTILE, NO_TEXT
from support import (
    COUNTRY,
    EXPORT,
    ITEMS,
    PRE,
    SCALES,
    issues,
    responses,
    study_folder,
    with_settings,
    write_csv,
    write_sav,
    write_xlsx,
)
from survey_exports import limits, native


def one_each(texts) -> list[str]:
    """Texts that differ in the form in which they are compared, and say something there."""
    return list({normal(text): text for text in texts if normal(text)}.values())


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_text_that_a_spreadsheet_would_run_has_an_apostrophe(cell):
    safe = without_formulas(pd.DataFrame({"text": [cell, "fine", None], cell: [-1.5, 2.0, np.nan]}))
    assert not safe["text"][0].lstrip(" ").startswith(STARTS) and safe["text"][0].endswith(cell)
    assert safe["text"][1] == "fine" and pd.isna(safe["text"][2])
    assert safe.iloc[0, 1] == -1.5 and not safe.columns[1].lstrip(" ").startswith(STARTS)


@pytest.mark.parametrize("cell", ["-2", "+3", "-0.5", "-1,5"])
def test_a_text_that_is_a_number_stays(cell):
    assert without_formulas(pd.DataFrame({"value": [cell, "a"]}))["value"].tolist() == [cell, "a"]


@pytest.mark.parametrize("file", [
    "../secret.csv", "raw/../../secret.csv", "/etc/passwd.csv", "C:/secret.csv", "C:secret.csv", "//server/share/a.csv",
    "\\\\server\\share\\a.csv", "raw\\pre.csv", "raw/nul.csv", "CON", "raw/aux.sav", "com1.xlsx", "raw/pre.csv.",
    "raw /pre.csv", "raw/a\nb.csv",
    "raw/\u202ecsv.erp", "raw/" + "a" * 5000 + ".csv", "~/secret.csv", "", " ", ".", "raw", "raw/",
])
def test_a_path_that_is_no_file_of_the_study_is_one_sentence(tmp_path, file):
    (tmp_path / "secret.csv").write_text("code,p1\n", encoding="utf-8")
    folder = study_folder(tmp_path / "study", [{"file": file}])
    said = issues(folder)
    assert len(said) == 1 and "secret,p1" not in said[0] and len(said[0]) < 6000


def linked(link: Path, target: Path) -> None:
    try:
        link.symlink_to(target, target_is_directory=target.is_dir())
    except OSError:
        pytest.skip("this system lets nobody make links")


@pytest.mark.parametrize("name", [
    "raw/pre.csv", "raw", "study.toml", "codebook", "codebook/items.csv", "codebook.xlsx", "private",
    "private/linking-review.csv"])
def test_a_link_that_leads_out_of_the_study_folder_is_one_sentence(tmp_path, name):
    folder = study_folder(tmp_path / "study")
    write_csv(folder / "raw" / "pre.csv", PRE)
    outside = tmp_path / "outside"
    place = folder / name
    place.parent.mkdir(exist_ok=True)
    if place.exists():
        place.rename(outside)
    elif place.suffix:
        outside.write_text("a,b\n", encoding="utf-8")
    else:
        outside.mkdir()
    linked(place, outside)
    said = issues(folder)
    assert len(said) == 1 and re.search("leads? out of the study folder", said[0]) and name in said[0]


def test_a_link_within_the_study_folder_is_followed(tmp_path):
    folder = study_folder(tmp_path / "study")
    write_csv(folder / "raw" / "answers.csv", PRE)
    linked(folder / "raw" / "pre.csv", folder / "raw" / "answers.csv")
    assert len(responses(folder).frame) == 2


def test_links_in_a_circle_are_one_sentence(tmp_path):
    folder = study_folder(tmp_path / "study")
    linked(folder / "raw" / "pre.csv", folder / "raw" / "pre.csv")
    assert len(issues(folder)) == 1


def test_a_template_outside_of_the_study_folder_is_one_sentence(tmp_path):
    (tmp_path / "secret.docx").touch()
    folder = study_folder(tmp_path / "study", settings='template = "../secret.docx"\n')
    write_csv(folder / "raw" / "pre.csv", PRE)
    (said,) = issues(folder)
    assert "leads out of the study folder" in said


@pytest.mark.parametrize("name", ["x" * 300, "a\nb", "<i>", "\u202e", "con"])
def test_a_study_folder_that_is_not_there_is_one_sentence(tmp_path, name):
    with pytest.raises(StudyError, match="there is no study folder"):
        read_study(tmp_path / name)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize("name", ["a\nb", "quo\"te", "<b>", "-x", "space ", "\udcff"])
def test_a_study_folder_with_an_odd_name_is_read(tmp_path, name):
    folder = study_folder(tmp_path / name)
    write_csv(folder / "raw" / "pre.csv", PRE)
    assert len(responses(folder).frame) == 2


def bomb(path: Path, name: str, size: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed, packed.open(name, "w", force_zip64=True) as part:
        for _ in range(size // (1 << 20)):
            part.write(bytes(1 << 20))
    return path


@pytest.mark.parametrize("name", ["raw/pre.xlsx", "raw/pre.ods", "codebook.xlsx"])
def test_a_workbook_that_unpacks_to_a_multiple_is_one_sentence(tmp_path, name):
    folder = study_folder(tmp_path, [{"file": name if name.startswith("raw") else "raw/pre.csv"}])
    if name == "codebook.xlsx":
        for path in (folder / "codebook").iterdir():
            path.unlink()
        write_csv(folder / "raw" / "pre.csv", PRE)
    bomb(folder / name, "xl/worksheets/sheet1.xml", 40 << 20)
    assert issues(folder) == [
        f"{name}: a part of the workbook is over 250 times larger than it is packed, which no survey needs; expected the "
        "survey tool's own export."]


def test_a_workbook_larger_than_the_limit_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "UNPACKED_BYTES", 2_000_000)
    folder = study_folder(tmp_path, [{"file": "raw/pre.xlsx"}])
    bomb(folder / "raw" / "pre.xlsx", "xl/media/large", 4 << 20)
    (said,) = issues(folder)
    assert said.startswith("raw/pre.xlsx: unpacked, the workbook is larger than 2 MB")


def test_a_workbook_with_too_many_parts_is_one_sentence(tmp_path):
    folder = study_folder(tmp_path, [{"file": "raw/pre.xlsx"}])
    with zipfile.ZipFile(folder / "raw" / "pre.xlsx", "w") as packed:
        for number in range(limits.PARTS + 1):
            packed.writestr(str(number), b"")
    (said,) = issues(folder)
    assert "the workbook has 10,001 parts, more than 10,000" in said


@pytest.mark.parametrize(("row", "column", "what"), [
    (1_048_575, 16_383, "1,048,576 rows, more than 250,000"), (300_000, 2, "300,001 rows"),
    (3, 6_000, "6,001 columns, more than 5,000"),
    (100_000, 200, "20,100,201 cells, more than 10,000,000")])
def test_a_cell_far_out_in_a_workbook_is_one_sentence(tmp_path, monkeypatch, row, column, what):
    """Its reader would reserve a place for every cell up to it."""
    monkeypatch.setattr(native, "_apart", lambda *arguments, **more: pytest.fail("it was opened"))
    folder = study_folder(tmp_path, [{"file": "raw/pre.xlsx"}])
    with xlsxwriter.Workbook(folder / "raw" / "pre.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "p1")
        sheet.write(row, column, 1)
    (said,) = issues(folder)
    assert f"the table has {what}" in said


@pytest.mark.parametrize(("limit", "what"), [("ROWS", "3 rows, more than 2"), ("COLUMNS", "6 columns, more than 2")])
def test_a_table_larger_than_the_limit_is_one_sentence_in_every_format(tmp_path, monkeypatch, limit, what):
    monkeypatch.setattr(limits, limit, 2)
    rows = [*PRE, ["EF56", "Tartu", "1", "1", "1", "1"]]
    for kind in ("csv", "sav"):
        folder = study_folder(tmp_path / kind, [{"file": f"raw/pre.{kind}"}])
        monkeypatch.setattr("analysis.study.folder.read_codebook", unlimited(folder, monkeypatch, limit))
        if kind == "csv":
            write_csv(folder / "raw" / "pre.csv", rows)
        else:
            columns = {name: [row[place] for row in rows[1:]] for place, name in enumerate(rows[0])}
            write_sav(folder / "raw" / "pre.sav", columns)
        said = issues(folder)
        assert len(said) == 1 and what.split(",")[0].split()[1] in said[0] and "more than 2" in said[0]


def unlimited(folder, monkeypatch, limit):
    """The codebook, read before the limit was lowered."""
    from analysis.study.codebook import read_codebook

    with monkeypatch.context() as usual:
        usual.setattr(limits, limit, 10_000)
        read = read_codebook(folder)
    return lambda *arguments, **more: read


def test_a_file_larger_than_the_limit_is_one_sentence(tmp_path):
    folder = study_folder(tmp_path)
    with (folder / "raw" / "pre.csv").open("wb") as stream:
        stream.truncate(limits.FILE_BYTES + 1)
    assert issues(folder) == [
        "raw/pre.csv: the file is larger than 100 MB, which no survey needs; expected the survey tool's own export."]


@pytest.mark.parametrize("cases", [b"\xff\xff\xff\x7f", b"\0\0\0\x80", b"\0\0\0\x40"])
def test_an_spss_file_that_promises_too_much_is_read_or_one_sentence(tmp_path, cases):
    folder = study_folder(tmp_path, [{"file": "raw/pre.sav"}])
    path = write_sav(folder / "raw" / "pre.sav", {"p1": [1.0, 2.0], "code": ["a", "b"]})
    content = bytearray(path.read_bytes())
    content[80:84] = cases  # the number of cases, after the layout code, case size, compression and weight
    path.write_bytes(content)
    try:
        assert len(responses(folder).frame) == 2
    except StudyError as error:
        assert len(error.issues) == 1


@pytest.mark.parametrize("text", NO_TEXT)
def test_what_is_no_text_is_one_sentence(tmp_path, text):
    folder = study_folder(tmp_path)
    (folder / "raw" / "pre.csv").write_bytes(b"code,p1\n" + text.encode("utf-8", errors="surrogatepass") + b",1\n")
    assert len(issues(folder)) == 1


@pytest.mark.parametrize("text", [
    "a = " + "[" * 100_000, "a = " + "{b = " * 50_000, "[" + ".".join("a" * 20_000) + "]", "a" * 2_000_000,
    'title = "\ud800"', 'title = "\\ud800"', "title = 'a\x00b'", "\ufeff\ufefftitle = 1", "title = 1\ntitle = 2",
    "[countries]\n[countries]", "seed = " + "9" * 5000, "seed = 1e99999", "title = 1979-05-27", '"" = 1', "exports = [[]]",
    "[[exports]]\n[exports]", "[countries.EE.schools.'']", "exports = 1", "countries = []", "a.b.c.d.e = 1",
])
def test_a_settings_file_that_means_harm_ends_in_sentences(tmp_path, text):
    folder = study_folder(tmp_path)
    (folder / "study.toml").write_bytes(text.encode("utf-8", errors="surrogatepass"))
    said = issues(folder)
    assert said and len(said) < 12 and all("study.toml" in one for one in said) and max(map(len, said)) < 25_000


def test_a_settings_file_with_a_byte_order_mark_is_read(tmp_path):
    folder = with_settings(tmp_path, '\ufefftitle = "x"\n' + COUNTRY + EXPORT)
    write_csv(folder / "raw" / "pre.csv", PRE)
    assert len(responses(folder).frame) == 2


@pytest.mark.parametrize(("name", "said"), [
    ("<script>", "no file's name may have < and >"), ("a/b", "no file's name may have /"),
    ("..\\a", "no file's name may have \\"),
    ("what?", "no file's name may have ?"), ("x" * 61, "at most 60 characters, found 61"), ("a\u202eb", "may have U+202E"),
    ("a\x01b", "may have U+0001"), ("con:", "no file's name may have :")])
def test_a_scale_whose_name_can_be_no_files_is_one_sentence(tmp_path, name, said):
    scales = [SCALES[0], [name, *SCALES[1][1:]], SCALES[2]]
    items = [[name if cell == "pedagogy" else cell for cell in row] for row in ITEMS]
    folder = study_folder(tmp_path, scales=scales, items=items)
    write_csv(folder / "raw" / "pre.csv", PRE)
    (one,) = issues(folder)
    assert one.startswith("codebook/scales.csv, row 2") and said in one


@pytest.mark.parametrize("text", one_each(HOSTILE))
def test_any_text_may_be_an_items_name_its_text_and_a_header(tmp_path, text):
    """Or it ends in issues: as a name for what is reserved, say."""
    items = [ITEMS[0], [text, *ITEMS[1][1:6], f"{text}?", ""], *ITEMS[2:]]
    folder = study_folder(tmp_path, items=items)
    write_csv(folder / "raw" / "pre.csv", [["code", "school", text, f"{text}?"], ["a", text, "1", "2"]])
    try:
        responses(folder)
    except StudyError as error:
        assert error.issues
    write_xlsx(folder / "raw" / "pre.xlsx", [["code"], [text[:30_000]]])
