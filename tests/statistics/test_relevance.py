from math import inf, isnan, nan
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t

from analysis.statistics.estimate import Estimate
from analysis.statistics.relevance import minimum_detectable_effect, tost_p, verdict

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
def test_tost_and_detectable_effect_agree_with_t_tests_of_r(row):
    estimate = Estimate(estimate=row.estimate, se=row.se, df=row.df)
    np.testing.assert_allclose(tost_p(estimate, row.d), row.tost_p, rtol=1e-10)
    effect = minimum_detectable_effect(estimate)
    np.testing.assert_allclose([effect.estimate, effect.low, effect.high],
                               [row.detectable, row.detectable_low, row.detectable_high], rtol=1e-12)


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


def test_without_interval_there_is_no_detectable_effect():
    effect = minimum_detectable_effect(Estimate(estimate=0.3))
    assert isnan(effect.estimate) and isnan(effect.low) and isnan(effect.high)


def test_the_fewer_degrees_of_freedom_the_wider_the_range_of_the_detectable_effect():
    few, many = (minimum_detectable_effect(Estimate(estimate=0.3, se=0.1, df=df)) for df in (3, 30))
    assert few.high / few.low > 6 and many.high / many.low < 1.7
    known = minimum_detectable_effect(Estimate(estimate=0.3, se=0.1, df=inf))
    assert known == Estimate(known.estimate, low=known.estimate, high=known.estimate)
    assert known.estimate == pytest.approx(0.28016, abs=1e-5)


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
    size = minimum_detectable_effect(Estimate(estimate=0, se=se, df=df)).estimate
    threshold = t.ppf(0.975, df)
    np.testing.assert_allclose(t.sf(threshold - size / se, df), 0.80, rtol=1e-9)
