"""A template opened with care: what fetches or runs something is refused; and where in it the report goes."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.exceptions import PackageNotFoundError
from docx.package import Package
from docx.section import Section
from docx.shared import Mm
from lxml import etree

from ..markdown import SAFE
from .xml import W, is_a, one_line

MARKER = "{{report}}"
MARKED = re.compile(r"\{\{\s*report\s*\}\}", re.IGNORECASE)
CONTENT = ("t", "drawing", "pict", "object", "tbl", "sdt")
A4 = {"page_width": 210, "page_height": 297, "left_margin": 25, "right_margin": 25, "top_margin": 25, "bottom_margin": 25}
"""For a template that says nothing of its pages."""
LARGEST = 300_000_000
MOST_PARTS = 10_000
PROGRAMS = re.compile("macroenabled|vbaproject|vbadata|activex|oleobject")
FETCHING = re.compile(r"\n\s*(DATABASE|DDE|DDEAUTO|IMPORT|INCLUDE|INCLUDEPICTURE|INCLUDETEXT|LINK)\b", re.IGNORECASE)
"""Fields whose result comes from other files or programs."""
LONGEST_TARGET = 100


class TemplateError(ValueError):
    """A template that can't be used; the message is a sentence for whoever chose it."""


@dataclass(frozen=True)
class Place:
    """`before` is the element that the report goes in front of, `section` the page settings it stands under.

    `has_text` says whether the document holds text or pictures of its own, `marked` whether the place is one it names.
    """

    before: etree._Element
    section: Section
    has_text: bool
    marked: bool


def checked_template(path: Path) -> bool:
    """Whether the template says where the report goes: by the mark, or as it has no text of its own.

    Raises `TemplateError` where it can't be used.
    """
    place = insertion_point(opened_template(path), path.name)
    return place.marked or not place.has_text


def opened_template(path: Path) -> Document:
    """The document at `path`; `TemplateError` unless it is a .docx that can be opened and is of a sane size."""
    name = path.name
    try:
        with zipfile.ZipFile(path) as package:
            members = package.infolist()
    except (OSError, zipfile.BadZipFile) as error:
        if not path.is_file():
            raise TemplateError(f"{name}: there is no such file; expected a Word document (.docx).") from error
        raise TemplateError(f"{name} is no Word document; expected a .docx as Word saves it, without a password."
                            ) from error
    if len(members) > MOST_PARTS or sum(member.file_size for member in members) > LARGEST:
        raise TemplateError(f"{name} unpacks to more than {LARGEST // 1_000_000} MB; "
                            "expected a template with fewer or smaller pictures.")
    try:
        _refuse_entities(path)
        package = Package.open(str(path))
        _refuse_programs(package, name)
        part = package.main_document_part
        if part.content_type != CT.WML_DOCUMENT_MAIN:
            raise TemplateError(f"{name} is a Word file of another kind (a .dotx under another name, say); "
                                "open it in Word and save it as .docx.")
        _refuse_references(package, name)
        if part.element.body is None:
            raise ValueError("no body")
        part._styles_part  # noqa: B018  (makes one where the template has none)
    except TemplateError:
        raise
    except (PackageNotFoundError, KeyError, AttributeError, etree.XMLSyntaxError, expat.ExpatError, zipfile.BadZipFile,
            OSError, NotImplementedError, RuntimeError, TypeError, ValueError) as error:
        raise TemplateError(f"{name} is damaged or no Word document; expected a .docx that Word opens without repairing it."
                            ) from error
    return part.document


def _refuse_entities(path: Path) -> None:
    """No document that Word saves declares a document type; whoever reads its entities may be made to read other files."""
    def refuse(*_declared) -> None:
        raise TemplateError(f"{path.name} declares XML entities (in {member.filename}), as no program for documents does; "
                            "expected a .docx as Word saves it.")

    def stop(*_element) -> None:
        raise StopIteration

    with zipfile.ZipFile(path) as package:
        for member in package.infolist():
            if member.filename.lower().endswith(".svg"):
                continue
            parser = expat.ParserCreate()
            parser.StartDoctypeDeclHandler, parser.StartElementHandler = refuse, stop
            try:
                with package.open(member) as stream:
                    parser.ParseFile(stream)
            except StopIteration:
                continue
            except expat.ExpatError:
                if member.filename.lower().endswith((".xml", ".rels")):
                    raise


def _refuse_programs(package: Package, name: str) -> None:
    kinds = [part.content_type for part in package.iter_parts()] + [relation.reltype for relation in package.iter_rels()]
    if any(PROGRAMS.search(kind.casefold()) for kind in kinds):
        raise TemplateError(f"{name} holds macros or other programs; open it in Word and save it as .docx without them.")


def _refuse_references(package: Package, name: str) -> None:
    """Links for readers to follow may stay; what Word would fetch as it opens the document may not."""
    for relation in package.iter_rels():
        kind = relation.reltype.rpartition("/")[2]
        linked = relation.reltype == RT.HYPERLINK and relation.target_ref.casefold().startswith(SAFE)
        if kind == "aFChunk" or (relation.is_external and not linked):
            target = one_line(relation.target_ref)[:LONGEST_TARGET]
            raise TemplateError(f"{name} refers to something outside of it ({kind}: “{target}”); "
                                "take that out in Word, or put it into the document, and save it as .docx again.")
    for part in package.iter_parts():
        if part.content_type.endswith("xml") and (found := FETCHING.search(_instructions(part.blob))):
            raise TemplateError(f"{name} has a field that fetches other files ({found[1].upper()}); "
                                "in Word, turn it into text with Ctrl+Shift+F9 and save the document again.")


def _instructions(xml: bytes) -> str:
    """What the fields of a part say, each on a line of its own."""
    root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False))
    found = []
    for element in root.iter(f"{{{W}}}fldSimple", f"{{{W}}}fldChar", f"{{{W}}}instrText"):
        begins = element.tag != f"{{{W}}}instrText"
        found.append("\n" + element.get(f"{{{W}}}instr", "") if begins else element.text or "")
    return "".join(found)


def insertion_point(document: Document, name: str = "") -> Place:
    """The place of the paragraph `{{report}}`, else the document's end.

    Raises `TemplateError` where the marker stands twice or is not a paragraph of its own.
    """
    body = document.element.body
    if not len(document.sections) or not is_a(body[-1], "sectPr"):
        body.get_or_add_sectPr()
        for name_of, millimetres in A4.items():
            setattr(document.sections[-1], name_of, Mm(millimetres))
    marked = [each for each in body.iter(f"{{{W}}}p") if MARKED.search(_text(each))]
    if len(marked) > 1:
        raise TemplateError(f"{name}: {MARKER} stands there {len(marked)} times; expected it once.")
    if marked and (marked[0].getparent() is not body or not MARKED.fullmatch(_text(marked[0]).strip())):
        raise TemplateError(f"{name}: {MARKER} must be a paragraph of its own, outside of tables and text boxes.")
    if not marked:
        has_text = _has_text(body)
        if not has_text:
            for child in [each for each in body if is_a(each, "p") and not each.xpath(".//w:sectPr")]:
                body.remove(child)
        return Place(document.sections[-1]._sectPr, document.sections[-1], has_text, False)
    marker = marked[0]
    following = marker.xpath(".//w:sectPr | following::w:sectPr")
    section = next(each for each in document.sections if each._sectPr in following)
    for child in list(marker):
        if not is_a(child, "pPr"):
            marker.remove(child)
    before = marker
    if not marker.xpath(".//w:sectPr"):
        before = marker.getnext()
        body.remove(marker)
    return Place(before, section, _has_text(body), True)


def _has_text(body: etree._Element) -> bool:
    return next(body.iter(*(f"{{{W}}}{tag}" for tag in CONTENT)), None) is not None


def _text(element: etree._Element) -> str:
    return "".join(each.text or "" for each in element.iter(f"{{{W}}}t"))
