"""Laws that every estimator of change obeys, whatever the data."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics.effect_size import d_av
from analysis.statistics.mixed import mixed_change
from analysis.statistics.paired import (
    cluster_means_t,
    matched_cr2,
    matched_t,
    partially_overlapping_t,
    wilcoxon,
)
from analysis.statistics.superiority import superiority

IN_POINTS = [mixed_change, matched_cr2, matched_t, cluster_means_t, wilcoxon, partially_overlapping_t]
MATCHED = [matched_cr2, matched_t, cluster_means_t, wilcoxon]
UNITLESS = [d_av, superiority]
given_few = settings(max_examples=12, deadline=None, derandomize=True)


@st.composite
def studies(draw):
    """Waves of 8 to 60 respondents in 1 to 7 schools; some links missing; scores on a grid or not."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    n = draw(st.integers(8, 60))
    school = rng.integers(0, draw(st.integers(1, 7)), n)
    level = 3 + rng.normal(0, draw(st.sampled_from([0.0, 0.5])), 7)[school] + rng.normal(0, 0.6, n)
    pre, post = level + rng.normal(0, 0.5, n), level + rng.normal(0.2, 0.5, n)
    if draw(st.booleans()):
        pre, post = np.round(pre, 1), np.round(post, 1)
    missing = rng.random(n)
    share = draw(st.sampled_from([0.0, 0.15, 0.3]))
    return np.where(missing < share, np.nan, pre), np.where(missing > 1 - share, np.nan, post), school


def numbers(e, names=("estimate", "se", "df", "low", "high", "p")):
    return [getattr(e, name) for name in names]


def same(a, b, rel=1e-6, abs=1e-8):
    return a == pytest.approx(b, rel=rel, abs=abs, nan_ok=True)


@pytest.mark.parametrize("method", IN_POINTS)
@given_few
@given(study=studies(), shift=st.floats(-3, 3))
def test_a_shift_of_all_later_answers_shifts_the_change(method, study, shift):
    pre, post, school = study
    plain, shifted = method(pre, post, school), method(pre, post + shift, school)
    assert same(shifted.estimate - shift, plain.estimate)
    assert same([shifted.se, shifted.df], [plain.se, plain.df])


@pytest.mark.parametrize("method", IN_POINTS)
@given_few
@given(study=studies(), shift=st.floats(-100, 100))
def test_a_shift_of_both_waves_changes_nothing(method, study, shift):
    pre, post, school = study
    assert same(numbers(method(pre + shift, post + shift, school)), numbers(method(pre, post, school)))


@pytest.mark.parametrize("method", IN_POINTS)
@given_few
@given(study=studies(), factor=st.floats(0.01, 100))
def test_a_change_of_unit_scales_the_change(method, study, factor):
    pre, post, school = study
    plain, scaled = method(pre, post, school), method(pre * factor, post * factor, school)
    points = ("estimate", "se", "low", "high")
    assert same([x / factor for x in numbers(scaled, points)], numbers(plain, points))
    assert same([scaled.df, scaled.p], [plain.df, plain.p])


@pytest.mark.parametrize("method", UNITLESS)
@given_few
@given(study=studies(), factor=st.floats(0.01, 100))
def test_unitless_measures_do_not_know_the_unit(method, study, factor):
    pre, post, school = study
    assert same(numbers(method(pre * factor, post * factor, school)), numbers(method(pre, post, school)))


@pytest.mark.parametrize("method", [*IN_POINTS, *UNITLESS])
@given_few
@given(study=studies(), seed=st.integers(0, 1000))
def test_neither_the_order_of_rows_nor_the_names_of_schools_matter(method, study, seed):
    pre, post, school = study
    rng = np.random.default_rng(seed)
    order, names = rng.permutation(len(pre)), rng.permutation(7) * 13 + 5
    renamed = method(pre[order], post[order], names[school][order])
    assert same(numbers(renamed), numbers(method(pre, post, school)))


@pytest.mark.parametrize("method", [*IN_POINTS, d_av])
@given_few
@given(study=studies())
def test_swapped_waves_flip_the_sign(method, study):
    pre, post, school = study
    there, back = method(pre, post, school), method(post, pre, school)
    assert same([-back.estimate, back.se, back.df, -back.high, -back.low, back.p], numbers(there))


@given_few
@given(study=studies())
def test_swapped_waves_turn_superiority_into_its_complement(study):
    pre, post, school = study
    there, back = superiority(pre, post, school), superiority(post, pre, school)
    assert same([1 - back.estimate, back.se, 1 - back.high, 1 - back.low, back.p],
                numbers(there, ("estimate", "se", "low", "high", "p")))


@pytest.mark.parametrize("method", MATCHED)
@given_few
@given(study=studies(), seed=st.integers(0, 1000))
def test_a_constant_per_school_in_both_waves_changes_no_matched_estimate(method, study, seed):
    pre, post, school = study
    level = np.random.default_rng(seed).normal(0, 3, 7)[school]
    assert same(numbers(method(pre + level, post + level, school)), numbers(method(pre, post, school)))


@given_few
@given(study=studies())
def test_respondents_without_an_answer_change_nothing(study):
    pre, post, school = study
    more = mixed_change(np.append(pre, np.nan), np.append(post, np.nan), np.append(school, 99))
    assert more == mixed_change(pre, post, school)
