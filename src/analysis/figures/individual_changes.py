"""How the linked teachers' own changes are spread, in bins wide enough that nobody can be read off."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from analysis.figures import layout, marks, style
from analysis.words import _

COLOURS = {1: style.ROSE, 0: style.STAYED, -1: style.FELL}
SPACE, COLUMNS = 0.2, 2  # inches between panels, and the most of them side by side
SHARE = 0.4  # inches for the share behind a bar


@style.context()
def figure(
    bins: pd.DataFrame, label: str = "", n: float | None = None, *, width: float = style.FULL, synthetic: bool = False
) -> Figure:
    """A bar for each bin, the largest rise on top.

    `bins` has the columns low, high (scale points), label, share (of 1; nan: not shown) and is merged
    already so that no bin holds fewer teachers than may be shown. A bin from 0 or more upwards is drawn as
    a rise, one from 0 or less downwards as a fall, one on both sides or at 0 alone in grey. `label` is the
    heading, `n` the number of teachers, `width` in inches.
    """
    base = _("the {n} linked teachers", n=marks.count(n)) if n is not None else _("linked teachers")
    return _page({"": bins}, {}, label, width, synthetic, style.TEXT, 0.24, base)


@style.context()
def grid(
    bins: Mapping[str, pd.DataFrame],
    n: Mapping[str, float] | None = None,
    *,
    width: float = style.FULL,
    heading: str = "",
    synthetic: bool = False,
) -> Figure:
    """The figure of each scale as small multiples: `bins` by the scale's label, `n` by the same label."""
    return _page(bins, n or {}, heading, width, synthetic, style.SMALL, 0.175, _("linked teachers"))


def alt_text(bins: pd.DataFrame, label: str = "", n: float | None = None) -> str:
    """What `figure` shows of the same bins, in words."""
    base = f"{marks.count(n)} linked teachers" if n is not None else "Linked teachers"
    text = f"{base} by their own change{f' on {label}' * bool(label)}, in scale points. "
    if bins["share"].isna().all():
        return f"{text}Not shown."
    return text + marks.listing(
        [
            f"{row.label}: {marks.not_shown() if pd.isna(row.share) else f'{round(100 * row.share)} %'}"
            for row in _ordered(bins).itertuples()
        ]
    )


def grid_alt_text(bins: Mapping[str, pd.DataFrame]) -> str:
    """What `grid` shows of the same bins, in words: the shares that rose and fell on each scale."""
    start = f"Linked teachers by their own change on {len(bins)} scales. "
    shares = {label: _rose_and_fell(frame) for label, frame in bins.items()}
    known = {label: share for label, share in shares.items() if share is not None}
    if len(bins) <= 6 or not known:
        return start + marks.listing(
            [
                f"{label}: " + (f"{share[0]} % rose, {share[1]} % fell" if share else marks.not_shown())
                for label, share in shares.items()
            ]
        )
    least, most = (pick(known, key=lambda label: known[label][0]) for pick in (min, max))
    text = (
        f"The share in bins of a rise runs from {known[least][0]} % ({least}) to {known[most][0]} % ({most})."
    )
    missing = len(bins) - len(known)
    return start + text + (f" {missing} of {len(bins)} not shown." if missing else "")


def _side(low: float, high: float) -> int:
    return int(low >= 0 and high > 0) - int(high <= 0 and low < 0)


def _rose_and_fell(bins: pd.DataFrame) -> tuple[int, int] | None:
    if bins.empty or bins["share"].isna().any():
        return None
    rows = list(bins.itertuples())
    return tuple(round(100 * sum(r.share for r in rows if _side(r.low, r.high) == side)) for side in (1, -1))


def _ordered(bins: pd.DataFrame) -> pd.DataFrame:
    return bins.sort_values(["low", "high"], ascending=False)


def _page(
    bins: Mapping[str, pd.DataFrame],
    n: Mapping[str, float],
    heading: str,
    width: float,
    synthetic: bool,
    size: float,
    least: float,
    base: str,
) -> Figure:
    frames = {
        key: _ordered(frame) if frame["share"].notna().any() else frame[:0] for key, frame in bins.items()
    }
    columns = 1 if width < style.NARROW else max(1, min(len(frames), COLUMNS))
    each = (width - 2 * layout.EDGE - SPACE * (columns - 1)) / columns
    labels = {
        k: [layout.wrap(text, each * 0.5, size) for text in f["label"]] or [""] for k, f in frames.items()
    }
    titles = {k: layout.wrap(f"{k} ({_n_is(n[k])})" if k in n else k, each, size, "bold") for k in frames}
    heights = {key: layout.row_heights(labels[key], least, size) for key in frames}
    lines = [list(frames)[i : i + columns] for i in range(0, len(frames), columns)]
    heads = [max(layout.text_height(titles[k], size) + 0.05 if k else 0 for k in line) for line in lines]
    bodies = [max(sum(heights[k]) for k in line) + 0.08 for line in lines]
    axis = _("Share of {base}, by their own change in scale points", base=base)
    axis = layout.wrap(axis, width - 2 * layout.EDGE, style.SMALL)
    page, top = layout.page(
        width, sum(heads) + sum(bodies) + layout.text_height(axis, style.SMALL) + 0.04, heading, synthetic)
    most = max((frame["share"].max() for frame in frames.values() if len(frame)), default=1.0) or 1.0
    inner = max((layout.widest(texts, size) for texts in labels.values()), default=0.0)
    for line, head, body in zip(lines, heads, bodies, strict=True):
        for column, key in enumerate(line):
            x = layout.EDGE + column * (each + SPACE)
            panel = layout.rows(page, x + inner + 0.08, x + each - SHARE, top + head, heights[key])
            panel.axes.set_xlim(0, most)
            panel.write(x, -0.04, titles[key], va="bottom", size=size, weight="bold")
            layout.write_labels(panel, labels[key], x=x, size=size)
            _draw(panel, frames[key], x, size)
        top += head + body
    layout.write_centred(page, width / 2, top, axis)
    return page


def _n_is(n: float) -> str:
    return f"n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{marks.count(n)}"


def _draw(panel: layout.Rows, bins: pd.DataFrame, x: float, size: float) -> None:
    panel.axes.set_axis_off()
    if bins.empty:
        panel.remark(x, panel.centres[0], marks.not_shown())
        return
    panel.axes.axvline(0, color=style.MUTED, linewidth=0.6, label="axis")
    for y, height, row in zip(panel.centres, panel.zones, bins.itertuples(), strict=True):
        if pd.isna(row.share):
            panel.remark(panel.left + 0.04, y, marks.not_shown(), size=max(size - 0.5, style.TINY))
            continue
        colour = COLOURS[_side(row.low, row.high)]
        marks.draw_bar(panel.axes, 0, row.share, y, min(height * 0.78, 0.19), colour, "share")
        end = panel.left + (panel.right - panel.left) * row.share / panel.axes.get_xlim()[1]
        panel.write(end + 0.04, y, f"{round(100 * row.share)} %", size=max(size - 0.5, style.TINY))
