from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics.reliability import alpha_without_each, item_rest_correlations, reliability

FOLDER = Path(__file__).parents[1] / "reference"
INPUTS = pd.read_csv(FOLDER / "reliability_inputs.csv")
TOTALS = pd.read_csv(FOLDER / "reliability.csv").set_index("scale")
ITEMS = pd.read_csv(FOLDER / "reliability_items.csv")
PROPER = [scale for scale in TOTALS.index if scale != "improper"]
LAW = settings(deadline=None, derandomize=True)


def answers(scale):
    return INPUTS[ITEMS.loc[ITEMS["scale"] == scale, "item"]].to_numpy()


def likert(seed, n=60, k=5):
    rng = np.random.default_rng(seed)
    return np.clip(np.round(3 + rng.normal(size=(n, 1)) + rng.normal(size=(n, k))), 1, 5)


@pytest.mark.parametrize("scale", TOTALS.index)
def test_alpha_and_its_interval_agree_with_psych(scale):
    got, expected = reliability(answers(scale)), TOTALS.loc[scale]
    assert (got.n, got.n_items) == (expected["n"], expected["n_items"])
    np.testing.assert_allclose([got.alpha, got.alpha_low, got.alpha_high],
                               expected[["alpha", "alpha_low", "alpha_high"]].astype(float), rtol=1e-10)


@pytest.mark.parametrize("scale", PROPER)
def test_omega_agrees_with_semtools(scale):
    np.testing.assert_allclose(reliability(answers(scale)).omega, TOTALS.loc[scale, "omega"], rtol=1e-7)


@pytest.mark.parametrize("scale", [scale for scale in PROPER if TOTALS.loc[scale, "df"] > 0])
def test_the_one_factor_model_s_fit_agrees_with_lavaan(scale):
    fit, indices = reliability(answers(scale)).fit, ["chisq", "df", "cfi", "rmsea", "srmr"]
    assert (fit.n, fit.n_items) == (TOTALS.loc[scale, "n"], TOTALS.loc[scale, "n_items"])
    np.testing.assert_allclose([getattr(fit, index) for index in indices], TOTALS.loc[scale, indices].astype(float),
                               rtol=1e-7)


def test_items_of_several_scales_together_are_not_one_factor_and_the_note_says_so():
    for scale in ("twelve", "mental"):
        got = reliability(answers(scale))
        assert got.fit.fails and got.fit.misfits == ("CFI < .90", "SRMR > .10")
        assert any("One factor does not describe these items (CFI < .90, SRMR > .10)" in said for said in got.note)
    assert not reliability(answers("extraverted")).fit.fails


def test_three_items_have_an_omega_and_no_fit():
    got = reliability(answers("visual"))
    assert np.isfinite(got.omega) and got.fit.df == 0
    assert np.isnan([got.fit.chisq, got.fit.cfi, got.fit.rmsea, got.fit.srmr]).all()
    assert not got.fit.fails and "whatever the answers" in got.fit.note[0]


def test_a_true_one_factor_model_is_rarely_said_to_fail_however_few_answered():
    """With 25 respondents and 8 items CFI alone is below .90 in a third of these."""
    fits = [reliability(likert(seed, n=25, k=8)).fit for seed in range(150)]
    assert np.mean([fit.cfi < 0.9 for fit in fits]) > 0.3
    assert np.mean([fit.fails for fit in fits]) < 0.12


@pytest.mark.parametrize("scale", TOTALS.index)
def test_item_figures_agree_with_psych(scale):
    expected = ITEMS[ITEMS["scale"] == scale]
    np.testing.assert_allclose(item_rest_correlations(answers(scale)), expected["item_rest"], rtol=1e-10)
    if len(expected) > 3:
        np.testing.assert_allclose(alpha_without_each(answers(scale)), expected["alpha_without"], rtol=1e-10)


def test_a_heywood_case_has_no_omega_but_an_alpha():
    assert TOTALS.loc["improper", "smallest_theta"] < 0
    got = reliability(answers("improper"))
    assert np.isnan(got.omega)
    assert np.isfinite(got.alpha)
    assert any("Heywood" in sentence for sentence in got.note)


def test_an_item_copied_from_another_has_no_omega():
    x = likert(3)
    got = reliability(np.column_stack([x, x[:, 0]]))
    assert np.isnan(got.omega)
    assert np.isfinite(got.alpha)


def test_an_item_that_was_not_reversed_is_reported():
    assert any("1 of 5 items run against" in sentence
               for sentence in reliability(answers("agreeable_unreversed")).note)
    assert not any("against" in sentence for sentence in reliability(answers("agreeable")).note)


def test_two_items_have_their_spearman_brown_coefficient_in_the_note():
    x = likert(5, k=2)
    r = np.corrcoef(x.T)[0, 1]
    got = reliability(x)
    assert np.isnan([got.alpha, got.alpha_low, got.alpha_high, got.omega]).all()
    assert f"{2 * r / (1 + r):.2f}" in got.note[0]
    assert np.isnan(alpha_without_each(x)).all()


@pytest.mark.parametrize("x, reason", [
    (np.empty((20, 0)), "no item"),
    (likert(1, k=1), "One item"),
    (likert(1, n=9), "Too few"),
    (likert(1, n=12, k=12), "Too few"),
    (np.full((30, 4), np.nan), "Too few"),
    (np.column_stack([likert(1), np.full(60, 4.0)]), "1 of 6 items does not vary"),
    (np.full((30, 4), 4.0), "4 of 4 items do not vary"),
])
def test_what_has_no_reliability_says_why(x, reason):
    got = reliability(x)
    assert np.isnan([got.alpha, got.alpha_low, got.alpha_high, got.omega]).all()
    assert reason in got.note[-1]


def test_items_that_cancel_out_have_no_reliability():
    x = likert(2, k=2)
    cancelling = np.column_stack([x, 6 - x])
    assert np.isnan(reliability(cancelling).alpha)


def test_an_item_that_does_not_vary_has_no_correlation_with_the_rest():
    x = np.column_stack([likert(1), np.full(60, 4.0)])
    correlations = item_rest_correlations(x)
    assert np.isnan(correlations[-1])
    np.testing.assert_allclose(correlations[:-1], item_rest_correlations(likert(1)))


def test_a_gap_leaves_the_respondent_out_and_the_note_says_so():
    x = likert(4)
    x[:3, 1] = np.nan
    got, complete = reliability(x), reliability(x[3:])
    assert got.n == 57
    assert (got.alpha, got.omega) == (complete.alpha, complete.omega)
    assert "missing answer" in got.note[0]
    assert "missing answer" not in complete.note[0]


def test_a_respondent_without_any_answer_was_not_there():
    x = likert(4)
    assert reliability(np.vstack([x, np.full((7, 5), np.nan)])) == reliability(x)


@LAW
@given(st.integers(0, 10_000), st.floats(0.1, 20), st.floats(-50, 50))
def test_the_unit_of_the_items_does_not_matter(seed, scale, shift):
    x = likert(seed)
    plain, other = reliability(x), reliability(scale * x + shift)
    np.testing.assert_allclose(other.alpha, plain.alpha, rtol=1e-8)
    np.testing.assert_allclose(other.omega, plain.omega, rtol=1e-5)


@LAW
@given(st.integers(0, 10_000), st.permutations(range(5)))
def test_the_order_of_items_and_respondents_does_not_matter(seed, order):
    x = likert(seed)
    plain, other = reliability(x), reliability(x[::-1][:, order])
    np.testing.assert_allclose(other.alpha, plain.alpha, rtol=1e-10)
    np.testing.assert_allclose(other.omega, plain.omega, rtol=1e-5)
    np.testing.assert_allclose(item_rest_correlations(x)[order], item_rest_correlations(x[:, order]))
