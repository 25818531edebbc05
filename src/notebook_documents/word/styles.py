"""Styles by their English names: the template's own where it has them, ours where it does not."""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.oxml.numbering import CT_Numbering
from docx.oxml.parser import parse_xml
from docx.parts.numbering import NumberingPart
from lxml import etree

from .xml import W

VAL = f"{{{W}}}val"
ID = f"{{{W}}}styleId"
REFERENCES = ("basedOn", "next", "link")
BASE = Path(__file__).parents[1] / "templates" / "base.docx"
"""A4 with a text width of 160 mm and the styles of our own documents; Word can open it to change their looks."""
ORDERED = 2
"""The id of the numbered list in it."""


class Styles:
    """`styles["heading 1"]` is the id of that style in the document; a missing one is added as it is asked for.

    Word stores the names of built-in styles in English whatever language it speaks, and ids in its own, so names are
    what counts; case is not looked at.
    """

    def __init__(self, document: WordDocument):
        self._element = document.styles.element
        self._found = _named(self._element)
        self._lists = _numbering(document)
        self._added: dict[int, int] = {}

    def __getitem__(self, name: str) -> str:
        name = name.casefold()
        if name not in self._found:
            self._add(name)
        return self._found[name].get(ID)

    def new_list(self, level: int) -> int:
        """The number of a new ordered list that begins at 1, numbered as the style of that level (1 is the outermost)."""
        name = "list number" if level == 1 else f"list number {level}"
        if name not in self._found:
            self._add(name)
        number = self._found[name].find(f"{{{W}}}pPr/{{{W}}}numPr/{{{W}}}numId")
        like = int(number.get(VAL)) if number is not None else self._list(ORDERED)
        try:
            abstract = self._lists.num_having_numId(like).abstractNumId.val
        except KeyError:
            return like
        made = self._lists.add_num(abstract)
        made.add_lvlOverride(level - 1).add_startOverride(1)
        return made.numId

    def _add(self, name: str) -> None:
        ours = _named(_ours().styles.element)
        style = copy.deepcopy(ours[name])
        taken = {each.get(ID) for each in self._found.values()}
        while style.get(ID) in taken:
            style.set(ID, style.get(ID) + "0")
        self._found[name] = style
        names = {each.get(ID): known for known, each in ours.items()}
        for reference in style.iter(*(f"{{{W}}}{tag}" for tag in REFERENCES)):
            reference.set(VAL, self[names[reference.get(VAL)]])
        style.attrib.pop(f"{{{W}}}default", None)
        for number in style.iter(f"{{{W}}}numId"):
            number.set(VAL, str(self._list(int(number.get(VAL)))))
        self._element.append(style)

    def _list(self, number: int) -> int:
        """The id, in this document, of one of our own lists."""
        if number not in self._added:
            (ours,) = _ours().part.numbering_part.element.xpath(f"w:abstractNum[@w:abstractNumId='{number}']")
            abstract = copy.deepcopy(ours)
            for reference in list(abstract.iter(f"{{{W}}}pStyle")):
                reference.getparent().remove(reference)
            free = max(map(int, self._lists.xpath("w:abstractNum/@w:abstractNumId")), default=0) + 1
            abstract.set(f"{{{W}}}abstractNumId", str(free))
            self._lists.insert_element_before(abstract, "w:num", "w:numIdMacAtCleanup")
            self._added[number] = self._lists.add_num(free).numId
        return self._added[number]


def _numbering(document: WordDocument) -> CT_Numbering:
    """The lists of a document; made where a template has none."""
    try:
        return document.part.part_related_by(RT.NUMBERING).element
    except KeyError:
        part = NumberingPart(PackURI("/word/numbering.xml"), CT.WML_NUMBERING,
                             parse_xml(f'<w:numbering xmlns:w="{W}"/>'), document.part.package)
        document.part.relate_to(part, RT.NUMBERING)
        return part.element


@cache
def _ours() -> WordDocument:
    return Document(str(BASE))


def _named(styles: etree._Element) -> dict[str, etree._Element]:
    """Styles by their names."""
    found = styles.findall(f"{{{W}}}style")
    names = [style.find(f"{{{W}}}name") for style in found]
    return {(style.get(ID) if name is None else name.get(VAL)).casefold(): style
            for style, name in zip(found, names, strict=True)}
