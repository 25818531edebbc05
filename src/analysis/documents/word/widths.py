"""How wide the columns of a table have to be: words measured, room shared out by need.

Word sets the text in fonts that may not be here. Widths are measured in DejaVu Sans, which is wider than those that
documents are mostly set in, so that nothing is cut in any of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..shapes import Table
from ..table_layout import ems

POINTS_A_MM = 72 / 25.4
BOLD = 1.13
SPARE = 0.4
"""Millimetres that a column is wider than what stands in it."""
LONGEST_WORD = 0.45
"""The share of the page's width that one long word may claim where not all fits."""
UNBROKEN = 34.0
"""Millimetres that a column of words gets before its lines are broken, so that it does not become a tall thin one."""
STRETCH = 1.12
GAP = 2.4
"""Millimetres between a column of numbers, which end at its right, and one of words after it."""


@dataclass(frozen=True)
class Fit:
    """Size of type in points, whether on a turned page, and the columns (positions) and widths in mm of each part.

    `broken` are columns of numbers too narrow for their longest cell.
    """

    size: float
    turned: bool
    parts: list[tuple[list[int], list[float]]]
    broken: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Column:
    """Widths in mm: at least for no word to be cut, for no number to be broken, and for no line to be broken."""

    least: float
    whole: float
    best: float


@dataclass(frozen=True)
class _Measured:
    """In ems: the longest word and line of the cells, and of the heading."""

    word: float
    line: float
    head: float
    heading: float
    is_text: bool
    gap: float

    def column(self, size: float, padding: float) -> Column:
        em = size / POINTS_A_MM
        least, line = max(self.word, self.head) * em, self.line * em
        whole = max(least, min(line, UNBROKEN) if self.is_text else line)
        best = max(whole, line, min(self.heading * em, max(self.head * em, line) * 1.7))
        return Column(*(each + padding + SPARE + self.gap for each in (least, whole, best)))


def fit(table: Table, upright: float, turned: float, sizes: tuple[float, ...], padding: float) -> Fit:
    """The first way that fits: upright, smaller, numbers broken at spaces, turned, split into parts by columns.

    `upright` and `turned` are the widths of the two kinds of pages, `padding` of a cell's margins, in millimetres.
    """
    every = list(range(len(table.headings)))
    measured = [_measured(table, position) for position in every]
    for turn, room in ((False, upright), (True, turned)):
        for goal in ("whole", "least"):
            for size in sizes:
                needs = [each.column(size, padding) for each in measured]
                for bound in (room, room * LONGEST_WORD):
                    if widths := fitted([_bounded(need, bound, goal) for need in needs], room):
                        return Fit(size, turn, [(every, widths)], _broken(table, needs, widths))
    needs = [_bounded(each.column(sizes[-1], padding), turned * LONGEST_WORD, "least") for each in measured]
    parts, current = [], [0]
    for position in every[1:]:
        if len(current) > 1 and sum(needs[each].least for each in (*current, position)) > turned:
            parts.append(current)
            current = [0]
        current.append(position)
    parts.append(current)
    return Fit(sizes[-1], True, [(part, fitted([needs[each] for each in part], turned)) for part in parts])


def _measured(table: Table, position: int) -> _Measured:
    lines = {line for row in table.rows for line in row[position].split("\n")}
    words = {word for line in lines for word in line.split(" ")}
    heading = table.headings[position]
    return _Measured(
        max(map(ems, words), default=0), max(map(ems, lines), default=0), max(map(ems, heading.split(" "))) * BOLD,
        ems(heading) * BOLD, position in table.text, GAP if follows_numbers(table, position) else 0)


def follows_numbers(table: Table, position: int) -> bool:
    """Whether a column of words stands right of one of numbers."""
    return position > 0 and position in table.text and position - 1 not in table.text


def fitted(needs: list[Column], room: float) -> list[float] | None:
    """Widths within the room, the rest of it shared by need; None where the columns do not fit."""
    least, best = sum(each.least for each in needs), sum(each.best for each in needs)
    if least > room:
        return None
    if best <= room:
        spare = min(room, best * STRETCH) / best
        return [each.best * spare for each in needs]
    share = (room - least) / (best - least)
    return [each.least + (each.best - each.least) * share for each in needs]


def _bounded(need: Column, bound: float, goal: str) -> Column:
    least = min(getattr(need, goal), bound)
    return Column(least, least, max(need.best, least))


def _broken(table: Table, needs: list[Column], widths: list[float]) -> frozenset[int]:
    return frozenset(position for position, (need, width) in enumerate(zip(needs, widths, strict=True))
                     if position not in table.text and width < need.whole)
