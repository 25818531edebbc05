"""What the change would be if those not seen at follow-up had changed otherwise than the main estimate assumes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.disclosure.rules import few, too_few
from analysis.questions.change import main_estimate, scores_of
from analysis.scales import Panel
from analysis.statistics.attrition import DeltaAdjustment, delta_adjustment

DELTA_COLUMNS = ["scale", "delta", "change", "se", "df", "ci_low", "ci_high"]
TO_ZERO_COLUMNS = ["scale", "label", "n_pre", "n_unmatched", "change", "to_zero", "interval_to_zero", "note"]


def attrition_delta_table(panel: Panel) -> pd.DataFrame:
    """The main estimate if those without a matched follow-up had changed by `delta` points more, as `attrition_delta.csv`.

    Nothing for a scale whose estimate is not shown, or where too few, or none, lack a follow-up.
    """
    rows = [
        {"scale": scale, "delta": delta, "change": change.estimate, "se": change.se, "df": change.df,
         "ci_low": change.low, "ci_high": change.high}
        for scale in panel.compared_scales
        if pd.notna((adjustment := _adjustment(panel, scale)[0]).to_zero)
        for delta, change in adjustment.adjusted.items()
    ]
    return pd.DataFrame(rows, columns=DELTA_COLUMNS)


def attrition_to_zero_table(panel: Panel) -> pd.DataFrame:
    """The delta at which the change, and its interval, would reach 0, as `attrition_to_zero.csv`.

    `n_pre`: teachers with a baseline score, `n_unmatched` of them without a matched follow-up.
    """
    rows = []
    for scale in panel.compared_scales:
        adjustment, counts = _adjustment(panel, scale)
        rows.append({
            "scale": scale, "label": panel.study.codebook.label(scale), **counts, "to_zero": adjustment.to_zero,
            "interval_to_zero": adjustment.interval_to_zero, "note": " ".join(adjustment.note),
        })
    return pd.DataFrame(rows, columns=TO_ZERO_COLUMNS).astype({"n_pre": "Int64", "n_unmatched": "Int64"})


def _adjustment(panel: Panel, scale: str) -> tuple[DeltaAdjustment, dict]:
    """The adjustment, empty with a reason where it is not shown, and what goes with it into the table.

    The share is that of `change.csv`, so that the adjustment tells nothing that does not follow from it.
    """
    minimum = panel.study.settings.minimum_group
    scores = scores_of(panel, scale)
    change = main_estimate(scores, minimum)
    if not change.exists:
        return DeltaAdjustment(note=change.note), {}
    n_pre, n_matched = int(np.isfinite(scores.pre).sum()), int(scores.linked.sum())
    if few(n_pre - n_matched, minimum):
        return DeltaAdjustment(note=(too_few(minimum),)), {}
    adjustment = delta_adjustment(replace(change, n_pre=n_pre, n_matched=n_matched))
    return adjustment, {"n_pre": n_pre, "n_unmatched": n_pre - n_matched, "change": change.estimate}
