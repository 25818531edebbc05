"""Results as a CSV file and as a Markdown table beside it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

RESULTS = Path(__file__).parent / "results"


def markdown(frame: pd.DataFrame) -> str:
    """A Markdown table of a frame's columns, its cells as they print."""
    rows = [list(frame.columns), ["---"] * frame.shape[1], *frame.astype(str).to_numpy().tolist()]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n"


def write(name: str, data: pd.DataFrame, text: str) -> None:
    """`results/<name>.csv` with ten digits and `results/<name>.md` for reading; prints the latter."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.csv"
    data.to_csv(path, index=False, encoding="utf-8", lineterminator="\n", float_format="%.10g")
    (RESULTS / f"{name}.md").write_text(text, encoding="utf-8", newline="\n")
    print(text)
