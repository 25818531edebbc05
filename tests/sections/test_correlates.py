"""association.csv: linked teachers' change against what only the later survey asked."""

import numpy as np
import pytest

from analysis.disclosure.policy import Policy
from analysis.sections.correlates import COLUMNS, predictors
from analysis.statistics.multiplicity import benjamini_hochberg
from panels import country_results, random_rows
from support import ITEMS, SCALES

SCHOOLS = dict.fromkeys("ABCD", (10, 3, 3))
APPROPRIATION = [*SCALES, ["appropriation", "Knowledge appropriation", "Omaksvõtt", "own", ""]]
WITH_APPROPRIATION = [*ITEMS, ["a1", "appropriation", "likert", "agree", "no", "", "I adapted a practice", "Kohandasin"],
                      ["hours", "", "number", "", "", "", "Hours of mentoring", "Mentorlustunde"]]
HEADER = ["code", "school", "p1", "p2", "p3", "l1"]


@pytest.fixture
def made(tmp_path):
    pre, post = random_rows(1, SCHOOLS)
    rng = np.random.default_rng(1)
    post = [[*row, int(rng.integers(1, 6)), int(rng.integers(0, 20))] for row in post]
    panel = country_results(tmp_path, pre, post, post_header=[*HEADER, "a1", "hours"], scales=APPROPRIATION,
                       items=WITH_APPROPRIATION)
    return panel, pre, post


def test_predictors_are_post_only_scales_and_numbers(made):
    assert list(predictors(made[0].panel)) == ["appropriation", "hours"]


def test_the_slope_is_that_of_a_straight_line_through_linked_teachers(made):
    panel, pre, post = made
    table = panel.precise("association")
    assert list(table.columns) == COLUMNS
    before = {row[0]: row[5] for row in pre}
    linked = [row for row in post if row[0] in before]
    change = [row[5] - before[row[0]] for row in linked]
    row = table.set_index(["scale", "predictor"]).loc[("leadership", "hours")]
    assert row["n"] == len(linked)
    assert row["slope"] == pytest.approx(np.polyfit([r[7] for r in linked], change, 1)[0], rel=1e-9)
    assert row["n_schools"] == 4


def test_p_values_are_adjusted_over_the_whole_table(made):
    table = made[0].precise("association")
    np.testing.assert_allclose(table["p_adjusted"], benjamini_hochberg(table["p"].to_numpy()))


def test_without_post_only_questions_the_table_is_empty(tmp_path):
    assert country_results(tmp_path, *random_rows(2, SCHOOLS)).precise("association").empty


def test_too_few_linked_teachers_are_not_shown(tmp_path):
    pre, post = random_rows(3, {"A": (3, 9, 9)})
    post = [[*row, 3 + number % 2, number] for number, row in enumerate(post)]
    table = country_results(tmp_path, pre, post, post_header=[*HEADER, "a1", "hours"], scales=APPROPRIATION,
                         items=WITH_APPROPRIATION).precise("association")
    assert table["slope"].isna().all()
    assert table["note"].str.contains("too_few").all()


@pytest.mark.parametrize("x", [[0] * 30 + [1], [*range(30), 1000]], ids=["a lone other value", "a lone leverage"])
def test_a_slope_that_one_teacher_decides_is_not_shown(x):
    assert Policy(5).decides_alone(np.array(x, float)) and not Policy(1).decides_alone(np.array(x, float))


def test_a_spread_out_predictor_is_shown():
    assert not Policy(5).decides_alone(np.arange(30.0))
