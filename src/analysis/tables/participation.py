"""Who answered, who could be linked, and who left."""

from __future__ import annotations

import pandas as pd

from ..numerals import number
from ..words import _
from .shape import Notes, Readable, Reader, notes_on_all, percentage, whole, with_interval


def _participation(table: pd.DataFrame, labels: dict) -> Readable:
    rows = [[row.school or _("All schools"), *(whole(getattr(row, f"n_{kind}")) for kind in
             ("pre", "post", "matched", "pre_only", "post_only"))] for row in table.itertuples()]
    return Readable([_("School"), _("Before"), _("After"), _("Both"), _("Only before"), _("Only after")],
                    rows, notes_on_all(table))


def _participation_by_country(table: pd.DataFrame, labels: dict) -> Readable:
    rows = [[row.name, *(whole(getattr(row, kind)) for kind in
             ("schools", "n_pre", "n_post", "n_matched", "n_pre_only", "n_post_only"))]
            for row in table.itertuples(index=False)]
    return Readable([_("Country"), _("Schools"), _("Before"), _("After"), _("Both"), _("Only before"), _("Only after")],
                    rows)


def _linking(table: pd.DataFrame, labels: dict) -> Readable:
    names = {
        "exact": _("linked by equal codes"),
        "near": _("linked by nearly equal codes"),
        "ambiguous": _("nearly equal codes that could belong to several, not linked"),
        "pre_only": _("answered only before"),
        "post_only": _("answered only after"),
        "duplicate_identical": _("repeated submissions, counted once"),
        "duplicate_conflicting": _("contradicting submissions, set aside"),
        "no_code": _("answers without a code (among those who answered only once)"),
    }
    shown = table.loc[(table["n"] > 0) | ~table["kind"].isin(["near", "ambiguous"])]
    return Readable([_("How the answers were linked"), _("n")],
                    [[names[row.kind], whole(row.n)] for row in shown.itertuples()])


def _false_links(table: pd.DataFrame, labels: dict) -> Readable:
    names = {"exact": _("equal, different schools"), "near": _("nearly equal, different schools"),
             "near_colleagues": _("nearly equal, one survey in one school")}
    notes = Notes()
    rows = [[names[row.kind] + notes.mark(row.note), whole(row.links), whole(row.compared), whole(row.alike),
             number(row.expected, 1), number(row.expected_high, 1)] for row in table.itertuples()]
    return Readable([_("Codes compared"), _("Links of this kind"), _("Pairs"), _("of these alike"),
                     _("Links expected to be wrong"), _("Upper limit")], rows, notes.sentences)


def _who_left(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes, previous = [], Notes(), None
    for row in table.itertuples():
        mark = notes.mark(row.note)
        if row.kind == "share":
            names = ["" if row.variable == previous else labels.get(row.variable, row.variable), row.label + mark]
        else:
            names = [row.label + mark, ""]
        rows.append([*names, whole(row.n_left), whole(row.n_matched),
                     with_interval(row.difference, row.ci_low, row.ci_high)])
        previous = row.variable
    return Readable([_("Before mentoring"), _("Answer"), _("n only before"), _("n linked"),
                     _("Standardised difference [95 % CI]")],
                    rows, notes.sentences, text=(0, 1))


def _lost_by_school(table: pd.DataFrame, labels: dict) -> Readable:
    rows = [[row.school or _("All schools"), whole(row.n_pre), whole(row.n_pre_only), percentage(row.share_lost)]
            for row in table.itertuples()]
    return Readable([_("School"), _("Before"), _("Only before"), _("Not linked (%)")], rows, notes_on_all(table))


def _attrition_delta(table: pd.DataFrame, labels: dict) -> Readable:
    deltas = [delta for delta in sorted(table["delta"].unique(), reverse=True) if round(10 * delta) % 2 == 0]
    rows = []
    for scale, of_scale in table.groupby("scale", sort=False):
        by_delta = of_scale.set_index("delta")
        rows.append([labels.get(scale, scale), *(
            with_interval(*by_delta.loc[delta, ["change", "ci_low", "ci_high"]]) for delta in deltas)])
    return Readable([_("Scale"), *(_("delta {points}", points=number(delta, 1)) for delta in deltas)], rows)


def _attrition_to_zero(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes = [], Notes()
    for row in table.itertuples():
        rows.append([row.label + notes.mark(row.note), whole(row.n_pre), whole(row.n_unmatched), number(row.change),
                     number(row.to_zero), number(row.interval_to_zero)])
    return Readable([_("Scale"), _("n before"), _("n without a matched answer after"), _("Change"),
                     _("delta for no change"), _("delta for the interval to reach it")], rows, notes.sentences)


READERS: dict[str, Reader] = {
    "participation": _participation,
    "participation_by_country": _participation_by_country,
    "linking": _linking,
    "false_links": _false_links,
    "who_left": _who_left,
    "lost_by_school": _lost_by_school,
    "attrition_delta": _attrition_delta,
    "attrition_to_zero": _attrition_to_zero,
}
