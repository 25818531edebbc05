"""Change and what teachers reported afterwards: knowledge appropriation, hours of mentoring."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.disclosure.notes import LONE_PREDICTOR, too_few
from analysis.disclosure.protection import ProtectedPanel
from analysis.questions.change import estimate_columns
from analysis.statistics.cr2 import regression_cr2
from analysis.statistics.estimate import Estimate
from analysis.statistics.multiplicity import benjamini_hochberg

ASSOCIATION_COLUMNS = [
    "scale", "predictor", "predictor_label", "n", "n_schools", "slope", "se", "df", "ci_low", "ci_high", "p",
    "p_adjusted", "note",
]


def predictors(panel: ProtectedPanel) -> dict[str, pd.Series]:
    """What only the later survey asked: scores of post-only scales, and numbers outside a scale."""
    items = panel.study.codebook.items
    after_only = {scale: panel.scores["post"][scale] for scale, waves in panel.waves_of.items() if waves == ["post"]}
    numbers = items.index[(items["kind"] == "number") & (items["scale"] == "")]
    return after_only | {
        item: panel.answers["post"][item].astype(float) for item in numbers
        if item in panel.asked["post"] and item not in panel.asked["pre"]
    }


def association_table(panel: ProtectedPanel) -> pd.DataFrame:
    """Matched teachers' change regressed on each predictor, as `association.csv`.

    `slope` is the difference in change, in scale points, that goes with one more point (or hour) of the
    predictor; least squares with CR2 over schools. p values are adjusted over the whole table (BH). It is
    an association: teachers were not given hours or appropriation by lot.
    """
    labels = panel.study.codebook
    asked_after = predictors(panel)
    rows = []
    for scale in panel.compared_scales:
        change = (panel.scores["post"][scale] - panel.scores["pre"][scale]).to_numpy(float)
        for name, values in asked_after.items():
            x = values.to_numpy(float)
            used = np.isfinite(change) & np.isfinite(x) & panel.in_clusters
            cluster = panel.cluster_of(used)
            n = int(used.sum())
            if not panel.policy.enough(n):
                slope = Estimate(note=(too_few(panel.policy.minimum),))
            elif panel.policy.decides_alone(x[used]):
                slope = Estimate(note=(LONE_PREDICTOR,))
            else:
                slope = regression_cr2(change[used], np.column_stack([np.ones(n), x[used]]), cluster)[1]
            rows.append({
                "scale": scale, "predictor": name,
                "predictor_label": labels.label(name) if name in labels.scales.index else labels.text(name),
                "n": n, "n_schools": 0 if cluster is None else len(np.unique(cluster)), **estimate_columns(slope, "slope"),
                "note": " ".join(slope.note),
            })
    table = pd.DataFrame(rows, columns=ASSOCIATION_COLUMNS)
    return table.assign(p_adjusted=benjamini_hochberg(table["p"].to_numpy(float)))
