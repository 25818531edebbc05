"""The report as a PDF: tagged for screen readers (PDF/UA-1), set by Typst from the notebook's blocks.

All text goes to Typst as data, never as markup; the only fonts are matplotlib's, so a report looks the same everywhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import typst
from nbconvert.exporters import Exporter
from nbconvert.utils.exceptions import ConversionException
from nbformat import NotebookNode
from traitlets import default

from .about import About, about, title_of
from .blocks import blocks
from .provenance import HEADING
from .shapes import Block, Figure, Heading, Paragraph, Table
from .table_layout import Cell, Layout, Part, layout, row_groups
from .typeface import font_folder
from .typst_text import breakable, clean, content, inline, plain

TEMPLATE = Path(__file__).with_name("template")
STANDARDS = ["ua-1"]
AUTHOR = "Mentoring survey workbench"
TEXT_WIDTH = 160
PNG = b"\x89PNG\r\n\x1a\n"
SCREEN_DOTS = 96
"""Dots per inch that a picture without a width of its own is taken to have."""
WIDEST_IN_TITLE, WIDEST_IN_HEADING = 18.0, 26.0
EMPTY = "–"
"""In place of a heading that says nothing, since PDF/UA allows none."""
CONTENTS_FROM = 4
LONG_CELL = 400
"""Signs from which a row may be broken over pages."""
SHORT_TABLE = 12
"""Rows up to which a table stays on one page with its notes."""
SYNTHETIC = {"short": "Synthetic data.", "long": "Every answer was made up by a program; nothing here says anything "
                                                 "about real schools or teachers."}
EMBLEM_ALT = "Emblem of the European Union: twelve gold stars in a circle on blue"


class PDFError(ConversionException):
    """A notebook that no PDF can be made of, and why."""


class ReportPDFExporter(Exporter):
    """`jupyter nbconvert --to analysis_pdf notebook.ipynb`."""

    export_from_notebook = "Report (PDF)"
    output_mimetype = "application/pdf"

    @default("file_extension")
    def _file_extension_default(self):
        return ".pdf"

    def from_notebook_node(self, nb, resources=None, **kwargs):
        """The notebook's blocks as the bytes of a PDF. Raises `PDFError`."""
        notebook, resources = super().from_notebook_node(nb, resources, **kwargs)
        return pdf_of(notebook), resources


def write_pdf(notebook: NotebookNode, path: Path) -> None:
    """Write the executed notebook as one PDF file. Raises `PDFError`; nothing is written then."""
    path.write_bytes(pdf_of(notebook))


def pdf_of(notebook: NotebookNode) -> bytes:
    """The same bytes for the same notebook: the date in it is the one its metadata tell. Raises `PDFError`."""
    files = typst_files(notebook)
    with TemporaryDirectory(prefix="analysis-", ignore_cleanup_errors=True) as folder:
        for name, written in files.items():
            (Path(folder) / name).write_bytes(written)
        return _compiled(Path(folder))


def _compiled(folder: Path) -> bytes:
    """What Typst makes of `main.typ` in the folder; it can read nothing outside of it."""
    try:
        return typst.compile(folder / "main.typ", root=folder, font_paths=_fonts(), pdf_standards=STANDARDS)
    except typst.TypstError as error:
        hints = "".join(f" ({hint})" for hint in error.hints)
        raise PDFError(f"The PDF could not be made: {error.message}{hints}.") from error


def typst_files(notebook: NotebookNode) -> dict[str, bytes]:
    """The files that Typst makes the document from, by name."""
    found, said = blocks(notebook), about(notebook)
    pictures = {block.number: _picture(block) for block in found if isinstance(block, Figure)}
    document = _document(found, said, _authors(notebook, said), pictures)
    return {
        "main.typ": (TEMPLATE / "report.typ").read_bytes(),
        "eu.svg": (TEMPLATE / "eu.svg").read_bytes(),
        "data.json": json.dumps(document, ensure_ascii=False).encode(),
        **dict(pictures.values()),
    }


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_folder())])


def _document(found: list[Block], said: About, authors: list[str], pictures: dict) -> dict:
    title = title_of(found, said)
    first = next((block for block in found if isinstance(block, Heading)), None)
    body = [block for block in found if block is not first]
    cover = bool(said.study or said.funding or said.provenance)
    name, study = plain(title).strip() or EMPTY, clean(said.study)
    language, _, region = said.language.partition("-")
    made = datetime.fromisoformat(said.provenance["time"]) if said.provenance else None
    subtitle = [breakable(study)] if study and study not in name else []
    return {
        "title": inline(title, widest=WIDEST_IN_TITLE), "title_text": name, "running": breakable(name),
        "study": study, "authors": authors,
        "subtitle": [*subtitle, *([f"Made on {made:%Y-%m-%d}"] if made else [])],
        "language": language.lower() if re.fullmatch("[A-Za-z]{2,3}", language) else "en",
        "region": region.upper() if re.fullmatch("[A-Za-z]{2}", region) else None,
        "date": list(made.utctimetuple()[:6]) if made else None,
        "synthetic": SYNTHETIC if said.synthetic else None,
        "funding": _funding(said), "cover": cover, "contents_title": "Contents",
        "contents": sum(isinstance(block, Heading) for block in body) >= CONTENTS_FROM,
        "blocks": list(_shown(body, bool(said.provenance), pictures)),
    }


def _authors(notebook: NotebookNode, said: About) -> list[str]:
    """The authors that the notebook's metadata name; the workbench for its own reports."""
    names = [clean(str(author.get("name", ""))) for author in notebook.metadata.get("authors", [])]
    return [name for name in names if name] or ([AUTHOR] if said.provenance else [])


def _funding(said: About) -> dict | None:
    if not said.funding:
        return None
    paragraphs = [breakable(text) for text in (said.funding.statement, said.funding.disclaimer) if text]
    return {"emblem": said.funding.emblem == "eu", "alt": EMBLEM_ALT, "paragraphs": paragraphs}


def _shown(body: list[Block], provenance: bool, pictures: dict) -> Iterator[dict]:
    anchors = frozenset(block.anchor for block in body if isinstance(block, Heading))
    top = min((block.level for block in body if isinstance(block, Heading)), default=1)
    last = max((at for at, block in enumerate(body) if isinstance(block, Heading) and block.text == HEADING), default=-1)
    level = 0
    for at, block in enumerate(body):
        match block:
            case Heading():
                if provenance and at == last:
                    yield {"kind": "pagebreak"}
                level = min(block.level - top + 1, level + 1)
                yield {"kind": "heading", "level": level, "anchor": block.anchor,
                       "body": inline(block.text, anchors, WIDEST_IN_HEADING) if plain(block.text).strip() else [EMPTY]}
            case Paragraph():
                yield from _flow(block.markdown, anchors)
            case Figure():
                yield _figure(block, pictures[block.number][0])
            case Table():
                yield _table(block)


def _flow(markdown: str, anchors: frozenset[str]) -> Iterator[dict]:
    for is_table, nodes in groupby(content(markdown, anchors), lambda node: node["kind"] == "table"):
        if is_table:
            yield from (_table(Table(0, "", node["headings"], node["rows"], [], node["text"])) for node in nodes)
        else:
            yield {"kind": "flow", "body": list(nodes)}


def _figure(block: Figure, file: str) -> dict:
    alt = clean(block.alt) or clean(block.caption) or f"Figure {block.number}"
    return {"kind": "figure", "label": _label("Figure", block), "caption": breakable(block.caption), "alt": alt,
            "file": file, "width": _width(block)}


def _label(kind: str, block: Figure | Table, more: str = "") -> str:
    return f"{kind} {block.number}{more}{'.' if block.caption else ''}" if block.number else ""


def _width(block: Figure) -> float:
    """Millimetres in print: what the figure says, for a plain picture its size on a screen; never wider than the text."""
    natural = int.from_bytes(block.png[16:20], "big") * 25.4 / SCREEN_DOTS
    return min(block.width, TEXT_WIDTH) if block.svg else min(natural, TEXT_WIDTH)


def _picture(block: Figure) -> tuple[str, bytes]:
    if block.svg:
        return f"figure-{block.number}.svg", block.svg.encode()
    if not block.png.startswith(PNG):
        raise PDFError(f"Figure {block.number} is no PNG picture, so the PDF could not be made.")
    return f"figure-{block.number}.png", block.png


def _table(block: Table) -> dict:
    chosen = layout(block)
    parts = [_part(block, chosen, part, at) for at, part in enumerate(chosen.parts)]
    whole = (len(parts) == 1 and len(block.rows) <= SHORT_TABLE
             and not any(_is_long(cell) for row in chosen.rows for cell in row))
    return {"kind": "table", "caption": breakable(block.caption), "size": chosen.size, "turned": chosen.turned,
            "whole": whole, "parts": parts, "notes": [breakable(note) for note in block.notes]}


def _part(block: Table, chosen: Layout, part: Part, at: int) -> dict:
    last = len(part.columns) - 1
    gaps = [chosen.gap * (0.5 if each in (0, last) else 1) if last else 0 for each in range(last + 1)]
    spans = row_groups(chosen)
    rows = [[_cell(row[each], room) | {"breaks": any(map(_is_long, row))} | ({} if each else {"span": span})
             for each, room in zip(part.columns, part.marks, strict=True) if each or span]
            for row, span in zip(chosen.rows, spans, strict=True)]
    return {
        "label": _label("Table", block, " (continued)" if at else ""), "gap": chosen.gap,
        "widths": [width + gap for width, gap in zip(part.widths, gaps, strict=True)],
        "right": [each not in chosen.words for each in part.columns],
        "headings": [_cell(chosen.headings[each], 0) for each in part.columns], "rows": rows,
        "starts": [at for at, span in enumerate(spans, start=1) if span and max(spans) > 1 and at > 1],
    }


def _is_long(cell: Cell) -> bool:
    return sum(map(len, cell.lines)) > LONG_CELL


def _cell(cell: Cell, room: float) -> dict:
    return {"lines": list(cell.lines), "mark": cell.mark, "mono": cell.mono, "room": room}
