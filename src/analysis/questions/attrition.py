"""Who answered before and not after, and how much that could matter."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.disclosure.notes import too_few
from analysis.disclosure.protection import ProtectedPanel
from analysis.questions.change import matched_in_school, scores_of
from analysis.statistics.attrition import standardised_mean_difference, standardised_share_difference, tipping_point
from analysis.statistics.estimate import Estimate
from analysis.statistics.paired import matched_cr2

WHO_LEFT_COLUMNS = [
    "variable", "kind", "value", "label", "n_left", "n_matched", "difference", "ci_low", "ci_high", "note",
]
TIPPING_COLUMNS = ["scale", "label", "n_matched", "n_left", "change", "to_zero", "interval_to_zero", "note"]
OTHER_ANSWERS = "other answers"


def who_left_table(panel: ProtectedPanel) -> pd.DataFrame:
    """Teachers who answered only at baseline against those matched, as `who_left.csv`.

    A row per scale score, number and answer of the choice questions at baseline; `difference` is standardised
    (Hedges' g for scores and numbers, Cohen's h for shares) and positive where those not matched lie higher. Answers that
    too few of a group gave, or did not give, are one row, "other answers".
    """
    codebook, policy = panel.study.codebook, panel.policy
    before, after = (panel.respondents[wave].notna().to_numpy() for wave in ("pre", "post"))
    groups = before & ~after, before & after
    rows = []

    def add(variable: str, kind: str, label: str, values: pd.Series, method, value: object = "") -> None:
        left, matched = (values[group].dropna().to_numpy(float) for group in groups)
        enough = policy.enough(min(len(left), len(matched)))
        shown = method(left, matched) if enough else Estimate(note=(too_few(policy.minimum),))
        rows.append({"variable": variable, "kind": kind, "value": value, "label": label, "n_left": len(left),
                     "n_matched": len(matched), "difference": shown.estimate, "ci_low": shown.low, "ci_high": shown.high,
                     "note": " ".join(shown.note)})

    for scale, waves in panel.waves_of.items():
        if "pre" in waves:
            add(scale, "score", codebook.label(scale), panel.scores["pre"][scale], standardised_mean_difference)
    items = codebook.items.loc[codebook.items["scale"] == ""]
    for item, row in items.loc[items.index.isin(panel.asked["pre"])].iterrows():
        answers = panel.answers["pre"][item]
        if row["kind"] == "number":
            add(item, "number", codebook.text(item), answers, standardised_mean_difference)
        elif row["kind"] == "choice":
            for value, label, given in _answers_to_compare(panel, item, answers, groups):
                add(item, "share", label, given, standardised_share_difference, value)
    return pd.DataFrame(rows, columns=WHO_LEFT_COLUMNS)


def _answers_to_compare(panel: ProtectedPanel, item: str, answers: pd.Series, groups: tuple[np.ndarray, ...]):
    """Value, label and who gave it (1 or 0, nan where no answer), per answer that enough of both groups gave or not."""
    values = panel.study.codebook.values(item)
    given = [(answers == value.value).astype(float).where(answers.notna()) for value in values]
    counts = np.array([[int(answer[group].sum()) for group in groups] for answer in given])
    bases = np.array([int(answers[group].notna().sum()) for group in groups])
    small = panel.policy.small(counts) | panel.policy.small(bases - counts)
    joined = panel.policy.joined(counts.min(axis=1), alone=~small.any(axis=1))
    for value, answer, other in zip(values, given, joined, strict=True):
        if not other:
            yield value.value, value.label, answer
    if joined.any() and not joined.all():
        yield OTHER_ANSWERS, OTHER_ANSWERS, sum(answer for answer, other in zip(given, joined, strict=True) if other)


def tipping_table(panel: ProtectedPanel) -> pd.DataFrame:
    """How the lost teachers would have had to change for the answer to vanish, as `tipping_point.csv`.

    `n_left` have a score at baseline and none at follow-up. `to_zero`: the mean change of these at
    which the change of all who answered before is 0;
    `interval_to_zero`: the one at which its 95 % interval just reaches 0. In scale points.
    """
    rows = []
    for scale in panel.compared_scales:
        everyone = scores_of(panel, scale)
        scores = matched_in_school(everyone)
        n_left = everyone.only[0]
        row = {"scale": scale, "label": panel.study.codebook.label(scale), "n_matched": len(scores.pre),
               "n_left": n_left, "note": ""}
        if not panel.policy.enough(len(scores.pre)):
            row["note"] = too_few(panel.policy.minimum)
        elif n_left:
            point = tipping_point(matched_cr2(scores.pre, scores.post, scores.cluster), n_left)
            row |= {"change": point.change, "to_zero": point.to_zero, "interval_to_zero": point.interval_to_zero,
                    "note": " ".join(point.note)}
        rows.append(row)
    return pd.DataFrame(rows, columns=TIPPING_COLUMNS)


def lost_by_school(participation: pd.DataFrame) -> pd.DataFrame:
    """Share of the teachers of each school who answered only before, from `participation.csv`."""
    table = participation[["school", "n_pre", "n_pre_only", "note"]].copy()
    shares = table["n_pre_only"].astype(float) / table["n_pre"].astype(float)
    return table.assign(share_lost=shares.where(table["n_pre"].fillna(0) > 0))[
        ["school", "n_pre", "n_pre_only", "share_lost", "note"]]
