"""The first page: title, whether the data are synthetic, who paid, contents; and what stands on every page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from docx import Document
from lxml import etree

from analysis.words import _

from ..about import About
from ..shapes import Block, Figure, Heading, Table
from .markdown import plain_text
from .package import PARTS
from .place import TWIPS_A_MM
from .story import Numbers, Story, bookmark, kind_name, split_caption
from .xml import W, field, field_begin, field_end, one_line, paragraph, w

EMBLEM = PARTS.parent / "eu.png"
EMBLEM_WIDTH = 27
"""Millimetres; 18 high, above the 10 that are the least."""
EMBLEM_ALT = "Emblem of the European Union: twelve gold stars in a circle on blue"
FEWEST_HEADINGS = 4
FEWEST_LISTED = 3
LONGEST_HEADER = 80


def title_elements(story: Story, about: About, title: str, level: int, name: str) -> list[etree._Element]:
    """The report's title as the document's (level 0) or as that of a chapter (level 1), and the study's."""
    breaks = [w("pageBreakBefore")] if level else []
    made = [story.heading(title, level, name, *breaks)]
    if about.study and about.study.casefold() not in plain_text(title).casefold():
        made.append(paragraph(story.styles["Subtitle"], story.runs(about.study)))
    if about.synthetic:
        made.append(paragraph(story.styles["Banner"], [
            *story.runs(_("Synthetic data."), story.styles["Strong"]),
            *story.runs(" " + _("Every answer was made up by a program; nothing here says anything about real schools or "
                                "teachers."))]))
    return made


def funding_elements(story: Story, about: About) -> list[etree._Element]:
    """The funding statement with its emblem and the disclaimer."""
    funding = about.funding
    made = []
    if funding.emblem == "eu":
        made.append(story.picture("Funding", EMBLEM.read_bytes(), EMBLEM_WIDTH, "Emblem", EMBLEM_ALT,
                                  "Emblem of the European Union"))
    texts = [text for text in (funding.statement, funding.disclaimer) if text]
    for text in texts:
        keep = [w("keepNext")] if text is not texts[-1] else []
        made.append(paragraph(story.styles["Funding"], story.runs(text), *keep))
    return made


def contents_elements(story: Story, found: list[Block], shift: int, numbers: Numbers) -> list[etree._Element]:
    """Contents and lists of tables and figures, as fields that show their entries from the start; none in short reports.

    Page numbers appear when Word updates the fields: only Word knows its pages.
    """
    made = []
    headings = [(block.level - shift, plain_text(block.text), bookmark(block, position))
                for position, block in enumerate(found) if isinstance(block, Heading) and block.level - shift <= 2]
    if len(headings) < FEWEST_HEADINGS:
        return []
    made.append(_contents(story, [(f"toc {max(level, 1)}", text, name) for level, text, name in headings]))
    for kind, shape, before, name in (("Figure", Figure, numbers.figures, _("Figures")),
                                      ("Table", Table, numbers.tables, _("Tables"))):
        listed = [("table of figures", _entry(kind, block, before), bookmark(block, position))
                  for position, block in enumerate(found) if isinstance(block, shape) and block.caption]
        if len(listed) >= FEWEST_LISTED:
            made.append(_list_heading(story, name))
            made += _entries(story, f'TOC \\h \\z \\c "{kind}"', listed)
    return made


def _entry(kind: str, block: Figure | Table, before: int) -> str:
    caption = split_caption(block.caption)[0] if isinstance(block, Figure) else block.caption
    return f"{kind_name(kind)} {block.number + before}. {one_line(caption)}"


def _list_heading(story: Story, text: str) -> etree._Element:
    """A heading that stays out of contents and is not numbered, whatever a template's headings are."""
    return paragraph(story.styles["TOC Heading"], story.runs(text), w("numPr", w("ilvl", val=0), w("numId", val=0)),
                     w("outlineLvl", val=9))


def _contents(story: Story, entries: Sequence[tuple[str, str, str]]) -> etree._Element:
    heading = _list_heading(story, _("Contents"))
    return w("sdt", w("sdtPr", w("docPartObj", w("docPartGallery", val="Table of Contents"), w("docPartUnique"))),
             w("sdtContent", heading, *_entries(story, 'TOC \\o "1-2" \\h \\z \\u', entries)))


def _entries(story: Story, instruction: str, entries: Sequence[tuple[str, str, str]]) -> list[etree._Element]:
    made = []
    for style, text, name in entries:
        link = w("hyperlink", *story.runs(text), anchor=name, history=1)
        made.append(paragraph(story.styles[style], [link]))
    for position, run in enumerate(field_begin(instruction), start=1):
        made[0].insert(position, run)
    made[-1].append(field_end())
    return made


def set_header_and_footer(document: Document, story: Story, about: About, title: str) -> None:
    """Title and page numbers on every page, unless a template has headers or footers of its own."""
    section = document.sections[-1]
    if any(section._sectPr.findall(f"{{{W}}}{kind}Reference") for kind in ("header", "footer")):
        return
    section.different_first_page_header_footer = True
    tab = w("tabs", w("tab", val="right", pos=round(story.pages.text_width() * TWIPS_A_MM)))
    short = title if len(title) <= LONGEST_HEADER else f"{title[:LONGEST_HEADER - 1].rstrip()}…"
    head = [*story.runs(short), *(story.runs("\t" + _("Synthetic data")) if about.synthetic else [])]
    _fill(section.header, paragraph(story.styles["header"], head, tab))
    _fill(section.first_page_header, paragraph(story.styles["Normal"], []))
    for footer in (section.footer, section.first_page_footer):
        said = re.split("{page}|{pages}", _("Page {page} of {pages}"))
        fields = [*field("PAGE", story.runs("1"))], [*field("NUMPAGES", story.runs("1"))]
        pages = [run for part, value in zip(said, (*fields, []), strict=False) for run in (*story.runs(part), *value)]
        _fill(footer, paragraph(story.styles["footer"], pages, w("jc", val="right")))


def _fill(part, made: etree._Element) -> None:
    part.is_linked_to_previous = False
    holder = part._element
    for child in list(holder):
        holder.remove(child)
    holder.append(made)
