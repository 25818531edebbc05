"""p values adjusted for the number of questions asked in a family."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from statsmodels.stats.multitest import multipletests


def holm(p: ArrayLike) -> np.ndarray:
    """Holm-adjusted p values, in the order given: they bound the chance of any false alarm in the family.

    `p`: p values (m,). A nan stays nan and does not count in the family.
    Raises ValueError if a p value lies outside 0 to 1.
    Source: Holm (1979), Scandinavian Journal of Statistics; equals R `p.adjust(p, "holm")`.
    """
    return _adjusted(p, "holm")


def benjamini_hochberg(p: ArrayLike) -> np.ndarray:
    """Benjamini-Hochberg-adjusted p values, in the order given: they bound the share of false alarms.

    `p`: p values (m,). A nan stays nan and does not count in the family.
    Raises ValueError if a p value lies outside 0 to 1.
    Source: Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B;
    equals R `p.adjust(p, "BH")`.
    """
    return _adjusted(p, "fdr_bh")


def _adjusted(p: ArrayLike, method: str) -> np.ndarray:
    p = np.asarray(p, dtype=float).ravel()
    if np.any((p < 0) | (p > 1)):
        raise ValueError("A p value lies between 0 and 1.")
    adjusted, known = np.full(p.shape, np.nan), ~np.isnan(p)
    if known.any():
        adjusted[known] = multipletests(p[known], method=method)[1]
    return adjusted
