"""Data frames as a notebook shows them, read back as rows of text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

NUMBER = re.compile(r"[^\w]*\d[\d\s.,:%/()\[\]eE<>=±×+\u2212–-]*\s?(%|mm)?")


def table_of_html(html: str) -> tuple[list[str], list[list[str]]] | None:
    """Headings and rows of the first table in the HTML of a data frame; None where there is none.

    Cells that span several rows or columns count in each: a heading in several rows comes together, “mean: before”,
    and a name beside several rows stands in the first of them, the others are empty.
    """
    table = BeautifulSoup(html, "html.parser").find("table")
    if table is None:
        return None
    rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
    if not rows:
        return None
    head = _grid([row for row in rows if row.find_parent("thead")], repeated=True)
    body = _grid([row for row in rows if not row.find_parent("thead")], repeated=False)
    width = max(len(row) for row in [*head, *body])
    head, body = ([row + [""] * (width - len(row)) for row in part] for part in (head, body))
    headings = [": ".join(dict.fromkeys(part for part in column if part)) for column in zip(*head, strict=True)]
    return headings or [""] * width, body


def text_columns(headings: list[str], rows: list[list[str]]) -> list[int]:
    """Positions of the columns that hold words: the first, and those where some cell is neither empty nor a number."""
    return [position for position in range(len(headings)) if position == 0 or not all(
        NUMBER.fullmatch(cell) or cell.strip() in ("", "–", "-", "nan", "NaN", "NA", "<NA>", "NaT", "...")
        for cell in (row[position] for row in rows))]


def _grid(rows: list[Tag], repeated: bool) -> list[list[str]]:
    below: dict[tuple[int, int], str] = {}
    grid = []
    for number, row in enumerate(rows):
        cells: list[str] = []
        for cell in row.find_all(["th", "td"]):
            cells += _from_above(below, number, len(cells))
            text = cell.get_text(" ", strip=True)
            across, down = _span(cell, "colspan"), min(_span(cell, "rowspan"), len(rows) - number)
            for further in range(1, down):
                for column in range(len(cells), len(cells) + across):
                    below[number + further, column] = ""
            cells += [text] + [text if repeated else ""] * (across - 1)
        grid.append(cells + list(_from_above(below, number, len(cells))))
    return grid


def _from_above(below: dict[tuple[int, int], str], number: int, column: int) -> Iterator[str]:
    while (number, column) in below:
        yield below[number, column]
        column += 1


def _span(cell: Tag, name: str) -> int:
    given = str(cell.get(name, "1"))
    return min(max(int(given), 1), 1000) if given.isdecimal() else 1
