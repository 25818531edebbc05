"""What the design could tell: relevance of the change, what it could have detected, and how much schools share."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.disclosure.notes import SMALL_SCHOOL
from analysis.disclosure.protection import ProtectedPanel
from analysis.questions.change import main_estimate, matched_in_school, scores_of
from analysis.statistics.clustering import change_clustering
from analysis.statistics.mixed import mixed_fit
from analysis.statistics.relevance import minimal_detectable_change, tost_p

DESIGN_COLUMNS = [
    "scale", "label", "n_schools", "smallest_change", "tost_p", "minimal_detectable_change", "icc_score",
    "icc_change", "design_effect", "note",
]


def design_table(panel: ProtectedPanel) -> pd.DataFrame:
    """Relevance and design of every compared scale, as `design.csv`.

    `tost_p` is the p of the equivalence test against the smallest change of interest, on the main
    estimate's SE and df; `minimal_detectable_change` the true change, in scale points, that this design
    would find with 80 % power; `icc_score` and `icc_change` the shares of variance between schools.
    """
    rows = []
    for scale in panel.compared_scales:
        scores = scores_of(panel, scale).clustered()
        change = main_estimate(scores, panel.policy)
        smallest = panel.study.settings.smallest_change(scale)
        row = {"scale": scale, "label": panel.study.codebook.label(scale), "n_schools": scores.n_schools,
               "smallest_change": np.nan if smallest is None else smallest, "note": " ".join(change.note)}
        if change.exists:
            row |= {"tost_p": tost_p(change, smallest), "minimal_detectable_change": minimal_detectable_change(change),
                    "note": ""}
            matched = matched_in_school(scores)
            if scores.n_schools > 1 and not panel.policy.schools_speak(matched.cluster):
                row["note"] = SMALL_SCHOOL
            elif scores.n_schools > 1:
                row["icc_score"] = mixed_fit(scores.pre, scores.post, scores.cluster).icc_score
                if panel.policy.enough(len(matched.pre)):
                    clustering = change_clustering(scores.pre, scores.post, scores.cluster)
                    row |= {"icc_change": clustering.icc, "design_effect": clustering.design_effect,
                            "note": " ".join(clustering.note)}
        rows.append(row)
    return pd.DataFrame(rows, columns=DESIGN_COLUMNS)
