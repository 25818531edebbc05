"""Rows with a point and its interval: change by scale, by country, by school, by method."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, nan
from statistics import median

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.markers import CARETLEFT, CARETRIGHT
from matplotlib.patches import Polygon

from analysis.plots import style
from analysis.plots.sheet import AXIS, EDGE, GAP, LABELS, ON_LINES, TALLEST, Key, Rows, Sheet, ticks
from analysis.plots.text import text_height, widest, wrap

SPACE, MOST, LEAST, ROW = 0.16, 3, 1.05, 0.18  # inches between panels; side by side at most; inches each and its rows need
GREY, THICK = "#4D4D4D", "#9A9A9A"
KEYS = {  # what may stand in the legend: marker, colour, filled, size
    "point": ("o", style.POST, True, 6), "hollow": ("o", GREY, False, 6), "other": ("o", style.MUTED, False, 5),
    "diamond": ("d", style.INK, True, 6), "range": ("_", THICK, True, 9), "outer": ("_", style.INK, True, 9),
    "guide": ("|", style.POST, True, 8), "band": ("s", style.BAND, True, 6), "arrow": (CARETRIGHT, style.POST, True, 5),
}


@dataclass(frozen=True)
class Interval:
    """One row: what stands left and right of it, the point and its interval, and what of it is special.

    `text` is the number column's, or why there is no estimate (nan). `band` is half the width of the band of changes too
    small to matter. `mark`: "point", "diamond" (pooled), "hollow" or "range" (a thick grey line without a point). `outer`
    is a second, thinner interval (prediction), `other` a second, hollow point (a school's own mean). `guide` draws a dashed
    line through the estimate over all rows. `group` stands as a heading above the first row of each group.
    """

    label: str
    estimate: float
    low: float
    high: float
    text: str = ""
    band: float | None = None
    mark: str = "point"
    outer: tuple[float, float] | None = None
    group: str = ""
    other: float = nan
    guide: bool = False

    @property
    def shown(self) -> bool:
        """Whether there is anything to draw."""
        return _known(self.estimate) or (self.mark == "range" and _known(self.low) and _known(self.high))


@style.context()
def intervals(rows: Sequence[Interval], x_label: str, column: str, *, width: float = style.FULL, band_label: str = "",
              keys: Mapping[str, str] | None = None, span: tuple[float, float] | None = None,
              synthetic: str = "") -> Figure:
    """Rows with a column of numbers at the right, headed `column`; `width` in inches.

    `keys` are labels for the legend of the marks that occur: point, hollow, other, diamond, range, outer, guide, arrow (an
    interval leaves the axis). `span` is the whole axis (the range of the levels) in place of one around zero.
    """
    sheet = Sheet(width, synthetic)
    placed = Rows(sheet, [row.label for row in rows], least=0.25, groups=[row.group for row in rows], column=column,
                  texts=[row.text for row in rows], absent=[not row.shown for row in rows])
    axes = placed.place()
    axes.set_xlim(span or limits(rows))
    ticks(axes, placed.right - placed.left, _decimal_mark(rows), _smallest(rows), whole=span is not None)
    _draw(axes, rows, placed.centres, placed.zones, zero=span is None)
    sheet.label_axis((placed.left + placed.right) / 2, x_label)
    return sheet.finished(_legend(rows, axes.get_xlim(), band_label, keys or {}))


@style.context()
def interval_panels(panels: Mapping[str, Sequence[Interval]], x_label: str | Sequence[str], *, width: float = style.FULL,
                    band_label: str = "", keys: Mapping[str, str] | None = None, synthetic: str = "") -> Figure:
    """A panel for each title, all with the same rows (by label, in the order they first appear) and one common axis.

    A label for each panel in place of one `x_label` gives each its own axis.
    """
    sheet = Sheet(width, synthetic)
    every = [row for rows in panels.values() for row in rows]
    names = list(dict.fromkeys(row.label for row in every))
    labels = [wrap(name, LABELS * width, style.SMALL) for name in names]
    left = EDGE + widest(labels, style.SMALL) + GAP
    room = width - EDGE - 0.08 - left
    columns = _columns(len(panels), room)
    each = (room - SPACE * (columns - 1)) / columns
    reasons = {(row.label, at): wrap(row.text, each, style.TINY) for at, rows in enumerate(panels.values()) for row in rows
               if not row.shown}
    zones = [max([ROW, text_height(label, style.SMALL) + 0.05]
                 + [text_height(reason, style.TINY) + 0.05 for (own, _at), reason in reasons.items() if own == name])
             for name, label in zip(names, labels, strict=True)]
    centres = [sum(zones[:at]) + zone / 2 for at, zone in enumerate(zones)]
    titles = [wrap(title, each, style.SMALL, "bold") for title in panels]
    common = isinstance(x_label, str)
    scaled = [every if common else rows for rows in panels.values()]
    own_labels = ["" if common else wrap(label, each, style.SMALL) for label in (panels if common else x_label)]
    below = 0.0 if common else AXIS + max(text_height(label, style.SMALL) for label in own_labels) + 0.03
    for first in range(0, len(panels), columns):
        line = titles[first:first + columns]
        sheet.at += max(text_height(title, style.SMALL) for title in line) + 0.1
        top = sheet.at
        for at, (title, rows) in enumerate(zip(line, list(panels.values())[first:first + columns], strict=True), first):
            sheet.at, x = top, left + (at - first) * (each + SPACE)
            sheet.text(x, top - 0.04, title, va="baseline", weight="bold")
            axes = sheet.axes(x, x + each, sum(zones))
            axes.set_xlim(limits(scaled[at]))
            ticks(axes, each, _decimal_mark(scaled[at]), _smallest(scaled[at]))
            own = {row.label: row for row in rows}
            shown = [own.get(name, Interval(name, nan, nan, nan)) for name in names]
            _draw(axes, shown, centres, zones, size=4.2)
            for name, centre in zip(names, centres, strict=True):
                sheet.text(x + each / 2, top + centre, reasons.get((name, at), ""), ha="center", size=style.TINY,
                           color=style.MUTED, style="italic", bbox=ON_LINES)
            sheet.text(x + each / 2, top + sum(zones) + AXIS, own_labels[at], ha="center", va="top")
        for label, centre in zip(labels, centres, strict=True):
            sheet.text(EDGE, top + centre, label)
        more = first + columns < len(panels)
        sheet.at = top + sum(zones) + (below or AXIS * more)
    if common:
        sheet.label_axis((left + width) / 2, x_label)
    legend = [key for rows in scaled for key in _legend(rows, limits(rows), band_label, keys or {})]
    return sheet.finished(list(dict.fromkeys(legend)))


def panels_a_page(rows: int) -> int:
    """How many panels of as many rows stand on a page of the full width without growing too tall."""
    return MOST * max(1, int((TALLEST - 0.6) // (rows * ROW + AXIS + 0.3)))


def limits(rows: Iterable[Interval]) -> tuple[float, float]:
    """Axis limits that hold zero, every estimate, every band and every interval of usual length.

    An interval that reaches further than five times the median half-length would squeeze all the others; it ends in an
    arrow at the edge.
    """
    rows = list(rows)
    ends = [end for row in rows for end in ((row.low, row.high), row.outer or ()) if end and all(map(_known, end))]
    halves = [(high - low) / 2 for low, high in ends]
    reach = 5 * median(halves) if halves else 0.0
    values = [0.0, *(end for low, high in ends if (high - low) / 2 <= reach for end in (low, high))]
    values += [side * row.band for row in rows if row.band for side in (-1, 1)]
    values += [value for row in rows for value in (row.estimate, row.other) if _known(value)]
    values += [end for row in rows if row.mark == "diamond" for end in (row.low, row.high) if _known(end)]
    pad = 0.06 * (max(values) - min(values)) or 0.5
    return min(values) - pad, max(values) + pad


def _known(value: float | None) -> bool:
    return value is not None and isfinite(value)


def _columns(panels: int, room: float) -> int:
    fitting = max(1, min(MOST, int((room + SPACE) // (LEAST + SPACE))))
    return 2 if panels == 4 and fitting > 2 else min(max(panels, 1), fitting)


def _decimal_mark(rows: Sequence[Interval]) -> str:
    """The decimal mark that the rows' own numbers are written with, so that the axis is in the same language."""
    return next((found[1] for row in rows if (found := re.search(r"\d([.,])\d", row.text))), ".")


def _smallest(rows: Sequence[Interval]) -> float | None:
    """The band of all rows that have one, if it is the same."""
    bands = {row.band for row in rows if row.band}
    return bands.pop() if len(bands) == 1 else None


def _legend(rows: Sequence[Interval], reach: tuple[float, float], band_label: str, labels: Mapping[str, str]) -> list[Key]:
    beyond = any(row.shown and (low < reach[0] or high > reach[1])
                 for row in rows for low, high in ((row.low, row.high), row.outer or (0, 0)))
    present = {row.mark for row in rows if row.shown} | {name for name, there in (
        ("arrow", beyond), ("outer", any(row.outer for row in rows)), ("band", any(row.band for row in rows)),
        ("other", any(_known(row.other) for row in rows)), ("guide", any(row.guide for row in rows))) if there}
    labels = {**labels, "band": band_label}
    return [Key(labels[name], *looks) for name, looks in KEYS.items() if name in present and labels.get(name)]


def _draw(axes: Axes, rows: Sequence[Interval], centres: Sequence[float], zones: Sequence[float], *, zero: bool = True,
          size: float = 5.5) -> None:
    if zero:
        axes.axvline(0, color=style.INK, linewidth=0.8, zorder=1.5, label="zero")
    common = _smallest(rows) if all(row.band for row in rows) else None
    if common:
        axes.axvspan(-common, common, color=style.BAND, linewidth=0, zorder=0.5, label="band")
    for row, y, zone in zip(rows, centres, zones, strict=True):
        if row.band and not common:
            axes.fill_between([-row.band, row.band], y - zone / 2, y + zone / 2, color=style.BAND, linewidth=0, zorder=0.5,
                              label="band")
        if not row.shown:
            continue
        if row.guide:
            axes.axvline(row.estimate, color=style.POST, linewidth=0.7, dashes=(4, 3), zorder=1.4, label="guide")
        if row.outer:
            _line(axes, y, *row.outer, style.INK, 0.8, "outer")
        if row.mark == "diamond":
            half = min(zone / 3, 0.075)
            axes.add_patch(Polygon([(row.low, y), (row.estimate, y - half), (row.high, y), (row.estimate, y + half)],
                                   facecolor=style.INK, zorder=3, label="diamond"))
            continue
        colour = {"point": style.POST, "hollow": GREY, "range": THICK}[row.mark]
        _line(axes, y, row.low, row.high, colour, 4 if row.mark == "range" else 1.4, "interval")
        _point(axes, row.other, y, style.MUTED, "other", filled=False, size=size - 1)
        if row.mark != "range":
            _point(axes, row.estimate, y, colour, "estimate", filled=row.mark == "point", size=size)


def _line(axes: Axes, y: float, low: float, high: float, colour: str, width: float, label: str) -> None:
    """A line from `low` to `high`, an arrow where it leaves the axes, whose limits must be set."""
    if low != low or high != high:
        return
    left, right = axes.get_xlim()
    axes.plot([max(low, left), min(high, right)], [y, y], color=colour, linewidth=width, solid_capstyle="butt", label=label,
              zorder=2)
    for beyond, edge, tip in ((low < left, left, CARETLEFT), (high > right, right, CARETRIGHT)):
        if beyond:
            axes.plot([edge], [y], marker=tip, color=colour, markersize=4, label="arrow", clip_on=False, zorder=2)


def _point(axes: Axes, x: float, y: float, colour: str, label: str, *, filled: bool, size: float) -> None:
    if _known(x):
        axes.plot([x], [y], marker="o", markersize=size, color=colour, linestyle="none", label=label, clip_on=False,
                  markerfacecolor=colour if filled else "white", markeredgewidth=1.2, zorder=3)
