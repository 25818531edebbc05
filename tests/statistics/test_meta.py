from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics.meta import equal_weight_mean, leave_one_out, pool

FOLDER = Path(__file__).parents[1] / "reference"
INPUTS = pd.read_csv(FOLDER / "meta_inputs.csv")
EXPECTED = pd.read_csv(FOLDER / "meta.csv")
NUMBERS = [column for column in EXPECTED if column not in ("set", "left_out", "se_knha")]

changes = st.lists(st.tuples(st.floats(-2, 2), st.floats(0.02, 0.6)), min_size=4, max_size=9).map(np.array)
LAW = settings(deadline=None, derandomize=True)


def data(name):
    rows = INPUTS[INPUTS["set"] == name]
    return rows["y"].to_numpy(), np.sqrt(rows["v"].to_numpy())


def expected(name, left_out=0):
    return EXPECTED[(EXPECTED["set"] == name) & (EXPECTED["left_out"] == left_out)].iloc[0]


def assert_equal(pooled, row):
    got = asdict(pooled)
    if row["tau2"] < 1e-12:
        assert np.isnan([got["prediction_low"], got["prediction_high"]]).all()
    for column in NUMBERS:
        if row["tau2"] < 1e-12 and column.startswith("prediction"):
            continue
        np.testing.assert_allclose(got[column], row[column], rtol=1e-6, atol=1e-9, err_msg=column)


@pytest.mark.parametrize("name", INPUTS["set"].unique())
def test_pooling_agrees_with_metafor(name):
    assert_equal(pool(*data(name)), expected(name))


@pytest.mark.parametrize("name", EXPECTED.loc[EXPECTED["left_out"] > 0, "set"].unique())
def test_leaving_one_out_agrees_with_metafor(name):
    for position, pooled in enumerate(leave_one_out(*data(name)), start=1):
        assert_equal(pooled, expected(name, position))


def test_the_interval_is_never_narrower_than_without_hartung_knapp():
    y, se = data("alike")
    pooled = pool(y, se)
    assert expected("alike")["se_knha"] < pooled.se / 5
    np.testing.assert_allclose(pooled.se, np.sqrt(1 / np.sum(se**-2.0)), rtol=1e-12)
    assert any("closer together" in sentence for sentence in pooled.note)


def test_the_highest_of_two_maxima_of_the_likelihood_is_taken():
    y, v = np.array([0.0, 0.05, 2.0, -2.0, 1.5]), np.array([1e-4, 1e-4, 1.0, 1.0, 1.0])

    def deviance(tau2):
        w = 1 / (v + tau2)
        return np.log(v + tau2).sum() + np.log(w.sum()) + w @ (y - w @ y / w.sum()) ** 2

    grid = np.geomspace(1e-7, 20, 20000)
    values = np.array([deviance(point) for point in grid])
    minima = np.flatnonzero((values[1:-1] < values[:-2]) & (values[1:-1] < values[2:])) + 1
    assert minima.size == 2
    np.testing.assert_allclose(pool(y, np.sqrt(v)).tau2, grid[values.argmin()], rtol=2e-3)


def test_without_an_estimated_variance_there_is_no_prediction_and_the_note_says_why():
    pooled = pool(*data("alike"))
    assert pooled.tau2 == 0 and np.isnan(pooled.prediction_low)
    assert any("no prediction interval" in sentence and "5 estimates" in sentence for sentence in pooled.note)
    assert not any("prediction" in sentence for sentence in pool(*data("five")).note)


def test_an_estimate_almost_without_error_decides_the_mean():
    """It differs from a merely very precise one (which metafor can pool) by less than that one's error."""
    sharpest, sharp = pool([0.1, 0.2, 0.3, 0.4], [1e-9, 1, 1, 1]), pool(*data("one_sharp"))
    assert sharpest.estimate == pytest.approx(sharp.estimate, abs=1e-7)
    assert (sharpest.se, sharpest.tau2, sharpest.i2) == pytest.approx((1e-9, 0, 0))
    assert sharpest.q == pytest.approx(sharp.q, rel=1e-6)


@pytest.mark.parametrize("k", [0, 1, 2, 3])
def test_three_estimates_or_fewer_are_not_pooled(k):
    pooled = pool(np.linspace(0.1, 0.4, k), np.full(k, 0.1))
    numbers = {name: value for name, value in asdict(pooled).items() if isinstance(value, float)}
    assert pooled.k == k
    assert len(numbers) == 13
    assert np.isnan(list(numbers.values())).all()
    assert "orest only" in pooled.note[0]


def test_an_estimate_without_standard_error_does_not_enter_and_is_counted():
    y, se = data("five")
    pooled = pool([*y, 0.9, np.nan, 0.4], [*se, np.nan, 0.1, 0.0])
    assert_equal(pooled, expected("five"))
    assert "3 of 8" in pooled.note[0]


def test_equal_estimates_pool_to_themselves_without_variance():
    pooled = pool(np.full(5, 0.3), np.array([0.1, 0.2, 0.1, 0.3, 0.2]))
    assert pooled.estimate == pytest.approx(0.3, abs=1e-15)
    assert (pooled.tau2, pooled.tau2_low, pooled.tau2_high) == (0, 0, 0)


def test_the_equal_weight_mean_agrees_with_the_unweighted_model_of_metafor():
    row = pd.read_csv(FOLDER / "meta_equal_weights.csv").iloc[0]
    y, se = data("five")
    mean = equal_weight_mean(y, se, np.full(5, 4.0))
    np.testing.assert_allclose([mean.estimate, mean.se], [row["estimate"], row["se"]], rtol=1e-12)


def test_the_equal_weight_mean_of_two_has_the_degrees_of_freedom_of_welch():
    row = pd.read_csv(FOLDER / "meta_equal_weights.csv").iloc[0]
    mean = equal_weight_mean(
        [row["sleep_mean_1"], row["sleep_mean_2"]], [row["sleep_se_1"], row["sleep_se_2"]], [9, 9])
    np.testing.assert_allclose(mean.df, row["sleep_df"], rtol=1e-12)


def test_the_equal_weight_mean_needs_two_estimates_and_degrees_of_freedom():
    assert not equal_weight_mean([0.2, np.nan], [0.1, 0.1], [3, 3]).exists
    bare = equal_weight_mean([0.2, 0.4], [0.1, 0.1], [3, np.nan])
    assert bare.estimate == pytest.approx(0.3)
    assert np.isnan(bare.low)
    assert bare.note


@LAW
@given(changes, st.floats(-3, 3), st.floats(0.1, 10))
def test_shifting_and_scaling_all_estimates_shifts_and_scales_the_mean(rows, shift, scale):
    y, se = rows.T
    plain, moved = pool(y, se), pool(scale * (y + shift), scale * se)
    tolerance = {"rtol": 1e-6, "atol": 1e-6 * scale}
    np.testing.assert_allclose(moved.estimate, scale * (plain.estimate + shift), **tolerance)
    np.testing.assert_allclose(moved.se, scale * plain.se, **tolerance)
    np.testing.assert_allclose(moved.tau2, scale**2 * plain.tau2, rtol=1e-5, atol=1e-6 * scale**2)
    np.testing.assert_allclose(moved.tau2_high, scale**2 * plain.tau2_high, rtol=1e-5, atol=1e-6 * scale**2)


@LAW
@given(changes)
def test_the_intervals_contain_what_they_are_about(rows):
    pooled = pool(*rows.T)
    assert pooled.low < pooled.estimate < pooled.high
    if pooled.tau2:
        assert pooled.prediction_low <= pooled.low and pooled.high <= pooled.prediction_high
    assert 0 <= pooled.tau2_low <= pooled.tau2_high
    assert 0 <= pooled.i2 <= 100
