"""A notebook as blocks: in order, numbered once, with one title and no level of headings skipped."""

from __future__ import annotations

from itertools import pairwise

import pytest
from nbformat import v4

from notebook_documents.blocks import blocks, cell_options
from notebook_documents.shapes import FIGURE_MIME, TABLE_MIME, Figure, Heading, Paragraph, Table
from page import PNG, SVG, notebook, shown

TABLE = {"headings": ["a"], "rows": [["1"]], "notes": [], "text": [0]}


def test_blocks_come_in_order_and_are_numbered_once():
    figure = {"alt": "A curve", "name": "curve", "width": 80, "headings": ["x"], "rows": [["1"]]}
    found = blocks(notebook(
        v4.new_markdown_cell("# Title\n\nText\n\n## Part"),
        shown({TABLE_MIME: TABLE | {"subject": "all"}}, "#| tbl-cap: A table\nx"),
        shown({"image/png": PNG, "image/svg+xml": SVG, FIGURE_MIME: figure}, '#| fig-cap: "A figure"'),
        shown({"text/markdown": "## Part\nMore"}),
        shown({TABLE_MIME: TABLE}),
    ))
    assert found == [
        Heading(1, "Title", "title"), Paragraph("\nText\n"), Heading(2, "Part", "part"),
        Table(1, "A table: all", **TABLE),
        Figure(1, "A figure", "A curve", b"\x89PNG picture", "curve", SVG, 80, ["x"], [["1"]]),
        Heading(2, "Part", "part-2"), Paragraph("More"), Table(2, "", **TABLE),
    ]


def test_a_plain_notebook_s_picture_has_the_caption_and_alternative_text_of_its_cell():
    (found,) = blocks(notebook(shown({"image/png": PNG}, "#| fig-cap: Ages\n#| fig-alt: Most are 40\nplot()")))
    assert found == Figure(1, "Ages", "Most are 40", b"\x89PNG picture")


def test_code_streams_and_hidden_cells_are_no_blocks():
    stream = v4.new_code_cell("print(1)", outputs=[v4.new_output("stream", text="1")])
    assert blocks(notebook(stream, v4.new_code_cell("x = 1"),
                           shown({"text/markdown": "hidden"}, tags=["hidden"]))) == []


def test_only_the_lines_at_the_head_of_a_cell_are_options():
    source = "#| label: fig-a\n#| fig-cap: \"One: two\"\nx = 1\n#| later: no"
    assert cell_options(source) == {"label": "fig-a", "fig-cap": "One: two"}


@pytest.mark.parametrize(("given", "expected"), [
    ([1, 2, 3, 2], [1, 2, 3, 2]),
    ([1, 3, 3, 4], [1, 2, 3, 4]),
    ([2, 2, 3], [1, 2, 3]),
    ([1, 2, 1, 2], [1, 2, 2, 3]),
    ([3, 6, 6, 6, 6], [1, 2, 3, 4, 4]),
])
def test_there_is_one_title_and_no_level_is_skipped(given, expected):
    cells = [v4.new_markdown_cell(f"{'#' * level} Part {number}") for number, level in enumerate(given)]
    levels = [block.level for block in blocks(notebook(*cells))]
    assert levels == expected
    assert levels.count(1) == 1 and all(after <= before + 1 for before, after in pairwise(levels))


def test_a_comment_in_a_code_example_is_no_heading():
    (found,) = blocks(notebook(v4.new_markdown_cell("```python\n# not a heading\n```")))
    assert isinstance(found, Paragraph) and "# not a heading" in found.markdown


def test_a_heading_without_words_is_none():
    assert not [block for block in blocks(notebook(v4.new_markdown_cell("##   \n\ntext"))) if isinstance(block, Heading)]


def test_a_label_in_the_text_becomes_a_link_to_what_it_names():
    refers = v4.new_markdown_cell("See @tbl-t, @fig-curve and (@fig-ages); not \\\\@tbl-t, @fig-none or a@fig-ages.")
    text, *_ = blocks(notebook(
        refers, shown({TABLE_MIME: TABLE | {"name": "t"}}), shown({"image/png": PNG}, "#| label: fig-ages"),
        shown({"image/png": PNG, FIGURE_MIME: {"name": "curve", "alt": ""}}), words={"figure": "Joonis"}))
    assert text.markdown == ("See [Table\u00a01](#table-1), [Joonis\u00a02](#figure-2) and ([Joonis\u00a01](#figure-1)); "
                             "not \\\\@tbl-t, @fig-none or a@fig-ages.")


def test_a_heading_s_anchor_is_never_that_of_a_table():
    (heading,) = blocks(notebook(v4.new_markdown_cell("# Table 1")))
    assert heading.anchor == "section-table-1"


def test_a_cell_s_tag_begins_a_page():
    cells = v4.new_markdown_cell("# A"), v4.new_markdown_cell("## B\n\n## C", metadata={"tags": ["new-page"]})
    assert [block.new_page for block in blocks(notebook(*cells))] == [False, True, False]


def test_a_captions_percent_sign_stays_with_its_number_at_the_end_of_a_line():
    figure = {"alt": "What it shows", "details": "Lines are 95 % intervals."}
    (found,) = blocks(notebook(shown({"image/png": PNG, FIGURE_MIME: figure}, "#| fig-cap: Ages")))
    assert found.caption == "Ages. Lines are 95\u00a0% intervals."
