"""What several figures share beside the layout: numbers as text, intervals, axis limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from statistics import median

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.markers import CARETLEFT, CARETRIGHT
from matplotlib.patches import Rectangle

from analysis.figures import style
from analysis.words import _


def not_shown() -> str:
    return _("not shown")


def estimate_title() -> str:
    """The title of the column that `estimate_text` fills."""
    return _("Change [95 % CI]")


def number(value: float, digits: int = 2) -> str:
    """The value with a true minus sign, empty for nan; what rounds to zero has no sign."""
    if pd.isna(value):
        return ""
    text = f"{value:.{digits}f}"
    return (
        (text[1:] if float(text) == 0 else text.replace("-", "\N{MINUS SIGN}", 1)) if text[0] == "-" else text
    )


def range_text(low: float, high: float) -> str:
    """`0.12 to 0.50`, empty where an end is missing."""
    return f"{number(low)} to {number(high)}" if not (pd.isna(low) or pd.isna(high)) else ""


def estimate_text(value: float, low: float, high: float) -> str:
    """`0.31 [0.12, 0.50]`, without the brackets where there is no interval; empty where there is no value."""
    if pd.isna(value) or pd.isna(low) or pd.isna(high):
        return number(value)
    return f"{number(value)} [{number(low)}, {number(high)}]"


def count(value: float) -> str:
    """A whole number, an en dash where it is suppressed."""
    return "\N{EN DASH}" if pd.isna(value) else f"{int(value)}"


def absence(row: Mapping, counts: Sequence[str]) -> str:
    """Why a row has no estimate: `not shown` where its note or an unknown count says so, else `not estimable`."""
    if str(row.get("note", "")).startswith("Not shown"):
        return not_shown()
    known = [row[name] for name in counts if name in row]
    return _("not estimable") if known and not any(pd.isna(n) for n in known) else not_shown()


def limits(
    estimates: Iterable[float], lows: Iterable[float], highs: Iterable[float], also: Iterable[float] = (0.0,)
) -> tuple[float, float]:
    """Axis limits that hold every estimate, the values in `also` and every interval of usual length.

    An interval that reaches further than five times the median half-length would squeeze all the others;
    `draw_interval` lets it end in an arrow at the edge.
    """
    ends = [(low, high) for low, high in zip(lows, highs, strict=True) if not (pd.isna(low) or pd.isna(high))]
    halves = [(high - low) / 2 for low, high in ends if isfinite(high - low)]
    reach = 5 * median(halves) if halves else 0.0
    inside = [
        e for low, high in ends if isfinite(high - low) and (high - low) / 2 <= reach for e in (low, high)
    ]
    values = [v for v in (*estimates, *also, *inside) if not pd.isna(v) and isfinite(v)]
    least, most = min(values, default=0.0), max(values, default=0.0)
    pad = 0.06 * (most - least) or 0.5
    return least - pad, most + pad


def draw_interval(
    axes: Axes, y: float, low: float, high: float, colour: str, width: float = 1.4, label: str = "interval"
) -> None:
    """A line from `low` to `high`, an arrow where it leaves the axes. The limits must be set before."""
    if pd.isna(low) or pd.isna(high):
        return
    left, right = axes.get_xlim()
    axes.plot(
        [max(low, left), min(high, right)],
        [y, y],
        color=colour,
        linewidth=width,
        solid_capstyle="butt",
        label=label,
        zorder=2,
    )
    for beyond, edge, tip in ((low < left, left, CARETLEFT), (high > right, right, CARETRIGHT)):
        if beyond:
            axes.plot(
                [edge], [y], marker=tip, color=colour, markersize=4, label="arrow", clip_on=False, zorder=2
            )


def draw_point(
    axes: Axes,
    x: float,
    y: float,
    colour: str,
    label: str,
    marker: str = "o",
    filled: bool = True,
    size: float = 5.5,
) -> None:
    """A marker, hollow where not filled; nothing for nan."""
    if not pd.isna(x):
        axes.plot(
            [x],
            [y],
            marker=marker,
            markersize=size,
            color=colour,
            linestyle="none",
            label=label,
            markerfacecolor=colour if filled else "white",
            markeredgewidth=1.2,
            zorder=3,
            clip_on=False,
        )


def draw_bar(
    axes: Axes, left: float, width: float, y: float, height: float, colour: str, label: str, *, outline: bool = False
) -> None:
    """A bar around `y`, filled or in outline. It leaves the limits as they are, which must be set."""
    face, edge = ("white", colour) if outline else (colour, "none")
    axes.add_artist(Rectangle((left, y - height / 2), width, height, facecolor=face, edgecolor=edge,
                              linewidth=0.8 if outline else 0, label=label, zorder=2))


def band(axes: Axes, half: float, top: float, bottom: float) -> None:
    """The grey band of changes too small to matter, -half to +half, between two heights."""
    if isfinite(half):
        axes.fill_between([-half, half], top, bottom, color=style.BAND, linewidth=0, zorder=0.5, label="band")


def listing(parts: Sequence[str]) -> str:
    """The parts of an alternative text as one sentence."""
    return "; ".join(parts) + "." if parts else ""


def summary(
    labels: Sequence[str], changes: Sequence[float], lows: Sequence[float], highs: Sequence[float]
) -> str:
    """Up to six rows one by one; more as their range and how many intervals lie above, below, around zero."""
    rows = [row for row in zip(labels, changes, lows, highs, strict=True) if not pd.isna(row[1])]
    missing = len(labels) - len(rows)
    if not rows:
        return "No row has a number to show."
    if len(labels) <= 6:
        text = listing([f"{label}: {estimate_text(*numbers)}" for label, *numbers in rows])
    else:
        least, most = min(rows, key=lambda row: row[1]), max(rows, key=lambda row: row[1])
        above, below = sum(row[2] > 0 for row in rows), sum(row[3] < 0 for row in rows)
        around = sum(row[2] <= 0 <= row[3] for row in rows)
        text = (
            f"From {number(least[1])} ({least[0]}) to {number(most[1])} ({most[0]}); "
            f"{above} of {len(rows)} intervals lie above zero, {below} below, {around} include it."
        )
    return text + (f" {missing} of {len(labels)} not shown or not estimable." if missing else "")
