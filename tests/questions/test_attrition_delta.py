"""The change if those not seen at follow-up had changed by delta points more."""

import pytest

from analysis.questions.attrition_delta import (
    DELTA_COLUMNS,
    TO_ZERO_COLUMNS,
    attrition_delta_table,
    attrition_to_zero_table,
)
from analysis.questions.change import change_table
from panels import random_rows, tiny_panel

SCHOOLS = {"A": (9, 5, 6), "B": (10, 6, 5), "C": (12, 5, 5), "D": (9, 7, 6)}


def test_the_change_shifts_by_delta_times_the_share_without_a_matched_follow_up(tmp_path):
    panel = tiny_panel(tmp_path, *random_rows(4, SCHOOLS))
    table, change = attrition_delta_table(panel), change_table(panel).set_index("scale")
    assert list(table.columns) == DELTA_COLUMNS and table["delta"].unique().tolist() == [0, -0.1, -0.2, -0.3, -0.4, -0.5]
    for row in table.itertuples():
        main = change.loc[row.scale]
        shift = row.delta * (main["n_pre"] - main["n_matched"]) / main["n_pre"]
        assert (row.change, row.ci_low, row.ci_high) == pytest.approx(
            tuple(main[["change", "ci_low", "ci_high"]] + shift), abs=1e-12)
        assert (row.se, row.df) == pytest.approx(tuple(main[["se", "df"]]))


def test_the_deltas_at_which_nothing_is_left_of_the_change_go_with_the_main_estimate(tmp_path):
    panel = tiny_panel(tmp_path, *random_rows(4, SCHOOLS))
    table, change = attrition_to_zero_table(panel), change_table(panel).set_index("scale")
    assert list(table.columns) == TO_ZERO_COLUMNS
    for row in table.itertuples():
        assert (row.n_pre, row.n_unmatched) == (63, 23)
        assert row.change == change["change"][row.scale]
        assert row.to_zero == pytest.approx(-row.change * 63 / 23)


@pytest.mark.parametrize("schools, said", [
    ({"A": (9, 1, 6), "B": (10, 1, 5)}, "fewer than 5"),
    ({"A": (9, 0, 6), "B": (10, 0, 5)}, "seen at follow-up"),
    ({"A": (2, 1, 1)}, "fewer than 5"),
])
def test_where_too_few_or_none_lack_a_follow_up_nothing_is_adjusted_and_the_note_says_why(tmp_path, schools, said):
    panel = tiny_panel(tmp_path, *random_rows(5, schools))
    assert attrition_delta_table(panel).empty
    table = attrition_to_zero_table(panel)
    assert table["to_zero"].isna().all() and table["note"].str.contains(said).all()


def test_teachers_who_gave_no_school_count_in_the_share_as_in_the_change_table(tmp_path):
    pre, post = random_rows(6, SCHOOLS)
    pre[-1][1] = ""
    panel = tiny_panel(tmp_path, pre, post)
    change = change_table(panel)
    assert attrition_to_zero_table(panel)["n_unmatched"].tolist() == (change["n_pre"] - change["n_matched"]).tolist()
