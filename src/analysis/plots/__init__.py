"""What the figures share: charts of rows with intervals, bars of shares, maps, the flow of participants, and their style."""

from __future__ import annotations

from analysis.plots.intervals import Interval, intervals
from analysis.plots.style import FULL, HALF, MILLIMETRES, rendered

__all__ = ["FULL", "HALF", "MILLIMETRES", "Interval", "intervals", "rendered"]
