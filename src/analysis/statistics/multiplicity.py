"""p values adjusted for the number of questions asked in a family."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import false_discovery_control


def holm(p: ArrayLike) -> np.ndarray:
    """Holm-adjusted p values, in the order given: they bound the chance of any false alarm in the family.

    `p`: p values (m,). A nan stays nan and does not count in the family.
    Raises ValueError if a p value lies outside 0 to 1.
    Source: Holm (1979), Scandinavian Journal of Statistics; equals R `p.adjust(p, "holm")`.
    """
    return _adjusted(p, _step_down)


def benjamini_hochberg(p: ArrayLike) -> np.ndarray:
    """Benjamini-Hochberg-adjusted p values, in the order given: they bound the share of false alarms.

    `p`: p values (m,). A nan stays nan and does not count in the family.
    Raises ValueError if a p value lies outside 0 to 1.
    Source: Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B;
    equals R `p.adjust(p, "BH")`.
    """
    return _adjusted(p, false_discovery_control)


def _step_down(p: np.ndarray) -> np.ndarray:
    ascending = np.argsort(p, kind="stable")
    bounds = np.maximum.accumulate(p[ascending] * np.arange(p.size, 0, -1))
    return np.minimum(bounds, 1)[np.argsort(ascending)]


def _adjusted(p: ArrayLike, rule: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    p = np.asarray(p, dtype=float).ravel()
    if np.any((p < 0) | (p > 1)):
        raise ValueError("A p value lies between 0 and 1.")
    adjusted, known = np.full(p.shape, np.nan), ~np.isnan(p)
    if known.any():
        adjusted[known] = rule(p[known])
    return adjusted
