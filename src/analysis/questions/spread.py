"""How differently teachers changed: who scored lower, about the same and higher."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.disclosure.notes import NO_VARIATION, too_few
from analysis.disclosure.policy import FEW_FOR_DIRECTIONS
from analysis.disclosure.protection import ProtectedPanel
from analysis.questions.change import matched_in_school, scores_of, varies
from analysis.statistics.reliability import reliability

COLUMNS = ["scale", "label", "n", "threshold", "threshold_kind", "lower", "same", "higher", "note"]
ROUNDING = 1e-9


def individual_changes_table(panel: ProtectedPanel) -> pd.DataFrame:
    """Shares of matched teachers whose own score fell, stayed about the same and rose, as `individual_changes.csv`.

    "About the same" is less than the smallest change of interest where the study declares one (`threshold_kind`
    "smallest change"), else less than the reliable change, 1.96·√2·SEM with SEM = SD·√(1 − alpha) at baseline
    (Jacobson & Truax 1991, Journal of Consulting and Clinical Psychology).
    """
    return pd.DataFrame([_row(panel, scale) for scale in panel.compared_scales], columns=COLUMNS)


def _row(panel: ProtectedPanel, scale: str) -> dict:
    policy, matched = panel.policy, matched_in_school(scores_of(panel, scale))
    change = matched.changes
    row = {"scale": scale, "label": panel.study.codebook.label(scale), "n": len(change), "note": ""}
    threshold, kind = _threshold(panel, scale)
    row |= {"threshold": threshold, "threshold_kind": kind}
    if not policy.enough(len(change)) or (not policy.public and len(change) < FEW_FOR_DIRECTIONS):
        return row | {"note": too_few(max(policy.minimum, FEW_FOR_DIRECTIONS))}
    if np.isnan(threshold):
        return row | {"note": "No smallest change of interest, and no reliability to derive one from."}
    counts = [int((change <= -threshold + ROUNDING).sum()), 0, int((change >= threshold - ROUNDING).sum())]
    counts[1] = len(change) - sum(counts)
    if not policy.shows(counts, len(change)) or not (policy.public or varies(change)):
        return row | {"note": NO_VARIATION}
    return row | dict(zip(("lower", "same", "higher"), (count / len(change) for count in counts), strict=True))


def _threshold(panel: ProtectedPanel, scale: str) -> tuple[float, str]:
    smallest = panel.study.settings.smallest_change(scale)
    if smallest is not None:
        return smallest, "smallest change"
    items = panel.items[scale]
    answers = panel.answers["pre"][items].dropna().to_numpy(float)
    if len(items) < 2 or not panel.policy.enough(len(answers)):
        return np.nan, ""
    alpha = reliability(answers).alpha
    spread = panel.scores["pre"][scale].std(ddof=1)
    return 1.96 * np.sqrt(2) * spread * np.sqrt(1 - alpha) if alpha < 1 else np.nan, "reliable change"
