"""The figures of a report: each takes a panel and its tables, and comes out drawn, named and with alternative text."""

from __future__ import annotations

import pandas as pd

from .change import mean_intervals, scores_of
from .figures import (
    answer_distribution,
    change_by_scale,
    forest,
    individual_changes,
    method_comparison,
    participation,
    scale_means,
)
from .report import Report, Shown
from .scales import Panel
from .spread import changes_in_bands

METHOD_TITLES = method_comparison.METHODS | {
    "without_straight_liners": "Main, without straight-liners",
    "each_school_left_out": "Main, each school left out (range)",
}
MANY_SCALES = 13
ITEMS_A_FIGURE = 12


def labels(panel_or_study) -> dict[str, str]:
    """The English texts of all scales and items by their names."""
    codebook = getattr(panel_or_study, "study", panel_or_study).codebook
    return {scale: codebook.label(scale) for scale in codebook.scales.index} | {
        item: codebook.text(item) for item in codebook.items.index
    }


def scale_range(panel: Panel, scale: str) -> tuple[float, float] | None:
    """The range that the scale's scores can take; None for scales of numbers."""
    return panel.study.codebook.range(panel.items[scale][0])


def participation_figure(report: Report, panel: Panel, table: pd.DataFrame) -> Shown:
    country = panel.study.settings.countries[panel.country]
    targets = {"target_schools": country.target_schools, "target_teachers": country.target_teachers}
    return report.figure(
        "participation", participation.figure(table, **targets, synthetic=report.synthetic),
        participation.alt_text(table, **targets))


def scale_means_figures(report: Report, panel: Panel, change: pd.DataFrame) -> list[Shown]:
    """The means before and after; a figure for every range of answers that the scales use."""
    with_intervals = mean_intervals(panel, change)
    ranges = with_intervals["scale"].map(lambda scale: scale_range(panel, scale))
    shown = []
    for number, bounds in enumerate(dict.fromkeys(ranges.dropna()), start=1):
        rows = with_intervals.loc[ranges == bounds]
        shown.append(report.figure(
            "scale-means" if number == 1 else f"scale-means-{number}",
            scale_means.figure(rows, *bounds, synthetic=report.synthetic),
            scale_means.alt_text(rows, *bounds),
            "" if ranges.nunique() == 1 else f"scales from {bounds[0]:g} to {bounds[1]:g}"))
    return shown


def change_figure(report: Report, panel: Panel, change: pd.DataFrame) -> Shown:
    smallest = panel.study.settings.smallest_change_of_interest
    return report.figure(
        "change", change_by_scale.figure(change, smallest, synthetic=report.synthetic),
        change_by_scale.alt_text(change, smallest))


def individual_changes_figure(report: Report, panel: Panel) -> Shown:
    """How the linked teachers' own changes are spread, in bands that hold enough of them."""
    names = {scale: panel.study.codebook.label(scale) for scale in panel.compared_scales}
    bands = {names[scale]: changes_in_bands(panel, scale) for scale in names}
    linked = {names[scale]: int(scores_of(panel, scale).linked.sum()) for scale in names}
    return report.figure(
        "individual-changes", individual_changes.grid(bands, linked, synthetic=report.synthetic),
        individual_changes.grid_alt_text(bands))


def answer_figures(report: Report, panel: Panel, answers: pd.DataFrame) -> list[Shown]:
    """The answers to every likert item, before over after: a figure per scale, scales of one item together."""
    codebook = panel.study.codebook
    asked = set(answers["item"])
    groups: dict[tuple[str, str, str], list[str]] = {}
    for item, row in codebook.items.loc[codebook.items["kind"] == "likert"].iterrows():
        if item in asked:
            alone = len(codebook.items_of(row["scale"])) == 1
            group = ("single-items", "") if alone else (row["scale"], codebook.label(row["scale"]))
            groups.setdefault((*group, row["answers"]), []).append(item)
    shown = []
    for (name, label, _), items in groups.items():
        for start in range(0, len(items), ITEMS_A_FIGURE):
            part = items[start:start + ITEMS_A_FIGURE]
            named = [(item, _with_direction(codebook, item)) for item in part]
            values = [(value.value, value.label) for value in codebook.values(part[0])]
            taken = {about for about, _ in shown}
            stem = next(stem for number in range(1, len(items) + len(shown) + 2)
                        if (stem := f"answers-{name}" + (f"-{number}" if number > 1 else "")) not in taken)
            shown.append((stem, report.figure(
                stem, answer_distribution.figure(answers, named, values, synthetic=report.synthetic),
                answer_distribution.alt_text(answers, named, values), label)))
    return [figure for _, figure in shown]


def method_figures(report: Report, panel: Panel, sensitivity: pd.DataFrame, robustness: pd.DataFrame) -> list[Shown]:
    """The change under each method and sample: a figure per scale, or one for all where there are many scales."""
    sensitivity = pd.concat([sensitivity.astype({"n": "Int64"}), robustness], ignore_index=True)
    names = {scale: panel.study.codebook.label(scale) for scale in panel.compared_scales}
    if len(names) >= MANY_SCALES:
        return [report.figure(
            "methods", method_comparison.grid(sensitivity, names, METHOD_TITLES, synthetic=report.synthetic),
            method_comparison.grid_alt_text(sensitivity, names))]
    shown = []
    for scale, name in names.items():
        rows = sensitivity.loc[sensitivity["scale"] == scale]
        shown.append(report.figure(
            f"methods-{scale}", method_comparison.figure(rows, methods=METHOD_TITLES, synthetic=report.synthetic),
            method_comparison.alt_text(rows, name, METHOD_TITLES), name))
    return shown


def forest_figures(report: Report, by_country: pd.DataFrame, pooled: pd.DataFrame) -> list[Shown]:
    """The change in each country and pooled: one overview of all scales, then a figure per scale."""
    names = {key: country.name for key, country in report.study.settings.countries.items()}
    named = by_country.assign(country=by_country["country"].map(names))
    shown = [report.figure(
        "forest", forest.grid(named, pooled, synthetic=report.synthetic),
        forest.grid_alt_text(named, pooled), "all scales")]
    for scale in report.study.primary_scales:
        rows = named.loc[named["scale"] == scale]
        if rows.empty:
            continue
        of_scale = pooled.loc[pooled["scale"] == scale].iloc[0]
        name = report.study.codebook.label(scale)
        shown.append(report.figure(
            f"forest-{scale}", forest.figure(rows, of_scale, synthetic=report.synthetic),
            forest.alt_text(rows, of_scale, name), name))
    return shown


def _with_direction(codebook, item: str) -> str:
    return f"{codebook.text(item)} (reversed)" if codebook.items.loc[item, "reversed"] else codebook.text(item)
