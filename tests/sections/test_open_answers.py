"""Open answers: how many, how long, which categories; small categories put together, and never a text."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.sections import open_answers
from analysis.sections.open_answers import OTHER
from analysis.sections.parts import Table
from panels import tiny_results

HEADER = ["code", "school", "p1", "comment"]
CODED = [*HEADER, "comment_code"]


def texts(folder, written):
    """The results of one survey in which the teachers wrote these texts."""
    rows = [[f"code{n:03d}", "Tartu", "3", text] for n, text in enumerate(written)]
    return tiny_results(folder, open_answers, pre=rows, header=HEADER)


def coded_results(folder, *categories, minimum=5):
    """The results of one survey; each of `categories` is one teacher's cell."""
    rows = [[f"code{n:03d}", "Tartu", "3", "Hello Ann", cell] for n, cell in enumerate(categories)]
    return tiny_results(folder, open_answers, pre=rows, header=CODED, settings=f"minimum_group = {minimum}\n")


def coded(folder, *categories, minimum=5):
    return coded_results(folder, *categories, minimum=minimum).precise("open_answer_categories")


def counts(table: pd.DataFrame) -> dict:
    return dict(zip(table["category"], table["n"], strict=True))


def test_open_answers_are_counted_with_their_share_and_a_coarse_median_length(tmp_path):
    table = texts(tmp_path, ["x" * length for length in (3, 20, 38, 44, 61, 200)] + ["", ""]).precise("open_answers")
    (row,) = table.to_dict("records")
    assert (row["item"], row["wave"], row["n"], row["share"], row["median_length"]) == ("comment", "pre", 6, 0.75, 40)
    assert row["note"] == "" and list(table.columns) == ["item", "wave", "n", "share", "median_length", "note"]


def test_a_longer_longest_answer_changes_nothing_that_is_told(tmp_path):
    short = texts(tmp_path / "a", ["x" * 40] * 6 + ["y" * 90]).precise("open_answers")
    long = texts(tmp_path / "b", ["x" * 40] * 6 + ["y" * 9000]).precise("open_answers")
    pd.testing.assert_frame_equal(short, long)


@pytest.mark.parametrize("written", [["text"] * 4, ["text"] * 4 + [""] * 20])
def test_fewer_open_answers_than_the_minimum_are_not_counted(tmp_path, written):
    (row,) = texts(tmp_path, written).precise("open_answers").to_dict("records")
    assert pd.isna(row["n"]) and pd.isna(row["share"]) and pd.isna(row["median_length"])
    assert row["note"] == "too_few(minimum=5)"


def test_that_nobody_wrote_is_told(tmp_path):
    (row,) = texts(tmp_path, [""] * 9).precise("open_answers").to_dict("records")
    assert (row["n"], row["share"], row["note"]) == (0, 0, "") and pd.isna(row["median_length"])


def test_a_study_without_open_questions_has_no_such_section(tmp_path):
    found = tiny_results(tmp_path, open_answers, pre=[["a", "Tartu", "1", "2", "3", "4"]])
    assert all(found.precise(name).empty for name in found.tables) and not list(open_answers.annex(found))


def test_uncoded_open_answers_have_no_categories(tmp_path):
    found = texts(tmp_path, ["one", "two", "three", "four", "five", "six"])
    assert found.precise("open_answer_categories").empty
    assert [block.name for block in open_answers.annex(found) if isinstance(block, Table)] == ["open-answers"]


def test_categories_count_respondents_with_shares_of_those_coded(tmp_path):
    table = coded(tmp_path, *["time"] * 4, *["time;tools"] * 2, *["tools; tools"] * 4, "", "")
    assert counts(table) == {"time": 6, "tools": 6}
    assert table["share"].tolist() == [0.6, 0.6] and set(table["note"]) == {""}


def test_small_categories_are_put_together(tmp_path):
    assert counts(coded(tmp_path, *["time"] * 9, *["noise"] * 3, *["heat"] * 2)) == {"time": 9, OTHER: 5}


def test_a_single_small_category_is_joined_by_the_next_smallest_lest_it_stands_alone(tmp_path):
    table = coded(tmp_path, *["time"] * 9, *["tools"] * 6, *["noise"] * 2)
    assert counts(table) == {"time": 9, OTHER: 8}
    assert "noise" not in table.to_csv()


def test_those_put_together_are_people_and_not_mentions(tmp_path):
    table = coded(tmp_path, *["time"] * 9, *["tools"] * 6, *["noise;heat;dust"] * 2)
    assert counts(table) == {"time": 9, OTHER: 8}


def test_a_coders_own_other_categories_are_put_with_the_small_ones(tmp_path):
    assert counts(coded(tmp_path, *["time"] * 9, *[OTHER] * 4, *["noise"] * 3)) == {"time": 9, OTHER: 7}


@pytest.mark.parametrize(("cells", "note"), [
    (["time"] * 4, "too_few(minimum=5)"),
    (["time"] * 9, "no_variation"),
    (["time"] * 9 + ["noise"], "no_variation"),
    (["a", "b", "c", "d"], "too_few(minimum=5)"),
])
def test_too_small_a_base_and_one_category_for_all_are_hidden(tmp_path, cells, note):
    (row,) = coded(tmp_path, *cells).to_dict("records")
    assert (row["category"], row["note"]) == ("", note) and pd.isna(row["n"]) and pd.isna(row["share"])


def test_no_count_that_is_shown_is_below_the_minimum(tmp_path):
    for minimum in (2, 3, 7):
        cells = [word for number, word in enumerate("abcdefgh", start=1) for _ in range(number)]
        table = coded(tmp_path / str(minimum), *cells, minimum=minimum)
        assert (table["n"] >= minimum).all() and table["n"].sum() == len(cells)


def test_small_categories_are_named_in_the_report_s_language_and_no_text_is_shown(tmp_path):
    blocks = list(open_answers.annex(coded_results(tmp_path, *["time"] * 9, *["noise"] * 3, *["heat"] * 2)))
    table = next(block for block in blocks if isinstance(block, Table) and block.name == "categories")
    assert [row[2:4] for row in table.rows] == [["time", "9"], ["other categories", "5"]]
    assert "Ann" not in str(blocks)
