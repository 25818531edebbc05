"""The ordinal answer: how many improved, and how likely a later answer is the higher one."""

from __future__ import annotations

from dataclasses import replace
from math import nan

import numpy as np

from analysis.notes import note
from analysis.statistics.answers import Answers, answers_of, clusters_of
from analysis.statistics.cr2 import mean_cr2
from analysis.statistics.estimate import Estimate


def directions_of_change(pre, post) -> tuple[int, int, int]:
    """How many matched respondents improved, stayed the same and got worse (higher is better).

    `pre`, `post`: (n,) floats, nan where missing.
    """
    signs = _signs(answers_of(pre, post).matched())
    return tuple(int((signs == sign).sum()) for sign in (1, 0, -1))


def superiority(pre, post, cluster=None) -> Estimate:
    """P(post > pre) + P(post = pre) / 2 within matched respondents; p tests 1/2.

    `pre`, `post`: (n,) floats, nan where missing; `cluster`: (n,) codes of schools or None. The mean of
    1, 1/2 and 0 with the CR2 standard error and Satterthwaite df of `mean_cr2`; its interval is cut to 0-1.
    Grissom & Kim (2012), Effect Sizes for Research. R: `coef_test(lm(u ~ 1), "CR2", cluster)`.
    """
    answers = answers_of(pre, post, cluster).matched()
    n = len(answers.pre)
    clusters = clusters_of(answers.cluster, n)
    start = Estimate(**answers.counts, n_clusters=clusters.count, method="superiority", note=clusters.note)
    if n < 2:
        return start.noting(note("few_matched", needed=2))
    values = (1 + _signs(answers)) / 2
    if np.ptp(values) == 0:
        return start.with_t_interval(values[0], nan, nan).noting(note("one_direction"))
    estimate = mean_cr2(values, answers.cluster, null=0.5)
    return replace(estimate, method="superiority", n_pre=n, n_post=n, n_matched=n,
                   low=max(estimate.low, 0.0), high=min(estimate.high, 1.0))


def _signs(matched: Answers) -> np.ndarray:
    """-1, 0 or 1 per respondent; answers that differ by rounding alone are the same."""
    size = np.maximum(np.abs(matched.pre), np.abs(matched.post))
    change = matched.change()
    return np.where(np.abs(change) <= 1e-12 * size, 0.0, np.sign(change))
