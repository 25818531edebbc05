"""Numbers for reading, as the APA's manual has them: rounded, with a true minus sign, counted with the right plural."""

from __future__ import annotations

import numpy as np
import pandas as pd

MINUS = "\u2212"
NO_BREAK = "\u00a0"
DASH = "–"


def number(value: float, digits: int = 2, signed: bool = False) -> str:
    """A number for reading: fixed decimals, a true minus sign, an en dash where there is none."""
    if value is None or pd.isna(value):
        return DASH
    text = f"{abs(value):.{digits}f}"
    if float(text) == 0:
        return text
    return f"{MINUS if value < 0 else '+' if signed else ''}{text}"


def proportion(value: float, digits: int = 2) -> str:
    """A number that can't exceed 1, such as a reliability or a probability: without a zero before the point."""
    text = number(value, digits)
    return text.replace("0.", ".", 1) if text.lstrip(MINUS).startswith("0.") else text


def p_value(value: float) -> str:
    """Three decimals without a leading zero; what rounds to 0 or 1 is said to lie below or above."""
    if value is None or pd.isna(value):
        return DASH
    if value < 0.001:
        return f"<{NO_BREAK}.001"
    return f">{NO_BREAK}.999" if value >= 0.9995 else f"{value:.3f}".removeprefix("0")


def interval(low: float, high: float, digits: int = 2, shown=number) -> str:
    """An interval in brackets, never broken over two lines; `shown` is how its ends are written."""
    return f"[{shown(low, digits)},{NO_BREAK}{shown(high, digits)}]"


def counted(n: int, singular: str, plural: str = "") -> str:
    return f"{n} {singular if n == 1 else plural or singular + 's'}"


def percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.0f}{NO_BREAK}%" if whole else DASH


def coarse(value: float, step: float) -> float:
    """A number rounded to its first digit, and to whole steps; nan stays nan, an integer an integer."""
    if not np.isfinite(value):
        return value
    rounded = round(float(f"{round(value / step) * step:.1g}"), 6)
    return int(rounded) if isinstance(value, (int, np.integer)) else rounded
