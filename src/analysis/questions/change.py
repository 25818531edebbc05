"""What changed on each scale: the questions asked of one country's panel.

Every table follows the contract's columns, direction is post minus pre, and what rests on too few
respondents is empty with a note.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.disclosure.rules import NO_INTERVAL, few, gives_away, gives_school_away_among, too_few
from analysis.numerals import counted
from analysis.scales import Panel
from analysis.statistics.cr2 import mean_cr2
from analysis.statistics.effect_size import d_av
from analysis.statistics.estimate import Estimate
from analysis.statistics.mixed import mixed_change
from analysis.statistics.multiplicity import benjamini_hochberg, holm
from analysis.statistics.relevance import verdict

CHANGE_COLUMNS = [
    "scale", "label", "n_pre", "n_post", "n_matched", "n_schools", "mean_pre", "sd_pre", "mean_post", "sd_post",
    "change", "se", "df", "ci_low", "ci_high", "p", "p_adjusted", "family", "d_av", "d_av_low", "d_av_high",
    "verdict", "method", "note",
]
CORRECTIONS = {"primary": holm, "exploratory": benjamini_hochberg}


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
    def linked(self) -> np.ndarray:
        return np.isfinite(self.pre) & np.isfinite(self.post)

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


def scores_of(panel: Panel, scale: str) -> Scores:
    """The scale's pre and post scores of every respondent who has at least one."""
    return Scores.of(panel.scores["pre"][scale], panel.scores["post"][scale], panel.cluster)


def change_table(panel: Panel) -> pd.DataFrame:
    """The change on every scale that both surveys asked, as `change.csv`."""
    rows = [_change_row(panel, scale) for scale in panel.compared_scales]
    table = pd.DataFrame(rows, columns=CHANGE_COLUMNS)
    table["family"] = np.where(table["scale"].isin(panel.study.primary_scales), "primary", "exploratory")
    for family, adjusted in CORRECTIONS.items():
        members = table["family"] == family
        if members.any():
            table.loc[members, "p_adjusted"] = adjusted(table.loc[members, "p"].to_numpy(float))
    return table


def _change_row(panel: Panel, scale: str) -> dict:
    settings = panel.study.settings
    minimum = settings.minimum_group
    scores = scores_of(panel, scale)
    n_pre, n_post = int(np.isfinite(scores.pre).sum()), int(np.isfinite(scores.post).sum())
    n_matched = int(scores.linked.sum())
    row = {
        "scale": scale, "label": panel.study.codebook.label(scale), "n_pre": n_pre, "n_post": n_post,
        "n_matched": n_matched, "n_schools": scores.n_schools,
    }
    change = main_estimate(scores, minimum)
    notes = list(change.note)
    means_shown = not means_give_away(scores, change, minimum)
    if not means_shown:
        notes.append(f"No means: beside the change they would give away the fewer than {minimum} respondents "
                     "whose school is not given.")
    for wave, values, n in (("pre", scores.pre, n_pre), ("post", scores.post, n_post)):
        if n >= minimum and means_shown:
            row[f"mean_{wave}"] = np.nanmean(values)
            row[f"sd_{wave}"] = np.nanstd(values, ddof=1) if n > 1 else np.nan
    row |= estimate_columns(change, "change")
    row["verdict"] = verdict(change, settings.smallest_change(scale))
    row["method"] = change.method
    linked_here = linked_with_school(scores)
    if len(linked_here.pre) < minimum:
        notes += [f"No effect size: fewer than {minimum} linked respondents."] * change.exists
    elif few(left_out(scores, linked_here), minimum):
        notes.append(f"No effect size: {gives_away(minimum, whose(scores))}")
    else:
        size = without_spread(d_av(*arrays(linked_here)), linked_here.cluster, minimum)
        row |= {"d_av": size.estimate, "d_av_low": size.low, "d_av_high": size.high}
        if not size.exists or not np.isfinite(size.low):
            notes += [note for note in size.note if note not in notes]
    row["note"] = " ".join(notes)
    return row


def main_estimate(scores: Scores, minimum: int) -> Estimate:
    """The mixed model's change, or an empty estimate that says why nothing is shown."""
    clustered = scores.clustered()
    counts = [int(np.isfinite(wave).sum()) for wave in (clustered.pre, clustered.post)]
    if min(counts) < minimum:
        return Estimate(note=(too_few(minimum),))
    estimate = without_spread(mixed_change(*arrays(clustered)), clustered.cluster, minimum)
    if scores.without_school:
        estimate = estimate.noting(f"Without {counted(scores.without_school, 'respondent')} whose school is not given.")
    return estimate


def without_spread(estimate: Estimate, cluster: np.ndarray | None, minimum: int) -> Estimate:
    """The estimate without interval and p where there are two schools and one is small.

    With two schools the standard error is their difference, which with the mean of both gives each one's mean. The
    method's own notes, which are about intervals, go too.
    """
    if not (estimate.exists and np.isfinite(estimate.se) and gives_school_away_among(2, cluster, minimum)):
        return estimate
    nothing = dict.fromkeys(("se", "df", "low", "high", "p"), np.nan)
    return replace(estimate, **nothing, note=(NO_INTERVAL.format(minimum=minimum),))


def linked_with_school(scores: Scores) -> Scores:
    """The respondents with both scores and, where schools are named, a school."""
    clustered = scores.clustered()
    return clustered.where(clustered.linked)


def left_out(scores: Scores, sample: Scores) -> int:
    """How many respondents with a score are not in the sample."""
    return len(scores.pre) - len(sample.pre)


def whose(scores: Scores) -> str:
    """Who is left out where only linked respondents count."""
    return "are not linked or gave no school" if scores.without_school else "are not linked"


def means_give_away(scores: Scores, change: Estimate, minimum: int) -> bool:
    """Whether the change, taken from the difference of the means, leaves a few respondents without a school.

    It does where the model's change is the plain difference of the means of those who gave their school: all
    of them linked, say, or no variance between schools and respondents.
    """
    if not (change.exists and few(scores.without_school, minimum)):
        return False
    clustered = scores.clustered()
    difference = np.nanmean(clustered.post) - np.nanmean(clustered.pre)
    return bool(np.isclose(change.estimate, difference, rtol=1e-6, atol=1e-6))


def mean_intervals(panel: Panel, table: pd.DataFrame) -> pd.DataFrame:
    """The change table with a 95 % interval around each wave's mean, schools taken as clusters.

    Adds `mean_pre_low, mean_pre_high, mean_post_low, mean_post_high`. They say how well each level is
    known; the change has its own interval, which is usually narrower.
    """
    table = table.assign(**dict.fromkeys(
        ("mean_pre_low", "mean_pre_high", "mean_post_low", "mean_post_high"), np.nan))
    for position, row in table.iterrows():
        scores = scores_of(panel, row["scale"]).clustered()
        for wave, values in (("pre", scores.pre), ("post", scores.post)):
            given = np.isfinite(values)
            minimum = panel.study.settings.minimum_group
            if given.sum() < minimum:
                continue
            cluster = None if scores.cluster is None else scores.cluster[given]
            level = without_spread(mean_cr2(values[given], cluster), cluster, minimum)
            half = level.high - level.estimate
            table.loc[position, [f"mean_{wave}_low", f"mean_{wave}_high"]] = (
                row[f"mean_{wave}"] - half, row[f"mean_{wave}"] + half)
    return table


def estimate_columns(estimate: Estimate, name: str) -> dict[str, float]:
    """An estimate's numbers under the contract's column names, the estimate itself under `name`."""
    return {
        name: estimate.estimate, "se": estimate.se, "df": estimate.df, "ci_low": estimate.low,
        "ci_high": estimate.high, "p": estimate.p,
    }


def arrays(scores: Scores) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """pre, post and cluster, as the statistics take them."""
    return scores.pre, scores.post, scores.cluster
