"""The retrospective ("then") wave: how teachers, afterwards, describe what they did before.

Its answers are never pooled with those given before; both gains stand side by side, and the difference
between the two accounts of the same time is the response shift (Howard 1980, Evaluation Review).
"""

from __future__ import annotations

import pandas as pd

from analysis.disclosure.protection import ProtectedPanel
from analysis.questions.change import Scores, estimate_columns, main_estimate

RETROSPECTIVE_COLUMNS = [
    "scale", "label", "comparison", "n_matched", "change", "se", "df", "ci_low", "ci_high", "p", "note",
]
COMPARISONS = {"post minus pre": ("pre", "post"), "post minus then": ("then", "post"), "then minus pre": ("pre", "then")}


def retrospective_table(panel: ProtectedPanel) -> pd.DataFrame:
    """Both gains and the response shift of every scale asked in all three waves, as `retrospective.csv`.

    Each is the main estimate over the two waves it names. Empty if there is no retrospective wave.
    """
    rows = []
    for scale in panel.compared_scales if "then" in panel.scores else []:
        if panel.scores["then"][scale].isna().all():
            continue
        for comparison, waves in COMPARISONS.items():
            scores = Scores.of(*(panel.scores[wave][scale] for wave in waves), panel.cluster)
            estimate = main_estimate(scores, panel.policy)
            rows.append({
                "scale": scale, "label": panel.study.codebook.label(scale), "comparison": comparison,
                "n_matched": int(scores.matched.sum()), **estimate_columns(estimate, "change"),
                "note": " ".join(estimate.note),
            })
    return pd.DataFrame(rows, columns=RETROSPECTIVE_COLUMNS)
