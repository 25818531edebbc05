"""How consistently the items of a scale answer together."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from math import nan, sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import f
from statsmodels.multivariate.factor import Factor

FEWEST_RESPONDENTS = 10
SMALLEST_UNIQUENESS = 0.005   # below it the solution is improper, the bound of R's factanal
LARGEST_SLOPE = 1e-6          # of the likelihood, where the search has arrived
SEARCH = {"gtol": 1e-9, "maxiter": 2000}   # for BFGS; L-BFGS-B waits for BLAS threads on a busy machine
IMPROPER = "Omega is empty: no proper solution of the one-factor model was found (Heywood case)."


@dataclass(frozen=True)
class Reliability:
    """Reliability of a scale in one wave. Numbers that don't exist are nan, and `note` says why.

    `n`: respondents who answered all items. `alpha_low`, `alpha_high`: Feldt's 95 % interval.
    """

    n: int = 0
    n_items: int = 0
    alpha: float = nan
    alpha_low: float = nan
    alpha_high: float = nan
    omega: float = nan
    note: tuple[str, ...] = ()


def reliability(answers: ArrayLike) -> Reliability:
    """Cronbach's alpha with Feldt's interval, and omega, from the respondents who answered all items.

    `answers`: (n, k), items in columns, already reversed, nan where an answer is missing.

    Alpha = k / (k - 1) · (1 - Σ s²ᵢ / s²total). Its interval: 1 - (1 - alpha) · F at .975 and .025 with n - 1
    and (n - 1)(k - 1) df. Omega = (Σλ)² / ((Σλ)² + Σθ) from a one-factor model by maximum likelihood, in the
    items' own units; nan if that has no proper solution. Two items have no alpha and no omega, the note gives
    their Spearman-Brown coefficient; one item has nothing. An item that does not vary, fewer than 10
    respondents or no more respondents than items give nan with the reason.

    Sources: Cronbach (1951), Psychometrika; Feldt, Woodruff and Salih (1987), Applied Psychological
    Measurement; McDonald (1999), Test Theory. Equals R `psych::alpha` with `psych::alpha.ci`, and
    `semTools::compRelSEM(lavaan::cfa(...), obs.var = FALSE)`.
    """
    x, dropped = _complete(answers)
    n, k = x.shape
    note = ("Respondents with a missing answer are left out.",) if dropped else ()
    reason = _obstacle(x)
    if reason:
        return Reliability(n=n, n_items=k, note=(*note, reason))
    if k == 2:
        r = float(np.corrcoef(x, rowvar=False)[0, 1])
        coefficient = f"{2 * r / (1 + r):.2f}" if r > -1 else "not defined"
        return Reliability(n=n, n_items=k, note=(
            *note, f"Two items: instead of alpha, the Spearman-Brown coefficient is {coefficient}."))

    alpha = _alpha(np.cov(x, rowvar=False))
    upper, lower = f.ppf([0.975, 0.025], n - 1, (n - 1) * (k - 1))
    omega, remark = _omega(x)
    return Reliability(
        n=n, n_items=k, alpha=alpha, alpha_low=float(1 - (1 - alpha) * upper),
        alpha_high=float(1 - (1 - alpha) * lower), omega=omega,
        note=(*note, *remark, "Feldt's interval takes respondents as independent and so ignores schools."),
    )


def item_rest_correlations(answers: ArrayLike) -> np.ndarray:
    """Correlation of each item with the sum of the others, (k,), among complete cases.

    `answers`: (n, k) as in `reliability`. nan where the item or the sum of the others does not vary, for
    fewer than 10 respondents and for one item. Equals `r.drop` of R `psych::alpha`.
    """
    x, _ = _complete(answers)
    n, k = x.shape
    correlations = np.full(k, nan)
    if n < FEWEST_RESPONDENTS or k < 2:
        return correlations
    rest = x.sum(axis=1, keepdims=True) - x
    varying = _varies(x) & _varies(rest)
    a, b = ((values - values.mean(axis=0))[:, varying] for values in (x, rest))
    correlations[varying] = (a * b).sum(axis=0) / np.sqrt((a**2).sum(axis=0) * (b**2).sum(axis=0))
    return correlations


def alpha_without_each(answers: ArrayLike) -> np.ndarray:
    """Alpha of the remaining items when each item is left out, (k,), among the complete cases of all items.

    `answers`: (n, k) as in `reliability`. All nan where `reliability` gives no alpha and where fewer than
    three items would remain. Equals `alpha.drop$raw_alpha` of R `psych::alpha`.
    """
    x, _ = _complete(answers)
    k = x.shape[1]
    if k < 4 or _obstacle(x):
        return np.full(k, nan)
    covariance = np.cov(x, rowvar=False)
    return np.array([_alpha(np.delete(np.delete(covariance, i, 0), i, 1)) for i in range(k)])


def _complete(answers: ArrayLike) -> tuple[np.ndarray, bool]:
    """Rows without a gap, and whether a row with some answers had one."""
    x = np.asarray(answers, dtype=float)
    if x.ndim != 2:
        raise ValueError(f"Answers have two dimensions, respondents and items, not {x.ndim}.")
    missing = np.isnan(x)
    whole = ~missing.any(axis=1)
    return x[whole], bool((~whole & ~missing.all(axis=1)).any())


def _varies(x: np.ndarray) -> np.ndarray:
    return np.ptp(x, axis=0) > 0


def _obstacle(x: np.ndarray) -> str:
    n, k = x.shape
    if k == 0:
        return "There is no item."
    if k == 1:
        return "One item alone has no alpha and no omega."
    needed = max(FEWEST_RESPONDENTS, k + 1)
    if n < needed:
        return f"Too few complete answers: {n} respondents answered all {k} items, {needed} are needed."
    constant = int(np.count_nonzero(~_varies(x)))
    if constant:
        verb = "does" if constant == 1 else "do"
        return f"{constant} of {k} items {verb} not vary, so there is nothing to be consistent with."
    if np.ptp(x.sum(axis=1)) <= 1e-12 * np.abs(x).sum(axis=1).max():
        return "The sum of the items does not vary."
    return ""


def _alpha(covariance: np.ndarray) -> float:
    k = len(covariance)
    total = covariance.sum()
    return float(k / (k - 1) * (1 - np.trace(covariance) / total)) if total > 0 else nan


def _omega(x: np.ndarray) -> tuple[float, tuple[str, ...]]:
    correlation = np.corrcoef(x, rowvar=False)
    model = Factor(corr=correlation, n_factor=1, method="ml", nobs=len(x))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            model.fit(start=_start(correlation), opt_method="BFGS", opt=SEARCH)
        except np.linalg.LinAlgError:
            return nan, (IMPROPER,)
    loadings, uniqueness = model.loadings[:, 0], model.uniqueness
    slope = np.abs(model.mle_retvals.jac).max()
    if not (slope < LARGEST_SLOPE and uniqueness.min() > SMALLEST_UNIQUENESS):
        return nan, (IMPROPER,)

    sd = x.std(axis=0, ddof=1)
    loadings = loadings * sd
    if loadings.sum() < 0:
        loadings = -loadings
    shared = loadings.sum() ** 2
    against = int(np.count_nonzero(loadings < 0))
    remark = (f"{against} of {sd.size} items run against the others.",) if against else ()
    return float(shared / (shared + uniqueness @ sd**2)), remark


def _start(correlation: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Loadings (k, 1) and uniquenesses (k,) from the first principal component, so that no chance enters."""
    values, vectors = np.linalg.eigh(correlation)
    loadings = np.clip(vectors[:, -1] * sqrt(values[-1]), -0.9, 0.9)
    return loadings[:, None], 1 - loadings**2
