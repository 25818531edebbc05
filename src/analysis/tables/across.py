"""Countries side by side and together."""

from __future__ import annotations

import pandas as pd

from ..numerals import DASH, number, p_value
from ..words import _
from .shape import Notes, Readable, Reader, interval_or_dash, whole, with_interval


def _change_by_country(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes, previous = [], Notes(), None
    order = {scale: position for position, scale in enumerate(table["scale"].drop_duplicates())}
    for row in table.sort_values("scale", key=lambda scale: scale.map(order), kind="stable").itertuples():
        rows.append(["" if row.scale == previous else row.label,
                     labels.get(row.country, row.country) + notes.mark(row.note), whole(row.n_matched),
                     whole(row.n_schools), with_interval(row.change, row.ci_low, row.ci_high), number(row.df, 1),
                     p_value(row.p_adjusted), row.verdict or DASH])
        previous = row.scale
    return Readable([_("Scale"), _("Country"), _("Linked"), _("Schools"), _("Change [95 % CI]"), _("df"),
                     _("p, adjusted"), _("Verdict")],
                    rows, notes.sentences, text=(0, 1, 7))


def _pooled(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes = [], Notes()
    for row in table.itertuples():
        rows.append([
            labels.get(row.scale, row.scale) + notes.mark(row.note), whole(row.k),
            with_interval(row.estimate, row.ci_low, row.ci_high), p_value(row.p),
            with_interval(row.tau2, row.tau2_low, row.tau2_high, 3), number(row.i2, 0),
            interval_or_dash(row.prediction_low, row.prediction_high),
        ])
    return Readable([_("Scale"), _("Countries"), _("Pooled change [95 % CI]"), _("p"), _("τ² [95 % CI]"), _("I² (%)"),
                     _("95 % prediction interval")], rows, notes.sentences)


def _pooled_half_normal(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes = [], Notes()
    for row in table.itertuples():
        rows.append([
            labels.get(row.scale, row.scale) + notes.mark(row.note), whole(row.k),
            with_interval(row.estimate, row.ci_low, row.ci_high), with_interval(row.tau, row.tau_low, row.tau_high),
            interval_or_dash(row.prediction_low, row.prediction_high),
        ])
    return Readable([_("Scale"), _("Countries"), _("Pooled change [95 % credible interval]"), _("τ [95 % interval]"),
                     _("95 % prediction interval")], rows, notes.sentences)


def _equal_weight(table: pd.DataFrame, labels: dict) -> Readable:
    rows = [[labels.get(row.scale, row.scale), whole(row.k), with_interval(row.estimate, row.ci_low, row.ci_high),
             number(row.df, 1), p_value(row.p)] for row in table.itertuples()]
    return Readable([_("Scale"), _("Countries"), _("Mean change [95 % CI]"), _("df"), _("p")], rows)


def _leave_one_out(table: pd.DataFrame, labels: dict) -> Readable:
    rows, previous = [], None
    for row in table.itertuples():
        rows.append(["" if row.scale == previous else labels.get(row.scale, row.scale),
                     labels.get(row.left_out, row.left_out), with_interval(row.estimate, row.ci_low, row.ci_high),
                     number(row.tau2, 3)])
        previous = row.scale
    return Readable([_("Scale"), _("Without"), _("Pooled change [95 % CI]"), _("τ²")], rows, text=(0, 1))


READERS: dict[str, Reader] = {
    "change_by_country": _change_by_country,
    "pooled": _pooled,
    "pooled_half_normal": _pooled_half_normal,
    "equal_weight": _equal_weight,
    "leave_one_out": _leave_one_out,
}
