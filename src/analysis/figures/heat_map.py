"""The change on every item in every country, as colours with the number in each cell."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from math import ceil

import matplotlib
import pandas as pd
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.figures import layout, marks, style
from analysis.words import _

CELL = 0.26  # inches, the least height of a row
FADED = 0.82  # how far towards the ends of the colour map the strongest change goes
KEY = 0.42  # inches the colours' key takes


@style.context()
def figure(
    changes: pd.DataFrame,
    items: Sequence[tuple[str, str, str]],
    countries: Sequence[tuple[str, str]],
    limit: float,
    *,
    width: float = style.FULL,
    heading: str = "",
    synthetic: bool = False,
) -> Figure:
    """A row for every item, a column for every country.

    `changes` has the columns item, country, change (scale points, post minus pre); a pair without a row, or with nan, is
    hatched. `items` are (item, text, scale) in the order wanted, those of a scale together below the scale's name;
    `countries` (key, name). `limit` is the change that has the strongest colour. `width` in inches.
    """
    narrow = width < style.NARROW
    share = 0.46 if narrow else 0.5
    size = style.SMALL if narrow else style.TEXT
    texts = [layout.wrap(text, share * width, size) for _item, text, _scale in items]
    left = layout.EDGE + max(layout.widest(texts, size), 0.3 * width) + layout.GAP
    cell = min((width - layout.EDGE - left) / max(len(countries), 1), 0.75)
    upright = layout.widest([name for _key, name in countries], style.SMALL) > cell - 0.04
    names = (max(layout.widest([name for _key, name in countries], style.SMALL), 0) + 0.08) if upright else 0.2
    heights, heads, row = [], {}, 0
    for scale, group in groupby(items, key=lambda entry: entry[2]):
        title = layout.wrap(scale, width - 2 * layout.EDGE, style.SMALL, "bold")
        heads[row] = title
        for _entry in group:
            extra = layout.text_height(title, style.SMALL) + 0.09 if row in heads and title else 0.0
            heights.append(max(CELL, layout.text_height(texts[row], size) + 0.06) + extra)
            row += 1
    zones = [height - (layout.text_height(heads[i], style.SMALL) + 0.09 if heads.get(i) else 0)
             for i, height in enumerate(heights)]
    page, top = layout.page(width, names + sum(heights) + KEY, heading, synthetic)
    panel = layout.rows(page, left, left + cell * max(len(countries), 1), top + names, heights, zones)
    panel.axes.set_axis_off()
    panel.axes.set_xlim(0, max(len(countries), 1))
    for column, (_key, name) in enumerate(countries):
        panel.write(left + cell * (column + 0.5), -0.05, name, ha="center", va="bottom", size=style.SMALL,
                    rotation=90 if upright else 0)
    layout.write_labels(panel, texts, size=size)
    for i, title in heads.items():
        panel.write(layout.EDGE, panel.centres[i] - zones[i] / 2 - 0.04, title, va="bottom", size=style.SMALL,
                    weight="bold")
    fits = layout.widest([marks.number(change) for change in changes["change"]], style.SMALL) < cell - 0.06
    known = changes.set_index(["item", "country"])["change"]
    for i, (item, *_rest) in enumerate(items):
        for column, (key, _name) in enumerate(countries):
            _draw_cell(panel, i, column, float(known.get((item, key), float("nan"))), limit,
                       style.SMALL if fits else style.TINY)
    _draw_key(page, left if not narrow else layout.EDGE, top + names + sum(heights) + 0.08, limit)
    return page


def alt_text(changes: pd.DataFrame, items: Sequence[tuple[str, str, str]], countries: Sequence[tuple[str, str]]) -> str:
    """What `figure` shows of the same frame, in words."""
    text = f"Change after minus before on {len(items)} items in {len(countries)} countries, in scale points. "
    own = changes.loc[changes["item"].isin([item for item, *_rest in items])].dropna(subset="change")
    if own.empty:
        return text + "No cell has a number to show."
    texts, names = {item: label for item, label, _scale in items}, dict(countries)
    parts = []
    for word, at in (("Lowest", own["change"].idxmin()), ("highest", own["change"].idxmax())):
        row = own.loc[at]
        parts.append(f"{word} {marks.number(row['change'])} ({texts[row['item']].rstrip('.')}, {names[row['country']]})")
    missing = len(items) * len(countries) - len(own)
    return f"{text}{'; '.join(parts)}." + (f" {missing} cells not shown." if missing else "")


def limit_of(changes: pd.DataFrame) -> float:
    """The strongest change, rounded up to a quarter of a point; at least half a point."""
    strongest = changes["change"].abs().max()
    return max(0.5, ceil(4 * strongest - 1e-9) / 4) if strongest == strongest else 0.5


def colour_of(change: float, limit: float) -> str:
    """Purple for a fall, green for a rise, the stronger the darker; white for no change."""
    return to_hex(matplotlib.colormaps["PRGn"](0.5 + 0.5 * FADED * max(-1.0, min(1.0, change / limit))))


def _draw_cell(panel: layout.Rows, row: int, column: int, change: float, limit: float, size: float) -> None:
    zone = panel.zones[row]
    corner = (column, panel.centres[row] - zone / 2)
    if change != change:
        panel.axes.add_patch(Rectangle(corner, 1, zone, facecolor="white", edgecolor=style.FAINT, hatch="////",
                                       linewidth=0.8, label="not shown"))
        return
    fill = colour_of(change, limit)
    panel.axes.add_patch(Rectangle(corner, 1, zone, facecolor=fill, edgecolor="white", linewidth=0.8, label="change"))
    panel.axes.text(column + 0.5, panel.centres[row], marks.number(change), ha="center", va="center_baseline", size=size,
                    color=style.ink_on(fill))


def _draw_key(page: Figure, left: float, top: float, limit: float) -> None:
    inches, height = page.dpi_scale_trans, page.get_size_inches()[1]
    x, y = left, height - top - 0.12
    page.text(x, y + 0.05, marks.number(-limit), transform=inches, va="center", size=style.TINY)
    x += layout.text_width(marks.number(-limit), style.TINY) + 0.04
    for step in (-1, -0.5, 0, 0.5, 1):
        page.add_artist(Rectangle((x, y), 0.2, 0.11, facecolor=colour_of(step * limit, limit), edgecolor=style.FAINT,
                                  linewidth=0.5, transform=inches))
        x += 0.2
    page.text(x + 0.04, y + 0.05, marks.number(limit), transform=inches, va="center", size=style.TINY)
    x += layout.text_width(marks.number(limit), style.TINY) + 0.2
    page.add_artist(Rectangle((x, y), 0.2, 0.11, facecolor="white", edgecolor=style.FAINT, hatch="////", linewidth=0.5,
                              transform=inches))
    page.text(x + 0.25, y + 0.05, marks.not_shown(), transform=inches, va="center", size=style.SMALL)
    page.text(left, y - 0.16, _("Change in scale points"), transform=inches, va="center", size=style.SMALL)
