"""A raw table: the cells of one file as they were written, with the rows a spreadsheet shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from survey_exports.issues import Issue, grouped_issues

Cell = str | float | dt.datetime | dt.date | dt.time
"""An empty cell is the empty text; a number is a float only where the file itself says so (Excel, SPSS)."""


@dataclass(frozen=True)
class Expected:
    """What a file ought to hold: the evidence by which encoding, delimiter and sheet are found.

    `headers` and `texts` are in their compared form (`texts.normal`); `asked` are those headers that tell the sheet of
    the answers from others. `language` is that of the cells; empty where each header ends in its own (`label_et`).
    """

    headers: frozenset[str]
    texts: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    language: str = ""


@dataclass
class Table:
    """Headers, and one object array of cells per header; `rows` are the numbers a spreadsheet shows.

    `questions` are the questions' texts where the file has them beside the headers, `value_labels` the labels of a
    column's values, by its place. `warnings` are sentences on what was not read, `issues` errors in single rows, which
    are left out.
    """

    file: str
    headers: list[str]
    cells: list[np.ndarray]
    rows: np.ndarray
    questions: list[str] = field(default_factory=list)
    value_labels: dict[int, dict[Cell, str]] = field(default_factory=dict)
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    warnings: list[str] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def __post_init__(self):
        self.questions = self.questions or [""] * len(self.headers)

    def keep(self, rows: np.ndarray) -> None:
        """Leave out all rows but these (an array of bool)."""
        self.cells = [cells[rows] for cells in self.cells]
        self.rows = self.rows[rows]

    def copy(self) -> Table:
        """A table that can lose rows and gain warnings without this one; the arrays are shared."""
        return replace(self, warnings=list(self.warnings), issues=list(self.issues))


def cell_text(cell: Cell) -> str:
    """A cell as text: whole numbers without a decimal mark, dates as ISO 8601 writes them."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return cell.isoformat(sep=" ") if isinstance(cell, dt.datetime) else cell.isoformat()


def is_blank(record: Iterable[Cell]) -> bool:
    """Whether nothing stands in any of the cells."""
    return all(isinstance(cell, str) and not cell.strip() for cell in record)


def checked_table(
    file: str, records: Sequence[Sequence[Cell]], numbers: Sequence[int], questions: Sequence[str] = (), **found
) -> Table:
    """The table whose first record is the header; rows of another length are errors and left out.

    `numbers` are the rows a spreadsheet shows, one per record; wholly blank records must be gone already.
    """
    headers = [cell_text(cell).strip() for cell in records[0]]
    width = len(headers)
    sound, rows = [], []
    uneven: dict[str, list[int]] = {}
    for record, row in zip(records[1:], numbers[1:], strict=True):
        if len(record) == width:
            sound.append(record)
            rows.append(row)
        else:
            size = f"{len(record)} cell{'s' * (len(record) > 1)}"
            than = "more" if len(record) > width else "fewer"
            uneven.setdefault(f"the row has {size}, {than} than the header's {width}.", []).append(row)
    columns = zip(*sound, strict=True) if sound else [()] * width
    return Table(
        file, headers, [np.array(column, dtype=object) for column in columns], np.array(rows, dtype=np.int64),
        list(questions), issues=grouped_issues(file, [""], {0: uneven}), **found,
    )
