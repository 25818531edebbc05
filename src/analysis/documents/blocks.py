"""The executed notebook as one list of blocks: headings, paragraphs, tables and figures, each numbered once.

Captions stand in the notebook's cells as Quarto writes them:

    #| label: fig-means
    #| fig-cap: Scale means before and after
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from nbformat import NotebookNode

from ..report import TABLE_MIME


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
    """`png` is the picture at 300 dots per inch; `name` its file's name in `figures/`."""

    number: int
    caption: str
    alt: str
    png: bytes
    name: str


Block = Heading | Paragraph | Table | Figure


def blocks(notebook: NotebookNode) -> list[Block]:
    """All that a reader of the report sees, in order. Code, streams and hidden cells are not part of it."""
    found: list[Block] = []
    numbers = {Table: 0, Figure: 0}
    anchors: dict[str, int] = {}
    for cell in notebook.cells:
        if "hidden" in cell.metadata.get("tags", []):
            continue
        if cell.cell_type == "markdown":
            found += _text_blocks(cell.source, anchors)
        elif cell.cell_type == "code":
            found += _output_blocks(cell, numbers, anchors)
    return found


def cell_options(source: str) -> dict[str, str]:
    """The `#| name: value` lines at the head of a code cell."""
    options = {}
    for line in source.splitlines():
        match = re.match(r"#\|\s*([\w-]+):\s*(.*)", line)
        if not match:
            break
        options[match[1]] = match[2].strip().strip("\"'")
    return options


def _output_blocks(cell: NotebookNode, numbers: dict, anchors: dict) -> Iterator[Block]:
    options = cell_options(cell.source)
    for output in cell.get("outputs", []):
        data, metadata = output.get("data", {}), output.get("metadata", {})
        if TABLE_MIME in data:
            numbers[Table] += 1
            about = metadata.get(TABLE_MIME, {})
            caption = _caption(options.get("tbl-cap", ""), about)
            yield Table(numbers[Table], caption, **data[TABLE_MIME], name=about.get("name", ""))
        elif "image/png" in data:
            numbers[Figure] += 1
            about = metadata.get("image/png", {})
            yield Figure(numbers[Figure], _caption(options.get("fig-cap", ""), about), about.get("alt", ""),
                         base64.b64decode(data["image/png"]), about.get("name", ""))
        elif "text/markdown" in data:
            yield from _text_blocks(data["text/markdown"], anchors)


def _caption(caption: str, about: dict) -> str:
    return ": ".join(part for part in (caption, about.get("subject", "")) if part)


def _text_blocks(markdown: str, anchors: dict[str, int]) -> Iterator[Block]:
    paragraph: list[str] = []
    for line in markdown.splitlines():
        heading = re.match(r"(#{1,4})\s+(.*)", line)
        if heading:
            if "".join(paragraph).strip():
                yield Paragraph("\n".join(paragraph))
            paragraph = []
            yield Heading(len(heading[1]), heading[2], _anchor(heading[2], anchors))
        else:
            paragraph.append(line)
    if "".join(paragraph).strip():
        yield Paragraph("\n".join(paragraph))


def _anchor(text: str, anchors: dict[str, int]) -> str:
    base = re.sub(r"[^\w]+", "-", unicodedata.normalize("NFKC", text).casefold()).strip("-") or "section"
    anchors[base] = anchors.get(base, 0) + 1
    return base if anchors[base] == 1 else f"{base}-{anchors[base]}"
