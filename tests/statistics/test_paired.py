from itertools import combinations_with_replacement

import numpy as np
import pytest

from analysis.statistics.paired import (
    cluster_means_t,
    matched_cr2,
    matched_t,
    partially_overlapping_t,
    wilcoxon,
)

NAN = np.nan
ALL = [matched_cr2, matched_t, cluster_means_t, wilcoxon, partially_overlapping_t]
# Derrick, Toher & White (2017), The Quantitative Methods for Psychology 13(2): sample a after sample b.
LATER = [20, 21, 16, 18, 14, 12, 14, 17] + [NAN] * 8 + [14, 15, 18, 20, 11, 19, 14, 15]
EARLIER = [NAN] * 8 + [10, 16, 18, 16, 15, 14, 13, 10] + [15, 10, 15, 17, 13, 19, 12, 13]


def test_partially_overlapping_t_gives_the_published_example():
    e = partially_overlapping_t(EARLIER, LATER)
    assert e.estimate / e.se == pytest.approx(2.419097628, abs=5e-10)
    assert e.df == pytest.approx(18.42233, abs=5e-6)
    assert e.p == pytest.approx(0.026104, abs=5e-7)
    assert (e.n, e.n_pre, e.n_post, e.n_matched) == (24, 16, 16, 8)


def test_partially_overlapping_t_of_linked_answers_alone_is_the_paired_t():
    pre, post = np.array([1.0, 2.5, 3.0, 2.0, 4.1]), np.array([2.0, 2.0, 4.5, 3.1, 4.0])
    a, b = partially_overlapping_t(pre, post), matched_t(pre, post)
    assert (a.estimate, a.se, a.df, a.low, a.p) == pytest.approx((b.estimate, b.se, b.df, b.low, b.p))


def test_partially_overlapping_t_without_links_is_welchs_test_and_says_so():
    e = partially_overlapping_t([1.0, 2.5, 3.0, NAN, NAN, NAN], [NAN, NAN, NAN, 2.0, 5.0, 6.5])
    va, vb = np.var([1, 2.5, 3], ddof=1) / 3, np.var([2, 5, 6.5], ddof=1) / 3
    assert e.se == pytest.approx((va + vb) ** 0.5)
    assert e.df == pytest.approx((va + vb) ** 2 / (va**2 / 2 + vb**2 / 2))
    assert "Welch" in e.note[-1]


def brute_walsh(change):
    return np.sort([(a + b) / 2 for a, b in combinations_with_replacement(change, 2)])


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("decimals", [0, 1, 6])
def test_pseudo_median_is_the_median_of_all_walsh_averages(seed, decimals):
    change = np.round(np.random.default_rng(seed).normal(0.3, 1.0, 5 + 4 * seed), decimals)
    e = wilcoxon(np.zeros(len(change)), change)
    assert e.estimate == pytest.approx(np.median(brute_walsh(change)), abs=1e-12)
    assert np.isnan([e.se, e.df]).all()


def test_wilcoxon_interval_counts_walsh_averages():
    change = np.round(np.random.default_rng(2).normal(0.3, 1.0, 20), 1)
    walsh = brute_walsh(change)
    rank = int(np.ceil(210 / 2 - 1.959963985 * (20 * 21 * 41 / 24) ** 0.5 - 0.5))
    e = wilcoxon(np.zeros(20), change)
    assert (e.low, e.high) == pytest.approx((walsh[rank - 1], walsh[210 - rank]), abs=1e-12)


def test_wilcoxon_names_the_zeros():
    e = wilcoxon([1.0, 2.0, 3.0, 4.0, 2.0, 1.0], [1.0, 3.0, 5.0, 4.0, 4.5, 1.1])
    assert e.note == ("2 of 6 changes are zero; the test leaves them out, the estimate does not.",)
    assert np.isfinite(e.p)


def test_wilcoxon_ties_changes_that_differ_by_rounding_alone():
    pre = np.array([0.1, 0.3, 1.1, 2.0, 0.7, 0.2])
    exact = wilcoxon(np.zeros(6), [0.2, 0.2, 0.2, -0.4, 0.6, 0.2])
    rounded = wilcoxon(pre, pre + np.array([0.2, 0.2, 0.2, -0.4, 0.6, 0.2]))
    assert rounded.p == pytest.approx(exact.p, rel=1e-12)


def test_wilcoxon_of_nobody_changing_has_no_test():
    e = wilcoxon([1.0, 2.0, 3.0], [1.0, 2.0, 3.0])
    assert e.estimate == 0 and np.isnan([e.low, e.high, e.p]).all()
    assert e.note[-1] == "Nobody changed, so there is no test."


def test_wilcoxon_of_four_has_no_interval():
    e = wilcoxon([0.0] * 4, [1.0, 2.0, 3.0, -1.5])
    assert np.isnan([e.low, e.high]).all() and "too few" in e.note[-1]


def test_cluster_means_weigh_clusters_equally_and_say_so():
    e = cluster_means_t(np.zeros(6), [1.0, 1.0, 1.0, 1.0, 2.0, 6.0], [0, 0, 0, 0, 1, 2])
    assert e.estimate == 3.0 and e.df == 2 and e.n_clusters == 3
    assert "answers another question" in e.note[0]


def test_methods_that_ignore_schools_say_so():
    pre, post, school = np.zeros(8), np.array([1.0, 2, 0, 3, -1, 2, 4, 1]), np.arange(8) // 2
    for method in (matched_t, wilcoxon, partially_overlapping_t):
        assert "Schools are ignored" in method(pre, post, school).note[0]
        assert not any("Schools are ignored" in s for s in method(pre, post).note)
    assert not any("ignored" in s for s in matched_cr2(pre, post, school).note)


def test_matched_respondents_alone_enter_the_matched_methods():
    pre, post, school = [1, 2, NAN, 3, 4.0], [2, NAN, 4, 5, 4.5], [0, 0, 1, 1, 2]
    for method in (matched_cr2, matched_t, cluster_means_t, wilcoxon):
        e = method(pre, post, school)
        assert (e.n, e.n_pre, e.n_post, e.n_matched) == (3, 3, 3, 3)
    assert partially_overlapping_t(pre, post, school).n == 5


@pytest.mark.parametrize("method", ALL)
@pytest.mark.parametrize("cluster", [None, 0, 1])
@pytest.mark.parametrize(("pre", "post"), [
    ([], []), ([1.0], [2.0]), ([NAN], [NAN]), ([1.0, NAN], [NAN, 2.0]), ([3.0] * 4, [3.0] * 4),
    ([3.0] * 4, [4.0] * 4), ([1.0, 2, 3, 4], [1.3, 2.3, 3.3, 4.3]), ([1.0, 2.0, NAN], [NAN, NAN, NAN]),
])
def test_nothing_raises_and_what_is_lacking_has_a_reason(method, cluster, pre, post):
    codes = None if cluster is None else np.arange(len(pre)) // 2 * cluster
    e = method(pre, post, codes)
    assert np.isfinite(e.p) or e.note
    if not np.isfinite(e.se) and method is not wilcoxon:
        assert np.isnan([e.low, e.high, e.p]).all()


@pytest.mark.parametrize("method", [matched_cr2, matched_t])
def test_equal_changes_have_an_estimate_and_no_standard_error(method):
    e = method([1.0, 2.2, 3.1], [1.3, 2.5, 3.4], [0, 1, 1])
    assert e.estimate == pytest.approx(0.3) and np.isnan(e.se)
    assert "changed by the same amount" in e.note[-1]


def test_wilcoxon_s_interval_that_ends_at_no_change_ends_there_exactly():
    """Scores of three items differ by thirds, which are no exact numbers: 7/3 - 2 is not 10/3 - 3."""
    rng = np.random.default_rng(0)
    for _ in range(20):
        pre = rng.integers(3, 16, 35) / 3
        e = wilcoxon(pre, (pre * 3 + rng.integers(-1, 3, 35)) / 3)
        assert all(bound == 0 or abs(bound) > 1e-3 for bound in (e.low, e.estimate, e.high))


@pytest.mark.parametrize("shift", [0.3, 1 / 3, 1.0])
def test_partially_overlapping_t_where_all_change_alike_has_no_standard_error(shift):
    pre = np.random.default_rng(4).integers(3, 16, 40) / 3
    e = partially_overlapping_t(pre, pre + shift)
    assert e.estimate == pytest.approx(shift) and np.isnan([e.se, e.df, e.low, e.high, e.p]).all()
    assert "no variation" in e.note[-1]


def test_partially_overlapping_t_of_small_but_real_differences_in_change_has_a_standard_error():
    rng = np.random.default_rng(4)
    pre = rng.normal(3, 1, 40)
    e, paired = (method(pre, pre + 0.3 + 1e-4 * rng.normal(size=40)) for method in (partially_overlapping_t, matched_t))
    assert 0 < e.se < 1e-4 and np.isfinite(paired.se)
