"""Scales, how reliable they are, and single questions."""

from __future__ import annotations

import pandas as pd

from ..numerals import number, p_value, proportion
from .shape import (
    WAVE_NAMES,
    Notes,
    Readable,
    Reader,
    notes_on_all,
    percentage,
    proportion_with_interval,
    whole,
    with_interval,
)


def _scales(table: pd.DataFrame, labels: dict) -> Readable:
    rows = [[row.label, whole(row.items), " and ".join(WAVE_NAMES[wave] for wave in row.surveys), row.example]
            for row in table.itertuples()]
    origins: dict[str, list[str]] = {}
    for row in table.itertuples():
        if origin := "; ".join(part for part in (row.instrument, row.source) if part):
            origins.setdefault(origin, []).append(row.label)
    notes = [f"{', '.join(names)}: {origin}." for origin, names in origins.items()]
    return Readable(["Scale", "Items", "Asked", "First item"], rows, notes, text=(0, 2, 3))


def _reliability(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes, previous = [], Notes(), None
    for row in table.itertuples():
        rows.append(["" if row.scale == previous else labels.get(row.scale, row.scale),
                     WAVE_NAMES[row.wave] + notes.mark(row.note), whole(row.n), whole(row.n_items),
                     proportion_with_interval(row.alpha, row.alpha_low, row.alpha_high), proportion(row.omega)])
        previous = row.scale
    return Readable(["Scale", "Survey", "n", "Items", "Alpha [95 % CI]", "Omega"], rows, notes.sentences, text=(0, 1))


def _item_answers(table: pd.DataFrame, labels: dict) -> Readable:
    rows = []
    for item, of_item in table.groupby("item", sort=False):
        shares = of_item.set_index(["value", "wave"])["share"]
        for position, answer in enumerate(of_item.drop_duplicates("value").itertuples()):
            rows.append([labels.get(item, item) if position == 0 else "", answer.label,
                         *(percentage(shares.get((answer.value, wave))) for wave in WAVE_NAMES)])
    return Readable(["Question", "Answer", "Before (%)", "After (%)"], rows, text=(0, 1))


def _numbers(table: pd.DataFrame, labels: dict) -> Readable:
    rows, previous = [], None
    for row in table.itertuples():
        rows.append(["" if row.item == previous else labels.get(row.item, row.item), WAVE_NAMES[row.wave], whole(row.n),
                     number(row.mean, 1), number(row.sd, 1)])
        previous = row.item
    return Readable(["Question", "Survey", "n", "Mean", "SD"], rows, notes_on_all(table), text=(0, 1))


def _item_change(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes = [], Notes()
    for row in table.itertuples():
        shares = [percentage(count / row.n) for count in (row.improved, row.same, row.worse)]
        rows.append([labels.get(row.item, row.item) + notes.mark(row.note), whole(row.n), *shares,
                     proportion_with_interval(row.superiority, row.superiority_low, row.superiority_high),
                     p_value(row.p_adjusted)])
    return Readable(["Item", "n", "Higher (%)", "Same (%)", "Lower (%)", "Chance of higher [95 % CI]", "p, adjusted"],
                    rows, notes.sentences)


def _item_means(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes = [], Notes()
    for row in table.itertuples():
        rows.append([labels.get(row.item, row.item) + notes.mark(row.note), whole(row.n), number(row.mean_pre),
                     number(row.mean_post), with_interval(row.change, row.ci_low, row.ci_high)])
    return Readable(["Item", "n", "Mean before", "Mean after", "Change [95 % CI]"], rows, notes.sentences)


def _item_reliability(table: pd.DataFrame, labels: dict) -> Readable:
    rows = []
    for (_, item), waves in table.groupby(["scale", "item"], sort=False):
        of_wave = waves.set_index("wave")
        cells = [proportion(of_wave[column].get(wave)) for column in ("item_rest", "alpha_without") for wave in WAVE_NAMES]
        rows.append([labels.get(item, item), *cells])
    return Readable(["Item", "Item-rest r before", "Item-rest r after", "Alpha without, before", "Alpha without, after"],
                    rows)


def _ceiling(table: pd.DataFrame, labels: dict) -> Readable:
    rows = [[row.label, whole(row.n), percentage(row.share_at_maximum, 1), whole(row.n_matched),
             percentage(row.share_could_not_rise, 1), "over 15 %" if row.flagged == "yes" else "no"]
            for row in table.itertuples()]
    return Readable(["Scale", "n before", "At the top before (%)", "n linked", "Linked and could not rise (%)", "Ceiling"],
                    rows, notes_on_all(table), text=(0, 5))


READERS: dict[str, Reader] = {
    "scales": _scales,
    "reliability": _reliability,
    "item_answers": _item_answers,
    "numbers": _numbers,
    "item_change": _item_change,
    "item_means": _item_means,
    "item_reliability": _item_reliability,
    "ceiling": _ceiling,
}
