"""Writers for the formats that survey tools export."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
import xlsxwriter

Rows = Sequence[Sequence[object]]


def write_csv(
    path: Path,
    rows: Rows,
    delimiter: str = ",",
    encoding: str = "utf-8",
    newline: str = "\r\n",
    quoting: int = csv.QUOTE_MINIMAL,
) -> Path:
    """A delimited text file, as a survey tool writes it."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=newline, quoting=quoting).writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def write_xlsx(path: Path, sheets: Rows | Mapping[str, Rows]) -> Path:
    """A workbook of one sheet, or of several by name; dates keep their type."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd hh:mm:ss"}) as book:
        for name, rows in (sheets if isinstance(sheets, Mapping) else {"Sheet1": sheets}).items():
            sheet = book.add_worksheet(name)
            for i, row in enumerate(rows):
                for j, cell in enumerate(row):
                    if cell != "" and cell is not None:
                        sheet.write(i, j, cell)
    return path


def write_openpyxl(path: Path, sheets: Mapping[str, Rows], merged: Iterable[str] = ()) -> Path:
    """A workbook as openpyxl writes it; `merged` are ranges of the first sheet such as `A5:A7`. A suffix .xlsm is one
    that may hold macros, and its contents say so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
    for cells in merged:
        book.worksheets[0].merge_cells(cells)
    book.save(path)
    return path


def write_ods(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """An OpenDocument spreadsheet as pandas and odfpy write it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with pd.ExcelWriter(path, engine="odf") as book:
        for name, rows in sheets.items():
            pd.DataFrame(rows[1:], columns=rows[0], dtype=object).to_excel(book, sheet_name=name, index=False)
    return path


def write_sav(path: Path, columns: Mapping[str, Sequence[object]], **labels) -> Path:
    """An SPSS file; `labels` are the other arguments of `pyreadstat.write_sav`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pyreadstat.write_sav(pd.DataFrame(columns), str(path), **labels)
    return path
