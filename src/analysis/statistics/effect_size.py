"""The standardised change of matched respondents: d_av in units of the scores, d_z in units of the changes."""

from __future__ import annotations

from dataclasses import replace
from math import inf, sqrt

import numpy as np

from analysis.notes import note
from analysis.statistics.answers import answers_of, clusters_of, is_constant
from analysis.statistics.cr2 import mean_cr2
from analysis.statistics.estimate import Estimate


def d_av(pre, post, cluster=None) -> Estimate:
    """Mean change of matched respondents over sqrt((s²pre + s²post) / 2), signed, with its interval.

    `pre`, `post`: (n,) floats, nan where missing; `cluster`: (n,) codes of schools or None. Over schools:
    d_av is linearised, d plus each respondent's influence, and the mean of that has the CR2 standard error
    and Satterthwaite df of `mean_cr2`. With fewer than two schools, or one respondent in each: the standard
    error of Bonett (2008), Psychological Methods 13, with a normal interval (df is inf).
    Cumming (2012), Understanding the New Statistics, for d_av. R: `coef_test(lm(psi ~ 1), "CR2", ...)`;
    `statpsych::ci.stdmean.ps` (its average standardiser) where respondents are the clusters.
    """
    answers = answers_of(pre, post, cluster).matched()
    x, y = answers.pre, answers.post
    n = len(x)
    clusters = clusters_of(answers.cluster, n)
    start = Estimate(**answers.counts, n_clusters=clusters.count, method="d_av", note=clusters.note)
    if n < 3:
        return start.noting(note("few_matched", needed=3))
    if is_constant(x) and is_constant(y):
        return start.noting(note("constant_within_surveys"))
    change = y - x
    vx, vy = float(x.var(ddof=1)), float(y.var(ddof=1))
    unit = (vx + vy) / 2
    d = float(change.mean() / sqrt(unit))
    if clusters.count == n:
        covariance = float(np.cov(x, y)[0, 1])
        variance = d**2 * (vx**2 + vy**2 + 2 * covariance**2) / (8 * unit**2 * (n - 1))
        variance += (vx + vy - 2 * covariance) / (unit * (n - 1))
        return start.with_t_interval(d, variance, inf)
    spread = n / (n - 1) * ((x - x.mean()) ** 2 + (y - y.mean()) ** 2) - (vx + vy)
    influence = (change - change.mean()) / sqrt(unit) - d / (4 * unit) * spread
    estimate = mean_cr2(d + influence, answers.cluster)
    return replace(estimate, method="d_av", n_pre=n, n_post=n, n_matched=n)


def d_z(pre, post, cluster=None) -> Estimate:
    """Mean change of matched respondents over the standard deviation of their changes, signed, with its interval.

    Arguments as for `d_av`, linearised like it: d_z plus each respondent's influence, of which the mean has the CR2
    standard error and Satterthwaite df of `mean_cr2`, over schools or, without, over respondents.
    Lakens (2013), Frontiers in Psychology 4:863. R: `coef_test(lm(psi ~ 1), "CR2", ...)`.
    """
    answers = answers_of(pre, post, cluster).matched()
    change, n = answers.change(), len(answers.pre)
    clusters = clusters_of(answers.cluster, n)
    start = Estimate(**answers.counts, n_clusters=clusters.count, method="d_z", note=clusters.note)
    if n < 3:
        return start.noting(note("few_matched", needed=3))
    if is_constant(change):
        return start.noting(note("same_change"))
    from_mean, variance = change - change.mean(), float(change.var(ddof=1))
    d = float(change.mean() / sqrt(variance))
    influence = from_mean / sqrt(variance) - d / (2 * variance) * (n / (n - 1) * from_mean**2 - variance)
    estimate = mean_cr2(d + influence, answers.cluster)
    return replace(estimate, method="d_z", n_pre=n, n_post=n, n_matched=n)
