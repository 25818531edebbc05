"""Lines over days: running totals, each named at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.dates import AutoDateLocator, DateFormatter
from matplotlib.figure import Figure

from analysis.plots import style

COLOURS = (style.PRE, style.POST, style.FELL, style.ROSE, style.MUTED)
KINDS = ("-", "--", ":")
NEAREST = 0.06
"""How near two names at the ends of lines may stand, as a share of the axis."""


@style.context()
def running_totals(panels: Mapping[str, Mapping[str, tuple[Sequence, Sequence[float]]]], width: float = style.FULL,
                   synthetic: str = "") -> Figure:
    """A panel per survey with a step line per name; `panels[survey][name]` is its days (datetime64) and running totals.

    A name has the same colour in every panel. `width` in inches.
    """
    figure = Figure((width, 0.5 * width), layout="constrained")
    names = list(dict.fromkeys(name for lines in panels.values() for name in lines))
    highest = 1.05 * max(max(totals) for lines in panels.values() for _days, totals in lines.values())
    for axes, (survey, lines) in zip(figure.subplots(1, len(panels), sharey=True, squeeze=False)[0], panels.items(),
                                     strict=True):
        last = -np.inf
        for name, (days, totals) in sorted(lines.items(), key=lambda line: max(line[1][1])):
            at, total = names.index(name), float(max(totals))
            colour = COLOURS[at % len(COLOURS)]
            kind = KINDS[at // len(COLOURS) % len(KINDS)]
            axes.step(days, totals, where="post", color=colour, linestyle=kind, linewidth=1.2)
            last = max(total, last + NEAREST * highest)
            axes.annotate(name, (np.asarray(days)[-1], last), (4, 0), textcoords="offset points", color=colour,
                          fontsize=style.TINY, va="center")
        axes.set(title=survey, ylim=(0, highest))
        axes.title.set_fontsize(style.SMALL)
        axes.xaxis.set_major_locator(AutoDateLocator(minticks=2, maxticks=3))
        axes.xaxis.set_major_formatter(DateFormatter("%Y-%m-%d"))
        axes.grid(axis="y")
        axes.spines[["top", "right"]].set_visible(False)
    if synthetic:
        figure.supxlabel(synthetic, x=0.99, ha="right", fontsize=style.TINY, color=style.MUTED)
    return figure
