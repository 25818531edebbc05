"""Who answered before and not after."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.disclosure.rules import few, gives_away, hidden_answers, too_few
from analysis.questions.change import scores_of
from analysis.scales import Panel
from analysis.statistics.attrition import standardised_mean_difference, standardised_share_difference
from analysis.statistics.estimate import Estimate

WHO_LEFT_COLUMNS = [
    "variable", "kind", "value", "label", "n_left", "n_matched", "difference", "ci_low", "ci_high", "note",
]
STEP = 0.1
SKIPPED = "are linked and skipped an item afterwards"
SMALL_CELL = "Not shown: too few of one group gave, or did not give, this answer."


def who_left_table(panel: Panel) -> pd.DataFrame:
    """Teachers who answered only before against those linked, as `who_left.csv`.

    A row per scale score, number and answer of the choice questions before; `difference` is standardised
    (Hedges' g for scores and numbers, Cohen's h for shares) and positive where those who left lie higher.
    """
    codebook, minimum = panel.study.codebook, panel.study.settings.minimum_group
    before, after = (panel.respondents[wave].notna().to_numpy() for wave in ("pre", "post"))
    left, stayed = before & ~after, before & after
    rows = []

    def add(variable: str, kind: str, values: pd.Series) -> None:
        groups = [values[group].dropna().to_numpy(float) for group in (left, stayed)]
        row = {"variable": variable, "kind": kind, "value": "", "n_left": len(groups[0]), "n_matched": len(groups[1])}
        row["label"] = codebook.label(variable) if kind == "score" else codebook.text(variable)
        hidden = too_few(minimum) if min(map(len, groups)) < minimum else ""
        compared = kind == "score" and variable in panel.compared_scales
        # With the means of all and the linked ones' change it would lead to those who have one score only.
        if compared and not hidden and any(few(number, minimum) for number in scores_of(panel, variable).only):
            hidden = f"Not shown: {gives_away(minimum)}"
        shown = Estimate(note=(hidden,)) if hidden else standardised_mean_difference(*groups)
        rows.append(row | _shown(_less_exact(panel, variable, stayed, groups, shown) if compared else shown))

    for scale, waves in panel.waves_of.items():
        if "pre" in waves:
            add(scale, "score", panel.scores["pre"][scale])
    items = codebook.items.loc[codebook.items["scale"] == ""]
    for item in items.index[items["kind"] == "number"]:
        if item in panel.asked["pre"]:
            add(item, "number", panel.answers["pre"][item])
    for item in items.index[items["kind"] == "choice"]:
        if item in panel.asked["pre"]:
            rows += _shares(panel, item, left, stayed)
    return pd.DataFrame(rows, columns=WHO_LEFT_COLUMNS)


def _less_exact(panel: Panel, scale: str, stayed: np.ndarray, groups: list[np.ndarray], shown: Estimate) -> Estimate:
    """The difference in steps of `STEP`, or hidden, where it would give away the few linked who skipped an item afterwards.

    With the mean and SD of all it gives the mean of all the linked, and beside it `item_means.csv` has that of those who
    answered both times. The step must leave half of the answers' range open.
    """
    minimum = panel.study.settings.minimum_group
    items = panel.items[scale]

    def lost(of: dict[str, pd.DataFrame], column: str) -> bool:
        gone = of["pre"][column].notna() & of["post"][column].isna()
        return few(int((gone.to_numpy() & stayed).sum()), minimum)

    whole = lost(panel.scores, scale)
    if not shown.exists or not (whole or any(lost(panel.answers, item) for item in items)):
        return shown
    left, linked = map(len, groups)
    sum_of_linked = float(np.concatenate(groups).std()) * left * linked / (left + linked) * (1 if whole else len(items))
    bounds = panel.study.codebook.range(items[0])
    if bounds is None or STEP * sum_of_linked < (bounds[1] - bounds[0]) / 2:
        return Estimate(note=(f"Not shown: {gives_away(minimum, SKIPPED)}",))
    rounded = {name: round(getattr(shown, name), 1) for name in ("estimate", "low", "high")}
    return replace(shown, **rounded).noting(f"Rounded: finer, {gives_away(minimum, SKIPPED)}")


def _shares(panel: Panel, item: str, left: np.ndarray, stayed: np.ndarray) -> list[dict]:
    """A row per answer; one whose cells are small is hidden, and so is a second that would give it away."""
    minimum = panel.study.settings.minimum_group
    answers = panel.answers["pre"][item]
    groups = [answers[group].dropna() for group in (left, stayed)]
    values = panel.study.codebook.values(item)
    counts = np.array([[(group == value.value).sum() for value in values] for group in groups])
    hidden = {value.value for value, gone in zip(values, hidden_answers(counts, minimum), strict=True) if gone}
    rows = []
    for value in values:
        row = {"variable": item, "kind": "share", "value": value.value, "n_left": len(groups[0]),
               "n_matched": len(groups[1]), "label": value.label}
        if min(map(len, groups)) < minimum:
            rows.append(row | _shown(Estimate(note=(too_few(minimum),))))
        elif value.value in hidden:
            rows.append(row | _shown(Estimate(note=(SMALL_CELL,))))
        else:
            rows.append(row | _shown(standardised_share_difference(
                *((group == value.value).to_numpy(float) for group in groups))))
    return rows


def lost_by_school(participation: pd.DataFrame) -> pd.DataFrame:
    """Share of the teachers of each school who answered only before, from the protected participation table."""
    table = participation[["school", "n_pre", "n_pre_only", "note"]].copy()
    shares = table["n_pre_only"].astype(float) / table["n_pre"].astype(float)
    return table.assign(share_lost=shares.where(table["n_pre"].fillna(0) > 0))[
        ["school", "n_pre", "n_pre_only", "share_lost", "note"]]


def _shown(estimate: Estimate) -> dict:
    return {"difference": estimate.estimate, "ci_low": estimate.low, "ci_high": estimate.high,
            "note": " ".join(estimate.note)}
