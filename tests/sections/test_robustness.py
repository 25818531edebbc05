"""robustness.csv: the main estimate without straight-liners, and its range with each school left out."""

import numpy as np
import pandas as pd
import pytest

from analysis.scales import straight_lined
from analysis.sections.robustness import COLUMNS
from analysis.statistics.mixed import mixed_change
from panels import country_results, random_rows
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
    table = country_results(tmp_path, *rows(1), header=HEADER, items=GRID).precise("robustness")
    assert list(table.columns) == COLUMNS
    assert set(table["method"]) == {"without_straight_liners", "each_school_left_out"}


def test_answers_that_are_all_alike_across_reversed_items_are_marked_in_their_wave_only(tmp_path):
    pre, post = rows(2, liners=6)
    panel = country_results(tmp_path, pre, post, header=HEADER, items=GRID)
    flagged = straight_lined(panel.panel)
    assert flagged["pre"]["pedagogy"].sum() == 6
    assert flagged["pre"]["leadership"].sum() == 6
    assert flagged["post"]["pedagogy"].sum() == 0


def test_without_straight_liners_is_the_main_estimate_on_the_rest(tmp_path):
    pre, post = rows(3, liners=6)
    table = country_results(tmp_path, pre, post, header=HEADER, items=GRID).precise("robustness")
    rest = teachers(pre, post, {row[0] for row in pre[:6]})
    expected = mixed_change(rest["pre"], rest["post"], pd.factorize(rest["school"])[0])
    shown = row_of(table, "without_straight_liners")
    assert shown["n"] == len(rest)
    assert shown["estimate"] == pytest.approx(expected.estimate, rel=1e-9)
    assert shown["se"] == pytest.approx(expected.se, rel=1e-9)


def test_fewer_straight_liners_than_the_minimum_repeat_the_main_estimate(tmp_path):
    results = country_results(tmp_path, *rows(4, liners=3), header=HEADER, items=GRID)
    table = results.precise("robustness")
    shown = row_of(table, "without_straight_liners")
    assert shown["estimate"] == results.precise("change")["change"].iloc[0] and "repeated" in shown["note"]


def test_schools_left_out_are_shown_as_a_range_only(tmp_path):
    pre, post = rows(5)
    table = country_results(tmp_path, pre, post, header=HEADER, items=GRID).precise("robustness")
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
    table = country_results(tmp_path, pre, post).precise("robustness")
    shown = row_of(table, "each_school_left_out")
    assert shown[["ci_low", "ci_high"]].isna().all()
    assert shown["note"]


def test_of_two_samples_that_differ_by_few_the_second_repeats_the_main_estimate(tmp_path):
    """Six straight-liners, of whom four left out an item, and two more who did: the two samples differ by four."""
    pre, post = rows(7, liners=6)
    for row in pre[:4]:
        row[7] = ""
    for row in pre[6:8]:
        row[7] = ""
    panel = country_results(tmp_path, pre, post, header=HEADER, items=GRID)
    complete = row_of(panel.precise("sensitivity"), "complete_answers_only")
    assert np.isfinite(complete["estimate"])
    shown = row_of(panel.precise("robustness"), "without_straight_liners")
    assert shown["estimate"] == row_of(panel.precise("sensitivity"), "mixed_cr2")["estimate"]
    assert "repeated" in shown["note"]


def test_the_range_with_schools_left_out_takes_enough_teachers_in_each(tmp_path):
    schools = {**dict.fromkeys("ABCDE", (8, 3, 3)), "F": (2, 1, 1)}
    table = country_results(tmp_path, *random_rows(9, schools)).precise("robustness")
    assert row_of(table, "each_school_left_out")["note"] == "small_school"
