"""`tables.xlsx`: the report's tables for readers, and each file of `tables/` as a sheet."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from notebook_documents.about import Words
from notebook_documents.shapes import Block, Table
from notebook_documents.workbook import Columns, workbook

COLUMNS = Columns(
    words=frozenset({"school", "scale", "item", "label", "country", "name", "variable", "category", "note", "left_out"}),
    formats={r"p|p_adjusted|tost_p|(tau2|slope).*": "0.000", r"share.*": "0 %", r"df|design_effect": "0.0", r"i2": "0"})


def write_workbook(folder: Path, blocks: list[Block], words: Words) -> None:
    """Write `tables.xlsx` in the report's folder from `tables/*.csv` and the report's blocks."""
    data = {path.stem: pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
            for path in sorted((folder / "tables").glob("*.csv"))}
    shown = [block for block in blocks if isinstance(block, Table)]
    (folder / "tables.xlsx").write_bytes(workbook(shown, data, words, COLUMNS))
