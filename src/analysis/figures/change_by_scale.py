"""Change per scale with its interval: one row a scale."""

from __future__ import annotations

from collections.abc import Mapping
from math import nan

import pandas as pd
from matplotlib.figure import Figure

from analysis.figures import layout, marks, style

COUNTS = ("n_pre", "n_post", "n_matched")


@style.context()
def figure(
    change: pd.DataFrame,
    smallest_change: float | Mapping[str, float] | None = None,
    *,
    heading: str = "",
    synthetic: bool = False,
) -> Figure:
    """A forest of the rows of `change.csv` in their order, with the numbers at the right.

    `change` has the columns scale, label, change, ci_low, ci_high (scale points, post minus pre), and
    n_pre, n_post, n_matched tell a suppressed row ("not shown") from one that could not be computed.
    `smallest_change` (points, one number or one per scale) draws the grey band of changes too small to
    matter.
    """
    labels = [layout.wrap(label, 2.3, style.TEXT) for label in change["label"]]
    numbers = [marks.estimate_text(*row) for row in _triples(change)]
    heights = layout.row_heights(labels, 0.25)
    left = layout.EDGE + layout.widest(labels, style.TEXT) + layout.GAP
    right = style.WIDTH - layout.EDGE - max(layout.widest(numbers, style.SMALL), 1.3) - layout.GAP
    smallest = _per_scale(change, smallest_change)
    known = [half for half in smallest if half == half]
    entries = [layout.Entry("change too small to matter", "s", style.BAND)] if known else []
    legend = layout.legend_lines(entries, right - left)
    head = layout.legend_height(legend) + layout.line_height(style.SMALL) + 0.04
    page, top = layout.page(head + sum(heights) + layout.AXIS + layout.AXIS_LABEL, heading, synthetic)
    panel = layout.rows(page, left, right, top + head, heights)
    panel.axes.set_xlim(
        marks.limits(
            change["change"], change["ci_low"], change["ci_high"], [0, *known, *(-half for half in known)]
        )
    )
    panel.axes.set_xlabel("Change in scale points, after minus before", labelpad=2)
    panel.write(right + layout.GAP, -0.09, "Change (95 % interval)", size=style.SMALL, color=style.MUTED)
    layout.draw_legend(page, left, top, legend)
    layout.write_labels(panel, labels)
    layout.zero_line(panel)
    _bands(panel, smallest)
    for i, (_, row) in enumerate(change.iterrows()):
        if pd.isna(row["change"]):
            panel.absent(i, marks.absence(row, COUNTS), right + layout.GAP)
            continue
        marks.draw_interval(panel.axes, panel.centres[i], row["ci_low"], row["ci_high"], style.POST)
        marks.draw_point(panel.axes, row["change"], panel.centres[i], style.POST, "change")
        panel.write(right + layout.GAP, panel.centres[i], numbers[i], size=style.SMALL)
    return page


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
        marks.band(panel.axes, smallest[0], 0, sum(panel.heights))
        return
    for half, centre, height in zip(smallest, panel.centres, panel.heights, strict=True):
        marks.band(panel.axes, half, centre - height * 0.42, centre + height * 0.42)
