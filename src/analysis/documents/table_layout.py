"""How a table is set on A4: type size, column widths, turned or in parts, so that nothing runs over the margin.

All lengths are points. The widths of words are those of DejaVu Sans, which the PDF is set in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from .shapes import Table
from .typeface import MONO, ems
from .typst_text import BREAK, breakable

MM = 72 / 25.4
TEXT_WIDTH = 160 * MM
TURNED_WIDTH = 247 * MM
GAP, NARROW_GAP = 9.0, 7.0
UPRIGHT = (("wanted", 8.5, GAP), ("wanted", 8.0, GAP), ("wanted", 7.5, GAP), ("snug", 8.0, GAP), ("snug", 7.5, GAP),
           ("tight", 7.5, GAP), ("tight", 7.0, NARROW_GAP), ("broken", 7.0, NARROW_GAP))
TURNED = (("wanted", 8.0, GAP), ("wanted", 7.5, GAP), ("snug", 7.5, GAP), ("tight", 7.0, NARROW_GAP),
          ("broken", 7.0, NARROW_GAP))
PARTS_SIZE = 7.5
WIDEST_GAP = 22.0
MONO_SIZE = 0.8
_SPARE = 1.02
"""What the widths of words may differ by."""
_GOALS = {"tight": (11.5, 9.0), "snug": (18.0, 16.5), "wanted": (26.0, 18.0)}
"""Ems that a column of words gets before its lines are broken: the first column, the others."""
_UNBROKEN = 15.0
"""Ems up to which a line of numbers had better stay in one piece."""
_LONG_WORD, _SHORT_WORD = 20.0, 7.0
"""Ems from which a word is broken: first, and where the table does not fit otherwise."""
_HEADING_LINES, _WIDEST_HEADING = 6, 24.0
_LINE, _PADDING = 1.17, 5.0
"""A line's height in ems, and what a row has above and below."""
_HIGHEST_GROUP = 120 * MM
_HASH = re.compile(r"[0-9a-f]{32,}")


@dataclass(frozen=True)
class Cell:
    """Lines of a cell; `mono` for hashes."""

    lines: tuple[str, ...]
    mono: bool = False


@dataclass(frozen=True)
class Part:
    """Some columns of a table: their positions and widths, without the gaps between them."""

    columns: tuple[int, ...]
    widths: tuple[float, ...]


@dataclass(frozen=True)
class Layout:
    """`size` of the type, `gap` between columns, and `words`, the positions of columns that hold no numbers."""

    size: float
    turned: bool
    gap: float
    words: frozenset[int]
    headings: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class _Column:
    """Ems that a column needs at least, with which it reads better and better, and has at most; `line` is its longest."""

    least: float
    broken: float
    tight: float
    snug: float
    wanted: float
    full: float
    line: float


def layout(table: Table) -> Layout:
    """The first that fits: upright in ever smaller type, turned, or in parts that repeat the first column."""
    words = frozenset(table.text)
    headings, rows = _cells(table, _LONG_WORD)
    columns = _columns(headings, rows, words)
    for turned, width, ways in ((False, TEXT_WIDTH, UPRIGHT), (True, TURNED_WIDTH, TURNED)):
        for goal, size, gap in ways:
            if sum(getattr(column, goal) for column in columns) * size + gap * (len(columns) - 1) <= width:
                part, gap = _spread(tuple(range(len(columns))), columns, size, width, gap)
                return Layout(size, turned, gap, words, headings, _evenly(rows, columns, words, (part,), size), (part,))
    headings, rows = _cells(table, _SHORT_WORD)
    columns = _columns(headings, rows, words)
    parts = tuple(_spread(chosen, columns, PARTS_SIZE, TEXT_WIDTH, GAP, GAP)[0] for chosen in _groups(columns))
    return Layout(PARTS_SIZE, False, GAP, words, headings, _evenly(rows, columns, words, parts, PARTS_SIZE), parts)


def row_heights(chosen: Layout) -> list[float]:
    """About how high the head and each row are, in points."""
    widths = {column: width for part in chosen.parts for column, width in zip(part.columns, part.widths, strict=True)}
    return [max(_lines(cell, widths[at] / chosen.size) for at, cell in enumerate(row)) * _LINE * chosen.size + _PADDING
            for row in (chosen.headings, *chosen.rows)]


def row_groups(chosen: Layout) -> list[int]:
    """For each row how many rows its first cell stands for: more than 1 where empty ones follow, 0 for those."""
    alone = [1] * len(chosen.rows)
    firsts = ["".join(row[0].lines) for row in chosen.rows]
    if 0 not in chosen.words or not firsts or not firsts[0]:
        return alone
    starts = [at for at, first in enumerate(firsts) if first] + [len(firsts)]
    spans, heights, highest = [0] * len(firsts), row_heights(chosen)[1:], 0.0
    for start, end in pairwise(starts):
        spans[start] = end - start
        highest = max(highest, sum(heights[start:end]))
    return spans if highest <= _HIGHEST_GROUP else alone


def _groups(columns: Sequence[_Column]) -> Iterator[tuple[int, ...]]:
    def room(chosen):
        return sum(columns[each].tight for each in chosen) * PARTS_SIZE + GAP * (len(chosen) - 1) <= TEXT_WIDTH

    chosen = [0]
    for each in range(1, len(columns)):
        if len(chosen) > 1 and not room([*chosen, each]):
            yield tuple(chosen)
            chosen = [0]
        chosen.append(each)
    yield tuple(chosen)


def _spread(chosen: tuple[int, ...], columns: Sequence[_Column], size: float, width: float, gap: float,
            widest: float = WIDEST_GAP) -> tuple[Part, float]:
    """What is over goes to the columns that still break their lines, then to the gaps."""
    taken = [columns[each] for each in chosen]
    gaps = max(len(taken) - 1, 1)
    room = width - gap * (len(taken) - 1)
    widths = [column.least * size for column in taken]
    for goal in ("broken", "tight", "snug", "wanted", "full"):
        lacking = [max(getattr(column, goal) * size - has, 0) for column, has in zip(taken, widths, strict=True)]
        share = min(1, max(room - sum(widths), 0) / (sum(lacking) or 1))
        widths = [has + share * more for has, more in zip(widths, lacking, strict=True)]
    gap = min(widest, gap + max(room - sum(widths), 0) / gaps)
    return Part(chosen, tuple(widths)), gap


def _evenly(rows: Sequence[Sequence[Cell]], columns: Sequence[_Column], words: frozenset[int], parts: Sequence[Part],
            size: float) -> tuple[tuple[Cell, ...], ...]:
    """The rows, where a column of numbers is too narrow for one of its lines with all of them broken at their spaces."""
    narrow = {at for part in parts for at, width in zip(part.columns, part.widths, strict=True)
              if at not in words and width + 0.01 < columns[at].line * size}
    return tuple(tuple(_broken(cell) if at in narrow else cell for at, cell in enumerate(row)) for row in rows)


def _broken(cell: Cell) -> Cell:
    return Cell(tuple(piece for line in cell.lines for piece in line.split(" ")), cell.mono)


def _cells(table: Table, widest: float) -> tuple[tuple[Cell, ...], tuple[tuple[Cell, ...], ...]]:
    return (tuple(_cell(heading, widest) for heading in table.headings),
            tuple(tuple(_cell(text, widest) for text in row) for row in table.rows))


def _cell(text: str, widest: float) -> Cell:
    mono = bool(_HASH.fullmatch(text))
    return Cell(tuple(breakable(line, _SHORT_WORD if mono else widest) for line in text.splitlines() or [""]), mono)


def _columns(headings: Sequence[Cell], rows: Sequence[Sequence[Cell]], words: frozenset[int]) -> list[_Column]:
    return [_column(heading, [row[at] for row in rows], at in words, at > 0) for at, heading in enumerate(headings)]


def _column(heading: Cell, cells: Sequence[Cell], words: bool, further: bool) -> _Column:
    lines = [(line, cell.mono) for cell in cells for line in cell.lines]
    full = max((_ems(line, mono) for line, mono in lines), default=0)
    least = max((_longest(line, mono) for line, mono in lines), default=0)
    head = max(_ems(line) for line in heading.lines)
    word = max(min(head / _HEADING_LINES, _WIDEST_HEADING), *(_longest(line) for line in heading.lines))
    if words:
        wishes = [max(least, min(full, goal[further])) for goal in _GOALS.values()]
        wishes = [wishes[0], *wishes]
    else:
        wishes = [least] + [full if full <= _UNBROKEN else least] * len(_GOALS)
    return _Column(*(max(width, word) for width in (least, *wishes)), max(full, word, head), full)


def _lines(cell: Cell, width: float) -> int:
    return sum(ceil(_ems(line, cell.mono) * 1.1 / max(width, 1)) or 1 for line in cell.lines)


def _longest(line: str, mono: bool = False) -> float:
    return max(_ems(piece, mono) for piece in re.split(f"[ {BREAK}]", line))


def _ems(line: str, mono: bool = False) -> float:
    shown = line.replace(BREAK, "")
    return (MONO * MONO_SIZE * len(shown) if mono else ems(shown)) * _SPARE
