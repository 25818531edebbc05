"""The typeface of the PDF, DejaVu Sans as matplotlib brings it along, and how wide words are in it."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

from PIL import ImageFont

MONO = 0.602
"""Ems that every sign of DejaVu Sans Mono takes."""


def font_folder() -> Path:
    """matplotlib's own fonts, the same on every machine; found without loading matplotlib."""
    return Path(find_spec("matplotlib").submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"


@lru_cache(maxsize=20_000)
def ems(text: str) -> float:
    """The width of the text in DejaVu Sans, in ems."""
    return _font().getlength(text) / _font().size


@cache
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_folder() / "DejaVuSans.ttf"), 100, layout_engine=ImageFont.Layout.BASIC)
