"""SPSS files (`.sav`, `.zsav`): variables, their labels, value labels and user-missing codes."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np

from survey_exports.issues import Issue, ReadingError
from survey_exports.limits import check_extent
from survey_exports.native import UnreadableError, spss_columns
from survey_exports.table import Cell, Expected, Table


def read_spss(path: Path, file: str, expected: Expected) -> Table:
    """The cases of an SPSS file; the first is row 2, as in SPSS's own export to a spreadsheet.

    System-missing and user-missing values are empty cells; variable labels are the headers' questions.
    Raises `ReadingError` if the file can't be read.
    """
    try:
        columns, about = spss_columns(path, user_missing=True, output_format="dict")
    except UnreadableError as error:
        raise ReadingError(Issue(f"the SPSS file can't be read ({error}).", file)) from None
    meta = SimpleNamespace(**about)
    names = meta.column_names
    cells = [_column(columns[name], meta.missing_ranges.get(name, [])) for name in names]
    n = meta.number_rows if meta.number_rows is not None else (len(cells[0]) if cells else 0)
    check_extent(n, len(names), file)
    return Table(
        file, names, cells, np.arange(2, n + 2), [(meta.column_names_to_labels.get(name) or "").strip() for name in names],
        value_labels={
            place: {_key(value): label for value, label in meta.variable_value_labels[name].items()}
            for place, name in enumerate(names) if name in meta.variable_value_labels
        },
        encoding=meta.file_encoding or "",
    )


def _key(value: object) -> Cell:
    return value.strip() if isinstance(value, str) else float(value)


def _column(values: list, missing: list[dict]) -> np.ndarray:
    column = np.array(["" if value is None else value for value in values], dtype=object)
    kinds = set(map(type, values))
    if str in kinds:
        column = np.array([cell.rstrip() for cell in column], dtype=object)
    if kinds <= {float, type(None)}:
        numbers = np.array([np.nan if value is None else value for value in values], dtype=float)
        column[np.isnan(numbers)] = ""
        for limits in missing:
            column[(numbers >= limits["lo"]) & (numbers <= limits["hi"])] = ""
        return column
    texts = {limits["lo"].rstrip() for limits in missing if isinstance(limits["lo"], str)}
    if texts:
        column[[isinstance(cell, str) and cell in texts for cell in column]] = ""
    return column
