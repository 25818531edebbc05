"""The executed notebook as one list of blocks: headings, paragraphs, tables and figures, each numbered once.

Captions stand in the notebook's cells as Quarto writes them:

    #| label: fig-means
    #| fig-cap: Scale means before and after
    #| fig-alt: What the picture shows, in words

Tables and figures of a report carry all that a writer needs in a MIME type of their own; a plain notebook's data
frames and pictures become blocks, too.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterator

from nbformat import NotebookNode

from analysis import words
from analysis.numerals import NO_BREAK
from analysis.words import _
from analysis.words.prose import translated

from .about import about
from .frames import table_of_html, text_columns
from .outline import outlined
from .provenance import provenance_blocks
from .shapes import FIGURE_MIME, TABLE_MIME, Block, Figure, Heading, Paragraph, Table

BEFORE_PERCENT = re.compile(r"(?<=\d) (?=%)")


def blocks(notebook: NotebookNode) -> list[Block]:
    """All that a reader of the report sees, in order, what made it last.

    Code, streams and cells tagged `hidden` are not part of it.
    """
    words.use(about(notebook).language)
    found: list[Block] = []
    numbers = {Table: 0, Figure: 0}
    anchors: dict[str, int] = {}
    for cell in notebook.cells:
        if "hidden" in cell.metadata.get("tags", []):
            continue
        if cell.cell_type == "markdown":
            found += _text_blocks(translated(cell.source), anchors)
        elif cell.cell_type == "code":
            found += _output_blocks(cell, numbers, anchors)
    return outlined([*found, *provenance_blocks(about(notebook), numbers[Table] + 1)])


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
        data = output.get("data", {})
        if TABLE_MIME in data:
            numbers[Table] += 1
            shown = dict(data[TABLE_MIME])
            caption = _caption(_(options.get("tbl-cap", "")), shown.pop("subject", ""))
            yield Table(numbers[Table], caption, **shown)
        elif "image/png" in data:
            numbers[Figure] += 1
            shown = {"alt": options.get("fig-alt", "")} | dict(data.get(FIGURE_MIME, {}))
            caption = _caption(_(options.get("fig-cap", "")), shown.pop("subject", ""), shown.pop("details", ""))
            yield Figure(numbers[Figure], caption, png=base64.b64decode(data["image/png"]),
                         svg=data.get("image/svg+xml", ""), **shown)
        elif "text/markdown" in data:
            yield from _text_blocks(data["text/markdown"], anchors)
        elif found := table_of_html(data.get("text/html", "")):
            numbers[Table] += 1
            yield Table(numbers[Table], _(options.get("tbl-cap", "")), *found, notes=[], text=text_columns(*found))


def _caption(caption: str, subject: str, details: str = "") -> str:
    title = ": ".join(part for part in (caption, subject) if part)
    whole = f"{title.rstrip('.')}. {details}" if title and details else title or details
    return BEFORE_PERCENT.sub(NO_BREAK, whole)


def _text_blocks(markdown: str, anchors: dict[str, int]) -> Iterator[Block]:
    paragraph: list[str] = []
    fence = ""
    for line in markdown.splitlines():
        heading = None if fence else re.match(r"(#{1,6})\s+(.*?)(\s+#+)?\s*$", line)
        if mark := re.match(r"\s{0,3}(```+|~~~+)", line):
            fence = mark[1] if not fence else "" if mark[1].startswith(fence) else fence
        if heading and heading[2]:
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
