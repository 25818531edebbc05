"""How tables are set in the PDF: the first way that fits, and always within the margins."""

from __future__ import annotations

import pytest
from pdf_support import PDF, ink_in_margins, notebook_of, pictures_of, table_cell

from analysis.documents.shapes import Table
from analysis.documents.table_layout import (
    PARTS_SIZE,
    TEXT_WIDTH,
    TURNED_WIDTH,
    Layout,
    layout,
    row_groups,
)
from analysis.documents.typeface import ems

ITEM = "Our school has a shared idea of what digital technology is for in learning"


def table(columns: int, cell: str, first: str = "Leadership", rows: int = 3) -> Table:
    headings = ["Scale", *(f"Mean {number}" for number in range(1, columns))]
    return Table(1, "", headings, [[first, *[cell] * (columns - 1)]] * rows, [], [0])


def taken(chosen: Layout) -> list[float]:
    return [sum(part.widths) + chosen.gap * (len(part.columns) - 1) for part in chosen.parts]


def lines_of(text: str, width: float, size: float) -> int:
    """Lines that the words take in a column, each as long as it can be."""
    lines, line = 1, ""
    for word in text.split(" "):
        if line and ems(f"{line} {word}") * size > width:
            lines, line = lines + 1, word
        else:
            line = f"{line} {word}".strip()
    return lines


@pytest.mark.parametrize(("columns", "cell", "turned", "parts"), [
    (4, "0.31", False, 1), (10, "0.31", False, 1), (13, "0.31", False, 1), (16, "10 000.31", True, 1),
    (30, "0.31", False, 3),
])
def test_a_table_is_upright_then_smaller_then_turned_then_in_parts(columns, cell, turned, parts):
    chosen = layout(table(columns, cell))
    assert (chosen.turned, len(chosen.parts)) == (turned, parts)
    room = TURNED_WIDTH if turned else TEXT_WIDTH
    assert all(width <= room + 0.01 for width in taken(chosen))


def test_type_is_no_smaller_than_seven_points_and_larger_where_it_can_be():
    sizes = [layout(table(columns, "0.31")).size for columns in range(2, 30)]
    assert sizes[0] == 8.5 and min(sizes) >= 7.0
    assert layout(table(6, "0.31", ITEM)).size == 8.5


def test_parts_repeat_the_first_column_and_lose_none():
    chosen = layout(table(40, "−0.31 (−0.45 to 0.17)", rows=1))
    assert len(chosen.parts) > 2 and chosen.size == PARTS_SIZE
    assert all(part.columns[0] == 0 for part in chosen.parts)
    assert [column for part in chosen.parts for column in part.columns[1:]] == list(range(1, 40))


def test_words_are_not_broken_where_there_is_room_and_numbers_stay_on_their_line():
    shown = Table(1, "", ["Item", "n", "Change (95 % CI)"], [[ITEM, "103", "−0.31 (−0.45\u00a0to\u00a00.17)"]] * 5, [], [0])
    chosen = layout(shown)
    widths = chosen.parts[0].widths
    assert all(lines_of(cell, width, chosen.size) == 1 for cell, width in zip(shown.rows[0][1:], widths[1:], strict=True))
    assert lines_of(ITEM, widths[0], chosen.size) <= 2
    assert "\u200b" not in "".join(line for row in chosen.rows for cell in row for line in cell.lines)


def test_numbers_of_a_column_that_is_too_narrow_are_all_broken_alike():
    intervals = ["0.1 [0.0, 0.2]", "−0.19 [−0.37, −0.02]"]
    narrow = layout(Table(1, "", ["Scale"] + ["Change"] * 7, [["a"] + [text] * 7 for text in intervals], [], [0]))
    assert {len(cell.lines) for row in narrow.rows for cell in row[1:]} == {2}
    roomy = layout(Table(1, "", ["Scale", "Change"], [["a", text] for text in intervals], [], [0]))
    assert {len(cell.lines) for row in roomy.rows for cell in row} == {1}


def test_every_word_fits_its_column():
    shown = Table(1, "", ["A very longheadingindeed", "n", "What was said"],
                  [["Täydennyskoulutusmahdollisuudet", "12", "word " * 40],
                   ["მასწავლებელთა თანამშრომლობა", "3", "a/b" * 90]], [], [0, 2])
    chosen = layout(shown)
    (part,) = chosen.parts
    for row in (chosen.headings, *chosen.rows):
        for cell, width in zip(row, part.widths, strict=True):
            pieces = [piece for line in cell.lines for word in line.split(" ") for piece in word.split("\u200b")]
            assert max(ems(piece) for piece in pieces) * chosen.size <= width + 0.01


def test_a_name_stands_for_the_rows_below_it_without_one():
    rows = [["a", "1"], ["", "2"], ["", "3"], ["b", "4"], ["c", "5"], ["", "6"]]
    assert row_groups(layout(Table(1, "", ["x", "y"], rows, [], [0]))) == [3, 0, 0, 1, 2, 0]
    assert row_groups(layout(Table(1, "", ["x", "y"], rows, [], []))) == [1] * 6, "a number left out is no name"
    assert row_groups(layout(Table(1, "", ["x", "y"], [["", "1"], ["a", "2"]], [], [0]))) == [1, 1]
    assert row_groups(layout(Table(1, "", ["x", "y"], [["a", "1"], *[["", "2"]] * 30], [], [0]))) == [1] * 31
    assert row_groups(layout(Table(1, "", ["x"], [], [], [0]))) == []


def test_hashes_may_break_and_take_little_room():
    chosen = layout(Table(1, "", ["File", "SHA-256"], [["raw/pre.csv", "0123456789abcdef" * 4]], [], [0, 1]))
    assert chosen.rows[0][1].mono and "\u200b" in chosen.rows[0][1].lines[0]
    assert not chosen.rows[0][0].mono and not chosen.turned


@pytest.fixture(scope="module")
def long_and_wide():
    long = table_cell(["Item", "n", "Mean"], [[f"{ITEM} {row}", str(row), "3.21"] for row in range(1, 121)],
                      notes=["Note. Long."], caption="Long")
    wide = table_cell(["Scale", *(f"Mean{number}" for number in range(40))],
                      [["Leadership", *(f"{row}.{column:02}" for column in range(40))] for row in range(8)],
                      caption="Wide")
    turned = table_cell(["Scale", *(f"Mean{number}" for number in range(15))], [["A", *["10\u00a0000.31"] * 15]] * 40,
                        caption="Turned")
    grouped = table_cell(["Scale", "Method", "n"], [["Leadership" if row % 8 == 0 else "", f"method {row}", "1"]
                                                    for row in range(120)], text=(0, 1), caption="Grouped")
    return notebook_of(long, wide, turned, grouped)


@pytest.fixture(scope="module")
def long_and_wide_pdf(long_and_wide):
    return PDF(long_and_wide)


def test_nothing_of_long_and_wide_tables_runs_over_the_margin(long_and_wide, tmp_path):
    pages = pictures_of(long_and_wide, tmp_path)
    assert not [number for number, page in enumerate(pages, start=1) if ink_in_margins(page)]
    assert (297, 210) in [page.size for page in pages]


def test_a_long_table_repeats_its_head_on_each_page_and_is_one_table(long_and_wide_pdf):
    pages = [text for text in long_and_wide_pdf.texts if ITEM in " ".join(text.split())]
    assert len(pages) >= 3 and all("Item" in text and "Mean" in text for text in pages)
    first = long_and_wide_pdf.tags.all("Table")[0]
    assert len(first.all("THead")) == 1 and len(first.all("TBody")[0].all("TR")) == 120


def test_parts_of_a_wide_table_say_so_and_lose_no_number(long_and_wide_pdf):
    text = long_and_wide_pdf.text
    assert "Table 2. Wide" in text and "Table 2, further columns. Wide" in text
    numbers = {f"{row}.{column:02}" for row in range(8) for column in range(40)}
    assert numbers <= set(text.split())


def test_rows_that_belong_together_stay_on_one_page(long_and_wide_pdf):
    pages = [text for text in long_and_wide_pdf.texts if "method" in text]
    assert len(pages) > 1
    for page in pages:
        numbers = [int(word) for before, word in zip(page.split(), page.split()[1:], strict=False) if before == "method"]
        assert numbers[0] % 8 == 0 and numbers[-1] % 8 == 7


def test_a_row_higher_than_a_page_breaks_instead_of_running_out_of_it(tmp_path):
    notebook = notebook_of(table_cell(["a", "b"], [["x", "words " * 2500], ["y", "short"]], text=(0, 1)))
    assert not any(map(ink_in_margins, pictures_of(notebook, tmp_path)))
    assert PDF(notebook).text.split().count("words") == 2500


def test_a_table_without_columns_or_rows_is_no_failure():
    pdf = PDF(notebook_of(table_cell([], [], text=()), table_cell(["Scale", "n"], [], caption="Nobody")))
    assert "Nobody" in pdf.text and len(pdf.tags.all("Table")) == 1
