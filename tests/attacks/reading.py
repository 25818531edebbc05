"""What a reader takes from published tables: numbers as the intervals that rounding leaves, sums as what lies in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

Tables = dict[str, pd.DataFrame]
EXACT = 1e-9
SLACK = 1e-7
FEWER_DECIMALS_BELOW = 30


@dataclass(frozen=True)
class Interval:
    """Where a number must lie; the ends included."""

    low: float
    high: float

    def __add__(self, other: Interval | float) -> Interval:
        other = of(other)
        return Interval(self.low + other.low, self.high + other.high)

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __sub__(self, other: Interval | float) -> Interval:
        return self + -of(other)

    def __mul__(self, factor: float) -> Interval:
        ends = sorted((self.low * factor, self.high * factor))
        return Interval(*ends)

    def __and__(self, other: Interval) -> Interval:
        return Interval(max(self.low, other.low), min(self.high, other.high))

    def steps(self, step: float) -> np.ndarray:
        """The multiples of `step` inside."""
        if not np.isfinite(self.low + self.high):
            return np.array([])
        slack = SLACK + 1e-9 * max(abs(self.low), abs(self.high))
        first, last = np.ceil((self.low - slack) / step), np.floor((self.high + slack) / step)
        return np.arange(first, last + 1) * step if last - first < 1e6 else np.array([])

    def only(self, step: float) -> float | None:
        """The one multiple of `step` inside, if it is the only one."""
        found = self.steps(step)
        return float(found[0]) if len(found) == 1 else None


def of(value: Interval | float) -> Interval:
    return value if isinstance(value, Interval) else Interval(value, value)


ANYWHERE = Interval(-np.inf, np.inf)


class Reader:
    """The published tables, read by somebody who knows how they are rounded.

    Numbers are published at full precision or with two decimals, one where they rest on fewer than thirty.
    """

    def __init__(self, tables: Tables):
        self.tables = tables
        self.full = any(_unrounded(table) for table in tables.values())

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables.get(name, pd.DataFrame())

    def number(self, value: float, n: float) -> Interval:
        """Where the number lies that stands behind a published one resting on `n` teachers."""
        if pd.isna(value):
            return ANYWHERE
        half = EXACT * max(1, abs(value)) if self.full else 0.05 if n < FEWER_DECIMALS_BELOW else 0.005
        return Interval(value - half, value + half)

    def sum(self, mean: float, n: float) -> Interval:
        return self.number(mean, n) * n if n else ANYWHERE

    def rows(self, name: str, **where) -> list[dict]:
        table = self[name]
        for column, value in where.items():
            if column not in table:
                return []
            table = table[table[column] == value]
        return table.to_dict("records")

    def row(self, name: str, **where) -> dict:
        """The one such row, empty if there is none."""
        found = self.rows(name, **where)
        return found[0] if len(found) == 1 else {}


def _unrounded(table: pd.DataFrame) -> bool:
    numbers = table.select_dtypes("float").drop(columns=["p", "p_adjusted", "tost_p"], errors="ignore").to_numpy(float)
    numbers = numbers[np.isfinite(numbers)]
    return bool((np.abs(numbers - np.round(numbers, 2)) > 1e-6).any())


def few(number: float, minimum: int) -> bool:
    return bool(0 < number < minimum)
