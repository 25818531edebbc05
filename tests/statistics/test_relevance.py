from math import isnan, nan
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t

from analysis.statistics.estimate import Estimate
from analysis.statistics.relevance import minimal_detectable_change, tost_p, verdict

REFERENCE = pd.read_csv(Path(__file__).parents[1] / "reference" / "relevance.csv")
changes = st.floats(-1, 1)
errors = st.floats(0.001, 1)
dfs = st.floats(1.5, 200)
bounds = st.floats(0.01, 1)
LAW = settings(deadline=None, derandomize=True)


def with_95(low, high, df=10):
    """An estimate whose 95 % interval is low to high; its 90 % interval is 0.81 times as wide at df = 10."""
    return Estimate(estimate=(low + high) / 2, se=(high - low) / 2 / t.ppf(0.975, df), df=df)


@pytest.mark.parametrize("row", list(REFERENCE.itertuples()), ids=lambda row: f"d={row.d}")
def test_tost_and_detectable_change_agree_with_t_tests_of_r(row):
    estimate = Estimate(estimate=row.estimate, se=row.se, df=row.df)
    np.testing.assert_allclose(tost_p(estimate, row.d), row.tost_p, rtol=1e-10)
    np.testing.assert_allclose(minimal_detectable_change(estimate), row.detectable, rtol=1e-12)


@pytest.mark.parametrize("low, high, expected", [
    (0.21, 0.50, "relevant change"),
    (-0.50, -0.21, "relevant change"),
    (0.19, 0.50, "inconclusive"),
    (0.02, 0.18, "change too small to matter"),
    (-0.18, -0.02, "change too small to matter"),
    (0.01, 0.21, "change too small to matter"),
    (-0.10, 0.18, "equivalent"),
    (-0.21, 0.10, "equivalent"),
    (-0.005, 0.17, "equivalent"),
    (-0.10, 0.40, "inconclusive"),
    (-0.60, 0.60, "inconclusive"),
])
def test_the_verdict_follows_from_the_two_intervals(low, high, expected):
    assert verdict(with_95(low, high), 0.2) == expected


@pytest.mark.parametrize("estimate, smallest", [
    (Estimate(estimate=0.3, se=0.1, df=5), None),
    (Estimate(estimate=0.3, se=0.1, df=5), nan),
    (Estimate(), 0.2),
    (Estimate(estimate=0.3, df=5), 0.2),
    (Estimate(estimate=0.3, se=0.1), 0.2),
    (Estimate(estimate=0.3, se=0.0, df=5), 0.2),
])
def test_without_smallest_change_or_interval_there_is_no_verdict(estimate, smallest):
    assert verdict(estimate, smallest) == ""
    assert isnan(tost_p(estimate, smallest))


def test_without_interval_there_is_no_detectable_change():
    assert isnan(minimal_detectable_change(Estimate(estimate=0.3)))


@pytest.mark.parametrize("smallest", [0, -0.2])
def test_a_smallest_change_that_is_not_positive_is_refused(smallest):
    with pytest.raises(ValueError, match="positive"):
        verdict(Estimate(estimate=0.3, se=0.1, df=5), smallest)


@LAW
@given(changes, errors, dfs, bounds)
def test_a_change_and_its_mirror_image_get_the_same_verdict(change, se, df, d):
    assert verdict(Estimate(change, se, df), d) == verdict(Estimate(-change, se, df), d)


@LAW
@given(changes, errors, dfs, bounds)
def test_the_equivalence_test_and_the_verdict_agree(change, se, df, d):
    estimate = Estimate(change, se, df)
    p = tost_p(estimate, d)
    if abs(p - 0.05) > 1e-9:
        assert (p < 0.05) == (verdict(estimate, d) in ("equivalent", "change too small to matter"))


@LAW
@given(errors, dfs)
def test_a_change_of_the_detectable_size_is_found_in_80_percent_by_the_shifted_t_distribution(se, df):
    size = minimal_detectable_change(Estimate(estimate=0, se=se, df=df))
    threshold = t.ppf(0.975, df)
    np.testing.assert_allclose(t.sf(threshold - size / se, df), 0.80, rtol=1e-9)
