"""A document's blocks as the data that the Typst template `report.typ` sets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from .about import About, Words, title_of
from .columns import HIGH_ROW, POINTS_A_MM, Layout, follows_numbers, layout
from .markdown import plain_text
from .shapes import Block, Figure, Heading, Paragraph, Table, grouped, heads_group, split_caption
from .typeface import ems
from .typst_text import breakable, clean, content, inline

TEXT_WIDTH = 160
"""Millimetres."""
SIZES = (8.5, 8.0, 7.5, 7.0)
CELL_PADDING = 2.5
"""Millimetres left and right of a cell's text, together."""
SCREEN_DOTS = 96
"""Dots per inch that a picture without a width of its own is taken to have."""
WIDEST_IN_TITLE, WIDEST_IN_HEADING = 18.0, 26.0
RUNNING_TITLE, RUNNING_NOTICE = 44.0, 12.0
"""Ems that a word may take in larger type, and the title and the notice above each page."""
NOTHING = "–"
"""In place of a heading that says nothing, since PDF/UA allows none."""
CONTENTS_FROM = 4
EMBLEM = "emblem.svg"


def typst_data(found: list[Block], said: About, authors: list[str]) -> dict:
    """All that the template shows, as plain values that JSON can hold."""
    title, body = title_of(found, said)
    name, subtitle = clean(plain_text(title)).strip() or NOTHING, clean(said.subtitle)
    language, _dash, region = said.language.partition("-")
    made = datetime.fromisoformat(said.made) if said.made else None
    below = [breakable(subtitle)] if subtitle and subtitle not in name else []
    below += [said.words("made", date=f"{made:%Y-%m-%d}")] if made else []
    return {
        "title": inline(title, widest=WIDEST_IN_TITLE), "title_text": name, "running": _shortened(name, RUNNING_TITLE),
        "subject": subtitle, "authors": authors, "subtitle": below,
        "language": language.lower() if re.fullmatch("[A-Za-z]{2,3}", language) else "en",
        "region": region.upper() if re.fullmatch("[A-Za-z]{2}", region) else None,
        "date": list(made.utctimetuple()[:6]) if made else None,
        "notice": [breakable(text) for text in said.notice] if any(said.notice) else None,
        "running_notice": _shortened(clean(said.notice[0]), RUNNING_NOTICE),
        "imprint": {"emblem": EMBLEM if said.imprint.emblem else None, "alt": clean(said.imprint.alt) or NOTHING,
                    "paragraphs": [breakable(text) for text in said.imprint.paragraphs]} if said.imprint else None,
        "cover": bool(said.subtitle or said.imprint or said.made),
        "words": {"contents": said.words["contents"], "note": said.words["note"]},
        "compact": said.compact,
        "contents": not said.compact and sum(isinstance(block, Heading) for block in body) >= CONTENTS_FROM,
        "blocks": list(_shown(body, said.words)),
    }


def picture_file(figure: Figure) -> str:
    """The name of the figure's file beside the template: the drawing if there is one."""
    return f"figure-{figure.number}.{'svg' if figure.svg else 'png'}"


def _shortened(text: str, widest: float) -> str:
    """As much of the text as the line above each page holds."""
    if ems(text) <= widest:
        return text
    kept = next(text[:length] for length in range(len(text), -1, -1) if ems(text[:length]) < widest)
    return f"{kept.rstrip()}…"


def _shown(body: list[Block], words: Words) -> Iterator[dict]:
    anchors = frozenset(block.anchor for block in body if not isinstance(block, Paragraph))
    top = min((block.level for block in body if isinstance(block, Heading)), default=1)
    level = 0
    for block in body:
        match block:
            case Heading():
                if block.new_page:
                    yield {"kind": "pagebreak"}
                level = min(block.level - top + 1, level + 1)
                shown = inline(block.text, anchors, WIDEST_IN_HEADING) if plain_text(block.text) else [NOTHING]
                yield {"kind": "heading", "level": level, "anchor": block.anchor, "body": shown}
            case Paragraph():
                for is_table, nodes in groupby(content(block.markdown, anchors), lambda node: node["kind"] == "table"):
                    if is_table:
                        yield from (typst_table(Table(0, "", node["headings"], node["rows"], [], node["text"]), words)
                                    for node in nodes)
                    else:
                        yield {"kind": "flow", "body": list(nodes)}
            case Figure():
                label = f"{words['figure']} {block.number}"
                title, details = split_caption(block.caption)
                headed = f"{_stopped(label, block)} {title}{'.' if details else ''}".strip()
                yield {"kind": "figure", "anchor": block.anchor, "label": breakable(headed), "width": _width(block),
                       "caption": breakable(details), "file": picture_file(block),
                       "alt": clean(block.alt) or clean(block.caption) or label}
            case Table() if block.headings:
                yield typst_table(block, words)


def _stopped(label: str, block: Figure | Table) -> str:
    return f"{label}." if block.caption else label


def _width(block: Figure) -> float:
    """Millimetres in print: what the figure says, for a plain picture its size on a screen; never wider than the text."""
    natural = int.from_bytes(block.png[16:20], "big") * 25.4 / SCREEN_DOTS
    return min(block.width if block.svg else natural, TEXT_WIDTH)


def typst_table(block: Table, words: Words | None = None) -> dict:
    """The table in one or more parts; a name in the first column stands beside all rows that it is for."""
    laid, words = layout(block, TEXT_WIDTH, SIZES, CELL_PADDING), words or Words()
    counts = grouped(block.rows)
    fits = 0 in block.text and all(laid.kept(at, count) for at, count in enumerate(counts))
    spans = counts if fits else [1] * len(counts)
    labels = [words("table"), *[words("further", number=block.number)] * (len(laid.parts) - 1)]
    labels[0] += f" {block.number}"
    return {"kind": "table", "anchor": block.anchor, "caption": breakable(block.caption), "size": laid.size,
            "whole": laid.whole, "notes": [breakable(note) for note in block.notes],
            "parts": [{"label": _stopped(label, block) if block.number else ""} | _part(block, laid, spans, *part)
                      for label, part in zip(labels, laid.parts, strict=True)]}


def _part(block: Table, laid: Layout, spans: list[int], columns: list[int], widths: list[float]) -> dict:
    ems_wide = [(width - CELL_PADDING) * POINTS_A_MM / laid.size for width in widths]

    def cells(row: list[str], span: int, high: bool) -> list[dict]:
        if heads_group(row):
            return [{"lines": [breakable(row[0], sum(ems_wide))], "breaks": high, "span": 1, "across": len(columns)}]
        return [{"lines": [breakable(line, wide) for line in laid.cell(row[at], at).split("\n")], "breaks": high,
                 "span": 1 if at else span, "across": 1}
                for at, wide in zip(columns, ems_wide, strict=True) if at or span]

    return {
        "widths": widths, "right": [at not in block.text for at in columns],
        "after": [follows_numbers(block, at) for at in columns],
        "headings": cells(block.headings, 1, False),
        "rows": [cells(*row) for row in zip(block.rows, spans, (high > HIGH_ROW for high in laid.heights), strict=True)],
        "starts": [at + 1 for at in range(1, len(spans))
                   if spans[at] > 1 or (spans[at] and not spans[at - 1]) or heads_group(block.rows[at])],
    }
