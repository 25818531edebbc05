"""Mean before and mean after per scale, each with its interval, on the range of the answers."""

from __future__ import annotations

from math import ceil, floor

import pandas as pd
from matplotlib.figure import Figure

from analysis.figures import chart, legend, marks, style
from analysis.figures.chart import Column
from analysis.words import _

TICK = 0.24  # inches between tick labels of one or two digits, at least
WAVES = (("pre", "before", style.PRE, False, -0.075), ("post", "after", style.POST, True, 0.075))


@style.context()
def figure(
    change: pd.DataFrame,
    low: float,
    high: float,
    reliability: pd.DataFrame | None = None,
    *,
    width: float = style.FULL,
    heading: str = "",
    synthetic: bool = False,
) -> Figure:
    """A dumbbell for every row of `change`, whose scales share the answer range `low` to `high`.

    `change` has the columns scale, label, mean_pre, mean_pre_low, mean_pre_high, mean_post, mean_post_low,
    mean_post_high, and n_pre, n_post tell a suppressed mean from one that could not be computed. With
    `reliability` (scale, wave, alpha) Cronbach's alpha before and after stands at the right. `width` in inches.
    """
    columns = [Column(_(label), [marks.number(mean) for mean in change[f"mean_{wave}"]], colour)
               for wave, label, colour, *_rest in WAVES]
    if reliability is not None:
        columns.append(Column(_("alpha"), [_alphas(reliability, scale) for scale in change["scale"]]))
    bounds = {"low": f"{low:g}", "high": f"{high:g}"}
    drawn = chart.row_chart(
        list(change["label"]), _("Mean on the scale of {low} to {high}, with 95 % interval", **bounds), width=width,
        least=0.36, after=columns,
        entries=[legend.Entry(_("mean before"), "o", style.PRE, filled=False),
                 legend.Entry(_("mean after"), "o", style.POST)],
        heading=heading, synthetic=synthetic,
    )
    axes = drawn.panel.axes
    pad = 0.03 * (high - low)
    axes.set_xlim(low - pad, high + pad)
    if high - low <= 12:
        room = int((drawn.panel.right - drawn.panel.left) / TICK)
        axes.set_xticks(range(ceil(low), floor(high) + 1, max(1, ceil((high - low) / room))))
    for i, (_index, row) in enumerate(change.iterrows()):
        _draw_row(drawn.panel, i, row)
    return drawn.page


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
        before, after = (marks.range_text(both[m].min(), both[m].max()) for m in ("mean_pre", "mean_post"))
        text += (
            f"Means run from {before} before and from {after} after; "
            f"{sum(post > pre for _label, pre, post in rows)} of {len(rows)} are higher after."
        )
    missing = len(change) - len(both)
    return text + (f" {missing} of {len(change)} without both means." if missing else "")


def _draw_row(panel, i: int, row: pd.Series) -> None:
    y = panel.centres[i]
    if not (pd.isna(row["mean_pre"]) or pd.isna(row["mean_post"])):
        panel.axes.plot([row["mean_pre"], row["mean_post"]], [y + WAVES[0][4], y + WAVES[1][4]], color=style.MUTED,
                        linewidth=0.7, label="step", zorder=1.5)
    absent = [marks.absence(row, (f"n_{wave}",)) for wave, *_rest in WAVES if pd.isna(row[f"mean_{wave}"])]
    if len(absent) == 2:
        panel.absent(i, absent[0] if len(set(absent)) == 1 else marks.not_shown())
        return
    for wave, label, colour, filled, shift in WAVES:
        mean = row[f"mean_{wave}"]
        marks.draw_interval(panel.axes, y + shift, row[f"mean_{wave}_low"], row[f"mean_{wave}_high"], colour,
                            label=f"interval {label}")
        marks.draw_point(panel.axes, mean, y + shift, colour, label, filled=filled)
        if pd.isna(mean):
            panel.remark(panel.left + 0.1, y + shift, f"{_(label)}: {absent[0]}", size=style.TINY)


def _alphas(reliability: pd.DataFrame, scale: str) -> str:
    alphas = reliability[reliability["scale"] == scale].set_index("wave")["alpha"]
    values = [
        marks.number(float(alphas.get(wave, float("nan")))) or "\N{EN DASH}" for wave in ("pre", "post")
    ]
    return " / ".join(values) if any(value != "\N{EN DASH}" for value in values) else "\N{EN DASH}"
