"""The contract's tables as a reader sees them: readable headings, rounded numbers, notes below.

The CSV files keep the contract's names and full precision; this is only for the page. A table's reader is a function
in the module of its chapter, and stands in that module's `READERS`.
"""

from __future__ import annotations

import pandas as pd

from . import change, participation, quality
from .shape import Notes, Readable, Reader, with_general_notes

__all__ = ["READERS", "Notes", "Readable", "readable"]

READERS: dict[str, Reader] = (
    participation.READERS | change.READERS | quality.READERS)


def readable(name: str, table: pd.DataFrame, labels: dict[str, str] | None = None) -> Readable:
    """The table `name` of the contract for reading; `labels` gives the text of scales and items."""
    return with_general_notes(READERS[name](table, labels or {}))
