"""Numbers that can hardly be what was asked."""

from __future__ import annotations

import numpy as np
import pandas as pd

FEWEST_NUMBERS = 10
FAR = 5.0
"""Robust standard deviations from the median beyond which a number is far from the others."""

MOST_NEGATIVE = 0.1


def implausible(numbers: pd.Series) -> pd.Series:
    """Which numbers are far from the others, or negative where at most a tenth is. Same index; none of fewer than 10.

    The distance from the median is counted in 1.4826 median absolute deviations, or, where more than half of the
    numbers are equal, in 1.2533 mean absolute deviations. Source: Iglewicz & Hoaglin (1993), How to detect and handle
    outliers, section 3; their limit is 3.5, ours wider, since counts of years or hours are skewed.
    """
    known = numbers.dropna()
    if len(known) < FEWEST_NUMBERS:
        return pd.Series(False, index=numbers.index)
    away = (known - known.median()).abs()
    spread = 1.4826 * away.median() or 1.2533 * away.mean() or np.inf
    negative = (numbers < 0) & ((known < 0).mean() <= MOST_NEGATIVE)
    return (numbers - known.median()).abs().gt(FAR * spread) | negative
