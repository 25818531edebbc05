"""Open answers: how many, how long, and the categories that a person gave them."""

from __future__ import annotations

import pandas as pd

from ..numerals import DASH
from ..words import _
from .shape import Notes, Readable, Reader, percentage, wave_name, whole


def _open_answers(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes, previous = [], Notes(), None
    for row in table.itertuples():
        rows.append(["" if row.item == previous else labels.get(row.item, row.item),
                     wave_name(row.wave) + notes.mark(row.note), whole(row.n), percentage(row.share),
                     whole(row.median_length)])
        previous = row.item
    return Readable([_("Question"), _("Survey"), _("n"), _("Share (%)"), _("Median length")],
                    rows, notes.sentences, text=(0, 1))


def _open_answer_categories(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes, previous = [], Notes(), None
    for row in table.itertuples():
        rows.append(["" if row.item == previous else labels.get(row.item, row.item), wave_name(row.wave),
                     (row.category or DASH) + notes.mark(row.note), whole(row.n), percentage(row.share)])
        previous = row.item
    return Readable([_("Question"), _("Survey"), _("Category"), _("n"), _("Share (%)")],
                    rows, notes.sentences, text=(0, 1, 2))


READERS: dict[str, Reader] = {
    "open_answers": _open_answers,
    "open_answer_categories": _open_answer_categories,
}
