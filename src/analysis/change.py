"""What changed on each scale: the questions asked of one country's panel.

Every table follows the contract's columns, direction is post minus pre, and what rests on too few
respondents is empty with a note.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from .disclosure import few, gives_away, too_few
from .numerals import counted, number
from .scales import Panel
from .statistics.cr2 import mean_cr2
from .statistics.effect_size import d_av
from .statistics.estimate import Estimate
from .statistics.mixed import mixed_change
from .statistics.multiplicity import benjamini_hochberg, holm
from .statistics.paired import (
    cluster_means_t,
    matched_cr2,
    matched_t,
    partially_overlapping_t,
    wilcoxon,
)
from .statistics.relevance import verdict

CHANGE_COLUMNS = [
    "scale", "label", "n_pre", "n_post", "n_matched", "n_schools", "mean_pre", "sd_pre", "mean_post", "sd_post",
    "change", "se", "df", "ci_low", "ci_high", "p", "p_adjusted", "family", "d_av", "d_av_low", "d_av_high",
    "verdict", "method", "note",
]
SENSITIVITY_COLUMNS = ["scale", "method", "n", "estimate", "se", "df", "ci_low", "ci_high", "p", "note"]
CORRECTIONS = {"primary": holm, "exploratory": benjamini_hochberg}


@dataclass(frozen=True)
class Scores:
    """One scale's scores, a place per respondent with at least one: arrays of equal length, nan for none."""

    pre: np.ndarray
    post: np.ndarray
    cluster: np.ndarray | None

    @property
    def linked(self) -> np.ndarray:
        return np.isfinite(self.pre) & np.isfinite(self.post)

    @property
    def unlinked(self) -> int:
        return int((~self.linked).sum())

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


def scores_of(panel: Panel, scale: str, complete_only: bool = False) -> Scores:
    """The scale's pre and post scores of every respondent who has at least one."""
    waves = [
        panel.scores[wave][scale].where(panel.complete[wave][scale] | (not complete_only)).to_numpy(float)
        for wave in ("pre", "post")
    ]
    some = np.isfinite(waves[0]) | np.isfinite(waves[1])
    cluster = panel.cluster
    return Scores(waves[0][some], waves[1][some], None if cluster is None else cluster[some])


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
    means_shown = not _means_give_away(scores, change, minimum)
    if not means_shown:
        notes.append(f"No means: beside the change they would give away the fewer than {minimum} respondents "
                     "whose school is not given.")
    for wave, values, n in (("pre", scores.pre, n_pre), ("post", scores.post, n_post)):
        if n >= minimum and means_shown:
            row[f"mean_{wave}"] = np.nanmean(values)
            row[f"sd_{wave}"] = np.nanstd(values, ddof=1) if n > 1 else np.nan
    row |= _columns(change, "change")
    row["verdict"] = verdict(change, settings.smallest_change(scale))
    row["method"] = change.method
    linked_here = _linked_with_school(scores)
    if len(linked_here.pre) < minimum:
        notes += [f"No effect size: fewer than {minimum} linked respondents."] * change.exists
    elif few(_left_out(scores, linked_here), minimum):
        notes.append(f"No effect size: {gives_away(minimum, _whose(scores))}")
    else:
        size = d_av(*_arrays(linked_here))
        row |= {"d_av": size.estimate, "d_av_low": size.low, "d_av_high": size.high}
        if not size.exists:
            notes += [note for note in size.note if note not in notes]
    row["note"] = " ".join(notes)
    return row


def main_estimate(scores: Scores, minimum: int) -> Estimate:
    """The mixed model's change, or an empty estimate that says why nothing is shown."""
    clustered = scores.clustered()
    counts = [int(np.isfinite(wave).sum()) for wave in (clustered.pre, clustered.post)]
    if min(counts) < minimum:
        return Estimate(note=(too_few(minimum),))
    estimate = mixed_change(*_arrays(clustered))
    if scores.without_school:
        estimate = estimate.noting(f"Without {counted(scores.without_school, 'respondent')} whose school is not given.")
    return estimate


def _linked_with_school(scores: Scores) -> Scores:
    clustered = scores.clustered()
    return clustered.where(clustered.linked)


def _left_out(scores: Scores, sample: Scores) -> int:
    return len(scores.pre) - len(sample.pre)


def _whose(scores: Scores) -> str:
    return "are not linked or gave no school" if scores.without_school else "are not linked"


def _means_give_away(scores: Scores, change: Estimate, minimum: int) -> bool:
    """Whether the change, taken from the difference of the means, leaves a few respondents without a school.

    It does where the model's change is the plain difference of the means of those who gave their school: all
    of them linked, say, or no variance between schools and respondents.
    """
    if not (change.exists and few(scores.without_school, minimum)):
        return False
    clustered = scores.clustered()
    difference = np.nanmean(clustered.post) - np.nanmean(clustered.pre)
    return bool(np.isclose(change.estimate, difference, rtol=1e-6, atol=1e-6))


def sensitivity_table(panel: Panel) -> pd.DataFrame:
    """The same change by other methods and on other samples, as `sensitivity.csv`."""
    rows = []
    for scale in panel.compared_scales:
        for method, (estimate, n) in _estimates(panel, scale).items():
            rows.append({
                "scale": scale, "method": method, "n": n, **_columns(estimate, "estimate"),
                "note": " ".join(estimate.note),
            })
    return pd.DataFrame(rows, columns=SENSITIVITY_COLUMNS)


def _estimates(panel: Panel, scale: str) -> dict[str, tuple[Estimate, int]]:
    minimum = panel.study.settings.minimum_group
    scores = scores_of(panel, scale)
    clustered = scores.clustered()
    main = main_estimate(scores, minimum)
    linked_here = _linked_with_school(scores)
    linked = scores.where(scores.linked)
    if few(linked.without_school, minimum):  # their mean change could be worked out from the two samples
        linked = linked_here

    def of_linked_means(method, sample: Scores) -> tuple[Estimate, int]:
        if few(_left_out(scores, sample), minimum):
            return Estimate(note=(f"Not shown: {gives_away(minimum, _whose(scores))}",)), len(sample.pre)
        return if_enough(method, sample)

    def overlapping() -> tuple[Estimate, int]:
        # Its standard error holds the correlation, which with d_av and the paired t gives the linked ones'
        # two variances, and these, with the SDs of all, the scores of a few who answered only once.
        if any(few(number, minimum) for number in scores.only):
            return Estimate(note=(
                f"Not shown: with the SDs, it would give away the fewer than {minimum} respondents who have a "
                "score only before or only after.",)), len(scores.pre)
        if _means_give_away(scores, main, minimum):
            return Estimate(note=(
                f"Not shown: beside the main estimate it would give away the fewer than {minimum} respondents "
                "whose school is not given.",)), len(scores.pre)
        return if_enough(partially_overlapping_t, scores)

    def if_enough(method, sample: Scores) -> tuple[Estimate, int]:
        smallest = min(np.isfinite(sample.pre).sum(), np.isfinite(sample.post).sum())
        enough = smallest >= minimum
        return method(*_arrays(sample)) if enough else Estimate(note=(too_few(minimum),)), len(sample.pre)

    return {
        "mixed_cr2": (main, len(clustered.pre)),
        "matched_cr2": of_linked_means(matched_cr2, linked_here),
        "matched_t": of_linked_means(matched_t, linked),
        "wilcoxon": if_enough(wilcoxon, linked),
        "partially_overlapping_t": overlapping(),
        "school_means_t": of_linked_means(cluster_means_t, linked_here),
        "exact_codes_only": (
            main.noting("Every link rests on equal codes, so this is the main estimate."), len(clustered.pre)),
        "complete_answers_only": _complete_only(panel, scale, main),
    }


def _complete_only(panel: Panel, scale: str, main: Estimate) -> tuple[Estimate, int]:
    """The main estimate from respondents who answered every item, unless that would give the few others away."""
    minimum = panel.study.settings.minimum_group
    all_scores = scores_of(panel, scale).clustered()
    complete = scores_of(panel, scale, complete_only=True)
    n = len(complete.clustered().pre)
    left_out = _respondents_affected(panel, scale)
    if left_out == 0:
        return main.noting("Every answer is complete, so this is the main estimate."), len(all_scores.pre)
    if few(left_out, minimum):
        return Estimate(note=(
            f"Not shown: it differs from the main estimate by the answers of fewer than {minimum} respondents.",)), n
    return main_estimate(complete, minimum), n


def _respondents_affected(panel: Panel, scale: str) -> int:
    """How many respondents of the main estimate lose a score when only complete answers count."""
    lost = np.zeros(len(panel.respondents), bool)
    for wave in ("pre", "post"):
        lost |= (panel.scores[wave][scale].notna() & ~panel.complete[wave][scale]).to_numpy()
    return int(lost.sum() if panel.cluster is None else lost[panel.cluster >= 0].sum())


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
            if given.sum() < panel.study.settings.minimum_group:
                continue
            level = mean_cr2(values[given], None if scores.cluster is None else scores.cluster[given])
            half = level.high - level.estimate
            table.loc[position, [f"mean_{wave}_low", f"mean_{wave}_high"]] = (
                row[f"mean_{wave}"] - half, row[f"mean_{wave}"] + half)
    return table


def individual_changes(panel: Panel, scale: str, width: float = 0.25) -> pd.DataFrame:
    """How the linked respondents' own changes are spread: `low, high, share, label`, a row per band.

    Bands are `width` scale points wide and centred on no change; neighbouring ones are joined from the
    outside in until each holds at least `minimum_group` respondents, so that no single change can be
    read off. Without enough linked respondents the table is empty.
    """
    minimum = panel.study.settings.minimum_group
    scores = scores_of(panel, scale)
    changes = (scores.post - scores.pre)[scores.linked]
    if len(changes) < minimum:
        return pd.DataFrame({"low": [], "high": [], "share": [], "label": []})
    band = np.floor(changes / width + 0.5 + 1e-9).astype(int)
    first, last = band.min(), band.max()
    counts = np.bincount(band - first, minlength=last - first + 1)
    edges = (np.arange(first, last + 2) - 0.5) * width
    counts, edges = joined_bands(counts, edges, minimum)
    bands = pd.DataFrame({"low": edges[:-1], "high": edges[1:], "share": counts / counts.sum()})
    return bands.assign(label=_band_names(edges))


def _band_names(edges: np.ndarray) -> list[str]:
    if len(edges) == 2:
        return ["all"]
    shown = [number(edge, 3, signed=True).rstrip("0").rstrip(".") for edge in edges]
    inner = [f"{low} to {high}" for low, high in pairwise(shown[1:-1])]
    return [f"below {shown[1]}", *inner, f"above {shown[-2]}"]


def joined_bands(counts: np.ndarray, edges: np.ndarray, minimum: int) -> tuple[np.ndarray, np.ndarray]:
    """Join neighbouring bands, outermost first, until every band holds at least `minimum`."""
    counts, edges = list(counts), list(edges)
    while len(counts) > 1 and min(counts) < minimum:
        if counts[0] < minimum or counts[-1] < minimum:
            at = 0 if counts[0] < minimum else len(counts) - 2
        else:
            thin = counts.index(min(counts))
            at = thin if counts[thin + 1] <= counts[thin - 1] else thin - 1
        counts[at:at + 2] = [counts[at] + counts[at + 1]]
        del edges[at + 1]
    return np.array(counts), np.array(edges)


def _columns(estimate: Estimate, name: str) -> dict[str, float]:
    return {
        name: estimate.estimate, "se": estimate.se, "df": estimate.df, "ci_low": estimate.low,
        "ci_high": estimate.high, "p": estimate.p,
    }


def _arrays(scores: Scores) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    return scores.pre, scores.post, scores.cluster
