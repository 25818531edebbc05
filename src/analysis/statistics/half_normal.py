"""Several independent estimates pooled with a half-normal prior on how much the true values differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, isfinite, nan

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from analysis.notes import Note, note
from analysis.statistics.meta import FEWEST, usable

NODES, WEIGHTS = np.polynomial.legendre.leggauss(32)
QUANTILES = (0.025, 0.5, 0.975)


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
    note: tuple[Note, ...] = ()


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
    y, v, notes = usable(estimates, ses)
    method = f"half-normal prior on tau (scale {scale:g}), flat on the mean, central 95 % credible interval"
    start = {"k": y.size, "scale": float(scale), "method": method}
    if y.size < FEWEST:
        return PooledHalfNormal(**start, note=(*notes, note("not_pooled", k=y.size)))
    below = _posterior_of_tau(y, v, scale)
    tau, weights = below(inf)
    weights = weights / (total := weights.sum())
    mean, variance, _ = given_tau(tau, y, v)
    low, middle, high = (mixture_quantile(p, weights, mean, np.sqrt(variance)) for p in QUANTILES)
    further = np.sqrt(variance + tau**2)
    prediction_low, _, prediction_high = (mixture_quantile(p, weights, mean, further) for p in QUANTILES)
    tau_low, tau_middle, tau_high = (
        brentq(lambda end, p=p: below(end)[1].sum() / total - p, 0, tau.max(), xtol=1e-300, rtol=1e-14) for p in QUANTILES)
    if tau_middle > ndtri(0.995) * scale:
        notes += (note("narrow_prior"),)
    return PooledHalfNormal(
        **start, estimate=middle, mean=float(weights @ mean), low=low, high=high, tau=tau_middle, tau_low=tau_low,
        tau_high=tau_high, prediction_low=prediction_low, prediction_high=prediction_high, note=notes)


def given_tau(tau: np.ndarray, y: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean and variance of mu given each `tau` (m,), and the log of the restricted likelihood but for a constant."""
    w = 1 / (v + tau[:, None] ** 2)
    mean, variance = (w @ y) / w.sum(axis=1), 1 / w.sum(axis=1)
    scatter = (w * (y - mean[:, None]) ** 2).sum(axis=1)
    return mean, variance, 0.5 * (np.log(w).sum(axis=1) + np.log(variance) - scatter)


def mixture_quantile(p: float, weights: np.ndarray, mean: np.ndarray, sd: np.ndarray, cdf=ndtr, ppf=ndtri) -> float:
    """Where a mixture (m,) of distributions of one standard shape (`cdf` and its inverse) reaches the probability `p`."""
    ends = mean + ppf(p) * sd
    slack = 1e-6 * sd.max()
    return brentq(lambda x: weights @ cdf((x - mean) / sd) - p, ends.min() - slack, ends.max() + slack,
                  xtol=1e-300, rtol=1e-14)


def _posterior_of_tau(y: np.ndarray, v: np.ndarray, scale: float) -> Callable[[float], tuple[np.ndarray, np.ndarray]]:
    """Nodes of tau up to a given one with their weights, whose sum is the posterior mass there but for a constant.

    The pieces double in length, so that the sharpest estimate and the prior's tail are met alike. Beyond the last end
    the likelihood falls, and the prior leaves less than 1e-36 of what it has where the likelihood does not fall yet.
    """
    last = 13 * scale + float(np.ptp(y))
    first = min(float(np.sqrt(v.min())), scale) / 2
    ends = np.concatenate([[0.0], last * 2.0 ** np.arange(-np.ceil(np.log2(last / first)), 1)])

    def log_density(tau: np.ndarray) -> np.ndarray:
        return given_tau(tau, y, v)[2] - 0.5 * (tau / scale) ** 2

    def below(end: float) -> tuple[np.ndarray, np.ndarray]:
        cut = np.minimum(ends, end)
        half = np.diff(cut)[:, None] / 2
        tau = (cut[:-1, None] + half * (1 + NODES)).ravel()
        return tau, np.exp(log_density(tau) - peak) * (half * WEIGHTS).ravel()

    peak = log_density(ends).max()
    return below
