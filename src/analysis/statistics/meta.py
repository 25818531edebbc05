"""Several independent estimates of the same change, taken together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import inf, nan, sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.stats import chi2, t

from analysis.notes import Note, note
from analysis.statistics.estimate import Estimate

FEWEST = 4
METHOD = "REML, modified Hartung-Knapp, t(k - 1)"
EQUAL_WEIGHTS = "equal weights, their own standard errors, Satterthwaite"
_root = partial(brentq, xtol=1e-300, rtol=8.9e-16, maxiter=500)


@dataclass(frozen=True)
class Pooled:
    """A pooled estimate. Numbers that don't exist are nan, and `note` says why.

    `k`: estimates that entered. `low`, `high`: 95 % interval of the mean. `tau2`: variance of the true values
    between the estimates, with its 95 % interval. `q`: Cochran's Q. `i2`: percent. `prediction_low`,
    `prediction_high`: 95 % interval of the true value of one further, similar estimate; nan where tau² is 0.
    """

    k: int = 0
    estimate: float = nan
    se: float = nan
    df: float = nan
    low: float = nan
    high: float = nan
    p: float = nan
    tau2: float = nan
    tau2_low: float = nan
    tau2_high: float = nan
    q: float = nan
    i2: float = nan
    prediction_low: float = nan
    prediction_high: float = nan
    method: str = ""
    note: tuple[Note, ...] = ()


def pool(estimates: ArrayLike, ses: ArrayLike) -> Pooled:
    """The random-effects mean of independent estimates (k,) with their standard errors (k,).

    tau² by REML, the highest of the likelihood's maxima; the standard error by the modified Hartung-Knapp
    method, whose factor is at least 1; interval by t(k - 1); the interval of tau² by the Q-profile; I² from tau²
    and the typical sampling variance; the prediction interval by t(k - 2), and none where tau² is estimated as 0,
    which few estimates cannot show. An estimate that is missing or has no positive standard error does not enter,
    and the note counts it. With three estimates or fewer nothing is pooled.

    Sources: Viechtbauer (2005), Journal of Educational and Behavioral Statistics (REML); Hartung and Knapp
    (2001), Statistics in Medicine; Röver, Knapp and Friede (2015), BMC Medical Research Methodology (the
    modification); Viechtbauer (2007), Statistics in Medicine (Q-profile); Higgins and Thompson (2002),
    Statistics in Medicine (I²); Higgins, Thompson and Spiegelhalter (2009), Journal of the Royal Statistical
    Society A (prediction). Equals R `metafor::rma(method = "REML", test = "adhoc")` with its `confint` and
    `predict(pi.type = "riley")`.
    """
    y, v, notes = usable(estimates, ses)
    k = y.size
    if k < FEWEST:
        return Pooled(k=k, note=(*notes, note("not_pooled", k=k)))

    tau2 = _reml_tau2(y, v)
    mean, variance, scatter = _weighted(y, v, tau2)
    factor = scatter / (k - 1)
    if factor < 1:
        notes += (note("alike_estimates"),)
    df = k - 1
    se = sqrt(max(1.0, factor) * variance)
    reach = float(t.ppf(0.975, df))
    prediction = float(t.ppf(0.975, k - 2)) * sqrt(se**2 + tau2) if tau2 else nan
    if not tau2:
        notes += (note("no_prediction", k=k),)

    q = _weighted(y, v, 0.0)[2]
    tau2_low, tau2_high = _q_profile(y, v)
    if q < chi2.ppf(0.025, df):
        notes += (note("empty_tau2_interval"),)
    typical = df / _score(y, v, 0.0)[1]
    return Pooled(
        k=k, estimate=mean, se=se, df=float(df), low=mean - reach * se, high=mean + reach * se,
        p=float(2 * t.sf(abs(mean) / se, df)),
        tau2=tau2, tau2_low=tau2_low, tau2_high=tau2_high, q=q, i2=100 * tau2 / (tau2 + typical),
        prediction_low=mean - prediction, prediction_high=mean + prediction, method=METHOD,
        note=(*notes, note("errors_taken_as_known")),
    )


def equal_weight_mean(estimates: ArrayLike, ses: ArrayLike, dfs: ArrayLike) -> Estimate:
    """The plain mean of independent estimates (k,), of just these and of no others.

    The standard error is sqrt(Σ se²) / k, its degrees of freedom (Σ se²)² / Σ (se⁴ / df), with the `dfs` (k,)
    of the single standard errors; that the estimates differ among themselves is no error here.
    Fewer than two usable estimates give nan.
    Source: Satterthwaite (1946), Biometrics Bulletin; for two estimates its df are Welch's.
    """
    y, v, notes, nu = usable(estimates, ses, dfs)
    k = y.size
    start = Estimate(method=EQUAL_WEIGHTS, note=notes)
    if k < 2:
        return start.noting(note("no_mean"))
    if not np.all(nu > 0):
        return start.with_t_interval(y.mean(), nan, nan).noting(note("no_degrees_of_freedom"))
    blur = float((v**2 / nu).sum())
    df = float(v.sum() ** 2 / blur) if blur > 0 else inf
    return start.with_t_interval(y.mean(), float(v.sum()) / k**2, df).noting(note("equal_weights", k=k))


def usable(estimates: ArrayLike, ses: ArrayLike, *more: ArrayLike) -> tuple:
    """The estimates with a standard error, their sampling variances, a note that counts the others, and their `more`."""
    y, s, *more = (np.asarray(values, dtype=float).ravel() for values in (estimates, ses, *more))
    if any(values.size != y.size for values in (s, *more)):
        raise ValueError(f"{y.size} estimates need as many standard errors and degrees of freedom.")
    good = np.isfinite(y) & np.isfinite(s) & (s > 0)
    lacking = int(np.count_nonzero(~good))
    notes = (note("estimates_without_error", n=lacking, of=good.size),) if lacking else ()
    return y[good], s[good] ** 2, notes, *(values[good] for values in more)


def _weighted(y: np.ndarray, v: np.ndarray, tau2: float) -> tuple[float, float, float]:
    """Inverse-variance mean, its variance, and the weighted sum of squares about it."""
    w = 1 / (v + tau2)
    mean = float(w @ y / w.sum())
    return mean, float(1 / w.sum()), float(w @ (y - mean) ** 2)


def _score(y: np.ndarray, v: np.ndarray, tau2: float) -> tuple[float, float]:
    """y'PPy and tr P, the two sides of the score equation of tau².

    By pairs of estimates: differences from the mean cancel where one estimate is far more precise than the others.
    """
    w = 1 / (v + tau2)
    pairs = np.outer(w, w / w.sum())
    np.fill_diagonal(pairs, 0.0)
    weighted = (pairs * (y[:, None] - y)).sum(axis=1)
    return float(weighted @ weighted), float(pairs.sum())


def _reml_tau2(y: np.ndarray, v: np.ndarray) -> float:
    squares = float(((y - y.mean()) ** 2).sum())
    if squares == 0:
        return 0.0
    df = y.size - 1

    def score(tau2: float) -> float:
        found, expected = _score(y, v, tau2)
        return found - expected

    def deviance(tau2: float) -> float:
        total = v + tau2
        return float(np.log(total).sum() + np.log((1 / total).sum()) + _weighted(y, v, tau2)[2])

    # Beyond this point the score is negative: y'PPy <= squares / tau2² and tr P >= df / (tau2 + max v).
    ceiling = (squares + sqrt(squares**2 + 4 * df * squares * v.max())) / (2 * df)
    grid = np.concatenate([[0.0], np.geomspace(ceiling * 1e-9, ceiling * 1.001, 200)])
    slopes = np.array([score(point) for point in grid])
    peaks = np.flatnonzero((slopes[:-1] > 0) & (slopes[1:] <= 0))
    maxima = [0.0, *(_root(score, grid[i], grid[i + 1]) for i in peaks)]
    return min(maxima, key=deviance)


def _q_profile(y: np.ndarray, v: np.ndarray) -> tuple[float, float]:
    squares = float(((y - y.mean()) ** 2).sum())

    def bound(quantile: float) -> float:
        def excess(tau2: float) -> float:
            return _weighted(y, v, tau2)[2] - quantile

        return _root(excess, 0.0, squares / quantile) if excess(0.0) > 0 else 0.0

    upper, lower = chi2.ppf([0.975, 0.025], y.size - 1)
    return bound(upper), bound(lower)
