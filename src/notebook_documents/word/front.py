"""The first page: title, notice, imprint, contents; and what stands on every page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from textwrap import shorten

from docx.shared import Mm
from lxml import etree

from ..about import About
from ..markdown import plain_text
from ..pdf import drawing_png
from ..shapes import Block, Figure, Heading, Table, split_caption
from .story import Story, bookmark
from .template import Place
from .xml import W, field, field_begin, field_end, one_line, paragraph, w

EMBLEM_WIDTH, BESIDE_EMBLEM = 27, 5
"""Millimetres; 18 high for a flag, above the 10 that are the least."""
FEWEST_HEADINGS = 4
FEWEST_LISTED = 3
LONGEST_TITLE, LONGEST_NOTICE = 80, 30


def title_elements(story: Story, said: About, title: str, chapter: bool) -> Iterator[etree._Element]:
    """The title as the document's or as that of a chapter, the subtitle, and the notice."""
    heading = Heading(1, title, "report")
    yield story.heading(title, 1 if chapter else 0, bookmark(heading), *([w("pageBreakBefore")] if chapter else []))
    if said.subtitle and said.subtitle.casefold() not in plain_text(title).casefold():
        yield paragraph(story.styles["Subtitle"], story.runs(said.subtitle))
    if any(said.notice):
        short, rest = said.notice
        yield paragraph(story.styles["Banner"], [*story.runs(short, story.styles["Strong"]), *story.runs(f" {rest}")])


def imprint_elements(story: Story, said: About) -> Iterator[etree._Element]:
    """The paragraphs, kept together, beside the emblem where there is one."""
    imprint = said.imprint
    texts = [paragraph(story.styles["Funding"], story.runs(text),
                       *([w("keepNext")] if text is not imprint.paragraphs[-1] else [])) for text in imprint.paragraphs]
    if not imprint.emblem:
        yield from texts
        return
    emblem = story.picture("Funding", drawing_png(imprint.emblem, EMBLEM_WIDTH), Mm(EMBLEM_WIDTH), imprint.alt)
    left = Mm(EMBLEM_WIDTH + BESIDE_EMBLEM).twips
    cells = ((left, [emblem]), (story.width.twips - left, texts or [paragraph(story.styles["Funding"], [])]))
    yield w("tbl", w("tblPr", w("tblW", w=story.width.twips, type="dxa"), w("tblLayout", type="fixed")),
            w("tblGrid", *(w("gridCol", w=wide) for wide, _content in cells)),
            w("tr", w("trPr", w("cantSplit")), *(w("tc", w("tcPr", w("tcW", w=wide, type="dxa")), *content)
                                                for wide, content in cells)))
    yield paragraph(story.styles["After Table"], [])


def contents_elements(story: Story, found: list[Block]) -> list[etree._Element]:
    """Contents and lists of tables and figures, as fields that show their entries from the start; none in short reports.

    Page numbers are fields, too, which Word computes as it opens the document: only Word knows its pages.
    """
    headings = [(f"toc {max(block.level - story.shift, 1)}", plain_text(block.text), bookmark(block))
                for block in found if isinstance(block, Heading) and block.level - story.shift <= 2]
    if len(headings) < FEWEST_HEADINGS:
        return []
    contents = w("sdt", w("sdtPr", w("docPartObj", w("docPartGallery", val="Table of Contents"), w("docPartUnique"))),
                 w("sdtContent", _list_heading(story, story.words["contents"]),
                   *_entries(story, 'TOC \\o "1-2" \\h \\z \\u', headings)))
    made = [contents]
    for kind, shape, name in (("Figure", Figure, story.words["figures"]), ("Table", Table, story.words["tables"])):
        shown = [block for block in found if isinstance(block, shape) and block.caption]
        listed = [("table of figures", f"{story.numbered(block)}. {one_line(split_caption(block.caption)[0])}",
                   bookmark(block)) for block in shown]
        if len(listed) >= FEWEST_LISTED:
            made += [_list_heading(story, name), *_entries(story, f'TOC \\h \\z \\c "{kind}"', listed)]
    return made


def _list_heading(story: Story, text: str) -> etree._Element:
    """A heading that stays out of contents and is not numbered, whatever a template's headings are."""
    return paragraph(story.styles["TOC Heading"], story.runs(text), w("numPr", w("ilvl", val=0), w("numId", val=0)),
                     w("outlineLvl", val=9))


def _entries(story: Story, instruction: str, entries: Sequence[tuple[str, str, str]]) -> list[etree._Element]:
    made = [paragraph(story.styles[style], [w("hyperlink", *story.runs(f"{text}\t"), *field(f"PAGEREF {name} \\h", []),
                                              anchor=name, history=1)],
                      w("tabs", w("tab", val="right", leader="dot", pos=story.width.twips)))
            for style, text, name in entries]
    made[0][1:1] = field_begin(instruction)
    made[-1].append(field_end())
    return made


def set_header_and_footer(story: Story, place: Place, said: About, title: str) -> None:
    """Title and page numbers on every page, unless a template has headers or footers of its own."""
    section = place.section
    if any(section._sectPr.findall(f"{{{W}}}{kind}Reference") for kind in ("header", "footer")):
        return
    section.different_first_page_header_footer = True
    notice = shorten(said.notice[0].rstrip("."), LONGEST_NOTICE, placeholder="…")
    head = shorten(title, LONGEST_TITLE, placeholder="…") + (f"\t{notice}" if notice else "")
    tab = w("tabs", w("tab", val="right", pos=story.width.twips))
    _fill(section.header, paragraph(story.styles["header"], story.runs(head), tab))
    _fill(section.first_page_header, paragraph(story.styles["Normal"], []))
    for footer in (section.footer, section.first_page_footer):
        pages = []
        for part in re.split("({pages?})", story.words["page"]):
            code = {"{page}": "PAGE", "{pages}": "NUMPAGES"}.get(part)
            pages += field(code, story.runs("1")) if code else story.runs(part)
        _fill(footer, paragraph(story.styles["footer"], pages, w("jc", val="right")))


def _fill(part, made: etree._Element) -> None:
    part.is_linked_to_previous = False
    part._element[:] = [made]
