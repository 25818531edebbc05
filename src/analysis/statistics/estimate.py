"""The one record that carries every estimate from the statistics to tables, figures and sentences."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf, isfinite, nan, sqrt

from scipy.special import ndtr, ndtri, stdtr, stdtrit

from analysis.notes import Note


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
    note: tuple[Note, ...] = ()

    @property
    def exists(self) -> bool:
        return isfinite(self.estimate)

    def noting(self, *notes: Note) -> Estimate:
        """The same record with further notes."""
        return replace(self, note=(*self.note, *notes))

    def with_t_interval(self, estimate: float, variance: float, df: float, null: float = 0.0) -> Estimate:
        """The same record with a 95 % interval and a two-sided p from Student's t (normal where df is inf).

        `null` is the value that p tests. Without a positive finite variance and df only the estimate is set.
        """
        usable = isfinite(variance) and variance > 0 and df > 0
        if not usable:
            return replace(self, estimate=float(estimate))
        se = sqrt(variance)
        t = abs(estimate - null) / se
        quantile = ndtri(0.975) if df == inf else stdtrit(df, 0.975)
        tail = ndtr(-t) if df == inf else stdtr(df, -t)
        return replace(
            self,
            estimate=float(estimate),
            se=se,
            df=float(df),
            low=float(estimate - quantile * se),
            high=float(estimate + quantile * se),
            p=float(2 * tail),
        )
