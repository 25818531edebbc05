"""What a document is made of."""

from __future__ import annotations

from dataclasses import dataclass, field

TABLE_MIME = "application/vnd.analysis.table+json"
FIGURE_MIME = "application/vnd.analysis.figure+json"
"""Under these a notebook's output holds the fields of a `Table` and, beside its picture, of a `Figure`."""


@dataclass(frozen=True)
class Heading:
    level: int
    text: str
    anchor: str


@dataclass(frozen=True)
class Paragraph:
    """Markdown text of one or more paragraphs or lists."""

    markdown: str


@dataclass(frozen=True)
class Table:
    """`name` is its file's name in `tables/`; `text` are the positions of the columns that hold words, not numbers."""

    number: int
    caption: str
    headings: list[str]
    rows: list[list[str]]
    notes: list[str]
    text: list[int]
    name: str = ""


@dataclass(frozen=True)
class Figure:
    """`png` is the picture at 300 dots per inch, `svg` the same as a drawing, empty where there is none.

    `headings` and `rows` are the numbers behind it as a reader's table, `width` millimetres in print, `name` its
    files' name in `figures/`.
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


Block = Heading | Paragraph | Table | Figure
