"""Every respondent as a dot: for the owner of the answers alone, and never in a report.

Each chart takes an empty axes; `scores` has a column per wave that is drawn, nan where there is no score.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.plots import style

COLOURS = {"pre": style.PRE, "post": style.POST}
SPREAD = 0.06  # of the dots around their place


@style.context()
def one_scale(scores: pd.DataFrame, names: dict[str, str], label: str, width: float) -> Figure:
    """A raincloud of each wave and, where both are drawn, a line from each matched respondent's score to the next."""
    figure = Figure((width, 2.9), layout="constrained")
    both = scores.dropna() if scores.shape[1] == 2 else scores.iloc[:0]
    axes = figure.subplots(1, 1 + bool(len(both)), sharey=True, squeeze=False)[0]
    rainclouds(axes[0], scores, names)
    axes[0].set(ylabel=label)
    if len(both):
        slopes(axes[1], both, names)
    return figure


def rainclouds(axes: Axes, scores: pd.DataFrame, names: dict[str, str]) -> None:
    """Half a violin, a box and the respondents of each wave (Allen et al. 2021, Wellcome Open Research)."""
    import seaborn as sns

    rng = np.random.default_rng(0)
    for at, wave in enumerate(scores):
        own = scores[wave].dropna().to_numpy()
        sns.violinplot(x=np.full(len(own), at), y=own, hue=np.zeros(len(own)), hue_order=[1, 0], dodge=True, split=True,
                       inner=None, width=0.8, cut=0, linewidth=0, palette=[COLOURS[wave]] * 2, alpha=0.4, legend=False,
                       native_scale=True, ax=axes)
        axes.boxplot(own, positions=[at - 0.08], widths=0.08, showfliers=False, medianprops={"color": style.INK})
        axes.scatter(at - 0.24 + rng.uniform(-SPREAD, SPREAD, len(own)), own, s=7, color=COLOURS[wave], alpha=0.5,
                     linewidth=0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(axis="y", labelsize=style.SMALL)
    axes.set_xticks(range(scores.shape[1]), [f"{names[wave]}\nn = {scores[wave].count()}" for wave in scores])


def slopes(axes: Axes, both: pd.DataFrame, names: dict[str, str]) -> None:
    """A line per respondent, in the colour of its direction, and the means as a thick one."""
    way = np.sign(both.iloc[:, 1] - both.iloc[:, 0])
    for sign, colour in ((0, style.STAYED), (-1, style.FELL), (1, style.ROSE)):
        axes.plot([0, 1], both[way == sign].to_numpy().T, color=colour, alpha=0.35, linewidth=0.8)
    axes.plot([0, 1], both.mean(), color=style.INK, marker="o", linewidth=2)
    axes.set(xlim=(-0.2, 1.2))
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.set_xticks([0, 1], [f"{names[wave]}\n{len(both)} matched" for wave in both])


@style.context()
def correlations(values: pd.DataFrame, width: float) -> Figure:
    """How the columns of `values` correlate, pair by pair (Pearson); a heat map."""
    import seaborn as sns

    found = values.corr().iloc[1:, :-1]
    figure = Figure((width, 2.2 + 0.36 * len(found)), layout="constrained")
    axes = figure.subplots()
    sns.heatmap(found, mask=np.triu(np.ones(found.shape, bool), 1), vmin=-1, vmax=1, cmap="PRGn", annot=True, fmt=".2f",
                annot_kws={"size": style.SMALL}, cbar=False, ax=axes)
    axes.tick_params(axis="x", rotation=30, length=0)
    for text in axes.get_xticklabels():
        text.set_horizontalalignment("right")
    axes.tick_params(axis="y", length=0, labelsize=style.SMALL, rotation=0)
    return figure
