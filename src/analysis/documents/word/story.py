"""The report's blocks as the content of a Word document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from lxml import etree

from analysis.words import _

from ..frames import text_columns
from ..shapes import Block, Figure, Heading, Paragraph, Table
from .markdown import Markdown
from .pictures import Pictures, alternative, screen_width
from .place import Pages
from .styles import Styles
from .tables import layout, table_elements
from .widths import Fit
from .xml import Runs, W, add_properties, field, one_line, paragraph, w

ROOM_FOR_CAPTION = 35
"""Millimetres of a page that a picture leaves for its caption."""
DEEPEST = 5
PROVENANCE = "how-this-report-was-made"
"""The anchor of the last page's heading."""


class Story:
    """Makes the content of a report; numbers, bookmarks, links and pictures go on from those the document has."""

    def __init__(self, document: Document, pages: Pages, styles: Styles, runs: Runs):
        self.styles = styles
        self.runs = runs
        self.pages = pages
        self._part = document.part
        self._pictures = Pictures(document.part)
        self.markdown = Markdown(styles, runs, self._link, self._plain_table)
        body = document.element.body
        starts = list(body.iter(f"{{{W}}}bookmarkStart"))
        self._bookmarks = {each.get(f"{{{W}}}name") for each in starts}
        self._last_bookmark = max((int(each.get(f"{{{W}}}id", 0)) for each in starts), default=0)

    def heading(self, text: str, level: int, bookmark: str, *properties: etree._Element) -> etree._Element:
        """A heading of a level (1 is the outermost); level 0 is the title."""
        style = self.styles["title" if level == 0 else f"heading {min(level, DEEPEST)}"]
        return paragraph(style, self.marked(bookmark, self.markdown.inline(text)), *properties)

    def caption(self, kind: str, number: int, text: str, bookmark: str, *properties: etree._Element) -> etree._Element:
        """“Table 3. What it shows”, the number as a field that Word counts anew."""
        counted = field(f"SEQ {kind} \\* ARABIC", self.runs(str(number), bold=True), bold=True)
        label = [*self.runs(f"{kind_name(kind)} ", bold=True), *counted]
        content = [*self.marked(f"_Ref_{kind}_{number}", label), *self.runs("." if text else "", bold=True),
                   *self.runs(f" {text}" if text else "")]
        return paragraph(self.styles["caption"], self.marked(bookmark, content), *properties)

    def table(self, table: Table, number: int, laid: Fit, bookmark: str) -> list[etree._Element]:
        return [self.caption("Table", number, table.caption, bookmark, w("keepNext")),
                *table_elements(table, number, laid, self.styles, self.runs)]

    def figure(self, figure: Figure, number: int, bookmark: str) -> list[etree._Element]:
        alt = alternative(figure.alt, figure.caption, f"Figure {number}")
        wanted = figure.width if figure.name or figure.svg else screen_width(figure.png)
        width = min(wanted, self.pages.text_width())
        picture = self.picture("Figure", figure.png, width, f"Figure {number}", alt, one_line(figure.caption))
        if picture is None:
            picture = paragraph(self.styles["Figure"], self.runs(alt))
        title, details = split_caption(figure.caption)
        keep = [w("keepNext")] if details else []
        caption = self.caption("Figure", number, title, bookmark, *keep)
        return [picture, caption, *([paragraph(self.styles["Figure Note"], self.runs(details))] if details else [])]

    def picture(self, style: str, png: bytes, width: float, name: str, alt: str, title: str) -> etree._Element | None:
        """A paragraph of that style with a picture, kept with what follows; None where the bytes are no picture."""
        run = self._pictures.run(png, width, self.pages.text_height() - ROOM_FOR_CAPTION, name, alt, title)
        return None if run is None else paragraph(self.styles[style], [run], w("keepNext"))

    def marked(self, name: str, content: Iterable[etree._Element]) -> Iterator[etree._Element]:
        """The content between the ends of a bookmark, unless the document has one of the name already."""
        if name in self._bookmarks:
            yield from content
            return
        self._bookmarks.add(name)
        self._last_bookmark += 1
        number = self._last_bookmark
        yield w("bookmarkStart", id=number, name=name)
        yield from content
        yield w("bookmarkEnd", id=number)

    def _plain_table(self, headings: list[str], rows: list[list[str]]) -> list[etree._Element]:
        table = Table(0, "", headings, rows, [], text_columns(headings, rows))
        return table_elements(table, 0, layout(table, self.pages, turning=False), self.styles, self.runs)

    def _link(self, address: str) -> str:
        return self._part.relate_to(one_line(address), RT.HYPERLINK, is_external=True)


class Numbers:
    """Numbers of tables and figures, going on from those that a document has in front of the report."""

    def __init__(self, before: Iterable[etree._Element]):
        said = [text for element in before for text in element.itertext(f"{{{W}}}instrText")]
        said += [each.get(f"{{{W}}}instr", "") for element in before for each in element.iter(f"{{{W}}}fldSimple")]
        self.tables = sum("SEQ Table" in " ".join(text.split()) for text in said)
        self.figures = sum("SEQ Figure" in " ".join(text.split()) for text in said)


def split_caption(caption: str) -> tuple[str, str]:
    """The first sentence of a figure's caption, which lists of figures show, and what follows it."""
    title, _stop, details = caption.partition(". ")
    return (title, details.strip()) if details.strip() else (caption, "")


def kind_name(kind: str) -> str:
    """The word in captions for a Table or a Figure, in the reader's language."""
    return _("Figure") if kind == "Figure" else _("Table")


def bookmark(block: Block, position: int) -> str:
    """The name of the bookmark that contents and lists point to."""
    return f"_Toc_{type(block).__name__.lower()}_{position}"


def add_blocks(story: Story, found: list[Block], shift: int, numbers: Numbers, new_page: bool) -> None:
    """Put all blocks in their place. `shift` is what a heading's level loses; `new_page` begins with a new page."""
    laid = {position: layout(block, story.pages) for position, block in enumerate(found) if isinstance(block, Table)}
    for position, block in enumerate(found):
        turned = _turned(found, laid, position)
        name = bookmark(block, position)
        if isinstance(block, Heading):
            made = [story.heading(block.text, max(block.level - shift, 1), name)]
        elif isinstance(block, Paragraph):
            made = story.markdown.paragraphs(block.markdown)
        elif isinstance(block, Table):
            made = story.table(block, block.number + numbers.tables, laid[position], name)
        else:
            made = story.figure(block, block.number + numbers.figures, name)
        if made and ((new_page and position == 0 and not turned) or _begins_provenance(block)):
            add_properties(made[0], w("pageBreakBefore"))
        story.pages.add(made, turned)
    story.pages.finish()


def _begins_provenance(block: Block) -> bool:
    return isinstance(block, Heading) and block.anchor == PROVENANCE


def _turned(found: list[Block], laid: dict[int, Fit], position: int) -> bool:
    """Whether a block stands on a turned page: a wide table, and headings right above it."""
    while position < len(found) and isinstance(found[position], Heading):
        position += 1
    return position in laid and laid[position].turned
