"""All tables of a document in one Excel file: as readers see them, and as data for programs."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd
import xlsxwriter
from nbformat import NotebookNode
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from .about import Words, about
from .blocks import blocks
from .shapes import Table

NAME_LENGTH, CELL_LENGTH = 31, 32_767  # characters that Excel takes
WIDEST = 60
NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?", re.ASCII)
COUNT, ESTIMATE = "0", "0.00"


@dataclass(frozen=True)
class Columns:
    """What columns of data are, by their names.

    `words` hold words even where all of them look like numbers; `formats` are patterns that a whole name matches, and
    Excel's codes for its numbers. All other whole numbers have no decimals, and others two.
    """

    words: frozenset[str] = frozenset()
    formats: Mapping[str, str] = field(default_factory=dict)

    def code(self, name: str, cells: list[str]) -> str:
        """Excel's code for a column whose cells are given as a CSV file has them; empty for a column of words."""
        given = [cell for cell in cells if cell]
        if name in self.words or not given or not all(NUMBER.fullmatch(cell) or cell in ("inf", "-inf") for cell in given):
            return ""
        code = next((code for pattern, code in self.formats.items() if re.fullmatch(pattern, name)), "")
        return code or (COUNT if all(cell.lstrip("-").isdecimal() for cell in given) else ESTIMATE)


def workbook_document(notebook: NotebookNode) -> bytes:
    """The tables that the executed notebook shows."""
    return workbook([block for block in blocks(notebook) if isinstance(block, Table)], {}, about(notebook).words)


def workbook(shown: list[Table], data: Mapping[str, pd.DataFrame], words: Words, columns: Columns | None = None) -> bytes:
    """The bytes of an .xlsx: a sheet of contents, all tables `shown` to readers on one sheet, and a sheet per `data`.

    Frames of `data` hold texts as a CSV file has them; those that a shown table is called after come in its order.
    Their sheets hold columns and header and nothing else, at full precision. Text is never a formula. The same tables
    make the same bytes.
    """
    columns = columns or Columns()
    order = list(dict.fromkeys(table.name for table in shown if table.name in data))
    order += [name for name in data if name not in order]
    contents_name, printed_name, *names = _sheet_names([words["contents"].lower(), words["printed"], *order])
    sheets = dict(zip(order, names, strict=True))
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})
        formats = _Formats(book, columns)
        contents, printed = book.add_worksheet(contents_name), book.add_worksheet(printed_name)
        tops = _write_printed(printed, formats, shown, words)
        for name, sheet in sheets.items():
            _write_table(book.add_worksheet(sheet), formats, columns, data[name])
        places = {number: f"internal:'{printed_name}'!A{top + 1}" for number, top in tops.items()}
        _write_contents(contents, formats, sheets, data, shown, places, words)
    return stream.getvalue()


class _Formats:
    """The cells' looks, each made once."""

    def __init__(self, book: xlsxwriter.Workbook, columns: Columns):
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
        codes = sorted({*columns.formats.values(), COUNT, ESTIMATE})
        self._numbers = {code: book.add_format(top | {"num_format": code}) for code in codes}

    def number(self, code: str) -> Format:
        return self._numbers[code]

    def printed(self, place: str, right: bool) -> Format:
        return self._printed[place, right]


def _write_table(sheet: Worksheet, formats: _Formats, columns: Columns, table: pd.DataFrame) -> None:
    _set_up(sheet, frozen=1)
    for column, name in enumerate(table.columns):
        cells = list(table[name])
        code = columns.code(name, cells)
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


def _write_printed(sheet: Worksheet, formats: _Formats, shown: list[Table], words: Words) -> dict[int, int]:
    """Write all tables of the document below each other; the row, from 0, that each table's number begins at."""
    _set_up(sheet)
    tops, row = {}, 0
    for table in shown:
        tops[table.number] = row
        _write_text(sheet, row, 0, _titled(table, words), formats.bold)
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


def _write_contents(sheet: Worksheet, formats: _Formats, sheets: dict[str, str], tables: Mapping[str, pd.DataFrame],
                    shown: list[Table], places: dict[int, str], words: Words) -> None:
    _set_up(sheet, frozen=1)
    widths = {"sheet": 24, "place": 14, "what": 50, "rows": 8, "notes": 90}
    for column, (name, width) in enumerate(widths.items()):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, words[name], formats.head)
    for row, (name, title) in enumerate(sheets.items(), start=1):
        parts = [table for table in shown if table.name == name]
        sheet.write_url(row, 0, f"internal:'{title}'!A1", formats.link, title)
        if parts:
            numbers = ", ".join(str(part.number) for part in parts)
            sheet.write_url(row, 1, places[parts[0].number], formats.link, f"{words['table']} {numbers}")
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


def _titled(table: Table, words: Words) -> str:
    return f"{words['table']} {table.number}" + (f". {table.caption}" if table.caption else "")


def _longest_line(text: str) -> int:
    return max(map(len, text.splitlines()), default=0)


def _sheet_names(names: list[str]) -> Iterator[str]:
    """Names that Excel takes, each once, whatever their case."""
    taken: set[str] = set()
    for name in names:
        fit = re.sub(r"[\[\]:*?/\\']", "-", name)
        for number in range(1, len(names) + 3):
            end = "" if number == 1 else f"-{number}"
            title = fit[:NAME_LENGTH - len(end)] + end
            if title.casefold() not in taken:
                break
        taken.add(title.casefold())
        yield title
