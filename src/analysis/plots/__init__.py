"""The charts of the reports: rows with intervals, bars, maps of cells, the flow of participants, and their style.

Every word and number in a chart comes as an argument, written as it shall be read; nothing here speaks a language. Widths
are in inches: `FULL` (160 mm) or `HALF` (80 mm). `synthetic` is the mark on charts of made-up data, or empty.
"""

from __future__ import annotations

from analysis.plots import style
from analysis.plots.bars import Share, counts, reach, shares
from analysis.plots.flow import Box, flow
from analysis.plots.heat_map import heat_map
from analysis.plots.intervals import Interval, interval_panels, intervals, panels_a_page
from analysis.plots.lines import running_totals
from analysis.plots.slopes import Slope, slopes
from analysis.plots.style import FORMATS, FULL, HALF, MILLIMETRES, rendered

__all__ = ["FORMATS", "FULL", "HALF", "MILLIMETRES", "Box", "Interval", "Share", "Slope", "counts", "flow", "heat_map",
           "interval_panels", "intervals", "panels_a_page", "reach", "rendered", "running_totals", "shares", "slopes",
           "style"]
