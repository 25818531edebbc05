"""Text cells that a spreadsheet would run as formulas, and how they become harmless."""

from __future__ import annotations

import pandas as pd

from analysis.texts import plain_number

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a formula may begin with in Excel, LibreOffice or Google Sheets (OWASP, CSV Injection)."""


def without_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """The table with an apostrophe before every text, in a cell or a header, that a spreadsheet would run.

    A text that is a plain number (`-2`) stays, as do numbers.
    """
    texts = [name for name, column in table.items() if column.dtype.kind not in "biufcmM"]
    safe = table.assign(**{name: table[name].astype(object).map(_safe) for name in texts if isinstance(name, str)})
    return safe.rename(columns=_safe)


def _safe(cell: object) -> object:
    if isinstance(cell, str) and cell.lstrip(" ").startswith(STARTS) and plain_number(cell) is None:
        return f"'{cell}"
    return cell
