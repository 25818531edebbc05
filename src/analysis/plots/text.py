"""Text that is measured and wrapped before it is drawn; all lengths in inches, sizes in points."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from analysis.plots import style


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, weight: str = "normal") -> float:
    """What the text takes on one line, with three percent for the renderer's hinting."""
    properties = FontProperties(family=style.RC["font.family"], size=size, weight=weight)
    return text_to_path.get_text_width_height_descent(text, properties, ismath=False)[0] / 72 * 1.03


def wrap(text: str, width: float, size: float, weight: str = "normal") -> str:
    """The text in lines no wider than `width`, broken at spaces; a word that is wider still is cut."""
    lines, line = [], ""
    for word in re.split(r"[ \t\r\n]+", text.strip()):
        candidate = f"{line} {word}".strip()
        if text_width(candidate, size, weight) <= width:
            line = candidate
            continue
        if line:
            lines.append(line)
        while text_width(word, size, weight) > width and len(word) > 1:
            cut = next((c for c in range(len(word) - 1, 1, -1) if text_width(word[:c], size, weight) <= width), 1)
            lines.append(word[:cut])
            word = word[cut:]
        line = word
    return "\n".join([*lines, line]) if line else "\n".join(lines)


def widest(texts: Iterable[str], size: float, weight: str = "normal") -> float:
    """What the widest line of the texts takes."""
    return max((text_width(line, size, weight) for text in texts for line in text.split("\n")), default=0.0)


def text_height(text: str, size: float) -> float:
    """What the lines of a wrapped text take; 0 for no text."""
    return (text.count("\n") + 1) * size * 1.22 / 72 if text else 0.0
