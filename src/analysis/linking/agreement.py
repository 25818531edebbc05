"""Whether two answers could be one person's, by what does not change about a person."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.texts import normal

CLOSE = 1
"""How far two answers to a constant number may lie apart: a year, as an age does between the surveys."""


def agreement(before: pd.DataFrame, after: pd.DataFrame, kinds: Mapping[str, str]) -> tuple[np.ndarray, np.ndarray]:
    """Which constant items agree and which contradict, in pairs of answers.

    `before` and `after` have a row per pair, in the same order, and a column per item; `kinds` gives the kind of each
    item that does not change. Two bool arrays (pairs, items): agrees, contradicts; neither where one did not answer.
    Numbers contradict if they differ by more than `CLOSE`, multiple choices if they share none, and open answers never,
    since one thing can be written in many ways.
    """
    agrees = np.zeros((len(before), len(kinds)), bool)
    contradicts = np.zeros_like(agrees)
    for place, (item, kind) in enumerate(kinds.items()):
        one, other = (side[item].reset_index(drop=True) for side in (before, after))
        given = (one.notna() & other.notna()).to_numpy()
        one, other = one[given], other[given]
        if kind == "number":
            same = (one.astype(float) - other.astype(float)).abs() <= CLOSE
        elif kind == "multichoice":
            same = pd.Series([bool(set(a.split(";")) & set(b.split(";"))) or a == b
                              for a, b in zip(one, other, strict=True)], one.index, dtype=bool)
        elif kind == "text":
            same = one.map(normal) == other.map(normal)
        else:
            same = one == other
        agrees[given, place] = same.to_numpy(bool)
        contradicts[given, place] = ~same.to_numpy(bool) & (kind != "text")
    return agrees, contradicts
