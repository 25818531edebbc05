"""Small multiples: a panel for each scale with a common axis, row labels once a line of panels."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from analysis.plots import layout, legend, style

SPACE = 0.16  # inches between panels
MOST, LEAST = 3, 1.05  # panels side by side; inches each needs
TITLE = 0.3  # inches a title usually takes


def columns_for(n: int, room: float) -> int:
    """How many of n panels stand side by side in `room` inches."""
    fitting = max(1, min(MOST, int((room + SPACE) // (LEAST + SPACE))))
    return 2 if n == 4 and fitting > 2 else min(max(n, 1), fitting)


def panels_a_page(rows: int, row_height: float = 0.17) -> int:
    """How many panels of as many rows stand on a page of the full width without growing too tall."""
    return MOST * max(1, int((layout.TALLEST - 0.6) // (rows * row_height + layout.AXIS + TITLE)))


def panels(
    titles: Sequence[str],
    labels: Sequence[str],
    limits: tuple[float, float],
    x_label: str,
    *,
    width: float = style.FULL,
    row_height: float = 0.17,
    entries: Sequence[legend.Entry] = (),
    heading: str = "",
    synthetic: str = "",
) -> tuple[Figure, list[layout.Rows]]:
    """A page with a panel for each title, all with the same rows and the same limits; ready to draw into."""
    inner = width - 2 * layout.EDGE
    shown = [layout.wrap(label, 0.3 * width, style.SMALL) for label in labels]
    heights = layout.row_heights(shown, row_height, style.SMALL)
    left = layout.EDGE + layout.widest(shown, style.SMALL) + 0.1
    room = width - layout.EDGE - 0.1 - left
    columns = columns_for(len(titles), room)
    each = (room - SPACE * (columns - 1)) / columns
    wrapped = [layout.wrap(title, each, style.SMALL, "bold") for title in titles]
    lines = [range(i, min(i + columns, len(titles))) for i in range(0, len(titles), columns)]
    heads = [max(layout.text_height(wrapped[i], style.SMALL) for i in line) + 0.1 for line in lines]
    below = legend.lines(entries, inner)
    x_label = layout.wrap(x_label, inner, style.SMALL)
    axis_label = layout.text_height(x_label, style.SMALL) + 0.04
    body = sum(heads) + len(lines) * (sum(heights) + layout.AXIS) + axis_label + legend.height(below)
    page, top = layout.page(width, body, heading, synthetic)
    drawn = []
    for line, head in zip(lines, heads, strict=True):
        for column, i in enumerate(line):
            x = left + column * (each + SPACE)
            panel = layout.rows(page, x, x + each, top + head, heights)
            panel.axes.set_xlim(limits)
            panel.write(x, -0.04, wrapped[i], va="bottom", size=style.SMALL, weight="bold")
            if column == 0:
                layout.write_labels(panel, shown, size=style.SMALL)
            drawn.append(panel)
        top += head + sum(heights) + layout.AXIS
    layout.write_centred(page, (left + width) / 2, top + 0.02, x_label)
    legend.draw(page, layout.EDGE, top + axis_label, below)
    return page, drawn
