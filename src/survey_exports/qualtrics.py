"""Rows of a Qualtrics export that are no respondent's, and those that were not finished.

Qualtrics says in `Status` and `DistributionChannel` where an answer came from, and in `Finished` whether it was
submitted; in words where choice texts were exported, in numbers where values were.
"""

from __future__ import annotations

import numpy as np

from survey_exports.table import Table, cell_text
from survey_exports.texts import normal

_NOT_RESPONDENTS = {
    "preview answers": {"Status": {"survey preview", "survey preview spam", "offline survey preview", "1", "9", "17"},
                        "DistributionChannel": {"preview"}},
    "test answers": {"Status": {"survey test", "2"}, "DistributionChannel": {"test"}},
}
_UNFINISHED = {"false", "0"}


def is_qualtrics(table: Table) -> bool:
    """Whether the table has the id that Qualtrics gives a response, and one of its own columns beside."""
    return "ResponseId" in table.headers and not {"Status", "Finished", "DistributionChannel"}.isdisjoint(table.headers)


def without_others(table: Table) -> dict[str, int]:
    """Leaves out of the table the rows that the survey's makers or a machine wrote; how many per reason."""
    if not is_qualtrics(table):
        return {}
    found = {
        reason: np.any([_holds(table, header, marks) for header, marks in columns.items()], axis=0)
        for reason, columns in _NOT_RESPONDENTS.items()
    }
    table.keep(~np.any(list(found.values()), axis=0))
    return {reason: int(rows.sum()) for reason, rows in found.items() if rows.any()}


def unfinished(table: Table) -> np.ndarray:
    """The rows of respondents who did not submit, as an array of bool; none in other tables."""
    return _holds(table, "Finished", _UNFINISHED) if is_qualtrics(table) else np.zeros(len(table.rows), dtype=bool)


def told_of(table: Table, dropped: dict[str, int]) -> list[str]:
    """What was left out, and how many answers were not finished, as sentences without their full stop."""
    sentences = [
        f"{n} {reason.removesuffix('s') if n == 1 else reason} that Qualtrics marks as such {'is' if n == 1 else 'are'} "
        "left out" for reason, n in dropped.items()
    ]
    if n := int(unfinished(table).sum()):
        are, they = ("answer was", "it goes") if n == 1 else ("answers were", "they go")
        sentences.append(
            f"{n} {are} not finished, Qualtrics says; read as far as {they}, without a time of submission")
    return sentences


def _holds(table: Table, header: str, marks: set[str]) -> np.ndarray:
    if header not in table.headers:
        return np.zeros(len(table.rows), dtype=bool)
    place = table.headers.index(header)
    labels = table.value_labels.get(place, {})
    return np.array(
        [not marks.isdisjoint((normal(cell_text(cell)), normal(labels.get(cell, "")))) for cell in table.cells[place]],
        dtype=bool,
    )
