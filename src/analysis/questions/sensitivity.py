"""The same change by other methods and on other samples."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.disclosure.notes import NO_VARIATION, REPEATED, SMALL_SCHOOL, too_few
from analysis.disclosure.protection import ProtectedPanel
from analysis.questions.change import Scores, arrays, estimate_columns, main_estimate, matched_in_school, scores_of, varies
from analysis.scales import WAVES
from analysis.statistics.careless import straight_liners
from analysis.statistics.estimate import Estimate
from analysis.statistics.paired import cluster_means_t, matched_cr2, matched_t, partially_overlapping_t, wilcoxon

SENSITIVITY_COLUMNS = ["scale", "method", "n", "estimate", "se", "df", "ci_low", "ci_high", "p", "note"]
FEWEST_SCHOOLS = 4
SAME_SAMPLE = "Same sample as the main estimate."
STRAIGHT = "without_straight_liners"


def sensitivity_table(panel: ProtectedPanel) -> pd.DataFrame:
    """The same change by other methods and on other samples, as `sensitivity.csv`.

    A sample that differs from the main one, or from another row's, by too few respondents is not used: the row repeats
    the main estimate and says so.
    """
    rows = []
    for scale in panel.compared_scales:
        samples = other_samples(panel, scale)
        for method, (estimate, n) in (_methods(panel, scale) | samples).items():
            if method != STRAIGHT:
                rows.append(_row(scale, method, estimate, n))
    return pd.DataFrame(rows, columns=SENSITIVITY_COLUMNS)


def robustness_table(panel: ProtectedPanel) -> pd.DataFrame:
    """The main estimate on further samples, as `robustness.csv`; columns as in `sensitivity.csv`.

    `without_straight_liners` leaves out the answers that `statistics.careless.DEFINITION` marks.
    `each_school_left_out` has no estimate: `ci_low` and `ci_high` are the lowest and the highest of the
    estimates, each with one school left out, since any single one would tell of that school.
    """
    flagged = straight_lined(panel)
    rows = []
    for scale in panel.compared_scales:
        rows.append(_row(scale, STRAIGHT, *other_samples(panel, scale, flagged)[STRAIGHT]))
        rows.append(_row(scale, "each_school_left_out", _schools_left_out(panel, scale), pd.NA))
    return pd.DataFrame(rows, columns=SENSITIVITY_COLUMNS).astype({"n": "Int64"})


def _row(scale: str, method: str, estimate: Estimate, n) -> dict:
    return {"scale": scale, "method": method, "n": n, **estimate_columns(estimate, "estimate"),
            "note": " ".join(estimate.note)}


def _methods(panel: ProtectedPanel, scale: str) -> dict[str, tuple[Estimate, int]]:
    policy, scores = panel.policy, scores_of(panel, scale)
    matched = matched_in_school(scores)

    def of(method, sample: Scores, of_schools: bool = False) -> tuple[Estimate, int]:
        counts = [int(np.isfinite(wave).sum()) for wave in (sample.pre, sample.post)]
        if not policy.enough(min(counts)):
            return Estimate(note=(too_few(policy.minimum),)), len(sample.pre)
        if not policy.schools_speak(sample.cluster) and (of_schools or (sample.n_schools == 2 and method is matched_cr2)):
            return Estimate(note=(SMALL_SCHOOL,)), len(sample.pre)
        if not policy.public and len(sample.changes) and not varies(sample.changes):
            return Estimate(note=(NO_VARIATION,)), len(sample.pre)
        return method(*arrays(sample)), len(sample.pre)

    return {
        "mixed_cr2": (main_estimate(scores, policy), len(scores.clustered().pre)),
        "matched_cr2": of(matched_cr2, matched),
        "matched_t": of(matched_t, matched),
        "wilcoxon": of(wilcoxon, matched),
        "partially_overlapping_t": of(partially_overlapping_t, scores),
        "school_means_t": of(cluster_means_t, matched, of_schools=True),
    }


def other_samples(panel: ProtectedPanel, scale: str,
                  flagged: dict[str, pd.DataFrame] | None = None) -> dict[str, tuple[Estimate, int]]:
    """The main estimate and the number of respondents on other samples, by name.

    `exact_codes_only` undoes matches of nearly equal codes: each such teacher counts as two, one per survey. The others
    keep complete answers only, or leave out the answers of straight-liners (`straight_lined`).
    """
    scores = {wave: panel.scores[wave][scale].to_numpy(float) for wave in WAVES}
    every = np.column_stack([np.isfinite(scores[wave]) for wave in WAVES])
    near = (panel.respondents["kind"] == "near").to_numpy() & every.all(axis=1)
    flagged = flagged or straight_lined(panel)
    nobody = np.zeros(len(near), bool)
    wanted = {
        "exact_codes_only": (every, near),
        "complete_answers_only": (every & np.column_stack([panel.complete[wave][scale] for wave in WAVES]), nobody),
        STRAIGHT: (every & ~np.column_stack([flagged[wave][scale] for wave in WAVES]), nobody),
    }
    main = scores_of(panel, scale)
    estimate, n = main_estimate(main, panel.policy), len(main.clustered().pre)
    used, found = [np.column_stack([every, nobody])], {}
    for name, (kept, split) in wanted.items():
        sample = np.column_stack([kept, split])
        differing = [(sample != other).any(axis=1) & panel.in_clusters for other in used]
        if not differing[0].any():
            found[name] = estimate.noting(SAME_SAMPLE), n
        elif any(panel.policy.small(who.sum()) for who in differing):
            found[name] = estimate.noting(REPEATED), n
        else:
            found[name] = _on_sample(panel, scores, kept, split)
            used.append(sample)
    return found


def _on_sample(panel: ProtectedPanel, scores: dict[str, np.ndarray], kept: np.ndarray,
               split: np.ndarray) -> tuple[Estimate, int]:
    pre, post = (np.where(kept[:, at], scores[wave], np.nan) for at, wave in enumerate(WAVES))
    pre, post = np.append(pre, np.full(split.sum(), np.nan)), np.append(np.where(split, np.nan, post), post[split])
    cluster = None if panel.cluster is None else np.append(panel.cluster, panel.cluster[split])
    sample = Scores.of(pd.Series(pre), pd.Series(post), cluster)
    return main_estimate(sample, panel.policy), len(sample.clustered().pre) - int(split[panel.in_clusters].sum())


def straight_lined(panel: ProtectedPanel) -> dict[str, pd.DataFrame]:
    """By wave, which respondents straight-lined the items of each scale (rows: respondents, columns: scales).

    Items with the same answer set are one page, as survey tools put them into one grid.
    """
    items = panel.study.codebook.items
    likert = items.loc[(items["kind"] == "likert") & (items["scale"] != "")]
    flagged = {}
    for wave in WAVES:
        marks = pd.DataFrame(False, index=panel.respondents.index, columns=list(panel.items))
        asked = likert.loc[likert.index.isin(panel.asked[wave])]
        for _, page in asked.groupby("answers", sort=False):
            answers = panel.as_asked(wave, list(page.index)).to_numpy(float)
            marked = straight_liners(answers, page["reversed"].to_numpy(bool))
            marks.loc[:, page["scale"].unique()] |= marked[:, None]
        flagged[wave] = marks
    return flagged


def _schools_left_out(panel: ProtectedPanel, scale: str) -> Estimate:
    scores = scores_of(panel, scale).clustered()
    if scores.cluster is None or scores.n_schools < FEWEST_SCHOOLS:
        return Estimate(note=(f"Takes {FEWEST_SCHOOLS} schools.",))
    if not panel.policy.schools_speak(scores.cluster):
        return Estimate(note=(SMALL_SCHOOL,))
    without = [main_estimate(scores.where(scores.cluster != school), panel.policy).estimate
               for school in np.unique(scores.cluster)]
    if not np.isfinite(without).all():
        return Estimate(note=(too_few(panel.policy.minimum),))
    return Estimate(low=min(without), high=max(without),
                    note=("Lowest and highest change with one school left out; not an interval.",))
