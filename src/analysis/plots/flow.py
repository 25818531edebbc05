"""The flow of participants (STROBE, CONSORT): boxes from above, who left at the side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from analysis.plots import style
from analysis.plots.sheet import EDGE, Sheet
from analysis.plots.text import text_height, text_width, wrap

PAD, SPACE = 0.07, 0.2  # inches of white inside a box, and for the arrow between two


@dataclass(frozen=True)
class Box:
    """A step: what it is, how many (as it shall be read; empty where it isn't known), and who left after it, how many."""

    text: str
    n: object = ""
    left: Sequence[tuple[str, object]] = ()


@style.context()
def flow(boxes: Sequence[Box], *, width: float = style.FULL, synthetic: str = "") -> Figure:
    """The steps from above, each with an arrow to the next, beside which stand those who left; `width` in inches."""
    sheet = Sheet(width, synthetic)
    main = min(0.54 * sheet.inner, 3.0)
    side = min(sheet.inner - main - SPACE, 2.4)
    start = EDGE + (sheet.inner - main - side - SPACE) / 2 if any(box.left for box in boxes) else (width - main) / 2
    middle = start + 0.3 * main if any(box.left for box in boxes) else start + main / 2
    for at, box in enumerate(boxes):
        bottom = _box(sheet, start, sheet.at, main, [(box.text, box.n)], style.POST, style.TEXT)
        if at == len(boxes) - 1:
            sheet.at = bottom
            break
        sheet.at = bottom + SPACE
        if box.left:
            end = _box(sheet, start + main + SPACE, sheet.at - SPACE / 2, side, box.left, style.MUTED, style.SMALL)
            across = (sheet.at - SPACE / 2 + end) / 2
            _arrow(sheet, (middle, across), (start + main + SPACE, across))
            sheet.at = max(end + SPACE / 2, bottom + SPACE)
        _arrow(sheet, (middle, bottom), (middle, sheet.at))
    return sheet.finished()


def _box(sheet: Sheet, x: float, top: float, width: float, entries: Sequence[tuple[str, object]], colour: str,
         size: float) -> float:
    """A box with a text and its number a line; where it ends."""
    numbers = max(text_width(str(n), size, "bold") for _text, n in entries)
    lines = [wrap(text, width - 3 * PAD - numbers, size) for text, _n in entries]
    height = sum(text_height(line, size) for line in lines) + 0.03 * (len(lines) - 1) + 2 * PAD
    sheet.figure.add_artist(FancyBboxPatch((x, top), width, height, boxstyle="round,pad=0,rounding_size=0.04",
                                           facecolor="white", edgecolor=colour, linewidth=1.0, transform=sheet.inches))
    y = top + PAD
    for line, (_text, n) in zip(lines, entries, strict=True):
        sheet.text(x + PAD, y, line, va="top", size=size)
        sheet.text(x + width - PAD, y, str(n), va="top", ha="right", size=size, weight="bold", color=colour)
        y += text_height(line, size) + 0.03
    return top + height


def _arrow(sheet: Sheet, start: tuple[float, float], end: tuple[float, float]) -> None:
    sheet.figure.add_artist(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=9, shrinkA=0, shrinkB=0,
                                            color=style.MUTED, linewidth=1.0, transform=sheet.inches))
