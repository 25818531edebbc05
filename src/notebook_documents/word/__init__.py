"""The document for Word: editable tables, real styles, fields that Word renumbers, the deliverable's own template."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from lxml import etree
from nbformat import NotebookNode

from ..about import About, about, authors, title_of
from ..blocks import blocks
from ..markdown import plain_text
from .front import contents_elements, imprint_elements, set_header_and_footer, title_elements
from .story import Story
from .styles import BASE
from .template import TemplateError, checked_template, insertion_point, opened_template
from .xml import Runs, W, one_line, w

__all__ = ["TemplateError", "checked_template", "word_document"]

MADE = (1980, 1, 1, 0, 0, 0)
"""The date of every part, so that the same notebook gives the same bytes."""
LONGEST = 250
"""Signs that programs show of a property."""
REGIONS = {"en": "en-GB", "et": "et-EE", "fi": "fi-FI", "sv": "sv-SE", "ka": "ka-GE", "lt": "lt-LT", "no": "nb-NO",
           "nb": "nb-NO", "nn": "nn-NO", "lv": "lv-LV", "de": "de-DE", "fr": "fr-FR", "es": "es-ES", "it": "it-IT"}
"""Spelling checkers want a region, too."""
AFTER_UPDATE_FIELDS = frozenset(
    "hdrShapeDefaults footnotePr endnotePr compat docVars rsids mathPr attachedSchema themeFontLang clrSchemeMapping "
    "doNotIncludeSubdocsInStats doNotAutoCompressPictures forceUpgrade captions readModeInkLockDown smartTagType "
    "schemaLibrary shapeDefaults doNotEmbedSmartTags decimalSymbol listSeparator docId defaultImageDpi".split())
"""What the schema of settings wants behind `updateFields`."""


def word_document(notebook: NotebookNode, template: Path | None = None) -> bytes:
    """The bytes of the .docx; the same notebook and template give the same.

    A template that holds text keeps it, and the report becomes a chapter of it: at the paragraph `{{report}}`, else
    at the end. One that holds none lends its styles and page. Raises `TemplateError` where it can't be used.
    """
    document = opened_template(template) if template else Document(str(BASE))
    said, found = about(notebook), blocks(notebook)
    title, rest = title_of(found, said)
    place = insertion_point(document, template.name if template else "")
    chapter, before = place.has_text, _text_before(place.before)
    story = Story(document, place, rest, said.words, Runs(_language(document, said.language, bool(template))),
                  shift=0 if chapter else 1)
    story.add(*title_elements(story, said, title, chapter))
    if not any(" ".join(text.split()) in before for text in said.imprint.paragraphs[:1]):
        story.add(*imprint_elements(story, said))
    contents = []
    if not chapter:
        set_header_and_footer(story, place, said, plain_text(title))
        contents = [] if said.compact else contents_elements(story, rest)
        story.add(*contents)
    for position, block in enumerate(rest):
        story.add_block(block, new_page=bool(contents) and position == 0)
    if any("TOC" in text.split() for text in document.element.body.itertext(f"{{{W}}}instrText")):
        _update_fields_on_opening(document.settings.element)
    _set_properties(document, said, plain_text(title), ", ".join(authors(notebook)))
    return _bytes(document)


def _text_before(element: etree._Element) -> str:
    before = reversed(list(element.itersiblings(preceding=True)))
    return " ".join("".join("".join(each.itertext(f"{{{W}}}t")) for each in before).split())


def _language(document: WordDocument, language: str, template: bool) -> str:
    """The tag that every run carries: none where the document's language is the report's, which a new one's is made."""
    wanted = REGIONS.get(language.casefold(), language)
    styles = document.styles.element
    if not template:
        styles.xpath("w:docDefaults//w:lang")[0].set(f"{{{W}}}val", wanted)
    found = styles.xpath("w:style[@w:type='paragraph'][@w:default='1']/w:rPr/w:lang/@w:val")
    found += styles.xpath("w:docDefaults//w:lang/@w:val")
    return "" if found and found[0].split("-")[0].casefold() == wanted.split("-")[0].casefold() else wanted


def _update_fields_on_opening(settings: etree._Element) -> None:
    """Let Word, which asks first, compute all fields as it opens the document, the page numbers of contents among them."""
    if settings.find(f"{{{W}}}updateFields") is None:
        made = w("updateFields", val="true")
        place = next((child for child in settings if etree.QName(child).localname in AFTER_UPDATE_FIELDS), None)
        settings.append(made) if place is None else place.addprevious(made)


def _set_properties(document: WordDocument, said: About, title: str, names: str) -> None:
    """An author that a template names stays, and dates are those of the report's making."""
    known = document.core_properties
    known.author = (known.author if known.author != "python-docx" else "") or one_line(names or said.creator)[:LONGEST]
    known.title, known.subject = one_line(title)[:LONGEST], one_line(said.subtitle)[:LONGEST]
    known.keywords = one_line(said.notice[0]).rstrip(".")[:LONGEST]
    known.comments = one_line(" ".join(said.imprint.paragraphs[:1]))[:LONGEST]
    known.last_modified_by = one_line(said.creator)[:LONGEST]
    known.language = REGIONS.get(said.language.casefold(), one_line(said.language)[:LONGEST])
    made = datetime.fromisoformat(said.made).astimezone(UTC) if said.made else datetime(*MADE, tzinfo=UTC)
    known.created = known.modified = made.replace(tzinfo=None)


def _bytes(document: WordDocument) -> bytes:
    saved, packed = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as given, zipfile.ZipFile(packed, "w") as archive:
        for name in given.namelist():
            entry = zipfile.ZipInfo(name, MADE)
            entry.create_system = 0
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            archive.writestr(entry, given.read(name))
    return packed.getvalue()
