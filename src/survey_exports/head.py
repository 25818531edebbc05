"""The head of a raw table: the row of headers, notes above it, and what Qualtrics writes below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from survey_exports.table import Cell, cell_text
from survey_exports.texts import listed

LOOKED_AT = 40
"""Rows with anything in them among which the header is looked for."""

Numbered = tuple[int, Sequence[Cell]]
"""A record and the row that a spreadsheet shows it in."""


@dataclass(frozen=True)
class Head:
    """The places of the header and of the first answer among the records that are not blank.

    `questions` are the questions' texts that Qualtrics writes below the header, `recognised` the number of
    headers known, `skipped` sentences on the rows that are neither header nor answers.
    """

    place: int
    first: int
    questions: list[str] = field(default_factory=list)
    recognised: int = 0
    skipped: list[str] = field(default_factory=list)


def head(numbered: Sequence[Numbered], known: Callable[[Cell], bool]) -> Head:
    """The head of a table; `known` says whether a cell is a header that is expected.

    The header is the first of the rows with the most known headers; the first row where none is known.
    """
    top = numbered[:LOOKED_AT]
    counts = [sum(known(cell) for cell in record) for _, record in top]
    below = _qualtrics_rows(top)
    place = below[0] if below else counts.index(max(counts))
    first = below[1] if below else place + 1
    own = [row for row, _ in numbered[place + 1 : first]]
    has_texts = len(own) > 1 or (below is not None and not below[2])
    texts = numbered[place + 1][1] if has_texts else ()
    width = len(numbered[place][1])
    questions = [cell_text(cell).strip() for cell in texts] if len(texts) == width else []
    skipped = []
    if above := [row for row, _ in numbered[:place]]:
        skipped.append(f"{_rows(above)} above the header {'are' if len(above) > 1 else 'is'} not read")
    if own:
        what = listed([*["question texts"] * has_texts, *["ImportIds"] * below[2]])
        skipped.append(f"what stands in {_rows(own)} is Qualtrics' own ({what}), no answers; skipped")
    return Head(place, first, questions, counts[place] + sum(map(known, texts)), skipped)


def _qualtrics_rows(top: Sequence[Numbered]) -> tuple[int, int, bool] | None:
    """The places of Qualtrics' header and of the first answer below it, and whether a row of ImportIds is there.

    CSV and TSV have question texts and ImportIds below the header, workbooks the texts alone; they are told from
    an answer by the response's id, which begins with `R_`.
    """
    for place, (_, record) in enumerate(top[1:], start=1):
        if any(isinstance(cell, str) and cell.lstrip().replace(" ", "").startswith('{"ImportId"') for cell in record):
            return max(place - 2, 0), place + 1, True
    for place, (_, record) in enumerate(top[:-1]):
        if "ResponseId" in record and ("RecordedDate" in record or "EndDate" in record):
            below = top[place + 1][1]
            id_ = below[list(record).index("ResponseId")] if len(below) == len(record) else "R_"
            return None if str(id_).startswith("R_") else (place, place + 2, False)
    return None


def _rows(rows: list[int]) -> str:
    return f"row {rows[0]}" if len(rows) == 1 else f"rows {rows[0]} to {rows[-1]}"
