"""Data frames read back from the HTML that a notebook shows."""

from __future__ import annotations

import pandas as pd
import pytest

from notebook_documents.frames import table_of_html, text_columns

FRAME = pd.DataFrame({"school": ["A", "A", "B"], "wave": ["pre", "post", "pre"], "score": [1.5, 2.0, -3.0]})


@pytest.mark.parametrize(("frame", "headings", "rows"), [
    (FRAME, ["", "school", "wave", "score"],
     [["0", "A", "pre", "1.5"], ["1", "A", "post", "2.0"], ["2", "B", "pre", "-3.0"]]),
    (FRAME.groupby("school")["score"].agg(["min", "max"]), ["school", "min", "max"],
     [["A", "1.5", "2.0"], ["B", "-3.0", "-3.0"]]),
    (FRAME.set_index(["school", "wave"]), ["school", "wave", "score"],
     [["A", "pre", "1.5"], ["", "post", "2.0"], ["B", "pre", "-3.0"]]),
    (FRAME.groupby("school")[["score"]].agg(["min", "count"]), ["school", "score: min", "score: count"],
     [["A", "1.5", "2"], ["B", "-3.0", "1"]]),
    (FRAME.head(0), ["", "school", "wave", "score"], []),
])
def test_a_frame_has_its_headings_and_rows(frame, headings, rows):
    assert table_of_html(frame._repr_html_()) == (headings, rows)


def test_cells_that_are_broken_or_missing_leave_a_rectangle():
    html = '<table><tr><td colspan="x">a</td><td rowspan="9">b</td></tr><tr><td>c</td></tr><tr></tr></table>'
    assert table_of_html(html) == (["", ""], [["a", "b"], ["c", ""], ["", ""]])


@pytest.mark.parametrize("html", ["", "<p>no table</p>", "<table></table>"])
def test_without_a_table_there_is_none(html):
    assert table_of_html(html) is None


def test_columns_of_words_are_told_from_columns_of_numbers():
    rows = [["A", "pre", "1.5", "0.31 [0.12,\u00a00.50]", "<\u00a0.001"], ["B", "–", "–", "−0.1", "12 %"]]
    assert text_columns(["a", "b", "c", "d", "e"], rows) == [0, 1]
