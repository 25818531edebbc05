"""Respondents who may have ticked down a column without reading."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from analysis.notes import note

FEWEST_ANSWERS = 5
STRAIGHT_LINER = note("straight_liner", answers=FEWEST_ANSWERS)
"""Who is marked, for readers."""


def straight_liners(answers: ArrayLike, reversed_items: ArrayLike) -> np.ndarray:
    """Which respondents gave the same answer to every question of a page with reversed items, (n,) booleans.

    `answers`: (n, k), the items of one page, as answered (not reversed), nan where missing.
    `reversed_items`: (k,) booleans. A respondent is marked whose given answers are all identical, are at
    least 5, and include a reversed item and one that is not; `STRAIGHT_LINER` says so to readers. On a page of
    which all items or none are reversed nobody is marked, for there identical answers contradict nothing.
    Sources: Johnson (2005), Journal of Research in Personality; Meade and Craig (2012), Psychological
    Methods.
    """
    x = np.asarray(answers, dtype=float)
    reversed_items = np.asarray(reversed_items, dtype=bool).ravel()
    if reversed_items.size != x.shape[1]:
        raise ValueError(f"{x.shape[1]} items need as many marks of reversal, not {reversed_items.size}.")
    given = ~np.isnan(x)
    both_ways = given[:, reversed_items].any(axis=1) & given[:, ~reversed_items].any(axis=1)
    enough = given.sum(axis=1) >= FEWEST_ANSWERS
    highest = np.where(given, x, -np.inf).max(axis=1, initial=-np.inf)
    lowest = np.where(given, x, np.inf).min(axis=1, initial=np.inf)
    return both_ways & enough & (highest == lowest)
