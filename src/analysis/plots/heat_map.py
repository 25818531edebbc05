"""Numbers as colours, with the number in each cell: change on every item in every country, correlations."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib
import numpy as np
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.plots import style
from analysis.plots.sheet import EDGE, Rows, Sheet
from analysis.plots.text import text_height, text_width, widest, wrap

CELL, WIDEST = 0.26, 0.95  # inches: the least height of a row, the greatest width of a cell
DARKEST = 0.82  # how far towards the ends of the colour map the strongest value goes
EMPTY = "#F7F7F7"


@style.context()
def heat_map(rows: Sequence[str], columns: Sequence[str], values: np.ndarray, texts: np.ndarray, *, legend: str = "",
             certain: np.ndarray | None = None, groups: Sequence[str] | None = None,
             limit: float | None = None, width: float = style.FULL, synthetic: str = "") -> Figure:
    """A cell for each row and column; `values` and `texts` have the shape rows x columns, nan where there is none.

    Purple is below zero, green above, the darker the further, up to `limit` (default: the largest of all); `certain`, 0 to
    1, makes a cell fainter. `groups` (one a row) are headings. `legend` says what the colours are. `width` in
    inches.
    """
    values = np.asarray(values, float)
    limit = limit or float(np.nanmax(np.abs(values), initial=0)) or 1.0
    sheet = Sheet(width, synthetic)
    placed = Rows(sheet, rows, least=CELL, groups=groups or (), share=0.44)
    cell = min((placed.right - placed.left) / max(len(columns), 1), WIDEST)
    placed.right = placed.left + cell * max(len(columns), 1)
    _head(sheet, columns, placed.left, cell)
    axes = placed.place()
    axes.set_axis_off()
    axes.set_xlim(0, max(len(columns), 1))
    for row, (y, zone) in enumerate(zip(placed.centres, placed.zones, strict=True)):
        for column in range(len(columns)):
            value = values[row, column]
            sure = 1.0 if certain is None or not np.isfinite(certain[row, column]) else float(certain[row, column])
            fill = colour_of(value, limit, sure) if np.isfinite(value) else EMPTY
            axes.add_patch(Rectangle((column, y - zone / 2), 1, zone, facecolor=fill, edgecolor="white", linewidth=0.8,
                                     label="cell" if np.isfinite(value) else "none"))
            text = str(texts[row][column])
            size = style.SMALL if text_width(text, style.SMALL) < cell - 0.06 else style.TINY
            axes.text(column + 0.5, y, text, ha="center", va="center_baseline", size=size, color=style.ink_on(fill))
    _key(sheet, limit, legend, texts)
    return sheet.finished()


def colour_of(value: float, limit: float, certain: float = 1.0) -> str:
    """Purple below zero, green above, the darker the further from it; the less certain, the nearer to white."""
    far = DARKEST * certain * max(-1.0, min(1.0, value / limit))
    return to_hex(matplotlib.colormaps["PRGn"](0.5 + 0.5 * far))


def _head(sheet: Sheet, columns: Sequence[str], left: float, cell: float) -> None:
    """The columns' names, upright where a word is wider than its cell."""
    words = [word for name in columns for word in name.split()]
    upright = widest(words, style.SMALL) > cell - 0.06
    names = [wrap(name, 1.4 if upright else cell - 0.05, style.SMALL) for name in columns]
    tall = max((text_height(name, style.SMALL) for name in names), default=0)
    sheet.at += 0.08 + (widest(names, style.SMALL) if upright else tall)
    for at, name in enumerate(names):
        sheet.text(left + cell * (at + 0.5), sheet.at - 0.04, name, ha="center", va="bottom" if upright else "baseline",
                   rotation=90 * upright)


def _key(sheet: Sheet, limit: float, legend: str, texts: Sequence) -> None:
    comma = any("," in str(text) for line in texts for text in line)
    end = f"{limit:.2f}".replace(".", "," if comma else ".")
    sheet.at += 0.16
    x = EDGE + text_width(f"−{end}", style.TINY) + 0.05
    sheet.text(EDGE, sheet.at, f"−{end}", size=style.TINY)
    for step in (-1, -0.5, 0, 0.5, 1):
        sheet.figure.add_artist(Rectangle((x, sheet.at - 0.05), 0.2, 0.1, facecolor=colour_of(step, 1),
                                          edgecolor=style.FAINT, linewidth=0.5, transform=sheet.inches))
        x += 0.2
    sheet.text(x + 0.05, sheet.at, end, size=style.TINY)
    x += text_width(end, style.TINY) + 0.15
    said = wrap(legend, sheet.width - EDGE - x, style.SMALL)
    sheet.text(x, sheet.at - 0.06, said, va="top")
    sheet.at += max(text_height(said, style.SMALL) - 0.06, 0.08)
