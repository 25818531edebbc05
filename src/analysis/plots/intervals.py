"""Rows with a point and its interval: change by scale, by country, by school, by method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure

from analysis.plots import chart, layout, legend, marks, style


@dataclass(frozen=True)
class Interval:
    """One row: what stands left and right of it, the point and its interval, and what of it is special.

    `text` is the number column's, or why there is no estimate. `band` is half the width of the band of changes too small
    to matter. `mark`: "point", "diamond" (pooled) or "range" (a thick grey line without a point). `outer` is a second,
    thinner interval (prediction). `group` stands as a heading above the first row of each group.
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


@style.context()
def intervals(rows: Sequence[Interval], x_label: str, column: str, *, width: float = style.FULL, band_label: str = "",
              synthetic: str = "") -> Figure:
    """A chart of rows with a column of numbers at the right, headed `column`; `width` in inches."""
    banded = any(row.band for row in rows)
    drawn = chart.row_chart(
        [row.label for row in rows], x_label, width=width, least=0.25,
        after=[chart.Column(column, [row.text for row in rows])],
        entries=[legend.Entry(band_label, "s", style.BAND)] if banded and band_label else [],
        synthetic=synthetic, align="left")
    panel = drawn.panel
    bands = [edge for row in rows if row.band for edge in (row.band, -row.band)]
    panel.axes.set_xlim(marks.limits(*([getattr(row, name) for row in rows] for name in ("estimate", "low", "high")),
                                     [0, *bands]))
    layout.zero_line(panel)
    for row, centre, zone in zip(rows, panel.centres, panel.zones, strict=True):
        if row.band:
            marks.band(panel.axes, row.band, centre - zone * 0.5, centre + zone * 0.5)
        if pd.isna(row.estimate) and row.mark != "range":
            continue
        marks.draw_interval(panel.axes, centre, row.low, row.high, style.POST)
        marks.draw_point(panel.axes, row.estimate, centre, style.POST, "change")
    return drawn.page
