"""Where in a document the report goes, and the pages it stands on: upright ones, and turned ones for wide tables."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass

from docx import Document
from docx.oxml.parser import parse_xml
from lxml import etree

from .package import PAGE, TemplateError
from .xml import W, add_properties, is_a, paragraph, w

MARKER = "{{report}}"
MARKED = re.compile(r"\{\{\s*report\s*\}\}", re.IGNORECASE)
TWIPS_A_MM = 1440 / 25.4
CONTENT = ("t", "drawing", "pict", "object", "tbl", "sdt")
FIRST_ONLY = ("titlePg", "pgNumType", "type")


@dataclass
class Place:
    """`section` are the page settings where the report stands, `before` the element it goes in front of.

    `has_text` says whether the document holds text or pictures of its own.
    """

    body: etree._Element
    before: etree._Element
    section: etree._Element
    has_text: bool


def insertion_point(document: Document, name: str = "") -> Place:
    """The place of the paragraph `{{report}}`, else the document's end.

    Raises `TemplateError` where the marker stands twice or is not a paragraph of its own.
    """
    body = document.element.body
    last = body.find(f"{{{W}}}sectPr")
    if last is None:
        last = parse_xml(PAGE)
        body.append(last)
    marked = [each for each in body.iter(f"{{{W}}}p") if MARKED.search(_text(each))]
    if len(marked) > 1:
        raise TemplateError(f"{name}: {MARKER} stands there {len(marked)} times; expected it once.")
    if marked and (marked[0].getparent() is not body or not MARKED.fullmatch(_text(marked[0]).strip())):
        raise TemplateError(f"{name}: {MARKER} must be a paragraph of its own, outside of tables and text boxes.")
    if not marked:
        has_text = any(next(body.iter(f"{{{W}}}{tag}"), None) is not None for tag in CONTENT)
        if not has_text:
            for child in [each for each in body if is_a(each, "p") and each.find(f".//{{{W}}}sectPr") is None]:
                body.remove(child)
        return Place(body, last, last, has_text)
    marker = marked[0]
    section = next(each for each in [marker, *marker.itersiblings()] for each in _sections(each))
    for child in list(marker):
        if not is_a(child, "pPr"):
            marker.remove(child)
    if marker.find(f".//{{{W}}}sectPr") is None:
        following = marker.getnext()
        body.remove(marker)
        marker = following
    elif (style := marker.find(f"{{{W}}}pPr/{{{W}}}pStyle")) is not None:
        style.getparent().remove(style)
    has_text = any(next(body.iter(f"{{{W}}}{tag}"), None) is not None for tag in CONTENT)
    return Place(body, marker, section, has_text)


class Pages:
    """Puts content in its place, and wide content on turned pages."""

    def __init__(self, place: Place, break_style: str):
        self._place = place
        self._break_style = break_style
        self._turned = False
        self._begun = False
        self._last: etree._Element | None = None

    def text_width(self, turned: bool = False) -> float:
        """Millimetres between the margins."""
        size, margins = _measures(self._place.section)
        width = (size[1] - margins["top"] - margins["bottom"] if turned and not self._is_wide()
                 else size[0] - margins["left"] - margins["right"] - margins["gutter"])
        columns = self._place.section.find(f"{{{W}}}cols")
        number = int(columns.get(f"{{{W}}}num", 1)) if columns is not None and not turned else 1
        if number > 1:
            width = (width - (number - 1) * int(columns.get(f"{{{W}}}space", 708))) / number
        return max(width / TWIPS_A_MM, 20)

    def text_height(self) -> float:
        """Millimetres between the upper and the lower margin of an upright page."""
        size, margins = _measures(self._place.section)
        return max((size[1] - margins["top"] - margins["bottom"]) / TWIPS_A_MM, 20)

    def add(self, elements: list[etree._Element], turned: bool = False) -> None:
        """Append content on pages of that direction."""
        if turned != self._turned:
            self._end_section()
            self._turned = turned
        for element in elements:
            self._place.before.addprevious(element)
            self._last = element

    def finish(self) -> None:
        """What follows the report stands on upright pages again."""
        if self._turned and not self._is_wide():
            if self._place.before is self._place.section:
                _turn(self._place.section)
            else:
                self._end_section()
            self._turned = False

    def _end_section(self) -> None:
        last = self._last
        if last is None and not self._place.has_text:
            return
        if last is None or not is_a(last, "p") or last.find(f".//{{{W}}}sectPr") is not None:
            last = paragraph(self._break_style, [])
            self._place.before.addprevious(last)
            self._last = last
        add_properties(last, self._section())

    def _section(self) -> etree._Element:
        section = copy.deepcopy(self._place.section)
        if self._begun:
            for name in FIRST_ONLY:
                for child in section.findall(f"{{{W}}}{name}"):
                    section.remove(child)
        if not self._begun:
            for name in FIRST_ONLY:
                for child in self._place.section.findall(f"{{{W}}}{name}"):
                    self._place.section.remove(child)
        self._begun = True
        if self._turned and not self._is_wide():
            _turn(section)
        return section

    def _is_wide(self) -> bool:
        size, _ = _measures(self._place.section)
        return size[0] > size[1]


def _turn(section: etree._Element) -> None:
    size, margins = _measures(section)
    page = section.find(f"{{{W}}}pgSz")
    if page is None:
        page = w("pgSz")
        references = [each for each in section if etree.QName(each).localname in ("headerReference", "footerReference")]
        section.insert(len(references), page)
    for name, value in (("w", size[1]), ("h", size[0]), ("orient", "landscape")):
        page.set(f"{{{W}}}{name}", str(value))
    margin = section.find(f"{{{W}}}pgMar")
    if margin is None:
        return
    for side, turned in (("top", "left"), ("right", "top"), ("bottom", "right"), ("left", "bottom")):
        margin.set(f"{{{W}}}{side}", str(margins[turned]))


def _measures(section: etree._Element) -> tuple[tuple[int, int], dict[str, int]]:
    """Page size (width, height) and margins in twentieths of a point."""
    page, margin = section.find(f"{{{W}}}pgSz"), section.find(f"{{{W}}}pgMar")

    def number(element, name, default):
        return abs(int(float(element.get(f"{{{W}}}{name}", default)))) if element is not None else default

    size = number(page, "w", 11906), number(page, "h", 16838)
    defaults = {"top": 1417, "right": 1417, "bottom": 1417, "left": 1417, "gutter": 0}
    return size, {side: number(margin, side, default) for side, default in defaults.items()}


def _sections(element: etree._Element) -> list[etree._Element]:
    if is_a(element, "sectPr"):
        return [element]
    return element.findall(f"{{{W}}}pPr/{{{W}}}sectPr")


def _text(element: etree._Element) -> str:
    return "".join(each.text or "" for each in element.iter(f"{{{W}}}t"))
