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
from docx.oxml.parser import parse_xml
from docx.parts.numbering import NumberingPart
from lxml import etree

from .xml import W, w

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
        self._ids = {_name(style): style.get(ID) for style in self._element.findall(f"{{{W}}}style")}
        self._numbering = Numbering(document)

    def __getitem__(self, name: str) -> str:
        if name.casefold() not in self._ids:
            self._add(name.casefold())
        return self._ids[name.casefold()]

    def new_list(self, level: int) -> int:
        """The number of a new ordered list that begins at 1, numbered as the style of that level says."""
        return self._numbering.restarted(self._list_of("list number" if level == 1 else f"list number {level}"), level - 1)

    def _add(self, name: str) -> None:
        ours = _ours().styles.element
        found = next(style for style in ours.findall(f"{{{W}}}style") if _name(style) == name)
        style = copy.deepcopy(found)
        wanted = style.get(ID)
        taken = set(self._ids.values())
        while wanted in taken:
            wanted += "0"
        style.set(ID, wanted)
        self._ids[name] = wanted
        names = {each.get(ID): _name(each) for each in ours.findall(f"{{{W}}}style")}
        for tag in REFERENCES:
            for reference in style.findall(f"{{{W}}}{tag}"):
                reference.set(VAL, self[names[reference.get(VAL)]])
        style.attrib.pop(f"{{{W}}}default", None)
        for number in style.iter(f"{{{W}}}numId"):
            number.set(VAL, str(self._numbering.ours(int(number.get(VAL)))))
        self._element.append(style)

    def _list_of(self, name: str) -> int:
        wanted = self[name]
        style = next(each for each in self._element.findall(f"{{{W}}}style") if each.get(ID) == wanted)
        number = style.find(f"{{{W}}}pPr/{{{W}}}numPr/{{{W}}}numId")
        return int(number.get(VAL)) if number is not None else self._numbering.ours(ORDERED)


class Numbering:
    """The lists of a document; made where a template has none."""

    def __init__(self, document: WordDocument):
        try:
            self._element = document.part.part_related_by(RT.NUMBERING).element
        except KeyError:
            part = NumberingPart(PackURI("/word/numbering.xml"), CT.WML_NUMBERING,
                                 parse_xml(f'<w:numbering xmlns:w="{W}"/>'), document.part.package)
            document.part.relate_to(part, RT.NUMBERING)
            self._element = part.element
        self._added: dict[int, int] = {}

    def ours(self, number: int) -> int:
        """The id, in this document, of one of our own lists."""
        if number not in self._added:
            found = next(each for each in _ours().part.numbering_part.element.findall(f"{{{W}}}abstractNum")
                         if each.get(f"{{{W}}}abstractNumId") == str(number))
            abstract = copy.deepcopy(found)
            for reference in list(abstract.iter(f"{{{W}}}pStyle")):
                reference.getparent().remove(reference)
            new = self._free("abstractNum", "abstractNumId")
            abstract.set(f"{{{W}}}abstractNumId", str(new))
            nums = self._element.findall(f"{{{W}}}num")
            place = self._element.index(nums[0]) if nums else len(self._element)
            self._element.insert(place, abstract)
            self._added[number] = self._num(new)
        return self._added[number]

    def restarted(self, number: int, level: int) -> int:
        """A new list like the list `number`, beginning at 1 on the level (0 is the outermost)."""
        nums = self._element.findall(f"{{{W}}}num")
        like = next((each for each in nums if each.get(f"{{{W}}}numId") == str(number)), None)
        if like is None:
            return number
        abstract = like.find(f"{{{W}}}abstractNumId").get(VAL)
        return self._num(int(abstract), w("lvlOverride", w("startOverride", val=1), ilvl=level))

    def _num(self, abstract: int, *overrides: etree._Element) -> int:
        new = self._free("num", "numId")
        made = w("num", w("abstractNumId", val=abstract), *overrides, numId=new)
        last = self._element.findall(f"{{{W}}}num")
        if last:
            last[-1].addnext(made)
        else:
            abstracts = self._element.findall(f"{{{W}}}abstractNum")
            abstracts[-1].addnext(made)
        return new

    def _free(self, tag: str, attribute: str) -> int:
        return max((int(each.get(f"{{{W}}}{attribute}")) for each in self._element.findall(f"{{{W}}}{tag}")), default=0) + 1


@cache
def _ours() -> WordDocument:
    return Document(str(BASE))


def _name(style: etree._Element) -> str:
    name = style.find(f"{{{W}}}name")
    return (name.get(VAL) if name is not None else style.get(ID)).casefold()
