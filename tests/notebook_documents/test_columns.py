"""How wide columns are: the first way that fits, nothing cut, room shared by need."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notebook_documents.columns import POINTS_A_MM, Layout, layout
from notebook_documents.shapes import Table
from notebook_documents.typeface import ems

ITEM = "Our school has a shared idea of what digital technology is for in learning"
ROOM, SIZES, PADDING = 160, (8.5, 8.0, 7.5, 7.0), 2


def laid(table: Table) -> Layout:
    return layout(table, ROOM, SIZES, PADDING)


def table(columns: int, cell: str, first: str = "Leadership", rows: int = 3) -> Table:
    headings = ["Scale", *(f"Mean {number}" for number in range(1, columns))]
    return Table(1, "", headings, [[first, *[cell] * (columns - 1)]] * rows, [], [0])


def lines_of(text: str, width: float, size: float) -> int:
    """Lines that the words take in a column, each as long as it can be."""
    lines, line = 1, ""
    for word in text.split(" "):
        if line and ems(f"{line} {word}") * size / POINTS_A_MM > width - PADDING:
            lines, line = lines + 1, word
        else:
            line = f"{line} {word}".strip()
    return lines


@pytest.mark.parametrize(("columns", "size", "parts"), [(4, 8.5, 1), (10, 8.5, 1), (14, 7.5, 1), (30, 7.0, 3)])
def test_a_table_is_in_smaller_type_and_then_in_parts(columns, size, parts):
    chosen = laid(table(columns, "0.31"))
    assert (chosen.size, len(chosen.parts)) == (size, parts)


def test_parts_repeat_the_first_column_and_lose_none():
    parts = [columns for columns, _ in laid(table(40, "−0.31 (−0.45 to 0.17)", rows=1)).parts]
    assert len(parts) > 2 and all(columns[0] == 0 for columns in parts)
    assert [column for columns in parts for column in columns[1:]] == list(range(1, 40))


def test_numbers_stay_on_their_line_and_words_take_what_is_over():
    shown = Table(1, "", ["Item", "n", "Change (95 % CI)"], [[ITEM, "103", "−0.31 (−0.45\u00a0to\u00a00.17)"]] * 5, [], [0])
    chosen = laid(shown)
    ((_, widths),) = chosen.parts
    assert chosen.size == 8.5 and not chosen.broken
    assert [lines_of(cell, width, 8.5) for cell, width in zip(shown.rows[0], widths, strict=True)] == [1, 1, 1]
    wider = Table(1, "", shown.headings, [[f"{ITEM} {ITEM}", *shown.rows[0][1:]]], [], [0])
    ((_, widths),) = laid(wider).parts
    assert [lines_of(cell, width, 8.5) for cell, width in zip(wider.rows[0], widths, strict=True)] == [2, 1, 1]
    assert sum(widths) == pytest.approx(ROOM)


def test_intervals_of_a_column_that_is_too_narrow_all_stand_below_their_estimates():
    intervals = ["0.1 [0.0,\u00a00.2]", "−0.19 [−0.37,\u00a0−0.02]"]
    narrow = laid(Table(1, "", ["Scale"] + ["Change"] * 7, [["a"] + [text] * 7 for text in intervals], [], [0]))
    assert narrow.broken == set(range(1, 8))
    assert [narrow.cell(text, 1) for text in intervals] == [text.replace(" [", "\n[") for text in intervals]
    roomy = laid(Table(1, "", ["Scale", "Change"], [["a", text] for text in intervals], [], [0]))
    assert roomy.cell(intervals[0], 1) == intervals[0]


def test_a_name_has_room_beside_many_numbers():
    rows = [["Practices of the teaching community", *["0.21 [0.04,\u00a00.38]"] * 2, *["188"] * 7]]
    ((_, widths),) = laid(Table(1, "", ["Scale", *["Change"] * 2, *["before"] * 7], rows, [], [0])).parts
    assert widths[0] >= 26


@pytest.mark.parametrize("word", ["W" * 600, "0" * 64])
def test_a_long_word_does_not_push_the_other_columns_away(word):
    ((_, widths),) = laid(Table(1, "", ["File", "Mark"], [["a name", word]], [], [0, 1])).parts
    assert widths[0] > 10


def test_heights_tell_short_tables_and_groups_from_long_ones():
    short = laid(table(4, "1", rows=5))
    assert short.whole and short.kept(0, 5) and 4 < short.heights[0] < 6
    long = laid(table(4, "1", rows=40))
    assert not long.whole and long.kept(0, 20) and not long.kept(0, 40)
    assert laid(table(4, "1", first="word " * 2000)).heights[0] > 200


@given(st.lists(st.lists(st.text("abc 0123.,[]", max_size=30), min_size=3, max_size=3), max_size=4),
       st.integers(1, 30), st.text("ab ", max_size=200))
@settings(max_examples=60, deadline=None)
def test_no_part_of_a_table_is_wider_than_its_page_and_no_column_is_lost(rows, times, long):
    cells = [row * times for row in [*rows, [long, "", ""]]]
    chosen = laid(Table(1, "", ["one", "two", "three"] * times, cells, [], [0]))
    assert all(sum(widths) <= ROOM + 1e-6 for _, widths in chosen.parts)
    assert all(each > PADDING for _, widths in chosen.parts for each in widths)
    shown = [position for number, (positions, _) in enumerate(chosen.parts) for position in positions[1 if number else 0:]]
    assert shown == list(range(3 * times))
