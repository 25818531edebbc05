"""How far several raters of one thing agree."""

from __future__ import annotations

from dataclasses import replace
from math import nan

import numpy as np
from scipy.stats import f as f_distribution

from analysis.notes import note
from analysis.statistics.answers import is_constant
from analysis.statistics.clustering import one_way
from analysis.statistics.estimate import Estimate


def rater_agreement(ratings, subject) -> Estimate:
    """Intraclass correlation ICC(1) of single ratings: absolute agreement, whoever the raters of a subject are.

    `ratings`: (n,) floats, entries that are not finite are left out; `subject`: (n,) codes of what is rated. Subjects
    with one rating are left out. (MSB - MSW) / (MSB + (k - 1) MSW) with its interval from F(J - 1, n - J); where
    subjects have different numbers of raters, k is their typical number and the interval approximate. Raters who always
    agree leave no interval. `n`: ratings, `n_clusters`: subjects.
    Shrout & Fleiss (1979), Psychological Bulletin 86, case 1. R: `psych::ICC(x, lmer = FALSE)`, type ICC1.
    """
    ratings, subject = np.asarray(ratings, float).reshape(-1), np.asarray(subject).reshape(-1)
    known = np.isfinite(ratings)
    _names, codes, sizes = np.unique(subject[known], return_inverse=True, return_counts=True)
    several = sizes[codes] > 1
    values, codes = ratings[known][several], np.unique(codes[several], return_inverse=True)[1]
    n, count = len(values), len(np.unique(codes))
    start = Estimate(n=n, n_clusters=count, method="icc1")
    if count < 2:
        return start.noting(note("several_raters"))
    if is_constant(values):
        return start.noting(note("no_variation"))
    between, within, k = one_way(values, codes)

    def icc(mean: float) -> float:
        return (mean - within) / (mean + (k - 1) * within)

    low, high = (icc(between / f_distribution.ppf(level, count - 1, n - count)) for level in (0.975, 0.025))
    return replace(start, estimate=icc(between), low=low if within else nan, high=high if within else nan)
