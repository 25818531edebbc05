"""A report's blocks as the data that the Typst template `report.typ` sets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from analysis.words import _

from .about import About, title_of
from .shapes import Block, Figure, Heading, Paragraph, Table
from .table_layout import MM, TEXT_WIDTH, Cell, Layout, Part, layout, row_groups, row_heights
from .typeface import ems
from .typst_text import breakable, clean, content, inline, plain

SCREEN_DOTS = 96
"""Dots per inch that a picture without a width of its own is taken to have."""
WIDEST_IN_TITLE, WIDEST_IN_HEADING = 18.0, 26.0
RUNNING_TITLE = 44.0
"""Ems that a word may take in larger type, and the title above each page."""
EMPTY = "–"
"""In place of a heading that says nothing, since PDF/UA allows none."""
CONTENTS_FROM = 4
HIGH_ROW, WHOLE_TABLE = 80 * MM, 90 * MM
"""From which height a row may be broken over pages, and up to which a table stays on one page with its notes."""
NOTE_SIZE, NOTE_LINE = 8.0, 10.0
EMBLEM_ALT = "Emblem of the European Union: twelve gold stars in a circle on blue"


def typst_document(found: list[Block], said: About, authors: list[str]) -> dict:
    """All that the template shows, as plain values that JSON can hold."""
    title = title_of(found, said)
    first = next((block for block in found if isinstance(block, Heading)), None)
    body = [block for block in found if block is not first]
    cover = bool(said.study or said.funding or said.provenance)
    name, study = plain(title).strip() or EMPTY, clean(said.study)
    language, _dash, region = said.language.partition("-")
    made = datetime.fromisoformat(said.provenance["time"]) if said.provenance else None
    subtitle = [breakable(study)] if study and study not in name else []
    return {
        "title": inline(title, widest=WIDEST_IN_TITLE), "title_text": name, "running": _shortened(name),
        "study": study, "authors": authors,
        "subtitle": [*subtitle, *([_("Made on {date}", date=f"{made:%Y-%m-%d}")] if made else [])],
        "language": language.lower() if re.fullmatch("[A-Za-z]{2,3}", language) else "en",
        "region": region.upper() if re.fullmatch("[A-Za-z]{2}", region) else None,
        "date": list(made.utctimetuple()[:6]) if made else None,
        "synthetic": said.synthetic,
        "funding": _funding(said), "cover": cover, "words": _words(),
        "contents": sum(isinstance(block, Heading) for block in body) >= CONTENTS_FROM,
        "blocks": list(_shown(body, bool(said.provenance))),
    }


def picture_file(figure: Figure) -> str:
    """The name of the figure's file beside the template: the drawing if there is one."""
    return f"figure-{figure.number}.{'svg' if figure.svg else 'png'}"


def _words() -> dict[str, str]:
    return {
        "contents": _("Contents"),
        "note": _("Note."),
        "synthetic": _("Synthetic data."),
        "made-up": _("Every answer was made up by a program; nothing here says anything about real schools or teachers."),
    }


def _shortened(title: str) -> str:
    """As much of the title as one line above the text holds."""
    if ems(title) <= RUNNING_TITLE:
        return title
    kept = next(title[:length] for length in range(len(title), -1, -1) if ems(title[:length]) < RUNNING_TITLE)
    return f"{kept.rstrip()}…"


def _funding(said: About) -> dict | None:
    if not said.funding:
        return None
    paragraphs = [breakable(text) for text in (said.funding.statement, said.funding.disclaimer) if text]
    return {"emblem": said.funding.emblem == "eu", "alt": EMBLEM_ALT, "paragraphs": paragraphs}


def _shown(body: list[Block], provenance: bool) -> Iterator[dict]:
    """The blocks one after another; the last section, on what made the report, begins a page."""
    anchors = frozenset(block.anchor for block in body if isinstance(block, Heading))
    top = min((block.level for block in body if isinstance(block, Heading)), default=1)
    last = max((at for at, block in enumerate(body) if isinstance(block, Heading)), default=-1)
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
                yield _figure(block)
            case Table() if block.headings:
                yield _table(block)


def _flow(markdown: str, anchors: frozenset[str]) -> Iterator[dict]:
    for is_table, nodes in groupby(content(markdown, anchors), lambda node: node["kind"] == "table"):
        if is_table:
            yield from (_table(Table(0, "", node["headings"], node["rows"], [], node["text"])) for node in nodes)
        else:
            yield {"kind": "flow", "body": list(nodes)}


def _figure(block: Figure) -> dict:
    alt = clean(block.alt) or clean(block.caption) or f"{_('Figure')} {block.number}"
    return {"kind": "figure", "label": _label(_("Figure"), block), "caption": breakable(block.caption), "alt": alt,
            "file": picture_file(block), "width": _width(block)}


def _label(kind: str, block: Figure | Table) -> str:
    return f"{kind} {block.number}{'.' if block.caption else ''}" if block.number else ""


def _width(block: Figure) -> float:
    """Millimetres in print: what the figure says, for a plain picture its size on a screen; never wider than the text."""
    natural = int.from_bytes(block.png[16:20], "big") * 25.4 / SCREEN_DOTS
    return min(block.width if block.svg else natural, TEXT_WIDTH / MM)


def _table(block: Table) -> dict:
    chosen = layout(block)
    parts = [_part(block, chosen, part, at) for at, part in enumerate(chosen.parts)]
    around = sum(ems(clean(text)) * NOTE_SIZE / TEXT_WIDTH + 1 for text in (block.caption, *block.notes)) * NOTE_LINE
    whole = len(parts) == 1 and sum(row_heights(chosen)) + around <= WHOLE_TABLE
    return {"kind": "table", "caption": breakable(block.caption), "size": chosen.size, "turned": chosen.turned,
            "whole": whole, "parts": parts, "notes": [breakable(note) for note in block.notes]}


def _part(block: Table, chosen: Layout, part: Part, at: int) -> dict:
    last = len(part.columns) - 1
    further = _("Table {number}, further columns", number=block.number) + ("." if block.caption else "")
    gaps = [chosen.gap * (0.5 if each in (0, last) else 1) if last else 0 for each in range(last + 1)]
    spans, heights = row_groups(chosen), row_heights(chosen)[1:]
    rows = [[_cell(row[each]) | {"breaks": height > HIGH_ROW, "span": 1 if each else span}
             for each in part.columns if each or span]
            for row, span, height in zip(chosen.rows, spans, heights, strict=True)]
    return {
        "label": _label(_("Table"), block) if not at or not block.number else further, "gap": chosen.gap,
        "widths": [width + gap for width, gap in zip(part.widths, gaps, strict=True)],
        "right": [each not in chosen.words for each in part.columns],
        "headings": [_cell(chosen.headings[each]) for each in part.columns], "rows": rows,
        "starts": [at + 1 for at in range(1, len(spans)) if spans[at] > 1 or (spans[at] and not spans[at - 1])],
    }


def _cell(cell: Cell) -> dict:
    return {"lines": list(cell.lines), "mono": cell.mono}
