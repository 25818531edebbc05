"""How wide the columns of a table have to be: text measured roughly, room shared out by need.

Word measures with fonts that may not be here, so signs are classed by their width in Arial, with room to spare for
wider fonts.
"""

from __future__ import annotations

from dataclasses import dataclass

POINTS_A_MM = 72 / 25.4
ROOM_TO_SPARE = 1.14
NARROW = frozenset("iljtfrI.,:;'’|![](){}/\\-·\"“” \u00a0\u2009\u202f")
WIDE = frozenset("mwMWQOG@%–+−=<>…")
LONGEST_COLUMN_OF_TEXT = 0.45
"""The share of the width that one long word may claim."""


@dataclass(frozen=True)
class Fit:
    """Columns (positions) and their widths in millimetres for each part that a table is split into."""

    size: float
    turned: bool
    parts: list[tuple[list[int], list[float]]]


def text_width(text: str, size: float) -> float:
    """Millimetres that a line of text needs at a size in points, generously."""
    total = 0.0
    for sign in text:
        if sign in NARROW:
            total += 0.31
        elif sign in WIDE or ord(sign) > 0x2E7F:
            total += 0.84 if ord(sign) < 0x2E7F else 1.0
        elif sign.isupper():
            total += 0.70
        else:
            total += 0.56
    return total * size * ROOM_TO_SPARE / POINTS_A_MM


@dataclass(frozen=True)
class Column:
    """The least and the best width in millimetres."""

    least: float
    best: float


def columns(headings: list[str], rows: list[list[str]], text: list[int], size: float, padding: float,
            wrap_numbers: bool = False) -> list[Column]:
    """What each column needs; columns of numbers keep each line of a cell whole unless `wrap_numbers`."""
    found = []
    for position, heading in enumerate(headings):
        cells = [line for row in rows for line in row[position].split("\n")]
        whole = max((text_width(line, size) for line in set(cells)), default=0)
        head = max((text_width(word, size) for word in heading.split()), default=0) * 1.08
        words = {word for line in set(cells) for word in line.split()}
        word = max((text_width(each, size) for each in words), default=0)
        least = max(head, word if position in text or wrap_numbers else whole)
        if position in text:
            least = max(least, min(whole, 30.0))
        best = max(least, whole, min(text_width(heading, size) * 1.08, 1.6 * max(whole, head)))
        found.append(Column(least + padding, best + padding))
    return found


def fitted(needs: list[Column], room: float) -> list[float] | None:
    """Widths within the room, the rest of it shared by need; None where the columns do not fit."""
    least, best = sum(each.least for each in needs), sum(each.best for each in needs)
    if least > room:
        return None
    if best <= room:
        spare = min(room, best * 1.15) / best
        return [each.best * spare for each in needs]
    share = (room - least) / (best - least)
    return [each.least + (each.best - each.least) * share for each in needs]


def fit(headings: list[str], rows: list[list[str]], text: list[int], upright: float, turned: float,
        sizes: tuple[float, ...], padding: float) -> Fit:
    """The first way that fits: upright, smaller, turned, numbers broken at spaces, split into parts by columns.

    `upright` and `turned` are the widths of the two kinds of pages, `padding` of a cell's margins, in millimetres.
    """
    every = list(range(len(headings)))
    for turn, wrap in ((False, False), (True, False), (True, True)):
        room = turned if turn else upright
        for size in sizes:
            needs = columns(headings, rows, text, size, padding, wrap)
            if widths := fitted([_bounded(need, room) for need in needs], room):
                return Fit(size, turn, [(every, widths)])
    return _split(headings, rows, text, turned, sizes[-1], padding)


def _split(headings, rows, text, room, size, padding) -> Fit:
    needs = [_bounded(need, room) for need in columns(headings, rows, text, size, padding)]
    parts, current = [], [0]
    for position in range(1, len(headings)):
        if len(current) > 1 and sum(needs[each].least for each in (*current, position)) > room:
            parts.append(current)
            current = [0]
        current.append(position)
    parts.append(current)
    return Fit(size, True, [(part, fitted([needs[each] for each in part], room)) for part in parts])


def _bounded(need: Column, room: float) -> Column:
    most = room * LONGEST_COLUMN_OF_TEXT
    return Column(min(need.least, most), min(max(need.best, need.least), room))
