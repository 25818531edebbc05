"""All tables of a report in one Excel file: for programs as they are in `tables/`, for readers as in the report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from analysis.documents.shapes import Block, Table

CONTENTS, PRINTED = "contents", "as in the report"
NAME_LENGTH, CELL_LENGTH = 31, 32_767  # characters that Excel takes
WIDEST = 60
NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?", re.ASCII)
WORDS = {"school", "scale", "item", "label", "country", "name", "variable", "category", "note", "left_out"}
"""Columns that hold words even where all of them look like numbers."""
FORMATS = {
    r"p|p_adjusted|tost_p|(tau2|slope).*": "0.000",
    r"share.*": "0 %",
    r"df|design_effect": "0.0",
    r"i2": "0",
}
COUNT, ESTIMATE = "0", "0.00"


def write_workbook(folder: Path, found: list[Block]) -> None:
    """Write `tables.xlsx` in the report's folder from `tables/*.csv` and the report's blocks.

    First a sheet of contents, then all tables as in the report on one sheet, then a sheet per CSV file, in the report's
    order, with its columns and header and nothing else, at full precision. Text is never a formula. The same tables make
    the same bytes.
    """
    shown = [block for block in found if isinstance(block, Table)]
    paths = {path.stem: path for path in sorted((folder / "tables").glob("*.csv"))}
    order = list(dict.fromkeys(block.name for block in shown if block.name in paths))
    order += [name for name in paths if name not in order]
    sheets = dict(zip(order, _sheet_names(order), strict=True))
    with xlsxwriter.Workbook(folder / "tables.xlsx") as book:
        book.set_properties({"created": datetime(2000, 1, 1)})
        formats = _Formats(book)
        contents = book.add_worksheet(CONTENTS)
        tops = _write_printed(book.add_worksheet(PRINTED), formats, shown)
        tables = {name: pd.read_csv(paths[name], dtype=str, keep_default_na=False, encoding="utf-8") for name in order}
        for name, table in tables.items():
            _write_table(book.add_worksheet(sheets[name]), formats, table)
        _write_contents(contents, formats, sheets, tables, shown, tops)


class _Formats:
    """The cells' looks, each made once."""

    def __init__(self, book: xlsxwriter.Workbook):
        top = {"valign": "top"}
        self.head = book.add_format(top | {"bold": True, "text_wrap": True, "bottom": 1})
        self.wrapped = book.add_format(top | {"text_wrap": True})
        self.link = book.add_format(top | {"font_color": "#174F85", "underline": 1})
        self.bold = book.add_format({"bold": True})
        self.note = book.add_format({"font_color": "#555555"})
        self._printed = {
            (place, right): book.add_format(
                top | {"align": "right" if right else "left", "text_wrap": place == "head", "bold": place == "head",
                       "top": 1 if place == "head" else 0, "bottom": 1 if place in ("head", "last") else 0})
            for place in ("head", "row", "last") for right in (True, False)
        }
        self._numbers = {code: book.add_format(top | {"num_format": code}) for code in {*FORMATS.values(), COUNT, ESTIMATE}}

    def number(self, code: str) -> Format:
        return self._numbers[code]

    def printed(self, place: str, right: bool) -> Format:
        return self._printed[place, right]


def number_format(name: str, cells: list[str]) -> str:
    """Excel's code for the column `name` whose cells are given as the CSV has them; empty for a column of words.

    Counts are whole in the file, and so here; p has three decimals, shares are percentages, estimates have two decimals.
    """
    given = [cell for cell in cells if cell]
    if name in WORDS or not given or not all(NUMBER.fullmatch(cell) or cell in ("inf", "-inf") for cell in given):
        return ""
    code = next((code for pattern, code in FORMATS.items() if re.fullmatch(pattern, name)), "")
    return code or (COUNT if all(cell.lstrip("-").isdecimal() for cell in given) else ESTIMATE)


def _write_table(sheet: Worksheet, formats: _Formats, table: pd.DataFrame) -> None:
    _set_up(sheet, frozen=1)
    for column, name in enumerate(table.columns):
        cells = list(table[name])
        code = number_format(name, cells)
        width = 10 if code else max([0, *map(_longest_line, cells[:200])])
        sheet.set_column(column, column, min(max(8, width, len(name) + 3), WIDEST))
        sheet.write_string(0, column, name, formats.head)
        for row, cell in enumerate(cells, start=1):
            if code and NUMBER.fullmatch(cell):
                sheet.write_number(row, column, float(cell), formats.number(code))
            elif cell:
                _write_text(sheet, row, column, cell)
    if len(table.columns):
        sheet.autofilter(0, 0, max(len(table), 1), len(table.columns) - 1)


def _write_printed(sheet: Worksheet, formats: _Formats, shown: list[Table]) -> dict[int, int]:
    """Write all tables of the report below each other; the row, from 0, that each table's number begins at."""
    _set_up(sheet)
    tops, row = {}, 0
    for table in shown:
        tops[table.number] = row
        _write_text(sheet, row, 0, _titled(table), formats.bold)
        places = ["head", *["row"] * (len(table.rows) - 1), "last"]
        for place, cells in zip(places, [table.headings, *table.rows], strict=False):
            row += 1
            for column, cell in enumerate(cells):
                _write_text(sheet, row, column, cell, formats.printed(place, column not in table.text))
        for note in table.notes:
            row += 1
            _write_text(sheet, row, 0, note, formats.note)
        row += 2
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, max([1, *(len(table.headings) for table in shown)]), 16)
    return tops


def _write_contents(sheet: Worksheet, formats: _Formats, sheets: dict[str, str], tables: dict[str, pd.DataFrame],
                    shown: list[Table], tops: dict[int, int]) -> None:
    _set_up(sheet, frozen=1)
    widths = {"sheet": 24, "in the report": 14, "what": 50, "rows": 8, "notes": 90}
    for column, (name, width) in enumerate(widths.items()):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, formats.head)
    for row, (name, title) in enumerate(sheets.items(), start=1):
        parts = [table for table in shown if table.name == name]
        sheet.write_url(row, 0, f"internal:'{title}'!A1", formats.link, title)
        if parts:
            numbers = ", ".join(str(part.number) for part in parts)
            sheet.write_url(row, 1, f"internal:'{PRINTED}'!A{tops[parts[0].number] + 1}", formats.link, f"Table {numbers}")
        _write_text(sheet, row, 2, "; ".join(dict.fromkeys(part.caption for part in parts)), formats.wrapped)
        sheet.write_number(row, 3, len(tables[name]), formats.number(COUNT))
        notes = dict.fromkeys(note for part in parts for note in part.notes)
        _write_text(sheet, row, 4, "\n".join(notes), formats.wrapped)


def _set_up(sheet: Worksheet, frozen: int = 0) -> None:
    sheet.freeze_panes(frozen, 1 if frozen else 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    if frozen:
        sheet.repeat_rows(0)


def _write_text(sheet: Worksheet, row: int, column: int, text: str, format: Format | None = None) -> None:
    if len(text) > CELL_LENGTH:
        text = text[:CELL_LENGTH - 1] + "…"
    if text or format:
        sheet.write_string(row, column, text, format)


def _titled(table: Table) -> str:
    return f"Table {table.number}" + (f". {table.caption}" if table.caption else "")


def _longest_line(text: str) -> int:
    return max(map(len, text.splitlines()), default=0)


def _sheet_names(names: list[str]) -> Iterator[str]:
    """Names that Excel takes, each once, whatever their case."""
    taken = {CONTENTS, PRINTED}
    for name in names:
        fit = re.sub(r"[\[\]:*?/\\']", "-", name)
        for number in range(1, len(names) + 3):
            end = "" if number == 1 else f"-{number}"
            title = fit[:NAME_LENGTH - len(end)] + end
            if title.casefold() not in taken:
                break
        taken.add(title.casefold())
        yield title
