"""Small-sample cluster-robust (CR2) standard errors of means and regressions, with Satterthwaite df."""

from __future__ import annotations

import numpy as np

from analysis.notes import note
from analysis.statistics.answers import Clusters, clusters_of, is_constant
from analysis.statistics.estimate import Estimate

NULL_EIGENVALUE = 1e-10
NULL_VARIANCE = 1e-16  # over the variance of independent values


def mean_cr2(values, cluster=None, null: float = 0.0) -> Estimate:
    """Mean with its CR2 standard error and Satterthwaite degrees of freedom.

    `values`: (n,) floats, entries that are not finite are left out. `cluster`: (n,) codes, or None.
    With fewer than two clusters each value is its own: the one-sample t test. p tests `null`.
    Bell & McCaffrey (2002), Survey Methodology 28; Pustejovsky & Tipton (2018), JBES 36.
    R: `clubSandwich::coef_test(lm(values ~ 1), "CR2", cluster, test = "Satterthwaite")`.
    """
    values = np.asarray(values, float).reshape(-1)
    return regression_cr2(values, np.ones((len(values), 1)), cluster, null)[0]


def regression_cr2(y, X, cluster=None, null: float = 0.0) -> list[Estimate]:
    """Least-squares coefficients with CR2 standard errors and Satterthwaite degrees of freedom.

    `y`: (n,) floats. `X`: (n, p) floats, its intercept included. Rows with a value that is not finite are
    left out. Returns one `Estimate` per column of X. With fewer than two clusters each row is its own.
    Where one cluster alone decides a coefficient, that has no standard error.
    Bell & McCaffrey (2002); Pustejovsky & Tipton (2018).
    R: `clubSandwich::coef_test(lm(y ~ 0 + X), "CR2", cluster, test = "Satterthwaite")`.
    """
    y, X = np.asarray(y, float).reshape(-1), np.asarray(X, float)
    keep = np.isfinite(y) & np.isfinite(X).all(axis=1)
    y, X = y[keep], X[keep]
    n, p = X.shape
    clusters = clusters_of(None if cluster is None else np.asarray(cluster).reshape(-1)[keep], n)
    start = Estimate(n=n, n_clusters=clusters.count, method="cr2", note=clusters.note)
    if n < p or not p:
        return [start.noting(note("too_few_to_estimate"))] * p
    size = np.sqrt((X**2).mean(axis=0))
    if not size.all() or np.linalg.matrix_rank(X / size) < p:
        return [start.noting(note("predictors_alike"))] * p

    X = X / size
    beta, *_ = np.linalg.lstsq(X, y, rcond=None)
    residual = y - X @ beta
    if is_constant(np.append(residual, 0.0), float(np.abs(y).max())) or n == p:
        reason = note("too_few_for_error") if n == p else note("no_variation_left")
        return [start.with_t_interval(b / s, np.nan, np.nan).noting(reason)
                for b, s in zip(beta, size, strict=True)]
    variance, df, reasons = _cr2(X, residual, clusters)
    estimates = []
    for k in range(p):
        estimate = start.with_t_interval(beta[k] / size[k], variance[k] / size[k] ** 2, df[k], null)
        estimates.append(estimate.noting(*(reasons[k] or clusters.few_for_cr2(df[k]))))
    return estimates


def _cr2(X, residual, clusters: Clusters):
    """CR2 variances (p,), nan where there is none, Satterthwaite df (p,), and p reasons for what is nan.

    With M = (X'X)^-1 and the eigenvectors E and eigenvalues l of M^1/2 Xj'Xj M^1/2, the adjusted score of
    cluster j is M Xj' (I - Xj M Xj')^-1/2 rj = M^1/2 E (1 - l)^-1/2 E' M^1/2 Xj' rj, so that only Xj'Xj and
    Xj'rj are needed. Where l = 1 the pseudo-inverse is used; a coefficient that this touches has no variance.
    """
    p, codes, count = X.shape[1], clusters.codes, clusters.count
    score = _sums(X * residual[:, None], codes, count)
    products = _sums((X[:, :, None] * X[:, None, :]).reshape(len(X), -1), codes, count).reshape(-1, p, p)
    values, vectors = np.linalg.eigh(products.sum(axis=0))
    root = (vectors / np.sqrt(values)) @ vectors.T
    leverage, E = np.linalg.eigh(root @ products @ root)
    leverage = np.clip(leverage, 0.0, 1.0)
    free = 1 - leverage > NULL_EIGENVALUE
    power = np.where(free, 1 / np.sqrt(np.where(free, 1 - leverage, 1.0)), 0.0)

    back = root @ E
    adjusted = np.einsum("jpk,jk,jqk,jq->jp", back, power, back, score, optimize=True)
    g = (back**2 * (leverage * power**2)[:, None, :]).sum(axis=2)
    h = np.einsum("jpk,jk,jqk->jpq", back, leverage * power, E, optimize=True)
    df, expected = satterthwaite(g, h)
    variance, model = (adjusted**2).sum(axis=0), (root**2).sum(axis=1)
    decided = expected < (1 - 1e-6) * model
    alike = variance <= NULL_VARIANCE * model * (residual @ residual) / len(residual)
    reasons = [(clusters.one_decides,) if d else (note("schools_alike"),) if a else ()
               for d, a in zip(decided, alike, strict=True)]
    return np.where(decided | alike, np.nan, variance), df, reasons


def satterthwaite(g: np.ndarray, h: np.ndarray):
    """Degrees of freedom (p,) and expected value (p,) of CR2 variances under the working covariance.

    The variance of coefficient c is a quadratic form with the J x J matrix diag(g_c) - h_c h_c', where
    `g`: (J, p) and `h`: (J, p, q); df = trace² / squared norm, here without forming that matrix.
    Pustejovsky & Tipton (2018), as in `clubSandwich:::Satterthwaite`.
    """
    length = (h**2).sum(axis=2)
    expected = (g - length).sum(axis=0)
    cross = np.einsum("jpq,jpr->pqr", h, h, optimize=True)
    norm = ((g - length) ** 2 - length**2).sum(axis=0) + (cross**2).sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        return expected**2 / norm, expected


def _sums(columns: np.ndarray, codes: np.ndarray, count: int) -> np.ndarray:
    sums = [np.bincount(codes, weights=column, minlength=count) for column in columns.T]
    return np.stack(sums, axis=1)
