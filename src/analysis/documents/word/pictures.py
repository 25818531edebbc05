"""Pictures in the line of text, with the words that stand for them."""

from __future__ import annotations

from itertools import count
from xml.sax.saxutils import quoteattr

from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.image.image import Image
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.parts.document import DocumentPart
from docx.parts.image import ImagePart
from lxml import etree

from .xml import R, one_line, w

EMU_A_MM = 36_000
SCREEN_DOTS = 96
"""Dots per inch of a screen."""
SHORTEST = 15
"""Signs that a text alternative has at least."""

INLINE = (
    '<wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    f'xmlns:r="{R}" distT="0" distB="0" distL="0" distR="0">'
    '<wp:extent cx="{width}" cy="{height}"/><wp:effectExtent l="0" t="0" r="0" b="0"/>'
    '<wp:docPr id="{number}" name={name} descr={alt} title={title}/>'
    '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
    '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
    '<pic:nvPicPr><pic:cNvPr id="{number}" name={name} descr={alt}/><pic:cNvPicPr/></pic:nvPicPr>'
    '<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
    '</pic:pic></a:graphicData></a:graphic></wp:inline>'
)


def alternative(alt: str, caption: str, kind: str) -> str:
    """The words for a picture: its own, with the caption where they are too few; never empty."""
    said = one_line(alt)
    if len(said) < SHORTEST:
        said = ": ".join(part for part in (one_line(caption), said) if part)
    return said if len(said) >= SHORTEST else f"{kind} of this report: {said}".rstrip(": ")


def screen_width(png: bytes) -> float:
    """Millimetres that a plain picture of a notebook takes on a screen; it says no width of its own."""
    return int.from_bytes(png[16:20], "big") * 25.4 / SCREEN_DOTS


class Pictures:
    """Puts pictures into a document, numbered on from those it has."""

    def __init__(self, part: DocumentPart):
        self._part = part
        self._names = {str(each.partname) for each in part.package.iter_parts()}
        used = [int(each) for each in part.element.xpath("//wp:docPr/@id") if each.isdigit()]
        self._last = max(used, default=0)

    def run(self, png: bytes, width: float, tallest: float, name: str, alt: str, title: str) -> etree._Element | None:
        """A run with the picture, `width` millimetres wide unless that makes it too tall; None where it is none."""
        try:
            image = Image.from_blob(png)
            relation = self._part.relate_to(ImagePart.from_image(image, self._free_name(image.ext)), RT.IMAGE)
        except (UnrecognizedImageError, InvalidImageStreamError, UnexpectedEndOfFileError, KeyError, ValueError):
            return None
        height = width * image.px_height / max(image.px_width, 1)
        shrink = min(1.0, tallest / height) if height else 1.0
        self._last += 1
        drawing = INLINE.format(
            width=max(round(width * shrink * EMU_A_MM), 1), height=max(round(height * shrink * EMU_A_MM), 1),
            number=self._last, name=quoteattr(one_line(name)), alt=quoteattr(one_line(alt)),
            title=quoteattr(one_line(title)), relation=relation)
        holder = w("drawing")
        holder.append(etree.fromstring(drawing))
        return w("r", holder)


    def _free_name(self, extension: str) -> PackURI:
        names = (f"/word/media/report{number}.{extension}" for number in count(len(self._names)))
        name = next(name for name in names if name not in self._names)
        self._names.add(name)
        return PackURI(name)
