"""A page filled from above, measured in inches from its upper left corner.

Texts are measured and wrapped before anything is placed, rows are as high as their labels need and the page is as high
as all of it, so nothing overlaps or is cut in any language, and no layout is searched for at drawing time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil, floor

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Affine2D

from analysis.plots import style
from analysis.plots.text import text_height, text_width, widest, wrap

EDGE, GAP = 0.06, 0.12  # of white around everything, and between columns
AXIS = 0.22  # the tick labels below an axes
LINE = 0.15  # a line for a number
LIFT = 0.04  # a baseline above what stands below it
TALLEST = 8.0  # a chart on a page with its caption
LABELS = 0.36  # share of the width that labels take at most
BESIDE = 0.5  # the same on a narrow page with the numbers, else the labels go above their rows
ON_LINES = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Key:
    """An entry of the legend: what a marker stands for."""

    label: str
    marker: str
    colour: str
    filled: bool = True
    size: float = 6.0


class _Page(Figure):
    """A figure that a notebook shows as it is, at its width."""

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        return style.rendered(self, ["png"])["png"], {"width": round(96 * self.get_figwidth())}


class Sheet:
    """A page of `width` inches; `at` is how far down it is filled. `synthetic` is the mark of made-up data, or empty."""

    def __init__(self, width: float, synthetic: str = ""):
        self.figure, self.width, self.at = _Page(figsize=(width, 1)), width, EDGE
        self.inner = width - 2 * EDGE
        self._down = Affine2D()
        self.inches = self._down + self.figure.dpi_scale_trans
        self._placed: list[tuple[Axes, float, float, float, float]] = []
        self._banner = 0.0
        if synthetic:
            mark = wrap(synthetic, self.inner - 0.12, style.SMALL, "bold")
            box = {"boxstyle": "square,pad=0.3", "facecolor": "#FFF3C4", "edgecolor": "#8A6D00", "linewidth": 0.6}
            self._banner = widest([mark], style.SMALL, "bold") + 0.12
            tall = text_height(mark, style.SMALL) + 0.12
            self.text(EDGE + 0.06, self.at + tall / 2 - 0.01, mark, weight="bold", color="#5C4900", bbox=box)
            self.at += tall + 0.05
        self._begin = self.at

    def text(self, x: float, y: float, text: str, **settings) -> None:
        """Text at `x` and `y` inches from the upper left corner."""
        usual = {"size": style.SMALL, "va": "center" if "\n" in text else "center_baseline", "linespacing": 1.15}
        if text:
            self.figure.text(x, y, text, transform=self.inches, **usual | settings)

    def heading(self, x: float, text: str) -> None:
        """A column's heading from `x` inches on, beside the mark of made-up data where there is room."""
        beside = self._banner and self.at == self._begin and EDGE + self._banner + GAP < x and "\n" not in text
        if text and not beside:
            self.at += text_height(text, style.SMALL) + 0.04
        self.text(x, self.at - LIFT, text, va="baseline", color=style.MUTED)

    def axes(self, left: float, right: float, height: float) -> Axes:
        """Axes between two edges where the page ends so far; y is in inches below their top."""
        axes = self.figure.add_axes((0, 0, 1, 1))
        axes.set_ylim(height, 0)
        axes.yaxis.set_visible(False)
        axes.spines[["left", "top", "right"]].set_visible(False)
        axes.grid(axis="x")
        self._placed.append((axes, left, right, self.at, height))
        self.at += height
        return axes

    def label_axis(self, middle: float, x_label: str) -> None:
        """The label below the tick labels, amid the axes as far as it fits on the page."""
        text = wrap(x_label, self.inner, style.SMALL)
        half = widest([text], style.SMALL) / 2 + EDGE
        self.at += AXIS
        self.text(min(max(middle, half), self.width - half), self.at, text, ha="center", va="top")
        self.at += text_height(text, style.SMALL) + 0.03

    def legend(self, keys: Sequence[Key]) -> None:
        """The keys in order, as many a line as fit."""
        lines: list[list[tuple[float, str, Key]]] = []
        x = self.inner
        for key in keys:
            label = wrap(key.label, self.inner - 0.18, style.SMALL)
            needed = 0.18 + widest([label], style.SMALL)
            if x + needed > self.inner:
                lines.append([])
                x = 0.0
            lines[-1].append((EDGE + x, label, key))
            x += needed + 0.16
        self.at += 0.05 * bool(lines)
        for line in lines:
            height = max(text_height(label, style.SMALL) for _x, label, _key in line) + 0.06
            for x, label, key in line:
                self.figure.add_artist(Line2D(
                    [x + 0.07], [self.at + height / 2], marker=key.marker, markersize=key.size, color=key.colour,
                    markerfacecolor=key.colour if key.filled else "white", markeredgewidth=1.1, linestyle="none",
                    transform=self.inches))
                self.text(x + 0.18, self.at + height / 2, label)
            self.at += height

    def finished(self, keys: Sequence[Key] = ()) -> Figure:
        """The page with its legend, as high as it is filled."""
        self.legend(keys)
        height = self.at + EDGE
        self.figure.set_size_inches(self.width, height)
        self._down.scale(1, -1).translate(0, height)
        for axes, left, right, top, tall in self._placed:
            axes.set_position((left / self.width, 1 - (top + tall) / height, (right - left) / self.width, tall / height))
        return self.figure


class Rows:
    """Labelled rows with room for their marks: measured first, placed on the sheet by `place`.

    Labels stand left of their rows, on a narrow page above them if they are long. `groups` (one a row) stand above the
    first row of each. `texts` is a column at the right, headed `column`; of a row in `absent` it says why there is no mark.
    Above its row, a number stands beside the label where there is room, else below it. `least` is the least height
    of a row's marks. `left` and `right` are the edges of the axes, `centres` and `zones` where marks lie in it and how high
    their room is.
    """

    def __init__(self, sheet: Sheet, labels: Sequence[str], *, least: float, groups: Sequence[str] = (),
                 texts: Sequence[str] = (), column: str = "", absent: Sequence[bool] = (), share: float = LABELS):
        self.sheet, self._absent = sheet, absent
        narrow = sheet.width < style.NARROW
        self._texts = [wrap(text, 0.42 * sheet.width, style.SMALL) for text in texts]
        taken = widest(self._texts, style.SMALL)
        self._column = wrap(column, max(taken, 0.22 * sheet.width), style.SMALL)
        taken = max(taken, widest([self._column], style.SMALL))
        self.start = sheet.width - EDGE - taken
        self._above = narrow and widest(labels, style.TEXT) + taken > BESIDE * sheet.width
        self.right = self.start - GAP if taken and not self._above else sheet.width - EDGE - 0.1
        self._labels = [wrap(label, sheet.inner if self._above else share * sheet.width, style.TEXT) for label in labels]
        reach = [EDGE + widest([label], style.TEXT) + GAP for label in self._labels]
        self._lifts = [LINE if self._above and taken and end > self.start else 0.0 for end in reach]
        self.left = EDGE + (0.1 if self._above else widest(self._labels, style.TEXT) + GAP)
        groups = groups or [""] * len(labels)
        self._groups = [wrap(group, sheet.inner, style.SMALL, "bold") if at == 0 or groups[at - 1] != group else ""
                        for at, group in enumerate(groups)]
        heads = [text_height(group, style.SMALL) + 0.1 if group else 0.0 for group in self._groups]
        tall = [max(text_height(label, style.TEXT) + lift + 0.07, text_height(text, style.SMALL) + 0.05)
                for label, lift, text in zip(self._labels, self._lifts, self._texts or [""] * len(labels), strict=True)]
        self.zones = [least if self._above else max(least, text) for text in tall]
        self._tops = [head + text * self._above for head, text in zip(heads, tall, strict=True)]
        ends = list(accumulate(top + zone for top, zone in zip(self._tops, self.zones, strict=True)))
        self.height = ends[-1] if ends else least
        self.centres = [end - zone / 2 for end, zone in zip(ends, self.zones, strict=True)]

    def place(self) -> Axes:
        """The axes with the texts around it, below what the sheet holds so far."""
        sheet = self.sheet
        sheet.heading(self.start, self._column)
        top, axes = sheet.at, sheet.axes(self.left, self.right, self.height)
        absent = self._absent or [False] * len(self._labels)
        texts = zip(self._labels, self._texts or self._labels, self._groups, self.centres, absent, strict=True)
        for at, (label, text, group, centre, missing) in enumerate(texts):
            start = top + centre - self.zones[at] / 2
            sheet.text(EDGE, start - self._tops[at] + 0.06, group, va="top", weight="bold", bbox=ON_LINES)
            y, settings = (start - LIFT, {"va": "baseline", "bbox": ON_LINES}) if self._above else (top + centre, {})
            sheet.text(EDGE, y - self._lifts[at], label, size=style.TEXT, **settings)
            if self._texts:
                settings |= {"color": style.MUTED, "style": "italic"} if missing else {}
                sheet.text(self.start, y, text, **settings)
        return axes


def ticks(axes: Axes, inches: float, mark: str = ".", smallest: float | None = None,
          whole: bool = False) -> None:
    """Tick labels that fit into the width of the axes, with `mark` as decimal mark; the limits must be set before.

    `whole`: at whole numbers only. With `smallest` (a change, within the limits) its two signs are labelled, at zero where
    they have no room, and some of its multiples.
    """
    low, high = axes.get_xlim()
    apart = 0.46 * (high - low) / inches
    if smallest and smallest <= min(-low, high):
        apart = (text_width(f"{MINUS}{smallest:g}", style.SMALL) + 0.1) * (high - low) / inches
        step = next((n * smallest for n in (1, 2, 3, 5, 10, 20, 50, 100) if n * smallest >= apart), high - low)
        named = dict.fromkeys([-smallest, smallest] if 2 * smallest >= apart else [])
        found = [n * step for n in range(ceil(low / step), floor(high / step) + 1)]
        found = sorted([*named, *(x for x in found if all(abs(x - end) >= apart - 1e-9 for end in named))])
    else:
        locator = MaxNLocator(max(1, int((high - low) / apart)), steps=[1, 2, 2.5, 5, 10], integer=whole)
        found = [float(x) for x in locator.tick_values(low, high) if low <= x <= high]
    digits = next((d for d in range(4) if all(abs(round(x, d) - x) < 1e-9 for x in found)), 4)
    texts = [f"{x + 0.0:.{digits}f}".replace("-", MINUS).replace(".", mark) for x in found]
    if smallest and smallest not in found:
        texts = [f"±{smallest:g}".replace(".", mark) if x == 0 else text for x, text in zip(found, texts, strict=True)]
    axes.set_xticks(found, texts)
