"""Excel and OpenDocument workbooks, read with the types their cells have."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from xlsxwriter.utility import xl_range

from survey_exports.head import head
from survey_exports.issues import Issue, ReadingError
from survey_exports.limits import check_extent, check_packed, check_size
from survey_exports.native import UnreadableError, workbook_rows
from survey_exports.table import Cell, Expected, Table, checked_table, is_blank
from survey_exports.texts import listed, normal, quoted

Corner = tuple[int, int]


@dataclass(frozen=True)
class Sheet:
    """The records of one sheet that are not blank, each with its row number, and its ranges of merged cells: the
    (row, column) of their first and last cell, counted from 0."""

    records: list[tuple[int, list[Cell]]]
    merged: list[tuple[Corner, Corner]] = field(default_factory=list)


def read_workbook(path: Path, file: str, expected: Expected) -> Table:
    """The one sheet whose header is recognised best, with warnings of rows above the header and of other sheets.

    Raises `ReadingError` if the file can't be opened, is empty, or if several sheets could be the answers: those with
    more than half as many recognised headers as the best.
    """
    found, errors = workbook_sheets(path, file)
    sheets = {name: sheet for name, sheet in found.items() if sheet.records}
    if not sheets:
        raise ReadingError(Issue("the workbook is empty; expected a header and a row per answer.", file))

    for known in (expected.asked, expected.headers):
        tops = {name: head(sheet.records, _is_in(known)) for name, sheet in sheets.items()}
        if any(top.recognised for top in tops.values()):
            break
    most = max(top.recognised for top in tops.values())
    fitting = [name for name, top in tops.items() if 2 * top.recognised > most or not most]
    if len(fitting) > 1:
        raise ReadingError(Issue(
            f"the workbook has {len(fitting)} sheets that could be the answers, {listed(quoted(fitting))}; expected one.",
            file))
    (name,) = fitting
    table = sheet_table(file, sheets[name], name, expected.headers)
    if others := [other for other in sheets if other != name]:
        many = len(others) > 1
        table.warnings.append(
            f"{file}: the sheet{'s' * many} {listed(quoted(others))} {'are' if many else 'is'} not read; the answers "
            f"stand in “{name}”.")
    if errors:
        one = len(errors) == 1
        table.warnings.append(
            f"{file}: {len(errors)} cell{'s' * (not one)} ({listed(errors, limit=4)}) {'holds' if one else 'hold'} "
            "an error of Excel, such as #N/A; read as empty.")
    return table


def workbook_sheets(path: Path, file: str) -> tuple[dict[str, Sheet], list[str]]:
    """The sheets of a workbook by name, and the places of cells that hold an error of Excel and are read as empty.

    Raises `ReadingError` if the file is no workbook, protected by a password or too large.
    """
    check_size(path, file)
    errors = check_packed(path, file) if zipfile.is_zipfile(path) else []
    try:
        found = workbook_rows(path)
    except UnreadableError as error:
        message = "the workbook is protected by a password; save it without one." if error.locked else (
            f"the workbook can't be opened ({error}).")
        raise ReadingError(Issue(message, file)) from None
    sheets = {}
    known: dict[str, str] = {}
    for name, (rows, merged) in found.items():
        check_extent(max((row for row, _ in rows), default=0), max((len(record) for _, record in rows), default=0), file)
        records = (
            (row, [known.setdefault(cell, cell) if type(cell) is str else _cell(cell) for cell in record])
            for row, record in rows
        )
        sheets[name] = Sheet([(row, record) for row, record in records if not is_blank(record)], merged)
    return sheets, errors


def sheet_table(file: str, sheet: Sheet, name: str, known: frozenset[str] = frozenset()) -> Table:
    """The table of one sheet; `known` are the headers that are expected, in their compared form.

    Issues are cells beyond the last header, and merged cells below a known header, or any where none is known:
    only the first of them has a value.
    """
    top = head(sheet.records, _is_in(known))
    numbered = [sheet.records[top.place], *sheet.records[top.first :]]
    width = _last(numbered[0][1])
    records = [record[: max(width, _last(record))] for _, record in numbered]
    table = checked_table(
        file, records, [row for row, _ in numbered], top.questions[:width], sheet=name,
        warnings=[f"{file}: {sentence}." for sentence in top.skipped],
    )
    known_places = {place for place, texts in enumerate(zip(table.headers, table.questions, strict=True))
                    if not known or known & set(map(normal, texts))}
    table.issues += _merged(table, sheet, numbered[0][0], known_places)
    return table


def _merged(table: Table, sheet: Sheet, header_row: int, places: set[int]) -> Iterator[Issue]:
    for (top, left), (bottom, right) in sorted(sheet.merged):
        hit = places & set(range(left, right + 1))
        if bottom + 1 > header_row and hit:
            cells = xl_range(top, left, bottom, right).replace(":", " to ")
            yield Issue(
                f"the cells {cells} are merged, so that only the first of them has a value; take them apart and fill in "
                "each.", table.file, max(top, header_row) + 1, table.headers[min(hit)])


def _is_in(known: frozenset[str]) -> Callable[[Cell], bool]:
    return lambda cell: isinstance(cell, str) and cell != "" and normal(cell) in known


def _last(record: list[Cell]) -> int:
    return max(place for place, cell in enumerate(record, start=1) if not is_blank([cell]))


def _cell(cell: object) -> Cell:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int):
        return float(cell)
    return cell if not hasattr(cell, "total_seconds") else str(cell)
