"""The document's blocks as the content of a Word document."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from zlib import crc32

from docx.document import Document
from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.shape import InlineShape
from docx.shared import Length, Mm, Twips
from lxml import etree

from ..about import Words
from ..columns import layout
from ..markdown import SAFE
from ..shapes import Block, Figure, Heading, Paragraph, Table, split_caption
from .markdown import Markdown
from .styles import Styles
from .tables import PADDING, SIZES, notes_elements, table_element
from .template import Place
from .xml import R, Runs, W, add_properties, field, one_line, paragraph, w

ROOM_FOR_CAPTION = Mm(35)
"""What a picture leaves of a page for its caption."""
DEEPEST = 5
SCREEN_DOTS = 96
SHORTEST = 15
"""Signs that a text alternative has at least."""


class Story:
    """Puts the content of a report in its place; numbers, bookmarks and links go on from those the document has.

    `found` are the blocks to come, which links may lead to, `shift` is what a heading's level loses.
    """

    def __init__(self, document: Document, place: Place, found: list[Block], words: Words, runs: Runs, shift: int):
        self._targets = {block.anchor: block for block in found if not isinstance(block, Paragraph)}
        self.words = words
        self.styles = Styles(document)
        self.runs = runs
        self.shift = shift
        self._place = place
        self._part = document.part
        self._markdown = Markdown(self.styles, runs, self._linked, self._plain_table)
        starts = list(document.element.body.iter(f"{{{W}}}bookmarkStart"))
        self._bookmarks = {each.get(f"{{{W}}}name") for each in starts}
        self._last_bookmark = max((int(each.get(f"{{{W}}}id", 0)) for each in starts), default=0)
        self.tables, self.figures = _counted(place) if place.has_text else (0, 0)
        section = place.section
        size = [section.page_width or Mm(210), section.page_height or Mm(297)]
        edges = [each or 0 for each in (section.left_margin, section.right_margin, section.gutter)]
        self.width = Length(max(_of_column(size[0] - sum(edges), section._sectPr), Mm(20)))
        self._height = Length(max(size[1] - (section.top_margin or 0) - (section.bottom_margin or 0), Mm(20)))

    def add(self, *elements: etree._Element) -> None:
        for element in elements:
            self._place.before.addprevious(element)

    def add_block(self, block: Block, new_page: bool = False) -> None:
        """The block's elements, on a new page if asked for."""
        if isinstance(block, Heading):
            made = [self.heading(block.text, max(block.level - self.shift, 1), bookmark(block))]
            new_page = new_page or block.new_page
        elif isinstance(block, Paragraph):
            made = self._markdown.paragraphs(block.markdown)
        else:
            made = list(self._table(block) if isinstance(block, Table) else self._figure(block))
        if new_page and made:
            add_properties(made[0], w("pageBreakBefore"))
        self.add(*made)

    def heading(self, text: str, level: int, mark: str, *properties: etree._Element) -> etree._Element:
        """A heading of a level (1 is the outermost); level 0 is the title."""
        style = self.styles["title" if level == 0 else f"heading {min(level, DEEPEST)}"]
        return paragraph(style, self._marked(mark, self._markdown.inline(text)), *properties)

    def numbered(self, block: Figure | Table) -> str:
        """“Table 3”, counting what the document has in front of the report."""
        before, word = (self.tables, "table") if isinstance(block, Table) else (self.figures, "figure")
        return f"{self.words[word]} {block.number + before}"

    def picture(self, style: str, png: bytes, width: Length, alt: str, title: str = "") -> etree._Element | None:
        """A paragraph of that style with a picture, kept with what follows; None where the bytes are no picture."""
        try:
            inline = self._part.new_pic_inline(io.BytesIO(png), min(width, self.width))
        except (UnrecognizedImageError, InvalidImageStreamError, UnexpectedEndOfFileError, KeyError, ValueError):
            return None
        shape, tallest = InlineShape(inline), self._height - ROOM_FOR_CAPTION
        if shape.height > tallest:
            shape.width, shape.height = Length(shape.width * tallest // shape.height), tallest
        for name, said in (("descr", alt), ("title", title)):
            inline.docPr.set(name, one_line(said))
        return paragraph(self.styles[style], [w("r", w("drawing", inline))], w("keepNext"))

    def _caption(self, kind: str, block: Figure | Table, text: str, *properties: etree._Element) -> etree._Element:
        """“Table 3. What it shows”, the number as a field that Word counts anew."""
        word, _space, number = self.numbered(block).rpartition(" ")
        counted = field(f"SEQ {kind} \\* ARABIC", self.runs(number, bold=True), bold=True)
        label = [*self.runs(f"{word} ", bold=True), *counted]
        content = [*self._marked(self._reference(block), label), *self.runs("." if text else "", bold=True),
                   *self.runs(f" {text}" if text else "")]
        return paragraph(self.styles["caption"], self._marked(bookmark(block), content), *properties)

    def _table(self, table: Table) -> Iterator[etree._Element]:
        yield self._caption("Table", table, table.caption, w("keepNext"))
        if table.headings:
            yield from self._table_elements(table)

    def _table_elements(self, table: Table) -> Iterator[etree._Element]:
        """The table, in parts where it is too wide for a page, and its notes."""
        laid = layout(table, self.width.mm, tuple(SIZES), PADDING)
        name = one_line(table.caption) or self.numbered(table)
        for position, (columns, widths) in enumerate(laid.parts):
            if position:
                further = self.words("further", number=table.number + self.tables)
                yield paragraph(self.styles["Table Note"], self.runs(further), w("keepNext"))
            headings = ", ".join(one_line(table.headings[column]) for column in columns)
            described = self.words("described", n=len(table.rows), names=headings)
            yield table_element(table, laid, columns, widths, self.styles, self.runs, name, described)
        yield from notes_elements(table.notes, self.words["note"], self.styles, self.runs)

    def _figure(self, figure: Figure) -> Iterator[etree._Element]:
        alt, title = one_line(figure.alt), one_line(figure.caption)
        if len(alt) < SHORTEST:
            alt = ": ".join(part for part in (self.numbered(figure), title, alt) if part)
        wide = figure.width if figure.name or figure.svg else int.from_bytes(figure.png[16:20], "big") * 25.4 / SCREEN_DOTS
        made = self.picture("Figure", figure.png, Mm(wide), alt, title)
        yield paragraph(self.styles["Figure"], self.runs(alt)) if made is None else made
        title, details = split_caption(figure.caption)
        yield self._caption("Figure", figure, title, *([w("keepNext")] if details else []))
        if details:
            yield paragraph(self.styles["Figure Note"], self.runs(details))

    def _marked(self, name: str, content: Iterable[etree._Element]) -> Iterator[etree._Element]:
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

    def _plain_table(self, headings: list[str], rows: list[list[str]], text: list[int]) -> list[etree._Element]:
        return list(self._table_elements(Table(0, self.words["table"], headings, rows, [], text)))

    def _linked(self, address: str, text: str, inner: Callable[[str], list[etree._Element]]) -> list[etree._Element]:
        """What `inner` makes in a character style, as a link; “Table 3” becomes a field that Word renews."""
        if address.casefold().startswith(SAFE):
            link = w("hyperlink", *inner(self.styles["Hyperlink"]), history=1)
            link.set(f"{{{R}}}id", self._part.relate_to(one_line(address), RT.HYPERLINK, is_external=True))
            return [link]
        block = self._targets.get(address.removeprefix("#"))
        if isinstance(block, Figure | Table) and text.rpartition("\u00a0")[2] == str(block.number):
            return list(field(f"REF {self._reference(block)} \\h \\* MERGEFORMAT", self.runs(self.numbered(block))))
        if block is not None:
            return [w("hyperlink", *inner(self.styles["Hyperlink"]), anchor=bookmark(block), history=1)]
        return inner("")

    def _reference(self, block: Figure | Table) -> str:
        """The name of the bookmark around “Table 3”, for those who refer to it."""
        kind, before = ("Table", self.tables) if isinstance(block, Table) else ("Figure", self.figures)
        return f"_Ref_{kind}_{block.number + before}"


def bookmark(block: Heading | Figure | Table) -> str:
    """The name of the bookmark that contents and lists point to; Word takes 40 letters, digits and underscores."""
    return f"_Toc_{crc32(block.anchor.encode()):08x}"


def _counted(place: Place) -> tuple[int, int]:
    """How many tables and figures with counted captions a document has in front of the report."""
    before = list(place.before.itersiblings(preceding=True))
    said = [text for element in before for text in element.itertext(f"{{{W}}}instrText")]
    said += [each.get(f"{{{W}}}instr", "") for element in before for each in element.iter(f"{{{W}}}fldSimple")]
    return tuple(sum(f"SEQ {kind}" in " ".join(text.split()) for text in said) for kind in ("Table", "Figure"))


def _of_column(width: int, section: etree._Element) -> int:
    """What one of the page's columns has of the width, both in English metric units."""
    columns = section.find(f"{{{W}}}cols")
    number = int(columns.get(f"{{{W}}}num", 1)) if columns is not None else 1
    return (width - (number - 1) * Twips(int(columns.get(f"{{{W}}}space", 708)))) // number if number > 1 else width
