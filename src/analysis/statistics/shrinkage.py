"""Means of clusters drawn towards the mean of all: empirical Bayes estimates, or BLUPs."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import ndtri

from analysis.statistics.answers import is_constant

LARGEST_RATIO = 1e4  # of the variance between clusters to that within
Z = float(ndtri(0.975))


@dataclass(frozen=True)
class Shrunken:
    """What a random-intercept model says of each cluster; arrays have a place per cluster, in the order of the codes.

    `size` values with the mean `own`; `estimate` lies between that and the `overall` mean, the nearer to the latter the
    smaller `weight` is (0 to 1); `low` and `high` bound its 95 % interval. `between` and `within` are the variances,
    `overall_se` is the standard error of the overall mean. Arrays are nan, and `note` says why, where there is no fit.
    """

    size: np.ndarray
    own: np.ndarray
    estimate: np.ndarray
    se: np.ndarray
    low: np.ndarray
    high: np.ndarray
    weight: np.ndarray
    overall: float = float("nan")
    overall_se: float = float("nan")
    between: float = float("nan")
    within: float = float("nan")
    note: tuple[str, ...] = ()


def shrunken_means(values, cluster) -> Shrunken:
    """Best linear unbiased predictions of the clusters' means under values = overall + cluster + rest, by REML.

    `values`: (n,) finite floats; `cluster`: (n,) codes 0 to J - 1, each with at least one value. The estimate of a
    cluster of n_j is overall + w (own - overall) with w = B / (B + W / n_j), B and W the variances between and within.
    Its squared error is g1 + g2 + 2 g3: of the prediction, of the overall mean, and of B itself, which matters with
    few clusters, but never more than that of the cluster's own mean; the interval is normal. A B of 0 puts every
    estimate on the overall mean. Takes three clusters and one with two values.
    Robinson (1991), Statistical Science 6; Prasad & Rao (1990), JASA 85; Datta & Lahiri (2000), Statistica Sinica 10
    (g3 under REML, W taken as known). R: `coef(lme4::lmer(values ~ 1 + (1 | cluster)))`; g1 + g2 is the `se` of
    `metafor::blup` on the means with the variances W / n_j.
    """
    values, cluster = np.asarray(values, float).reshape(-1), np.asarray(cluster, int).reshape(-1)
    size = np.bincount(cluster).astype(float)
    own = np.bincount(cluster, weights=values) / size
    J, n = len(size), len(values)
    if J < 3:
        return _without(size, own, "It takes three schools to say how far schools differ.")
    if n == J:
        return _without(size, own, "No school has two values.")
    inside = float(((values - own[cluster]) ** 2).sum())
    if is_constant(np.append(values - own[cluster], 0.0), float(np.abs(values).max())):
        return _without(size, own, "Within the schools the values do not vary.")
    ratio = _ratio(size, own, inside, n)
    precision = size / (1 + size * ratio)
    overall = float(precision @ own / precision.sum())
    within = (inside + float(precision @ (own - overall) ** 2)) / (n - 1)
    between, error = ratio * within, within / size
    weight = between / (between + error)
    g1 = weight * error
    g2 = (1 - weight) ** 2 / (1 / (between + error)).sum()
    g3 = error**2 / (between + error) ** 3 * 2 / ((between + error) ** -2.0).sum()
    estimate = overall + weight * (own - overall)
    se = np.sqrt(np.minimum(g1 + g2 + 2 * g3, error))
    return Shrunken(size, own, estimate, se, estimate - Z * se, estimate + Z * se, weight, overall,
                    sqrt(1 / (1 / (between + error)).sum()), between, within)


def _ratio(size: np.ndarray, own: np.ndarray, inside: float, n: int) -> float:
    """The ratio of the variances, between to within, with the highest restricted likelihood; 0 is allowed.

    Searched on its logarithm, since the likelihood may be flat over orders of magnitude.
    """
    def deviance(ratio: float) -> float:
        precision = size / (1 + size * ratio)
        mean = precision @ own / precision.sum()
        rest = inside + precision @ (own - mean) ** 2
        return (n - 1) * log(rest) + float(np.log1p(size * ratio).sum()) + log(precision.sum())

    grid = np.linspace(log(1e-8), log(LARGEST_RATIO), 60)
    heights = [deviance(float(np.exp(at))) for at in grid]
    best = int(np.argmin(heights))
    bounds = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    found = minimize_scalar(lambda at: deviance(float(np.exp(at))), bounds=bounds, method="bounded",
                            options={"xatol": 1e-12})
    return float(np.exp(found.x)) if found.fun < deviance(0.0) - 1e-12 else 0.0


def _without(size: np.ndarray, own: np.ndarray, reason: str) -> Shrunken:
    none = np.full(len(size), np.nan)
    return Shrunken(size, own, none, none, none, none, none, note=(reason,))
