"""How every figure looks, and the one way to write it: the same input gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import matplotlib
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

WIDTH = 6.7  # inches, the text width of an A4 page
TEXT, SMALL, HEADING = 8.0, 7.0, 9.0  # points at that width

PRE, POST = "#C0730A", "#1F5F99"
PRE_LIGHT, POST_LIGHT = "#EBCB9B", "#A9C6E3"
INK, MUTED, FAINT, BAND = "#1A1A1A", "#6B6B6B", "#DDDDDD", "#E4E8ED"
NEUTRAL = "#D4D4D4"
FELL, ROSE = "#8E5BA6", "#3B8C4C"

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


def svg(figure: Figure) -> bytes:
    """The figure as SVG: letters as outlines, so that every script shows on every machine; no time stamp."""
    return _written(figure, "svg", {"Date": None, "Creator": None})


def png(figure: Figure) -> bytes:
    """The figure as a PNG of 300 dots per inch, without the writing program's name."""
    return _written(figure, "png", {"Software": None})


def save(figure: Figure, stem: Path) -> tuple[Path, Path]:
    """Write `<stem>.svg` and `<stem>.png` and return both paths; the folder must be there."""
    paths = stem.with_name(stem.name + ".svg"), stem.with_name(stem.name + ".png")
    for path, content in zip(paths, (svg(figure), png(figure)), strict=True):
        path.write_bytes(content)
    return paths


def _written(figure: Figure, kind: str, metadata: dict[str, None]) -> bytes:
    buffer = BytesIO()
    with context():
        figure.savefig(buffer, format=kind, metadata=metadata)
    return buffer.getvalue()
