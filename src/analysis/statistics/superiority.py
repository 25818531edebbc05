"""The ordinal answer: how many improved, and how likely a later answer is the higher one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import nan

import numpy as np

from analysis.notes import note
from analysis.statistics.answers import answers_of, clusters_of
from analysis.statistics.cr2 import mean_cr2
from analysis.statistics.estimate import Estimate


@dataclass(frozen=True)
class Directions:
    """Numbers of matched respondents whose answer rose, stayed and fell, of `n`."""

    improved: int
    same: int
    worse: int

    @property
    def n(self) -> int:
        return self.improved + self.same + self.worse


def directions_of_change(pre, post) -> Directions:
    """How many matched respondents improved, stayed the same and got worse (higher is better).

    `pre`, `post`: (n,) floats, nan where missing.
    """
    sign = _signs(*_matched(pre, post))
    return Directions(int((sign > 0).sum()), int((sign == 0).sum()), int((sign < 0).sum()))


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
    values = (1 + _signs(answers.pre, answers.post)) / 2
    if np.ptp(values) == 0:
        return start.with_t_interval(values[0], nan, nan).noting(note("one_direction"))
    estimate = mean_cr2(values, answers.cluster, null=0.5)
    return replace(estimate, method="superiority", n_pre=n, n_post=n, n_matched=n,
                   low=max(estimate.low, 0.0), high=min(estimate.high, 1.0))


def _matched(pre, post) -> tuple[np.ndarray, np.ndarray]:
    matched = answers_of(pre, post).matched()
    return matched.pre, matched.post


def _signs(pre: np.ndarray, post: np.ndarray) -> np.ndarray:
    """-1, 0 or 1 per respondent; answers that differ by rounding alone are the same."""
    size = np.maximum(np.abs(pre), np.abs(post))
    change = post - pre
    return np.where(np.abs(change) <= 1e-12 * size, 0.0, np.sign(change))
