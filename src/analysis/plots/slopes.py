"""Means of groups along a number, with the line fitted to all: change by hours, by sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.plots import style
from analysis.plots.sheet import AXIS, EDGE, MINUS, Key, Sheet, ticks
from analysis.plots.text import text_height, text_width, wrap

TALL, SPACE = 1.7, 0.2  # inches: height of a panel, between panels


@dataclass(frozen=True)
class Slope:
    """One panel: its title, what x is, the points (x, y), their centre, and the slope with its interval and in words."""

    title: str
    x_label: str
    points: Sequence[tuple[float, float]]
    centre: tuple[float, float]
    slope: float
    low: float
    high: float
    text: str


@style.context()
def slopes(panels: Sequence[Slope], y_label: str, *, width: float = style.FULL, keys: Sequence[str] = ("", "", ""),
           synthetic: str = "") -> Figure:
    """Panels side by side on one y axis; `keys` name points, line and the range of lines that the interval leaves.

    The line and the range go through the centre of the points. `width` in inches.
    """
    sheet = Sheet(width, synthetic)
    mark = "," if any("," in panel.text for panel in panels) else "."
    ends = np.array([y for panel in panels for _x, y in panel.points])
    low, high = min(0.0, float(ends.min())), max(0.0, float(ends.max()))
    low, high = low - 0.12 * (high - low or 1), high + 0.12 * (high - low or 1)
    found = [float(y) for y in MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high) if low <= y <= high]
    digits = next((d for d in range(4) if all(abs(round(y, d) - y) < 1e-9 for y in found)), 4)
    labels = [f"{y + 0.0:.{digits}f}".replace("-", MINUS).replace(".", mark) for y in found]
    left = EDGE + max(text_width(label, style.SMALL) for label in labels) + 0.08
    each = (width - EDGE - 0.1 - left - SPACE * (len(panels) - 1)) / len(panels)
    sheet.text(EDGE, sheet.at + 0.08, wrap(y_label, sheet.inner, style.SMALL), color=style.MUTED)
    sheet.at += text_height(wrap(y_label, sheet.inner, style.SMALL), style.SMALL) + 0.08
    titles = [wrap(panel.title, each, style.SMALL, "bold") for panel in panels]
    texts = [wrap(panel.text, each, style.SMALL) for panel in panels]
    heads = max(text_height(title, style.SMALL) for title in titles)
    said = max(text_height(text, style.SMALL) for text in texts)
    top = sheet.at
    for at, (panel, title, text) in enumerate(zip(panels, titles, texts, strict=True)):
        x, sheet.at = left + at * (each + SPACE), top + heads + said + 0.12
        sheet.text(x, top, title, va="top", weight="bold")
        sheet.text(x, top + heads + 0.05, text, va="top")
        axes = sheet.axes(x, x + each, TALL)
        axes.set_ylim(low, high)
        axes.yaxis.set_visible(True)
        axes.set_yticks(found, labels if at == 0 else [""] * len(found))
        axes.tick_params(axis="y", labelsize=style.SMALL, length=0, labelcolor=style.INK)
        axes.grid(axis="y")
        _draw(axes, panel)
        ticks(axes, each, mark)
        below = wrap(panel.x_label, each, style.SMALL)
        sheet.text(x + each / 2, sheet.at + AXIS, below, ha="center", va="top")
    sheet.at += AXIS + max(text_height(wrap(panel.x_label, each, style.SMALL), style.SMALL) for panel in panels) + 0.03
    return sheet.finished([Key(label, *looks) for label, looks in zip(keys, (
        ("o", style.POST), ("_", style.POST, True, 9), ("s", style.BAND)), strict=True) if label])


def _draw(axes, panel: Slope) -> None:
    points = np.array(panel.points, float)
    pad = 0.06 * (np.ptp(points[:, 0]) or 1)
    ends = np.array([points[:, 0].min() - pad, points[:, 0].max() + pad])
    axes.set_xlim(*ends)
    axes.axhline(0, color=style.INK, linewidth=0.8, zorder=1.5, label="zero")
    x, y = panel.centre
    grid = np.array([ends[0], x, ends[1]])
    lines = [y + slope * (grid - x) for slope in (panel.low, panel.high)]
    if np.isfinite(lines).all():
        axes.fill_between(grid, np.minimum(*lines), np.maximum(*lines), color=style.BAND, linewidth=0, zorder=0.5,
                          label="band")
    axes.plot(ends, y + panel.slope * (ends - x), color=style.POST, linewidth=1.4, label="line", zorder=2)
    axes.plot(*points.T, marker="o", markersize=5, color=style.POST, linestyle="none", label="points", zorder=3)
