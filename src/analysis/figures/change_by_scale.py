"""Change per scale with its interval: one row a scale."""

from __future__ import annotations

from collections.abc import Mapping
from math import nan

import pandas as pd
from matplotlib.figure import Figure

from analysis.figures import chart, layout, legend, marks, style
from analysis.words import _

COUNTS = ("n_pre", "n_post", "n_matched")


@style.context()
def figure(
    change: pd.DataFrame,
    smallest_change: float | Mapping[str, float] | None = None,
    *,
    width: float = style.FULL,
    heading: str = "",
    synthetic: bool = False,
) -> Figure:
    """A forest of the rows of `change.csv` in their order, with the numbers at the right.

    `change` has the columns scale, label, change, ci_low, ci_high (scale points, post minus pre), and
    n_pre, n_post, n_matched tell a suppressed row ("not shown") from one that could not be computed.
    `smallest_change` (points, one number or one per scale) draws the grey band of changes too small to
    matter. `width` in inches.
    """
    smallest = _per_scale(change, smallest_change)
    known = [half for half in smallest if half == half]
    drawn = chart.row_chart(
        list(change["label"]), _("Change in scale points, after minus before"), width=width, least=0.25,
        after=[chart.Column(marks.estimate_title(), [marks.estimate_text(*row) for row in _triples(change)])],
        entries=[legend.Entry(_("change too small to matter"), "s", style.BAND)] if known else [],
        heading=heading, synthetic=synthetic, align="left",
    )
    panel = drawn.panel
    panel.axes.set_xlim(
        marks.limits(
            change["change"], change["ci_low"], change["ci_high"], [0, *known, *(-half for half in known)]
        )
    )
    layout.zero_line(panel)
    _bands(panel, smallest)
    for i, (_index, row) in enumerate(change.iterrows()):
        if pd.isna(row["change"]):
            panel.absent(i, marks.absence(row, COUNTS), drawn.starts[0])
            continue
        marks.draw_interval(panel.axes, panel.centres[i], row["ci_low"], row["ci_high"], style.POST)
        marks.draw_point(panel.axes, row["change"], panel.centres[i], style.POST, "change")
    return drawn.page


def alt_text(change: pd.DataFrame, smallest_change: float | Mapping[str, float] | None = None) -> str:
    """What `figure` shows of the same frame, in words."""
    parts = list(change["label"]), *(list(change[name]) for name in ("change", "ci_low", "ci_high"))
    text = f"Change after minus before in scale points, with 95 % intervals. {marks.summary(*parts)}"
    if isinstance(smallest_change, int | float):
        text += f" A band marks changes under {marks.number(smallest_change)} points."
    elif smallest_change:
        text += " A band marks the changes too small to matter on each scale."
    return text


def _triples(change: pd.DataFrame) -> list[tuple[float, float, float]]:
    return list(change[["change", "ci_low", "ci_high"]].astype(float).itertuples(index=False, name=None))


def _per_scale(change: pd.DataFrame, smallest: float | Mapping[str, float] | None) -> list[float]:
    if smallest is None:
        return [nan] * len(change)
    if isinstance(smallest, Mapping):
        return [float(smallest.get(scale, nan)) for scale in change["scale"]]
    return [float(smallest)] * len(change)


def _bands(panel: layout.Rows, smallest: list[float]) -> None:
    if len(set(smallest)) == 1:
        marks.band(panel.axes, smallest[0], 0, panel.height)
        return
    for half, centre, zone in zip(smallest, panel.centres, panel.zones, strict=True):
        marks.band(panel.axes, half, centre - zone * 0.42, centre + zone * 0.42)
