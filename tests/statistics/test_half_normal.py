from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics.half_normal import pool_half_normal
from analysis.statistics.meta import pool

FOLDER = Path(__file__).parents[1] / "reference"
INPUTS = pd.read_csv(FOLDER / "meta_inputs.csv")
EXPECTED = pd.read_csv(FOLDER / "meta_half_normal.csv")
EIGHT_SCHOOLS = ([28.39, 7.94, -2.75, 6.82, -0.64, 0.63, 18.01, 12.16], [14.9, 10.2, 16.3, 11.0, 9.4, 11.4, 10.4, 17.6])
NUMBERS = list(EXPECTED.columns[2:])
changes = st.lists(st.tuples(st.floats(-2, 2), st.floats(0.02, 0.6)), min_size=4, max_size=9).map(np.array)
LAW = settings(deadline=None, derandomize=True, max_examples=50)


def data(name):
    if name == "eight_schools":
        return EIGHT_SCHOOLS
    rows = INPUTS[INPUTS["set"] == name]
    return rows["y"].to_numpy(), np.sqrt(rows["v"].to_numpy())


def numbers(pooled):
    return np.array([getattr(pooled, name) for name in NUMBERS])


@pytest.mark.parametrize("row", list(EXPECTED.itertuples()), ids=lambda row: f"{row.set}-{row.scale}")
def test_the_posterior_is_that_integrated_by_r(row):
    got = pool_half_normal(*data(row.set), row.scale)
    np.testing.assert_allclose(numbers(got), [getattr(row, name) for name in NUMBERS], rtol=1e-8)


def test_a_prior_that_allows_no_difference_gives_the_inverse_variance_mean_with_the_normal_interval():
    y, se = data("alike")
    got = pool_half_normal(y, se, 1e-6)
    mean, error = np.average(y, weights=se**-2.0), np.sum(se**-2.0) ** -0.5
    assert (got.estimate, got.low, got.high) == pytest.approx((mean, mean - 1.959964 * error, mean + 1.959964 * error))
    assert got.tau_high < 3e-6


def test_where_tau_is_estimated_as_0_the_posterior_still_allows_for_differences():
    got, reml = pool_half_normal(*data("alike"), 0.3), pool(*data("alike"))
    assert reml.tau2 == 0 and got.tau > 0
    assert got.prediction_high - got.prediction_low > 1.5 * (got.high - got.low)


@pytest.mark.parametrize("k", [0, 1, 2, 3])
def test_three_estimates_or_fewer_are_not_pooled(k):
    got = pool_half_normal(np.linspace(0.1, 0.4, k), np.full(k, 0.1), 0.3)
    assert got.k == k and np.isnan(numbers(got)).all()
    assert "orest only" in got.note[0]


def test_an_estimate_without_standard_error_does_not_enter_and_is_counted():
    y, se = data("five")
    got = pool_half_normal([*y, 0.9, np.nan], [*se, np.nan, 0.1], 0.3)
    np.testing.assert_array_equal(numbers(got), numbers(pool_half_normal(y, se, 0.3)))
    assert "2 of 7" in got.note[0]


@pytest.mark.parametrize("scale", [0, -1, np.nan, np.inf])
def test_a_scale_that_is_not_positive_is_refused(scale):
    with pytest.raises(ValueError, match="positive"):
        pool_half_normal(*data("five"), scale)


def test_a_prior_far_too_narrow_for_the_estimates_is_noted():
    assert any("scale is too small" in sentence for sentence in pool_half_normal(*data("wide_tau2"), 0.3).note)
    assert not pool_half_normal(*data("five"), 0.3).note


def test_an_estimate_almost_without_error_leaves_every_number_finite():
    assert np.isfinite(numbers(pool_half_normal([0.1, 0.2, 0.3, 0.4], [1e-9, 1, 1, 1], 0.3))).all()


@LAW
@given(changes, st.floats(-3, 3), st.floats(0.1, 10))
def test_shifting_and_scaling_all_estimates_and_the_prior_shifts_and_scales_the_posterior(rows, shift, scale):
    y, se = rows.T
    plain = asdict(pool_half_normal(y, se, 0.3))
    moved = asdict(pool_half_normal(scale * (y + shift), scale * se, scale * 0.3))
    for name in NUMBERS:
        expected = scale * (plain[name] + (0 if name.startswith("tau") else shift))
        np.testing.assert_allclose(moved[name], expected, rtol=1e-8, atol=1e-8 * scale, err_msg=name)


@LAW
@given(changes)
def test_the_intervals_contain_what_they_are_about(rows):
    got = pool_half_normal(*rows.T, 0.3)
    assert got.prediction_low < got.low < got.estimate < got.high < got.prediction_high
    assert 0 < got.tau_low < got.tau < got.tau_high
