from math import isnan, nan
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics.attrition import (
    standardised_mean_difference,
    standardised_share_difference,
    tipping_point,
)
from analysis.statistics.estimate import Estimate

FOLDER = Path(__file__).parents[1] / "reference"
VALUES = pd.read_csv(FOLDER / "attrition_values.csv")
MEANS = pd.read_csv(FOLDER / "attrition_means.csv").set_index("data")
SHARES = pd.read_csv(FOLDER / "attrition_shares.csv")
TIPPING = pd.read_csv(FOLDER / "attrition_tipping.csv")
points = st.lists(st.integers(1, 5).map(float), min_size=3, max_size=20)
LAW = settings(deadline=None, derandomize=True)


def group(data, which):
    return VALUES.loc[(VALUES["data"] == data) & (VALUES["group"] == which), "value"]


@pytest.mark.parametrize("data", MEANS.index)
def test_the_standardised_mean_difference_agrees_with_metafor(data):
    got = standardised_mean_difference(group(data, "left"), group(data, "stayed"))
    np.testing.assert_allclose([got.estimate, got.se, got.low, got.high], MEANS.loc[data], rtol=1e-10)
    assert isnan(got.p)


@pytest.mark.parametrize("row", list(SHARES.itertuples()))
def test_the_standardised_share_difference_agrees_with_effectsize(row):
    left = [1] * row.left_yes + [0] * row.left_no
    stayed = [1] * row.stayed_yes + [0] * row.stayed_no
    got = standardised_share_difference(left, stayed)
    np.testing.assert_allclose([got.estimate, got.low, got.high], [row.estimate, row.low, row.high],
                               rtol=1e-12)


@pytest.mark.parametrize("row", list(TIPPING.itertuples()), ids=["rise", "fall"])
def test_the_tipping_points_are_those_found_by_search(row):
    matched = Estimate(estimate=row.change, low=row.low, high=row.high, n=row.n_matched)
    got = tipping_point(matched, row.n_left)
    np.testing.assert_allclose([got.to_zero, got.interval_to_zero], [row.to_zero, row.interval_to_zero],
                               rtol=1e-10)
    assert got.note == ()


def test_missing_values_do_not_enter_a_difference():
    left, stayed = [1.0, 2.0, nan, 4.0], [3.0, nan, 4.0, 5.0]
    assert standardised_mean_difference(left, stayed) == standardised_mean_difference([1, 2, 4], [3, 4, 5])
    assert standardised_share_difference([1, 0, nan], [0, nan, 1, 1]).n == 5


@pytest.mark.parametrize("left, stayed, reason", [
    ([], [1, 2, 3], "fewer than two"),
    ([1], [1, 2, 3], "fewer than two"),
    ([nan, nan], [1, 2, 3], "fewer than two"),
    ([2, 2], [2, 2, 2], "neither group"),
    ([1, 1], [2, 2, 2], "neither group"),
])
def test_a_mean_difference_that_cannot_be_had_says_why(left, stayed, reason):
    got = standardised_mean_difference(left, stayed)
    assert isnan(got.estimate) and isnan(got.low)
    assert reason in got.note[0]


def test_a_share_in_an_empty_group_has_no_difference():
    got = standardised_share_difference([], [1, 0])
    assert isnan(got.estimate)
    assert got.note


def test_a_share_made_of_other_numbers_is_refused():
    with pytest.raises(ValueError):
        standardised_share_difference([1, 2], [0, 1])


@pytest.mark.parametrize("matched, n_left, reason", [
    (Estimate(), 5, "no matched change"),
    (Estimate(estimate=0.3, low=0.1, high=0.5, n=20), 0, "Nobody left"),
    (Estimate(estimate=0.3, n=20), 5, "no interval"),
    (Estimate(estimate=0.3, low=-0.1, high=0.7, n=20), 5, "already includes 0"),
])
def test_a_tipping_point_that_does_not_exist_says_why(matched, n_left, reason):
    got = tipping_point(matched, n_left)
    assert isnan(got.interval_to_zero)
    assert reason in got.note[0]


def test_a_change_whose_interval_includes_0_still_has_a_point_where_it_vanishes():
    assert tipping_point(Estimate(estimate=0.3, low=-0.1, high=0.7, n=20), 5).to_zero == pytest.approx(-1.2)


@LAW
@given(st.floats(0.01, 2), st.floats(0.1, 0.9), st.integers(2, 300), st.integers(1, 300))
def test_the_interval_tips_before_the_change_does_and_a_fall_mirrors_a_rise(change, part, n, n_left):
    half = change * part
    rise = tipping_point(Estimate(estimate=change, low=change - half, high=change + half, n=n), n_left)
    fall = tipping_point(Estimate(estimate=-change, low=-change - half, high=half - change, n=n), n_left)
    assert rise.to_zero < rise.interval_to_zero < 0
    assert (fall.to_zero, fall.interval_to_zero) == (-rise.to_zero, -rise.interval_to_zero)


@LAW
@given(points, points, st.floats(0.1, 10), st.floats(-20, 20))
def test_unit_does_not_matter_and_exchanged_groups_flip_the_sign(left, stayed, scale, shift):
    left, stayed = np.array(left), np.array(stayed)
    plain = standardised_mean_difference(left, stayed)
    other = standardised_mean_difference(scale * left + shift, scale * stayed + shift)
    flipped = standardised_mean_difference(stayed, left)
    np.testing.assert_allclose([other.estimate, other.se], [plain.estimate, plain.se], rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose([flipped.estimate, flipped.low], [-plain.estimate, -plain.high], rtol=1e-12)
