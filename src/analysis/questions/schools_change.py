"""How each school changed: its own mean, and the partially pooled one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.disclosure.notes import NO_VARIATION, too_few
from analysis.disclosure.protection import ProtectedPanel
from analysis.disclosure.pseudonyms import OTHER_SCHOOLS, in_order
from analysis.questions.change import matched_in_school, scores_of, varies
from analysis.statistics.shrinkage import shrunken_means

COLUMNS = ["scale", "label", "school", "n", "mean_change", "estimate", "ci_low", "ci_high", "overall", "note"]


def change_by_school_table(panel: ProtectedPanel) -> pd.DataFrame:
    """The matched teachers' mean change in every school on every compared scale, as `change_by_school.csv`.

    `n`: the school's matched teachers with both scores. `mean_change`: their own mean change; `estimate`: the partially
    pooled one with its 95 % interval, `overall` the mean that it is shrunk towards (`statistics.shrinkage`), over the
    schools that stand alone. Schools with too few matched teachers are one row, "other schools", without an estimate of
    its own. Without schools the table is empty.
    """
    rows = [row for scale in panel.compared_scales for row in _rows(panel, scale)] if panel.cluster is not None else []
    return pd.DataFrame(rows, columns=COLUMNS).astype({"n": "Int64"})


def _rows(panel: ProtectedPanel, scale: str) -> list[dict]:
    policy, matched = panel.policy, matched_in_school(scores_of(panel, scale))
    names = panel.school_names[matched.cluster]
    sizes = pd.Series(names).value_counts()
    joined = set(sizes.index[policy.joined(sizes.to_numpy())])
    shown = pd.Series(matched.changes, index=np.where(np.isin(names, list(joined)), OTHER_SCHOOLS, names))
    label = panel.study.codebook.label(scale)
    if not policy.enough(len(shown)) or (joined and len(joined) == len(sizes)):
        return [{"scale": scale, "label": label, "school": OTHER_SCHOOLS, "n": pd.NA, "note": too_few(policy.minimum)}]
    alone = in_order(set(shown.index) - {OTHER_SCHOOLS})
    inside = shown[shown.index != OTHER_SCHOOLS]
    fit = shrunken_means(inside, inside.index.map(alone.index))
    rows = []
    for at, school in enumerate(in_order(shown.index)):
        own = shown.loc[[school]].to_numpy()
        row = {"scale": scale, "label": label, "school": school, "n": len(own), "note": ""}
        if not policy.public and not varies(own):
            row |= {"n": pd.NA, "note": NO_VARIATION}
        else:
            row["mean_change"] = own.mean()
            if school != OTHER_SCHOOLS:
                row |= {"estimate": fit.estimate[at], "ci_low": fit.low[at], "ci_high": fit.high[at],
                        "overall": fit.overall, "note": " ".join(fit.note)}
        rows.append(row)
    return rows
