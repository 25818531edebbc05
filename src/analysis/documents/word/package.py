"""The file around a Word document: an empty one of our own, a template opened with care, and the bytes in the end."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import quoteattr

from docx import Document
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.exceptions import PackageNotFoundError
from lxml import etree

from .xml import W

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
        document = Document(str(path))
        if document.element.body is None:
            raise ValueError("no body")
        document.part._styles_part  # noqa: B018  (makes one where the template has none)
    except ValueError as error:
        if "content type" in str(error):
            raise TemplateError(f"{name} is a Word file of another kind (a .dotx, .docm or .dotm under another name); "
                                "open it in Word and save it as .docx.") from error
        raise TemplateError(_broken(name)) from error
    except (PackageNotFoundError, KeyError, AttributeError, etree.XMLSyntaxError, zipfile.BadZipFile, OSError,
            NotImplementedError, RuntimeError, TypeError) as error:
        raise TemplateError(_broken(name)) from error
    return document


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


def _broken(name: str) -> str:
    return f"{name} is damaged or no Word document; expected a .docx that Word opens without repairing it."


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
