"""The XML of a Word document: elements, text that XML can hold, runs, fields, bookmarks and paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
GEORGIAN = re.compile("([\u10a0-\u10ff\u1c90-\u1cbf\u2d00-\u2d2f]"
                      "(?:[\\s\u10a0-\u10ff\u1c90-\u1cbf\u2d00-\u2d2f]*[\u10a0-\u10ff\u1c90-\u1cbf\u2d00-\u2d2f])?)")
GEORGIAN_TAG, GEORGIAN_FONT = "ka-GE", "Sylfaen"
"""Hardly any Latin font has Georgian letters."""
PARAGRAPH_ORDER = ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "numPr", "pBdr", "shd", "tabs", "spacing", "ind",
                   "jc", "outlineLvl", "rPr", "sectPr")
"""The order that the schema of WordprocessingML prescribes for the properties of a paragraph."""


def w(tag: str, *children: etree._Element, **attributes: object) -> etree._Element:
    """An element of WordprocessingML with attributes of the same namespace."""
    element = etree.Element(f"{{{W}}}{tag}", {f"{{{W}}}{name}": str(value) for name, value in attributes.items()})
    element.extend(children)
    return element


def is_a(element: etree._Element, tag: str) -> bool:
    return element.tag == f"{{{W}}}{tag}"


def text_for_xml(text: str) -> str:
    """The text with a replacement sign for each that XML has no place for."""
    return NOT_IN_XML.sub("\ufffd", text)


def one_line(text: str) -> str:
    """The text for an attribute: no line breaks, no runs of white space."""
    return " ".join(text_for_xml(text).split())


class Runs:
    """Makes runs of text. `language` is the tag of all but Georgian letters, empty where it is the document's."""

    def __init__(self, language: str = ""):
        self._language = language

    def __call__(self, text: str, style: str = "", raised: bool = False, bold: bool = False) -> list[etree._Element]:
        """Runs for a text with a character style; tabs and line breaks become Word's own."""
        return [self._run(piece, style, raised, bold, bool(position % 2))
                for position, piece in enumerate(GEORGIAN.split(text_for_xml(text))) if piece]

    def _run(self, text: str, style: str, raised: bool, bold: bool, georgian: bool) -> etree._Element:
        language = GEORGIAN_TAG if georgian else self._language
        properties = [w("rStyle", val=style)] if style else []
        properties += [w("rFonts", ascii=GEORGIAN_FONT, hAnsi=GEORGIAN_FONT, cs=GEORGIAN_FONT)] if georgian else []
        properties += [w("b"), w("bCs")] if bold else []
        properties += [w("vertAlign", val="superscript")] if raised else []
        properties += [w("lang", val=language)] if language else []
        parts = [part for part in re.split("(\t|\r\n|\r|\n)", text) if part]
        return w("r", *([w("rPr", *properties)] if properties else []),
                 *(w("tab") if part == "\t" else w("br") if part[0] in "\r\n" else _text("t", part) for part in parts))


def field(instruction: str, result: Iterable[etree._Element], bold: bool = False) -> Iterator[etree._Element]:
    """The runs of a field that Word can compute anew, and what it shows until then."""
    yield from field_begin(instruction, bold)
    yield from result
    yield field_end(bold)


def field_begin(instruction: str, bold: bool = False) -> list[etree._Element]:
    return [_field_run(w("fldChar", fldCharType="begin"), bold), _field_run(_text("instrText", f" {instruction} "), bold),
            _field_run(w("fldChar", fldCharType="separate"), bold)]


def field_end(bold: bool = False) -> etree._Element:
    return _field_run(w("fldChar", fldCharType="end"), bold)


def _field_run(part: etree._Element, bold: bool) -> etree._Element:
    return w("r", w("rPr", w("b"), w("bCs")), part) if bold else w("r", part)


def paragraph(style: str, content: Iterable[etree._Element], *properties: etree._Element) -> etree._Element:
    """A paragraph of a style (its id) with further properties, in whatever order they are given."""
    made = w("p", w("pPr", w("pStyle", val=style)), *content)
    add_properties(made, *properties)
    return made


def add_properties(made: etree._Element, *properties: etree._Element) -> None:
    """Put properties into a paragraph where the schema wants them; one that it has already is replaced."""
    kept = made.find(f"{{{W}}}pPr")
    if kept is None:
        kept = w("pPr")
        made.insert(0, kept)
    for new in properties:
        for old in kept.findall(new.tag):
            kept.remove(old)
        rank = _rank(new)
        place = next((position for position, child in enumerate(kept) if _rank(child) > rank), len(kept))
        kept.insert(place, new)


def _rank(element: etree._Element) -> int:
    name = etree.QName(element).localname
    return PARAGRAPH_ORDER.index(name) if name in PARAGRAPH_ORDER else -1


def _text(tag: str, text: str) -> etree._Element:
    element = w(tag)
    element.text = text
    element.set(XML_SPACE, "preserve")
    return element
