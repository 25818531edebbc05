"""The legend below a figure: what each mark stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.plots import layout, style


@dataclass(frozen=True)
class Entry:
    """A legend's entry: a label and the marker that stands for it."""

    label: str
    marker: str
    colour: str
    filled: bool = True
    size: float = 6.0


Lines = list[list[tuple[Entry, str]]]


def lines(entries: Sequence[Entry], width: float) -> Lines:
    """The entries, in order, in as many lines as `width` inches demand, each label wrapped to fit."""
    found: Lines = [[]]
    used = 0.0
    for entry in entries:
        label = layout.wrap(entry.label, width - 0.18, style.SMALL)
        needed = 0.18 + layout.widest([label], style.SMALL) + 0.16
        if found[-1] and used + needed - 0.16 > width:
            found.append([])
            used = 0.0
        found[-1].append((entry, label))
        used += needed
    return [line for line in found if line]


def height(entries: Lines) -> float:
    """Inches the legend takes."""
    return sum(_line_height(line) for line in entries) + (0.05 if entries else 0.0)


def draw(figure: Figure, left: float, top: float, entries: Lines) -> None:
    """The legend with its upper left corner at (`left`, `top`) inches from the page's upper left."""
    inches = figure.dpi_scale_trans
    page_height = figure.get_size_inches()[1]
    top += 0.05
    for line in entries:
        x, y = left, page_height - top - _line_height(line) / 2
        for entry, label in line:
            face = entry.colour if entry.filled else "white"
            figure.add_artist(Line2D(
                [x + 0.07], [y], marker=entry.marker, markersize=entry.size, color=entry.colour,
                markerfacecolor=face, markeredgewidth=1.1, linestyle="none", transform=inches))
            figure.text(x + 0.18, y, label, transform=inches, va="center", size=style.SMALL)
            x += 0.34 + layout.widest([label], style.SMALL)
        top += _line_height(line)


def _line_height(line: Sequence[tuple[Entry, str]]) -> float:
    return max(layout.text_height(label, style.SMALL) for _, label in line) + 0.06
