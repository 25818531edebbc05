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
    """Which answers before are nearer in time to the middle of those after than to their own, and the reverse.

    The middle is the median. None where fewer than 10 times are known of either, or the two are less than 30 days
    apart. Same indexes.
    """
    middles = pre.median(), post.median()
    if min(pre.notna().sum(), post.notna().sum()) < FEWEST_TIMES or abs(middles[1] - middles[0]) < LEAST_MARGIN:
        return pd.Series(False, index=pre.index), pd.Series(False, index=post.index)
    return tuple(
        (times - other).abs() < (times - own).abs()
        for times, own, other in zip((pre, post), middles, middles[::-1], strict=True)
    )
