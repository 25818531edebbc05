"""Respondents who may have ticked down a column without reading."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from analysis.notes import note

FEWEST_ANSWERS = 5
STRAIGHT_LINER = note("straight_liner", answers=FEWEST_ANSWERS)
"""Who is marked, for readers."""


def longest_run(answers: ArrayLike) -> np.ndarray:
    """Length of the longest run of identical consecutive answers of each respondent, (n,) integers.

    `answers`: (n, k), the items of one page in the order asked, as answered (not reversed), nan where
    missing. A missing answer ends a run; a respondent without answers has 0.
    Source: Johnson (2005), Journal of Research in Personality; equals `max(rle(x)$lengths)` in R.
    """
    x = _page(answers)
    n, k = x.shape
    longest, current = np.zeros(n, dtype=int), np.zeros(n, dtype=int)
    for item in range(k):
        same = x[:, item] == x[:, item - 1] if item else np.zeros(n, dtype=bool)
        current = np.where(np.isnan(x[:, item]), 0, np.where(same, current + 1, 1))
        longest = np.maximum(longest, current)
    return longest


def straight_liners(answers: ArrayLike, reversed_items: ArrayLike) -> np.ndarray:
    """Which respondents gave the same answer to every question of a page with reversed items, (n,) booleans.

    `answers`: (n, k), the items of one page, as answered (not reversed), nan where missing.
    `reversed_items`: (k,) booleans. A respondent is marked whose given answers are all identical, are at
    least 5, and include a reversed item and one that is not; `STRAIGHT_LINER` says so to readers. On a page of
    which all items or none are reversed nobody is marked, for there identical answers contradict nothing.
    Sources: Johnson (2005), Journal of Research in Personality; Meade and Craig (2012), Psychological
    Methods.
    """
    x = _page(answers)
    reversed_items = np.asarray(reversed_items, dtype=bool).ravel()
    if reversed_items.size != x.shape[1]:
        raise ValueError(f"{x.shape[1]} items need as many marks of reversal, not {reversed_items.size}.")
    given = ~np.isnan(x)
    both_ways = given[:, reversed_items].any(axis=1) & given[:, ~reversed_items].any(axis=1)
    enough = given.sum(axis=1) >= FEWEST_ANSWERS
    highest = np.where(given, x, -np.inf).max(axis=1, initial=-np.inf)
    lowest = np.where(given, x, np.inf).min(axis=1, initial=np.inf)
    return both_ways & enough & (highest == lowest)


def _page(answers: ArrayLike) -> np.ndarray:
    x = np.asarray(answers, dtype=float)
    if x.ndim != 2:
        raise ValueError(f"Answers have two dimensions, respondents and items, not {x.ndim}.")
    return x
