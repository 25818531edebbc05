"""The one record that carries every estimate from the statistics to tables, figures and sentences."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite, nan


@dataclass(frozen=True)
class Estimate:
    """An estimate with its uncertainty and what it rests on.

    Numbers that don't exist are nan, and `note` says why. `low` and `high` bound the 95 % interval.
    `n` is the number of distinct respondents that entered; `n_matched` of them gave both answers.
    `n_clusters` is the number of clusters the standard error is computed over.
    """

    estimate: float = nan
    se: float = nan
    df: float = nan
    low: float = nan
    high: float = nan
    p: float = nan
    n: int = 0
    n_pre: int = 0
    n_post: int = 0
    n_matched: int = 0
    n_clusters: int = 0
    method: str = ""
    note: tuple[str, ...] = ()

    @property
    def exists(self) -> bool:
        return isfinite(self.estimate)

    def noting(self, *sentences: str) -> Estimate:
        """The same record with further sentences in its note."""
        return replace(self, note=(*self.note, *sentences))
