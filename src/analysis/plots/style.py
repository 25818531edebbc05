"""How every figure looks, and the one way to write it: the same input gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO

import matplotlib
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

MILLIMETRES = 25.4  # of an inch
FULL, HALF = 160 / MILLIMETRES, 80 / MILLIMETRES  # inches: a text column, and half of it
NARROW = 4.5  # inches; below it labels stand above their rows
TEXT, SMALL, TINY = 9.0, 8.0, 7.0  # points in print, at any width; nothing is smaller

PRE, POST = "#C0730A", "#1F5F99"
PRE_LIGHT, POST_LIGHT = "#EBCB9B", "#A9C6E3"
INK, MUTED, FAINT, BAND = "#1A1A1A", "#6B6B6B", "#DDDDDD", "#E4E8ED"
NEUTRAL = "#EDEDED"
FELL, STAYED, ROSE = "#5B3A78", "#C9C9C9", "#67A878"

RC = {
    "font.family": ["DejaVu Sans"],
    "font.size": TEXT,
    "text.color": INK,
    "text.parse_math": False,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.labelsize": SMALL,
    "axes.linewidth": 0.6,
    "axes.axisbelow": True,
    "xtick.color": MUTED,
    "xtick.labelcolor": INK,
    "xtick.labelsize": SMALL,
    "xtick.major.size": 2.5,
    "xtick.major.width": 0.6,
    "xtick.major.pad": 2.0,
    "grid.color": FAINT,
    "grid.linewidth": 0.5,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "savefig.dpi": 300,
    "svg.fonttype": "path",
    "svg.hashsalt": "mentoring-survey-workbench",
}

FORMATS = ("svg", "pdf", "png")
_NAMED = {"svg": ("Date", "Creator"), "pdf": ("CreationDate", "Creator", "Producer"), "png": ("Software",)}
_SETTINGS = {"png": {"pil_kwargs": {"compress_level": 3}}}

_NOT_DRAWING = ("backend", "interactive", "toolbar", "tk.", "webagg")
_DEFAULTS = {k: v for k, v in matplotlib.rcParamsDefault.items() if not k.startswith(_NOT_DRAWING)}


@contextmanager
def context() -> Iterator[None]:
    """Matplotlib's defaults with our style over them, whatever the user's settings; also a decorator."""
    with matplotlib.rc_context():
        matplotlib.rcParams.update(_DEFAULTS | RC)
        yield


def answer_colours(k: int) -> list[str]:
    """k colours from the lowest answer (purple) over grey to the highest (green), colour-blind safe."""
    half = k // 2
    map_ = matplotlib.colormaps["PRGn"]
    steps = [0.12 + 0.18 * i / max(half - 1, 1) for i in range(half)]
    below = [to_hex(map_(step)) for step in steps]
    above = [to_hex(map_(1 - step)) for step in reversed(steps)]
    return below + [NEUTRAL] * (k % 2) + above


def ink_on(colour: str) -> str:
    """White or dark ink, whichever reads better on the colour."""
    red, green, blue = to_rgb(colour)
    return "white" if 0.299 * red + 0.587 * green + 0.114 * blue < 0.5 else INK


def rendered(figure: Figure, formats: Sequence[str] = FORMATS, *, truetype: bool = False) -> dict[str, bytes]:
    """The figure in each format, by the format's name.

    SVG: letters as outlines, so that every script shows on every machine. PDF: the letters used are embedded as drawn
    (Type 3), or with `truetype` as TrueType, which some publishers ask for and which takes four times as long. PNG: 300
    dots per inch. None holds a time or the writing program's name, so the same figure gives the same bytes.
    """
    files = {kind: BytesIO() for kind in formats}
    with context():
        matplotlib.rcParams["pdf.fonttype"] = 42 if truetype else 3
        for kind in formats:
            figure.savefig(files[kind], format=kind, metadata=dict.fromkeys(_NAMED[kind]), **_SETTINGS.get(kind, {}))
    return {kind: file.getvalue() for kind, file in files.items()}
