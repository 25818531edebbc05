"""The EU's emblem as a picture, from the same drawing as the one in documents that take drawings."""

from __future__ import annotations

import io
import re
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image, ImageDraw

DRAWING = Path(__file__).with_name("template") / "eu.svg"
WIDTH = 720
"""Dots: 300 an inch at 61 mm."""
FINER = 4


def emblem_png(width: int = WIDTH) -> bytes:
    """The drawing as a PNG of a width in dots and two thirds as high.

    Reads the rectangle and polygons of the drawing; knows no other shapes.
    """
    root = ElementTree.parse(DRAWING).getroot()
    _, _, wide, high = (float(each) for each in root.get("viewBox").split())
    scale = FINER * width / wide
    picture = Image.new("RGB", (FINER * width, round(scale * high)))
    draw = ImageDraw.Draw(picture)
    fill = None
    for element in root.iter():
        fill = element.get("fill", fill)
        if element.tag.endswith("rect"):
            draw.rectangle((0, 0, scale * float(element.get("width")), scale * float(element.get("height"))), fill=fill)
        elif element.tag.endswith("polygon"):
            numbers = [scale * float(each) for each in re.split(r"[ ,]+", element.get("points").strip())]
            draw.polygon(list(zip(numbers[::2], numbers[1::2], strict=True)), fill=fill)
    stream = io.BytesIO()
    smooth = picture.resize((width, round(width * high / wide)), Image.Resampling.LANCZOS)
    smooth.quantize(64).save(stream, "PNG", dpi=(300, 300), optimize=True)
    return stream.getvalue()
