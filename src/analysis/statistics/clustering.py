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


def change_clustering(pre, post, cluster=None) -> ChangeClustering:
    """Intraclass correlation and design effect of the change of matched respondents.

    `pre`, `post`: (n,) floats, nan where missing; `cluster`: (n,) codes of schools or None. One-way analysis
    of variance: icc = (MSB - MSW) / (MSB + (n0 - 1) MSW), n0 = (n - sum nj² / n) / (J - 1), a negative one
    is 0; design effect 1 + (sum nj² / n - 1) icc.
    Donner & Koval (1980), Biometrics 36; Kish (1965), Survey Sampling. R: `anova(lm(change ~ school))`.
    """
    answers = answers_of(pre, post, cluster).matched()
    change, n = answers.change(), answers.n_matched
    clusters = clusters_of(answers.cluster, n)
    if clusters.are_respondents:
        return ChangeClustering(note=(note("takes_schools", n=2),))
    size = np.bincount(clusters.codes).astype(float)
    J = clusters.count
    if n == J:
        return ChangeClustering(note=(note("one_per_school"),))
    if is_constant(change, answers.largest):
        return ChangeClustering(note=(note("same_change"),))
    mean = np.bincount(clusters.codes, weights=change) / size
    between = float(size @ (mean - change.mean()) ** 2) / (J - 1)
    within = float(((change - mean[clusters.codes]) ** 2).sum()) / (n - J)
    typical = (n - (size @ size) / n) / (J - 1)
    icc = max(0.0, (between - within) / (between + (typical - 1) * within))
    return ChangeClustering(icc, 1 + ((size @ size) / n - 1) * icc)
