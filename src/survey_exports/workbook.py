"""Excel and OpenDocument workbooks, read with the types their cells have."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from analysis.errors import Complaint, StudyError
from analysis.numerals import counted
from analysis.texts import listed, normal, quoted
from survey_exports.head import Head, head
from survey_exports.limits import check_extent, check_packed, check_size
from survey_exports.native import UnreadableError, workbook_rows
from survey_exports.table import Cell, Expected, Table, checked_table, is_blank

Corner = tuple[int, int]

_ERROR = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^<>]{0,60} t="e"')
_LONGEST_TAG = 100


@dataclass(frozen=True)
class Sheet:
    """The records of one sheet that are not blank, each with its row number, and its ranges of merged cells: the
    (row, column) of their first and last cell, counted from 0."""

    records: list[tuple[int, list[Cell]]]
    merged: list[tuple[Corner, Corner]] = field(default_factory=list)


def read_workbook(path: Path, file: str, expected: Expected) -> Table:
    """The one sheet whose header is recognised best, with notices of rows above the header and of other sheets.

    Raises `StudyError` if the file can't be opened, is empty, or if several sheets could be the answers: those with
    more than half as many recognised headers as the best.
    """
    sheets = {name: sheet for name, sheet in workbook_sheets(path, file).items() if sheet.records}
    if not sheets:
        raise StudyError([Complaint("the workbook is empty; expected a header and a row per answer.", file)])

    def heads(known: frozenset[str]) -> dict[str, Head]:
        return {name: head(sheet.records, _is_in(known)) for name, sheet in sheets.items()}

    found = heads(expected.items)
    if not any(one.recognised for one in found.values()):
        found = heads(expected.headers)
    most = max(one.recognised for one in found.values())
    fitting = [name for name, one in found.items() if 2 * one.recognised > most or not most]
    if len(fitting) > 1:
        raise StudyError(
            [
                Complaint(
                    f"the workbook has {len(fitting)} sheets that could be the answers, {listed(quoted(fitting))}; "
                    "expected one.",
                    file,
                )
            ]
        )
    (name,) = fitting
    table = sheet_table(file, sheets[name], name, expected.headers)
    if others := [other for other in sheets if other != name]:
        many = len(others) > 1
        table.notices.append(
            f"{file}: the sheet{'s' * many} {listed(quoted(others))} {'are' if many else 'is'} not read; the answers "
            f"stand in “{name}”."
        )
    if errors := _error_cells(path):
        table.notices.append(
            f"{file}: {counted(len(errors), 'cell')} ({listed(errors, limit=4)}) {'holds' if len(errors) == 1 else 'hold'} "
            "an error of Excel, such as #N/A; read as empty."
        )
    return table


def _error_cells(path: Path) -> list[str]:
    """The places of cells with an error value in an Excel workbook's sheets, which Calamine reads as empty."""
    if not zipfile.is_zipfile(path):
        return []
    found: dict[str, None] = {}
    with zipfile.ZipFile(path) as packed:
        for name in packed.namelist():
            if not (name.startswith("xl/worksheets/") and name.endswith(".xml")):
                continue
            before = b""
            with packed.open(name) as part:
                while piece := part.read(1 << 20):
                    found |= dict.fromkeys(place.decode() for place in _ERROR.findall(before + piece))
                    before = piece[-_LONGEST_TAG:]
    return list(found)


def workbook_sheets(path: Path, file: str) -> dict[str, Sheet]:
    """The sheets of a workbook by name.

    Raises `StudyError` if the file is no workbook, protected by a password or too large.
    """
    check_size(path, file)
    if zipfile.is_zipfile(path):
        check_packed(path, file)
    try:
        found = workbook_rows(path)
    except UnreadableError as error:
        message = "the workbook is protected by a password; save it without one." if error.locked else (
            f"the workbook can't be opened ({error}).")
        raise StudyError([Complaint(message, file)]) from None
    sheets = {}
    known: dict[str, str] = {}
    for name, (rows, merged) in found.items():
        check_extent(max((row for row, _ in rows), default=0), max((len(record) for _, record in rows), default=0), file)
        records = (
            (row, [known.setdefault(cell, cell) if type(cell) is str else _cell(cell) for cell in record])
            for row, record in rows
        )
        sheets[name] = Sheet([(row, record) for row, record in records if not is_blank(record)], merged)
    return sheets


def sheet_table(file: str, sheet: Sheet, name: str, known: frozenset[str] = frozenset()) -> Table:
    """The table of one sheet; `known` are the headers that are expected, in their compared form.

    Complaints are cells beyond the last header, and merged cells below a known header, or any where none is known:
    only the first of them has a value.
    """
    top = head(sheet.records, _is_in(known))
    header = sheet.records[top.place][1]
    width = max(place for place, cell in enumerate(header, start=1) if not is_blank([cell]))
    numbered = [sheet.records[top.place], *sheet.records[top.first :]]
    records = [record[:width] if is_blank(record[width:]) else record[: _last(record)] for _, record in numbered]
    table = checked_table(
        file, records, [row for row, _ in numbered], top.questions[:width], encoding="", sheet=name,
        notices=[f"{file}: {said}." for said in top.skipped],
    )
    known_places = {
        place
        for place, (text, question) in enumerate(zip(table.headers, table.questions, strict=True))
        if not known or {normal(text), normal(question)} & known
    }
    table.complaints += _merged(table, sheet, numbered[0][0], known_places)
    return table


def _merged(table: Table, sheet: Sheet, header_row: int, places: set[int]) -> Iterator[Complaint]:
    for (top, left), (bottom, right) in sorted(sheet.merged):
        row = max(top + 1, header_row + 1)
        if bottom + 1 > header_row and places & set(range(left, right + 1)):
            cells = f"{_letters(left)}{top + 1} to {_letters(right)}{bottom + 1}"
            yield Complaint(
                f"the cells {cells} are merged, so that only the first of them has a value; take them apart and fill "
                "in each.",
                table.file,
                row,
                table.headers[min(places & set(range(left, right + 1)))],
            )


def _letters(place: int) -> str:
    """The letters of a column, counted from 0: `A`, `B`, ..., `AA`."""
    letters = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


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
