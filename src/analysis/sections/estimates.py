"""What several sections estimate with: the scores of a scale, and the main estimate on any sample of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.disclosure.policy import Policy
from analysis.disclosure.protection import ProtectedPanel
from analysis.notes import note
from analysis.scales import WAVES
from analysis.statistics.estimate import Estimate
from analysis.statistics.mixed import mixed_change


@dataclass(frozen=True)
class Scores:
    """One scale's scores, a place per respondent with at least one: arrays of equal length, nan for none."""

    pre: np.ndarray
    post: np.ndarray
    cluster: np.ndarray | None

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

    def clustered(self) -> Scores:
        """Without the respondents whose school is not given, unless no school is named at all."""
        return self if self.cluster is None else self.where(self.cluster >= 0)

    def where(self, chosen: np.ndarray) -> Scores:
        return Scores(self.pre[chosen], self.post[chosen], None if self.cluster is None else self.cluster[chosen])


def scores_of(panel: ProtectedPanel, scale: str, waves: tuple[str, str] = WAVES) -> Scores:
    """The scale's scores in two waves, of every respondent who has at least one."""
    return Scores.of(*(panel.scores[wave][scale] for wave in waves), panel.cluster)


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


def arrays(scores: Scores, policy: Policy) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """pre, post and cluster, as the statistics take them."""
    return scores.pre, scores.post, policy.clusters(scores.cluster)
