"""What a Word document says of itself: title, author, language, funding."""

from __future__ import annotations

from datetime import datetime

from docx import Document
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree

from ..about import About
from .xml import W, one_line, w

CREATOR = "Mentoring survey workbench"
REGIONS = {"en": "en-GB", "et": "et-EE", "fi": "fi-FI", "sv": "sv-SE", "ka": "ka-GE", "lt": "lt-LT", "no": "nb-NO",
           "nb": "nb-NO", "nn": "nn-NO", "lv": "lv-LV", "de": "de-DE", "fr": "fr-FR", "es": "es-ES", "it": "it-IT"}
NAMES = {"cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
         "dc": "http://purl.org/dc/elements/1.1/", "dcterms": "http://purl.org/dc/terms/",
         "xsi": "http://www.w3.org/2001/XMLSchema-instance"}
AFTER_UPDATE_FIELDS = frozenset(
    "hdrShapeDefaults footnotePr endnotePr compat docVars rsids mathPr attachedSchema themeFontLang clrSchemeMapping "
    "doNotIncludeSubdocsInStats doNotAutoCompressPictures forceUpgrade captions readModeInkLockDown smartTagType "
    "schemaLibrary shapeDefaults doNotEmbedSmartTags decimalSymbol listSeparator docId defaultImageDpi".split())
"""What the schema of settings wants behind `updateFields`."""
LONGEST = 250
"""Signs that programs show of a property."""


def language_tag(language: str) -> str:
    """The tag with its region, as spelling checkers want it; unknown languages as they are."""
    return REGIONS.get(language.casefold(), language)


def set_properties(document: Document, about: About, title: str, authors: str = "") -> None:
    """Write the core properties; an author that a template names stays, and dates are those of the report's making."""
    package = document.part.package
    try:
        author = package.core_properties.author if RT.CORE_PROPERTIES in _kinds(package) else ""
    except (ValueError, AttributeError):
        author = ""
    root = etree.Element(f"{{{NAMES['cp']}}}coreProperties", nsmap=NAMES)

    def add(prefix: str, name: str, text: str) -> etree._Element | None:
        if not text:
            return None
        child = etree.SubElement(root, f"{{{NAMES[prefix]}}}{name}")
        child.text = one_line(text)
        return child

    add("dc", "title", title[:LONGEST])
    add("dc", "subject", about.study[:LONGEST])
    add("dc", "creator", (author or authors or CREATOR)[:LONGEST])
    add("cp", "keywords", "synthetic data" if about.synthetic else "")
    add("dc", "description", about.funding.statement)
    add("cp", "lastModifiedBy", CREATOR)
    add("dc", "language", language_tag(about.language))
    if time := about.provenance.get("time"):
        moment = datetime.fromisoformat(time).strftime("%Y-%m-%dT%H:%M:%SZ")
        for name in ("created", "modified"):
            child = add("dcterms", name, moment)
            child.set(f"{{{NAMES['xsi']}}}type", "dcterms:W3CDTF")
    blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    for relation, found in list(package.rels.items()):
        if found.reltype == RT.CORE_PROPERTIES:
            del package.rels[relation]
    package.relate_to(Part(PackURI("/docProps/core.xml"), CT.OPC_CORE_PROPERTIES, blob, package), RT.CORE_PROPERTIES)


def language_of(document: Document) -> etree._Element:
    """The element that says which language the document's text is in; made where there is none."""
    styles = document.styles.element
    for path in ("w:style[@w:type='paragraph'][@w:default='1']/w:rPr/w:lang", "w:docDefaults/w:rPrDefault/w:rPr/w:lang"):
        for found in styles.xpath(path):
            if found.get(f"{{{W}}}val"):
                return found
    defaults = styles.find(f"{{{W}}}docDefaults")
    if defaults is None:
        defaults = w("docDefaults")
        styles.insert(0, defaults)
    holder = defaults
    for name in ("rPrDefault", "rPr", "lang"):
        child = holder.find(f"{{{W}}}{name}")
        if child is None:
            child = w(name)
            if name == "rPrDefault":
                holder.insert(0, child)
            else:
                holder.append(child)
        holder = child
    return holder


def update_fields_on_opening(document: Document) -> None:
    """Let Word, which asks first, compute all fields as it opens the document: a template's contents are not ours."""
    settings = document.settings.element
    wish = f"{{{W}}}updateFields"
    if settings.find(wish) is None:
        place = next((child for child in settings if etree.QName(child).localname in AFTER_UPDATE_FIELDS), None)
        made = w("updateFields", val="true")
        settings.append(made) if place is None else place.addprevious(made)


def _kinds(package) -> set[str]:
    return {relation.reltype for relation in package.rels.values()}
