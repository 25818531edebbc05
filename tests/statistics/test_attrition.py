from math import isnan, nan
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics.attrition import (
    delta_adjustment,
    standardised_mean_difference,
    standardised_share_difference,
)
from analysis.statistics.estimate import Estimate
from analysis.statistics.mixed import mixed_change

FOLDER = Path(__file__).parents[1] / "reference"
VALUES = pd.read_csv(FOLDER / "attrition_values.csv")
MEANS = pd.read_csv(FOLDER / "attrition_means.csv").set_index("data")
SHARES = pd.read_csv(FOLDER / "attrition_shares.csv")
CLOSED_FORM = pd.read_csv(FOLDER / "attrition_closed_form.csv")
IMPUTED = pd.read_csv(FOLDER / "attrition_delta.csv")
ANSWERS = pd.read_csv(FOLDER / "change_data.csv")
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


@pytest.mark.parametrize("row", list(CLOSED_FORM.itertuples()), ids=["rise", "fall"])
def test_a_matched_change_reaches_0_at_the_deltas_found_by_search(row):
    matched = Estimate(estimate=row.change, low=row.low, high=row.high, n_matched=row.n_matched,
                       n_pre=row.n_matched + row.n_left)
    got = delta_adjustment(matched)
    np.testing.assert_allclose([got.to_zero, got.interval_to_zero], [row.to_zero, row.interval_to_zero], rtol=1e-10)
    assert got.note == ()


@pytest.mark.parametrize("name", IMPUTED["set"].unique())
def test_the_change_shifts_with_delta_as_it_does_by_multiple_imputation(name):
    answers, imputed = ANSWERS[ANSWERS["set"] == name], IMPUTED[IMPUTED["set"] == name].set_index("delta")
    main = mixed_change(answers["pre"], answers["post"], answers["school"].astype(int))
    got = delta_adjustment(main, imputed.index)
    assert (main.n_pre, main.n_matched) == tuple(imputed[["n_pre", "n_matched"]].iloc[0])
    shift = np.array([estimate.estimate - main.estimate for estimate in got.adjusted.values()])
    np.testing.assert_allclose(shift, imputed["estimate"] - imputed["estimate"][0.0], rtol=1e-6)
    np.testing.assert_allclose(imputed["se"], imputed["se"][0.0], rtol=0.04)  # it hardly depends on delta: it is kept


@pytest.mark.parametrize("name", IMPUTED["set"].unique())
def test_with_those_seen_only_at_follow_up_imputation_gives_the_main_estimate_and_a_rather_smaller_shift(name):
    answers, imputed = ANSWERS[ANSWERS["set"] == name], IMPUTED[IMPUTED["set"] == name].set_index("delta")
    main = mixed_change(answers["pre"], answers["post"], answers["school"].astype(int))
    assert abs(imputed["estimate_all"][0.0] - main.estimate) < 0.06 * main.se
    shift = (imputed["estimate_all"] - imputed["estimate_all"][0.0])[-0.5]
    share = delta_adjustment(main).share
    assert -0.5 * share < shift < -0.5 * share * main.n_pre / main.n


def test_a_delta_leaves_standard_error_and_df_and_moves_the_interval():
    main = Estimate(n_pre=20, n_matched=15).with_t_interval(0.3, 0.01, 5)
    got = delta_adjustment(main, [0, -0.4]).adjusted
    assert (got[0].estimate, got[0].low, got[0].high) == (main.estimate, main.low, main.high)
    assert (got[-0.4].estimate, got[-0.4].se, got[-0.4].df) == (pytest.approx(0.2), main.se, main.df)
    assert got[-0.4].low == pytest.approx(main.low - 0.1) and isnan(got[-0.4].p)


def test_missing_values_do_not_enter_a_difference():
    left, stayed = [1.0, 2.0, nan, 4.0], [3.0, nan, 4.0, 5.0]
    assert standardised_mean_difference(left, stayed) == standardised_mean_difference([1, 2, 4], [3, 4, 5])
    assert standardised_share_difference([1, 0, nan], [0, nan, 1, 1]).n == 5


@pytest.mark.parametrize("left, stayed, reason", [
    ([], [1, 2, 3], "few_values"),
    ([1], [1, 2, 3], "few_values"),
    ([nan, nan], [1, 2, 3], "few_values"),
    ([2, 2], [2, 2, 2], "constant_groups"),
    ([1, 1], [2, 2, 2], "constant_groups"),
])
def test_a_mean_difference_that_cannot_be_had_says_why(left, stayed, reason):
    got = standardised_mean_difference(left, stayed)
    assert isnan(got.estimate) and isnan(got.low)
    assert [str(one) for one in got.note] == [reason]


def test_a_share_in_an_empty_group_has_no_difference():
    got = standardised_share_difference([], [1, 0])
    assert isnan(got.estimate)
    assert [str(one) for one in got.note] == ["few_values"]


def test_a_share_made_of_other_numbers_is_refused():
    with pytest.raises(ValueError):
        standardised_share_difference([1, 2], [0, 1])


@pytest.mark.parametrize("change, reason", [
    (Estimate(n_pre=25, n_matched=20), "no_change"),
    (Estimate(estimate=0.3, low=0.1, high=0.5, n_pre=20, n_matched=20), "all_seen"),
    (Estimate(estimate=0.3, n_pre=25, n_matched=20), "no_interval"),
    (Estimate(estimate=0.3, low=-0.1, high=0.7, n_pre=25, n_matched=20), "includes_zero"),
])
def test_a_delta_that_does_not_exist_says_why(change, reason):
    got = delta_adjustment(change)
    assert isnan(got.interval_to_zero)
    assert [str(one) for one in got.note] == [reason]


def test_a_change_whose_interval_includes_0_still_has_a_delta_where_it_vanishes():
    change = Estimate(estimate=0.3, low=-0.1, high=0.7, n_pre=25, n_matched=20)
    assert delta_adjustment(change).to_zero == pytest.approx(-1.5)


@LAW
@given(st.floats(0.01, 2), st.floats(0.01, 0.4), st.integers(3, 60), st.integers(1, 300), st.integers(1, 300))
def test_at_the_deltas_found_the_estimate_and_the_nearer_limit_are_0(change, part, df, n_matched, n_left):
    counts = Estimate(n_pre=n_matched + n_left, n_matched=n_matched)
    for sign in (1, -1):
        main = counts.with_t_interval(sign * change, (part * change / 4) ** 2, df)
        found = delta_adjustment(main)
        at = delta_adjustment(main, [found.to_zero, found.interval_to_zero]).adjusted
        assert at[found.to_zero].estimate == pytest.approx(0, abs=1e-12)
        limit = at[found.interval_to_zero].low if sign > 0 else at[found.interval_to_zero].high
        assert limit == pytest.approx(0, abs=1e-12)
        assert sign * found.to_zero < sign * found.interval_to_zero < 0


@LAW
@given(points, points, st.floats(0.1, 10), st.floats(-20, 20))
def test_unit_does_not_matter_and_exchanged_groups_flip_the_sign(left, stayed, scale, shift):
    left, stayed = np.array(left), np.array(stayed)
    plain = standardised_mean_difference(left, stayed)
    other = standardised_mean_difference(scale * left + shift, scale * stayed + shift)
    flipped = standardised_mean_difference(stayed, left)
    np.testing.assert_allclose([other.estimate, other.se], [plain.estimate, plain.se], rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose([flipped.estimate, flipped.low], [-plain.estimate, -plain.high], rtol=1e-12)
