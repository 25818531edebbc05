"""What several figures share beside the layout: numbers as text, intervals, axis limits."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from statistics import median

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.markers import CARETLEFT, CARETRIGHT
from matplotlib.patches import Rectangle

from analysis.plots import style



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
