"""What changed, by which method, and what the design could have detected."""

from __future__ import annotations

import pandas as pd

from ..numerals import number, p_value, proportion
from ..wording import method_names
from ..words import _
from .shape import Notes, Readable, Reader, mean_sd, whole, with_interval


def _change(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes = [], Notes()
    for row in table.itertuples():
        rows.append([
            row.label + notes.mark(row.note), whole(row.n_pre), whole(row.n_post), whole(row.n_matched),
            mean_sd(row.mean_pre, row.sd_pre), mean_sd(row.mean_post, row.sd_post),
            with_interval(row.change, row.ci_low, row.ci_high), number(row.df, 1), p_value(row.p_adjusted),
            with_interval(row.d_av, row.d_av_low, row.d_av_high),
        ])
    return Readable([_("Scale"), _("n before"), _("n after"), _("n both"), _("Mean (SD) before"), _("Mean (SD) after"),
                     _("Change [95 % CI]"), _("df"), _("p, adjusted"), _("d_av [95 % CI]")], rows, notes.sentences)


def _sensitivity(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes, previous, names = [], Notes(), None, method_names()
    for row in table.itertuples():
        rows.append(["" if row.scale == previous else labels.get(row.scale, row.scale),
                     names[row.method] + notes.mark(row.note), whole(row.n),
                     with_interval(row.estimate, row.ci_low, row.ci_high), number(row.df, 1), p_value(row.p)])
        previous = row.scale
    return Readable([_("Scale"), _("Method"), _("n"), _("Change [95 % CI]"), _("df"), _("p")],
                    rows, notes.sentences, text=(0, 1))


def _design(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes = [], Notes()
    for row in table.itertuples():
        rows.append([row.label + notes.mark(row.note), number(row.smallest_change), p_value(row.tost_p),
                     with_interval(row.minimum_detectable_effect, row.mde_low, row.mde_high),
                     proportion(row.icc_score), proportion(row.icc_change), number(row.design_effect, 1)])
    return Readable([_("Scale"), _("Smallest change of interest"), _("p, equivalence"),
                     _("Minimum detectable effect [95 % limits]"), _("ICC of the score"), _("ICC of the change"),
                     _("Design effect")], rows, notes.sentences)


def _association(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes, previous = [], Notes(), None
    for row in table.itertuples():
        rows.append(["" if row.scale == previous else labels.get(row.scale, row.scale),
                     row.predictor_label + notes.mark(row.note), whole(row.n),
                     with_interval(row.slope, row.ci_low, row.ci_high, 3), number(row.df, 1), p_value(row.p_adjusted)])
        previous = row.scale
    return Readable([_("Change on"), _("goes with"), _("n"), _("Slope [95 % CI]"), _("df"), _("p, adjusted")],
                    rows, notes.sentences, text=(0, 1))


def _retrospective(table: pd.DataFrame, labels: dict) -> Readable:
    names = {
        "post minus pre": _("after minus before, as told then"),
        "post minus then": _("after minus before, as told afterwards"),
        "then minus pre": _("the same time told afterwards minus told then"),
    }
    rows, notes, previous = [], Notes(), None
    for row in table.itertuples():
        rows.append(["" if row.scale == previous else row.label, names[row.comparison] + notes.mark(row.note),
                     whole(row.n_matched), with_interval(row.change, row.ci_low, row.ci_high), number(row.df, 1),
                     p_value(row.p)])
        previous = row.scale
    return Readable([_("Scale"), _("Comparison"), _("n in both"), _("Difference [95 % CI]"), _("df"), _("p")],
                    rows, notes.sentences, text=(0, 1))


def _change_by_school(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes, previous = [], Notes(), None
    for row in table.itertuples():
        rows.append(["" if row.scale == previous else row.label, row.school + notes.mark(row.note), whole(row.n),
                     number(row.mean_change), with_interval(row.estimate, row.ci_low, row.ci_high)])
        previous = row.scale
    return Readable([_("Scale"), _("School"), _("n"), _("Own mean change"), _("Drawn to the mean [95 % CI]")], rows,
                    notes.sentences, text=(0, 1))


READERS: dict[str, Reader] = {
    "change": _change,
    "sensitivity": _sensitivity,
    "robustness": _sensitivity,
    "design": _design,
    "association": _association,
    "retrospective": _retrospective,
    "change_by_school": _change_by_school,
}
