"""The change under each method and sample."""

from __future__ import annotations

import pandas as pd

from ..figures import method_comparison, multiples
from ..scales import Panel
from ..tables import Readable
from ..tables.shape import whole
from ..words import _
from .change import with_interval
from .exhibit import Exhibit, numbered, sentences, source

MANY_SCALES = 13
DRAWN = ["scale", "method", "n", "estimate", "ci_low", "ci_high"]


def method_titles() -> dict[str, str]:
    """The methods' and samples' names for figures, short."""
    return method_comparison.methods() | {
        "without_straight_liners": _("Main, without straight-liners"),
        "each_school_left_out": _("Main, each school left out (range)"),
    }


def method_figures(panel: Panel, sensitivity: pd.DataFrame, robustness: pd.DataFrame) -> list[Exhibit]:
    """The change under each method and sample: a figure per scale, or grids of scales where there are many."""
    settings, titles = panel.study.settings, method_titles()
    every = pd.concat([sensitivity.astype({"n": "Int64"}), robustness], ignore_index=True)
    names = {scale: panel.study.codebook.label(scale) for scale in panel.compared_scales}
    details = sentences(
        _("n is the number of teachers that each method uses. Lines are its 95 % intervals; the thick grey line is the "
          "range of the estimates with each school left out, not an interval."), source(panel.study, [panel.country]))
    if len(names) >= MANY_SCALES:
        each = multiples.panels_a_page(every["method"].nunique(), method_comparison.ROW)
        scales = list(names)
        parts = [every.loc[every["scale"].isin(scales[start:start + each])] for start in range(0, len(scales), each)]
        return [Exhibit(
            "methods", numbered("methods", position),
            lambda width, rows=rows: method_comparison.grid(
                rows, names, titles, width=width, synthetic=settings.synthetic),
            method_comparison.grid_alt_text(rows, names), rows[DRAWN], _for_reading(rows, names, titles), details=details)
            for position, rows in enumerate(parts)]
    found = []
    for scale, name in names.items():
        rows = every.loc[every["scale"] == scale]
        found.append(Exhibit(
            "methods", f"methods-{scale}",
            lambda width, rows=rows: method_comparison.figure(
                rows, titles=titles, width=width, synthetic=settings.synthetic),
            method_comparison.alt_text(rows, name, titles), rows[DRAWN], _for_reading(rows, names, titles), name, details))
    return found


def _for_reading(rows: pd.DataFrame, names: dict[str, str], titles: dict[str, str]) -> Readable:
    cells = [[names[row.scale], titles.get(row.method, row.method), whole(row.n),
              *with_interval(row.estimate, row.ci_low, row.ci_high)] for row in rows.itertuples()]
    headings = [_("Scale"), _("Method"), _("Teachers"), _("Change"), _("95 % CI")]
    if rows["scale"].nunique() < 2:
        return Readable(headings[1:], [cell[1:] for cell in cells])
    return Readable(headings, cells, text=(0, 1))
