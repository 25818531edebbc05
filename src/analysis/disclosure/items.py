"""Whether an item's directions of change give away what the few answered who are not linked on it.

How many gave each answer in a whole country is published, and how many of the linked answered higher, the same and
lower, with their mean change. Where 1 to `minimum` - 1 respondents answered in one wave only, these numbers together
may leave a single possibility for their answers. That is looked for as an attacker would: by linear programming over
all tables of answers before by answers after that agree with what is published (Hundepool et al. 2012, Statistical
Disclosure Control, ch. 5).
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from analysis.disclosure.rules import few
from analysis.scales import WAVES, Panel

SLACK = 1e-6


def only_item_given_away(panel: Panel, scale: str) -> bool:
    """Whether the directions of change of a scale's only item, and what tells them, would give away a few answers."""
    items = panel.items[scale]
    if len(items) != 1 or panel.study.codebook.items.loc[items[0], "kind"] != "likert":
        return False
    pre, post = (panel.answers[wave][items[0]].to_numpy(float) for wave in WAVES)
    return few_given_away(pre, post, np.isfinite(pre) & np.isfinite(post) & panel.in_clusters,
                          panel.study.settings.minimum_group)


def few_given_away(pre: np.ndarray, post: np.ndarray, both: np.ndarray, minimum: int) -> bool:
    """Whether the answers of a few who are not in `both` follow from the published numbers of an item.

    `pre`, `post`: (n,) answers of the same respondents, nan where none; `both`: (n,) the linked that are counted.
    """
    answered = np.isfinite(pre), np.isfinite(post)
    alone = [int((wave & ~both).sum()) for wave in answered]
    values = np.unique(np.concatenate([pre[answered[0]], post[answered[1]]]))
    if not any(few(number, minimum) for number in (*alone, sum(alone))):
        return False
    if len(values) <= 2:  # improved less worse is then the difference of the linked ones' sums
        return True
    counts = [np.array([(answers[wave] == value).sum() for value in values])
              for answers, wave in zip((pre, post), answered, strict=True)]
    system = _system(values, counts, alone, pre[both], post[both])
    k = len(values)
    return any(
        few(number, minimum) and most > least and _fixed(k * k + place * k + position, *system)
        for place, number in enumerate(alone) for position in range(k)
        for least, most in [_from_margins(counts[place], number, position)]
    )


def _from_margins(counts: np.ndarray, alone: int, position: int) -> tuple[int, int]:
    """Between which numbers the answers of those alone must lie by the counts of all answers."""
    return max(0, alone - int(counts.sum() - counts[position])), min(alone, int(counts[position]))


def _system(values, counts, alone, before, after) -> tuple[np.ndarray, np.ndarray]:
    """The equations over the k x k linked by answer before and after, then the k alone before and the k alone after."""
    k = len(values)
    first, second = (index.ravel() for index in np.indices((k, k)))
    rows, right = [], []

    def know(linked, alone_before, alone_after, value):
        rows.append(np.concatenate([linked, alone_before, alone_after]).astype(float))
        right.append(float(value))

    none, unit = np.zeros(k), np.eye(k)
    for position in range(k):
        know(first == position, unit[position], none, counts[0][position])
        know(second == position, none, unit[position], counts[1][position])
    know(np.zeros(k * k), np.ones(k), none, alone[0])
    know(np.zeros(k * k), none, np.ones(k), alone[1])
    know(second > first, none, none, (after > before).sum())
    know(second < first, none, none, (after < before).sum())
    know(values[second] - values[first], none, none, (after - before).sum())
    return np.array(rows), np.array(right)


def _fixed(place: int, left: np.ndarray, right: np.ndarray) -> bool:
    target = np.zeros(left.shape[1])
    target[place] = 1
    low, high = (linprog(sign * target, A_eq=left, b_eq=right, bounds=(0, None), method="highs") for sign in (1, -1))
    return low.status == high.status == 0 and -high.fun - low.fun < SLACK
