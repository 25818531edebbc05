"""Pages measured in inches from the top left: text that is measured and wrapped, rows, axes.

Rows are as high as their labels need, so nothing overlaps and no layout is searched for at drawing time. In
the axes of `Rows` y is inches below the top of the axes and x is data.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from matplotlib.transforms import blended_transform_factory

from analysis.plots import style


EDGE = 0.06  # inches of white around everything
GAP = 0.12  # inches between columns
TICK = 0.52  # inches between tick labels, at least
AXIS = 0.22  # inches for the tick labels below an axes
TALLEST = 8.6  # inches a figure may take on a page with its caption


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


def text_height(text: str, size: float) -> float:
    """Inches the lines of a wrapped text take; 0 for no text."""
    return (text.count("\n") + 1) * line_height(size) if text else 0.0


def row_heights(labels: Sequence[str], least: float | Sequence[float], size: float = style.TEXT) -> list[float]:
    """Inches each row takes: at least `least`, more where its wrapped label has many lines."""
    floors = [least] * len(labels) if isinstance(least, int | float) else least
    return [max(floor, text_height(label, size) + 0.07) for label, floor in zip(labels, floors, strict=True)]


@dataclass(frozen=True)
class Rows:
    """An axes with rows, between `left` and `right` inches on a page of `width` inches.

    `centres` are where each row's marks lie (inches from the top of the axes), `zones` how high the place for
    them is, `height` that of all rows together.
    """

    axes: Axes
    centres: list[float]
    zones: list[float]
    left: float
    right: float
    width: float
    height: float

    def write(self, x: float, y: float, text: str, **settings) -> None:
        """Text at `x` inches from the page's left and `y` in the axes' own inches."""
        transform = blended_transform_factory(self.axes.figure.dpi_scale_trans, self.axes.transData)
        self.axes.text(
            x, y, text, transform=transform, **{"va": "center_baseline", "linespacing": 1.15} | settings
        )

    def absent(self, row: int, text: str, x: float | None = None) -> None:
        """What stands for a number that is suppressed or can't be computed, at `x` or amid the axes."""
        at = (self.left + self.right) / 2 if x is None else x
        self.remark(at, self.centres[row], text, ha="center" if x is None else "left")

    def remark(self, x: float, y: float, text: str, **settings) -> None:
        """Small grey text on white, legible over lines."""
        box = {"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.9}
        grey = {"size": style.SMALL, "color": style.MUTED, "style": "italic", "bbox": box, "zorder": 4}
        self.write(x, y, text, **grey | settings)


def page(width: float, body: float, heading: str = "", synthetic: str = "") -> tuple[Figure, float]:
    """A figure `width` inches wide with `body` inches below its heading, and the top of the body in inches."""
    mark = synthetic
    banner = text_width(mark, style.SMALL, "bold") + 0.14 if synthetic else 0.0
    lines = wrap(heading, width - 2 * EDGE - banner - GAP, style.TEXT, "bold")
    needed = text_height(lines, style.TEXT) + 0.06 if lines else 0.0
    top = EDGE + max(needed, 0.26 if synthetic else 0.0)
    height = top + body + EDGE
    figure = Figure(figsize=(width, height))
    inches = figure.dpi_scale_trans
    if lines:
        figure.text(EDGE, height - EDGE, lines, transform=inches, va="top", size=style.TEXT, weight="bold")
    if synthetic:
        box = {"boxstyle": "square,pad=0.3", "facecolor": "#FFF3C4", "edgecolor": "#8A6D00", "linewidth": 0.6}
        figure.text(width - EDGE - 0.07, height - EDGE - 0.03, mark, transform=inches, va="top", ha="right",
                    size=style.SMALL, weight="bold", color="#5C4900", bbox=box)
    return figure, top


def rows(
    figure: Figure, left: float, right: float, top: float, heights: Sequence[float],
    zones: Sequence[float] | None = None,
) -> Rows:
    """Axes between `left` and `right` whose first row begins `top` inches below the page's upper edge.

    A row's marks lie amid it, or, with `zones`, amid as many inches at its foot.
    """
    width, height = figure.get_size_inches()
    total = sum(heights) or 0.01
    axes = figure.add_axes((left / width, 1 - (top + total) / height, (right - left) / width, total / height))
    axes.set_ylim(total, 0)
    axes.yaxis.set_visible(False)
    axes.spines[["left", "top", "right"]].set_visible(False)
    axes.grid(axis="x")
    axes.xaxis.get_major_locator().set_params(nbins=max(2, min(8, int((right - left) / TICK))))
    zones = list(heights if zones is None else zones)
    centres = [end - zone / 2 for end, zone in zip(accumulate(heights), zones, strict=True)]
    return Rows(axes, centres, zones, left, right, float(width), total)


def write_labels(
    panel: Rows, labels: Sequence[str], x: float = EDGE, size: float = style.TEXT, **settings
) -> None:
    """The rows' labels beside their marks, left-aligned at `x` inches."""
    for centre, label in zip(panel.centres, labels, strict=True):
        panel.write(
            x, centre, label, size=size, va="center" if "\n" in label else "center_baseline", **settings
        )


def write_centred(figure: Figure, middle: float, top: float, text: str, **settings) -> None:
    """Text centred at `middle` inches, moved as far as it needs to stay on the page, `top` inches from above."""
    width, height = figure.get_size_inches()
    half = widest([text], style.SMALL) / 2 + EDGE
    figure.text(min(max(middle, half), width - half), height - top, text, transform=figure.dpi_scale_trans,
                ha="center", va="top", linespacing=1.15, **{"size": style.SMALL} | settings)


def zero_line(panel: Rows) -> None:
    """The line of no change."""
    panel.axes.axvline(0, color=style.INK, linewidth=0.8, zorder=1.5, label="zero")
