"""SPSS files (`.sav`, `.zsav`): variables, their labels, value labels and user-missing codes."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

from analysis.errors import Complaint, StudyError
from analysis.exports.limits import check_extent
from analysis.exports.native import UnreadableError, spss_columns
from analysis.exports.table import Cell, Expected, Table, checked_table


def read_spss(path: Path, file: str, expected: Expected) -> Table:
    """The cases of an SPSS file; the first is row 2, as in SPSS's own export to a spreadsheet.

    System-missing and user-missing values are empty cells; variable labels are the headers' questions.
    Raises `StudyError` if the file can't be read.
    """
    try:
        columns, about = spss_columns(path, user_missing=True, output_format="dict")
    except UnreadableError as error:
        raise StudyError([Complaint(f"the SPSS file can't be read ({error}).", file)]) from None
    meta = SimpleNamespace(**about)
    names = meta.column_names
    cells = [_column(columns[name], meta.missing_ranges.get(name, [])) for name in names]
    n = meta.number_rows if meta.number_rows is not None else (len(cells[0]) if cells else 0)
    check_extent(n, len(names), file)
    table = checked_table(
        file,
        [names],
        [1],
        [(meta.column_names_to_labels.get(name) or "").strip() for name in names],
        encoding=meta.file_encoding or "",
    )
    table.cells = cells
    table.rows = np.arange(2, n + 2)
    table.value_labels = {
        place: {_key(value): label for value, label in meta.variable_value_labels[name].items()}
        for place, name in enumerate(names)
        if name in meta.variable_value_labels
    }
    return table


def _key(value: object) -> Cell:
    return value.strip() if isinstance(value, str) else float(value)


def _column(values: object, missing: list[dict]) -> np.ndarray:
    column = np.array([_cell(value) for value in values], dtype=object)
    for limits in missing:
        low, high = limits["lo"], limits["hi"]
        text = isinstance(low, str)
        column[
            [
                cell != ""
                and isinstance(cell, str) == text
                and not hasattr(cell, "year")
                and (cell == low.strip() if text else low <= cell <= high)
                for cell in column
            ]
        ] = ""
    return column


def _cell(value: object) -> Cell:
    if value is None or value is pd.NaT:
        return ""
    if isinstance(value, str):
        return value.rstrip()
    if isinstance(value, (int, float, np.number)):
        return "" if np.isnan(value) else float(value)
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
