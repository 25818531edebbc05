"""The HTML page: readable without anything else and by everyone, and safe to open."""

from __future__ import annotations

import base64
import re

import pytest
from nbformat import v4

from hostile import HOSTILE
from notebook_documents.exporters import HTMLReport
from notebook_documents.html import html_document
from notebook_documents.shapes import FIGURE_MIME, TABLE_MIME
from page import FLAG, PNG, SVG, Page, notebook, shown

SCRIPT = "<script>alert(1)</script>"
IMPRINT = {"paragraphs": ["Paid by the Union.", "Only our view."], "emblem": FLAG, "alt": "A blue flag of the Union"}
TABLE = {"headings": ["Scale", "Method", "n"], "rows": [["Vision", "one", "1"], ["", "two", "2"], ["Leading", "one", "3"]],
         "notes": ["Note. n = number.", "ᵃ Few."], "text": [0, 1]}
FIGURE = {"alt": "A curve that rises", "name": "curve", "headings": ["x", "y"], "rows": [["a", "1"]], "width": 80}


def made(*cells, **about) -> Page:
    return Page(html_document(notebook(*cells, **about)).decode())


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(sign * 2 for sign in colour[1:])
    parts = [int(digits[start:start + 2], 16) / 255 for start in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_letters_stand_out_from_every_background():
    page = made(v4.new_markdown_cell('# T'))
    colours = dict(re.findall(r"--(\w+): (#\w+)", page.source))
    backgrounds = {colours.get(name or "", colour) for name, colour in re.findall(
        r"background: (?:var\(--(\w+)\)|(#\w+))", page.source)}
    assert {"#fff", "#fff3d6", colours["band"]} <= backgrounds
    for letters in ("ink", "muted", "accent"):
        for background in backgrounds:
            light, dark = luminance(background), luminance(colours[letters])
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (letters, background)


def test_the_emblem_is_at_least_a_centimetre_high_and_has_a_name():
    page = made(imprint=IMPRINT)
    (emblem,) = page.inside("img", "header")
    assert emblem["alt"] == IMPRINT["alt"]
    assert base64.b64decode(emblem["src"].partition(",")[2]).decode() == FLAG
    heights = [float(height) for height in re.findall(r"\.emblem \{[^}]*height: ([\d.]+)cm", page.source)]
    assert heights and min(heights) >= 1


def test_notice_and_imprint_are_there_only_when_told():
    page = made(imprint=IMPRINT, notice=["Made up.", "Every answer."], subtitle="A study", language="et")
    assert "Made up. Every answer." in page.text and "Only our view." in page.text
    assert page.title == "A study" and page.all("html")[0]["lang"] == "et"
    plain = made()
    assert not plain.all("img") and not [each for _, each in plain.elements if each.get("class") in ("banner", "imprint")]


def test_the_page_speaks_the_words_it_was_given_and_english_for_the_rest():
    cells = shown({TABLE_MIME: TABLE | {"rows": []}}), shown({"image/png": PNG})
    estonian = made(*cells, words={"table": "Tabel", "nothing": "Pole midagi."})
    assert "Tabel 1" in estonian.text and "Pole midagi." in estonian.text and "Figure 1" in estonian.text
    assert "Table 1" in made(*cells).text


def test_a_reference_is_a_link_to_the_table():
    page = made(v4.new_markdown_cell("See @tbl-t."), shown({TABLE_MIME: TABLE | {"name": "t"}}))
    assert {"href": "#table-1"} in page.all("a")
    assert "table-1" in [each.get("id") for _, each in page.elements]


def test_rows_of_one_name_are_a_group_under_it():
    page = made(shown({TABLE_MIME: TABLE}, "#| tbl-cap: Methods"))
    names = [(cell["scope"], cell.get("rowspan")) for cell in page.inside("th", "tbody")]
    assert names == [("rowgroup", "2"), ("row", None)] and len(page.all("tbody")) == 2
    assert "<em>Note.</em> n = number." in page.source and page.inside("em", "main")


def test_behind_a_figure_is_a_table_of_its_numbers():
    drawn = {"image/png": PNG, "image/svg+xml": SVG}
    page = made(shown(drawn | {FIGURE_MIME: FIGURE}), shown(drawn | {FIGURE_MIME: FIGURE | {"rows": []}}))
    assert len(page.all("figure")) == 2 and len(page.all("details")) == len(page.all("summary")) == 1
    assert len(page.inside("table", "details")) == 1
    assert page.all("figure")[0]["style"] == "--mm: 80"


def test_a_picture_without_a_drawing_is_embedded_as_it_is_and_never_without_a_description():
    page = made(shown({"image/png": PNG}, "#| fig-cap: Ages"), shown({"image/png": PNG}))
    assert [picture["src"] for picture in page.all("img")] == [f"data:image/png;base64,{PNG}"] * 2
    assert [picture["alt"] for picture in page.all("img")] == ["Ages", "Figure 2"]


def test_html_in_text_tables_and_captions_is_shown_not_run():
    table = {"headings": [SCRIPT], "rows": [[SCRIPT]], "notes": [SCRIPT], "text": [0]}
    page = made(
        v4.new_markdown_cell(f"# {SCRIPT}\n\n{SCRIPT}\n\n[a](javascript:alert(1))"),
        shown({TABLE_MIME: table}, source=f"#| tbl-cap: {SCRIPT}"),
        shown({"image/png": PNG, FIGURE_MIME: {"alt": f'"{SCRIPT}'}}),
        subtitle=SCRIPT, imprint={"paragraphs": [SCRIPT]})
    assert page.title == SCRIPT
    assert not page.all("script") and page.text.count(SCRIPT) == 8
    assert page.all("img")[0]["alt"] == f'"{SCRIPT}'
    assert not [link for link in page.all("a") if link["href"].startswith("javascript")]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_makes_no_element(text):
    table = TABLE | {"headings": [text, "b", "c"], "rows": [[text, text, text]], "notes": [text]}
    figure = FIGURE | {"alt": text, "headings": [text, text], "rows": [[text, text]]}

    def elements(word):
        swap = {text: word}
        cells = [
            shown({TABLE_MIME: {key: [[swap.get(c, c) for c in row] if isinstance(row, list) else swap.get(row, row)
                                      for row in value] for key, value in table.items()} | {"subject": word}}),
            shown({"image/png": PNG, FIGURE_MIME: figure | {
                "alt": word, "subject": word, "headings": [word, word], "rows": [[word, word]]}}),
        ]
        about = {"subtitle": word, "imprint": IMPRINT | {"paragraphs": [word, word], "alt": word}, "notice": [word, word]}
        return [tag for tag, _ in made(v4.new_markdown_cell("# A title"), *cells, **about).elements]

    assert elements(text) == elements("harmless")


def test_a_researcher_s_own_notebook_becomes_a_page():
    frame = "<table><thead><tr><th></th><th>n</th></tr></thead><tbody><tr><th>a</th><td>1</td></tr></tbody></table>"
    own = v4.new_notebook(cells=[
        v4.new_markdown_cell("# Mine\n\nText with `code`, ~~old~~ and a [link](https://example.org).\n\n"
                             "| a | b | |\n|---|---|---|\n| 1 | 2 | 3 |\n\nA heading\n---------\n\n![pic](https://example.org/x.png)"),
        v4.new_markdown_cell("# Second"),
        shown({"text/html": frame, "text/plain": "n"}, "#| tbl-cap: A frame"),
        shown({"image/png": PNG, "text/plain": "<Figure>"}, "#| fig-cap: A plot\n#| fig-alt: It rises from 1 to 2"),
    ])
    text, resources = HTMLReport().from_notebook_node(own)
    page = Page(text.decode())
    assert resources["output_extension"] == ".html" and page.title == "Mine"
    assert page.headings == [(1, "Mine"), (2, "Second")]
    assert [picture["alt"] for picture in page.all("img")] == ["It rises from 1 to 2"]
    assert len(page.all("table")) == 2 and all(cell["scope"] for cell in page.all("th"))
    assert [each["aria-label"] for _, each in page.elements if each.get("aria-label", "").startswith("Table")] == [
        "Table: a, b"]
    assert "pic (https://example.org/x.png)" in page.text and not page.all("header")[0].get("class")


def test_a_title_that_begins_like_a_list_stays_a_title():
    page = made(v4.new_markdown_cell("# 2022. *Before* and after"))
    assert page.headings == [(1, "2022. Before and after")] == [(1, page.title)] and not page.all("ol")


def test_a_notebook_without_a_heading_has_a_title_all_the_same():
    assert made(v4.new_markdown_cell("only text")).headings == [(1, "Report")]
