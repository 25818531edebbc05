"""The policy: who stays in a sample, what is joined, how far numbers are rounded."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from analysis.disclosure.policy import Policy, as_published

FIVE, PUBLIC = Policy(5), Policy(1)
MANY, FEW = 40, 12


def groups(*sizes: int) -> np.ndarray:
    """Columns of disjoint groups."""
    return np.repeat(np.eye(len(sizes), dtype=bool), sizes, axis=0)


@pytest.mark.parametrize(("number", "enough", "small"), [
    (0, False, False), (1, False, True), (4, False, True), (5, True, False)])
def test_a_base_is_enough_from_the_minimum_on_and_nobody_is_no_small_group(number, enough, small):
    assert (FIVE.enough(number), bool(FIVE.small(number))) == (enough, small)
    assert not PUBLIC.small(number)


def test_who_is_in_a_small_group_leaves_the_sample():
    assert FIVE.kept(groups(10, 4, 5)).tolist() == [True] * 10 + [False] * 4 + [True] * 5
    assert PUBLIC.kept(groups(10, 4, 5)).all()


def test_a_group_that_becomes_small_as_others_leave_leaves_too():
    overlapping = np.zeros((16, 2), bool)
    overlapping[:4, 0] = overlapping[2:8, 1] = True
    assert FIVE.kept(overlapping).tolist() == [False] * 8 + [True] * 8, "6 less the 2 of the small group are 4"


@pytest.mark.parametrize(("counts", "base", "shown"), [
    ([3, 4], 7, True), ([3, 1], 4, False), ([7, 0], 7, False), ([7, 7], 7, True)])
def test_counts_are_shown_on_a_large_base_unless_all_gave_one_answer(counts, base, shown):
    assert FIVE.shows(counts, base) is shown and PUBLIC.shows(counts, base)


def test_answers_single_out_where_a_few_gave_one_of_them():
    assert FIVE.singles_out(np.array([1] * 9 + [2] * 4))
    assert not FIVE.singles_out(np.array([1] * 9 + [2] * 5 + [np.nan]))
    assert not PUBLIC.singles_out(np.array([1, 2]))


@pytest.mark.parametrize(("sizes", "joined"), [
    ([8, 9, 20], []), ([8, 3, 9], [0, 1]), ([20, 1, 1, 6], [0, 1, 2]), ([6, 2, 30], [0, 1, 2]), ([3, 2], [0, 1]),
    ([0, 4, 9], [1, 2])])
def test_small_schools_are_joined_with_the_first_of_the_others_until_any_sizes_are_possible(sizes, joined):
    assert np.flatnonzero(FIVE.joined(np.array(sizes))).tolist() == joined
    assert not PUBLIC.joined(np.array(sizes)).any()


@pytest.mark.parametrize(("sizes", "made"), [
    ([8, 9], [8, 9]), ([8, 3, 9, 2], [5, 8, 9]), ([3, 3, 3, 9], [9, 9]), ([2, 9, 7], [9, 9]), ([2, 2], [4])])
def test_clusters_hold_enough_and_nobody_is_lost(sizes, made):
    cluster = FIVE.clusters(np.repeat(np.arange(len(sizes)), sizes))
    assert sorted(np.unique(cluster, return_counts=True)[1]) == made
    alone = np.repeat(np.arange(len(sizes)), sizes)
    assert (PUBLIC.clusters(alone) == alone).all() and FIVE.clusters(None) is None


def test_a_suppressed_cell_has_another_to_cover_it_and_zero_counts_as_small():
    assert FIVE.suppressed(np.array([8, 3, 9])).tolist() == [True, True, False]
    assert FIVE.suppressed(np.array([9, 0, 9])).tolist() == [True, True, False]
    assert not FIVE.suppressed(np.array([8, 7, 9])).any() and not FIVE.suppressed(np.zeros(3)).any()
    assert not PUBLIC.suppressed(np.array([8, 1])).any()


def test_schools_speak_where_each_has_enough():
    assert FIVE.schools_speak(np.repeat([0, 1], [5, 6])) and FIVE.schools_speak(None)
    assert not FIVE.schools_speak(np.repeat([0, 1], [4, 6])) and PUBLIC.schools_speak(np.array([0, 1]))


def rounded(policy: Policy, **columns) -> dict:
    return policy.rounded(pd.DataFrame([columns])).iloc[0].to_dict()


def test_numbers_have_two_decimals_and_one_where_fewer_than_30_are_behind_them():
    assert rounded(FIVE, n=MANY, change=0.12345) == {"n": MANY, "change": 0.12}
    assert rounded(FIVE, n=FEW, change=0.12345)["change"] == 0.1
    assert rounded(PUBLIC, n=FEW, change=0.12345)["change"] == 0.12345


def test_a_mean_of_one_survey_is_rounded_by_those_of_that_survey():
    found = rounded(FIVE, n_pre=MANY, n_post=FEW, n_matched=FEW, mean_pre=3.456, mean_post=3.456, change=0.126, d_av=0.126)
    assert (found["mean_pre"], found["mean_post"], found["change"], found["d_av"]) == (3.46, 3.5, 0.13, 0.1)


def test_shares_have_two_decimals_and_counts_stay():
    found = rounded(FIVE, n=FEW, n_smallest=7.0, share=0.12345)
    assert (found["share"], found["n"], found["n_smallest"]) == (0.12, FEW, 7.0)


def test_df_are_whole_and_pairs_have_one_digit():
    found = rounded(FIVE, n=MANY, df=2.71, compared=1234, within=567, alike=0.2)
    assert (found["df"], found["compared"], found["within"]) == (3.0, 1000, 600)


@pytest.mark.parametrize(("p", "said"), [(0.0004, "< .001"), (0.0, "< .001"), (0.00149, 0.001), (0.04561, 0.046)])
def test_p_has_three_decimals_and_none_is_0(p, said):
    table = pd.DataFrame({"n": [MANY], "p": [p], "p_adjusted": [p]})
    assert as_published(FIVE.rounded(table)).loc[0, ["p", "p_adjusted"]].tolist() == [said, said]
    assert PUBLIC.rounded(table).loc[0, "p"] == p


@pytest.mark.parametrize("name", ["change", "mean_pre", "share", "tau2", "slope", "to_zero"])
def test_the_digits_that_are_said_are_those_of_the_table(name):
    for n in (FEW, MANY):
        row = pd.Series({"n": n, name: 0.123456})
        assert FIVE.rounded(row.to_frame().T)[name].item() == round(0.123456, FIVE.digits(row, name))


def test_a_note_that_all_answered_alike_says_only_that_they_vary_too_little():
    assert rounded(FIVE, n=FEW, note="class_left; same_change")["note"] == "class_left; no_variation"
    assert rounded(PUBLIC, n=FEW, note="same_change")["note"] == "same_change"


@pytest.mark.parametrize("n", [MANY, FEW])
def test_only_the_ends_of_intervals_keep_the_sign_of_what_rounds_to_zero(n):
    found = rounded(FIVE, n=n, change=-0.0004, ci_low=-0.0004, ci_high=-0.0004, d_av_low=0.0004)
    assert [math.copysign(1, found[name]) for name in ("change", "ci_low", "ci_high", "d_av_low")] == [1, -1, -1, 1]
    assert [found[name] for name in ("change", "ci_low", "ci_high", "d_av_low")] == [0] * 4


@pytest.mark.parametrize(("n", "decimals"), [(MANY, 3), (FEW, 2)])
def test_a_slope_and_its_interval_have_the_same_decimals(n, decimals):
    row = {"n": n, "slope": 0.123456, "se": 0.123456, "ci_low": 0.123456, "ci_high": 0.123456}
    assert {rounded(FIVE, **row)[name] for name in row if name != "n"} == {round(0.123456, decimals)}
    assert {FIVE.digits(pd.Series(row), name) for name in row if name != "n"} == {decimals}
