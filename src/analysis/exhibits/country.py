"""The figures of one country's report."""

from __future__ import annotations

import pandas as pd

from ..change import mean_intervals, scores_of
from ..figures import change_by_scale, individual_changes, method_comparison, participation, scale_means
from ..numerals import number
from ..scales import Panel
from ..spread import changes_in_bands
from ..tables import Readable, readable
from ..tables.shape import interval_or_dash, percentage, whole
from .exhibit import Exhibit, sentences, source, span

METHOD_TITLES = method_comparison.METHODS | {
    "without_straight_liners": "Main, without straight-liners",
    "each_school_left_out": "Main, each school left out (range)",
}
MANY_SCALES = 13
CHANGE_DRAWN = ["scale", "label", "n_pre", "n_post", "n_matched", "change", "ci_low", "ci_high"]
MEANS_DRAWN = [
    "scale", "label", "n_pre", "mean_pre", "mean_pre_low", "mean_pre_high", "n_post", "mean_post", "mean_post_low",
    "mean_post_high",
]
METHODS_DRAWN = ["scale", "method", "n", "estimate", "ci_low", "ci_high"]
CHANGE_INTERVAL = "Lines are 95 % intervals of the change, schools taken as clusters (mixed model, CR2)."


def labels(panel_or_study) -> dict[str, str]:
    """The texts of all scales and items by their names, in the language the study was read in."""
    codebook = getattr(panel_or_study, "study", panel_or_study).codebook
    return {scale: codebook.label(scale) for scale in codebook.scales.index} | {
        item: codebook.text(item) for item in codebook.items.index
    }


def scale_range(panel: Panel, scale: str) -> tuple[float, float] | None:
    """The range that the scale's scores can take; None for scales of numbers."""
    return panel.study.codebook.range(panel.items[scale][0])


def participation_figure(panel: Panel, table: pd.DataFrame) -> Exhibit:
    """Who answered before, after and both times, by school; `table` is `participation.csv`."""
    settings = panel.study.settings
    country = settings.countries[panel.country]
    targets = {"target_schools": country.target_schools, "target_teachers": country.target_teachers}
    numbers = table.drop(columns="note")
    total = table.iloc[-1]
    return Exhibit(
        "participation", "participation",
        lambda width: participation.figure(table, **targets, synthetic=settings.synthetic),
        participation.alt_text(table, **targets), numbers, readable("participation", table),
        details=sentences(
            f"n = {whole(total['n_pre'])} teachers before and {whole(total['n_post'])} after, "
            f"{whole(total['n_matched'])} linked.", source(panel.study, [panel.country])))


def scale_means_figures(panel: Panel, change: pd.DataFrame) -> list[Exhibit]:
    """The means before and after; a figure for every range of answers that the scales use."""
    settings = panel.study.settings
    with_intervals = mean_intervals(panel, change)
    ends = [f"mean_{wave}_{end}" for wave in ("pre", "post") for end in ("low", "high")]
    # At full precision an end can tell more of a small school than the tables do.
    with_intervals[ends] = with_intervals[ends].round(2)
    ranges = with_intervals["scale"].map(lambda scale: scale_range(panel, scale))
    found = []
    for position, bounds in enumerate(dict.fromkeys(ranges.dropna()), start=1):
        rows = with_intervals.loc[ranges == bounds]
        found.append(Exhibit(
            "scale-means", "scale-means" if position == 1 else f"scale-means-{position}",
            lambda width, rows=rows, bounds=bounds: scale_means.figure(rows, *bounds, synthetic=settings.synthetic),
            scale_means.alt_text(rows, *bounds), rows[MEANS_DRAWN], _means_for_reading(rows),
            "" if ranges.nunique() == 1 else f"scales from {bounds[0]:g} to {bounds[1]:g}",
            sentences(
                f"n = {span(rows['n_pre'])} teachers before and {span(rows['n_post'])} after.",
                "Lines are 95 % intervals of each mean, schools taken as clusters (CR2).",
                source(panel.study, [panel.country]))))
    return found


def change_figure(panel: Panel, change: pd.DataFrame) -> Exhibit:
    """The change on every scale; `change` is `change.csv`."""
    settings = panel.study.settings
    smallest = settings.smallest_change_of_interest
    rows = [[row.label, whole(row.n_pre), whole(row.n_post), whole(row.n_matched),
             *with_interval(row.change, row.ci_low, row.ci_high)] for row in change.itertuples()]
    return Exhibit(
        "change", "change", lambda width: change_by_scale.figure(change, smallest, synthetic=settings.synthetic),
        change_by_scale.alt_text(change, smallest), change[CHANGE_DRAWN],
        Readable(["Scale", "n before", "n after", "n both", "Change", "95 % CI"], rows),
        details=sentences(
            f"n = {span(change['n_pre'])} teachers before and {span(change['n_post'])} after, "
            f"{span(change['n_matched'])} of them linked.", CHANGE_INTERVAL, source(panel.study, [panel.country])))


def individual_changes_figure(panel: Panel) -> Exhibit:
    """How the linked teachers' own changes are spread, in bands that hold enough of them."""
    settings = panel.study.settings
    names = {scale: panel.study.codebook.label(scale) for scale in panel.compared_scales}
    bands = {scale: changes_in_bands(panel, scale) for scale in names}
    linked = {scale: int(scores_of(panel, scale).linked.sum()) for scale in names}
    frames = [bands[scale].assign(scale=scale, scale_label=name) for scale, name in names.items()]
    drawn = ["scale", "scale_label", "low", "high", "label", "share"]
    numbers = pd.concat(frames, ignore_index=True)[drawn] if frames else pd.DataFrame(columns=drawn)
    return Exhibit(
        "individual-changes", "individual-changes",
        lambda width: individual_changes.grid(
            {names[s]: bands[s] for s in names}, {names[s]: linked[s] for s in names}, synthetic=settings.synthetic),
        individual_changes.grid_alt_text({names[s]: bands[s] for s in names}), numbers,
        Readable(["Scale", "Change in scale points", "Share of linked teachers"],
                 [[row.scale_label, row.label, percentage(row.share)] for row in numbers.itertuples()], text=(0, 1)),
        details=sentences(
            f"n = {span(linked.values())} linked teachers. "
            f"Every band holds at least {settings.minimum_group} of them.", source(panel.study, [panel.country])))


def method_figures(panel: Panel, sensitivity: pd.DataFrame, robustness: pd.DataFrame) -> list[Exhibit]:
    """The change under each method and sample: a figure per scale, or one for all where there are many scales."""
    settings = panel.study.settings
    every = pd.concat([sensitivity.astype({"n": "Int64"}), robustness], ignore_index=True)
    names = {scale: panel.study.codebook.label(scale) for scale in panel.compared_scales}
    details = sentences(
        "n is the number of teachers each method uses. Lines are its 95 % intervals; the thick grey line is the range of "
        "the estimates with each school left out, not an interval.", source(panel.study, [panel.country]))
    if len(names) >= MANY_SCALES:
        return [Exhibit(
            "methods", "methods",
            lambda width: method_comparison.grid(every, names, METHOD_TITLES, synthetic=settings.synthetic),
            method_comparison.grid_alt_text(every, names), every[METHODS_DRAWN],
            _methods_for_reading(every, names), details=details)]
    found = []
    for scale, name in names.items():
        rows = every.loc[every["scale"] == scale]
        found.append(Exhibit(
            "methods", f"methods-{scale}",
            lambda width, rows=rows: method_comparison.figure(
                rows, methods=METHOD_TITLES, synthetic=settings.synthetic),
            method_comparison.alt_text(rows, name, METHOD_TITLES), rows[METHODS_DRAWN],
            _methods_for_reading(rows, names), name, details))
    return found


def with_interval(value: float, low: float, high: float) -> list[str]:
    """A value and its interval, for two columns of a reader's table."""
    return [number(value), interval_or_dash(low, high)]


def _means_for_reading(rows: pd.DataFrame) -> Readable:
    cells = [[row.label, whole(row.n_pre), *with_interval(row.mean_pre, row.mean_pre_low, row.mean_pre_high),
              whole(row.n_post), *with_interval(row.mean_post, row.mean_post_low, row.mean_post_high)]
             for row in rows.itertuples()]
    return Readable(["Scale", "n before", "Mean before", "95 % CI", "n after", "Mean after", "95 % CI"], cells)


def _methods_for_reading(rows: pd.DataFrame, names: dict[str, str]) -> Readable:
    cells = [[names[row.scale], METHOD_TITLES.get(row.method, row.method), whole(row.n),
              *with_interval(row.estimate, row.ci_low, row.ci_high)] for row in rows.itertuples()]
    headings = ["Scale", "Method", "Teachers", "Change", "95 % CI"]
    if rows["scale"].nunique() < 2:
        return Readable(headings[1:], [cell[1:] for cell in cells])
    return Readable(headings, cells, text=(0, 1))
