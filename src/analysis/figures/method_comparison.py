"""The change on a scale under each method: whether the answer depends on it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from analysis.figures import chart, layout, marks, multiples, style
from analysis.words import _

MAIN = "mixed_cr2"
ROW = 0.165  # inches a method takes in a grid


def methods() -> dict[str, str]:
    """The methods of `sensitivity.csv` as figures name them, short."""
    return {
        "mixed_cr2": _("Main: mixed model, all answers"),
        "matched_cr2": _("Linked teachers, by school"),
        "matched_t": _("Linked teachers, paired t"),
        "wilcoxon": _("Linked teachers, Wilcoxon"),
        "partially_overlapping_t": _("Partially overlapping t"),
        "school_means_t": _("School means, t"),
        "exact_codes_only": _("Main, exact codes only"),
        "complete_answers_only": _("Main, complete answers only"),
    }


@style.context()
def figure(
    sensitivity: pd.DataFrame,
    label: str = "",
    titles: Mapping[str, str] | None = None,
    *,
    width: float = style.FULL,
    synthetic: bool = False,
) -> Figure:
    """The rows of `sensitivity.csv` of one scale, in their order; the dashed line continues the main
    estimate.

    `sensitivity` has the columns method, n, estimate, ci_low, ci_high. A row without an estimate but with
    both ends is drawn as a range (a school left out in turn). One with neither is "not shown" where n is
    empty too or its note says so, else "not estimable". `titles` gives the methods' names as they shall be read; `label` is
    the heading, `width` in inches.
    """
    titles = titles or methods()
    drawn = chart.row_chart(
        [titles.get(name, name) for name in sensitivity["method"]], _("Change in scale points, after minus before"),
        width=width, least=0.22,
        before=[chart.Column("n", [marks.count(n) for n in sensitivity["n"]], said="n = {}")],
        after=[chart.Column(marks.estimate_title(), [_numbers(row) for _index, row in sensitivity.iterrows()])],
        heading=label, synthetic=synthetic, align="left",
    )
    drawn.panel.axes.set_xlim(_limits(sensitivity))
    _draw(drawn.panel, sensitivity, 5.5, drawn.starts[0])
    return drawn.page


@style.context()
def grid(
    sensitivity: pd.DataFrame,
    labels: Mapping[str, str],
    titles: Mapping[str, str] | None = None,
    *,
    width: float = style.FULL,
    heading: str = "",
    synthetic: bool = False,
) -> Figure:
    """Every scale's methods in one figure: `sensitivity` with its column scale, `labels` the scales' names
    by scale.

    Scales and methods stand in the order in which they first appear.
    """
    titles = titles or methods()
    scales = list(sensitivity["scale"].drop_duplicates())
    order = list(sensitivity["method"].drop_duplicates())
    page, panels = multiples.panels(
        [labels.get(scale, scale) for scale in scales],
        [titles.get(name, name) for name in order],
        _limits(sensitivity),
        _("Change in scale points, after minus before"),
        width=width,
        row_height=ROW,
        heading=heading,
        synthetic=synthetic,
    )
    for panel, scale in zip(panels, scales, strict=True):
        own = sensitivity[sensitivity["scale"] == scale].set_index("method").reindex(order)
        _draw(panel, own.reset_index(), 3.8)
    return page


def alt_text(sensitivity: pd.DataFrame, label: str = "", titles: Mapping[str, str] | None = None) -> str:
    """What `figure` shows of the same rows, in words."""
    titles = titles or methods()
    shown = sensitivity.dropna(subset=["estimate"])
    text = f"Change{f' on {label}' * bool(label)} under {len(sensitivity)} methods, with 95 % intervals. "
    if shown.empty:
        return text + "No method has an estimate to show."
    main = shown[shown["method"] == MAIN]
    if len(main):
        text += f"{titles.get(MAIN, MAIN)}: {_numbers(main.iloc[0])}. "
    span = marks.range_text(shown["estimate"].min(), shown["estimate"].max())
    text += f"Estimates run from {span}."
    missing = len(sensitivity) - len(shown)
    return text + (f" {missing} of {len(sensitivity)} without an estimate." if missing else "")


def grid_alt_text(sensitivity: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """What `grid` shows of the same rows, in words."""
    spans = sensitivity.groupby("scale", sort=False)["estimate"].agg(least="min", most="max")
    start = f"Estimates of the change on {len(spans)} scales under each method. "
    known = spans.dropna()
    if len(spans) <= 6 or known.empty:
        return start + marks.listing(
            [
                f"{labels.get(scale, scale)}: {marks.range_text(least, most) or marks.not_shown()}"
                for scale, least, most in spans.itertuples(name=None)
            ]
        )
    most = (known["most"] - known["least"]).idxmax()
    alike = int(((known["least"] > 0) | (known["most"] < 0)).sum())
    return (
        f"{start}They differ most on {labels.get(most, most)}, {marks.range_text(*known.loc[most])}. "
        f"On {alike} of {len(known)} scales all estimates have the same sign."
    )


def _numbers(row: Mapping) -> str:
    if pd.isna(row["estimate"]):
        span = marks.range_text(row["ci_low"], row["ci_high"])
        return _("range {span}", span=span) if span else ""
    return marks.estimate_text(row["estimate"], row["ci_low"], row["ci_high"])


def _limits(sensitivity: pd.DataFrame) -> tuple[float, float]:
    return marks.limits(*(sensitivity[name].astype(float) for name in ("estimate", "ci_low", "ci_high")))


def _draw(panel: layout.Rows, sensitivity: pd.DataFrame, size: float, remarks: float | None = None) -> None:
    layout.zero_line(panel)
    for i, (_index, row) in enumerate(sensitivity.iterrows()):
        main, y = row["method"] == MAIN, panel.centres[i]
        colour = style.POST if main else "#4D4D4D"
        if pd.isna(row["estimate"]):
            if pd.isna(row["ci_low"]) or pd.isna(row["ci_high"]):
                panel.absent(i, marks.absence(row, ("n",)), remarks)
            marks.draw_interval(
                panel.axes, y, row["ci_low"], row["ci_high"], "#9A9A9A", width=4, label="range"
            )
            continue
        if main:
            panel.axes.axvline(
                row["estimate"], color=style.POST, linewidth=0.7, dashes=(4, 3), zorder=1.4, label="main"
            )
        marks.draw_interval(panel.axes, y, row["ci_low"], row["ci_high"], colour)
        marks.draw_point(panel.axes, row["estimate"], y, colour, "estimate", filled=main, size=size)
