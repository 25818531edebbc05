"""The same change by other methods and on other samples."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.disclosure.items import only_item_given_away
from analysis.disclosure.rules import (
    SCHOOLS_TOLD,
    TOLD_OF_SCHOOLS,
    differs_by_few,
    few,
    gives_away,
    gives_school_away_among,
    too_few,
)
from analysis.questions.change import (
    Scores,
    arrays,
    estimate_columns,
    left_out,
    linked_with_school,
    main_estimate,
    means_give_away,
    scores_of,
    whose,
    without_spread,
)
from analysis.scales import WAVES, Panel
from analysis.statistics.estimate import Estimate
from analysis.statistics.paired import cluster_means_t, matched_cr2, matched_t, partially_overlapping_t, wilcoxon

SENSITIVITY_COLUMNS = ["scale", "method", "n", "estimate", "se", "df", "ci_low", "ci_high", "p", "note"]


def sensitivity_table(panel: Panel) -> pd.DataFrame:
    """The same change by other methods and on other samples, as `sensitivity.csv`."""
    rows = []
    for scale in panel.compared_scales:
        for method, (estimate, n) in _estimates(panel, scale).items():
            rows.append({
                "scale": scale, "method": method, "n": n, **estimate_columns(estimate, "estimate"),
                "note": " ".join(estimate.note),
            })
    return pd.DataFrame(rows, columns=SENSITIVITY_COLUMNS)


def _estimates(panel: Panel, scale: str) -> dict[str, tuple[Estimate, int]]:
    minimum = panel.study.settings.minimum_group
    scores = scores_of(panel, scale)
    clustered = scores.clustered()
    main = main_estimate(scores, minimum)
    linked_here = linked_with_school(scores)
    linked = scores.where(scores.linked)
    if few(linked.without_school, minimum):  # their mean change could be worked out from the two samples
        linked = linked_here

    def of_linked_means(method, sample: Scores) -> tuple[Estimate, int]:
        if few(left_out(scores, sample), minimum):
            return Estimate(note=(f"Not shown: {gives_away(minimum, whose(scores))}",)), len(sample.pre)
        return if_enough(method, sample)

    def by_school() -> tuple[Estimate, int]:
        estimate, n = of_linked_means(matched_cr2, linked_here)
        return without_spread(estimate, linked_here.cluster, minimum), n

    def of_school_means() -> tuple[Estimate, int]:
        if gives_school_away_among(TOLD_OF_SCHOOLS - 1, linked_here.cluster, minimum):
            return Estimate(note=(SCHOOLS_TOLD.format(minimum=minimum),)), len(linked_here.pre)
        return of_linked_means(cluster_means_t, linked_here)

    def of_ranks() -> tuple[Estimate, int]:
        # Of a single item it tells the directions of change, which item_change.csv hides then.
        if only_item_given_away(panel, scale):
            return Estimate(note=(f"Not shown: {gives_away(minimum, whose(scores))}",)), len(linked.pre)
        return if_enough(wilcoxon, linked)

    def overlapping() -> tuple[Estimate, int]:
        # Its standard error holds the correlation, which with d_av and the paired t gives the linked ones'
        # two variances, and these, with the SDs of all, the score of one who answered only once.
        if minimum > 1 and 1 in scores.only:
            return Estimate(note=(
                "Not shown: with the SDs, it would give away the one respondent who has a score only before or "
                "only after.",)), len(scores.pre)
        if means_give_away(scores, main, minimum):
            return Estimate(note=(
                f"Not shown: beside the main estimate it would give away the fewer than {minimum} respondents "
                "whose school is not given.",)), len(scores.pre)
        return if_enough(partially_overlapping_t, scores)

    def if_enough(method, sample: Scores) -> tuple[Estimate, int]:
        smallest = min(np.isfinite(sample.pre).sum(), np.isfinite(sample.post).sum())
        enough = smallest >= minimum
        return method(*arrays(sample)) if enough else Estimate(note=(too_few(minimum),)), len(sample.pre)

    return {
        "mixed_cr2": (main, len(clustered.pre)),
        "matched_cr2": by_school(),
        "matched_t": of_linked_means(matched_t, linked),
        "wilcoxon": of_ranks(),
        "partially_overlapping_t": overlapping(),
        "school_means_t": of_school_means(),
        "exact_codes_only": _exact_only(panel, scale, main),
        "complete_answers_only": _complete_only(panel, scale, main),
    }


def _exact_only(panel: Panel, scale: str, main: Estimate) -> tuple[Estimate, int]:
    """The main estimate with links between unequal codes undone: each such teacher counts as two, one per survey."""
    minimum = panel.study.settings.minimum_group
    pre, post = (panel.scores[wave][scale].to_numpy(float) for wave in WAVES)
    undone = ((panel.respondents["kind"] == "near") & np.isfinite(pre) & np.isfinite(post) & panel.in_clusters).to_numpy()
    sample = Scores.of(
        pd.Series(np.concatenate([pre, np.full(undone.sum(), np.nan)])),
        pd.Series(np.concatenate([np.where(undone, np.nan, post), post[undone]])),
        None if panel.cluster is None else np.concatenate([panel.cluster, panel.cluster[undone]]))
    n = len(sample.clustered().pre)
    if not undone.any():
        return main.noting("Every link rests on equal codes, so this is the main estimate."), n
    if few(int(undone.sum()), minimum):
        return Estimate(note=(differs_by_few(minimum),)), n - int(undone.sum())
    return main_estimate(sample, minimum).noting(
        f"The {undone.sum()} teachers whose two codes are only nearly equal count once before and once after."), n


def _complete_only(panel: Panel, scale: str, main: Estimate) -> tuple[Estimate, int]:
    """The main estimate from respondents who answered every item, unless that would give the few others away."""
    estimate, n, affected = on_fewer_scores(panel, scale, {wave: panel.complete[wave][scale] for wave in WAVES})
    if affected == 0:
        return main.noting("Every answer is complete, so this is the main estimate."), n
    return estimate, n


def on_fewer_scores(panel: Panel, scale: str, kept: dict[str, pd.Series],
                    beside: dict[str, pd.Series] | None = None) -> tuple[Estimate, int, int]:
    """The main estimate where only some scores count, hidden if it would give the few others away.

    `kept[wave]` says of each respondent whether the score of that wave counts; `beside` the same of another sample on
    which the estimate is published, if it is. Also returns the number of respondents used, and of those affected, among
    respondents who enter the main estimate.
    """
    minimum = panel.study.settings.minimum_group
    scores = {wave: panel.scores[wave][scale] for wave in WAVES}
    every = {wave: scores[wave].notna() for wave in WAVES}
    affected = _differing(panel, every, {wave: every[wave] & kept[wave] for wave in WAVES})
    sample = Scores.of(*(scores[wave].where(kept[wave]) for wave in WAVES), panel.cluster)
    hidden = differs_by_few(minimum) if few(affected, minimum) else ""
    if beside is not None and not few(_differing(panel, every, {w: every[w] & beside[w] for w in WAVES}), minimum):
        apart = _differing(panel, *({wave: every[wave] & one[wave] for wave in WAVES} for one in (kept, beside)))
        hidden = hidden or (differs_by_few(minimum, "the estimate on another sample") if few(apart, minimum) else "")
    estimate = Estimate(note=(hidden,)) if hidden else main_estimate(sample, minimum)
    return estimate, len(sample.clustered().pre), affected


def _differing(panel: Panel, one: dict[str, pd.Series], other: dict[str, pd.Series]) -> int:
    """How many respondents who enter the main estimate have other scores in one sample than in the other."""
    differ = np.logical_or.reduce([(one[wave] != other[wave]).to_numpy() for wave in WAVES])
    return int((differ & panel.in_clusters).sum())
