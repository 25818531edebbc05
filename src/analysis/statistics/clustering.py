"""How alike the respondents of one school change, and what that costs in precision."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np

from analysis.notes import Note, note
from analysis.statistics.answers import answers_of, clusters_of, is_constant


@dataclass(frozen=True)
class ChangeClustering:
    """Intraclass correlation of the matched change, and the design effect of its mean.

    `icc`: share of the variance of individual changes that lies between schools, at least 0.
    `design_effect`: variance of the mean change over what it were if schools did not matter.
    """

    icc: float = nan
    design_effect: float = nan
    note: tuple[Note, ...] = ()


def one_way(values: np.ndarray, codes: np.ndarray) -> tuple[float, float, float]:
    """Mean squares between and within groups, and the typical size of a group, of a one-way analysis of variance.

    `values`: (n,) finite floats; `codes`: (n,) integers 0 .. J - 1, J < n. Typical size: (n - sum nj² / n) / (J - 1).
    R: `anova(lm(values ~ group))`.
    """
    n, size = len(values), np.bincount(codes).astype(float)
    mean = np.bincount(codes, weights=values) / size
    between = float(size @ (mean - values.mean()) ** 2) / (len(size) - 1)
    within = float(((values - mean[codes]) ** 2).sum()) / (n - len(size))
    return between, within, (n - (size @ size) / n) / (len(size) - 1)


def change_clustering(pre, post, cluster=None) -> ChangeClustering:
    """Intraclass correlation and design effect of the change of matched respondents.

    `pre`, `post`: (n,) floats, nan where missing; `cluster`: (n,) codes of schools or None. One-way analysis
    of variance: icc = (MSB - MSW) / (MSB + (n0 - 1) MSW), n0 the typical size of a school, a negative one is 0;
    design effect 1 + (sum nj² / n - 1) icc.
    Donner & Koval (1980), Biometrics 36; Kish (1965), Survey Sampling. R: `anova(lm(change ~ school))`.
    """
    answers = answers_of(pre, post, cluster).matched()
    change, n = answers.change(), answers.n_matched
    clusters = clusters_of(answers.cluster, n)
    if clusters.are_respondents:
        return ChangeClustering(note=(note("takes_schools", n=2),))
    size = np.bincount(clusters.codes).astype(float)
    if n == clusters.count:
        return ChangeClustering(note=(note("one_per_school"),))
    if is_constant(change, answers.largest):
        return ChangeClustering(note=(note("same_change"),))
    between, within, typical = one_way(change, clusters.codes)
    icc = max(0.0, (between - within) / (between + (typical - 1) * within))
    return ChangeClustering(icc, 1 + ((size @ size) / n - 1) * icc)
