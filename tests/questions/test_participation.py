"""participation.csv and linking.csv."""

from __future__ import annotations

from string import ascii_uppercase

import pandas as pd

from analysis.questions.participation import linking_table, participation_table
from panels import HEADER, random_rows, tiny_panel

COLUMNS = "school n_pre n_post n_matched n_pre_only n_post_only note".split()
KINDS = "exact near ambiguous pre_only post_only duplicate_identical duplicate_conflicting no_code".split()
SHOW = 'school_names = "show"\n'
LARGE = {"Tartu": (9, 6, 7), "Rakvere": (12, 5, 8), "Õru": (6, 0, 9)}


def table_of(folder, schools=LARGE, **study):
    return participation_table(tiny_panel(folder, *random_rows(1, schools), settings=SHOW, **study))


def test_the_columns_are_the_contract_s_and_the_total_is_the_last_row(tmp_path):
    table = table_of(tmp_path)
    assert list(table.columns) == COLUMNS
    assert table["school"].tolist() == ["Rakvere", "Tartu", "Õru", ""]


def test_hidden_schools_stand_in_the_order_of_their_letters(tmp_path):
    many = {f"School {number}": (5, 5, 5) for number in range(28)}
    table = participation_table(tiny_panel(tmp_path, *random_rows(1, many)))
    assert table["school"].tolist() == [*ascii_uppercase, "AA", "AB", ""]


def test_counts_are_distinct_respondents_by_school(tmp_path):
    table = table_of(tmp_path).set_index("school")
    for school, (linked, before, after) in LARGE.items():
        assert table.loc[school, COLUMNS[1:-1]].tolist() == [
            linked + before, linked + after, linked, before, after]
    assert table.loc["", COLUMNS[1:-1]].tolist() == [38, 51, 27, 11, 24]
    assert (table["note"] == "").all()


def test_small_counts_are_empty_and_a_note_says_why(tmp_path):
    table = table_of(tmp_path, LARGE | {"Võru": (7, 2, 0)}).set_index("school")
    hidden = table.loc["Võru"]
    assert pd.isna(hidden["n_pre_only"]) and "fewer than 5" in hidden["note"]
    assert table.loc[""].notna().all() and table.loc["", "n_pre_only"] == 13
    shown = table.loc["", COLUMNS[1:-1]] - table.drop(index="")[COLUMNS[1:-1]].sum()
    assert shown["n_pre_only"] != 2, "not to be had by subtraction"


def test_who_gave_no_school_has_a_row_before_the_total(tmp_path):
    pre, post = random_rows(1, LARGE)
    for row in pre[-6:] + post[-9:]:
        row[1] = ""
    table = participation_table(tiny_panel(tmp_path, pre, post))
    assert table["school"].tolist()[-2:] == ["(not given)", ""]


def test_without_any_school_there_is_the_total_only_and_it_says_so(tmp_path):
    rows = [[row[:1] + row[2:] for row in wave] for wave in random_rows(1, LARGE)]
    table = participation_table(tiny_panel(tmp_path, *rows, header=[HEADER[0], *HEADER[2:]]))
    assert table["school"].tolist() == [""]
    assert table["note"].tolist() == ["No school is named in the surveys."]
    assert table["n_pre"].tolist() == [38]


def test_contradicting_submissions_are_not_counted_and_the_total_says_so(tmp_path):
    pre, post = random_rows(1, LARGE)
    again = [*pre[0][:2], *(6 - answer for answer in pre[0][2:])]
    total = participation_table(tiny_panel(tmp_path, [*pre, again], post)).iloc[-1]
    assert total["n_pre"] == 37
    assert total["note"] == "2 contradicting double submissions were set aside and are not counted."


def test_totals_are_shown_however_small(tmp_path):
    total = table_of(tmp_path, {"S": (1, 1, 0)}).iloc[-1]
    assert total[COLUMNS[1:-1]].tolist() == [2, 1, 1, 1, 0]


def test_without_answers_the_total_is_zero(tmp_path):
    table = participation_table(tiny_panel(tmp_path, [], []))
    assert table["school"].tolist() == [""] and table[COLUMNS[1:-1]].to_numpy().tolist() == [[0] * 5]


def test_linking_has_a_row_per_kind(tmp_path):
    pre, post = random_rows(1, LARGE)
    pre[0][0] = post[4][0] = ""
    table = linking_table(tiny_panel(tmp_path, [*pre, pre[1]], post, settings='codes = "assigned"\n'))
    assert list(table.columns) == ["kind", "n"] and table["kind"].tolist() == KINDS
    assert table["n"].tolist() == [25, 0, 0, 13, 26, 1, 0, 2]
