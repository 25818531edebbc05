"""Change on a scale in every country, and all of them pooled where there are enough."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from analysis.figures import chart, layout, legend, marks, multiples, style
from analysis.words import _

COUNTS = ("n_pre", "n_post", "n_matched")
FEWEST = 4  # countries a pooled change needs


def entries() -> list[legend.Entry]:
    """What the pooled row's marks stand for."""
    return [
        legend.Entry(_("all countries: pooled change and its 95 % interval"), "d", style.INK),
        legend.Entry(_("prediction interval: where a further country is expected"), "_", style.INK, size=8),
    ]


@style.context()
def figure(
    by_country: pd.DataFrame, pooled: Mapping | None = None, label: str = "", *, width: float = style.FULL,
    synthetic: bool = False,
) -> Figure:
    """The rows of `change_by_country.csv` of one scale, in their order, and a diamond for the pooled change.

    `by_country` has the columns country (as it shall be read), change, ci_low, ci_high, n_pre, n_post,
    n_matched, n_schools. `pooled` is the scale's row of `pooled.csv` (k, estimate, ci_low, ci_high,
    prediction_low, prediction_high); with fewer than four countries, or no estimate, there is no diamond.
    `label` is the heading, `width` in inches.
    """
    pooling = pooled is not None
    rows = [*(row for _index, row in by_country.iterrows()), *([_as_change(pooled)] if pooling else [])]
    drawn = chart.row_chart(
        [*by_country["country"], *[_("All countries")] * pooling], _("Change in scale points, after minus before"),
        width=width, least=0.26,
        before=[
            chart.Column(_("Teachers"), [_teachers(row) for _index, row in by_country.iterrows()], said=_("{} teachers")),
            chart.Column(_("Schools"), [marks.count(n) for n in by_country["n_schools"]], said=_("{} schools")),
        ],
        after=[chart.Column(marks.estimate_title(), [_numbers(row) for row in rows])],
        entries=entries() if pooling and _has_diamond(pooled) else [],
        heading=label, synthetic=synthetic, align="left",
    )
    drawn.panel.axes.set_xlim(_limits(by_country, [pooled] if pooling else []))
    layout.zero_line(drawn.panel)
    _draw(drawn.panel, by_country, pooled, 0.075, drawn.starts[0])
    return drawn.page


@style.context()
def grid(
    by_country: pd.DataFrame,
    pooled: pd.DataFrame | None = None,
    *,
    width: float = style.FULL,
    heading: str = "",
    synthetic: bool = False,
) -> Figure:
    """A small forest for every scale, on one axis.

    `by_country` has the columns of `figure` with scale and label, `pooled` those of `pooled.csv`; scales
    and countries stand in the order in which they first appear. A country without a row for a scale is "not
    shown" there.
    """
    scales = by_country.drop_duplicates("scale")
    countries = list(by_country["country"].drop_duplicates())
    rows = {} if pooled is None else {row["scale"]: row for _index, row in pooled.iterrows()}
    labels = countries + [_("All countries")] * bool(rows)
    page, panels = multiples.panels(
        list(scales["label"]),
        labels,
        _limits(by_country, list(rows.values())),
        _("Change in scale points, after minus before"),
        width=width,
        entries=entries() if any(_has_diamond(row) for row in rows.values()) else [],
        heading=heading,
        synthetic=synthetic,
    )
    for panel, scale in zip(panels, scales["scale"], strict=True):
        layout.zero_line(panel)
        own = by_country[by_country["scale"] == scale].set_index("country").reindex(countries)
        _draw(panel, own.reset_index(), rows.get(scale, {"k": 0} if rows else None), 0.055)
    return page


def alt_text(by_country: pd.DataFrame, pooled: Mapping | None = None, label: str = "") -> str:
    """What `figure` shows of the same rows, in words."""
    numbers = [list(by_country[name].astype(float)) for name in ("change", "ci_low", "ci_high")]
    on = f" on {label}" if label else ""
    text = f"Change after minus before{on} by country, in scale points with 95 % intervals. "
    text += marks.summary(list(by_country["country"]), *numbers)
    if pooled is not None and _has_diamond(pooled):
        text += f" All {int(pooled['k'])} countries together: {_numbers(_as_change(pooled))}"
        span = marks.range_text(pooled["prediction_low"], pooled["prediction_high"])
        text += f"; a further country is expected between {span.replace(' to ', ' and ')}." if span else "."
    return text


def grid_alt_text(by_country: pd.DataFrame, pooled: pd.DataFrame | None = None) -> str:
    """What `grid` shows of the same frames, in words."""
    scales = by_country.drop_duplicates("scale")
    countries = f"{by_country['country'].nunique()} countries"
    text = f"Change after minus before in {countries} on {len(scales)} scales, in scale points. "
    if pooled is None:
        return text + marks.summary(_pairs(by_country), *_columns(by_country, "change"))
    shown = pooled[[_has_diamond(row) for _index, row in pooled.iterrows()]]
    if shown.empty:
        return text + "No scale is pooled over countries."
    names = dict(zip(scales["scale"], scales["label"], strict=True))
    labels = [names.get(scale, scale) for scale in shown["scale"]]
    return text + "Pooled over countries: " + marks.summary(labels, *_columns(shown, "estimate"))


def _pairs(frame: pd.DataFrame) -> list[str]:
    return [f"{label}, {country}" for label, country in zip(frame["label"], frame["country"], strict=True)]


def _columns(frame: pd.DataFrame, estimate: str) -> list[list[float]]:
    return [list(frame[name].astype(float)) for name in (estimate, "ci_low", "ci_high")]


def _teachers(row: Mapping) -> str:
    return marks.count(row["n_pre"] + row["n_post"] - row["n_matched"])


def _as_change(pooled: Mapping) -> dict:
    known = {"change": float("nan"), "ci_low": float("nan"), "ci_high": float("nan")}
    return known | (
        {"change": pooled["estimate"], "ci_low": pooled["ci_low"], "ci_high": pooled["ci_high"]}
        if _has_diamond(pooled)
        else {}
    )


def _numbers(row: Mapping) -> str:
    return marks.estimate_text(row["change"], row["ci_low"], row["ci_high"])


def _has_diamond(pooled: Mapping) -> bool:
    return bool(pooled["k"] >= FEWEST and pd.notna(pooled["estimate"]))


def _limits(by_country: pd.DataFrame, pooled: list[Mapping]) -> tuple[float, float]:
    lines = [row for row in pooled if _has_diamond(row)]
    spans = [(row["prediction_low"], row["prediction_high"]) for row in lines]
    diamonds = [row[name] for row in lines for name in ("ci_low", "ci_high")]
    return marks.limits(
        by_country["change"],
        [*by_country["ci_low"], *(low for low, _high in spans)],
        [*by_country["ci_high"], *(high for _low, high in spans)],
        [0.0, *diamonds],
    )


def _draw(
    panel: layout.Rows,
    by_country: pd.DataFrame,
    pooled: Mapping | None,
    half: float,
    remarks: float | None = None,
) -> None:
    for i, (_index, row) in enumerate(by_country.iterrows()):
        if pd.isna(row["change"]):
            panel.absent(i, marks.absence(row, COUNTS), remarks)
            continue
        marks.draw_interval(panel.axes, panel.centres[i], row["ci_low"], row["ci_high"], style.POST)
        marks.draw_point(
            panel.axes, row["change"], panel.centres[i], style.POST, "change", marker="s", size=4.5
        )
    if pooled is None:
        return
    y = panel.centres[-1]
    panel.axes.axhline(y - panel.zones[-1] / 2, color=style.FAINT, linewidth=0.6, zorder=1)
    if not _has_diamond(pooled):
        panel.absent(len(panel.centres) - 1, _("not pooled"), remarks)
        return
    marks.draw_interval(
        panel.axes,
        y,
        pooled["prediction_low"],
        pooled["prediction_high"],
        style.INK,
        width=0.8,
        label="prediction",
    )
    low, middle, high = pooled["ci_low"], pooled["estimate"], pooled["ci_high"]
    if pd.isna(low) or pd.isna(high):
        low = high = middle
    panel.axes.add_patch(
        Polygon(
            [(low, y), (middle, y - half), (high, y), (middle, y + half)],
            closed=True,
            facecolor=style.INK,
            edgecolor=style.INK,
            linewidth=0.6,
            label="pooled",
            zorder=3,
        )
    )
