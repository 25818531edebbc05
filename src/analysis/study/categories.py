"""Open answers that a person coded: which columns hold the categories, and how these are spelled."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from analysis.study.codebook import RESERVED, Codebook
from analysis.texts import normal

SUFFIX = "_code"


def code_columns(book: Codebook) -> dict[str, str]:
    """Per column that may hold categories the text item they are of: `comment_code` for `comment`.

    An item of the codebook that has such a name already keeps it; its text item then has no categories.
    """
    taken = {normal(name) for name in (*RESERVED, *book.items.index)}
    texts = book.items.index[book.items["kind"] == "text"]
    return {f"{item}{SUFFIX}": item for item in texts if normal(f"{item}{SUFFIX}") not in taken}


def one_spelling(cells: pd.Series) -> pd.Series:
    """Cells of categories joined by `;`, each category in its most frequent spelling, the first in the alphabet of
    equally frequent ones."""
    spellings = Counter(category for cell in cells.dropna() for category in cell.split(";") if category)
    best: dict[str, str] = {}
    for category in sorted(spellings, key=lambda category: (-spellings[category], category)):
        best.setdefault(normal(category), category)
    joined = [";".join(dict.fromkeys(best[normal(one)] for one in cell.split(";"))) if cell else cell for cell in cells]
    return pd.Series(joined, index=cells.index, dtype=object)
