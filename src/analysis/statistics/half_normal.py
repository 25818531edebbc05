"""Several independent estimates pooled with a half-normal prior on how much the true values differ."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, nan

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from analysis.statistics.meta import FEWEST, too_few, usable

NODES, WEIGHTS = np.polynomial.legendre.leggauss(32)


@dataclass(frozen=True)
class PooledHalfNormal:
    """A posterior of the mean and of the standard deviation tau between true values.

    `estimate`, `mean`: median and mean of the mean's posterior; `low`, `high`: its central 95 % credible interval.
    `tau`: posterior median, with its central 95 % interval. `prediction_low`, `prediction_high`: central 95 % interval of
    the true value of one further, similar estimate. `k`: estimates that entered; `scale`: that of the prior. Numbers
    that don't exist are nan, and `note` says why.
    """

    k: int = 0
    estimate: float = nan
    mean: float = nan
    low: float = nan
    high: float = nan
    tau: float = nan
    tau_low: float = nan
    tau_high: float = nan
    prediction_low: float = nan
    prediction_high: float = nan
    scale: float = nan
    method: str = ""
    note: tuple[str, ...] = ()


def pool_half_normal(estimates: ArrayLike, ses: ArrayLike, scale: float) -> PooledHalfNormal:
    """The random-effects mean of independent estimates (k,) with standard errors (k,), tau half-normal a priori.

    y ~ N(mu, se² + tau²), tau half-normal with `scale` in the points of the estimates (its median is .67 scale, 95 % of
    it lies below 1.96 scale), mu flat. Given tau, mu is normal; so its posterior, and that of a further value, is a
    mixture of normals over the posterior of tau, integrated by Gauss-Legendre quadrature without any chance. With few
    estimates tau² is often estimated as 0, and intervals then take the true values for equal; here they do not.
    An estimate that is missing or has no positive standard error does not enter, and the note counts it. With three
    estimates or fewer nothing is pooled. Raises ValueError unless the scale is positive.
    Source: Röver (2020), Journal of Statistical Software 93(6); Friede, Röver, Wandel & Neuenschwander (2017), Research
    Synthesis Methods (few studies). Equals R `bayesmeta(tau.prior = function(t) dhalfnormal(t, scale = scale),
    interval.type = "central")`; held against R's `integrate` on the same posterior.
    """
    if not (isfinite(scale) and scale > 0):
        raise ValueError(f"The scale of the prior is a positive number, not {scale}.")
    y, v, note = usable(estimates, ses)
    method = f"half-normal prior on tau (scale {scale:g}), flat on the mean, central 95 % credible interval"
    start = {"k": y.size, "scale": float(scale), "method": method}
    if y.size < FEWEST:
        return PooledHalfNormal(**start, note=(*note, too_few(y.size)))
    tau, density, ends = _posterior_of_tau(y, v, scale)
    mean, variance = _given(tau, y, v)
    low, middle, high = _quantiles(density, mean, np.sqrt(variance))
    prediction_low, _, prediction_high = _quantiles(density, mean, np.sqrt(variance + tau**2))
    tau_low, tau_middle, tau_high = _quantiles_of_tau(density, ends, y, v, scale)
    if tau_middle > ndtri(0.995) * scale:
        note = (*note, "The estimates differ far more than the prior expects: its scale is too small for them.")
    return PooledHalfNormal(
        **start, estimate=middle, mean=float(density @ mean), low=low, high=high, tau=tau_middle, tau_low=tau_low,
        tau_high=tau_high, prediction_low=prediction_low, prediction_high=prediction_high,
        note=note)


def _given(tau: np.ndarray, y: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of mu given each tau."""
    w = 1 / (v + tau[:, None] ** 2)
    return (w @ y) / w.sum(axis=1), 1 / w.sum(axis=1)


def _log_density(tau: np.ndarray, y: np.ndarray, v: np.ndarray, scale: float) -> np.ndarray:
    """Log posterior density of tau but for a constant."""
    mean, variance = _given(tau, y, v)
    w = 1 / (v + tau[:, None] ** 2)
    scatter = (w * (y - mean[:, None]) ** 2).sum(axis=1)
    return 0.5 * (np.log(w).sum(axis=1) + np.log(variance) - scatter - (tau / scale) ** 2)


def _posterior_of_tau(y: np.ndarray, v: np.ndarray, scale: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Nodes of tau, their posterior weights, and the ends of the pieces that they integrate.

    The pieces double in length, so that the sharpest estimate and the prior's tail are met alike. Beyond the last end
    the likelihood falls, and the prior leaves less than 1e-36 of what it has where the likelihood does not fall yet.
    """
    last = 13 * scale + float(np.ptp(y))
    first = min(float(np.sqrt(v.min())), scale) / 2
    ends = np.concatenate([[0.0], last * 2.0 ** np.arange(-np.ceil(np.log2(last / first)), 1)])
    half = np.diff(ends)[:, None] / 2
    tau = (ends[:-1, None] + half * (1 + NODES)).ravel()
    log_density = _log_density(tau, y, v, scale)
    weights = np.exp(log_density - log_density.max()) * (half * WEIGHTS).ravel()
    return tau, weights / weights.sum(), ends


def _quantiles(weights: np.ndarray, mean: np.ndarray, sd: np.ndarray) -> tuple[float, float, float]:
    """The quantiles .025, .5 and .975 of a mixture of normals."""
    ends = float((mean - 9 * sd).min()), float((mean + 9 * sd).max())

    def excess(x: float, p: float) -> float:
        return float(weights @ ndtr((x - mean) / sd)) - p

    low, middle, high = (brentq(excess, *ends, args=(p,), xtol=1e-300, rtol=1e-14) for p in (0.025, 0.5, 0.975))
    return low, middle, high


def _quantiles_of_tau(weights, ends, y, v, scale) -> tuple[float, float, float]:
    below = np.concatenate([[0.0], weights.reshape(-1, NODES.size).sum(axis=1).cumsum()])

    def quantile(p: float) -> float:
        piece = int(np.searchsorted(below, p)) - 1
        start, end, needed = ends[piece], ends[piece + 1], p - below[piece]

        def mass(x: float) -> float:
            tau = start + (x - start) / 2 * (1 + NODES)
            return float((x - start) / 2 * WEIGHTS @ np.exp(_log_density(tau, y, v, scale) - peak))

        peak = float(_log_density(np.linspace(start, end, 9), y, v, scale).max())
        share = needed / (below[piece + 1] - below[piece])
        return float(brentq(lambda x: mass(x) / mass(end) - share, start, end, xtol=1e-300, rtol=1e-14))

    return quantile(0.025), quantile(0.5), quantile(0.975)
