"""Texts, paths and files that mean harm end in one clear sentence or in harmless output."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import xml.etree.ElementTree as ET
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pypdf
import pytest
import xlsxwriter

from analysis.cli import FORMATS
from analysis.errors import StudyError
from analysis.exports import limits, native
from analysis.formulas import STARTS, without_formulas
from analysis.study import read_study
from analysis.texts import normal, plain_number
from hostile import FORMULAS, HOSTILE, LETTERS, MARKUP, NO_TEXT
from runs import Run, analysis
from support import (
    ANSWERS,
    COUNTRY,
    EXPORT,
    ITEMS,
    PRE,
    SCALES,
    complaints,
    responses,
    study_folder,
    with_settings,
    write_csv,
    write_sav,
    write_xlsx,
)

FUNCTIONS = ("javascript:", "vbscript:", "file:", "http:", "https:", "//")


def one_each(texts) -> list[str]:
    """Texts that differ in the form in which they are compared, and say something there."""
    return list({normal(text): text for text in texts if normal(text)}.values())


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Run:
    """A run over a study whose every text means harm."""
    here = tmp_path_factory.mktemp("hostile")
    study = here / "b<i>&'study"
    texts = one_each(HOSTILE)
    scales = [SCALES[0], ["pedagogy", MARKUP[0], "", MARKUP[5], FORMULAS[0]],
              ["leadership", MARKUP[11], "", FORMULAS[6], LETTERS[10]]]
    likert = [row for row in ITEMS[1:] if row[2] == "likert"]
    asked = zip(likert, (MARKUP[1], FORMULAS[4], LETTERS[9], MARKUP[18]), strict=True)
    items = [ITEMS[0], *([*row[:6], text, ""] for row, text in asked),
             ["said", "", "choice", "said", "no", "", MARKUP[13], ""]]
    answers = [ANSWERS[0], *([*row[:3], text, ""] for row, text in zip(ANSWERS[1:7], MARKUP[:6], strict=True)),
               *(["said", f"v{n}", "", text, ""] for n, text in enumerate(texts))]
    schools = one_each([*FORMULAS, *MARKUP[:4], *LETTERS[15:]])
    draw = np.random.default_rng(1)
    for wave in ("pre", "post"):
        rows = [[f"code{n:03d}x", schools[n % len(schools)], *draw.integers(1, 6, 4), f"v{n % len(texts)}"]
                for n in range(120)]
        write_csv(study / "raw" / f"{wave}.csv", [["code", "school", "p1", "p2", "p3", "l1", "said"], *rows])
    study_folder(
        study, [{"wave": wave, "file": f"raw/{wave}.csv"} for wave in ("pre", "post")],
        scales=scales, items=items, answers=answers,
        settings=f"title = {json.dumps(MARKUP[0] + FORMULAS[0] + MARKUP[12])}\nschool_names = \"show\"\n"
                 f"[funding]\nstatement = {json.dumps(MARKUP[2])}\ndisclaimer = {json.dumps(MARKUP[11])}\n",
        countries={"EE": f"name = {json.dumps(MARKUP[0] + FORMULAS[0])}"})
    ended = analysis("run", study, "--out", here / "reports", "--to", ",".join(FORMATS), cwd=here)
    return Run(study, here / "reports" / study.name, ended.returncode, ended.stdout + ended.stderr, here)


def test_every_report_is_made_without_a_traceback(run):
    assert run.status == 0, run.output
    assert "Traceback" not in run.output and "Warning" not in run.output
    for kind in FORMATS:
        assert (run.reports / "countries" / "EE" / f"report.{kind}").exists()


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def harm_in(page: str) -> list[tuple]:
    """Elements and attributes of a page that run or load something."""
    tags = Tags()
    tags.feed(page)
    harmful = []
    for tag, attributes in tags.found:
        if tag in ("script", "iframe", "object", "embed", "base", "form", "link", "foreignobject"):
            harmful.append((tag, attributes))
        if tag == "meta" and "refresh" in str(attributes).casefold():
            harmful.append((tag, attributes))
        for name, value in attributes.items():
            loads = name in ("href", "src", "xlink:href", "srcdoc", "action", "data") and (
                name == "srcdoc" or value.strip().casefold().startswith(FUNCTIONS))
            if name.startswith("on") or loads:
                harmful.append((tag, name, value))
    return harmful


def test_no_page_runs_or_loads_anything(run):
    pages = [*run.reports.rglob("*.html"), *run.reports.rglob("*.svg")]
    assert len(pages) > 8
    for path in pages:
        page = path.read_text(encoding="utf-8")
        assert not harm_in(page), path
        assert "<script" not in page.casefold(), path


def test_the_search_for_harm_finds_it():
    for page in ("<script>1</script>", "<img src='//x'>", "<svg><a xlink:href='javascript:1'>", "<p onclick=1>",
                 "<iframe srcdoc='a'>"):
        assert harm_in(page)
    assert not harm_in("<a href='#top'><img src='data:x'></a>")


def test_the_texts_are_on_the_page_as_texts(run):
    page = (run.reports / "countries" / "EE" / "report.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_every_figure_is_well_formed(run):
    for path in run.reports.rglob("*.svg"):
        ET.parse(path)


def test_no_cell_of_a_csv_file_is_a_formula(run):
    seen = set()
    for path in run.reports.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.reader(stream):
                for cell in row:
                    runs = cell.startswith(STARTS) and plain_number(cell) is None and not is_number(cell)
                    assert not runs, (path.name, cell)
                    seen.add(cell)
    assert "'=cmd|'/c calc'!A1" in seen, "or nothing was tried"


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_no_cell_of_a_workbook_is_a_formula_or_a_link(run):
    for path in run.reports.rglob("*.xlsx"):
        book = openpyxl.load_workbook(path)
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert len(cells) > 100 and not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink], path


def test_every_part_of_a_word_document_is_well_formed_and_loads_nothing(run):
    for path in run.reports.rglob("*.docx"):
        with zipfile.ZipFile(path) as parts:
            for name in parts.namelist():
                if name.endswith((".xml", ".rels")):
                    text = parts.read(name).decode("utf-8")
                    ET.fromstring(text)
                    assert 'TargetMode="External"' not in text, name
                    fields = re.findall(r"<w:instrText[^>]*>([^<]*)", text) + re.findall(r'w:instr="([^"]*)', text)
                    loading = re.compile("DDE|INCLUDE|LINK |MACRO|IMPORT")
                    assert not [field for field in fields if loading.search(field.upper())], name


def test_a_pdf_document_runs_and_loads_nothing(run):
    for path in run.reports.rglob("*.pdf"):
        content = path.read_bytes()
        document = pypdf.PdfReader(io.BytesIO(content))
        assert document.pages[0].extract_text()
        things = [repr(document.get_object(number)) for number in range(1, int(document.trailer["/Size"]))
                  if document.get_object(number) is not None]
        assert not [thing for thing in things if re.search("/(JavaScript|JS|Launch|URI|SubmitForm|GoToR)'", thing)], path


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
    said = complaints(folder)
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
    said = complaints(folder)
    assert len(said) == 1 and re.search("leads? out of the study folder", said[0]) and name in said[0]


def test_a_link_within_the_study_folder_is_followed(tmp_path):
    folder = study_folder(tmp_path / "study")
    write_csv(folder / "raw" / "answers.csv", PRE)
    linked(folder / "raw" / "pre.csv", folder / "raw" / "answers.csv")
    assert len(responses(folder).frame) == 2


def test_links_in_a_circle_are_one_sentence(tmp_path):
    folder = study_folder(tmp_path / "study")
    linked(folder / "raw" / "pre.csv", folder / "raw" / "pre.csv")
    assert len(complaints(folder)) == 1


def test_a_template_outside_of_the_study_folder_is_one_sentence(tmp_path):
    (tmp_path / "secret.docx").touch()
    folder = study_folder(tmp_path / "study", settings='template = "../secret.docx"\n')
    write_csv(folder / "raw" / "pre.csv", PRE)
    (said,) = complaints(folder)
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
    assert complaints(folder) == [
        f"{name}: a part of the workbook is over 250 times larger than it is packed, which no survey needs; expected the "
        "survey tool's own export."]


def test_a_workbook_larger_than_the_limit_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "UNPACKED_BYTES", 2_000_000)
    folder = study_folder(tmp_path, [{"file": "raw/pre.xlsx"}])
    bomb(folder / "raw" / "pre.xlsx", "xl/media/large", 4 << 20)
    (said,) = complaints(folder)
    assert said.startswith("raw/pre.xlsx: unpacked, the workbook is larger than 2 MB")


def test_a_workbook_with_too_many_parts_is_one_sentence(tmp_path):
    folder = study_folder(tmp_path, [{"file": "raw/pre.xlsx"}])
    with zipfile.ZipFile(folder / "raw" / "pre.xlsx", "w") as packed:
        for number in range(limits.PARTS + 1):
            packed.writestr(str(number), b"")
    (said,) = complaints(folder)
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
    (said,) = complaints(folder)
    assert f"the table has {what}" in said


@pytest.mark.parametrize(("limit", "what"), [("ROWS", "3 rows, more than 2"), ("COLUMNS", "6 columns, more than 2")])
def test_a_table_larger_than_the_limit_is_one_sentence_in_every_format(tmp_path, monkeypatch, limit, what):
    monkeypatch.setattr(limits, limit, 2)
    rows = [*PRE, ["EF56", "Tartu", "1", "1", "1", "1"]]
    for kind in ("csv", "sav"):
        folder = study_folder(tmp_path / kind, [{"file": f"raw/pre.{kind}"}])
        monkeypatch.setattr("analysis.study.read_codebook", unlimited(folder, monkeypatch, limit))
        if kind == "csv":
            write_csv(folder / "raw" / "pre.csv", rows)
        else:
            columns = {name: [row[place] for row in rows[1:]] for place, name in enumerate(rows[0])}
            write_sav(folder / "raw" / "pre.sav", columns)
        said = complaints(folder)
        assert len(said) == 1 and what.split(",")[0].split()[1] in said[0] and "more than 2" in said[0]


def unlimited(folder, monkeypatch, limit):
    """The codebook, read before the limit was lowered."""
    from analysis.codebook import read_codebook

    with monkeypatch.context() as usual:
        usual.setattr(limits, limit, 10_000)
        read = read_codebook(folder)
    return lambda *arguments, **more: read


def test_a_file_larger_than_the_limit_is_one_sentence(tmp_path):
    folder = study_folder(tmp_path)
    with (folder / "raw" / "pre.csv").open("wb") as stream:
        stream.truncate(limits.FILE_BYTES + 1)
    assert complaints(folder) == [
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
        assert len(error.complaints) == 1


@pytest.mark.parametrize("text", NO_TEXT)
def test_what_is_no_text_is_one_sentence(tmp_path, text):
    folder = study_folder(tmp_path)
    (folder / "raw" / "pre.csv").write_bytes(b"code,p1\n" + text.encode("utf-8", errors="surrogatepass") + b",1\n")
    assert len(complaints(folder)) == 1


@pytest.mark.parametrize("text", [
    "a = " + "[" * 100_000, "a = " + "{b = " * 50_000, "[" + ".".join("a" * 20_000) + "]", "a" * 2_000_000,
    'title = "\ud800"', 'title = "\\ud800"', "title = 'a\x00b'", "\ufeff\ufefftitle = 1", "title = 1\ntitle = 2",
    "[countries]\n[countries]", "seed = " + "9" * 5000, "seed = 1e99999", "title = 1979-05-27", '"" = 1', "exports = [[]]",
    "[[exports]]\n[exports]", "[countries.EE.schools.'']", "exports = 1", "countries = []", "a.b.c.d.e = 1",
])
def test_a_settings_file_that_means_harm_ends_in_sentences(tmp_path, text):
    folder = study_folder(tmp_path)
    (folder / "study.toml").write_bytes(text.encode("utf-8", errors="surrogatepass"))
    said = complaints(folder)
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
    (one,) = complaints(folder)
    assert one.startswith("codebook/scales.csv, row 2") and said in one


@pytest.mark.parametrize("text", one_each(HOSTILE))
def test_any_text_may_be_an_items_name_its_text_and_a_header(tmp_path, text):
    """Or it ends in complaints: as a name for what is reserved, say."""
    items = [ITEMS[0], [text, *ITEMS[1][1:6], f"{text}?", ""], *ITEMS[2:]]
    folder = study_folder(tmp_path, items=items)
    write_csv(folder / "raw" / "pre.csv", [["code", "school", text, f"{text}?"], ["a", text, "1", "2"]])
    try:
        responses(folder)
    except StudyError as error:
        assert error.complaints
    write_xlsx(folder / "raw" / "pre.xlsx", [["code"], [text[:30_000]]])
