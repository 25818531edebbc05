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
        columns, about = spss_columns(path)
    except UnreadableError as error:
        raise ReadingError(Issue(f"the SPSS file can't be read ({error}).", file)) from None
    meta = SimpleNamespace(**about)
    names = meta.column_names
    cells = [np.array(["" if value is None else value for value in columns[name]], dtype=object) for name in names]
    n = meta.number_rows if meta.number_rows is not None else (len(cells[0]) if cells else 0)
    check_extent(n, len(names), file)
    return Table(
        file, names, cells, np.arange(2, n + 2), [(meta.column_names_to_labels.get(name) or "").strip() for name in names],
        value_labels={place: {_key(value): label for value, label in meta.variable_value_labels[name].items()}
                      for place, name in enumerate(names) if name in meta.variable_value_labels},
        encoding=meta.file_encoding or "")


def _key(value: object) -> Cell:
    return value.strip() if isinstance(value, str) else float(value)
