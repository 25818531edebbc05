"""A study whose every text means harm makes reports that run nothing, load nothing and are well formed."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from html.parser import HTMLParser

import numpy as np
import openpyxl
import pypdf
import pytest

from analysis.cli import FORMATS
from analysis.disclosure.formulas import STARTS
from analysis.texts import normal, plain_number
from here import run_here
from hostile import FORMULAS, HOSTILE, LETTERS, MARKUP
from runs import Run
from support import ANSWERS, ITEMS, SCALES, study_folder, write_csv

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
    return run_here(study, here / "reports", "--to", ",".join(FORMATS))


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


def test_no_cell_of_a_workbook_is_a_formula_or_a_link_out_of_it(run):
    for path in run.reports.rglob("*.xlsx"):
        book = openpyxl.load_workbook(path)
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert len(cells) > 100 and not [cell for cell in cells if cell.data_type == "f"], path
        assert not [cell for cell in cells if cell.hyperlink and cell.hyperlink.target], path


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
