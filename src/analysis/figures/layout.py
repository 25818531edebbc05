"""Pages measured in inches from the top left: headings, rows with wrapped labels, number columns, legends,
panels.

Rows are as high as their labels need, so nothing overlaps and no layout is searched for at drawing time. In
the axes of `Rows` y is inches below the top of the axes and x is data.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.textpath import text_to_path
from matplotlib.transforms import blended_transform_factory

from analysis.figures import style

EDGE = 0.06  # inches of white around everything
GAP = 0.12  # inches between columns
AXIS = 0.21  # inches for the tick labels below an axes
AXIS_LABEL = 0.16
BANNER = "synthetic data"


def line_height(size: float) -> float:
    """Inches one line of text takes."""
    return size * 1.22 / 72


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Inches the text takes on one line, with two percent for the renderer's hinting."""
    properties = FontProperties(family=style.RC["font.family"], size=size, weight=weight)
    return text_to_path.get_text_width_height_descent(text, properties, ismath=False)[0] / 72 * 1.02


def wrap(text: str, width: float, size: float, weight: str = "normal") -> str:
    """The text in lines no wider than `width` inches, broken at spaces; a word that is wider still is cut."""
    lines, line = [], ""
    for word in re.split(r"[ \t\r\n]+", text.strip()):
        candidate = f"{line} {word}".strip()
        if text_width(candidate, size, weight) <= width:
            line = candidate
            continue
        if line:
            lines.append(line)
        while text_width(word, size, weight) > width and len(word) > 1:
            cut = next(
                (c for c in range(len(word) - 1, 1, -1) if text_width(word[:c], size, weight) <= width), 1
            )
            lines.append(word[:cut])
            word = word[cut:]
        line = word
    return "\n".join([*lines, line]) if line else "\n".join(lines)


def widest(texts: Sequence[str], size: float, weight: str = "normal") -> float:
    """Inches the widest line of the texts takes."""
    return max((text_width(line, size, weight) for text in texts for line in text.split("\n")), default=0.0)


def row_heights(labels: Sequence[str], least: float, size: float = style.TEXT) -> list[float]:
    """Inches each row takes: at least `least`, more where its wrapped label has many lines."""
    return [max(least, (label.count("\n") + 1) * line_height(size) + 0.07) for label in labels]


@dataclass(frozen=True)
class Rows:
    """An axes with rows at `centres` (inches from its top), between `left` and `right` on the page."""

    axes: Axes
    centres: list[float]
    left: float
    right: float
    heights: list[float] = field(default_factory=list)

    def write(self, x: float, y: float, text: str, **settings) -> None:
        """Text at `x` inches from the page's left and `y` in the axes' own inches."""
        transform = blended_transform_factory(self.axes.figure.dpi_scale_trans, self.axes.transData)
        self.axes.text(
            x, y, text, transform=transform, **{"va": "center_baseline", "linespacing": 1.15} | settings
        )

    def absent(self, row: int, text: str, x: float | None = None) -> None:
        """What stands for a number that is suppressed or can't be computed, at `x` or amid the axes."""
        self.remark(
            (self.left + self.right) / 2 if x is None else x,
            self.centres[row],
            text,
            ha="center" if x is None else "left",
        )

    def remark(self, x: float, y: float, text: str, **settings) -> None:
        """Small grey text on white, legible over lines."""
        box = {"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.9}
        grey = {"size": style.SMALL, "color": style.MUTED, "style": "italic", "bbox": box, "zorder": 4}
        self.write(x, y, text, **grey | settings)


def page(body: float, heading: str = "", synthetic: bool = False) -> tuple[Figure, float]:
    """A figure with `body` inches below its heading, and the top of the body in inches."""
    banner = text_width(BANNER, style.SMALL, "bold") + 0.14 if synthetic else 0.0
    lines = wrap(heading, style.WIDTH - 2 * EDGE - banner - GAP, style.HEADING, "bold")
    needed = (lines.count("\n") + 1) * line_height(style.HEADING) + 0.06 if lines else 0.0
    top = EDGE + max(needed, 0.24 if synthetic else 0.0)
    height = top + body + EDGE
    figure = Figure(figsize=(style.WIDTH, height))
    inches = figure.dpi_scale_trans
    if lines:
        figure.text(EDGE, height - EDGE, lines, transform=inches, va="top", size=style.HEADING, weight="bold")
    if synthetic:
        box = {"boxstyle": "square,pad=0.3", "facecolor": "#FFF3C4", "edgecolor": "#8A6D00", "linewidth": 0.6}
        figure.text(
            style.WIDTH - EDGE - 0.07,
            height - EDGE - 0.03,
            BANNER,
            transform=inches,
            va="top",
            ha="right",
            size=style.SMALL,
            weight="bold",
            color="#5C4900",
            bbox=box,
        )
    return figure, top


def rows(figure: Figure, left: float, right: float, top: float, heights: Sequence[float]) -> Rows:
    """Axes between `left` and `right` whose first row begins `top` inches below the page's upper edge."""
    width, height = figure.get_size_inches()
    total = sum(heights) or 0.01
    axes = figure.add_axes((left / width, 1 - (top + total) / height, (right - left) / width, total / height))
    axes.set_ylim(total, 0)
    axes.yaxis.set_visible(False)
    axes.spines[["left", "top", "right"]].set_visible(False)
    axes.grid(axis="x")
    ends = list(accumulate(heights))
    return Rows(axes, [end - h / 2 for end, h in zip(ends, heights, strict=True)], left, right, list(heights))


def write_labels(
    panel: Rows, labels: Sequence[str], x: float = EDGE, size: float = style.TEXT, **settings
) -> None:
    """The rows' labels, left-aligned at `x` inches."""
    for centre, label in zip(panel.centres, labels, strict=True):
        panel.write(
            x, centre, label, size=size, va="center" if "\n" in label else "center_baseline", **settings
        )


def zero_line(panel: Rows) -> None:
    """The line of no change."""
    panel.axes.axvline(0, color=style.INK, linewidth=0.8, zorder=1.5, label="zero")


@dataclass(frozen=True)
class Entry:
    """A legend's entry: a label and the marker that stands for it."""

    label: str
    marker: str
    colour: str
    filled: bool = True
    size: float = 6.0


def legend_lines(entries: Sequence[Entry], width: float) -> list[list[tuple[Entry, str]]]:
    """The entries, in order, in as many lines as `width` inches demand, each label wrapped to fit."""
    lines: list[list[tuple[Entry, str]]] = [[]]
    used = 0.0
    for entry in entries:
        label = wrap(entry.label, width - 0.18, style.SMALL)
        needed = 0.18 + widest([label], style.SMALL) + 0.16
        if lines[-1] and used + needed - 0.16 > width:
            lines.append([])
            used = 0.0
        lines[-1].append((entry, label))
        used += needed
    return [line for line in lines if line]


def legend_height(lines: Sequence[Sequence[tuple[Entry, str]]]) -> float:
    """Inches the legend takes."""
    return sum(_legend_line_height(line) for line in lines)


def draw_legend(
    figure: Figure, left: float, top: float, lines: Sequence[Sequence[tuple[Entry, str]]]
) -> None:
    """The legend with its upper left corner at (`left`, `top`) inches from the page's upper left."""
    inches = figure.dpi_scale_trans
    height = figure.get_size_inches()[1]
    for line in lines:
        x, y = left, height - top - _legend_line_height(line) / 2
        for entry, label in line:
            face = entry.colour if entry.filled else "white"
            figure.add_artist(
                Line2D(
                    [x + 0.07],
                    [y],
                    marker=entry.marker,
                    markersize=entry.size,
                    color=entry.colour,
                    markerfacecolor=face,
                    markeredgewidth=1.1,
                    linestyle="none",
                    transform=inches,
                )
            )
            figure.text(x + 0.18, y, label, transform=inches, va="center", size=style.SMALL)
            x += 0.34 + widest([label], style.SMALL)
        top += _legend_line_height(line)


def _legend_line_height(line: Sequence[tuple[Entry, str]]) -> float:
    return max(label.count("\n") + 1 for _, label in line) * line_height(style.SMALL) + 0.06
