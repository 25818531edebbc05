"""The deliverable: the study's reports as one Word document, each figure, table, method and reference once."""

from __future__ import annotations

import io
import re
import shutil
from itertools import pairwise

import nbformat
import pytest
from click.testing import CliRunner
from docx import Document

from analysis.cli import main
from analysis.errors import StudyError
from analysis.running import deliverable
from analysis.running.deliverable import write_deliverable
from analysis.running.front_matter import ANNEX
from analysis.running.reports import Result
from analysis.sections.methods import REFERENCES
from analysis.study.folder import read_study
from notebook_documents.blocks import blocks
from notebook_documents.shapes import Figure, Table

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PLACES = ("across-countries", "countries/EE", "countries/FI", "countries/LT")


@pytest.fixture
def reports(tiny_run, tmp_path):
    """A copy of the tiny study's reports."""
    return shutil.copytree(tiny_run.reports, tmp_path / "out" / tiny_run.study.name)


@pytest.fixture(scope="module")
def made(tiny_run, tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    shutil.copytree(tiny_run.reports, out / tiny_run.study.name)
    path, kept = write_deliverable(read_study(tiny_run.study), out, "en", 1)
    assert (path, kept) == (out / tiny_run.study.name / "deliverable.docx", None)
    return Document(path)


def headings(document) -> list[tuple[int, str]]:
    return [(int(one.style.name[-1]), one.text) for one in document.paragraphs if one.style.name.startswith("Heading ")]


def captions(document) -> list[str]:
    return [one.text for one in document.paragraphs if one.style.name == "Caption"]


def main_blocks(reports, place: str) -> list:
    """The blocks of a report without those of its annex."""
    notebook = nbformat.read(reports / place / "notebook.ipynb", as_version=4)
    notebook.cells = [cell for cell in notebook.cells if ANNEX not in cell.metadata.get("tags", [])]
    return blocks(notebook)


def test_each_report_is_a_chapter_and_methods_and_references_stand_once_at_the_end(made):
    found = headings(made)
    assert [text for level, text in found if level == 1] == [
        "Across countries", "Estonia [pilot]", "Suomi & Åland", "Lithuania", "Methods", "References"]
    assert [text for level, text in found if level == 2].count("In brief") == 4
    assert all(after <= before + 1 for (before, _), (after, _) in pairwise(found))
    (title,) = (one.text for one in made.paragraphs if one.style.name == "Title")
    assert title == "A study" and not [text for _level, text in found if text.startswith("Estonia [pilot]: ")]


def test_every_figure_and_table_of_the_main_reports_stands_there_once_numbered_through(made, tiny_run):
    shown = [block for place in PLACES for block in main_blocks(tiny_run.reports, place)]
    for kind, word in ((Figure, "Figure"), (Table, "Table")):
        numbers = [int(found[1]) for text in captions(made) if (found := re.match(rf"{word}\s(\d+)\.", text))]
        assert numbers == list(range(1, sum(isinstance(block, kind) for block in shown) + 1)) and len(numbers) > 3
    assert len(made.inline_shapes) == sum(isinstance(block, Figure) for block in shown)
    assert len([text for text in captions(made) if "Suomi & Åland: " in text]) == len(
        [block for block in main_blocks(tiny_run.reports, "countries/FI") if isinstance(block, Figure | Table)])


def test_a_chapter_refers_to_its_own_figures_and_names_its_annex_s(made):
    body = made.element.body
    marks = [each.get(f"{W}name") for each in body.iter(f"{W}bookmarkStart")]
    assert len(marks) == len(set(marks))
    targets = re.findall(r"(?:REF|PAGEREF) (\S+)", " ".join(each.text for each in body.iter(f"{W}instrText")))
    targets += [each.get(f"{W}anchor") for each in body.iter(f"{W}hyperlink") if each.get(f"{W}anchor")]
    assert targets and set(targets) <= set(marks)
    text = "\n".join("".join(one.itertext()) for one in body.iter(f"{W}p"))
    assert not re.search(r"@(fig|tbl)-", text) and "Annex table\u00a0" in text
    chapter, number = "", {}
    for one in made.paragraphs:
        chapter = one.text if one.style.name == "Heading 1" else chapter
        if one.style.name == "Caption" and "Figure" in one.text and one.text.endswith("clear change"):
            number.setdefault(chapter, re.search(r"\d+", one.text)[0])
    for country in ("Estonia [pilot]", "Suomi & Åland"):
        assert f"Figure {number[country]} shows the primary scales" in text.replace("\u00a0", " ")


def test_methods_and_references_are_the_union_of_the_reports_each_once(made, tiny_run):
    own = [one.text for one in made.paragraphs]
    methods = own[own.index("Methods", own.index("Limitations")) + 1:]
    assert len(methods) == len(set(methods))
    cited = {text for text in methods if text in REFERENCES.values()}
    for place in PLACES:
        notebook = nbformat.read(tiny_run.reports / place / "notebook.ipynb", as_version=4)
        said = [output["data"]["text/markdown"] for cell in notebook.cells if cell.source.startswith(deliverable.METHODS)
                for output in cell.outputs]
        references = {line.removeprefix("- ") for text in said for line in text.split("\n") if line.startswith("- ")}
        assert references and references <= cited
    assert methods.index("References") < min(methods.index(text) for text in cited)
    assert sum(text.startswith("To protect respondents, classes") for text in own) == 1


def test_a_document_that_somebody_edited_is_kept_and_one_that_nobody_did_is_replaced(tiny_run, reports):
    study, path = read_study(tiny_run.study), reports / "deliverable.docx"
    for _time in range(2):
        assert write_deliverable(study, reports.parent, "en", 1) == (path, None)
    path.write_bytes(b"with remarks")
    _path, kept = write_deliverable(study, reports.parent, "en", 1)
    assert kept.parent == reports and re.fullmatch(r"deliverable \(edited \d{4}-\d\d-\d\d\)\.docx", kept.name)
    assert kept.read_bytes() == b"with remarks" and headings(Document(path))


def test_reports_that_are_missing_or_not_current_are_refused_in_one_sentence(tiny_run, reports):
    shutil.rmtree(reports / "countries" / "FI")
    (reports / "across-countries" / "tables" / "pooled.csv").write_text("altered", encoding="utf-8")
    with pytest.raises(StudyError) as refused:
        write_deliverable(read_study(tiny_run.study), reports.parent, "en", 1)
    (issue,) = refused.value.issues
    assert str(issue) == (f"no current report of Across countries and Suomi & Åland in “{reports.parent}”; "
                          "run “analysis run” first.")
    assert not (reports / "deliverable.docx").exists()


def test_in_another_language_the_notebooks_are_run_anew_and_lie_beside_no_report(tiny_run, reports, monkeypatch):
    def pretended(specs, jobs, force, on_step):
        for one in specs:
            assert (one.languages, one.parameters["language"], one.keeps_precise) == (("et",), "et", False)
            shutil.copytree(reports / next(place for place in PLACES if place.endswith(one.key)), one.folder)
        return [Result(one.key, one.name, "made") for one in specs]

    monkeypatch.setattr(deliverable, "run_reports", pretended)
    before = {path for path in reports.rglob("*") if path.is_file()}
    ended = CliRunner().invoke(main, ["deliverable", str(tiny_run.study), "--language", "et", "--out", str(reports.parent)])
    assert ended.exit_code == 0 and "deliverable.et.docx" in ended.output.replace("\n", "")
    document = Document(io.BytesIO((reports / "deliverable.et.docx").read_bytes()))
    outer = [text for level, text in headings(document) if level == 1]
    assert outer[0] == "Riigid kokku" and outer[-2:] == ["Meetodid", "Kirjandus"]
    new = {path.name for path in reports.rglob("*") if path.is_file() and path not in before}
    assert new == {"deliverable.et.docx", ".deliverable.et.docx.sha256"}
