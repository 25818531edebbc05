"""Times of submission that can't be right."""

from __future__ import annotations

import numpy as np
import pandas as pd

FEWEST_TIMES = 10
LEAST_MARGIN = np.timedelta64(30, "D")


def future(times: pd.Series, now: pd.Timestamp) -> pd.Series:
    """Which times lie more than a day after `now`; a day, because exports keep no time zone. Same index."""
    return times > now + pd.Timedelta(days=1)


def far_from_others(times: pd.Series) -> pd.Series:
    """Which times are far out among those of one survey. Same index; none where fewer than 10 are known.

    Far out are those beyond Tukey's outer fences, three times the distance between the quartiles below the lower
    and above the upper quartile, and at least 30 days. Source: Tukey (1977), Exploratory Data Analysis, ch. 2.
    """
    known = times.dropna()
    if len(known) < FEWEST_TIMES:
        return pd.Series(False, index=times.index)
    low, high = known.quantile(0.25), known.quantile(0.75)
    margin = max(3 * (high - low), pd.Timedelta(LEAST_MARGIN))
    return (times < low - margin) | (times > high + margin)


def within_other_survey(pre: pd.Series, post: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Which answers before lie among those after, and the reverse, as if they were in the other's file.

    An answer before counts if it is later than the lower quartile of those after; an answer after if it is earlier
    than the upper quartile of those before. None where fewer than 10 times are known of either.
    """
    if min(pre.notna().sum(), post.notna().sum()) < FEWEST_TIMES:
        return pd.Series(False, index=pre.index), pd.Series(False, index=post.index)
    return pre > post.quantile(0.25), post < pre.quantile(0.75)

