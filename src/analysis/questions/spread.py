"""How differently respondents changed, in bands that give nobody away."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.disclosure.items import only_item_given_away
from analysis.disclosure.rules import few
from analysis.numerals import number
from analysis.questions.change import left_out, linked_with_school, scores_of
from analysis.scales import Panel


def changes_in_bands(panel: Panel, scale: str, width: float = 0.25) -> pd.DataFrame:
    """How the linked respondents' own changes are spread: `low, high, share, label`, a row per band.

    Bands are `width` scale points wide and centred on no change; neighbouring ones are joined from the
    outside in until each holds at least `minimum_group` respondents, so that no single change can be
    read off. The outer ones reach as far as a change can, since where they began would be the change of one.
    Respondents whose school is not given are left out, as in the other figures on the linked. The table is empty
    without enough of them, or where the bands would nearly add up to a sum that gives away the few others, or tell the
    directions of change that `item_change.csv` hides.
    """
    minimum = panel.study.settings.minimum_group
    everyone = scores_of(panel, scale)
    scores = linked_with_school(everyone)
    changes = scores.post - scores.pre
    if len(changes) < minimum or few(left_out(everyone, scores), minimum) or only_item_given_away(panel, scale):
        return pd.DataFrame({"low": [], "high": [], "share": [], "label": []})
    band = np.floor(changes / width + 0.5 + 1e-9).astype(int)
    first, last = band.min(), band.max()
    counts = np.bincount(band - first, minlength=last - first + 1)
    edges = (np.arange(first, last + 2) - 0.5) * width
    counts, edges = joined_bands(counts, edges, minimum)
    edges[[0, -1]] = _farthest(panel, scale, width)
    bands = pd.DataFrame({"low": edges[:-1], "high": edges[1:], "share": counts / counts.sum()})
    return bands.assign(label=_band_names(edges))


def _farthest(panel: Panel, scale: str, width: float) -> tuple[float, float]:
    """Edges beyond the largest fall and rise that the answers allow."""
    bounds = panel.study.codebook.range(panel.items[scale][0])
    reach = np.inf if bounds is None else bounds[1] - bounds[0] + width / 2
    return -reach, reach


def _band_names(edges: np.ndarray) -> list[str]:
    if len(edges) == 2:
        return ["all"]
    shown = [number(edge, 3, signed=True).rstrip("0").rstrip(".") for edge in edges]
    inner = [f"{low} to {high}" for low, high in pairwise(shown[1:-1])]
    return [f"below {shown[1]}", *inner, f"above {shown[-2]}"]


def joined_bands(counts: np.ndarray, edges: np.ndarray, minimum: int) -> tuple[np.ndarray, np.ndarray]:
    """Join neighbouring bands, outermost first, until every band holds at least `minimum`."""
    counts, edges = list(counts), list(edges)
    while len(counts) > 1 and min(counts) < minimum:
        if counts[0] < minimum or counts[-1] < minimum:
            at = 0 if counts[0] < minimum else len(counts) - 2
        else:
            thin = counts.index(min(counts))
            at = thin if counts[thin + 1] <= counts[thin - 1] else thin - 1
        counts[at:at + 2] = [counts[at] + counts[at + 1]]
        del edges[at + 1]
    return np.array(counts), np.array(edges)
