"""Who was invited, answered before, answered after, and could be linked: a flow diagram."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from analysis.figures import layout, marks, style
from analysis.words import _

SPACE = 0.3  # inches between boxes, for the arrows
PAD = 0.07  # inches of white inside a box


@dataclass(frozen=True)
class Flow:
    """The numbers of the diagram; nan or None where one is not known or not shown.

    `invited` teachers, or the number `aimed_at`; `before` and `after`: who answered; `links`: how many were linked, by
    the kind of link as it shall be read.
    """

    before: float
    after: float
    before_only: float
    after_only: float
    links: Mapping[str, float]
    invited: int | None = None
    aimed_at: int | None = None

    @property
    def linked(self) -> float:
        return sum(self.links.values())


@dataclass(frozen=True)
class _Box:
    """Lines of text, the first of them the number, with the left edge, width and height in inches."""

    lines: list[str]
    left: float
    width: float
    height: float
    colour: str
    dashed: bool = False

    @property
    def middle(self) -> float:
        return self.left + self.width / 2


@style.context()
def figure(flow: Flow, *, width: float = style.FULL, heading: str = "", synthetic: bool = False) -> Figure:
    """Boxes with arrows: invited, answered before, linked, answered after, and below who answered only once.

    With neither `invited` nor `aimed_at` the box on top is left out. `width` in inches.
    """
    each = min((width - 2 * layout.EDGE - 2 * SPACE) / 3, 1.75)
    start = (width - 3 * each - 2 * SPACE) / 2
    lefts = [start + i * (each + SPACE) for i in range(3)]
    kinds = [f"{marks.count(n)} {kind}" for kind, n in flow.links.items() if n and len(flow.links) > 1]
    middle = [
        _box(flow.before, [_("answered before"), *_share(flow.before, flow.invited, _("of those invited"))], lefts[0], each,
             style.PRE),
        _box(flow.linked, [_("linked"), *kinds], lefts[1], each, style.INK),
        _box(flow.after, [_("answered after"), *_share(flow.after, flow.invited, _("of those invited"))], lefts[2], each,
             style.POST),
    ]
    below = [
        _box(flow.before_only, [_("only before")], lefts[0], each, style.PRE),
        _box(flow.after_only, [_("only after")], lefts[2], each, style.POST),
    ]
    above = _first(flow, lefts[0], each)
    bands = [[above] if above else [], middle, below]
    heights = [max((box.height for box in band), default=-SPACE) for band in bands]
    page, top = layout.page(width, sum(heights) + 2 * SPACE + 0.04, heading, synthetic)
    tops = [top + sum(heights[:i]) + SPACE * i for i in range(3)]
    for band, at, tall in zip(bands, tops, heights, strict=True):
        for box in band:
            _draw(page, box, at, tall)
    across = tops[1] + heights[1] / 2
    _arrow(page, (lefts[0] + each, across), (lefts[1], across))
    _arrow(page, (lefts[2], across), (lefts[1] + each, across))
    for box in below:
        _arrow(page, (box.middle, tops[1] + heights[1]), (box.middle, tops[2]))
    if above:
        _arrow(page, (above.middle, tops[0] + heights[0]), (above.middle, tops[1]))
    return page


def alt_text(flow: Flow) -> str:
    """What `figure` shows of the same numbers, in words."""
    start = (f"{flow.invited} teachers were invited. " if flow.invited is not None
             else f"The study aimed at {flow.aimed_at} teachers. " if flow.aimed_at is not None else "")
    kinds = ", ".join(f"{marks.count(n)} {kind}" for kind, n in flow.links.items() if n and len(flow.links) > 1)
    return (f"Participant flow. {start}{_said(flow.before)} answered before and {_said(flow.after)} after; "
            f"{_said(flow.linked)} could be linked{f' ({kinds})' if kinds else ''}. "
            f"{_said(flow.before_only)} answered only before, {_said(flow.after_only)} only after.")


def _said(n: float) -> str:
    return "a number not shown" if n != n else marks.count(n)


def _share(part: float, whole: int | None, of: str) -> list[str]:
    return [f"{round(100 * part / whole)} % {of}"] if whole and part == part else []


def _first(flow: Flow, left: float, width: float) -> _Box | None:
    if flow.invited is not None:
        return _box(flow.invited, [_("teachers invited")], left, width, style.MUTED)
    if flow.aimed_at is not None:
        return _box(flow.aimed_at, [_("teachers aimed at")], left, width, style.MUTED, dashed=True)
    return None


def _box(n: float, lines: Sequence[str], left: float, width: float, colour: str, dashed: bool = False) -> _Box:
    wrapped = [layout.wrap(line, width - 2 * PAD, style.SMALL) for line in lines]
    height = (layout.line_height(style.TEXT + 3) + sum(layout.text_height(line, style.SMALL) for line in wrapped)
              + 2 * PAD + 0.05)
    return _Box([marks.count(n), *wrapped], left, width, height, colour, dashed)


def _draw(page: Figure, box: _Box, top: float, tall: float) -> None:
    inches, height = page.dpi_scale_trans, page.get_size_inches()[1]
    page.add_artist(FancyBboxPatch(
        (box.left, height - top - tall), box.width, tall, boxstyle="round,pad=0,rounding_size=0.05",
        facecolor="white", edgecolor=box.colour, linewidth=1.2, linestyle=(0, (4, 3)) if box.dashed else "-",
        transform=inches))
    y = height - top - PAD - (tall - box.height) / 2
    first, *others = box.lines
    page.text(box.middle, y, first, transform=inches, ha="center", va="top", size=style.TEXT + 3, weight="bold",
              color=box.colour)
    y -= layout.line_height(style.TEXT + 3) + 0.03
    for line in others:
        page.text(box.middle, y, line, transform=inches, ha="center", va="top", size=style.SMALL, linespacing=1.15)
        y -= layout.text_height(line, style.SMALL)


def _arrow(page: Figure, start: tuple[float, float], end: tuple[float, float]) -> None:
    """An arrow between two points in inches from the upper left."""
    height = page.get_size_inches()[1]
    page.add_artist(FancyArrowPatch(
        (start[0], height - start[1]), (end[0], height - end[1]), arrowstyle="-|>", mutation_scale=9, shrinkA=1,
        shrinkB=1, color=style.MUTED, linewidth=1.0, transform=page.dpi_scale_trans))
