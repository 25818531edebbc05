"""The answers to a scale's items: diverging bars, before over after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import pandas as pd
from matplotlib.figure import Figure

from analysis.figures import chart, layout, legend, marks, style
from analysis.words import _

WAVES = (("pre", "before", style.PRE), ("post", "after", style.POST))
TICK = 0.46  # inches between tick labels, at least
BAR, STEP = 0.155, 0.185  # inches


@dataclass(frozen=True)
class _Bar:
    """The shares of one item in one wave, lowest answer first; `shares` is None where they are not shown."""

    wave: str
    shares: list[float] | None
    n: float

    def starts(self) -> list[float]:
        """Where each answer begins when the middle of the answers lies at 0."""
        k = len(self.shares)
        at = -sum(self.shares[: k // 2]) - (self.shares[k // 2] / 2 if k % 2 else 0.0)
        return [at + sum(self.shares[:i]) for i in range(k)]


@style.context()
def figure(
    item_answers: pd.DataFrame,
    items: Sequence[tuple[str, str]],
    values: Sequence[tuple[object, str]],
    *,
    width: float = style.FULL,
    heading: str = "",
    synthetic: bool = False,
) -> Figure:
    """Shares of every answer around the middle one, one pair of bars an item.

    `item_answers` has the columns item, wave, value, n, share (a share of 1); `items` are (item, text) in
    the order wanted, `values` (value, label) from the lowest answer to the highest, compared with the
    column as they stand. An item without rows in a wave has no bar there; where a share is nan the whole
    bar is not shown. `width` in inches. Raises ValueError for a value of one of the items that `values` lacks.
    """
    bars = [_bars_of(item_answers, item, values) for item, _text in items]
    colours = style.answer_colours(len(values))
    counts = [marks.count(bar.n) for pair in bars for bar in pair]
    drawn = chart.row_chart(
        [text for _item, text in items], _("Share of answers on either side of the middle"), width=width,
        least=[max(0.3, STEP * len(pair) + 0.12) for pair in bars],
        after=[chart.Column("n", counts, drawn=False)],
        inner=layout.widest([_(label) for _wave, label, _colour in WAVES], style.SMALL) + 0.06,
        entries=[legend.Entry(label, "s", colour) for (_value, label), colour in zip(values, colours, strict=True)],
        heading=heading, synthetic=synthetic,
    )
    panel = drawn.panel
    _axis(panel, [bar for pair in bars for bar in pair if bar.shares])
    for i, pair in enumerate(bars):
        if not pair:
            panel.absent(i, _("not asked"))
        for j, bar in enumerate(pair):
            _draw_bar(panel, panel.centres[i] + (j - (len(pair) - 1) / 2) * STEP, bar, colours, drawn.ends[0])
    return drawn.page


def alt_text(
    item_answers: pd.DataFrame, items: Sequence[tuple[str, str]], values: Sequence[tuple[object, str]]
) -> str:
    """What `figure` shows of the same frame, in words: the share of answers above the middle."""
    half = len(values) // 2
    upper = [f"“{label}”" for _value, label in values[len(values) - half :]]
    named = " or ".join(upper) if half <= 2 else f"{upper[0]} to {upper[-1]}"
    start = f"Share of the answers {named}, before and after, by item. "
    shares = [
        {bar.wave: sum(bar.shares[-half:]) for bar in _bars_of(item_answers, item, values) if bar.shares}
        for item, _text in items
    ]
    if len(items) > 6:
        return start + _ranges(shares)
    return start + marks.listing(
        [
            f"{text.rstrip('.')}: "
            + (
                ", ".join(f"{round(100 * own[w])} % {label}" for w, label, _colour in WAVES if w in own)
                or marks.not_shown()
            )
            for (_item, text), own in zip(items, shares, strict=True)
        ]
    )


def _ranges(shares: Sequence[dict[str, float]]) -> str:
    parts = [
        f"{round(100 * min(known))} to {round(100 * max(known))} % {label}"
        for wave, label, _colour in WAVES
        if (known := [own[wave] for own in shares if wave in own])
    ]
    both = [own for own in shares if len(own) == 2]
    higher = sum(own["post"] > own["pre"] for own in both)
    return marks.listing(
        [*parts, f"higher after on {higher} of {len(both)} items with both"] if parts else [marks.not_shown()]
    )


def _bars_of(item_answers: pd.DataFrame, item: str, values: Sequence[tuple[object, str]]) -> list[_Bar]:
    order = [value for value, _label in values]
    bars = []
    for wave, *_rest in WAVES:
        rows = item_answers[(item_answers["item"] == item) & (item_answers["wave"] == wave)]
        if rows.empty:
            continue
        strangers = set(rows["value"]) - set(order)
        if strangers:
            raise ValueError(
                f"values: expected every value of item {item}, lacking {sorted(map(str, strangers))}"
            )
        row = rows.set_index("value").reindex(order)
        hidden = rows["share"].isna().any()
        bars.append(
            _Bar(
                wave,
                None if hidden else row["share"].fillna(0.0).astype(float).tolist(),
                float("nan") if rows["n"].isna().any() else float(rows["n"].sum()),
            )
        )
    return bars


def _axis(panel: layout.Rows, bars: list[_Bar]) -> None:
    lows = [bar.starts()[0] for bar in bars]
    highs = [low + sum(bar.shares) for low, bar in zip(lows, bars, strict=True)]
    low, high = ceil(-10 * min(lows, default=-1) - 1e-9) / 10, ceil(10 * max(highs, default=1) - 1e-9) / 10
    panel.axes.set_xlim(-max(low, 0.1), max(high, 0.1))
    parts = 4 if (panel.right - panel.left) / (max(low, 0.1) + max(high, 0.1)) / 4 > TICK else 2
    panel.axes.set_xticks([t / parts for t in range(-parts, parts + 1) if -low - 1e-9 <= t / parts <= high + 1e-9])
    panel.axes.xaxis.set_major_formatter(lambda x, _place: f"{abs(round(100 * x))} %")
    panel.axes.axvline(0, color=style.MUTED, linewidth=0.6, zorder=1.5, label="zero")


def _draw_bar(panel: layout.Rows, y: float, bar: _Bar, colours: Sequence[str], end: float) -> None:
    label, colour = next((label, colour) for wave, label, colour in WAVES if wave == bar.wave)
    panel.write(panel.left - 0.06, y, _(label), ha="right", size=style.SMALL, color=colour)
    panel.write(end, y, marks.count(bar.n), ha="right", size=style.SMALL, color=style.MUTED)
    if bar.shares is None:
        panel.remark((panel.left + panel.right) / 2, y, marks.not_shown(), ha="center")
        return
    low, high = panel.axes.get_xlim()
    inches = (panel.right - panel.left) / (high - low)
    for start, share, fill in zip(bar.starts(), bar.shares, colours, strict=True):
        marks.draw_bar(panel.axes, start, share, y, BAR, fill, label)
        text = f"{round(100 * share)}"
        if share > 0 and share * inches > layout.text_width(text, style.TINY) + 0.05:
            panel.axes.text(
                start + share / 2,
                y,
                text,
                ha="center",
                va="center_baseline",
                size=style.TINY,
                color=style.ink_on(fill),
                zorder=3,
            )
