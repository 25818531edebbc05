"""Bars: shares of answers, plain or around their middle, and counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.plots import style
from analysis.plots.sheet import TALLEST, Key, Rows, Sheet, ticks
from analysis.plots.text import text_width

THICK, THIN = 0.165, 0.105  # inches


@dataclass(frozen=True)
class Share:
    """One bar: its label, the shares (of 1) from the first category on, what stands right of it, and its group's heading.

    Where shares are not shown (empty, or nan), `text` says why.
    """

    label: str
    shares: Sequence[float]
    text: str = ""
    group: str = ""

    @property
    def shown(self) -> bool:
        """Whether there is a bar."""
        return len(self.shares) > 0 and all(share == share for share in self.shares)


@style.context()
def shares(rows: Sequence[Share], categories: Sequence[tuple[str, str]], x_label: str, *, width: float = style.FULL,
           centre: float | None = None, span: tuple[float, float] | None = None, column: str = "",
           synthetic: str = "") -> Figure:
    """Stacked bars, a category (label, colour) a segment, in percent.

    With `centre` they diverge around the middle of the category of that index, or between two (1.5: between the second and
    the third of four). `span` is the axis of several charts (of `reach`) in place of this one's own. `width` in inches.
    """
    sheet = Sheet(width, synthetic)
    placed = Rows(sheet, [row.label for row in rows], least=THICK + 0.03, groups=[row.group for row in rows], column=column,
                  texts=[row.text for row in rows], absent=[not row.shown for row in rows])
    sheet.legend([Key(label, "s", colour) for label, colour in categories])
    axes, inches = placed.place(), placed.right - placed.left
    starts = [_start(row.shares, centre) if row.shown else 0.0 for row in rows]
    low, high = span or reach(rows, centre)
    axes.set_xlim(low, max(high, low + 0.2))
    _percent_ticks(axes, inches)
    axes.axvline(0, color=style.MUTED, linewidth=0.6, zorder=1.5, label="zero")
    for row, at, y in zip(rows, starts, placed.centres, strict=True):
        for share, (label, colour) in zip(row.shares if row.shown else (), categories, strict=row.shown):
            _bar(axes, at, share, y, THICK, colour, label)
            number = f"{round(100 * share)}"
            if share * inches / (axes.get_xlim()[1] - low) > text_width(number, style.TINY) + 0.05:
                axes.text(at + share / 2, y, number, ha="center", va="center_baseline", size=style.TINY,
                          color=style.ink_on(colour), zorder=3)
            at += share
    sheet.label_axis((placed.left + placed.right) / 2, x_label)
    return sheet.finished()


def reach(rows: Sequence[Share], centre: float | None) -> tuple[float, float]:
    """How far the bars of `shares` reach on either side of zero, in whole tenths."""
    if centre is None:
        return 0.0, 1.0
    shown = [row.shares for row in rows if row.shown]
    starts = [_start(own, centre) for own in shown]
    low = ceil(10 * max((-start for start in starts), default=0) - 1e-9) / 10
    high = ceil(10 * max((start + sum(own) for start, own in zip(starts, shown, strict=True)), default=1) - 1e-9) / 10
    return -low, high


@style.context()
def counts(rows: Sequence[tuple[str, Mapping[str, float | None]]], series: Sequence[tuple[str, str, str]], x_label: str, *,
           width: float = style.FULL, synthetic: str = "") -> Figure:
    """A row a label, in it a bar with its number for each series (name, label, colour); a dash where there is none.

    Bars of very many rows are thin and without numbers.
    """
    sheet = Sheet(width, synthetic)
    thick = max(0.05, min(THIN, (TALLEST / max(len(rows), 1) - 0.08) / len(series)))
    placed = Rows(sheet, [label for label, _counts in rows], least=thick * len(series) + 0.08)
    sheet.legend([Key(label, "s", colour) for _name, label, colour in series])
    axes = placed.place()
    most = max([1, *(n for _label, own in rows for n in own.values() if n is not None and n == n)])
    inches = placed.right - placed.left
    number = text_width(f"{most:.0f}", style.TINY) + 0.08
    axes.set_xlim(0, most * inches / (inches - number))
    ticks(axes, inches, whole=True)
    for (_label, own), y in zip(rows, placed.centres, strict=True):
        for at, (name, label, colour) in enumerate(series):
            n, level = own.get(name), y + (at - (len(series) - 1) / 2) * thick
            missing = n is None or n != n
            if not missing:
                _bar(axes, 0, n, level, thick - 0.015, colour, label)
            if thick == THIN or missing:
                axes.annotate("–" if missing else f"{n:.0f}", (0 if missing else n, level), (2, 0),
                              textcoords="offset points", va="center_baseline", size=style.TINY)
    sheet.label_axis((placed.left + placed.right) / 2, x_label)
    return sheet.finished()


def _start(shares: Sequence[float], centre: float | None) -> float:
    if centre is None:
        return 0.0
    whole = int(centre)
    return -sum(shares[:whole]) - (shares[whole] / 2 if whole == centre else shares[whole])


def _percent_ticks(axes: Axes, inches: float) -> None:
    low, high = axes.get_xlim()
    step = next(step for step in (0.1, 0.2, 0.25, 0.5, 1.0) if step * inches / (high - low) > 0.36 or step == 1.0)
    places = [at * step for at in range(-10, 11) if low - 1e-9 <= at * step <= high + 1e-9]
    axes.set_xticks(places, [f"{abs(round(100 * place))}" for place in places])


def _bar(axes: Axes, left: float, length: float, y: float, height: float, colour: str, label: str) -> None:
    axes.add_patch(Rectangle((left, y - height / 2), length, height, facecolor=colour, linewidth=0, label=label, zorder=2))
