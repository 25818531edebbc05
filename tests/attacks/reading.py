"""What a reader takes from published tables: numbers as the intervals that rounding leaves, sums as what lies in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.disclosure.policy import COARSE, P_COLUMNS, Policy

Tables = dict[str, pd.DataFrame]
EXACT = 1e-9
SLACK = 1e-7


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
        return Interval(*sorted((self.low * factor, self.high * factor)))

    def __and__(self, other: Interval) -> Interval:
        return Interval(max(self.low, other.low), min(self.high, other.high))

    def holds(self, numbers: np.ndarray) -> np.ndarray:
        """Which of these numbers it may be."""
        return (numbers >= self.low - SLACK) & (numbers <= self.high + SLACK)

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
    """The published tables, read by somebody who has the code and so knows how each number was rounded."""

    def __init__(self, tables: Tables, minimum: int):
        self.tables, self.minimum = tables, minimum
        self.full = any(_unrounded(table) for table in tables.values())
        self.policy = Policy(1 if self.full else minimum)
        self._records: dict[str, list[dict]] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables.get(name, pd.DataFrame())

    def few(self, number: float) -> bool:
        """Whether so many are a group that nobody may learn of."""
        return bool(0 < number < self.minimum)

    def number(self, row: dict, column: str) -> Interval:
        """Where the number lies that stands behind a published one."""
        value = row.get(column, np.nan)
        if pd.isna(value):
            return ANYWHERE
        if self.full:
            half = EXACT * max(1, abs(value))
        elif column == "df":
            half = 0.5
        else:
            half = 0.5 * 10.0 ** -self.policy.digits(pd.Series(row), column)
        return Interval(value - half, value + half)

    def sum(self, row: dict, column: str, n: float) -> Interval:
        """Where the sum of `n` lies whose mean is published."""
        return self.number(row, column) * n if n else ANYWHERE

    def rows(self, name: str, **where) -> list[dict]:
        if name not in self._records:
            self._records[name] = self[name].to_dict("records")
        return [row for row in self._records[name] if all(row.get(column) == value for column, value in where.items())]

    def row(self, name: str, **where) -> dict:
        """The one such row, empty if there is none."""
        found = self.rows(name, **where)
        return found[0] if len(found) == 1 else {}


def _unrounded(table: pd.DataFrame) -> bool:
    numbers = table.select_dtypes("float").drop(columns=[*P_COLUMNS, *COARSE, "slope"], errors="ignore").to_numpy(float)
    numbers = numbers[np.isfinite(numbers)]
    return bool((np.abs(numbers - np.round(numbers, 4)) > 1e-6).any())
