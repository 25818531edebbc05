from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics.multiplicity import benjamini_hochberg, holm

REFERENCE = pd.read_csv(Path(__file__).parents[1] / "reference" / "multiplicity.csv")
p_values = st.lists(st.floats(0, 1), min_size=1, max_size=12).map(np.array)
LAW = settings(deadline=None, derandomize=True)


@pytest.mark.parametrize("family", REFERENCE["family"].unique())
def test_agrees_with_p_adjust_of_r(family):
    rows = REFERENCE[REFERENCE["family"] == family]
    np.testing.assert_allclose(holm(rows["p"]), rows["holm"], rtol=1e-12, atol=0)
    np.testing.assert_allclose(benjamini_hochberg(rows["p"]), rows["bh"], rtol=1e-12, atol=0)


def test_a_scale_without_p_does_not_count_in_the_family():
    adjusted = holm([0.01, np.nan, 0.02])
    np.testing.assert_allclose(adjusted, [0.02, np.nan, 0.02])


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_an_empty_or_wholly_missing_family_stays_as_it_is(adjust):
    assert adjust([]).size == 0
    assert np.isnan(adjust([np.nan, np.nan])).all()


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_a_number_that_is_no_p_value_is_refused(adjust):
    with pytest.raises(ValueError):
        adjust([0.2, 1.2])


@LAW
@given(p_values, st.randoms(use_true_random=False))
def test_order_does_not_matter(p, random):
    order = np.array(random.sample(range(p.size), p.size))
    for adjust in (holm, benjamini_hochberg):
        np.testing.assert_allclose(adjust(p[order]), adjust(p)[order])


@LAW
@given(p_values)
def test_adjusted_lies_between_p_and_bonferroni_and_bh_below_holm(p):
    by_holm, by_bh = holm(p), benjamini_hochberg(p)
    slack = 1e-12
    assert np.all(by_bh >= p - slack)
    assert np.all(by_holm >= by_bh - slack)
    assert np.all(by_holm <= np.minimum(1, p * p.size) + slack)
