"""A raw table: the cells of one file as they were written, with the rows a spreadsheet shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from analysis.errors import Complaint
from analysis.texts import listed, one_full_stop

MOST_COMPLAINTS = 20
"""Distinct complaints that are shown for one column of one file."""

_ROWS_NAMED = 4

Cell = str | float | dt.datetime | dt.date | dt.time
"""An empty cell is the empty text; a number is a float only where the file itself says so (Excel, SPSS)."""

Faults = Mapping[str, Sequence[int]]
"""What is wrong in a column: per sentence the rows it holds for, ascending."""


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

    def keep(self, rows: np.ndarray) -> None:
        """Leave out all rows but these (an array of bool)."""
        self.cells = [cells[rows] for cells in self.cells]
        self.rows = self.rows[rows]


def cell_text(cell: Cell) -> str:
    """A cell as text: whole numbers without a decimal mark, dates as ISO 8601 writes them."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return cell.isoformat(sep=" ") if isinstance(cell, dt.datetime) else cell.isoformat()


def is_blank(record: Iterable[Cell]) -> bool:
    """Whether nothing stands in any of the cells."""
    return all(cell == "" or (isinstance(cell, str) and not cell.strip()) for cell in record)


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
    sound, rows = [], []
    faults: dict[str, list[int]] = {}
    for record, row in zip(records[1:], numbers[1:], strict=True):
        if len(record) == width:
            sound.append(record)
            rows.append(row)
        else:
            size = f"{len(record)} cell{'s' * (len(record) > 1)}"
            than = "more" if len(record) > width else "fewer"
            faults.setdefault(f"the row has {size}, {than} than the header's {width}.", []).append(row)
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
        complaints=grouped_complaints(file, [""], {0: faults}),
        **found,
    )


def grouped_complaints(file: str, headers: Sequence[str], faults: Mapping[int, Faults]) -> list[Complaint]:
    """The faults of each column by its place: the same message once for the whole file with its count, and no flood.

    A complaint stands at the first of its cells, by row and then by column.
    """
    by_message: dict[str, list[tuple[int, Sequence[int]]]] = {}
    for place, found in faults.items():
        for message, rows in found.items():
            by_message.setdefault(one_full_stop(message), []).append((place, rows))
    by_column: dict[int, list[tuple[int, int, str]]] = {}
    for message, found in by_message.items():
        row, place = min((int(rows[0]), place) for place, rows in found)
        count = sum(len(rows) for _, rows in found)
        by_column.setdefault(place, []).append((row, count, _counted(message, [rows for _, rows in found], count)))
    complaints = []
    for place, found in sorted(by_column.items()):
        found.sort()
        complaints += [Complaint(message, file, row, headers[place]) for row, _, message in found[:MOST_COMPLAINTS]]
        if rest := found[MOST_COMPLAINTS:]:
            n = sum(count for _, count, _ in rest)
            complaints.append(Complaint(f"and {n} more of this kind.", file, rest[0][0], headers[place]))
    return complaints


def _counted(message: str, columns: list[Sequence[int]], count: int) -> str:
    """The message with the number of cells it holds for, and with their rows if they are of one column."""
    if len(columns) > 1:
        return f"{count} times in {len(columns)} columns, this one first: {message}"
    if count == 1:
        return message
    return f"{message} {count} times in all: rows {named_rows(columns[0])}."


def named_rows(rows: Sequence[int]) -> str:
    """The first few rows in a list, and how many more: `2, 5, 9, 14 and 3 more`."""
    few = [*map(int, rows[:_ROWS_NAMED]), *[0] * (len(rows) - _ROWS_NAMED)]
    return listed(few, limit=_ROWS_NAMED)
