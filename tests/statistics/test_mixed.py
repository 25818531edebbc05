from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from analysis.notes import note
from analysis.statistics.answers import answers_of
from analysis.statistics.mixed import mixed_change, mixed_difference, mixed_fit
from analysis.statistics.reml import Criterion, reml_optimum, school_sums

REFERENCE = Path(__file__).parents[1] / "reference"
DATA = pd.read_csv(REFERENCE / "change_data.csv")
R = pd.read_csv(REFERENCE / "mixed.csv")
NAN = np.nan


def arguments(name):
    d = DATA[DATA.set == name]
    schools = None if d.school.isna().all() else d.school.to_numpy().astype(int)
    return d.pre.to_numpy(), d.post.to_numpy(), schools


@pytest.mark.parametrize("row", list(R.itertuples()), ids=lambda r: r.set)
def test_main_estimate_equals_lme4_with_clubsandwich(row):
    e = mixed_change(*arguments(row.set))
    assert (e.estimate, e.se, e.df) == pytest.approx((row.change, row.se, row.df), rel=1e-6)
    assert e.p == pytest.approx(row.p, rel=1e-6)


@pytest.mark.parametrize("row", list(R.itertuples()), ids=lambda r: r.set)
def test_variance_components_equal_lme4(row):
    fit = mixed_fit(*arguments(row.set))
    expected = (row.var_school, row.var_teacher, row.var_residual)
    assert (fit.var_school, fit.var_teacher, fit.var_residual) == pytest.approx(
        expected, rel=1e-6, abs=1e-9, nan_ok=True)


class Dense:
    """The same model with whole covariance matrices, in O(n³), straight from the textbook."""

    def __init__(self, pre, post, school):
        has_pre, has_post = np.isfinite(pre), np.isfinite(post)
        teacher = np.arange(len(pre))
        self.y = np.concatenate([pre[has_pre], post[has_post]])
        self.teacher = np.concatenate([teacher[has_pre], teacher[has_post]])
        self.school = None if school is None else np.concatenate([school[has_pre], school[has_post]])
        wave = np.repeat([0.0, 1.0], [has_pre.sum(), has_post.sum()])
        self.X = np.c_[np.ones(len(wave)), wave]
        self.cluster = self.teacher if school is None else self.school

    def covariance(self, school, teacher):
        V = np.eye(len(self.y)) + teacher * (self.teacher[:, None] == self.teacher)
        return V if self.school is None else V + school * (self.school[:, None] == self.school)

    def criterion(self, school, teacher):
        V = self.covariance(school, teacher)
        XV = np.linalg.solve(V, self.X).T
        beta = np.linalg.solve(XV @ self.X, XV @ self.y)
        r = self.y - self.X @ beta
        rss = r @ np.linalg.solve(V, r)
        free = len(self.y) - 2
        return np.linalg.slogdet(V)[1] + np.linalg.slogdet(XV @ self.X)[1] + free * np.log(rss)

    def estimate(self, school, teacher):
        V = self.covariance(school, teacher)
        W = np.linalg.inv(V)
        M = np.linalg.inv(self.X.T @ W @ self.X)
        beta = M @ self.X.T @ W @ self.y
        residual = self.y - self.X @ beta
        B = V - self.X @ M @ self.X.T
        variance, forms = 0.0, []
        for c in np.unique(self.cluster):
            j = np.flatnonzero(self.cluster == c)
            D = np.linalg.cholesky(V[np.ix_(j, j)]).T
            values, vectors = np.linalg.eigh(D @ B[np.ix_(j, j)] @ D.T)
            power = np.where(values > 1e-12, np.maximum(values, 1e-12) ** -0.5, 0)
            A = D.T @ (vectors * power) @ vectors.T @ D
            row = M[1] @ self.X[j].T @ W[np.ix_(j, j)] @ A
            variance += (row @ residual[j]) ** 2
            whole = np.zeros(len(self.y))
            whole[j] = row
            forms.append(whole - (row @ self.X[j]) @ M @ self.X.T @ W)
        forms = np.array(forms)
        P = forms @ V @ forms.T
        return beta[1], variance**0.5, np.trace(P) ** 2 / (P**2).sum()


SHAPES = ["few_large", "many_small", "zero_school_variance", "few_answers", "no_school", "two_schools",
          "one_teacher_per_school", "unlinked"]


@pytest.mark.parametrize("name", SHAPES)
def test_closed_form_equals_the_dense_form(name):
    pre, post, school = arguments(name)
    fit, e = mixed_fit(pre, post, school), mixed_change(pre, post, school)
    dense = Dense(pre, post, school)
    ratios = [v / fit.var_residual if v == v else 0.0 for v in (fit.var_school, fit.var_teacher)]
    assert (e.estimate, e.se, e.df) == pytest.approx(dense.estimate(*ratios), rel=1e-8)
    assert fit.criterion == pytest.approx(dense.criterion(*ratios), abs=1e-8)


@pytest.mark.parametrize("seed", range(6))
def test_no_search_of_the_dense_likelihood_finds_a_better_optimum(seed):
    pre, post, school = sample(seed, sizes=[6, 3, 9, 4], change_sd=0.3)
    fit, dense = mixed_fit(pre, post, school), Dense(pre, post, school)
    for start in ([0.0, 0.0], [1.0, 1.0], [0.05, 8.0], [6.0, 0.1]):
        found = minimize(lambda v: dense.criterion(*v), start, bounds=[(0, None)] * 2, method="L-BFGS-B")
        assert fit.criterion <= found.fun + 1e-9


@pytest.mark.parametrize("seed", range(20))
def test_the_optimum_is_found_to_rounding_error(seed):
    rng = np.random.default_rng(seed)
    codes, teacher = rng.integers(0, 7, 150), rng.normal(0, 0.5, 150)
    pre, post = (rng.normal(0.2, 0.3, 7)[codes] + teacher + rng.normal(0, 0.5, 150) for _wave in range(2))
    pre[rng.random(150) < 0.2] = post[rng.random(150) < 0.25] = np.nan
    answers = answers_of(pre, post, codes)
    sums = school_sums(answers, answers.cluster, 7)
    fit = reml_optimum(sums, True, True)
    slope = Criterion(sums).at(fit.school, fit.teacher)[1] * (1 + np.array([fit.school, fit.teacher]))
    assert np.abs(slope[np.array([fit.school, fit.teacher]) > 0]).max() < 1e-10


@pytest.mark.parametrize("ratios", [(0.0, 0.4), (0.2, 0.0), (1.3, 2.1), (0.0, 0.0)])
def test_gradient_is_the_slope_of_the_criterion(ratios):
    answers = answers_of(*arguments("few_large"))
    codes = np.unique(answers.cluster, return_inverse=True)[1]
    criterion = Criterion(school_sums(answers, codes, codes.max() + 1))
    gradient = criterion.at(*ratios)[1]
    for k in (0, 1):
        values = [criterion.at(*(np.array(ratios) + step * np.eye(2)[k]))[0] for step in (0, 1e-4, 2e-4)]
        slope = (-3 * values[0] + 4 * values[1] - values[2]) / 2e-4
        assert gradient[k] == pytest.approx(slope, rel=1e-4, abs=1e-4)


def sample(seed, sizes, linked=0.6, change_sd=0.2):
    rng = np.random.default_rng(seed)
    school = np.repeat(np.arange(len(sizes)), sizes)
    level = 3 + rng.normal(0, 0.4, len(sizes))[school] + rng.normal(0, 0.5, len(school))
    pre = level + rng.normal(0, 0.5, len(school))
    post = level + 0.3 + rng.normal(0, change_sd, len(sizes))[school] + rng.normal(0, 0.5, len(school))
    kind = rng.choice(3, len(school), p=[linked, (1 - linked) / 2, (1 - linked) / 2])
    return np.where(kind == 2, NAN, pre), np.where(kind == 1, NAN, post), school


def test_counts_say_who_entered():
    e = mixed_change([1, 2, NAN, NAN, 3.0], [2, NAN, 4, NAN, 5.0], [0, 0, 1, 1, 1])
    assert (e.n, e.n_pre, e.n_post, e.n_matched, e.n_clusters) == (4, 3, 3, 2, 2)


def test_one_school_is_the_same_as_none_and_says_so():
    pre, post, school = arguments("one_school")
    one, none = mixed_change(pre, post, school), mixed_change(pre, post)
    assert (one.estimate, one.se, one.df) == (none.estimate, none.se, none.df)
    assert one.note == (note("one_school"),)
    assert none.note == (note("schools_unknown"),)


@pytest.mark.parametrize("name", ["two_schools", "three_schools"])
def test_two_or_three_schools_are_noted(name):
    e = mixed_change(*arguments(name))
    assert e.note == (note("few_schools"), note("unreliable_p"))


def test_fewer_than_four_degrees_of_freedom_are_noted():
    e = mixed_change(*arguments("few_large"))
    assert e.df < 4
    assert e.note == (note("unequal_schools"), note("unreliable_p"))


def test_respondents_as_clusters_are_not_called_unreliable():
    assert note("unreliable_p") not in mixed_change([1.0, 2.0, 4.0], [2.0, 2.5, 4.2]).note


def test_enough_schools_need_no_note():
    assert mixed_change(*arguments("twelve_schools")).note == ()


def test_unlinked_waves_are_noted():
    assert note("all_independent") in mixed_change(*arguments("unlinked")).note


def test_unlinked_waves_of_one_school_have_the_welch_test_up_to_the_df():
    pre, post, _ = arguments("unlinked")
    a, b = pre[np.isfinite(pre)], post[np.isfinite(post)]
    e = mixed_change(pre, post)
    assert e.estimate == pytest.approx(b.mean() - a.mean())
    assert e.se == pytest.approx((a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b)) ** 0.5)


def test_complete_equal_schools_have_the_t_test_of_school_means():
    pre, post, school = sample(5, [8] * 7, linked=1.0)
    change = (post - pre).reshape(7, 8).mean(axis=1)
    e = mixed_change(pre, post, school)
    assert (e.estimate, e.se, e.df) == pytest.approx((change.mean(), change.std(ddof=1) / 7**0.5, 6))


@pytest.mark.parametrize(("pre", "post", "reason"), [
    ([], [], "no_baseline"),
    ([1.0, 2.0, 3.0], [NAN] * 3, "no_follow_up"),
    ([NAN] * 3, [1.0, 2.0, 3.0], "no_baseline"),
    ([1.0, NAN, NAN], [2.0, 3.0, 4.0], "too_few_to_estimate"),
    ([1.0, 2.0, 3.0], [2.0, NAN, NAN], "too_few_to_estimate"),
    ([3.0, 3.0, 3.0], [3.0, 3.0, NAN], "constant_answers"),
])
def test_data_without_a_change_give_a_reason(pre, post, reason):
    e = mixed_change(pre, post, np.arange(len(pre)) % 2)
    assert np.isnan([e.estimate, e.se, e.df, e.low, e.high, e.p]).all()
    assert e.note[-1] == note(reason)
    assert mixed_fit(pre, post).note == (note(reason),)


def test_equal_changes_of_all_linked_have_no_standard_error():
    pre = np.array([1.1, 2.4, 3.0, 4.2, 2.2, NAN])
    e = mixed_change(pre, np.append((pre + 0.3)[:4], [NAN, 2.0]), [0, 0, 1, 1, 2, 2])
    assert e.estimate == pytest.approx(0.3)
    assert np.isnan(e.se) and e.note == (note("same_change"), note("no_residual"))


def test_schools_that_explain_every_unlinked_answer_leave_no_standard_error():
    pre, post = [3.0, NAN, NAN, NAN, 3.0, NAN], [NAN, 3.0, 2.0, 2.0, NAN, 3.0]
    e = mixed_change(pre, post, [2, 1, 3, 3, 3, 0])
    assert e.estimate == pytest.approx(-1, abs=1e-6)
    assert np.isnan(e.se) and e.note[-1] == note("no_residual")
    assert np.isnan(mixed_fit(pre, post, [2, 1, 3, 3, 3, 0]).var_residual)


def test_waves_that_do_not_vary_have_no_standard_error():
    e = mixed_change([3.0, 3.0, NAN, NAN], [NAN, NAN, 4.0, 4.0])
    assert e.estimate == 1 and np.isnan(e.se) and e.note[-1] == note("constant_within_surveys")


def test_a_change_that_one_school_decides_has_no_standard_error():
    pre = np.array([1.0, 2.0, 3.0, 2.5, NAN, NAN, NAN])
    post = np.array([NAN, NAN, NAN, NAN, 2.0, 4.0, 3.5])
    e = mixed_change(pre, post, [0, 0, 0, 0, 1, 1, 1])
    assert e.exists and np.isnan(e.se)
    assert note("different_schools") in e.note
    assert e.note[-1] == note("one_school_decides")


def test_one_linked_respondent_counts_as_two():
    pre, post, school = arguments("unlinked")
    post = post.copy()
    post[0] = pre[0] + 0.5
    e = mixed_change(pre, post, school)
    assert np.isfinite(e.se) and note("all_independent") in e.note
    assert np.isnan(mixed_fit(pre, post, school).var_teacher)  # fixed at 0 by rule, where lme4 would estimate it


def test_one_respondent_per_school_leaves_schools_and_respondents_apart():
    fit = mixed_fit(*arguments("one_teacher_per_school"))
    assert np.isnan(fit.var_school) and fit.var_teacher > 0 and note("one_per_school") in fit.note


def test_schools_with_only_one_wave_still_inform():
    pre, post, school = arguments("few_large")
    pre = np.where(school == 1, NAN, pre)
    e = mixed_change(pre, post, school)
    keep = school != 1
    assert e.n_clusters == 5 and np.isfinite(e.se)
    assert e.estimate != mixed_change(pre[keep], post[keep], school[keep]).estimate


def test_share_of_variance_between_schools_is_the_icc_of_the_score():
    fit = mixed_fit(*arguments("few_large"))
    total = fit.var_school + fit.var_teacher + fit.var_residual
    assert fit.icc_score == fit.var_school / total


@pytest.mark.parametrize("scale", [1e-9, 1e9])
@pytest.mark.parametrize("shift", [0.0, 1e6])
def test_units_of_the_scale_do_not_matter(scale, shift):
    pre, post, school = arguments("few_large")
    plain = mixed_change(pre, post, school)
    other = mixed_change((pre + shift) * scale, (post + shift) * scale, school)
    assert (other.estimate / scale, other.se / scale, other.df) == pytest.approx(
        (plain.estimate, plain.se, plain.df), rel=1e-6)


def test_huge_school_differences_do_no_harm():
    pre, post, school = arguments("few_large")
    level = 1e3 * np.array([3.0, -1.0, 4.0, 1.5, -9.0])[school - 1]
    e = mixed_change(pre + level, post + level, school)
    assert np.isfinite([e.estimate, e.se, e.df]).all()
    smaller = mixed_change(pre + level / 10, post + level / 10, school)
    assert e.estimate == pytest.approx(smaller.estimate, rel=1e-4)


def test_answers_nearly_alike_in_change_have_a_standard_error():
    pre, post, school = sample(8, [8, 7, 9, 6], linked=1.0)
    post = pre + 0.2 + 1e-3 * (post - pre)
    e = mixed_change(pre, post, school)
    assert e.estimate == pytest.approx(0.2, abs=1e-3) and 0 < e.se < 1e-3


def test_schools_that_changed_alike_have_no_standard_error():
    pre = np.array([1.0, 2.0, 3.0, 2.0, 2.5, 4.0])
    post = pre + np.array([0.1, 0.5, 0.3, 0.5, 0.3, 0.1])
    e = mixed_change(pre, post, [0, 0, 0, 1, 1, 1])
    assert e.estimate == pytest.approx(0.3) and np.isnan(e.se)
    assert e.note[-1] == note("schools_alike")


ITERATIONS = pd.read_csv(REFERENCE / "iterations_data.csv")


def iteration(name, number):
    d = ITERATIONS[(ITERATIONS.set == name) & (ITERATIONS.iteration == number)]
    return d.pre.to_numpy(), d.post.to_numpy(), d.school.to_numpy()


@pytest.mark.parametrize("row", list(pd.read_csv(REFERENCE / "iterations.csv").itertuples()), ids=lambda r: r.set)
def test_the_difference_between_two_changes_equals_nlme_with_clubsandwich(row):
    e = mixed_difference(iteration(row.set, 1), iteration(row.set, 2))
    assert (e.estimate, e.se, e.df, e.p) == pytest.approx((row.difference, row.se, row.df, row.p), rel=2e-5)


def test_the_difference_is_that_of_the_two_changes():
    parts = [iteration("some_schools", number) for number in (1, 2)]
    first, second = (mixed_change(*part) for part in parts)
    e = mixed_difference(*parts)
    assert e.estimate == pytest.approx(second.estimate - first.estimate, abs=1e-12)
    assert e.n_clusters == 9 and e.n == first.n + second.n


def test_changes_without_a_school_in_common_have_independent_errors():
    parts = [iteration("other_schools", number) for number in (1, 2)]
    first, second = (mixed_change(*part) for part in parts)
    assert mixed_difference(*parts).se == pytest.approx(np.hypot(first.se, second.se), rel=1e-12)


def test_schools_that_change_alike_in_both_iterations_make_the_difference_precise():
    pre, post, school = iteration("same_schools", 1)
    later = post + np.random.default_rng(1).normal(0, 0.05, len(post))
    e = mixed_difference((pre, post, school), (pre, later, school))
    assert e.se < 0.1 * mixed_change(pre, post, school).se


def test_a_difference_needs_two_schools_in_each_iteration():
    pre, post, school = iteration("some_schools", 2)
    one = school == 5
    e = mixed_difference((pre[one], post[one], school[one]), (pre, post, school))
    assert not e.exists and e.note == (note("takes_schools", n=2),)
