"""What a report says beside its notebook's cells: who paid, whether data are synthetic, what it was made from."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import nbformat
import pytest
from docx import Document
from nbformat import v4

from analysis.language import Language
from analysis.running.front_matter import documents_of, front_matter
from notebook_documents import document
from notebook_documents.about import KEY
from notebook_documents.blocks import blocks
from notebook_documents.shapes import TABLE_MIME, Heading, Paragraph, Table
from page import Page

FUNDING = {"statement": "Paid by the Union.", "disclaimer": "Only our view.", "emblem": "eu"}
ABOUT = {"study": "A study", "synthetic": True, "funding": FUNDING}
PROVENANCE = {
    "title": "A study", "time": "2026-05-04T03:02:01+00:00", "python": "3.11.7", "seed": 1, "digest": "d",
    "parameters": {"country": "E_E"}, "project": {"version": "0.1.0", "commit": ""}, "packages": {"numpy": "2.0.0"},
    "inputs": {"study.toml": "0123456789abcdef" * 4},
}
LITHUANIAN = '''msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

msgid "What changed"
msgstr "Kas pasikeitė"

msgid "Table"
msgstr "Lentelė"

msgid "The scales"
msgstr "Skalės"
'''


def test_the_annex_s_last_page_says_what_a_report_was_made_from():
    parts = documents_of(v4.new_notebook(cells=[v4.new_markdown_cell("# T")]), ABOUT, PROVENANCE, Language())
    heading, text, inputs, packages = blocks(parts["annex"])
    assert heading == Heading(1, "How this report was made", "how-this-report-was-made", new_page=True)
    assert isinstance(text, Paragraph) and "2026-05-04 at 03:02 UTC" in text.markdown and "country = E\\_E" in text.markdown
    assert isinstance(inputs, Table) and inputs.rows == [["study.toml", "0123456789abcdef" * 4]]
    assert packages.rows == [["numpy", "2.0.0"]]
    for part in parts.values():
        nbformat.validate(part)


def test_decisions_on_matches_are_told():
    decided = documents_of(v4.new_notebook(), ABOUT, PROVENANCE | {"linking_decisions": "0" * 64}, Language())["annex"]
    assert "decided on single links" in decided.cells[0].source


def test_report_and_annex_name_each_other_s_tables():
    def table(name: str, tags: list[str]) -> nbformat.NotebookNode:
        shown = {"headings": ["a"], "rows": [["1"]], "notes": [], "text": [0], "name": name, "subject": "A table"}
        return v4.new_code_cell("", outputs=[v4.new_output("display_data", {TABLE_MIME: shown})], metadata={"tags": tags})

    text = v4.new_markdown_cell("See @tbl-one and @tbl-two.")
    notebook = v4.new_notebook(cells=[text, table("one", []), table("two", ["annex"])])
    parts = documents_of(notebook, ABOUT, PROVENANCE, Language())
    assert blocks(parts["report"])[0].markdown == "See [Table\u00a01](#table-1) and Annex table\u00a01."


def test_documents_of_two_languages_are_made_in_one_process(tmp_path):
    (tmp_path / "lt.po").write_text(LITHUANIAN, encoding="utf-8")

    def made(code: str) -> Page:
        cells = [v4.new_markdown_cell("# T"), v4.new_code_cell("#| tbl-cap: T\n#| label: t\nx")]
        cells[1].outputs = [v4.new_output("display_data", {"text/html": "<table><tr><th>a</th></tr></table>"})]
        parts = documents_of(v4.new_notebook(cells=cells), ABOUT, PROVENANCE, Language(code, tmp_path))
        return Page(document("html", parts["report"]).decode())

    assert "Lentelė 1. T" in made("lt").text and "Table 1. T" in made("en").text


def test_a_translation_that_nobody_reviewed_and_what_it_lacks_are_told_on_the_last_page(tmp_path):
    def said(header: str) -> str:
        folder = tmp_path / header
        folder.mkdir()
        (folder / "lt.po").write_text(f"# {header}\n{LITHUANIAN}", encoding="utf-8")
        say = Language("lt", folder)
        say.missing.add("a message")
        return documents_of(v4.new_notebook(), ABOUT, PROVENANCE, say)["annex"].cells[0].source

    draft = "Its lietuvių texts are a machine-made draft, not reviewed by a native speaker."
    assert draft in said("reviewed = no") and draft not in said("reviewed = yes")
    assert "of its messages have no translation" in said("lacking")
    assert "translation" not in documents_of(v4.new_notebook(), ABOUT, PROVENANCE, Language())["annex"].cells[0].source


def test_without_funding_and_with_real_data_nothing_is_said_of_either():
    said = front_matter("A study", False, {"statement": "", "disclaimer": "", "emblem": None}, Language())
    assert said["imprint"] == {"paragraphs": []} and said["notice"] == ["", ""]


@pytest.mark.parametrize("kind", ["html", "docx", "pdf"])
def test_every_document_has_the_emblem_and_its_words(kind):
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell("# T")])
    notebook.metadata[KEY] = front_matter(**ABOUT, say=Language())
    made = document(kind, notebook)
    if kind == "html":
        (emblem,) = Page(made.decode()).all("img")
        assert base64.b64decode(emblem["src"].partition(",")[2]).decode() == notebook.metadata[KEY]["imprint"]["emblem"]
        assert emblem["alt"].startswith("Emblem of the European Union")
    elif kind == "docx":
        (shape,) = Document(io.BytesIO(made)).inline_shapes
        assert shape.width.mm == pytest.approx(27, abs=0.1) and shape.height.mm == pytest.approx(18, abs=0.1)
    else:
        assert b"Emblem of the European Union" in made or made.startswith(b"%PDF")


def test_the_emblem_is_drawn_to_its_specification():
    page = Page((Path(front_matter.__code__.co_filename).with_name("eu.svg")).read_text(encoding="utf-8"))
    _, _, width, height = map(float, page.all("svg")[0]["viewbox"].split())
    stars = [[tuple(map(float, point.split(","))) for point in star["points"].split()] for star in page.all("polygon")]
    assert width / height == 1.5 and len(stars) == 12
    for hour, star in enumerate(stars):
        tips = star[::2]
        x, y = (sum(values) / 5 for values in zip(*tips, strict=True))
        assert all(abs(((tx - x) ** 2 + (ty - y) ** 2) ** 0.5 - height / 18) < 0.01 for tx, ty in tips), hour
        assert abs(((x - width / 2) ** 2 + (y - height / 2) ** 2) ** 0.5 - height / 3) < 0.01
        assert min(star, key=lambda point: point[1])[0] == pytest.approx(x, abs=0.01)
    assert page.all("rect")[0]["fill"] == "#003399" and page.all("g")[0]["fill"] == "#FFCC00"
    assert re.search(r"<svg[^>]*xmlns=", page.source)
