"""The rivals of the main estimate: change from matched respondents, or from all without a model."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, nan, sqrt

import numpy as np
from scipy.special import ndtri
from scipy.stats import wilcoxon as scipy_wilcoxon

from analysis.notes import note
from analysis.statistics.answers import Answers, answers_of, clusters_of, is_constant
from analysis.statistics.cr2 import mean_cr2
from analysis.statistics.estimate import Estimate

TOO_FEW = note("few_matched", needed=2)


def matched_cr2(pre, post, cluster=None) -> Estimate:
    """Mean change of matched respondents, CR2 standard error and Satterthwaite df over schools.

    `pre`, `post`: (n,) floats, nan where missing; `cluster`: (n,) codes of schools or None. With fewer than
    two schools among the matched this is the paired t test. Pustejovsky & Tipton (2018), JBES 36.
    R: `clubSandwich::coef_test(lm(post - pre ~ 1), "CR2", cluster, test = "Satterthwaite")`.
    """
    start, answers, change = _matched(pre, post, cluster, "matched_cr2")
    alone = _without_spread(start, answers, change)
    return alone or replace(mean_cr2(change, answers.cluster), method=start.method, n_pre=start.n, n_post=start.n,
                            n_matched=start.n)


def matched_t(pre, post, cluster=None) -> Estimate:
    """Mean change of matched respondents with the paired t test; schools are ignored.

    Arguments as `matched_cr2`. Student (1908), Biometrika 6. R: `t.test(post, pre, paired = TRUE)`.
    """
    start, answers, change = _matched(pre, post, cluster, "matched_t")
    alone, n = _without_spread(start, answers, change), len(change)
    return alone or start.with_t_interval(change.mean(), change.var(ddof=1) / n, n - 1)


def cluster_means_t(pre, post, cluster=None) -> Estimate:
    """One-sample t test over schools of the mean change of their matched respondents.

    Arguments as `matched_cr2`. Schools weigh the same, whatever their size. `n_clusters` - 1 df.
    R: `t.test(tapply(post - pre, school, mean))`.
    """
    start, answers, change = _matched(pre, post, cluster, "school_means_t")
    clusters = clusters_of(answers.cluster, len(change))
    start = start.noting(note("schools_weigh_alike"))
    if clusters.are_respondents:
        return start.noting(note("takes_schools", n=2))
    means = np.bincount(clusters.codes, weights=change) / np.bincount(clusters.codes)
    start = replace(start, n_clusters=clusters.count)
    if is_constant(means, answers.largest):
        return start.with_t_interval(means.mean(), nan, nan).noting(note("schools_alike"))
    df = clusters.count - 1
    start = start.with_t_interval(means.mean(), means.var(ddof=1) / clusters.count, df)
    return start.noting(*clusters.few(df))


def wilcoxon(pre, post, cluster=None) -> Estimate:
    """Hodges-Lehmann pseudo-median of the changes of matched respondents, and Wilcoxon's signed-rank test.

    Arguments as `matched_cr2`; schools are ignored. The estimate is the median of all Walsh averages of all
    changes, zeros included; `se` and `df` are nan. p: zeros dropped, normal approximation with correction
    for ties and continuity, as R's `wilcox.test(post, pre, paired = TRUE, exact = FALSE)`. The interval
    inverts that approximation without the correction for ties, which makes it rather too wide with ties; R's
    `conf.int` is the same where there are neither ties nor zeros.
    Wilcoxon (1945), Biometrics 1; Hodges & Lehmann (1963), Annals of Mathematical Statistics 34.
    """
    start, answers, change = _matched(pre, post, cluster, "wilcoxon")
    n, size = len(change), answers.largest
    if n < 2:
        return start.noting(TOO_FEW)
    change = np.where(np.abs(change) <= 1e-12 * size, 0.0, change)
    zeros = int((change == 0).sum())
    if zeros == n:
        return replace(start, estimate=0.0).noting(note("same_change"))
    if zeros:
        start = start.noting(note("zeros_left_out"))
    pairs = n * (n + 1) // 2
    walsh = _Walsh(change)
    estimate = (walsh.smallest((pairs + 1) // 2) + walsh.smallest(pairs // 2 + 1)) / 2
    low = high = nan
    rank = ceil(pairs / 2 - ndtri(0.975) * sqrt(n * (n + 1) * (2 * n + 1) / 24) - 0.5)
    if rank < 1:
        start = start.noting(note("too_few_for_interval"))
    else:
        low, high = walsh.smallest(rank), walsh.smallest(pairs + 1 - rank)
    estimate, low, high = (0.0 if abs(x) <= 1e-10 * size else x for x in (estimate, low, high))
    step = 1e-10 * size  # changes that differ by rounding alone tie
    test = scipy_wilcoxon(np.round(change / step) * step, zero_method="wilcox", correction=True, method="asymptotic")
    return replace(start, estimate=estimate, low=low, high=high, p=float(test.pvalue))


def partially_overlapping_t(pre, post, cluster=None) -> Estimate:
    """Difference of the means of all answers, allowing for the correlation of the linked ones.

    Arguments as `matched_cr2`; schools are ignored. The form with unequal variances. It takes two linked
    respondents to estimate their correlation; with fewer it is Welch's test and the note says so.
    Derrick, Russ, Toher & White (2017), Journal of Modern Applied Statistical Methods 16(1).
    R: `Partiallyoverlapping::Partover.test(var.equal = FALSE)`.
    """
    answers = answers_of(pre, post, cluster)
    start = Estimate(**answers.counts, n_clusters=len(answers.pre), method="partially_overlapping_t",
                     note=() if cluster is None else (note("ignores_schools"),))
    a, b = answers.pre[~answers.post_only], answers.post[~answers.pre_only]
    if min(len(a), len(b)) < 2:
        return start.noting(note("too_few_to_estimate"))
    linked, size = answers.n_matched, answers.largest
    x, y = answers.pre[answers.linked], answers.post[answers.linked]
    r = 0.0
    if linked < 2:
        start = start.noting(note("all_independent"))
        linked = 0
    elif not (is_constant(x, size) or is_constant(y, size)):
        r = float(np.corrcoef(x, y)[0, 1])
    va, vb = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    variance = va + vb - 2 * r * linked * sqrt(va * vb / (len(a) * len(b)))
    if variance <= max((1e-12 * size) ** 2, 1e-12 * (va + vb)):  # rounding, beside what was subtracted
        return start.with_t_interval(b.mean() - a.mean(), nan, nan).noting(note("no_variation_left"))
    gamma = (va + vb) ** 2 / (va**2 / (len(a) - 1) + vb**2 / (len(b) - 1))
    single = len(a) + len(b) - 2 * linked
    df = linked - 1 + (gamma - linked + 1) / (single + 2 * linked) * single
    return start.with_t_interval(b.mean() - a.mean(), variance, df)


class _Walsh:
    """The averages (d_i + d_j) / 2, i <= j, of n values, in order, without forming them."""

    def __init__(self, values: np.ndarray):
        self.values, number = np.unique(values, return_counts=True)
        self.number = number.astype(float)
        self.up_to = np.concatenate([[0.0], np.cumsum(self.number)])

    def count(self, x: float) -> float:
        """How many averages are at most x, give or take rounding."""
        ordered = self.number @ self.up_to[np.searchsorted(self.values, 2 * x - self.values, side="right")]
        return (ordered + self.up_to[np.searchsorted(self.values, x, side="right")]) / 2

    def smallest(self, k: int) -> float:
        """The k-th smallest average (from 1), by bisection to rounding error and then the nearest average."""
        low, high = float(self.values[0]), float(self.values[-1])
        slack = 1e-13 * max(abs(low), abs(high))
        while high - low > slack:
            middle = (low + high) / 2
            if self.count(middle) >= k:
                high = middle
            else:
                low = middle
        partner = np.searchsorted(self.values, 2 * high - self.values)
        near = np.stack([np.maximum(partner - 1, 0), np.minimum(partner, len(self.values) - 1)])
        averages = (self.values + self.values[near]) / 2
        return float(averages.flat[np.abs(averages - high).argmin()])


def _matched(pre, post, cluster, method: str) -> tuple[Estimate, Answers, np.ndarray]:
    answers = answers_of(pre, post, cluster).matched()
    ignored = method in ("matched_t", "wilcoxon") and cluster is not None
    notes = (note("ignores_schools"),) if ignored else ()
    return (Estimate(**answers.counts, n_clusters=answers.n_matched, method=method, note=notes), answers,
            answers.change())


def _without_spread(start: Estimate, answers: Answers, change: np.ndarray) -> Estimate | None:
    """The mean alone, or nothing, with the reason, where the changes have no standard error."""
    if len(change) < 2:
        return start.noting(TOO_FEW)
    if is_constant(change, answers.largest):
        return start.with_t_interval(change.mean(), nan, nan).noting(note("same_change"))
    return None
