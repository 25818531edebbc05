"""What the design could tell: relevance of the change, what it could have detected, and how much schools share."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.disclosure.rules import SCHOOLS_TOLD, TOLD_OF_SCHOOLS, gives_school_away_among
from analysis.questions.change import linked_with_school, main_estimate, scores_of
from analysis.scales import Panel
from analysis.statistics.clustering import change_clustering
from analysis.statistics.mixed import mixed_fit
from analysis.statistics.relevance import minimum_detectable_effect, tost_p

DESIGN_COLUMNS = [
    "scale", "label", "n_schools", "smallest_change", "tost_p", "minimum_detectable_effect", "mde_low", "mde_high",
    "icc_score", "icc_change", "design_effect", "note",
]


def design_table(panel: Panel) -> pd.DataFrame:
    """Relevance and design of every compared scale, as `design.csv`.

    `tost_p` is the p of the equivalence test against the smallest change of interest, on the main estimate's SE and df;
    `minimum_detectable_effect` the true change, in scale points, that this design would find with 80 % power, and
    `mde_low`, `mde_high` the limits that the SE's own interval leaves; `icc_score` and `icc_change` the shares of
    variance between schools.
    """
    settings = panel.study.settings
    rows = []
    for scale in panel.compared_scales:
        scores = scores_of(panel, scale).clustered()
        change = main_estimate(scores, settings.minimum_group)
        smallest = settings.smallest_change(scale)
        row = {"scale": scale, "label": panel.study.codebook.label(scale), "n_schools": scores.n_schools,
               "smallest_change": np.nan if smallest is None else smallest}
        if change.exists:
            effect = minimum_detectable_effect(change)
            row |= {"tost_p": tost_p(change, smallest), "minimum_detectable_effect": effect.estimate,
                    "mde_low": effect.low, "mde_high": effect.high}
            notes = []
            linked = linked_with_school(scores)
            if scores.n_schools > 1:
                if not gives_school_away_among(2, scores.cluster, settings.minimum_group):
                    row["icc_score"] = mixed_fit(scores.pre, scores.post, scores.cluster).icc_score
                if gives_school_away_among(TOLD_OF_SCHOOLS, linked.cluster, settings.minimum_group):
                    notes.append(SCHOOLS_TOLD.format(minimum=settings.minimum_group))
                elif scores.linked.sum() >= settings.minimum_group:
                    clustering = change_clustering(scores.pre, scores.post, scores.cluster)
                    row |= {"icc_change": clustering.icc, "design_effect": clustering.design_effect}
                    notes += clustering.note
            row["note"] = " ".join(notes)
        else:
            row["note"] = " ".join(change.note)
        rows.append(row)
    return pd.DataFrame(rows, columns=DESIGN_COLUMNS)
