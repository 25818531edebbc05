"""Which of several submissions under one code counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

COUNTS, REPEATS, REPLACED, SET_ASIDE = "counts", "repeats", "replaced", "set aside"


def duplicate_answers(frame: pd.DataFrame, group: pd.Series, items: Sequence[str],
                      decided: Mapping[object, bool] | None = None) -> pd.DataFrame:
    """The answers of respondents who answered more than once, and what becomes of each.

    `frame` has a row per answer with `submitted`, `file`, `row` and `items`; `group` gives of each the respondent who
    is said to have written it, missing where that is not known. `decided` says of some answers, by index label, that
    they count or don't. Returns a row per answer in a group of several, by index label: `group`, `outcome` (counts,
    repeats another identical one that counts, replaced by a later or chosen one, set aside) and `decided` (bool).

    Identical answers collapse into the last. Of different ones the latest counts if it answers as many items as each of
    the others, and more than any whose time is not known: survey tools write no time for a response that was never
    submitted, so one without a time that answers fewer items is taken for unfinished. Otherwise all are set aside.
    """
    known = group.dropna()
    several = frame.loc[known.index[known.duplicated(keep=False)]]
    items = list(items)
    rows = several[["submitted", "file", "row"]].assign(
        group=known.loc[several.index], answered=several[items].notna().sum(axis=1), outcome=COUNTS, decided=False)
    decisions = pd.Series({label: yes for label, yes in (decided or {}).items() if label in rows.index}, dtype=bool)
    rows.loc[decisions.index, "decided"] = True
    rows.loc[decisions.index[~decisions], "outcome"] = SET_ASIDE
    rows = rows.sort_values(["group", "submitted", "file", "row"])
    answers = several.loc[rows.index, items].assign(group=rows["group"])

    chosen = rows["group"].isin(rows.loc[decisions.index[decisions], "group"])
    kept = rows.index.isin(decisions.index[decisions])
    _choose(rows, answers, (chosen & ~kept & (rows["outcome"] == COUNTS)).to_numpy(), kept)

    open_ = rows.index[(rows["outcome"] == COUNTS) & ~chosen]
    repeated = open_[answers.loc[open_].duplicated(keep="last")]
    rows.loc[repeated, "outcome"] = REPEATS
    rest = rows.loc[open_.difference(repeated, sort=False)]
    rest = rest.loc[rest["group"].duplicated(keep=False)]
    rows.loc[rest.index, "outcome"] = _outcomes(rest)
    return rows[["group", "outcome", "decided"]].sort_index()


def _choose(rows: pd.DataFrame, answers: pd.DataFrame, others: np.ndarray, kept: np.ndarray) -> None:
    """Write what becomes of the others where a person chose the one that counts, in place."""
    if not others.any():
        return
    both = pd.concat([answers.loc[kept], answers.loc[others]])
    same = both.duplicated().to_numpy()[kept.sum():]
    rows.loc[others, "outcome"] = np.where(same, REPEATS, REPLACED)


def _outcomes(rest: pd.DataFrame) -> pd.Series:
    """What becomes of different answers under one code, a place per row of `rest`."""
    by = rest["group"]
    latest = rest["submitted"].eq(rest["submitted"].groupby(by).transform("max"))
    most = rest["answered"].where(latest).groupby(by).transform("max")
    gives_way = latest | ((rest["answered"] <= most) & (rest["submitted"].notna() | (rest["answered"] < most)))
    decided = (latest.groupby(by).transform("sum") == 1) & gives_way.groupby(by).transform("all")
    return pd.Series(np.select([~decided, latest], [SET_ASIDE, COUNTS], REPLACED), rest.index)
