"""A chart of labelled rows with columns of numbers: the frame that most figures share.

On a wide page labels stand left of their rows. On a narrow one long labels stand above them, so that the marks
keep the width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from analysis.plots import layout, legend, style

TITLES = 0.2  # inches for the line of column titles
LABEL_SHARE = 0.36  # of the page's width that labels may take
HINTING = 0.1  # inches that a screen's rounding of letters may add to a full line
NOTHING = ("", "\N{EN DASH}")
ON_LINES = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
ABOVE = 0.3  # of a narrow page's width: wider labels go above their rows


@dataclass(frozen=True)
class Column:
    """A column of texts, a text a row, below its title. With `drawn` false only their room is kept.

    `said` is how a text reads after the label, where the column itself has no room: `{} teachers`.
    """

    title: str
    texts: Sequence[str]
    colour: str = style.INK
    said: str = "{}"
    drawn: bool = True

    @property
    def width(self) -> float:
        """Inches the column takes."""
        return max(layout.widest(self.texts, style.SMALL), layout.text_width(self.title, style.SMALL))


@dataclass(frozen=True)
class Chart:
    """The page, the rows' axes, where the columns right of it begin and end (inches), and where the foot begins.

    `foot` is in the axes' own inches.
    """

    page: Figure
    panel: layout.Rows
    starts: list[float]
    ends: list[float]
    foot: float


def row_chart(
    labels: Sequence[str],
    x_label: str,
    *,
    width: float,
    least: float | Sequence[float],
    before: Sequence[Column] = (),
    after: Sequence[Column] = (),
    entries: Sequence[legend.Entry] = (),
    inner: float = 0.0,
    foot: float = 0.0,
    heading: str = "",
    synthetic: str = "",
    align: str = "right",
) -> Chart:
    """A page with one axes, a row for each label, ready to draw into; everything in inches.

    `least`: the least height of a row's marks. `before` and `after`: columns left and right of the axes, those on the
    right aligned as `align` says. `inner`: room to keep between labels and axes; `foot`: below the axis.
    """
    ends, at = [], width - layout.EDGE
    for column in reversed(after):
        ends.insert(0, at)
        at -= column.width + layout.GAP
    starts = [end - column.width for end, column in zip(ends, after, strict=True)]
    right = at
    above = width < style.NARROW and (bool(before) or layout.widest(labels, style.TEXT) > ABOVE * width)
    floors = [least] * len(labels) if isinstance(least, int | float) else list(least)
    if above:
        texts = [layout.wrap(_said(label, before, i), width - 2 * layout.EDGE - HINTING, style.TEXT)
                 for i, label in enumerate(labels)]
        heights = [layout.text_height(text, style.TEXT) + floor + 0.06 for text, floor in zip(texts, floors, strict=True)]
        left, zones = layout.EDGE + inner + 0.1, floors
    else:
        texts = [layout.wrap(label, LABEL_SHARE * width, style.TEXT) for label in labels]
        heights = layout.row_heights(texts, floors)
        left = (layout.EDGE + layout.widest(texts, style.TEXT) + inner + layout.GAP
                + sum(column.width + layout.GAP for column in before))
        zones = heights
    x_label = layout.wrap(x_label, width - 2 * layout.EDGE, style.SMALL)
    below = legend.lines(entries, width - 2 * layout.EDGE)
    head = TITLES if before or after else 0.04
    beneath = layout.AXIS + layout.text_height(x_label, style.SMALL) + 0.03
    page, top = layout.page(width, head + sum(heights) + beneath + foot + legend.height(below), heading, synthetic)
    panel = layout.rows(page, left, right, top + head, heights, zones)
    axis = top + head + sum(heights)
    layout.write_centred(page, (left + right) / 2, axis + layout.AXIS, x_label)
    legend.draw(page, layout.EDGE, axis + beneath + foot, below)
    if above:
        for text, centre, zone, height in zip(texts, panel.centres, zones, heights, strict=True):
            panel.write(layout.EDGE, centre + zone / 2 - height + 0.05, text, va="top", size=style.TEXT, bbox=ON_LINES)
    else:
        layout.write_labels(panel, texts)
        at = left - layout.GAP - inner
        for column in reversed(before):
            _write(panel, column, at, "right")
            at -= column.width + layout.GAP
    for column, start, end in zip(after, starts, ends, strict=True):
        _write(panel, column, start if align == "left" else end, align)
    return Chart(page, panel, starts, ends, sum(heights) + beneath)


def _said(label: str, columns: Sequence[Column], row: int) -> str:
    said = [column.said.format(column.texts[row]) for column in columns
            if row < len(column.texts) and column.texts[row] not in NOTHING]
    return f"{label} ({', '.join(said)})" if said else label


def _write(panel: layout.Rows, column: Column, x: float, align: str) -> None:
    colour = style.MUTED if column.colour == style.INK else column.colour
    panel.write(x, -0.09, column.title, ha=align, size=style.SMALL, color=colour)
    for y, text in zip(panel.centres, column.texts, strict=False):
        if column.drawn and text:
            panel.write(x, y, text, ha=align, size=style.SMALL, color=column.colour)
