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
        group=known.loc[several.index], answered=several[items].notna().sum(axis=1))
    decisions = decided or {}
    rows = rows.assign(
        decided=rows.index.isin(decisions), chosen=[decisions.get(label, False) for label in rows.index],
        outcome=[COUNTS if decisions.get(label, True) else SET_ASIDE for label in rows.index],
    ).sort_values(["group", "chosen", "submitted", "file", "row"])
    answers = several.loc[rows.index, items].assign(group=rows["group"], open=rows["outcome"] == COUNTS)
    rows.loc[answers["open"] & answers.duplicated(keep="last"), "outcome"] = REPEATS
    rest = rows.loc[rows["outcome"] == COUNTS]
    rest = rest.loc[rest["group"].duplicated(keep=False)]
    rows.loc[rest.index, "outcome"] = _outcomes(rest)
    return rows[["group", "outcome", "decided"]].sort_index()


def _outcomes(rest: pd.DataFrame) -> pd.Series:
    """What becomes of different answers under one code, a place per row of `rest`."""
    by = rest["group"]
    latest = rest["submitted"].eq(rest["submitted"].groupby(by).transform("max"))
    most = rest["answered"].where(latest).groupby(by).transform("max")
    gives_way = latest | ((rest["answered"] <= most) & (rest["submitted"].notna() | (rest["answered"] < most)))
    clear = (latest.groupby(by).transform("sum") == 1) & gives_way.groupby(by).transform("all")
    decided = rest["chosen"].groupby(by).transform("any")
    counts = rest["chosen"] | (latest & ~decided)
    return pd.Series(np.select([~(clear | decided), counts], [SET_ASIDE, COUNTS], REPLACED), rest.index)
