"""What may be shown: groups under the minimum are not, nor what would give them away.

A group is the set of respondents a figure is computed on (its base). The rules follow the usual ones of
statistical disclosure control for tables (Hundepool et al. 2012, Statistical Disclosure Control, ch. 5):
a threshold for the base, and complementary suppression audited by the range an attacker could work out.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import linprog

TOO_FEW = "Not shown: fewer than {minimum} respondents."
ONE_CATEGORY = "Not shown: all answers fall into one category."
PARTICIPATION_COUNTS = ["n_pre", "n_post", "n_matched", "n_pre_only", "n_post_only"]
# Each row sums to zero for every school: answered before = linked + before only, and likewise after.
_RELATIONS = np.array([[1, 0, -1, -1, 0], [0, 1, -1, 0, -1]])


def too_few(minimum: int) -> str:
    """The sentence that stands where a figure with too small a base would be."""
    return TOO_FEW.format(minimum=minimum)


def hidden_because(counts: list[int], base: int, minimum: int) -> str:
    """Why a table of answer categories is not shown; empty if it may be."""
    if base < minimum:
        return too_few(minimum)
    return ONE_CATEGORY if max(counts, default=0) == base and sum(counts) == base else ""


def differs_by_few(minimum: int, other: str = "the main estimate") -> str:
    """Why the main estimate on a slightly smaller sample is not shown; `other` is what it would be compared with."""
    return f"Not shown: it differs from {other} by the answers of fewer than {minimum} respondents."


def gives_away(minimum: int, who: str = "are not linked") -> str:
    """Why a mean of the linked respondents alone is not shown beside the means of all.

    The two differ only by the respondents who are not linked; where these are fewer than `minimum`, their
    own scores could be worked out by subtraction. `who` says which respondents they are.
    """
    return f"with the means of all, it would give away the fewer than {minimum} respondents who {who}."


COARSE = 2
ROUNDED = (
    f"Interval and p are rounded to {COARSE} decimals: at full precision they would give away the answers of a school with "
    "fewer than {minimum} linked respondents."
)


def gives_school_away(cluster: np.ndarray | None, minimum: int) -> bool:
    """Whether a clustered interval at full precision could be solved for a small school's answers.

    Answers on a short scale have few possible sums per school; with the exact mean, standard error and
    degrees of freedom only one set of sums may fit, and a school of fewer than `minimum` is then known.
    """
    if cluster is None or not len(cluster):
        return False
    sizes = np.unique(cluster, return_counts=True)[1]
    return len(sizes) > 1 and few(int(sizes.min()), minimum)


TOLD_OF_SCHOOLS = 5
"""Published figures that speak of how schools differ: the linked teachers' mean change and its standard error, the mean
of the schools' means and its standard error, and the intraclass correlation."""
SCHOOLS_TOLD = "Not shown: with so few schools it would give away the answers of one with fewer than {minimum} respondents."
NO_INTERVAL = ("No interval: with two schools it would give away the answers of the one with fewer than {minimum} "
               "respondents.")


def gives_school_away_among(schools: int, cluster: np.ndarray | None, minimum: int) -> bool:
    """Whether at most `schools` schools have respondents, and one of these schools is small.

    As many unknown means of schools as there are figures that depend on nothing else can be solved for.
    """
    return gives_school_away(cluster, minimum) and len(np.unique(cluster)) <= schools


def few(number: int, minimum: int) -> bool:
    """Whether so many respondents are a group that must not be told apart from all the others."""
    return 0 < number < minimum


def protected_participation(counts: pd.DataFrame, minimum: int, known: str = "") -> pd.DataFrame:
    """Participation by school with small counts and their complements empty.

    `counts` has a row per school with `PARTICIPATION_COUNTS` and a last row, the total, whose `school`
    is empty and which is always shown. A count of 1 to `minimum - 1` is hidden; then further counts are
    hidden until what remains visible confines no hidden small count to a range narrower than `minimum`, or
    than the totals alone confine it to. `known` is the row whose counts can be learnt from the notes of
    other tables, so it hides no other row's. A note says which rows hide something.
    """
    schools = counts["school"] != ""
    values = counts.loc[schools, PARTICIPATION_COUNTS].to_numpy(int)
    total = counts.loc[~schools, PARTICIPATION_COUNTS].to_numpy(int)[0]
    shown = ~hidden_cells(values, total, minimum, (counts.loc[schools, "school"] == known).to_numpy())

    table = counts.copy()
    table[PARTICIPATION_COUNTS] = table[PARTICIPATION_COUNTS].astype("Int64")
    hidden_rows = np.flatnonzero(~shown.all(axis=1))
    labels = counts.index[schools]
    for row in hidden_rows:
        for position, column in enumerate(PARTICIPATION_COUNTS):
            if not shown[row, position]:
                table.loc[labels[row], column] = pd.NA
    table.loc[labels[hidden_rows], "note"] = [
        f"{note} Empty cells are groups of fewer than {minimum}, or would give such a group away.".strip()
        for note in table.loc[labels[hidden_rows], "note"].fillna("")
    ]
    return table


def hidden_cells(
    values: np.ndarray, total: np.ndarray, minimum: int, known: np.ndarray | None = None
) -> np.ndarray:
    """Which cells of a schools x 5 table of participation must stay hidden (bool, same shape).

    `known` marks the rows whose counts a reader learns elsewhere (bool, a place per row): they can't help
    to hide another row's, and are hidden only where they are small.
    """
    small = (values > 0) & (values < minimum)
    known = np.zeros(len(values), bool) if known is None else known
    free = np.ones_like(small) & ~known[:, None]
    audited = np.argwhere(small & free)
    least = {tuple(cell): min(minimum, _width(cell, values, total, free)) for cell in audited}
    hidden = small & free
    while True:
        _hide_partners(values, hidden)
        weak = next(
            (cell for cell in audited if _width(cell, values, total, hidden) < least[tuple(cell)] - 1e-6), None
        )
        if weak is None:
            break
        visible = np.argwhere(~hidden & free)
        hidden[tuple(min(visible, key=lambda cell: _cost(cell, weak, values)))] = True
    return hidden | small


def _cost(cell: np.ndarray, weak: np.ndarray, values: np.ndarray) -> tuple:
    """Rank of a cell to hide for the sake of `weak`: its column first, zeros last, small counts first."""
    count = values[tuple(cell)]
    return cell[1] != weak[1], count == 0, count, *cell


def _hide_partners(values: np.ndarray, hidden: np.ndarray) -> None:
    """Hide a second count wherever a school's own sums would give a hidden one away."""
    for school in range(len(values)):
        while True:
            lonely = [np.flatnonzero(r) for r in _RELATIONS if hidden[school, np.flatnonzero(r)].sum() == 1]
            if not lonely:
                break
            partners = lonely[0][~hidden[school, lonely[0]]]
            hidden[school, min(partners, key=lambda c: (_makes_lonely(school, c, hidden), values[school, c]))] = True


def _makes_lonely(school: int, column: int, hidden: np.ndarray) -> int:
    return sum(
        relation[column] != 0 and not hidden[school, np.flatnonzero(relation)].any() for relation in _RELATIONS
    )


def _width(cell: np.ndarray, values: np.ndarray, total: np.ndarray, hidden: np.ndarray) -> float:
    """How wide the range is in which a hidden cell must lie, given everything that is visible."""
    positions = np.argwhere(hidden)
    index = {tuple(position): number for number, position in enumerate(positions)}
    equations, right = [], []
    for column in range(values.shape[1]):
        row = np.zeros(len(positions))
        row[[index[tuple(p)] for p in positions if p[1] == column]] = 1
        equations.append(row)
        right.append(total[column] - values[~hidden[:, column], column].sum())
    for school in range(len(values)):
        for relation in _RELATIONS:
            row = np.zeros(len(positions))
            known = 0
            for column in np.flatnonzero(relation):
                if hidden[school, column]:
                    row[index[(school, column)]] = relation[column]
                else:
                    known += relation[column] * values[school, column]
            equations.append(row)
            right.append(-known)
    target = np.zeros(len(positions))
    target[index[tuple(cell)]] = 1
    lowest, highest = (
        linprog(sign * target, A_eq=np.array(equations), b_eq=right, bounds=(0, None)) for sign in (1, -1)
    )
    unbounded = 3
    return np.inf if unbounded in (lowest.status, highest.status) else -highest.fun - lowest.fun


def hidden_parts(sizes: np.ndarray, minimum: int, hidden: np.ndarray | None = None, least: int = 0) -> np.ndarray:
    """Which parts of a whole must not be shown where the same figure is known of the whole (bool, a place per part).

    `sizes`: how many respondents each part's figure rests on; `hidden`: parts that are hidden anyhow. Parts of 1 to
    `minimum - 1` are hidden, and then the next larger ones until those hidden, whose figure taken together follows by
    subtraction, are `minimum` respondents at least, or none. Where a part is small, at least `least` parts are hidden:
    so many that other figures of the whole, which depend on the parts too, leave more unknown than they tell.
    """
    sizes = np.asarray(sizes, int)
    small = (sizes > 0) & (sizes < minimum)
    found = small | (np.zeros(len(sizes), bool) if hidden is None else np.asarray(hidden, bool))

    def given_away() -> bool:
        return few(int(sizes[found].sum()), minimum) or bool(small.any() and (found & (sizes > 0)).sum() < least)

    while given_away() and (shown := np.flatnonzero(~found & (sizes > 0))).size:
        found[shown[np.argmin(sizes[shown])]] = True
    return found


def coarse(number: float, step: float) -> float:
    """A number rounded to its first digit, and to whole steps; nan stays nan, an integer an integer."""
    if not np.isfinite(number):
        return number
    rounded = round(float(f"{round(number / step) * step:.1g}"), 6)
    return int(rounded) if isinstance(number, (int, np.integer)) else rounded


def hidden_answers(counts: np.ndarray, minimum: int) -> np.ndarray:
    """Which answers must not be shown of two groups whose counts together are published (bool, a place per answer).

    `counts`: (2, k) respondents of each group by answer. Hidden are answers that 1 to `minimum` - 1 of a group gave or
    did not give; then the next rarer ones until every such count lies in a range as wide as `minimum`, or as it would
    with all answers hidden.
    """
    counts = np.asarray(counts, int)
    others = counts.sum(axis=1, keepdims=True) - counts
    small = (few_of(counts, minimum) | few_of(others, minimum)).any(axis=0)
    hidden = small.copy()
    every = np.ones_like(small)

    def given_away(answer: int) -> bool:
        return _range(counts, answer, hidden) < min(minimum, _range(counts, answer, every))

    while any(map(given_away, np.flatnonzero(small))) and (shown := np.flatnonzero(~hidden)).size:
        given = shown[counts[:, shown].sum(axis=0) > 0]
        at = given if given.size else shown
        hidden[at[np.argmin(counts[:, at].sum(axis=0))]] = True
    return hidden


def few_of(counts: np.ndarray, minimum: int) -> np.ndarray:
    """`few`, for each of an array of counts."""
    return (counts > 0) & (counts < minimum)


def _range(counts: np.ndarray, answer: int, hidden: np.ndarray) -> int:
    """How wide the range of one group's count of a hidden answer is; the other group's is as wide."""
    both, of_group = counts[:, answer].sum(), counts[0, hidden].sum()
    of_others = counts[:, hidden].sum() - both
    return int(min(both, of_group) - max(0, of_group - of_others))
