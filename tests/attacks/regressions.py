"""The change of a lone teacher from a regression: slope and mean, where few have another value of the predictor."""

from __future__ import annotations

import numpy as np
import pandas as pd

from attacks.codebooks import Book
from attacks.reading import Interval, Reader, few
from attacks.sums import _rise


def lone_predictor(reader: Reader, book: Book, minimum: int) -> list[str]:
    """The changes of the few who differ in a predictor that has two values among all others.

    With m of n at h and the others at 0 the slope is the difference of both mean changes over h, and the mean of the
    predictor and its standard deviation tell m and h.
    """
    known = []
    for row in reader.rows("association"):
        one = reader.row("numbers", item=row["predictor"], wave="post")
        scale, n = row["scale"], row["n"]
        if pd.isna(row["slope"]) or one.get("n") != n or pd.isna(one.get("sd", np.nan)):
            continue
        rise = _rise(reader, scale, n)
        total, sd = reader.sum(one["mean"], n), reader.number(one["sd"], n)
        if not np.isfinite(rise.low):
            continue
        ways = [(number, value) for number in range(1, int(n)) for value in total.steps(1) / number
                if value > 0 and _spread(value, number, n, sd)]
        if len(ways) != 1 or not few(ways[0][0], minimum):
            continue
        number, high = ways[0]
        changed = rise * (number / n) + reader.number(row["slope"], n) * (high * number * (1 - number / n))
        value = changed.only(1 / len(book.items[scale]))
        if value is not None:
            known.append(f"scale {scale}: the {number} with {high:g} {row['predictor']} changed by {value:g}")
    return known


def _spread(value: float, number: int, n: int, sd: Interval) -> bool:
    """Whether so many of n at a value and the others at 0 have that standard deviation."""
    made = value * np.sqrt(number * (1 - number / n) / (n - 1))
    return bool(sd.low - 1e-9 <= made <= sd.high + 1e-9)
