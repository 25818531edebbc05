"""The HTML report: readable without anything else, honest about what it shows, and safe to open."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from nbformat import v4

from analysis.documents.blocks import Figure, Heading, Paragraph, Table, blocks, cell_options
from analysis.documents.html import write_html
from analysis.report import TABLE_MIME
from runs import MARKED, SCRIPT

PNG = base64.b64encode(b"\x89PNG picture").decode()
PLAIN = {"study": "A study", "synthetic": False, "funding": None}


class Page(HTMLParser):
    """Elements with their attributes, the text of the headings, and all text."""

    def __init__(self, text: str):
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.headings: list[tuple[int, str]] = []
        self.text = ""
        self.title = ""
        self._heading = 0
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._open = tag
        if re.fullmatch("h[1-6]", tag):
            self._heading = int(tag[1])
            self.headings.append((self._heading, ""))

    def handle_endtag(self, tag):
        self._open = ""
        if re.fullmatch("h[1-6]", tag):
            self._heading = 0

    def handle_data(self, data):
        if self._open == "style":
            return
        if self._open == "title":
            self.title += data
        self.text += data
        if self._heading:
            level, text = self.headings[-1]
            self.headings[-1] = (level, text + data)

    def all(self, tag: str) -> list[dict]:
        return [attributes for name, attributes in self.elements if name == tag]


def page_of(folder) -> Page:
    return Page((folder / "report.html").read_text(encoding="utf-8"))


@pytest.fixture(scope="module", params=["countries/EE", "countries/LT", "across-countries"])
def page(tiny_run, request):
    return page_of(tiny_run.reports / request.param)


def test_a_page_needs_nothing_from_outside_and_runs_nothing(page):
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "link", "iframe", "object", "embed", "form", "base"}
    addresses = [attributes.get(name, "") for _, attributes in page.elements for name in ("src", "href", "srcset")]
    assert {address.partition(":")[0] for address in addresses if address and address[0] != "#"} <= {"data"}
    assert not [attributes for _, attributes in page.elements if any(name.startswith("on") for name in attributes)]


def test_a_page_shows_no_code(page):
    assert not [tag for tag, _ in page.elements if tag in ("pre", "code", "textarea")]
    for word in ("import ", "read_study", "report.table", "#|", "Parameters", "output_folder"):
        assert word not in page.text


def test_every_picture_is_embedded_and_described(page):
    for picture in page.all("img"):
        assert picture["src"].startswith("data:image/png;base64,") and len(picture["alt"]) > 20


def test_headings_are_one_title_and_no_level_is_skipped(page):
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(text.strip() for _, text in page.headings)


def test_links_of_the_contents_lead_to_the_headings_and_no_anchor_is_used_twice(page):
    anchors = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(anchors) == len(set(anchors))
    links = [attributes["href"].removeprefix("#") for attributes in page.all("a")]
    assert len(links) == len([level for level, _ in page.headings if level == 2])
    assert set(links) <= set(anchors)


def test_tables_and_figures_are_numbered_in_order(tiny_run):
    text = (tiny_run.reports / "countries" / "EE" / "report.html").read_text(encoding="utf-8")
    for kind in ("Table", "Figure"):
        numbers = [int(number) for number in re.findall(rf"<strong>{kind} (\d+)\.</strong>", text)]
        assert numbers == list(range(1, len(numbers) + 1)) and numbers


def test_texts_of_the_study_are_shown_as_they_are(tiny_run):
    page = page_of(tiny_run.reports / "countries" / "EE")
    assert f"{SCRIPT} Leadership" in page.text and MARKED in page.text
    assert page.headings[0] == (1, "Estonia [pilot]: A study") and page.title == "Estonia [pilot]: A study"
    assert page_of(tiny_run.reports / "countries" / "FI").headings[0] == (1, "Suomi & Åland: A study")
    index = (tiny_run.reports / "index.html").read_text(encoding="utf-8")
    assert "Suomi &amp; Åland" in index and "<script" not in index


def test_funding_and_banner_are_there_only_when_configured(tiny_run, example_run):
    plain = page_of(tiny_run.reports / "countries" / "EE")
    assert "funding" not in plain.text and "Synthetic" not in plain.text and not plain.all("svg")
    funded = page_of(example_run.reports / "countries" / "FI")
    assert "under grant agreement No 101004676." in funded.text
    assert "The Agency is not responsible for any use" in funded.text
    assert "Synthetic data." in funded.text and len(funded.all("svg")) == 1


def test_links_of_the_index_lead_to_the_reports_that_are_there(tiny_run):
    page = Page((tiny_run.reports / "index.html").read_text(encoding="utf-8"))
    links = [attributes["href"] for attributes in page.all("a")]
    assert len(links) == 8 and all((tiny_run.reports / link).is_file() for link in links)


def notebook(*cells):
    return v4.new_notebook(cells=list(cells))


def shown(data: dict, about: dict | None = None, source: str = "", **metadata):
    output = v4.new_output("display_data", data=data, metadata=about or {})
    return v4.new_code_cell(source, outputs=[output], metadata=metadata)


def test_blocks_come_in_order_and_are_numbered_once():
    table = {"headings": ["a"], "rows": [["1"]], "notes": [], "text": [0]}
    found = blocks(notebook(
        v4.new_markdown_cell("# Title\n\nText\n\n## Part"),
        shown({TABLE_MIME: table}, {TABLE_MIME: {"subject": "all"}}, "#| tbl-cap: A table\nx"),
        shown({"image/png": PNG}, {"image/png": {"alt": "A curve", "name": "curve"}}, '#| fig-cap: "A figure"'),
        shown({"text/markdown": "## Part\nMore"}),
        shown({TABLE_MIME: table}),
    ))
    assert found == [
        Heading(1, "Title", "title"), Paragraph("\nText\n"), Heading(2, "Part", "part"),
        Table(1, "A table: all", **table), Figure(1, "A figure", "A curve", b"\x89PNG picture", "curve"),
        Heading(2, "Part", "part-2"), Paragraph("More"), Table(2, "", **table),
    ]


def test_code_streams_and_hidden_cells_are_no_blocks():
    stream = v4.new_code_cell("print(1)", outputs=[v4.new_output("stream", text="1")])
    assert blocks(notebook(stream, v4.new_code_cell("x = 1"),
                           shown({"text/markdown": "hidden"}, tags=["hidden"]))) == []


def test_only_the_lines_at_the_head_of_a_cell_are_options():
    source = "#| label: fig-a\n#| fig-cap: \"One: two\"\nx = 1\n#| later: no"
    assert cell_options(source) == {"label": "fig-a", "fig-cap": "One: two"}


def test_html_in_text_tables_and_captions_is_shown_not_run(tmp_path):
    table = {"headings": [SCRIPT], "rows": [[SCRIPT]], "notes": [SCRIPT], "text": [0]}
    write_html(notebook(
        v4.new_markdown_cell(f"# {SCRIPT}\n\n{SCRIPT}\n\n[a](javascript:alert(1))"),
        shown({TABLE_MIME: table}, source=f"#| tbl-cap: {SCRIPT}"),
        shown({"image/png": PNG}, {"image/png": {"alt": f'"{SCRIPT}'}}),
    ), tmp_path / "page.html", PLAIN | {"study": SCRIPT, "funding": {"statement": SCRIPT, "disclaimer": "", "emblem": ""}})
    page = Page((tmp_path / "page.html").read_text(encoding="utf-8"))
    assert page.title == SCRIPT
    assert not page.all("script") and page.text.count(SCRIPT) == 8
    assert page.all("img")[0]["alt"] == f'"{SCRIPT}'
    assert not [link for link in page.all("a") if link["href"].startswith("javascript")]


def test_the_emblem_stands_without_a_statement(tmp_path):
    write_html(notebook(), tmp_path / "page.html", PLAIN | {"funding": {"statement": "", "disclaimer": "", "emblem": "eu"}})
    assert (tmp_path / "page.html").read_text(encoding="utf-8").count("<svg") == 1
