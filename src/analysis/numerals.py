"""Numbers for reading: rounded, with a true minus sign, and counted with the right plural."""

from __future__ import annotations

import pandas as pd

MINUS = "\u2212"
NO_BREAK = "\u00a0"


def number(value: float, digits: int = 2, signed: bool = False) -> str:
    """A number for reading: fixed decimals, a true minus sign, an en dash where there is none."""
    if value is None or pd.isna(value):
        return "–"
    text = f"{abs(value):.{digits}f}"
    if float(text) == 0:
        return text
    return f"{MINUS if value < 0 else '+' if signed else ''}{text}"


def p_value(value: float) -> str:
    if value is None or pd.isna(value):
        return "–"
    return "< .001" if value < 0.001 else f"{value:.3f}".removeprefix("0")


def interval(low: float, high: float, digits: int = 2) -> str:
    return f"{number(low, digits)} to {number(high, digits)}"


def counted(n: int, singular: str, plural: str = "") -> str:
    return f"{n} {singular if n == 1 else plural or singular + 's'}"


def percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.0f}{NO_BREAK}%" if whole else "–"
