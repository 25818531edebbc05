"""What may be published: whom an analysis is about, which schools stand alone, and how far numbers are rounded.

The rule behind all of it: any two published bases differ by nobody or by at least `minimum` people, and every published
number is rounded, so that no difference of two of them is one person's answer (docs/methods.md has the threat model).
Sources: Hundepool et al. (2012), Statistical Disclosure Control; OpenSAFELY's output checking.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, maximum_flow

from analysis.notes import note, read, written
from analysis.study.folder import Study

FEW_FOR_DECIMALS = 30
FEW_FOR_DIRECTIONS = 10
COVER_OF_DIRECTIONS = 20
FEWEST_SCHOOLS = 4
LARGEST_LEVERAGE = 0.5
P_COLUMNS = ("p", "p_adjusted", "tost_p")
SMALLEST_P = 0.001
FINER = {"tau2": 2, "tau2_low": 2, "tau2_high": 2, "slope": 1, "to_zero": -1, "interval_to_zero": -1}
"""Further decimals of numbers whose unit is small: variances of changes, slopes per hour. Fewer where a change is divided
by a share, which would give it further decimals."""
OF_SLOPES = ("se", "ci_low", "ci_high")
"""Columns with the decimals of the slope that they stand beside."""
INTERVAL_ENDS = ("_low", "_high")
"""How the names of columns end whose zeros keep the sign from before rounding: it tells on which side of zero they lie."""
TELLING = frozenset({
    "constant_items", "constant_sum", "constant_answers", "constant_groups", "constant_within_schools",
    "constant_within_surveys", "no_residual", "no_variation_left", "one_direction", "same_change", "schools_alike"})
"""Notes of statistics that give away answers: that all of them, or all changes, are the same."""
COARSE = {"compared": 10, "alike": 1, "within": 100, "expected": 0.1, "expected_high": 0.1}
"""Steps of the numbers of pairs within and between schools, which are sums of products of the schools' sizes."""


@dataclass(frozen=True)
class Policy:
    """The decisions that follow from the smallest group that may be told apart from all others.

    `minimum`: respondents; 1 declares the data public and switches every rule off.
    """

    minimum: int

    @classmethod
    def of(cls, study: Study) -> Policy:
        """The policy that a study's `minimum_group` declares."""
        return cls(study.settings.minimum_group)

    @property
    def public(self) -> bool:
        return self.minimum == 1

    def enough(self, number: int) -> bool:
        """Whether a base is large enough to be shown."""
        return number >= self.minimum

    def enough_schools(self, number: int) -> bool:
        """Whether a mean of so many schools' own results is shown, none of which is: each school knows one of them."""
        return self.public or number >= FEWEST_SCHOOLS

    def at_least(self, number: int) -> int:
        """A count that stands beside another of nearly the same people, rounded down to a multiple of `minimum`."""
        return number // self.minimum * self.minimum

    def mean_tells(self, answers: np.ndarray, low: float, high: float) -> bool:
        """Whether the mean of the answers (no nan) is so near an end of their range that nearly all gave that answer."""
        gaps = float((high - answers).sum()), float((answers - low).sum())
        return not self.public and min(gaps) < self.minimum

    def shows(self, counts: list[int], base: int) -> bool:
        """Whether the counts of a base's answers are shown: it is large enough, and not all gave one answer."""
        return self.enough(base) and (self.public or not (sum(counts) == base == max(counts, default=0)))

    def small(self, number):
        """Whether so many respondents are a group that must not be told apart (bool, or an array of them)."""
        return (np.asarray(number) > 0) & (np.asarray(number) < self.minimum)

    def kept(self, groups: np.ndarray) -> np.ndarray:
        """Who stays in a published sample (bool, (n,)), so that every group has nobody or at least `minimum` of them.

        `groups`: (n, k) bool, a column per group. As long as a group has 1 to `minimum` - 1 of those who stay, they leave.
        """
        groups = np.asarray(groups, bool)
        staying = np.ones(len(groups), bool)
        while (small := self.small(groups[staying].sum(axis=0))).any():
            staying &= ~groups[:, small].any(axis=1)
        return staying

    @property
    def cover(self) -> int:
        """How many respondents may hold any small group and enough others beside it; too few for directions are none."""
        return max(2 * self.minimum - 1, FEW_FOR_DIRECTIONS - 1)

    @property
    def cover_of_directions(self) -> int:
        """How many unmatched answers hide what the few who gave an answer gave in the other survey."""
        return max(4 * self.minimum, COVER_OF_DIRECTIONS)

    def singles_out(self, answers: np.ndarray) -> bool:
        """Whether exact counts of these answers (nan for none) tell that few gave one of them.

        Beside such counts nothing is shown that ties one answer of a respondent to another.
        """
        answers = np.asarray(answers, float)
        return not self.public and bool(self.small(np.unique(answers[np.isfinite(answers)], return_counts=True)[1]).any())

    def joined(self, sizes: np.ndarray, alone: np.ndarray | None = None) -> np.ndarray:
        """Which groups are joined into one (bool, a place per group): those that can't stand alone, and one to cover them.

        `sizes`: respondents of each group; those of 1 to `minimum` - 1 can't stand alone, or those that `alone` (bool)
        says. The first of the others covers them, since two groups of 4 would be known by their sum; more follow until the
        joined group may be any small group and others (`cover`). Which one covers does not depend on
        its size: this rule is public, and the smallest of them could be told from those that stand alone.
        """
        sizes = np.asarray(sizes, int)
        found = self.small(sizes) if alone is None else ~np.asarray(alone, bool)
        covered = not found.any()
        while found.any() and not (covered and sizes[found].sum() >= self.cover):
            others = np.flatnonzero(~found & (sizes > 0))
            others = others if others.size or covered else np.flatnonzero(~found)
            if not others.size:
                break
            found[others[0]] = covered = True
        return found

    def clusters(self, cluster: np.ndarray | None) -> np.ndarray | None:
        """The clusters of a published estimate: schools with fewer than `minimum` respondents in it are put together.

        `cluster`: (n,) codes of the schools in the sample; small ones, in the order of their codes, are joined until
        each group has enough, and what is left over joins the last group. Coarser clusters keep a cluster-robust
        standard error valid; with finer ones mean and interval can be solved for a small school's answers.
        """
        if cluster is None or not len(cluster):
            return cluster
        codes, sizes = np.unique(cluster, return_counts=True)
        small = self.small(sizes)
        if not small.any():
            return cluster
        home, groups = dict(zip(codes, codes, strict=True)), []
        for code, size in zip(codes[small], sizes[small], strict=True):
            if not groups or groups[-1][1] >= self.minimum:
                groups.append([code, 0])
            home[code] = groups[-1][0]
            groups[-1][1] += size
        last, held = groups[-1]
        if held < self.minimum and (len(groups) > 1 or not small.all()):
            into = groups[-2][0] if len(groups) > 1 else codes[~small][np.argmin(sizes[~small])]
            home |= {code: into for code in codes if home[code] == last}
        return np.array([home[code] for code in cluster])

    def suppressed(self, counts: np.ndarray) -> np.ndarray:
        """Which cells of a column whose sum is known stay empty (bool): those under `minimum`, and more to cover them.

        A zero is as telling as a small count: nobody left means that everybody came again.
        """
        counts = np.asarray(counts, int)
        return self.joined(counts, self.public | (counts >= self.minimum) | (counts.sum() == 0))

    def crossed(self, one: np.ndarray, other: np.ndarray) -> bool:
        """Whether means of the groups of two partitions ((n,) labels of the same respondents) may both be published.

        In the graph of all groups, in which two are joined by the respondents whom they share, what subtraction can tell
        of a part of them is a cut: the smallest cut of each connected part has to hold enough respondents.
        """
        places = [np.unique(np.asarray(labels).astype(str), return_inverse=True)[1] for labels in (one, other)]
        if self.public or not len(places[0]):
            return True
        rows, columns = places[0], places[1] + places[0].max() + 1
        size = int(columns.max()) + 1
        shared = np.zeros((size, size), np.int32)
        np.add.at(shared, (rows, columns), 1)
        graph = csr_array(shared + shared.T)
        part = connected_components(graph)[1]
        first = {number: at for at, number in reversed(list(enumerate(part)))}
        return all(self.enough(maximum_flow(graph, first[number], at).flow_value)
                   for at, number in enumerate(part) if at != first[number])

    def apart(self, one: np.ndarray, other: np.ndarray) -> bool:
        """Whether two samples (bool masks of the same respondents) differ by nobody or by enough people."""
        return not self.small((np.asarray(one, bool) != np.asarray(other, bool)).sum())

    def schools_speak(self, cluster: np.ndarray | None) -> bool:
        """Whether statistics of how schools differ may be shown: every school has enough respondents."""
        return cluster is None or not self.small(np.unique(cluster, return_counts=True)[1]).any()

    def decides_alone(self, x: np.ndarray) -> bool:
        """Whether few respondents decide a regression on x: few differ from all others, or one has half the leverage."""
        if self.public or not len(x):
            return False
        distance = (x - x.mean()) ** 2
        others = len(x) - np.unique(x, return_counts=True)[1].max()
        return bool(self.small(others)) or float(distance.max()) > (LARGEST_LEVERAGE - 1 / len(x)) * float(distance.sum())

    def digits(self, row: pd.Series, name: str) -> int:
        """How many decimals a number of a table's row is published with."""
        base = None if self.public or name.startswith("share") else _base(row, name)
        return max(_decimals(row.index, name) - bool(pd.notna(base) and base < FEW_FOR_DECIMALS), 1)

    def rounded(self, table: pd.DataFrame) -> pd.DataFrame:
        """The table as it is published: two decimals, one where fewer than 30 respondents are behind a number.

        p has three, and 0 stands for "< .001" (`as_published` writes it so); df are whole. Counts stay. A note that tells
        that all answered alike becomes `no_variation`.
        """
        if self.public or table.empty:
            return table
        if "note" in table:
            table = table.assign(note=table["note"].map(_untelling))
        return table.assign(**{
            name: self._rounded(table, name) for name, column in table.items()
            if column.dtype.kind == "f" or name in COARSE
        })

    def _rounded(self, table: pd.DataFrame, name: str) -> pd.Series:
        column = table[name]
        if name == "n" or name.startswith("n_"):
            return column
        if name in COARSE:
            return column.map(lambda number: _first_digit(number, COARSE[name]))
        if name in P_COLUMNS:
            return column.round(3).mask(column < SMALLEST_P, 0.0)
        if name == "df":
            return column.round(0).astype("Int64")
        digits, zero = _decimals(table.columns, name), -0.0 if name.endswith(INTERVAL_ENDS) else 0.0
        base = None if name.startswith("share") else _base(table, name)
        fine = column.round(digits) + zero
        if base is None:
            return fine
        return fine.mask((base < FEW_FOR_DECIMALS).fillna(False).astype(bool), column.round(max(digits - 1, 1)) + zero)


def _decimals(names: Iterable[str], name: str) -> int:
    return 2 + FINER.get("slope" if name in OF_SLOPES and "slope" in names else name, 0)


def _untelling(cell: str) -> str:
    return written(note("no_variation") if one.code in TELLING else one for one in read(cell))


def _first_digit(number: float, step: float) -> float:
    """A number in whole steps, rounded to its first digit; nan stays nan, an integer an integer."""
    if not np.isfinite(number):
        return number
    rounded = round(float(f"{round(number / step) * step:.1g}"), 6)
    return int(rounded) if isinstance(number, (int, np.integer)) else rounded


def _base(table: pd.DataFrame | pd.Series, name: str):
    """How many respondents are behind each number of a column, or of a row; None where the table doesn't say."""
    names = set(table.columns if isinstance(table, pd.DataFrame) else table.index)
    wave = name.rsplit("_", 1)[-1]
    own = f"n_{wave}" if wave in ("pre", "post") else "n_matched" if name.startswith("d_av") else "n"
    if own in names:
        return table[own]
    if {"n_pre", "n_post", "n_matched"} <= names:
        return table["n_pre"] + table["n_post"] - table["n_matched"]
    smallest = ("n_unmatched", "n_smallest", "n_leaders", "n_matched", "n")
    return next((table[column] for column in smallest if column in names), None)


def as_published(table: pd.DataFrame) -> pd.DataFrame:
    """The table as files have it: no p is 0, but "< .001"."""
    return table.assign(**{
        name: table[name].astype(object).mask(table[name] == 0, "< .001")
        for name in P_COLUMNS if name in table and (table[name] == 0).any()
    })
