"""How many respondents stood at the top of a scale before, with no room to rise."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import ArrayLike

from analysis.notes import Note, note

LARGEST_SHARE = 0.15
ROUNDING = 1e-9


@dataclass(frozen=True)
class Ceiling:
    """Respondents at the highest possible score before. Shares lie between 0 and 1, nan without a base.

    `n`: scores before; `n_at_maximum`, `share` of them at the maximum. `n_matched`: respondents with both
    scores; `n_could_not_rise`, `share_could_not_rise` of them at the maximum before, so that they could
    only stay or fall. `flagged`: `share` is over 15 %.
    """

    n: int = 0
    n_at_maximum: int = 0
    share: float = nan
    n_matched: int = 0
    n_could_not_rise: int = 0
    share_could_not_rise: float = nan
    flagged: bool = False
    note: tuple[Note, ...] = ()


def ceiling(pre: ArrayLike, post: ArrayLike, maximum: float) -> Ceiling:
    """Shares at the `maximum` of the scale before, of all and of the matched respondents.

    `pre`, `post`: (n,) scores of the same respondents, nan where missing; `maximum`: the highest score the
    scale allows. Over 15 % at the maximum the mean change is likely to be held down.
    Raises ValueError if a score before lies above the maximum.
    Sources of the 15 %: McHorney and Tarlov (1995), Quality of Life Research; Terwee et al. (2007), Journal
    of Clinical Epidemiology.
    """
    pre, post = (np.asarray(values, dtype=float).ravel() for values in (pre, post))
    before = np.isfinite(pre)
    matched = before & np.isfinite(post)
    slack = ROUNDING * max(1.0, abs(maximum))
    if np.any(pre[before] > maximum + slack):
        raise ValueError(f"A score lies above the maximum of {maximum}.")
    top = before & (pre >= maximum - slack)
    counted = (before, top, matched, matched & top)
    n, n_top, n_matched, n_stuck = (int(np.count_nonzero(flags)) for flags in counted)
    share = n_top / n if n else nan
    return Ceiling(
        n=n, n_at_maximum=n_top, share=share, n_matched=n_matched, n_could_not_rise=n_stuck,
        share_could_not_rise=n_stuck / n_matched if n_matched else nan,
        flagged=share > LARGEST_SHARE,
        note=() if n else (note("no_baseline"),),
    )
