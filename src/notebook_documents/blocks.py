"""The executed notebook as one list of blocks: headings, paragraphs, tables and figures, each numbered once.

Captions stand in the notebook's cells as Quarto writes them, and text may refer to them by `@fig-means`:

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
from dataclasses import replace

from nbformat import NotebookNode

from .about import About, Words, about
from .frames import table_of_html, text_columns
from .shapes import FIGURE_MIME, TABLE_MIME, Block, Figure, Heading, Paragraph, Table

HIDDEN, NEW_PAGE = "hidden", "new-page"
"""Tags of cells that are no part of the document, and of those that begin a page."""
DEEPEST = 4
BEFORE_PERCENT = re.compile(r"(?<=\d) (?=%)")
REFERENCE = re.compile(r"(?<![\w\\])@((?:fig|tbl)-[\w-]*\w)")

TAKEN = re.compile(r"content|(table|figure)-\d+(-.*)?")
"""Anchors of other things than headings."""


def blocks(notebook: NotebookNode) -> list[Block]:
    """All that a reader of the document sees, in order: no code, no streams, no cell tagged `hidden`."""
    found, labels = _labelled(notebook)
    return _referring(_outlined(found), labels, about(notebook))


def names(notebook: NotebookNode) -> dict[str, str]:
    """What the document calls its figures and tables, by their labels: `fig-means` “Figure 3”."""
    words = about(notebook).words
    return {label: _name(block, words) for label, block in _labelled(notebook)[1].items() if label}


def _labelled(notebook: NotebookNode) -> tuple[list[Block], dict[str, Table | Figure]]:
    found: list[Block] = []
    numbers = {Table: 0, Figure: 0}
    anchors: dict[str, int] = {}
    labels: dict[str, Table | Figure] = {}
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if HIDDEN in tags:
            continue
        if cell.cell_type == "markdown":
            made = list(_text_blocks(cell.source, anchors))
        else:
            made = list(_output_blocks(cell, numbers, anchors)) if cell.cell_type == "code" else []
            for block in made:
                if isinstance(block, Table | Figure):
                    kind = "fig" if isinstance(block, Figure) else "tbl"
                    labels.setdefault(cell_options(cell.source).get("label", ""), block)
                    labels.setdefault(f"{kind}-{block.name}", block)
        if NEW_PAGE in tags and made and isinstance(made[0], Heading):
            made[0] = replace(made[0], new_page=True)
        found += made
    return found, labels


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
            yield Table(numbers[Table], _caption(options.get("tbl-cap", ""), shown.pop("subject", "")), **shown)
        elif "image/png" in data:
            numbers[Figure] += 1
            shown = {"alt": options.get("fig-alt", "")} | dict(data.get(FIGURE_MIME, {}))
            caption = _caption(options.get("fig-cap", ""), shown.pop("subject", ""), shown.pop("details", ""))
            yield Figure(numbers[Figure], caption, png=base64.b64decode(data["image/png"]),
                         svg=data.get("image/svg+xml", ""), **shown)
        elif "text/markdown" in data:
            yield from _text_blocks(data["text/markdown"], anchors)
        elif frame := table_of_html(data.get("text/html", "")):
            numbers[Table] += 1
            yield Table(numbers[Table], options.get("tbl-cap", ""), *frame, notes=[], text=text_columns(*frame))


def _caption(caption: str, subject: str, details: str = "") -> str:
    title = ": ".join(part for part in (caption, subject) if part)
    whole = f"{title.rstrip('.')}. {details}" if title and details else title or details
    return BEFORE_PERCENT.sub("\u00a0", whole)


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
    base = f"section-{base}" if TAKEN.fullmatch(base) else base
    anchors[base] = anchors.get(base, 0) + 1
    return base if anchors[base] == 1 else f"{base}-{anchors[base]}"


def _outlined(found: list[Block]) -> list[Block]:
    """One title, the first heading, and no level skipped below it, whatever the notebook's cells have.

    Where further headings are as high as the title, all below it go one level down.
    """
    headings = [block for block in found if isinstance(block, Heading)]
    down = 1 if any(heading.level == 1 for heading in headings[1:]) else 0
    outlined: list[Block] = []
    previous = 0
    for block in found:
        if isinstance(block, Heading):
            previous = min(max(block.level + down, 2), previous + 1, DEEPEST)
            block = replace(block, level=previous)
        outlined.append(block)
    return outlined


def _name(block: Table | Figure, words: Words) -> str:
    return f"{words['figure' if isinstance(block, Figure) else 'table']}\u00a0{block.number}"


def _referring(found: list[Block], labels: dict[str, Table | Figure], said: About) -> list[Block]:
    """The blocks in which a known `@label` is the figure's or table's name, in paragraphs with a link to it."""
    def link(label: re.Match) -> str:
        block = labels.get(label[1])
        return f"[{name(label)}](#{block.anchor})" if block else name(label)

    def name(label: re.Match) -> str:
        block = labels.get(label[1])
        return _name(block, said.words) if block else said.elsewhere.get(label[1], label[0])

    def referring(block: Block) -> Block:
        if isinstance(block, Paragraph):
            return Paragraph(REFERENCE.sub(link, block.markdown))
        return block if isinstance(block, Heading) else replace(block, caption=REFERENCE.sub(name, block.caption))

    return [referring(block) for block in found]
