"""Tables in Word: editable, with headings that repeat, numbers in line, and nothing cut at the margin."""

from __future__ import annotations

from lxml import etree
from word_support import NAMES, W, body, paragraphs, parts, report_notebook, style_of, table_cell, text_of

from notebook_documents.columns import layout
from notebook_documents.shapes import Table
from notebook_documents.word import word_document
from notebook_documents.word.tables import PADDING, SIZES, kept_with_next


def tables(*cells) -> list[etree._Element]:
    return styled(word_document(report_notebook(*cells)))


def styled(document):
    """The report's tables; the emblem stands in one without a style."""
    return [table for table in body(document).iter(f"{W}tbl") if table.find(f"{W}tblPr/{W}tblStyle") is not None]


def wide_cell(columns: int):
    headings = ["Scale", *(f"Heading{number}" for number in range(columns))]
    return table_cell([["A name of some length", *["−0.12345"] * columns]], headings)


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


def kept(table: Table) -> list[bool]:
    return kept_with_next(table, layout(table, 160, tuple(SIZES), PADDING))


def test_short_tables_groups_and_both_ends_stay_on_one_page():
    assert kept(Table(1, "", ["a", "b"], [["x", "1"]] * 5, [], [0])) == [True] * 4 + [False]
    grouped = kept(Table(1, "", ["a", "b"], [["x", "1"], ["", "2"], ["", "3"]] * 12, ["Note. n."], [0]))
    assert grouped[3:9] == [True, True, False] * 2 and grouped[-2:] == [True, True]
    high = kept(Table(1, "", ["a", "b"], [["x", "1"], *[["", "2"]] * 60], [], [0]))
    assert high[1:-2] == [False] * 58
    assert kept(Table(1, "", ["a"], [], [], [0])) == []


def test_a_table_too_wide_for_any_page_is_split_and_repeats_its_first_column():
    made = word_document(report_notebook(wide_cell(40)))
    found = styled(made)
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


def test_paragraphs_in_cells_have_the_table_s_own_styles():
    small = tables(wide_cell(8))[0]
    assert {style_of(each) for each in small.iter(f"{W}p")} <= {"TableText", "TableTextSmall"}
