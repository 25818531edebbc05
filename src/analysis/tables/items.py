"""Scales, how reliable they are, and single questions."""

from __future__ import annotations

import pandas as pd

from ..numerals import number, p_value, proportion
from ..words import _
from .shape import (
    WAVES,
    Notes,
    Readable,
    Reader,
    notes_on_all,
    percentage,
    proportion_with_interval,
    wave_name,
    whole,
    with_interval,
)


def _scales(table: pd.DataFrame, labels: dict) -> Readable:
    rows = [[row.label, whole(row.items), _(" and ").join(wave_name(wave) for wave in row.surveys), row.example]
            for row in table.itertuples()]
    origins: dict[str, list[str]] = {}
    for row in table.itertuples():
        if origin := "; ".join(part for part in (row.instrument, row.source) if part):
            origins.setdefault(origin, []).append(row.label)
    notes = [f"{', '.join(names)}: {origin}." for origin, names in origins.items()]
    return Readable([_("Scale"), _("Items"), _("Asked"), _("First item")], rows, notes, text=(0, 2, 3))


def _reliability(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes, previous = [], Notes(), None
    for row in table.itertuples():
        rows.append(["" if row.scale == previous else labels.get(row.scale, row.scale),
                     wave_name(row.wave) + notes.mark(row.note), whole(row.n), whole(row.n_items),
                     proportion_with_interval(row.alpha, row.alpha_low, row.alpha_high), proportion(row.omega)])
        previous = row.scale
    return Readable([_("Scale"), _("Survey"), _("n"), _("Items"), _("Alpha [95 % CI]"), _("Omega")],
                    rows, notes.sentences, text=(0, 1))


def _one_factor_fit(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes, previous = [], Notes(), None
    for row in table.itertuples():
        rows.append(["" if row.scale == previous else labels.get(row.scale, row.scale),
                     wave_name(row.wave) + notes.mark(row.note), whole(row.n), number(row.chisq, 1), whole(row.df),
                     proportion(row.cfi), proportion(row.rmsea), proportion(row.srmr)])
        previous = row.scale
    return Readable([_("Scale"), _("Survey"), _("n"), "χ²", _("df"), "CFI", "RMSEA", "SRMR"], rows, notes.sentences,
                    text=(0, 1))


def _item_answers(table: pd.DataFrame, labels: dict) -> Readable:
    rows = []
    for item, of_item in table.groupby("item", sort=False):
        shares = of_item.set_index(["value", "wave"])["share"]
        for position, answer in enumerate(of_item.drop_duplicates("value").itertuples()):
            rows.append([labels.get(item, item) if position == 0 else "", answer.label,
                         *(percentage(shares.get((answer.value, wave))) for wave in WAVES)])
    return Readable([_("Question"), _("Answer"), _("Before (%)"), _("After (%)")], rows, text=(0, 1))


def _numbers(table: pd.DataFrame, labels: dict) -> Readable:
    rows, previous = [], None
    for row in table.itertuples():
        rows.append(["" if row.item == previous else labels.get(row.item, row.item), wave_name(row.wave), whole(row.n),
                     number(row.mean, 1), number(row.sd, 1)])
        previous = row.item
    return Readable([_("Question"), _("Survey"), _("n"), _("Mean"), _("SD")], rows, notes_on_all(table), text=(0, 1))


def _item_change(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes = [], Notes()
    for row in table.itertuples():
        shares = [percentage(count / row.n) for count in (row.improved, row.same, row.worse)]
        rows.append([labels.get(row.item, row.item) + notes.mark(row.note), whole(row.n), *shares,
                     proportion_with_interval(row.superiority, row.superiority_low, row.superiority_high),
                     p_value(row.p_adjusted)])
    return Readable([_("Item"), _("n"), _("Higher (%)"), _("Same (%)"), _("Lower (%)"), _("Chance of higher [95 % CI]"),
                     _("p, adjusted")],
                    rows, notes.sentences)


def _item_means(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes = [], Notes()
    for row in table.itertuples():
        rows.append([labels.get(row.item, row.item) + notes.mark(row.note), whole(row.n), number(row.mean_pre),
                     number(row.mean_post), with_interval(row.change, row.ci_low, row.ci_high)])
    return Readable([_("Item"), _("n"), _("Mean before"), _("Mean after"), _("Change [95 % CI]")], rows, notes.sentences)


def _item_reliability(table: pd.DataFrame, labels: dict) -> Readable:
    rows = []
    for (__, item), waves in table.groupby(["scale", "item"], sort=False):
        of_wave = waves.set_index("wave")
        cells = [proportion(of_wave[column].get(wave)) for column in ("item_rest", "alpha_without") for wave in WAVES]
        rows.append([labels.get(item, item), *cells])
    return Readable([_("Item"), _("Item-rest r before"), _("Item-rest r after"), _("Alpha without, before"),
                     _("Alpha without, after")],
                    rows)


def _ceiling(table: pd.DataFrame, labels: dict) -> Readable:
    rows = [[row.label, whole(row.n), percentage(row.share_at_maximum, 1), whole(row.n_matched),
             percentage(row.share_could_not_rise, 1), _("over 15 %") if row.flagged == "yes" else _("no")]
            for row in table.itertuples()]
    return Readable([_("Scale"), _("n before"), _("At the top before (%)"), _("n linked"),
                     _("Linked and could not rise (%)"), _("Ceiling")],
                    rows, notes_on_all(table), text=(0, 5))


READERS: dict[str, Reader] = {
    "scales": _scales,
    "reliability": _reliability,
    "one_factor_fit": _one_factor_fit,
    "item_answers": _item_answers,
    "numbers": _numbers,
    "item_change": _item_change,
    "item_means": _item_means,
    "item_reliability": _item_reliability,
    "ceiling": _ceiling,
}
