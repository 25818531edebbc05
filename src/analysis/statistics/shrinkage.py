"""Means of clusters drawn towards the mean of all, with intervals that allow for not knowing how far clusters differ."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import sqrt

import numpy as np
from scipy.special import stdtr, stdtrit

from analysis.notes import Note, note
from analysis.statistics.answers import is_constant
from analysis.statistics.half_normal import given_tau, mixture_quantile

NODES = 128  # of the quadrature over the standard deviation between clusters


@dataclass(frozen=True)
class Shrunken:
    """What a random-intercept model says of each cluster; arrays have a place per cluster, in the order of the codes.

    `size` values with the mean `own`; `estimate` is that drawn towards the `overall` mean, the further the smaller
    `weight` is (0 to 1); `low` and `high` bound the 95 % interval of the cluster's mean. Arrays are nan, and `note` says
    why, where there is no fit.
    """

    size: np.ndarray
    own: np.ndarray
    estimate: np.ndarray
    low: np.ndarray
    high: np.ndarray
    weight: np.ndarray
    overall: float = float("nan")
    note: tuple[Note, ...] = ()


def shrunken_means(values, cluster) -> Shrunken:
    """Posterior means and 95 % intervals of the clusters' means under values = overall + cluster + rest.

    `values`: (n,) finite floats; `cluster`: (n,) codes 0 to J - 1, each with at least one value. Given the standard
    deviation t between clusters, the mean of a cluster of n_j is w own + (1 - w) overall with w = t² / (t² + W / n_j), W
    the pooled variance within, and its variance w W / n_j + (1 - w)² var(overall): best linear unbiased prediction. These
    are averaged over t by its likelihood (the restricted one) with a flat prior, so an estimate near t = 0 does not put
    every cluster on one point; limits are quantiles of the mixture of t distributions with n - J df. Takes three
    clusters, for which the average exists, and one with two values.
    Gelman (2006), Bayesian Analysis 1; Robinson (1991), Statistical Science 6. R, given t: `metafor::blup` on the means
    with the variances W / n_j.
    """
    values, cluster = np.asarray(values, float).reshape(-1), np.asarray(cluster, int).reshape(-1)
    size = np.bincount(cluster).astype(float)
    own = np.bincount(cluster, weights=values) / size
    J, n = len(size), len(values)
    if J < 3:
        return _without(size, own, note("takes_schools", n=3))
    if n == J:
        return _without(size, own, note("one_per_school"))
    if is_constant(np.append(values - own[cluster], 0.0), float(np.abs(values).max())):
        return _without(size, own, note("constant_within_schools"))
    error = float(((values - own[cluster]) ** 2).sum()) / (n - J) / size
    between, share = _spreads(own, error)
    overall, uncertainty, _ = given_tau(between, own, error)
    weight = between[:, None] ** 2 / (between[:, None] ** 2 + error)
    mean = overall[:, None] + weight * (own - overall[:, None])
    deviation = np.sqrt(weight * error + (1 - weight) ** 2 * uncertainty[:, None])
    low, high = (
        np.array([mixture_quantile(p, share, *of_cluster, cdf=partial(stdtr, n - J), ppf=partial(stdtrit, n - J))
                  for of_cluster in zip(mean.T, deviation.T, strict=True)]) for p in (0.025, 0.975))
    return Shrunken(size, own, share @ mean, low, high, share @ weight, float(share @ overall))


def _spreads(own: np.ndarray, error: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Standard deviations between clusters, and the posterior share of each under a flat prior; both (NODES,).

    Gauss-Legendre nodes of u in 0 to 1, at t = scale u / (1 - u).
    """
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    u = (nodes + 1) / 2
    between = sqrt(error.mean() + own.var()) * u / (1 - u)
    height = given_tau(between, own, error)[2]
    share = weights * np.exp(height - height.max()) / (1 - u) ** 2
    return between, share / share.sum()


def _without(size: np.ndarray, own: np.ndarray, reason: Note) -> Shrunken:
    none = np.full(len(size), np.nan)
    return Shrunken(size, own, none, none, none, none, note=(reason,))
