"""All tables of a report in one Excel file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pandas as pd
import xlsxwriter

from .documents.shapes import Block, Table


def write_workbook(folder: Path, found: list[Block]) -> None:
    """All tables of the report in one Excel file, a sheet each, in the report's order after a sheet of contents."""
    captions = {block.name: (f"Table {block.number}", block.caption) for block in found if isinstance(block, Table)}
    paths = {path.stem: path for path in sorted((folder / "tables").glob("*.csv"))}
    order = [name for name in captions if name in paths] + [name for name in paths if name not in captions]
    contents = pd.DataFrame(
        [[name, *captions.get(name, ("", ""))] for name in order], columns=["sheet", "in the report", "what"])
    with xlsxwriter.Workbook(folder / "tables.xlsx", {"nan_inf_to_errors": False}) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})  # the same tables make the same file
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        _write_sheet(book, head, "contents", contents)
        for name in order:
            table = pd.read_csv(paths[name], keep_default_na=False, na_values=[""], encoding="utf-8")
            _write_sheet(book, head, name, table)


def _write_sheet(book: xlsxwriter.Workbook, head, title: str, table: pd.DataFrame) -> None:
    sheet = book.add_worksheet(title[:31])
    sheet.freeze_panes(1, 1)
    for column, name in enumerate(table.columns):
        width = max([len(str(name)), *(len(str(cell)) for cell in table[name].head(200) if cell == cell)])
        sheet.set_column(column, column, min(max(8, width if table[name].dtype.kind in "OT" else 10), 60))
        sheet.write_string(0, column, name, head)
        for row, cell in enumerate(table[name], start=1):
            if cell != cell:
                continue
            if isinstance(cell, str):
                sheet.write_string(row, column, cell)
            else:
                sheet.write_number(row, column, float(cell))
