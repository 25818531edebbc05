"""The file around a Word document: an empty one of our own, a template opened with care, and the bytes in the end."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from docx import Document
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.exceptions import PackageNotFoundError
from docx.package import Package
from lxml import etree

from .xml import W, one_line

PARTS = Path(__file__).parent.parent / "template" / "word"
LARGEST = 300_000_000
MOST_PARTS = 10_000
MADE = (1980, 1, 1, 0, 0, 0)
"""The date of every part, so that the same report gives the same bytes."""

PAGE = (f'<w:sectPr xmlns:w="{W}"><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1304" w:right="1417" w:bottom="1304" '
        'w:left="1418" w:header="624" w:footer="567" w:gutter="0"/></w:sectPr>')
"""A4 with a text width of 160 mm."""
DOCUMENT = ('<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
            'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
            f"<w:body>{PAGE}</w:body></w:document>")

PROGRAMS = re.compile("macroenabled|vbaproject|vbadata|activex|oleobject")
FETCHING = re.compile(r"\n\s*(DATABASE|DDE|DDEAUTO|IMPORT|INCLUDE|INCLUDEPICTURE|INCLUDETEXT|LINK)\b", re.IGNORECASE)
"""Fields whose result comes from other files or programs."""
HARMLESS = ("http://", "https://", "mailto:")
LONGEST_TARGET = 100

KINDS = {"/word/document.xml": CT.WML_DOCUMENT_MAIN, "/word/styles.xml": CT.WML_STYLES,
         "/word/numbering.xml": CT.WML_NUMBERING, "/word/settings.xml": CT.WML_SETTINGS}


class TemplateError(ValueError):
    """A template that can't be used; the message is a sentence for whoever chose it."""


def empty_document() -> Document:
    """A4 with a text width of 160 mm and the styles of `template/word/`."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("[Content_Types].xml", _content_types(KINDS))
        package.writestr("_rels/.rels", _relationships({"word/document.xml": RT.OFFICE_DOCUMENT}))
        package.writestr("word/document.xml", DOCUMENT)
        package.writestr("word/_rels/document.xml.rels", _relationships(
            {"styles.xml": RT.STYLES, "numbering.xml": RT.NUMBERING, "settings.xml": RT.SETTINGS}))
        for name in ("styles.xml", "numbering.xml", "settings.xml"):
            package.write(PARTS / name, f"word/{name}")
    stream.seek(0)
    return Document(stream)


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
        linked = relation.reltype == RT.HYPERLINK and relation.target_ref.casefold().startswith(HARMLESS)
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


def checked_template(path: Path) -> None:
    """Raise `TemplateError` where the template could not be used."""
    from .place import insertion_point

    insertion_point(opened_template(path), path.name)


def document_bytes(document: Document) -> bytes:
    """The .docx file; the same document gives the same bytes at any time."""
    package = document.part.package
    parts = list(package.iter_parts())
    for part in parts:
        part.before_marshal()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        def add(name: str, content: str | bytes) -> None:
            entry = zipfile.ZipInfo(name, MADE)
            entry.create_system = 0
            packed = name.lower().endswith((".png", ".jpg", ".jpeg"))
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)

        add("[Content_Types].xml", _content_types({str(part.partname): part.content_type for part in parts}))
        add("_rels/.rels", package.rels.xml)
        for part in parts:
            add(part.partname.membername, part.blob)
            if len(part.rels):
                add(part.partname.rels_uri.membername, part.rels.xml)
    return stream.getvalue()


def _content_types(kinds: dict[str, str]) -> str:
    overrides = "".join(f"<Override PartName={quoteattr(name)} ContentType={quoteattr(kind)}/>"
                        for name, kind in sorted(kinds.items()))
    return ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Default Extension="rels" ContentType="{CT.OPC_RELATIONSHIPS}"/>'
            f'<Default Extension="xml" ContentType="{CT.XML}"/>{overrides}</Types>')


def _relationships(targets: dict[str, str]) -> str:
    links = "".join(f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
                    for number, (target, kind) in enumerate(targets.items(), start=1))
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>'
