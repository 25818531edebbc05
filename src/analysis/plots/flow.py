"""The flow of participants (STROBE, CONSORT): rows of boxes from above, with arrows from each to what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from analysis.plots import style
from analysis.plots.sheet import EDGE, Sheet
from analysis.plots.text import text_height, text_width, wrap

PAD, SPACE, BESIDE = 0.07, 0.22, 0.12  # inches of white inside a box, for the arrows between two rows, between two boxes
WIDEST = 3.0  # inches of a box
NEXT = 0.34  # of the page's width: boxes of two rows that are not further apart belong together


@dataclass(frozen=True)
class Box:
    """Who it is, how many (as it shall be read; empty where it isn't known), and whether they are `out` of the analysis."""

    text: str
    n: object = ""
    out: bool = False


@style.context()
def flow(rows: Sequence[Sequence[Box]], *, width: float = style.FULL, synthetic: str = "") -> Figure:
    """One to three boxes a row, with arrows to the boxes of the next row that stand below; `width` in inches."""
    sheet = Sheet(width, synthetic)
    above: list[tuple[float, float]] = []
    for boxes in rows:
        room = sheet.inner / len(boxes)
        wide = min(room - BESIDE * (len(boxes) > 1), WIDEST)
        middles = [EDGE + room * (at + 0.5) for at in range(len(boxes))]
        lines = [_lines(box, wide) for box in boxes]
        height = max(text_height(text, style.SMALL) + more for text, more in lines) + 2 * PAD
        sheet.at += SPACE if above else 0
        for box, middle, (text, more) in zip(boxes, middles, lines, strict=True):
            for start, bottom in above:
                if abs(start - middle) <= NEXT * sheet.inner:
                    _arrow(sheet, (start, bottom), (middle, sheet.at))
            _box(sheet, box, middle - wide / 2, wide, height, text, more)
        above = [(middle, sheet.at + height) for middle in middles]
        sheet.at += height
    return sheet.finished()


def _lines(box: Box, wide: float) -> tuple[str, float]:
    """The text in lines, and how much higher its number makes the box, which stands below where it has no room beside."""
    number = text_width(str(box.n), style.SMALL, "bold")
    beside = wrap(box.text, wide - 3 * PAD - number, style.SMALL)
    if not number or "\n" not in beside:
        return beside, 0.0
    return wrap(box.text, wide - 2 * PAD, style.SMALL), text_height("0", style.SMALL) + 0.02


def _box(sheet: Sheet, box: Box, x: float, wide: float, height: float, text: str, more: float) -> None:
    colour = style.MUTED if box.out else style.POST
    sheet.figure.add_artist(FancyBboxPatch((x, sheet.at), wide, height, boxstyle="round,pad=0,rounding_size=0.04",
                                           facecolor="white", edgecolor=colour, linewidth=1.0, transform=sheet.inches))
    sheet.text(x + PAD, sheet.at + PAD, text, va="top")
    down = text_height(text, style.SMALL) + 0.02 if more else 0
    sheet.text(x + wide - PAD, sheet.at + PAD + down, str(box.n), va="top", ha="right", weight="bold", color=colour)


def _arrow(sheet: Sheet, start: tuple[float, float], end: tuple[float, float]) -> None:
    sheet.figure.add_artist(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=9, shrinkA=0, shrinkB=0,
                                            color=style.MUTED, linewidth=1.0, transform=sheet.inches))
