"""A raw table: the cells of one file as they were written, with the rows a spreadsheet shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from analysis.errors import Complaint
from analysis.texts import listed

MOST_COMPLAINTS = 20
"""Distinct complaints that are shown for one column of one file."""

_ROWS_NAMED = 4

Cell = str | float | dt.datetime | dt.date | dt.time
"""An empty cell is the empty text; a number is a float only where the file itself says so (Excel, SPSS)."""


@dataclass(frozen=True)
class Expected:
    """What a file ought to hold: the evidence by which encoding, delimiter and sheet are found.

    `headers` and `texts` are in their compared form (`analysis.texts.normal`); `items` are those headers that
    are items of the codebook, not reserved ones. `language` gives the language of the cells under a header.
    """

    headers: frozenset[str]
    texts: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    language: Callable[[str], str] = lambda header: ""


@dataclass
class Table:
    """Headers, and one object array of cells per header; `rows` are the numbers a spreadsheet shows."""

    file: str
    headers: list[str]
    cells: list[np.ndarray]
    rows: np.ndarray
    questions: list[str] = field(default_factory=list)
    value_labels: dict[int, dict[Cell, str]] = field(default_factory=dict)
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    notices: list[str] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)

    def __post_init__(self):
        self.questions = self.questions or [""] * len(self.headers)


def cell_text(cell: Cell) -> str:
    """A cell as text: whole numbers without a decimal mark, dates as ISO 8601 writes them."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return cell.isoformat(sep=" ") if isinstance(cell, dt.datetime) else cell.isoformat()


def is_blank(record: Iterable[Cell]) -> bool:
    """Whether nothing stands in any of the cells."""
    return not any(not isinstance(cell, str) or cell.strip() for cell in record)


def checked_table(
    file: str,
    records: Sequence[Sequence[Cell]],
    numbers: Sequence[int],
    questions: Sequence[str] = (),
    **found,
) -> Table:
    """The table whose first record is the header; rows of another length are complaints and left out.

    `numbers` are the rows a spreadsheet shows, one per record; wholly blank records must be gone already.
    """
    headers = [cell_text(cell).strip() for cell in records[0]]
    width = len(headers)
    sound, rows, complaints = [], [], []
    for record, row in zip(records[1:], numbers[1:], strict=True):
        if len(record) == width:
            sound.append(record)
            rows.append(row)
        else:
            size = f"{len(record)} cell{'s' * (len(record) > 1)}"
            than = "more" if len(record) > width else "fewer"
            complaints.append((row, f"the row has {size}, {than} than the header's {width}."))
    cells = (
        [np.array(column, dtype=object) for column in zip(*sound, strict=True)]
        if sound
        else [np.array([], dtype=object) for _ in headers]
    )
    return Table(
        file,
        headers,
        cells,
        np.array(rows, dtype=np.int64),
        list(questions),
        complaints=grouped_complaints(file, "", complaints),
        **found,
    )


def grouped_complaints(file: str, column: str, faults: Iterable[tuple[int, str]]) -> list[Complaint]:
    """The faults (row, message) of one column: the same message once, naming its rows, and no flood."""
    by_message: dict[str, list[int]] = {}
    for row, message in faults:
        by_message.setdefault(message, []).append(row)
    complaints = []
    for message, rows in list(by_message.items())[:MOST_COMPLAINTS]:
        others = rows[1:]
        also = (
            f" The same in row{'s' if len(others) > 1 else ''} {listed(others, limit=_ROWS_NAMED)}."
            if others
            else ""
        )
        complaints.append(Complaint(message + also, file, rows[0], column))
    rest = list(by_message.values())[MOST_COMPLAINTS:]
    if rest:
        n = sum(map(len, rest))
        complaints.append(Complaint(f"and {n} more of this kind.", file, rest[0][0], column))
    return complaints
