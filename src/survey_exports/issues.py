"""What is wrong in a file, said in one sentence each, with the place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from survey_exports.texts import listed, one_full_stop

MOST_ISSUES = 20
"""Distinct issues that are shown of one column of one file."""

_ROWS_NAMED = 4

ByMessage = Mapping[str, Sequence[int]]
"""What is wrong in a column: per sentence the rows it holds for, ascending."""


@dataclass(frozen=True)
class Issue:
    """One error that a user can mend: what was expected, and where.

    `row` counts as the user's program shows it: the header is row 1.
    """

    message: str
    file: str = ""
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        place = [self.file] if self.file else []
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column:
            place.append(f"column “{self.column}”")
        return f"{', '.join(place)}: {self.message}" if place else self.message


class ReadingError(Exception):
    """A file that can't be read as a table; carries every issue found."""

    def __init__(self, *issues: Issue):
        self.issues = issues
        super().__init__("\n".join(map(str, issues)))


def grouped_issues(file: str, headers: Sequence[str], found: Mapping[int, ByMessage]) -> list[Issue]:
    """The issues of each column by its place: the same message once for the whole file with its count, and no flood.

    An issue stands at the first of its cells, by row and then by column.
    """
    by_message: dict[str, list[tuple[int, Sequence[int]]]] = {}
    for place, messages in found.items():
        for message, rows in messages.items():
            by_message.setdefault(one_full_stop(message), []).append((place, rows))
    counted = []
    for message, cells in by_message.items():
        row, place = min((int(rows[0]), place) for place, rows in cells)
        count = sum(len(rows) for _, rows in cells)
        counted.append((place, row, count, _counted(message, [rows for _, rows in cells], count)))
    issues = []
    for place, of_column in groupby(sorted(counted), key=itemgetter(0)):
        ordered = list(of_column)
        issues += [Issue(message, file, row, headers[place]) for _, row, _, message in ordered[:MOST_ISSUES]]
        if rest := ordered[MOST_ISSUES:]:
            n = sum(count for _, _, count, _ in rest)
            issues.append(Issue(f"and {n} more of this kind.", file, rest[0][1], headers[place]))
    return issues


def _counted(message: str, columns: list[Sequence[int]], count: int) -> str:
    """The message with the number of cells it holds for, and with their rows if they are of one column."""
    if len(columns) > 1:
        return f"{count} times in {len(columns)} columns, this one first: {message}"
    return message if count == 1 else f"{message} {count} times in all: {named_rows(columns[0])}."


def named_rows(rows: Sequence[int]) -> str:
    """The first few rows in a list, and how many more: `row 2`, `rows 2, 5, 9, 14 and 3 more`."""
    few = [*map(int, rows[:_ROWS_NAMED]), *[0] * (len(rows) - _ROWS_NAMED)]
    return f"row{'s' * (len(rows) > 1)} {listed(few, limit=_ROWS_NAMED)}"
