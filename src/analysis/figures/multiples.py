"""Small multiples: a panel for each scale with a common axis, row labels once a line of panels."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from analysis.figures import layout, style

SPACE = 0.14  # inches between panels


def columns_for(n: int) -> int:
    """How many panels stand side by side."""
    return max(n, 1) if n <= 2 else 2 if n == 4 else 3 if n <= 12 else 4


def panels(
    titles: Sequence[str],
    labels: Sequence[str],
    limits: tuple[float, float],
    x_label: str,
    *,
    row_height: float = 0.17,
    legend: Sequence[layout.Entry] = (),
    heading: str = "",
    synthetic: bool = False,
) -> tuple[Figure, list[layout.Rows]]:
    """A page with a panel for each title, all with the same rows and the same limits; ready to draw into."""
    columns = columns_for(len(titles))
    entries = layout.legend_lines(legend, style.WIDTH - 2 * layout.EDGE)
    shown = [layout.wrap(label, 1.6, style.SMALL) for label in labels]
    heights = layout.row_heights(shown, row_height, style.SMALL)
    left = layout.EDGE + layout.widest(shown, style.SMALL) + 0.1
    width = (style.WIDTH - layout.EDGE - 0.08 - left - SPACE * (columns - 1)) / columns
    wrapped = [layout.wrap(title, width, style.SMALL, "bold") for title in titles]
    lines = [range(i, min(i + columns, len(titles))) for i in range(0, len(titles), columns)]
    heads = [
        max(wrapped[i].count("\n") + 1 for i in line) * layout.line_height(style.SMALL) + 0.1
        for line in lines
    ]
    body = (
        layout.legend_height(entries)
        + sum(heads)
        + len(lines) * (sum(heights) + layout.AXIS)
        + layout.AXIS_LABEL
    )
    page, top = layout.page(body, heading, synthetic)
    layout.draw_legend(page, layout.EDGE, top, entries)
    top += layout.legend_height(entries)
    drawn = []
    for line, head in zip(lines, heads, strict=True):
        for column, i in enumerate(line):
            x = left + column * (width + SPACE)
            panel = layout.rows(page, x, x + width, top + head, heights)
            panel.axes.set_xlim(limits)
            panel.axes.xaxis.get_major_locator().set_params(nbins=4 if width < 1.2 else 5)
            panel.write(x, -0.04, wrapped[i], va="bottom", size=style.SMALL, weight="bold")
            if column == 0:
                layout.write_labels(panel, shown, size=style.SMALL)
            drawn.append(panel)
        top += head + sum(heights) + layout.AXIS
    middle, height = (left + style.WIDTH) / 2, page.get_size_inches()[1]
    page.text(
        middle,
        height - top - 0.02,
        x_label,
        transform=page.dpi_scale_trans,
        ha="center",
        va="top",
        size=style.SMALL,
    )
    return page, drawn
