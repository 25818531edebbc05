"""What changed: the scales' means, the change on each, how teachers' own changes spread, and each school's change."""

from __future__ import annotations

import pandas as pd

from analysis.questions.change import linked_with_school, mean_intervals, scores_of
from analysis.questions.spread import changes_in_bands

from ..figures import change_by_scale, individual_changes, multiples, scale_means, school_change
from ..numerals import number
from ..scales import Panel
from ..tables import Readable
from ..tables.shape import interval_or_dash, percentage, whole
from ..words import _
from .exhibit import Exhibit, numbered, sentences, source, span

CHANGE_DRAWN = ["scale", "label", "n_pre", "n_post", "n_matched", "change", "ci_low", "ci_high"]
MEANS_DRAWN = [
    "scale", "label", "n_pre", "mean_pre", "mean_pre_low", "mean_pre_high", "n_post", "mean_post", "mean_post_low",
    "mean_post_high",
]
BANDS_DRAWN = ["scale", "scale_label", "low", "high", "label", "share"]
SPREADS_A_FIGURE = 6


def interval_of_change() -> str:
    """The caption's sentence on the main estimate's interval."""
    return _("Lines are 95 % intervals of the change, schools taken as clusters (mixed model, CR2).")


def with_interval(value: float, low: float, high: float) -> list[str]:
    """A value and its interval, for two columns of a reader's table."""
    return [number(value), interval_or_dash(low, high)]


def change_figure(panel: Panel, change: pd.DataFrame) -> Exhibit:
    """The change on every scale; `change` is `change.csv`."""
    settings = panel.study.settings
    smallest = settings.smallest_change_of_interest
    rows = [[row.label, whole(row.n_pre), whole(row.n_post), whole(row.n_matched),
             *with_interval(row.change, row.ci_low, row.ci_high)] for row in change.itertuples()]
    return Exhibit(
        "change", "change",
        lambda width: change_by_scale.figure(change, smallest, width=width, synthetic=settings.synthetic),
        change_by_scale.alt_text(change, smallest), change[CHANGE_DRAWN],
        Readable([_("Scale"), _("n before"), _("n after"), _("n both"), _("Change"), _("95 % CI")], rows),
        details=sentences(
            _("n = {pre} teachers before and {post} after, {both} of them linked.", pre=span(change["n_pre"]),
              post=span(change["n_post"]), both=span(change["n_matched"])),
            interval_of_change(), source(panel.study, [panel.country])))


def scale_means_figures(panel: Panel, change: pd.DataFrame) -> list[Exhibit]:
    """The means before and after; a figure for every range of answers that the scales use."""
    settings, codebook = panel.study.settings, panel.study.codebook
    with_intervals = mean_intervals(panel, change)
    ends = [f"mean_{wave}_{end}" for wave in ("pre", "post") for end in ("low", "high")]
    # At full precision an end can tell more of a small school than the tables do.
    with_intervals[ends] = with_intervals[ends].astype(float).round(2)
    ranges = with_intervals["scale"].map(lambda scale: codebook.range(panel.items[scale][0]))
    found = []
    for position, bounds in enumerate(dict.fromkeys(ranges.dropna())):
        rows = with_intervals.loc[ranges == bounds]
        of_range = _("scales from {low} to {high}", low=f"{bounds[0]:g}", high=f"{bounds[1]:g}")
        found.append(Exhibit(
            "scale-means", numbered("scale-means", position),
            lambda width, rows=rows, bounds=bounds: scale_means.figure(
                rows, *bounds, width=width, synthetic=settings.synthetic),
            scale_means.alt_text(rows, *bounds), rows[MEANS_DRAWN], _means_for_reading(rows),
            "" if ranges.nunique() == 1 else of_range,
            sentences(
                _("n = {pre} teachers before and {post} after.", pre=span(rows["n_pre"]), post=span(rows["n_post"])),
                _("Lines are 95 % intervals of each mean, schools taken as clusters (CR2)."),
                source(panel.study, [panel.country]))))
    return found


def individual_changes_figures(panel: Panel) -> list[Exhibit]:
    """How the linked teachers' own changes are spread, in bands that hold enough of them."""
    scales = panel.compared_scales
    parts = [scales[start:start + SPREADS_A_FIGURE] for start in range(0, len(scales), SPREADS_A_FIGURE)]
    return [_spread(panel, numbered("individual-changes", position), part) for position, part in enumerate(parts or [[]])]


def _spread(panel: Panel, name: str, scales: list[str]) -> Exhibit:
    settings = panel.study.settings
    labels = {scale: panel.study.codebook.label(scale) for scale in scales}
    bands = {labels[scale]: changes_in_bands(panel, scale) for scale in scales}
    linked = {labels[scale]: len(linked_with_school(scores_of(panel, scale)).pre) for scale in scales}
    frames = [bands[label].assign(scale=scale, scale_label=label) for scale, label in labels.items()]
    numbers = pd.concat(frames, ignore_index=True)[BANDS_DRAWN] if frames else pd.DataFrame(columns=BANDS_DRAWN)
    return Exhibit(
        "individual-changes", name,
        lambda width: individual_changes.grid(bands, linked, width=width, synthetic=settings.synthetic),
        individual_changes.grid_alt_text(bands), numbers,
        Readable([_("Scale"), _("Change in scale points"), _("Share of linked teachers (%)")],
                 [[row.scale_label, row.label, percentage(row.share)] for row in numbers.itertuples()], text=(0, 1)),
        details=sentences(
            _("n = {n} linked teachers.", n=span(linked.values())),
            _("Green is a rise, purple a fall, grey the band around no change."),
            _("Every band holds at least {least} of them.", least=settings.minimum_group),
            source(panel.study, [panel.country])))


def school_change_figures(panel: Panel, table: pd.DataFrame) -> list[Exhibit]:
    """Each school's change; `table` is `change_by_school.csv`. No figure where fewer than three schools are shown."""
    shown = table.groupby("scale", sort=False)["estimate"].count()
    scales = list(shown.index[shown >= 3])
    if not scales:
        return []
    each = multiples.panels_a_page(table["school"].nunique(), school_change.ROW)
    parts = [scales[start:start + each] for start in range(0, len(scales), each)]
    return [_schools(panel, numbered("change-by-school", position), table.loc[table["scale"].isin(part)])
            for position, part in enumerate(parts)]


def _schools(panel: Panel, name: str, rows: pd.DataFrame) -> Exhibit:
    synthetic = panel.study.settings.synthetic
    labels = rows.drop_duplicates("scale").set_index("scale")["label"].to_dict()
    cells = [[row.label, row.school, whole(row.n), number(row.mean_change),
              *with_interval(row.estimate, row.ci_low, row.ci_high)] for row in rows.itertuples()]
    return Exhibit(
        "change-by-school", name, lambda width: school_change.figure(rows, labels, width=width, synthetic=synthetic),
        school_change.alt_text(rows, labels), rows.drop(columns="note"),
        Readable([_("Scale"), _("School"), _("n linked"), _("Own mean"), _("Drawn to the mean"), _("95 % CI")], cells,
                 text=(0, 1)),
        details=sentences(
            _("n = {n} linked teachers in a school.", n=span(rows.loc[rows["estimate"].notna(), "n"])),
            _("Each school's mean is drawn to the mean of the schools shown, the further the fewer linked teachers it "
              "rests on and the less the schools differ (hierarchical model). Lines are 95 % intervals of the school's "
              "change. Schools are not ranked."), source(panel.study, [panel.country])))


def _means_for_reading(rows: pd.DataFrame) -> Readable:
    cells = [[row.label, whole(row.n_pre), *with_interval(row.mean_pre, row.mean_pre_low, row.mean_pre_high),
              whole(row.n_post), *with_interval(row.mean_post, row.mean_post_low, row.mean_post_high)]
             for row in rows.itertuples()]
    return Readable([_("Scale"), _("n before"), _("Mean before"), _("95 % CI"), _("n after"), _("Mean after"),
                     _("95 % CI")], cells)
