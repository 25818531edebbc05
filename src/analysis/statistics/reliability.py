"""How consistently the items of a scale answer together."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import nan

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import f

from analysis.statistics.one_factor import OneFactorFit, one_factor

FEWEST_RESPONDENTS = 10


@dataclass(frozen=True)
class Reliability:
    """Reliability of a scale in one wave. Numbers that don't exist are nan, and `note` says why.

    `n`: respondents who answered all items. `alpha_low`, `alpha_high`: Feldt's 95 % interval. `fit`: that of the
    one-factor model behind omega; empty, with the note, where there is no such model.
    """

    n: int = 0
    n_items: int = 0
    alpha: float = nan
    alpha_low: float = nan
    alpha_high: float = nan
    omega: float = nan
    fit: OneFactorFit = field(default_factory=OneFactorFit)
    note: tuple[str, ...] = ()


def reliability(answers: ArrayLike) -> Reliability:
    """Cronbach's alpha with Feldt's interval, and omega, from the respondents who answered all items.

    `answers`: (n, k), items in columns, already reversed, nan where an answer is missing.

    Alpha = k / (k - 1) · (1 - Σ s²ᵢ / s²total). Its interval: 1 - (1 - alpha) · F at .975 and .025 with n - 1
    and (n - 1)(k - 1) df. Omega = (Σλ)² / s²total, the loadings λ from a one-factor model by maximum likelihood
    in the items' own units; nan if that has no proper solution, and the note says where the model fails. Two
    items have no alpha and no omega, the note gives their Spearman-Brown coefficient; one item has nothing. An
    item that does not vary, fewer than 10 respondents or no more respondents than items give nan with the reason.

    Sources: Cronbach (1951), Psychometrika; Feldt, Woodruff and Salih (1987), Applied Psychological
    Measurement; McDonald (1999), Test Theory. Equals R `psych::alpha` with `psych::alpha.ci`, and
    `semTools::compRelSEM(lavaan::cfa(...))`.
    """
    x, dropped = _complete(answers)
    n, k = x.shape
    note = ("Respondents with a missing answer are left out.",) if dropped else ()
    reason = _obstacle(x)
    if k == 2 and not reason:
        r = float(np.corrcoef(x, rowvar=False)[0, 1])
        coefficient = f"{2 * r / (1 + r):.2f}" if r > -1 else "not defined"
        reason = f"Two items: instead of alpha, the Spearman-Brown coefficient is {coefficient}."
    if reason:
        return Reliability(n=n, n_items=k, fit=OneFactorFit(n=n, n_items=k, note=(reason,)), note=(*note, reason))

    covariance = np.cov(x, rowvar=False)
    alpha, omega = _alpha(covariance), nan
    upper, lower = f.ppf([0.975, 0.025], n - 1, (n - 1) * (k - 1))
    loadings, fit = one_factor(x)
    if loadings is not None:
        omega = float((loadings @ np.sqrt(covariance.diagonal())) ** 2 / covariance.sum())
        against = int(np.count_nonzero(loadings < 0))
        if against:
            note = (*note, f"{against} of {k} items run against the others.")
    return Reliability(
        n=n, n_items=k, alpha=alpha, alpha_low=float(1 - (1 - alpha) * upper),
        alpha_high=float(1 - (1 - alpha) * lower), omega=omega, fit=fit,
        note=(*note, *fit.note, "Feldt's interval takes respondents as independent and so ignores schools."),
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
