"""The captions of a report's figures, as text beside them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.disclosure.formulas import without_formulas
from notebook_documents.shapes import Block, Figure


def write_captions(folder: Path, blocks: list[Block]) -> None:
    """`figures/captions.csv`: the number, file, caption and alternative text of every figure."""
    rows = [[block.number, f"{block.name}.png", block.caption, block.alt] for block in blocks if isinstance(block, Figure)]
    if rows:
        without_formulas(pd.DataFrame(rows, columns=["figure", "file", "caption", "alt"])).to_csv(
            folder / "figures" / "captions.csv", index=False, encoding="utf-8", lineterminator="\n")
