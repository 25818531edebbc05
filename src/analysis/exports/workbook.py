"""Excel and OpenDocument workbooks, read with the types their cells have."""

from __future__ import annotations

from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from analysis.errors import Complaint, StudyError
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

    Raises `StudyError` if the file is no workbook or protected by a password.
    """
    try:
        with CalamineWorkbook.from_path(str(path)) as workbook:
            return {
                name: [
                    (row, [_cell(cell) for cell in record])
                    for row, record in enumerate(
                        workbook.get_sheet_by_name(name).to_python(skip_empty_area=False), start=1
                    )
                    if any(cell != "" for cell in record) and not is_blank(_cell(cell) for cell in record)
                ]
                for name in workbook.sheet_names
            }
    except PasswordError:
        raise StudyError(
            [Complaint("the workbook is protected by a password; save it without one.", file)]
        ) from None
    except (CalamineError, OSError, ValueError) as error:
        raise StudyError([Complaint(f"the workbook can't be opened ({error}).", file)]) from None


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
