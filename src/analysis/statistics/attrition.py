"""Who left after the first wave, and how much that could change the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import asin, inf, isfinite, nan, sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln

from analysis.notes import Note, note
from analysis.statistics.answers import is_constant
from analysis.statistics.estimate import Estimate

DELTAS = (0.0, -0.1, -0.2, -0.3, -0.4, -0.5)


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
        return start.noting(note("few_values"))
    if is_constant(left) and is_constant(stayed):
        return start.noting(note("constant_groups"))
    df = a + b - 2
    pooled = sqrt(((a - 1) * left.var(ddof=1) + (b - 1) * stayed.var(ddof=1)) / df)
    correction = np.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / sqrt(df / 2)
    g = float(correction * (left.mean() - stayed.mean()) / pooled)
    estimate = start.with_t_interval(g, 1 / a + 1 / b + g**2 / (2 * (a + b)), df)
    return replace(estimate, p=nan).noting(note("ignores_schools"))


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
        return start.noting(note("few_values"))
    h = 2 * asin(sqrt(left.mean())) - 2 * asin(sqrt(stayed.mean()))
    return replace(start.with_t_interval(h, 1 / a + 1 / b, inf), p=nan).noting(note("ignores_schools"))


@dataclass(frozen=True)
class DeltaAdjustment:
    """The change if those not seen at follow-up had changed by `delta` points more than the estimate assumes.

    `share`: of those with a baseline score, how many have no matched follow-up. `adjusted`: the estimate for each delta,
    in the order asked for. `to_zero`: the delta at which the change is 0; `interval_to_zero`: the one at which its 95 %
    interval just reaches 0, nan where it includes 0 already. In the points of the change; what doesn't exist is nan and
    `note` says why.
    """

    share: float = nan
    adjusted: dict[float, Estimate] = field(default_factory=dict)
    to_zero: float = nan
    interval_to_zero: float = nan
    note: tuple[Note, ...] = ()


def delta_adjustment(change: Estimate, deltas: Sequence[float] = DELTAS) -> DeltaAdjustment:
    """How a change depends on what is assumed of those not seen at follow-up, its standard error kept.

    `change`: the main estimate, with its n_pre and n_matched; any estimate that takes those without a matched
    follow-up to have changed like the others of their kind. `deltas`: in the points of the change.

    Everyone with a baseline score is asked about. Of these the share u / (m + u) has no matched follow-up, so the
    change shifts by delta · u / (m + u), and with the standard error s kept the interval, too. It reaches 0 at
    delta = -change · (m + u) / u, its lower limit at -low · (m + u) / u, for a fall its upper one at -high · (m + u) / u.
    Those seen only at follow-up are no part of the share; where they are teachers whose codes did not match, fewer were
    lost than it says and the change depends less on delta.
    Source: Carpenter and Kenward (2013), Multiple Imputation and its Application, chapter 10. Equals multiple imputation
    with R `mice` where delta is added to what is imputed.
    """
    if not change.exists:
        return DeltaAdjustment(note=(note("no_change"),))
    share = (change.n_pre - change.n_matched) / change.n_pre
    adjusted = {
        delta: replace(change, estimate=change.estimate + delta * share, low=change.low + delta * share,
                       high=change.high + delta * share, p=nan)
        for delta in deltas}
    if not share:
        return DeltaAdjustment(share, adjusted, note=(note("all_seen"),))
    result = DeltaAdjustment(share, adjusted, to_zero=-change.estimate / share)
    if not (isfinite(change.low) and isfinite(change.high)):
        return replace(result, note=(note("no_interval"),))
    if change.low <= 0 <= change.high:
        return replace(result, note=(note("includes_zero"),))
    nearest = change.low if change.low > 0 else change.high
    return replace(result, interval_to_zero=-nearest / share)


def _finite(values: ArrayLike) -> np.ndarray:
    values = np.asarray(values, dtype=float).ravel()
    return values[np.isfinite(values)]
