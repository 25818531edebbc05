"""What a document is made of."""

from __future__ import annotations

from dataclasses import dataclass, field

TABLE_MIME = "application/vnd.notebook-documents.table+json"
FIGURE_MIME = "application/vnd.notebook-documents.figure+json"
"""Under these a notebook's output holds the fields of a `Table` and, beside its picture, of a `Figure`."""


@dataclass(frozen=True)
class Heading:
    """`new_page` where it begins one, on paper."""

    level: int
    text: str
    anchor: str
    new_page: bool = False


@dataclass(frozen=True)
class Paragraph:
    """Markdown text of one or more paragraphs or lists."""

    markdown: str


@dataclass(frozen=True)
class Table:
    """`name` is a stem for files; `text` are the positions of the columns that hold words, not numbers."""

    number: int
    caption: str
    headings: list[str]
    rows: list[list[str]]
    notes: list[str]
    text: list[int]
    name: str = ""

    @property
    def anchor(self) -> str:
        return f"table-{self.number}"


@dataclass(frozen=True)
class Figure:
    """`png` is the picture at 300 dots per inch, `svg` the same as a drawing, empty where there is none.

    `headings` and `rows` are the numbers behind it as a reader's table, `width` millimetres in print, `name` its
    files' stem.
    """

    number: int
    caption: str
    alt: str
    png: bytes
    name: str = ""
    svg: str = ""
    width: float = 160
    headings: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return f"figure-{self.number}"


Block = Heading | Paragraph | Table | Figure


def split_caption(caption: str) -> tuple[str, str]:
    """The first sentence of a figure's caption, its title, and what follows it."""
    title, _stop, details = caption.partition(". ")
    return (title, details.strip()) if details.strip() else (caption, "")


def heads_group(row: list[str]) -> bool:
    """Whether a row is the name of the rows below it, which stands across the whole table."""
    return len(row) > 1 and bool(row[0]) and not any(row[1:])


def grouped(rows: list[list[str]]) -> list[int]:
    """For each row the number of rows that its first cell names; 0 where the cell above names it, too."""
    counts: list[int] = []
    first = 0
    for position, row in enumerate(rows):
        if position and not row[0]:
            counts[first] += 1
            counts.append(0)
        else:
            first = position
            counts.append(1)
    return counts
