"""The change on a scale under each method: whether the answer depends on it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from analysis.figures import layout, marks, multiples, style

MAIN = "mixed_cr2"
METHODS = {
    "mixed_cr2": "Main: mixed model, all answers",
    "matched_cr2": "Linked teachers, by school",
    "matched_t": "Linked teachers, paired t",
    "wilcoxon": "Linked teachers, Wilcoxon",
    "partially_overlapping_t": "Partially overlapping t",
    "school_means_t": "School means, t",
    "exact_codes_only": "Main, exact codes only",
    "complete_answers_only": "Main, complete answers only",
}
X_LABEL = "Change in scale points, after minus before"


@style.context()
def figure(
    sensitivity: pd.DataFrame,
    label: str = "",
    methods: Mapping[str, str] = METHODS,
    *,
    synthetic: bool = False,
) -> Figure:
    """The rows of `sensitivity.csv` of one scale, in their order; the dashed line continues the main
    estimate.

    `sensitivity` has the columns method, n, estimate, ci_low, ci_high. A row without an estimate but with
    both ends is drawn as a range (a school left out in turn). One with neither is "not shown" where n is
    empty too, else "not estimable". `methods` gives the methods' names as they shall be read; `label` is
    the heading.
    """
    labels = [layout.wrap(methods.get(name, name), 2.2, style.TEXT) for name in sensitivity["method"]]
    numbers = [_numbers(row) for _, row in sensitivity.iterrows()]
    widest = max(
        layout.widest(numbers, style.SMALL), layout.text_width("Change (95 % interval)", style.SMALL)
    )
    heights = layout.row_heights(labels, 0.22)
    left = layout.EDGE + layout.widest(labels, style.TEXT) + 0.46 + layout.GAP
    right = style.WIDTH - layout.EDGE - widest - layout.GAP
    page, top = layout.page(0.2 + sum(heights) + layout.AXIS + layout.AXIS_LABEL, label, synthetic)
    panel = layout.rows(page, left, right, top + 0.2, heights)
    panel.axes.set_xlim(_limits(sensitivity))
    panel.axes.set_xlabel(X_LABEL, labelpad=2)
    layout.write_labels(panel, labels)
    panel.write(left - layout.GAP, -0.09, "n", ha="right", size=style.SMALL, color=style.MUTED)
    panel.write(right + layout.GAP, -0.09, "Change (95 % interval)", size=style.SMALL, color=style.MUTED)
    for y, n, text in zip(panel.centres, sensitivity["n"], numbers, strict=True):
        panel.write(left - layout.GAP, y, marks.count(n), ha="right", size=style.SMALL)
        panel.write(right + layout.GAP, y, text, size=style.SMALL)
    _draw(panel, sensitivity, 5.5, right + layout.GAP)
    return page


@style.context()
def grid(
    sensitivity: pd.DataFrame,
    labels: Mapping[str, str],
    methods: Mapping[str, str] = METHODS,
    *,
    heading: str = "",
    synthetic: bool = False,
) -> Figure:
    """Every scale's methods in one figure: `sensitivity` with its column scale, `labels` the scales' names
    by scale.

    Scales and methods stand in the order in which they first appear.
    """
    scales = list(sensitivity["scale"].drop_duplicates())
    order = list(sensitivity["method"].drop_duplicates())
    page, panels = multiples.panels(
        [labels.get(scale, scale) for scale in scales],
        [methods.get(name, name) for name in order],
        _limits(sensitivity),
        X_LABEL,
        row_height=0.155,
        heading=heading,
        synthetic=synthetic,
    )
    for panel, scale in zip(panels, scales, strict=True):
        own = sensitivity[sensitivity["scale"] == scale].set_index("method").reindex(order)
        _draw(panel, own.reset_index(), 3.8)
    return page


def alt_text(sensitivity: pd.DataFrame, label: str = "", methods: Mapping[str, str] = METHODS) -> str:
    """What `figure` shows of the same rows, in words."""
    shown = sensitivity.dropna(subset=["estimate"])
    text = f"Change{f' on {label}' * bool(label)} under {len(sensitivity)} methods, with 95 % intervals. "
    if shown.empty:
        return text + "No method has an estimate to show."
    main = shown[shown["method"] == MAIN]
    if len(main):
        text += f"{methods.get(MAIN, MAIN)}: {_numbers(main.iloc[0])}. "
    span = marks.interval_text(shown["estimate"].min(), shown["estimate"].max())
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
                f"{labels.get(scale, scale)}: {marks.interval_text(least, most) or marks.NOT_SHOWN}"
                for scale, least, most in spans.itertuples(name=None)
            ]
        )
    most = (known["most"] - known["least"]).idxmax()
    alike = int(((known["least"] > 0) | (known["most"] < 0)).sum())
    return (
        f"{start}They differ most on {labels.get(most, most)}, {marks.interval_text(*known.loc[most])}. "
        f"On {alike} of {len(known)} scales all estimates have the same sign."
    )


def _numbers(row: Mapping) -> str:
    if pd.isna(row["estimate"]):
        span = marks.interval_text(row["ci_low"], row["ci_high"])
        return f"range {span}" if span else ""
    return marks.estimate_text(row["estimate"], row["ci_low"], row["ci_high"])


def _limits(sensitivity: pd.DataFrame) -> tuple[float, float]:
    return marks.limits(*(sensitivity[name].astype(float) for name in ("estimate", "ci_low", "ci_high")))


def _draw(panel: layout.Rows, sensitivity: pd.DataFrame, size: float, remarks: float | None = None) -> None:
    layout.zero_line(panel)
    for i, (_, row) in enumerate(sensitivity.iterrows()):
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
