"""The change of each school: its own mean and the one drawn towards all schools."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from analysis.figures import layout, legend, marks, multiples, style
from analysis.words import _

ROW = 0.18  # inches a school takes


def entries() -> list[legend.Entry]:
    """What the marks stand for."""
    return [
        legend.Entry(_("the school's own mean change"), "o", style.MUTED, filled=False),
        legend.Entry(_("drawn towards the mean of the schools, with 95 % interval"), "s", style.POST),
        legend.Entry(_("mean of the schools"), "|", style.POST, size=8),
    ]


@style.context()
def figure(
    schools: pd.DataFrame, labels: Mapping[str, str], *, width: float = style.FULL, heading: str = "",
    synthetic: bool = False,
) -> Figure:
    """A panel for every scale, a row for every school.

    `schools` has the columns scale, school, mean_change, estimate, ci_low, ci_high, overall (scale points, post minus
    pre); nan is not shown. `labels` gives the scales' names. Scales and schools stand in the order in which they first
    appear. `width` in inches.
    """
    scales = list(schools["scale"].drop_duplicates())
    order = list(schools["school"].drop_duplicates())
    ends = [schools[name].astype(float) for name in ("estimate", "ci_low", "ci_high")]
    page, panels = multiples.panels(
        [labels.get(scale, scale) for scale in scales], order,
        marks.limits(*ends, [0.0, *schools["mean_change"].astype(float)]),
        _("Change in scale points, after minus before"), width=width, row_height=ROW, entries=entries(), heading=heading,
        synthetic=synthetic)
    for panel, scale in zip(panels, scales, strict=True):
        layout.zero_line(panel)
        own = schools[schools["scale"] == scale].set_index("school").reindex(order)
        _draw(panel, own.reset_index())
    return page


def alt_text(schools: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """What `figure` shows of the same frame, in words."""
    spans = schools.groupby("scale", sort=False)["estimate"].agg(least="min", most="max", shown="count")
    known = spans.loc[spans["shown"] > 0]
    start = "Change by school, drawn towards the mean of the schools, in scale points. "
    if known.empty:
        return start + "No school is shown."
    return start + marks.listing([
        f"{labels.get(scale, scale)}: {marks.range_text(least, most)} in {shown} schools"
        for scale, least, most, shown in known.itertuples(name=None)])


def _draw(panel: layout.Rows, schools: pd.DataFrame) -> None:
    overall = schools["overall"].dropna()
    if len(overall):
        panel.axes.axvline(overall.iloc[0], color=style.POST, linewidth=0.7, dashes=(4, 3), zorder=1.4, label="overall")
    for i, (_index, row) in enumerate(schools.iterrows()):
        y = panel.centres[i]
        if pd.isna(row["estimate"]):
            panel.remark((panel.left + panel.right) / 2, y, marks.not_shown(), ha="center", size=style.TINY)
            continue
        marks.draw_interval(panel.axes, y, row["ci_low"], row["ci_high"], style.POST)
        marks.draw_point(panel.axes, row["mean_change"], y, style.MUTED, "own mean", filled=False, size=4.5)
        marks.draw_point(panel.axes, row["estimate"], y, style.POST, "estimate", marker="s", size=3.6)
