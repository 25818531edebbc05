"""Each school's change: what the table holds, and which schools it must not show."""

import itertools

import numpy as np
import pytest

from analysis.disclosure.rules import hidden_parts
from analysis.questions.schools_change import change_by_school_table
from panels import random_rows, tiny_panel


def table(folder, schools, **study):
    return change_by_school_table(tiny_panel(folder, *random_rows(4, schools), **study))


def test_a_schools_mean_change_is_that_of_its_linked_teachers_to_two_decimals(tmp_path):
    panel = tiny_panel(tmp_path, *random_rows(4, {"One": (9, 6, 7), "Two": (8, 0, 5), "Six": (12, 5, 5)}))
    made = change_by_school_table(panel).query("scale == 'pedagogy'").set_index("school")
    changes = panel.scores["post"]["pedagogy"] - panel.scores["pre"]["pedagogy"]
    assert made["mean_change"].to_dict() == changes.groupby(panel.respondents["school"]).mean().round(2).to_dict()
    assert sorted(made["n"]) == [8, 9, 12] and made["overall"].nunique() == 1
    assert (made["ci_low"] <= made["estimate"]).all() and (made["estimate"] <= made["ci_high"]).all()


def test_schools_stand_as_letters_in_their_order_and_not_by_size_of_change(tmp_path):
    made = table(tmp_path, dict.fromkeys(("Tartu", "Rakvere", "Narva", "Valga"), (7, 6, 6)))
    assert made.query("scale == 'pedagogy'")["school"].tolist() == ["A", "B", "C", "D"]


def test_a_small_school_is_hidden_and_so_is_the_next_one_that_would_give_it_away(tmp_path):
    made = table(tmp_path, {"Big": (12, 0, 0), "Large": (11, 0, 0), "Mid": (6, 0, 0), "Wide": (9, 0, 0), "Tiny": (3, 0, 0)},
                 settings='school_names = "show"').query("scale == 'pedagogy'").set_index("school")
    hidden = made.index[made["mean_change"].isna()]
    assert "Tiny" in hidden and len(hidden) >= 2
    assert made.loc[hidden, ["n", "mean_change", "estimate", "ci_low", "ci_high", "overall"]].isna().all(axis=None)
    assert "fewer than 5" in made.loc["Tiny", "note"] and (made.loc[hidden, "note"] != "").all()


def test_without_schools_the_table_is_empty(tmp_path):
    assert table(tmp_path, {"": (12, 3, 3)}).empty


def test_with_two_schools_their_own_means_stand_alone_and_the_note_says_why(tmp_path):
    made = table(tmp_path, {"One": (9, 0, 0), "Two": (9, 0, 0)})
    assert made["mean_change"].notna().all() and made["estimate"].isna().all()
    assert made["note"].str.contains("three schools").all()


@pytest.mark.parametrize("minimum", [1, 3, 5])
def test_what_subtraction_gives_is_nothing_or_at_least_the_minimum(minimum):
    for sizes in itertools.product(range(8), repeat=4):
        hidden = hidden_parts(np.array(sizes), minimum)
        left = int(np.array(sizes)[hidden].sum())
        assert left == 0 or left >= minimum or hidden[np.array(sizes) > 0].all()
        assert not [n for n, gone in zip(sizes, hidden, strict=True) if 0 < n < minimum and not gone]
        if min((n for n in sizes if n), default=minimum) >= minimum:
            assert not hidden.any()


def test_parts_hidden_elsewhere_stay_hidden():
    assert hidden_parts(np.array([9, 8, 7]), 5, np.array([False, True, False])).tolist() == [False, True, False]
