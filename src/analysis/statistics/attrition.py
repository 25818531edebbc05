"""Who left after the first wave, and how much that could change the answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import asin, inf, isfinite, nan, sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln

from analysis.statistics.answers import is_constant
from analysis.statistics.estimate import Estimate

SCHOOLS_IGNORED = "The interval takes respondents as independent and so ignores schools."


def standardised_mean_difference(left: ArrayLike, stayed: ArrayLike) -> Estimate:
    """How far those who left lie from those who stayed, in pooled standard deviations (Hedges' g).

    `left`: (a,), `stayed`: (b,) values before, missing ones nan; positive where those who left lie higher.
    g = J(df) · difference / pooled SD with df = a + b - 2; variance 1/a + 1/b + g² / (2(a + b)); interval by
    t(df). There is no p: the question is how far, not whether. nan with a note where a group has fewer than
    two values or nothing varies.
    Source: Hedges (1981), Journal of Educational Statistics; equals R `metafor::escalc("SMD", vtype = "LS")`.
    """
    left, stayed = _finite(left), _finite(stayed)
    a, b = left.size, stayed.size
    start = Estimate(n=a + b, method="Hedges' g, t interval")
    if min(a, b) < 2:
        return start.noting("A group has fewer than two values.")
    if is_constant(left) and is_constant(stayed):
        return start.noting("The values vary in neither group.")
    df = a + b - 2
    pooled = sqrt(((a - 1) * left.var(ddof=1) + (b - 1) * stayed.var(ddof=1)) / df)
    correction = np.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / sqrt(df / 2)
    g = float(correction * (left.mean() - stayed.mean()) / pooled)
    estimate = start.with_t_interval(g, 1 / a + 1 / b + g**2 / (2 * (a + b)), df)
    return replace(estimate, p=nan).noting(SCHOOLS_IGNORED)


def standardised_share_difference(left: ArrayLike, stayed: ArrayLike) -> Estimate:
    """How far the share of an answer among those who left lies from that among those who stayed (Cohen's h).

    `left`: (a,), `stayed`: (b,), 1 or True where the respondent gave the answer, 0 where another, nan where
    none. h = 2 asin √p - 2 asin √q, from -π to π, read like a difference in standard deviations; its
    variance 1/a + 1/b holds for shares of 0 and 1 too; interval by the normal distribution. There is no p.
    nan with a note where a group is empty. Raises ValueError for other values.
    Source: Cohen (1988), Statistical Power Analysis for the Behavioral Sciences; equals R
    `effectsize::cohens_h`.
    """
    left, stayed = _finite(left), _finite(stayed)
    if not np.isin(np.concatenate([left, stayed]), (0, 1)).all():
        raise ValueError("A share is made of zeros and ones.")
    a, b = left.size, stayed.size
    start = Estimate(n=a + b, method="Cohen's h, normal interval")
    if not min(a, b):
        return start.noting("A group has no answers.")
    h = 2 * asin(sqrt(left.mean())) - 2 * asin(sqrt(stayed.mean()))
    return replace(start.with_t_interval(h, 1 / a + 1 / b, inf), p=nan).noting(SCHOOLS_IGNORED)


@dataclass(frozen=True)
class TippingPoint:
    """What those who left must have done for the change to vanish. Numbers that don't exist are nan.

    `change`: the matched change. `to_zero`: the mean change of those who left at which the change of all who
    answered before is 0. `interval_to_zero`: the one at which its 95 % interval just reaches 0. Both in the
    points of the change.
    """

    change: float = nan
    n_matched: int = 0
    n_left: int = 0
    to_zero: float = nan
    interval_to_zero: float = nan
    note: tuple[str, ...] = ()


def tipping_point(matched: Estimate, n_left: int) -> TippingPoint:
    """The mean change of those who left at which the matched change would no longer hold for all.

    `matched`: the mean change of the `matched.n` matched respondents m, with its interval.
    `n_left`: respondents with an answer before and none after, u.

    Model: the change of all who answered before is (m · matched + u · x) / (m + u), where x is assumed, a
    number without error of its own, so that the interval is (m · [low, high] + u · x) / (m + u). Hence
    to_zero = -matched · m / u, and interval_to_zero = -low · m / u for a rise, -high · m / u for a fall.
    An interval that includes 0 has no such point. Source: Yan, Lee and Li (2009), Journal of
    Biopharmaceutical Statistics (tipping-point analysis).
    """
    point = TippingPoint(change=matched.estimate, n_matched=matched.n, n_left=n_left)
    if not (matched.exists and matched.n):
        return replace(point, note=("There is no matched change.",))
    if not n_left:
        return replace(point, note=("Nobody left.",))
    ratio = matched.n / n_left
    point = replace(point, to_zero=-matched.estimate * ratio)
    if not (isfinite(matched.low) and isfinite(matched.high)):
        return replace(point, note=("The matched change has no interval.",))
    if matched.low <= 0 <= matched.high:
        return replace(point, note=("The interval of the matched change already includes 0.",))
    nearest = matched.low if matched.low > 0 else matched.high
    return replace(point, interval_to_zero=-nearest * ratio)


def _finite(values: ArrayLike) -> np.ndarray:
    values = np.asarray(values, dtype=float).ravel()
    return values[np.isfinite(values)]
