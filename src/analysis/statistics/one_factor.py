"""One common factor behind the items of a scale: its loadings, and how well that model fits."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from math import isfinite, nan, sqrt

import numpy as np
from scipy.stats import chi2
from statsmodels.multivariate.factor import Factor

SMALLEST_UNIQUENESS = 0.005   # below it the solution is improper, the bound of R's factanal
LARGEST_SLOPE = 1e-6          # of the likelihood, where the search has arrived
SEARCH = {"gtol": 1e-9, "maxiter": 2000}   # for BFGS; L-BFGS-B waits for BLAS threads on a busy machine
IMPROPER = "No proper solution of the one-factor model was found (Heywood case), so there is no omega and no fit."
JUST_IDENTIFIED = "Three items fit a one-factor model whatever the answers, so its fit says nothing."


@dataclass(frozen=True)
class OneFactorFit:
    """How well one factor describes the items. Numbers that don't exist are nan, and `note` says why.

    `chisq` with `df`: likelihood ratio test against no model. `cfi`, `rmsea`, `srmr`: fit indices.
    """

    n: int = 0
    n_items: int = 0
    chisq: float = nan
    df: float = nan
    cfi: float = nan
    rmsea: float = nan
    srmr: float = nan
    note: tuple[str, ...] = ()

    @property
    def misfits(self) -> tuple[str, ...]:
        """The indices that speak against one factor, such as "CFI < .90"; empty where the model holds or has no fit.

        CFI < .90 (Bentler & Bonett 1980, Psychological Bulletin) and SRMR > .10 (Kline 2016, Principles and Practice of
        Structural Equation Modeling), the lenient bounds: those of Hu and Bentler (1999, Structural Equation Modeling:
        .95 and .08) are passed by few survey scales. They count only where the chi-square test with Bartlett's
        correction (1950, British Journal of Psychology) rejects the model at 5 % too, since with few respondents true
        models miss them by chance. RMSEA is reported and not judged: with the few df of short scales it is large for
        models that are nearly right (Kenny, Kaniskan & McCoach 2015, Sociological Methods & Research).
        """
        shrunk = self.chisq * (1 - (1 + (2 * self.n_items + 5) / 6 + 2 / 3) / max(self.n, 1))
        if not (isfinite(shrunk) and chi2.sf(shrunk, self.df) < 0.05):
            return ()
        bounds = {"CFI < .90": self.cfi < 0.90, "SRMR > .10": self.srmr > 0.10}
        return tuple(name for name, missed in bounds.items() if missed)

    @property
    def fails(self) -> bool:
        """Whether one factor does not describe the items, so that one coefficient for the scale misleads."""
        return bool(self.misfits)


def one_factor(x: np.ndarray) -> tuple[np.ndarray | None, OneFactorFit]:
    """Standardised loadings (k,), their sum not negative, and the fit of the one-factor model, by maximum likelihood.

    `x`: (n, k) complete answers, n > k >= 3, every item varying. Without a proper solution there are no loadings. With
    F = log|Σ| + tr(SΣ⁻¹) - log|S| - k: chi-square nF with k(k - 3)/2 df; CFI against independent items; RMSEA
    √(max(χ² - df, 0) / (n df)); SRMR the root mean square of the residual correlations, the diagonal's zeros included.
    Source: Jöreskog (1967), Psychometrika; Bentler (1990), Psychological Bulletin (CFI); Steiger (1990), Multivariate
    Behavioral Research (RMSEA); Bentler (1995), EQS manual (SRMR). Equals R `lavaan::fitMeasures(lavaan::cfa(...))`.
    """
    n, k = x.shape
    correlation = np.corrcoef(x, rowvar=False)
    loadings = _loadings(correlation, n)
    if loadings is None:
        return None, OneFactorFit(n=n, n_items=k, note=(IMPROPER,))
    if k == 3:
        return loadings, OneFactorFit(n=n, n_items=k, df=0.0, note=(JUST_IDENTIFIED,))
    implied = np.outer(loadings, loadings)
    np.fill_diagonal(implied, 1.0)
    determinant = np.linalg.slogdet(correlation)[1]
    discrepancy = np.linalg.slogdet(implied)[1] + np.trace(np.linalg.solve(implied, correlation)) - determinant - k
    chisq, df = n * max(float(discrepancy), 0.0), k * (k - 3) / 2
    beyond = max(chisq - df, 0.0)
    independent = max(-n * determinant - k * (k - 1) / 2, beyond)
    residual = (correlation - implied)[np.tril_indices(k)]
    fit = OneFactorFit(
        n=n, n_items=k, chisq=chisq, df=df, cfi=1 - beyond / independent if independent > 0 else 1.0,
        rmsea=sqrt(beyond / (n * df)), srmr=float(np.sqrt((residual**2).mean())))
    if not fit.fails:
        return loadings, fit
    return loadings, replace(fit, note=(
        f"One factor does not describe these items ({', '.join(fit.misfits)}), so a single coefficient for the scale is "
        "to be read with caution.",))


def _loadings(correlation: np.ndarray, n: int) -> np.ndarray | None:
    model = Factor(corr=correlation, n_factor=1, method="ml", nobs=n)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            model.fit(start=_start(correlation), opt_method="BFGS", opt=SEARCH)
        except np.linalg.LinAlgError:
            return None
    loadings, uniqueness = model.loadings[:, 0], model.uniqueness
    if not (np.abs(model.mle_retvals.jac).max() < LARGEST_SLOPE and uniqueness.min() > SMALLEST_UNIQUENESS):
        return None
    return loadings if loadings.sum() >= 0 else -loadings


def _start(correlation: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Loadings (k, 1) and uniquenesses (k,) from the first principal component, so that no chance enters."""
    values, vectors = np.linalg.eigh(correlation)
    loadings = np.clip(vectors[:, -1] * sqrt(values[-1]), -0.9, 0.9)
    return loadings[:, None], 1 - loadings**2
