"""How each school changed: its own mean, and the one drawn towards the mean of the schools."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.disclosure.pseudonyms import in_order
from analysis.disclosure.rules import COARSE, TOLD_OF_SCHOOLS, few, hidden_parts, too_few
from analysis.questions.change import left_out, linked_with_school, scores_of
from analysis.questions.participation import participation_table
from analysis.scales import Panel
from analysis.statistics.shrinkage import shrunken_means

COLUMNS = [
    "scale", "label", "school", "n", "mean_change", "estimate", "ci_low", "ci_high", "overall", "note",
]
GIVES_AWAY = "Not shown: it would give away a smaller school, or the few who are not linked."
NOTHING_LINKED = "No linked teacher has both scores."


def change_by_school_table(panel: Panel) -> pd.DataFrame:
    """The linked teachers' mean change in every school on every compared scale, as `change_by_school.csv`.

    `n`: the school's linked teachers. `mean_change`: their own mean change; `estimate`: the same drawn towards
    `overall`, the mean of the schools that are shown, with its 95 % interval (`statistics.shrinkage`). All are rounded to
    two decimals, since at full precision they tell how many teachers left out a scale. Schools with fewer than
    `minimum_group` linked teachers are empty, and so are those whose linked teachers participation.csv hides or that
    would give such a school, or the few who are not linked, away: what is shown, subtracted from the figures of all
    schools, must leave the minimum of respondents and, where a school is small, more schools than these figures could be
    solved for. Without schools the table is empty.
    """
    participation = participation_table(panel).set_index("school")
    named = participation.index.isin(panel.respondents["school"]) & (participation.index != "")
    linked = participation.loc[named, "n_matched"]
    rows = [row for scale in panel.compared_scales for row in _rows(panel, scale, linked)]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"n": "Int64"})


def _rows(panel: Panel, scale: str, linked: pd.Series) -> list[dict]:
    minimum = panel.study.settings.minimum_group
    change = panel.scores["post"][scale] - panel.scores["pre"][scale]
    change = change[change.notna() & (panel.respondents["school"] != "")]
    school = panel.respondents.loc[change.index, "school"]
    order = in_order(linked.index)
    sizes = school.value_counts().reindex(order, fill_value=0).to_numpy(int)
    hidden = _hidden(panel, scale, sizes, linked.reindex(order).isna().to_numpy())
    shown = [name for name, n, gone in zip(order, sizes, hidden, strict=True) if n and not gone]
    inside = school.isin(shown)
    codes = school[inside].map({name: code for code, name in enumerate(shown)})
    fit = shrunken_means(change[inside], codes) if shown else None
    label = panel.study.codebook.label(scale)
    rows = []
    for name, n, gone in zip(order, sizes, hidden, strict=True):
        row = {"scale": scale, "label": label, "school": name, "note": ""}
        if name in shown:
            at = shown.index(name)
            numbers = {"mean_change": fit.own[at], "estimate": fit.estimate[at], "ci_low": fit.low[at],
                       "ci_high": fit.high[at], "overall": fit.overall}
            row |= {key: round(float(value), COARSE) for key, value in numbers.items()}
            row |= {"n": linked[name], "note": " ".join(fit.note)}
        elif gone:
            row["note"] = too_few(minimum) if n < minimum else GIVES_AWAY
        else:
            row |= {"n": 0, "note": NOTHING_LINKED}
        rows.append({**dict.fromkeys(COLUMNS, np.nan), "n": pd.NA, **row})
    return rows


def _hidden(panel: Panel, scale: str, sizes: np.ndarray, elsewhere: np.ndarray) -> np.ndarray:
    """Which schools must not be shown; `sizes`: how many of each have both scores, `elsewhere`: hidden in other tables.

    The difference of the sums after and before, which the means of all give, is the sum of the schools' changes and of
    what those add who are not linked.
    """
    minimum = panel.study.settings.minimum_group
    hidden = hidden_parts(sizes, minimum, elsewhere, least=TOLD_OF_SCHOOLS + 1)
    scores = scores_of(panel, scale)
    beside = left_out(scores, linked_with_school(scores))
    if few(beside, minimum):
        hidden = hidden_parts(np.append(sizes, beside), minimum, np.append(hidden, True))[:-1]
    return hidden
