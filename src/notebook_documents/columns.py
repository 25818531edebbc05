"""How wide the columns of a table have to be on paper: words measured, room shared out by need.

Widths are measured in DejaVu Sans, which the PDF is set in and which is wider than the fonts that Word documents are
mostly set in, so that nothing is cut in any of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from .shapes import Table, heads_group
from .typeface import ems

POINTS_A_MM = 72 / 25.4
BOLD = 1.13
SPARE = 0.4
"""Millimetres that a column is wider than what stands in it."""
LONGEST_WORD = 0.45
"""The share of the page's width that one long word may claim where not all fits."""
NARROW, UNBROKEN = 26.0, 34.0
"""Millimetres that a column of words gets before its lines are broken, so that it does not become a tall thin one."""
HEADING_LINES, WIDEST_HEADING = 6, 24.0
"""A heading has so many lines at most, unless its column were wider than so many ems."""
STRETCH = 1.12
GAP = 2.4
"""Millimetres between a column of numbers, which end at its right, and one of words after it."""
LINE, PADDING = 1.2, 1.4
"""A line's height in ems, and the millimetres that a row has above and below."""
WHOLE, HIGH_GROUP, HIGH_ROW = 90.0, 120.0, 80.0
"""Millimetres up to which a table, a group of rows and a row stay on one page."""


@dataclass(frozen=True)
class Layout:
    """Size of type in points, the columns (positions) and widths in mm of each part, the height in mm of each row.

    `broken` are columns of numbers too narrow for their longest cell; `heights` are estimates.
    """

    size: float
    parts: list[tuple[list[int], list[float]]]
    broken: frozenset[int]
    heights: list[float]

    @property
    def whole(self) -> bool:
        """Whether the table had better stay on one page."""
        return len(self.parts) == 1 and sum(self.heights) <= WHOLE

    def kept(self, first: int, count: int) -> bool:
        """Whether a group of `count` rows can stay on one page."""
        return sum(self.heights[first:first + count]) <= HIGH_GROUP

    def cell(self, text: str, position: int) -> str:
        """The cell's text, an interval in a narrow column below its estimate."""
        return text.replace(" [", "\n[") if position in self.broken else text


@dataclass(frozen=True)
class Column:
    """Widths in mm, each at least the one before it.

    For no word to be cut; for words to have some room; for no number to be broken; for no line to be broken; and for a
    heading not to be much higher than the rest.
    """

    least: float
    narrow: float
    whole: float
    line: float
    best: float


def layout(table: Table, room: float, sizes: tuple[float, ...], padding: float) -> Layout:
    """The first way that fits: in a smaller type, with numbers broken at spaces, in parts that repeat the first column.

    `room` is the page's text width, `padding` that of a cell's margins, in millimetres.
    """
    every = list(range(len(table.headings)))
    for goal in ("whole", "narrow", "least"):
        for size in sizes:
            needs = [_column(table, position, size, padding) for position in every]
            for bound in (room, room * LONGEST_WORD):
                if widths := fitted(needs, goal, room, bound):
                    broken = frozenset(at for at in every if at not in table.text and widths[at] < needs[at].whole)
                    return _layout(table, size, [(every, widths)], broken, padding)
    bound = room * LONGEST_WORD
    parts, current = [], [0]
    for position in every[1:]:
        if len(current) > 1 and not fitted([needs[each] for each in (*current, position)], "least", room, bound):
            parts.append(current)
            current = [0]
        current.append(position)
    parts.append(current)
    laid = [(part, fitted([needs[each] for each in part], "least", room, bound)) for part in parts]
    return _layout(table, sizes[-1], laid, frozenset(), padding)


def _layout(table: Table, size: float, parts: list[tuple[list[int], list[float]]], broken: frozenset[int],
            padding: float) -> Layout:
    em = size / POINTS_A_MM
    room = [(at, max(width - padding, em) / em) for part in parts for at, width in zip(*part, strict=True)]
    whole = [(0, sum(width for _at, width in room))]
    heights = [max((sum(ceil(ems(line) / width) or 1 for line in row[at].split("\n"))
                    for at, width in (whole if heads_group(row) else room)), default=1) * LINE * em + PADDING
               for row in (table.headings, *table.rows)]
    return Layout(size, parts, broken, heights[1:])


def follows_numbers(table: Table, position: int) -> bool:
    """Whether a column of words stands right of one of numbers."""
    return position > 0 and position in table.text and position - 1 not in table.text


def fitted(needs: list[Column], goal: str, room: float, bound: float) -> list[float] | None:
    """Widths within the room, none below its goal (or the `bound`), the rest shared by need; None where they don't fit."""
    widths = [min(getattr(need, goal), bound) for need in needs]
    if sum(widths) > room:
        return None
    for stage in ("whole", "line", "best"):
        lacking = [max(getattr(need, stage) - has, 0) for need, has in zip(needs, widths, strict=True)]
        share = min(1, max(room - sum(widths), 0) / (sum(lacking) or 1))
        widths = [has + share * more for has, more in zip(widths, lacking, strict=True)]
    spare = max(min(STRETCH, room / sum(widths)), 1)
    return [width * spare for width in widths]


def _column(table: Table, position: int, size: float, padding: float) -> Column:
    lines = {line for row in table.rows if not heads_group(row) for line in row[position].split("\n")}
    heading, is_text = table.headings[position], position in table.text
    em = size / POINTS_A_MM
    line = max(map(ems, lines), default=0) * em
    head = max(min(ems(heading) / HEADING_LINES, WIDEST_HEADING), *map(ems, heading.split(" "))) * em * BOLD
    least = max([head, *(ems(word) * em for line in lines for word in line.split(" "))])
    narrow, whole = (max(least, min(line, wanted) if is_text else unbroken) for wanted, unbroken in
                     ((NARROW, 0), (UNBROKEN, line)))
    line = max(whole, line)
    best = max(line, min(ems(heading) * em * BOLD, line * 1.7))
    more = padding + SPARE + (GAP if follows_numbers(table, position) else 0)
    return Column(*(width + more for width in (least, narrow, whole, line, best)))
