"""What several sections estimate with: the scores of a scale, and the main estimate on any sample of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.disclosure.policy import Policy
from analysis.disclosure.protection import ProtectedPanel
from analysis.notes import note
from analysis.statistics.estimate import Estimate
from analysis.statistics.mixed import mixed_change
from analysis.study.populations import WAVES


@dataclass(frozen=True)
class Scores:
    """One scale's scores, a place per respondent with at least one: arrays of equal length, nan for none.

    `told`: with the counts of all answers, how widely the respondents' own changes spread would tell single answers.
    """

    pre: np.ndarray
    post: np.ndarray
    cluster: np.ndarray | None
    told: bool = False

    @classmethod
    def of(cls, pre: pd.Series, post: pd.Series, cluster: np.ndarray | None) -> Scores:
        """From a panel's columns, without the respondents who have neither score."""
        whole = cls(pre.to_numpy(float), post.to_numpy(float), cluster)
        return whole.where(np.isfinite(whole.pre) | np.isfinite(whole.post))

    @property
    def matched(self) -> np.ndarray:
        return np.isfinite(self.pre) & np.isfinite(self.post)

    @property
    def changes(self) -> np.ndarray:
        """The change of each respondent, nan for those who are not matched."""
        return self.post - self.pre

    @property
    def only(self) -> tuple[int, int]:
        """How many have a score only before, and only after."""
        return int((~np.isfinite(self.post)).sum()), int((~np.isfinite(self.pre)).sum())

    @property
    def n_schools(self) -> int:
        return 0 if self.cluster is None else len(np.unique(self.cluster[self.cluster >= 0]))

    @property
    def without_school(self) -> int:
        return 0 if self.cluster is None else int((self.cluster < 0).sum())

    def without_clusters(self, policy: Policy) -> bool:
        """Whether respondents count as clusters, so that a standard error is that of their own changes."""
        return self.cluster is None or len(np.unique(policy.clusters(self.cluster))) < 2

    def clustered(self) -> Scores:
        """Without the respondents whose school is not given, unless no school is named at all."""
        return self if self.cluster is None else self.where(self.cluster >= 0)

    def where(self, chosen: np.ndarray) -> Scores:
        cluster = None if self.cluster is None else self.cluster[chosen]
        return Scores(self.pre[chosen], self.post[chosen], cluster, self.told)


def scores_of(panel: ProtectedPanel, scale: str, waves: tuple[str, str] = WAVES) -> Scores:
    """The scale's scores in two waves, of every respondent who has at least one."""
    scores = Scores.of(*(panel.scores[wave][scale] for wave in waves), panel.cluster)
    return replace(scores, told=matched_told(panel, *panel.items[scale])) if len(panel.items[scale]) == 1 else scores


def main_estimate(scores: Scores, policy: Policy) -> Estimate:
    """The mixed model's change, or an empty estimate that says why nothing is shown.

    Schools with few respondents are put together as clusters (`Policy.clusters`).
    """
    clustered = scores.clustered()
    counts = [int(np.isfinite(wave).sum()) for wave in (clustered.pre, clustered.post)]
    if not policy.enough(min(counts)):
        return Estimate(note=(note("too_few", minimum=policy.minimum),))
    if not policy.public and not all(varies(values) for values in (clustered.pre, clustered.post, clustered.changes)):
        return Estimate(note=(note("no_variation"),))
    if clustered.told and clustered.without_clusters(policy):
        return Estimate(note=(note("spread_tells"),))
    estimate = mixed_change(*arrays(clustered, policy))
    if scores.without_school:
        estimate = estimate.noting(note("without_school", n=scores.without_school))
    return estimate


def varies(values: np.ndarray) -> bool:
    """Whether not all who answered gave the same: a mean without variation would be everybody's answer."""
    given = values[np.isfinite(values)]
    return not given.size or float(np.ptp(given)) > 1e-9


def matched_in_school(scores: Scores) -> Scores:
    """The respondents with both scores and, where schools are named, a school."""
    clustered = scores.clustered()
    return clustered.where(clustered.matched)


def estimate_columns(estimate: Estimate, name: str) -> dict[str, float]:
    """An estimate's numbers under the contract's column names, the estimate itself under `name`."""
    return {
        name: estimate.estimate, "se": estimate.se, "df": estimate.df, "ci_low": estimate.low,
        "ci_high": estimate.high, "p": estimate.p,
    }


def matched_told(panel: ProtectedPanel, item: str, cover: int = 0) -> bool:
    """Whether counts of all answers to an item single out a few in a survey with fewer unmatched than `cover`, or
    `Policy.cover`."""
    answers = [panel.answers[wave][item].to_numpy(float) for wave in WAVES]
    alone = ~(np.isfinite(answers[0]) & np.isfinite(answers[1]) & panel.in_clusters)
    cover = cover or panel.policy.cover
    return any(np.isfinite(one[alone]).sum() < cover and panel.policy.singles_out(one) for one in answers)


def pair_told(panel: ProtectedPanel, scale: str, wave: str) -> bool:
    """Whether the counts of both items of a scale of two single out a few, whom their correlation would tell."""
    items = panel.items[scale]
    return len(items) == 2 and any(panel.policy.singles_out(panel.answers[wave][item].to_numpy(float)) for item in items)


def arrays(scores: Scores, policy: Policy) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """pre, post and cluster, as the statistics take them."""
    return scores.pre, scores.post, policy.clusters(scores.cluster)
