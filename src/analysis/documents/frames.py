"""Data frames as a notebook shows them, read back as rows of text."""

from __future__ import annotations

from bs4 import BeautifulSoup


def table_of_html(html: str) -> tuple[list[str], list[list[str]]] | None:
    """Headings and rows of the first table in the HTML of a data frame; None where there is none.

    A frame with several header rows keeps the last one.
    """
    table = BeautifulSoup(html, "html.parser").find("table")
    if table is None:
        return None
    rows = [[cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]
    head = len(table.thead.find_all("tr")) if table.thead else 0
    if not rows:
        return None
    width = max(map(len, rows))
    filled = [row + [""] * (width - len(row)) for row in rows]
    return (filled[head - 1], filled[head:]) if head else ([""] * width, filled)
