"""Mean before and mean after per scale, each with its interval, on the range of the answers."""

from __future__ import annotations

from math import ceil, floor

import pandas as pd
from matplotlib.figure import Figure

from analysis.figures import layout, marks, style

WAVES = (("pre", "before", style.PRE, False, -0.075), ("post", "after", style.POST, True, 0.075))


@style.context()
def figure(
    change: pd.DataFrame,
    low: float,
    high: float,
    reliability: pd.DataFrame | None = None,
    *,
    heading: str = "",
    synthetic: bool = False,
) -> Figure:
    """A dumbbell for every row of `change`, whose scales share the answer range `low` to `high`.

    `change` has the columns scale, label, mean_pre, mean_pre_low, mean_pre_high, mean_post, mean_post_low,
    mean_post_high, and n_pre, n_post tell a suppressed mean from one that could not be computed. With
    `reliability` (scale, wave, alpha) Cronbach's alpha before and after stands at the right.
    """
    labels = [layout.wrap(label, 2.3, style.TEXT) for label in change["label"]]
    heights = layout.row_heights(labels, 0.36)
    columns = [("before", style.PRE), ("after", style.POST)] + (
        [("alpha", style.INK)] if reliability is not None else []
    )
    widths = [0.44, 0.44, 0.74][: len(columns)]
    left = layout.EDGE + layout.widest(labels, style.TEXT) + layout.GAP
    right = style.WIDTH - layout.EDGE - sum(widths) - layout.GAP
    legend = layout.legend_lines(
        [
            layout.Entry("mean before", "o", style.PRE, filled=False),
            layout.Entry("mean after", "o", style.POST),
        ],
        right - left,
    )
    head = layout.legend_height(legend) + layout.line_height(style.SMALL) * 0.5
    page, top = layout.page(head + sum(heights) + layout.AXIS + layout.AXIS_LABEL, heading, synthetic)
    panel = layout.rows(page, left, right, top + head, heights)
    pad = 0.03 * (high - low)
    panel.axes.set_xlim(low - pad, high + pad)
    if high - low <= 12:
        panel.axes.set_xticks(range(ceil(low), floor(high) + 1))
    panel.axes.set_xlabel(f"Mean on the scale of {low:g} to {high:g}, with 95 % interval", labelpad=2)
    layout.draw_legend(page, left, top, legend)
    layout.write_labels(panel, labels)
    ends = [right + layout.GAP + sum(widths[: i + 1]) for i in range(len(widths))]
    for (title, colour), end in zip(columns, ends, strict=True):
        panel.write(end, -0.08, title, ha="right", size=style.SMALL, color=colour)
    for i, (_, row) in enumerate(change.iterrows()):
        _draw_row(panel, i, row, ends)
        if reliability is not None:
            panel.write(
                ends[2], panel.centres[i], _alphas(reliability, row["scale"]), ha="right", size=style.SMALL
            )
    return page


def alt_text(change: pd.DataFrame, low: float, high: float) -> str:
    """What `figure` shows of the same frame, in words."""
    both = change.dropna(subset=["mean_pre", "mean_post"])
    text = f"Mean before and after on {len(change)} scale{'s' * (len(change) != 1)} of {low:g} to {high:g}. "
    if both.empty:
        return text + "No scale has both means to show."
    rows = [(r.label, r.mean_pre, r.mean_post) for r in both.itertuples()]
    if len(change) <= 6:
        text += marks.listing(
            [f"{label}: {marks.number(pre)} before, {marks.number(post)} after" for label, pre, post in rows]
        )
    else:
        before, after = (marks.interval_text(both[m].min(), both[m].max()) for m in ("mean_pre", "mean_post"))
        text += (
            f"Means run from {before} before and from {after} after; "
            f"{sum(post > pre for _, pre, post in rows)} of {len(rows)} are higher after."
        )
    missing = len(change) - len(both)
    return text + (f" {missing} of {len(change)} without both means." if missing else "")


def _draw_row(panel: layout.Rows, i: int, row: pd.Series, ends: list[float]) -> None:
    y = panel.centres[i]
    if not (pd.isna(row["mean_pre"]) or pd.isna(row["mean_post"])):
        panel.axes.plot(
            [row["mean_pre"], row["mean_post"]],
            [y + WAVES[0][4], y + WAVES[1][4]],
            color=style.MUTED,
            linewidth=0.7,
            label="step",
            zorder=1.5,
        )
    absent = [marks.absence(row, (f"n_{wave}",)) for wave, *_ in WAVES if pd.isna(row[f"mean_{wave}"])]
    if len(absent) == 2:
        panel.absent(i, absent[0] if len(set(absent)) == 1 else marks.NOT_SHOWN)
        return
    for (wave, label, colour, filled, shift), end in zip(WAVES, ends, strict=False):
        mean = row[f"mean_{wave}"]
        marks.draw_interval(
            panel.axes,
            y + shift,
            row[f"mean_{wave}_low"],
            row[f"mean_{wave}_high"],
            colour,
            label=f"interval {label}",
        )
        marks.draw_point(panel.axes, mean, y + shift, colour, label, filled=filled)
        if pd.isna(mean):
            panel.remark(panel.left + 0.1, y + shift, f"{label}: {absent[0]}", size=style.SMALL - 0.5)
        else:
            panel.write(end, y, marks.number(mean), ha="right", size=style.SMALL, color=colour)


def _alphas(reliability: pd.DataFrame, scale: str) -> str:
    alphas = reliability[reliability["scale"] == scale].set_index("wave")["alpha"]
    values = [
        marks.number(float(alphas.get(wave, float("nan")))) or "\N{EN DASH}" for wave in ("pre", "post")
    ]
    return " / ".join(values) if any(value != "\N{EN DASH}" for value in values) else "\N{EN DASH}"
