"""How a table is set on A4: type size, column widths, turned or in parts, so that nothing runs over the margin.

All lengths are points. The widths of words are those of DejaVu Sans, which the PDF is set in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

from PIL import ImageFont

from .shapes import Table
from .typst_text import BREAK, breakable, clean

MM = 72 / 25.4
TEXT_WIDTH = 160 * MM
TURNED_WIDTH = 247 * MM
SIZES = (8.5, 8.0, 7.5, 7.0)
TURNED_SIZES = (8.0, 7.5, 7.0)
PARTS_SIZE = 7.5
GAP = 9.0
WIDEST_GAP = 22.0
MARK_SIZE = 0.75
MONO_SIZE = 0.8
_SPARE = 1.02
_TEXT_COLUMN = 26.0
"""Ems that a column of words gets before it is broken over lines."""
_UNBROKEN = 26
_SHORT_WORD = 12
_MARK = re.compile(r"^(.*?)\s*(\[[a-z]{1,2}\])$", re.DOTALL)
_HASH = re.compile(r"[0-9a-f]{32,}")
_NUMBER = re.compile(r"[\s\d.,:%+\-–−±<>=()\[\]/eEnaNTif]*")


@dataclass(frozen=True)
class Cell:
    """Lines of a cell, its note's mark (“[a]”) apart; `mono` for hashes."""

    lines: tuple[str, ...]
    mark: str = ""
    mono: bool = False


@dataclass(frozen=True)
class Part:
    """Some columns of a table: their positions and widths, each with the gaps beside it, and the space for marks."""

    columns: tuple[int, ...]
    widths: tuple[float, ...]
    marks: tuple[float, ...]


@dataclass(frozen=True)
class Layout:
    size: float
    turned: bool
    gap: float
    words: frozenset[int]
    headings: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class _Column:
    """Ems that a column needs at least, wants for words on few lines, and has at most."""

    least: float
    wanted: float
    full: float
    mark: float


def layout(table: Table) -> Layout:
    """The first that fits: upright in ever smaller type, turned, or in parts that repeat the first column."""
    words = _word_columns(table)
    headings, rows = _cells(table, _UNBROKEN + _SHORT_WORD)
    columns = _columns(headings, rows, words)
    for turned, width, sizes in ((False, TEXT_WIDTH, SIZES), (True, TURNED_WIDTH, TURNED_SIZES)):
        for size in sizes:
            if _sum(columns, "wanted") * size + GAP * (len(columns) - 1) <= width:
                part, gap = _spread(tuple(range(len(columns))), columns, size, width)
                return Layout(size, turned, gap, words, headings, rows, (part,))
    headings, rows = _cells(table, _SHORT_WORD)
    columns = _columns(headings, rows, words)
    parts = tuple(_spread(chosen, columns, PARTS_SIZE, TEXT_WIDTH, GAP)[0] for chosen in _groups(columns))
    return Layout(PARTS_SIZE, False, GAP, words, headings, rows, parts)


def _groups(columns: Sequence[_Column]) -> Iterator[tuple[int, ...]]:
    def room(chosen):
        return sum(columns[each].least for each in chosen) * PARTS_SIZE + GAP * (len(chosen) - 1) <= TEXT_WIDTH

    chosen = [0]
    for each in range(1, len(columns)):
        if len(chosen) > 1 and not room([*chosen, each]):
            yield tuple(chosen)
            chosen = [0]
        chosen.append(each)
    yield tuple(chosen)


def _spread(chosen: tuple[int, ...], columns: Sequence[_Column], size: float, width: float,
            widest: float = WIDEST_GAP) -> tuple[Part, float]:
    """What is over goes to the columns that still break their lines, then to the gaps."""
    taken = [columns[each] for each in chosen]
    gaps = max(len(taken) - 1, 1)
    room = width - GAP * (len(taken) - 1)
    widths = [column.least * size for column in taken]
    for goal in ("wanted", "full"):
        lacking = [max(getattr(column, goal) * size - has, 0) for column, has in zip(taken, widths, strict=True)]
        share = min(1, max(room - sum(widths), 0) / (sum(lacking) or 1))
        widths = [has + share * more for has, more in zip(widths, lacking, strict=True)]
    gap = min(widest, GAP + max(room - sum(widths), 0) / gaps)
    return Part(chosen, tuple(widths), tuple(column.mark * size for column in taken)), gap


def _cells(table: Table, longest: int) -> tuple[tuple[Cell, ...], tuple[tuple[Cell, ...], ...]]:
    marks = {note.split(" ")[0] for note in table.notes}
    return (tuple(_cell(heading, longest, set()) for heading in table.headings),
            tuple(tuple(_cell(text, longest, marks) for text in row) for row in table.rows))


def _cell(text: str, longest: int, marks: set[str]) -> Cell:
    found = _MARK.match(text)
    body, mark = (found[1], found[2]) if found and found[2] in marks else (text, "")
    mono = bool(_HASH.fullmatch(body))
    lines = (breakable(line, _SHORT_WORD if mono else longest) for line in body.splitlines() or [""])
    return Cell(tuple(lines), mark, mono)


def _word_columns(table: Table) -> frozenset[int]:
    """The columns of words; of a data frame, which doesn't say, those with a cell that is no number."""
    if table.name or table.text:
        return frozenset(table.text)
    return frozenset(at for at in range(len(table.headings))
                     if not all(_NUMBER.fullmatch(row[at]) for row in table.rows))


def _columns(headings: Sequence[Cell], rows: Sequence[Sequence[Cell]], words: frozenset[int]) -> list[_Column]:
    found = []
    for at, heading in enumerate(headings):
        cells = [row[at] for row in rows]
        mark = max((ems(clean(cell.mark)) * MARK_SIZE for cell in cells if cell.mark), default=0)
        lines = [(line, MONO_SIZE if cell.mono else 1) for cell in cells for line in cell.lines]
        kept = at not in words
        full = max((_ems(line, mono) for line, mono in lines), default=0)
        least = max((_ems(line, mono) if kept and len(line) <= _UNBROKEN else _longest(line, mono)
                     for line, mono in lines), default=0)
        head = max(_ems(line, 1) for line in heading.lines)
        word = max(_longest(line, 1) for line in heading.lines)
        wanted = least if kept else max(least, min(full, _TEXT_COLUMN if at == 0 else 0.7 * _TEXT_COLUMN))
        found.append(_Column(max(least + mark, word), max(wanted + mark, word), max(full + mark, word, head), mark))
    return found


def _longest(line: str, size: float) -> float:
    return max(_ems(piece, size) for piece in re.split(f"[ {BREAK}]", line))


def _ems(line: str, size: float) -> float:
    return ems(line.replace(BREAK, "")) * _SPARE if size == 1 else 0.602 * len(line.replace(BREAK, "")) * size


def _sum(columns: Sequence[_Column], what: str) -> float:
    return sum(getattr(column, what) for column in columns)


def font_folder() -> Path:
    """matplotlib's own fonts, the same on every machine; found without loading matplotlib."""
    return Path(find_spec("matplotlib").submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"


@lru_cache(maxsize=20_000)
def ems(text: str) -> float:
    """The width of the text in DejaVu Sans, in ems."""
    return _font().getlength(text) / _font().size


@cache
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_folder() / "DejaVuSans.ttf"), 100, layout_engine=ImageFont.Layout.BASIC)
