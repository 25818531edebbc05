"""Reads back from a figure what was drawn: marks by their label and row, bars, texts."""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from analysis import plots

nan = float("nan")
WIDTHS = pytest.mark.parametrize("width", [plots.FULL, plots.HALF], ids=["full", "half"])


def lines(figure: Figure, label: str, panel: int = 0) -> list[tuple[list[float], list[float]]]:
    """x and y of every line or marker with this label, top row first."""
    found = [line for line in figure.axes[panel].lines if line.get_label() == label]
    pairs = [([float(x) for x in line.get_xdata()], [float(y) for y in line.get_ydata()]) for line in found]
    return sorted(pairs, key=lambda pair: pair[1])


def points(figure: Figure, label: str, panel: int = 0) -> list[float]:
    """The x of every marker with this label, top row first."""
    return [x[0] for x, _ in lines(figure, label, panel)]


def spans(figure: Figure, label: str, panel: int = 0) -> list[tuple[float, float]]:
    """Both ends of every line with this label, top row first."""
    return [(x[0], x[1]) for x, _ in lines(figure, label, panel)]


def bars(figure: Figure, label: str, panel: int = 0) -> list[tuple[float, float]]:
    """Start and width of every bar with this label, top row first, then from the left."""
    found = [bar for bar in figure.axes[panel].findobj(Rectangle) if bar.get_label() == label]
    patches = sorted((bar.get_y(), bar.get_x(), bar.get_width()) for bar in found)
    return [(x, width) for _, x, width in patches]


def texts(figure: Figure) -> list[str]:
    """Every text on the figure, line breaks as spaces."""
    return [t.get_text().replace("\n", " ") for t in figure.findobj(Text) if t.get_text()]


def height_of(figure: Figure, text: str) -> float:
    """How far down the page a text stands, in inches."""
    figure.draw_without_rendering()
    (found,) = [t for t in figure.findobj(Text) if t.get_text().replace("\n", " ") == text]
    return float(figure.get_size_inches()[1] - found.get_transform().transform(found.get_position())[1] / figure.dpi)


def heights(figure: Figure, label: str, panel: int = 0) -> list[float]:
    """How far down the page each mark with this label stands, in inches, the top one first."""
    axes, tall = figure.axes[panel], figure.get_size_inches()[1]
    figure.draw_without_rendering()
    return [float(tall - axes.transData.transform((0, y[0]))[1] / figure.dpi) for _x, y in lines(figure, label, panel)]


def ticks(figure: Figure, panel: int = 0) -> list[str]:
    """What is written below the axis."""
    return [tick.get_text() for tick in figure.axes[panel].get_xticklabels()]


def overlaps(figure: Figure) -> list[tuple[str, str]]:
    """Pairs of texts whose boxes cover each other, and texts that leave the page."""
    figure.draw_without_rendering()
    page = figure.bbox
    beyond = {
        tick.label1
        for axes in figure.axes
        for tick in axes.xaxis.get_major_ticks()
        if not axes.get_xlim()[0] <= tick.get_loc() <= axes.get_xlim()[1]
    }
    shown = [t for t in figure.findobj(Text) if t.get_text() and t.get_visible() and t not in beyond]
    boxes = [(t.get_text(), t.get_window_extent()) for t in shown]
    outside = [
        (text, "page")
        for text, box in boxes
        if box.x0 < page.x0 - 1 or box.x1 > page.x1 + 1 or box.y0 < page.y0 - 1 or box.y1 > page.y1 + 1
    ]
    crossing = [
        (a, b)
        for i, (a, first) in enumerate(boxes)
        for b, second in boxes[i + 1 :]
        if min(first.x1, second.x1) - max(first.x0, second.x0) > 1
        and min(first.y1, second.y1) - max(first.y0, second.y0) > 2
    ]
    return outside + crossing
