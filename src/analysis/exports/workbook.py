"""Excel and OpenDocument workbooks, read with the types their cells have."""

from __future__ import annotations

import zipfile
from pathlib import Path

from analysis.errors import Complaint, StudyError
from analysis.exports.limits import check_extent, check_packed, check_size
from analysis.exports.native import UnreadableError, workbook_rows
from analysis.exports.table import Cell, Expected, Table, checked_table, is_blank
from analysis.texts import listed, normal, quoted


def read_workbook(path: Path, file: str, expected: Expected) -> Table:
    """The one sheet whose header is recognised, its first row with anything in it being the header.

    Raises `StudyError` if the file can't be opened, is empty, or several sheets have recognised headers.
    """
    sheets = {name: found for name, found in workbook_records(path, file).items() if found}
    if not sheets:
        raise StudyError([Complaint("the workbook is empty; expected a header and a row per answer.", file)])

    def recognised(known: frozenset[str]) -> list[str]:
        return [
            name
            for name, found in sheets.items()
            if any(isinstance(cell, str) and normal(cell) in known for cell in found[0][1])
        ]

    fitting = recognised(expected.items) or recognised(expected.headers) or list(sheets)
    if len(fitting) > 1:
        raise StudyError(
            [
                Complaint(
                    f"the workbook has {len(fitting)} sheets that could be the answers, "
                    f"{listed(quoted(fitting))}; "
                    "expected one.",
                    file,
                )
            ]
        )
    return sheet_table(file, sheets[fitting[0]], fitting[0])


def workbook_records(path: Path, file: str) -> dict[str, list[tuple[int, list[Cell]]]]:
    """Per sheet the records that are not blank, each with its row number.

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
    for name, rows in found.items():
        check_extent(max((row for row, _ in rows), default=0), max((len(record) for _, record in rows), default=0), file)
        records = ((row, [_cell(cell) for cell in record]) for row, record in rows)
        sheets[name] = [(row, record) for row, record in records if not is_blank(record)]
    return sheets


def sheet_table(file: str, numbered: list[tuple[int, list[Cell]]], sheet: str) -> Table:
    """The table of one sheet. A cell that stands beyond the last header is a complaint."""
    header = numbered[0][1]
    width = max(place for place, cell in enumerate(header, start=1) if not is_blank([cell]))
    records = [
        record[:width] if is_blank(record[width:]) else record[: _last(record)] for _, record in numbered
    ]
    return checked_table(file, records, [row for row, _ in numbered], encoding="", sheet=sheet)


def _last(record: list[Cell]) -> int:
    return max(place for place, cell in enumerate(record, start=1) if not is_blank([cell]))


def _cell(cell: object) -> Cell:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int):
        return float(cell)
    return cell if not hasattr(cell, "total_seconds") else str(cell)
