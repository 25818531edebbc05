"""Tables in Word: editable, with headings that repeat, numbers in line, and nothing cut at the margin."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from nbformat.v4 import new_markdown_cell
from word_support import NAMES, W, body, paragraphs, parts, report_notebook, style_of, table_cell, text_of

from analysis.documents.shapes import Table
from analysis.documents.word import word_document
from analysis.documents.word.tables import stays_with_next
from analysis.documents.word.widths import fit

TWIPS_A_MM = 1440 / 25.4
UPRIGHT, TURNED, PADDING = 160, 250, 2


def tables(*cells) -> list[etree._Element]:
    return list(body(word_document(report_notebook(*cells))).iter(f"{W}tbl"))


def wide_cell(columns: int):
    headings = ["Scale", *(f"Heading{number}" for number in range(columns))]
    return table_cell([["A name of some length", *["−0.12345"] * columns]], headings)


def directions(made: etree._Element) -> list[str]:
    return [each.find(f"{W}pgSz").get(f"{W}orient", "portrait") for each in made.iter(f"{W}sectPr")]


def width(table: etree._Element) -> float:
    return sum(int(each.get(f"{W}w")) for each in table.iter(f"{W}gridCol")) / TWIPS_A_MM


def test_the_first_row_is_a_heading_that_repeats_and_no_row_breaks_over_pages():
    table = tables(table_cell([["a", "1"], ["b", "2"]], ["Name", "n"]))[0]
    rows = table.findall(f"{W}tr")
    assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True, False, False]
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
    assert table.find(f"{W}tblPr/{W}tblLook").get(f"{W}firstRow") == "1"


def test_a_row_taller_than_a_page_may_break():
    rows = tables(table_cell([["word " * 2000]], ["Name"]))[0].findall(f"{W}tr")
    assert rows[1].find(f"{W}trPr/{W}cantSplit") is None


def test_numbers_end_at_the_right_and_words_begin_at_the_left():
    rows = tables(table_cell([["a", "1", "x"]], ["Name", "n", "Note"], text=(0, 2)))[0].findall(f"{W}tr")
    for row in rows:
        sides = [each.find(f"{W}p/{W}pPr/{W}jc") for each in row.findall(f"{W}tc")]
        assert [each.get(f"{W}val") if each is not None else "" for each in sides] == ["", "right", ""]


def test_the_style_has_no_vertical_rules_and_rules_above_and_below():
    made = etree.fromstring(parts(word_document(report_notebook()))["word/styles.xml"])
    style = made.xpath("w:style[w:name/@w:val='Report Table']", namespaces=NAMES)[0]
    edges = {etree.QName(each).localname for borders in style.iter(f"{W}tblBorders", f"{W}tcBorders") for each in borders}
    assert edges == {"top", "bottom"}


def test_tables_have_words_for_those_who_do_not_see_them():
    properties = tables(table_cell([["a", "1"]], ["Name", "n"], caption="What was counted"))[0].find(f"{W}tblPr")
    assert properties.find(f"{W}tblCaption").get(f"{W}val") == "What was counted"
    assert properties.find(f"{W}tblDescription").get(f"{W}val") == "1 rows; columns: Name, n"


def test_notes_follow_in_their_own_style_with_raised_marks():
    made = word_document(report_notebook(table_cell([["aᵃ"]], ["b"], notes=["Note. All.", "ᵃ Few."])))
    assert [text for style, text in paragraphs(made) if style == "Table Note"] == ["Note. All.", "a Few."]
    raised = body(made).xpath("//w:r[w:rPr/w:vertAlign[@w:val='superscript']]", namespaces=NAMES)
    assert [text_of(each) for each in raised] == ["a", "a"]


def test_short_tables_groups_and_both_ends_stay_on_one_page():
    short = Table(1, "", ["a", "b"], [["x", "1"]] * 5, [], [0])
    assert [stays_with_next(short, row) for row in range(5)] == [True] * 4 + [False]
    grouped = Table(1, "", ["a", "b"], [["x", "1"], ["", "2"], ["", "3"]] * 6, ["Note. n."], [0])
    assert [stays_with_next(grouped, row) for row in range(3, 9)] == [True, True, False] * 2
    assert stays_with_next(grouped, 17)


def test_a_table_too_wide_for_the_page_stands_on_a_turned_one_and_text_on_upright_ones_again():
    cells = [new_markdown_cell("# T\n\n## Before"), wide_cell(11), new_markdown_cell("## After\n\nText")]
    made = body(word_document(report_notebook(*cells)))
    assert directions(made) == ["portrait", "landscape", "portrait"]
    assert UPRIGHT < width(next(made.iter(f"{W}tbl"))) <= 251
    holder = [each for each in made if each.find(f"{W}pPr/{W}sectPr") is not None]
    between = list(made)[list(made).index(holder[0]) + 1:list(made).index(holder[1]) + 1]
    assert text_of(between[0]) == "Before"  # the heading goes with its table
    assert any(each.tag == f"{W}tbl" for each in between)
    assert not any(text_of(each) == "After" for each in between)


def test_a_document_that_ends_with_a_wide_table_has_no_empty_page_behind_it():
    made = body(word_document(report_notebook(new_markdown_cell("# T\n\nText"), wide_cell(11))))
    assert directions(made) == ["portrait", "landscape"]


def test_a_table_too_wide_for_any_page_is_split_and_repeats_its_first_column():
    made = word_document(report_notebook(wide_cell(40)))
    found = list(body(made).iter(f"{W}tbl"))
    assert len(found) > 1
    heads = [[text_of(cell) for cell in table.find(f"{W}tr").findall(f"{W}tc")] for table in found]
    assert all(head[0] == "Scale" for head in heads)
    assert [name for head in heads for name in head[1:]] == [f"Heading{n}" for n in range(40)]
    assert [text for style, text in paragraphs(made) if style == "Table Note" and text] == [
        "Table 1, further columns"] * (len(found) - 1)


def test_intervals_break_before_the_bracket_in_all_rows_where_one_does_not_fit():
    headings = ["Scale", *["Change [95 % CI]"] * 6]
    rows = [["A scale of a long name", *["0.10 [−0.12,\u00a00.34]"] * 6], ["B", *["0.1 [0,\u00a01]"] * 6]]
    table = tables(table_cell(rows, headings))[0]
    cells = [[[text_of(line) for line in cell.findall(f"{W}p")] for cell in row.findall(f"{W}tc")]
             for row in table.findall(f"{W}tr")[1:]]
    assert cells[0][1] == ["0.10", "[−0.12,\u00a00.34]"]
    assert cells[1][1] == ["0.1", "[0,\u00a01]"]


@given(st.lists(st.lists(st.text("abc 0123.,[]", max_size=30), min_size=3, max_size=3), max_size=4),
       st.integers(1, 30), st.text("ab ", max_size=200))
@settings(max_examples=60, deadline=None)
def test_no_part_of_a_table_is_wider_than_its_page_and_no_column_is_lost(rows, times, long):
    table = Table(1, "", ["one", "two", "three"] * times, [row * times for row in rows] + [[long, "", ""] * times], [], [0])
    laid = fit(table, UPRIGHT, TURNED, (8.5, 7.5), PADDING)
    room = TURNED if laid.turned else UPRIGHT
    assert all(sum(widths) <= room + 1e-6 for _, widths in laid.parts)
    assert all(each > PADDING for _, widths in laid.parts for each in widths)
    shown = [position for number, (positions, _) in enumerate(laid.parts) for position in positions[1 if number else 0:]]
    assert shown == list(range(3 * times))


@pytest.mark.parametrize("word", ["W" * 600, "0" * 64])
def test_a_long_word_does_not_push_the_other_columns_away(word):
    table = Table(1, "", ["File", "Mark"], [["a name", word]], [], [0, 1])
    laid = fit(table, UPRIGHT, TURNED, (8.5, 7.5), PADDING)
    assert not laid.turned
    assert laid.parts[0][1][0] > 10


def test_paragraphs_in_cells_have_the_table_s_own_styles():
    small = tables(wide_cell(8))[0]
    assert {style_of(each) for each in small.iter(f"{W}p")} <= {"TableText", "TableTextSmall"}
