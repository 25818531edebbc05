"""robustness.csv: the main estimate without straight-liners, and its range with each school left out."""

import numpy as np
import pandas as pd
import pytest

from analysis.questions.robustness import robustness_table, straight_lined
from analysis.questions.sensitivity import SENSITIVITY_COLUMNS, sensitivity_table
from analysis.statistics.mixed import mixed_change
from panels import random_rows, tiny_panel
from support import ITEMS

SCHOOLS = dict.fromkeys("ABCDE", (8, 3, 3))
GRID = [*ITEMS[:4], ["p4", "pedagogy", "likert", "agree", "no", "", "I share material", "Jagan materjali"],
        ["p5", "pedagogy", "likert", "agree", "no", "", "I ask colleagues", "Küsin kolleegidelt"], *ITEMS[4:]]
HEADER = ["code", "school", "p1", "p2", "p3", "l1", "p4", "p5"]


def rows(seed, liners=0):
    pre, post = random_rows(seed, SCHOOLS)
    rng = np.random.default_rng(seed)
    for wave in (pre, post):
        for row in wave:
            row += [int(answer) for answer in rng.integers(1, 6, 2)]
    for row in pre[:liners]:
        row[2:] = [4] * 6
    return pre, post


def score(row):
    return np.mean([row[2], 6 - row[3], row[4], row[6], row[7]])


def teachers(pre, post, without=frozenset()):
    codes = sorted({row[0] for row in [*pre, *post]})
    before = {row[0]: score(row) for row in pre if row[0] not in without}
    after = {row[0]: score(row) for row in post}
    schools = {row[0]: row[1] for row in [*pre, *post]}
    frame = pd.DataFrame({"pre": [before.get(c, np.nan) for c in codes], "post": [after.get(c, np.nan) for c in codes],
                          "school": [schools[c] for c in codes]})
    return frame.dropna(subset=["pre", "post"], how="all")


def row_of(table, method, scale="pedagogy"):
    return table.set_index(["scale", "method"]).loc[(scale, method)]


def test_columns_and_methods_are_as_in_sensitivity(tmp_path):
    table = robustness_table(tiny_panel(tmp_path, *rows(1), header=HEADER, items=GRID))
    assert list(table.columns) == SENSITIVITY_COLUMNS
    assert set(table["method"]) == {"without_straight_liners", "each_school_left_out"}


def test_answers_that_are_all_alike_across_reversed_items_are_marked_in_their_wave_only(tmp_path):
    pre, post = rows(2, liners=6)
    panel = tiny_panel(tmp_path, pre, post, header=HEADER, items=GRID)
    flagged = straight_lined(panel)
    assert flagged["pre"]["pedagogy"].sum() == 6
    assert flagged["pre"]["leadership"].sum() == 6
    assert flagged["post"]["pedagogy"].sum() == 0


def test_without_straight_liners_is_the_main_estimate_on_the_rest(tmp_path):
    pre, post = rows(3, liners=6)
    table = robustness_table(tiny_panel(tmp_path, pre, post, header=HEADER, items=GRID))
    rest = teachers(pre, post, {row[0] for row in pre[:6]})
    expected = mixed_change(rest["pre"], rest["post"], pd.factorize(rest["school"])[0])
    shown = row_of(table, "without_straight_liners")
    assert shown["n"] == len(rest)
    assert shown["estimate"] == pytest.approx(expected.estimate, rel=1e-9)
    assert shown["se"] == pytest.approx(expected.se, rel=1e-9)
    assert "straight-liners" in shown["note"] and "6 straight" not in shown["note"]


def test_fewer_straight_liners_than_the_minimum_are_not_given_away(tmp_path):
    table = robustness_table(tiny_panel(tmp_path, *rows(4, liners=3), header=HEADER, items=GRID))
    shown = row_of(table, "without_straight_liners")
    assert np.isnan(shown["estimate"])
    assert pd.isna(shown["n"])
    assert "fewer than 5" in shown["note"]


def test_schools_left_out_are_shown_as_a_range_only(tmp_path):
    pre, post = rows(5)
    table = robustness_table(tiny_panel(tmp_path, pre, post, header=HEADER, items=GRID))
    everyone = teachers(pre, post)
    changes = []
    for school in SCHOOLS:
        rest = everyone.loc[everyone["school"] != school]
        changes.append(mixed_change(rest["pre"], rest["post"], pd.factorize(rest["school"])[0]).estimate)
    shown = row_of(table, "each_school_left_out")
    assert shown[["ci_low", "ci_high"]].tolist() == pytest.approx([min(changes), max(changes)], rel=1e-9)
    assert shown[["estimate", "se", "df", "p"]].isna().all()


def test_three_schools_are_too_few_to_leave_one_out(tmp_path):
    pre, post = random_rows(6, dict.fromkeys("ABC", (8, 3, 3)))
    table = robustness_table(tiny_panel(tmp_path, pre, post))
    shown = row_of(table, "each_school_left_out")
    assert shown[["ci_low", "ci_high"]].isna().all()
    assert shown["note"]


def test_two_samples_that_differ_by_few_are_not_both_shown(tmp_path):
    """Six straight-liners, of whom four left out an item, and two more who did: the two samples differ by four."""
    pre, post = rows(7, liners=6)
    for row in pre[:4]:
        row[7] = ""
    for row in pre[6:8]:
        row[7] = ""
    panel = tiny_panel(tmp_path, pre, post, header=HEADER, items=GRID)
    complete = row_of(sensitivity_table(panel), "complete_answers_only")
    assert np.isfinite(complete["estimate"])
    shown = row_of(robustness_table(panel), "without_straight_liners")
    assert shown[["estimate", "se", "n"]].isna().all() and "another sample" in shown["note"]


def test_how_many_straight_lined_does_not_stand_in_the_note(tmp_path):
    """With four or fewer in each survey, eight in both were four and four."""
    table = robustness_table(tiny_panel(tmp_path, *rows(8, liners=6), header=HEADER, items=GRID))
    assert "6" not in row_of(table, "without_straight_liners")["note"].partition("Without")[2]


@pytest.mark.parametrize(("alone", "shown"), [(0, False), (3, True)])
def test_where_all_are_linked_the_range_tells_two_schools_means_so_it_is_hidden_beside_a_small_one(tmp_path, alone, shown):
    schools = {**dict.fromkeys("ABCDE", (8, alone, alone)), "F": (2, alone, alone)}
    table = robustness_table(tiny_panel(tmp_path, *random_rows(9, schools)))
    assert np.isfinite(row_of(table, "each_school_left_out")["ci_low"]) == shown
