"""Schools: their sizes from degrees of freedom, their sums as whole numbers, their counts by the rule that joins them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.stats import t

from analysis.pseudonyms import NOT_GIVEN, OTHER_SCHOOLS
from attacks.codebooks import Book
from attacks.reading import Interval, Reader
from attacks.sums import complete, rise

MOST_WAYS = 600_000
MOST_PARTS = 20_000
COUNTS = ("n_pre", "n_post", "n_matched", "n_pre_only", "n_post_only")
RELATIONS = (("n_pre", "n_matched", "n_pre_only"), ("n_post", "n_matched", "n_post_only"))
Sizes = dict[str, dict[str, int]]
"""How many matched teachers each school has on each scale."""


def satterthwaite(sizes: np.ndarray) -> np.ndarray:
    """Degrees of freedom of a mean with CR2 over schools of these sizes (the last axis), which nothing else enters."""
    share = sizes / sizes.sum(axis=-1, keepdims=True)
    rest = np.maximum(1 - share, 1e-12)
    return 1 / ((share**2).sum(-1) - (share**4 / rest**2).sum(-1) + (share**2 / rest).sum(-1) ** 2)


def partitions(n: int, parts: int, most: int | None = None) -> Iterator[tuple[int, ...]]:
    """Ways to write n as a sum of so many whole numbers from 1 on, the largest first."""
    most = n if most is None else most
    if parts == 1:
        if 1 <= n <= most:
            yield (n,)
        return
    for first in range(min(most, n - parts + 1), (n + parts - 1) // parts - 1, -1):
        for rest in partitions(n - first, parts - 1, first):
            yield (first, *rest)


def sizes_by_freedom(reader: Reader, book: Book, sizes: Sizes) -> list[str]:
    """Numbers of matched teachers of small schools that the degrees of freedom leave as the only ones.

    Clusters that the code puts together are put together here, too, since the reader has the code.
    """
    known = []
    for row in reader.rows("change"):
        of = reader.row("sensitivity", scale=row["scale"], method="matched_cr2")
        schools = row["n_schools"]
        if pd.isna(of.get("df", np.nan)) or not 2 <= schools <= 5 or of["n"] > 40:
            continue
        ways = list(itertools.islice(partitions(int(of["n"]), schools), MOST_PARTS))
        if not ways or len(ways) == MOST_PARTS:
            continue
        if reader.full:
            freedom = satterthwaite(np.array(ways, float))
        else:
            joined = [np.unique(reader.policy.clusters(np.repeat(np.arange(schools), way)), return_counts=True)[1]
                      for way in ways]
            freedom = np.array([satterthwaite(one.astype(float)) if len(one) > 1 else np.nan for one in joined])
        fits = np.abs(freedom - of["df"]) < 1e-7 * of["df"] if reader.full else reader.number(of, "df").holds(freedom)
        found = [way for way, fit in zip(ways, fits, strict=True) if fit]
        if len(found) == 1 and reader.few(min(found[0])):
            known.append(f"scale {row['scale']}: the matched of the schools are {list(found[0])}")
    return known


def sums_of_schools(reader: Reader, book: Book, sizes: Sizes) -> list[str]:
    """Sums of changes of a small school that mean, standard error, interval and the means of schools leave as the only
    ones. The reader knows how many matched teachers each school has."""
    known = []
    for row in reader.rows("change"):
        scale = row["scale"]
        names = [name for name, n in sizes[scale].items() if n]
        n = np.array([sizes[scale][name] for name in names], float)
        if len(n) < 2 or not reader.few(n.min()) or not complete(reader, row):
            continue
        group = reader.policy.clusters(np.repeat(np.arange(len(n)), n.astype(int)))
        group = group[np.cumsum(n).astype(int) - 1]
        ways = _ways(reader, book, scale, names, n, group)
        if ways is None or not len(ways):
            continue
        codes = np.unique(group)
        for place, name in enumerate(names):
            at = codes.tolist().index(group[place])
            if reader.few(n[place]) and (group == group[place]).sum() == 1 and np.ptp(ways[:, at]) < 1e-9:
                known.append(f"scale {scale}: the {n[place]:g} of school {name} changed by {ways[0, at]:g} in all")
    return known


def _ways(reader: Reader, book: Book, scale: str, names: list[str], n: np.ndarray, group: np.ndarray) -> np.ndarray | None:
    """All sums of changes per cluster (ways x clusters) that agree with what is published; None if they are too many."""
    step, reach, total = 1 / len(book.items[scale]), np.ptp(book.range[scale]), n.sum()
    of = {method: reader.row("sensitivity", scale=scale, method=method) for method in ("matched_cr2", "school_means_t")}
    everything = rise(reader, scale, int(total))
    size = np.array([n[group == code].sum() for code in np.unique(group)])
    if of["matched_cr2"].get("n") != total or not np.isfinite(everything.low) or len(size) < 2:
        return None
    allowed = []
    for code in np.unique(group):
        inside = Interval(0, 0)
        for place in np.flatnonzero(group == code):
            shown = reader.row("change_by_school", scale=scale, school=names[place])
            inside += Interval(-reach * n[place], reach * n[place]) & reader.sum(shown, "mean_change", n[place])
        allowed.append(inside.steps(step))
    last = int(np.argmax([len(some) for some in allowed]))
    free = [place for place in range(len(size)) if place != last]
    totals = everything.steps(step)
    if not all(map(len, (totals, *allowed))) or len(totals) * np.prod(
            [float(len(allowed[place])) for place in free]) > MOST_WAYS:
        return None
    grid = np.meshgrid(totals, *(allowed[place] for place in free), indexing="ij")
    ways = np.empty((grid[0].size, len(size)))
    for place, values in zip(free, grid[1:], strict=True):
        ways[:, place] = values.ravel()
    ways[:, last] = grid[0].ravel() - ways[:, free].sum(axis=1)
    ways = ways[(ways[:, last] >= allowed[last].min() - 1e-9) & (ways[:, last] <= allowed[last].max() + 1e-9)]
    mean, means = ways.sum(axis=1) / total, ways / size
    se = np.sqrt(((ways - size * mean[:, None]) ** 2 / (1 - size / total)).sum(axis=1)) / total
    half = t.ppf(0.975, max(float(satterthwaite(size)), 1e-3)) * se
    made = [("matched_cr2", "se", se), ("matched_cr2", "ci_low", mean - half), ("matched_cr2", "ci_high", mean + half),
            ("school_means_t", "estimate", means.mean(axis=1)),
            ("school_means_t", "se", means.std(axis=1, ddof=1) / np.sqrt(len(size)))]
    fits = np.ones(len(ways), bool)
    for method, column, numbers in made:
        fits &= reader.number(of[method], column).holds(numbers)
    return ways[fits]


def counts_of_schools(reader: Reader, book: Book, sizes: Sizes) -> list[str]:
    """Suppressed or small counts of a school that its other counts, the other schools and the totals leave as the only
    ones: every count an interval, narrowed by every equation until nothing changes."""
    rows, total = reader.rows("participation"), reader.row("participation", school="")
    schools = [row["school"] for row in rows if row["school"]]
    if not schools:
        return []
    cells = {(row["school"], column): _cell(row[column], total[column]) for row in rows for column in COUNTS}
    suppressed = {(row["school"], column) for row in rows for column in COUNTS if pd.isna(row[column])}
    equations = [[((row["school"], a), 1), ((row["school"], b), -1), ((row["school"], c), -1)]
                 for row in rows for a, b, c in RELATIONS]
    equations += [[(("", column), 1), *(((school, column), -1) for school in schools)] for column in COUNTS]
    for row in reader.rows("attrition_by_school"):
        if pd.notna(row.get("share_unmatched", np.nan)) and (row["school"], "n_pre") in cells:
            n, share = cells[row["school"], "n_pre"], reader.number(row, "share_unmatched")
            cells[row["school"], "n_pre_only"] &= Interval(np.ceil(share.low * n.low - 1e-9),
                                                           np.floor(share.high * n.high + 1e-9))
    for row in reader.rows("change_by_school"):
        if pd.notna(row["n"]) and (row["school"], "n_matched") in cells and row["school"] != OTHER_SCHOOLS:
            cells[row["school"], "n_matched"] &= Interval(row["n"], np.inf)
    _narrow(cells, equations)
    return [f"{school} {column}: {cell.low:g}" for (school, column), cell in cells.items()
            if school not in ("", NOT_GIVEN) and cell.high - cell.low < 0.5
            and (reader.few(cell.low) or ((school, column) in suppressed and cell.low < reader.minimum))
            and len(schools) > 1]


def _cell(value: float, most: float) -> Interval:
    return Interval(0, float(most)) if pd.isna(value) else Interval(float(value), float(value))


def _narrow(cells: dict, equations: list) -> None:
    for _ in range(30):
        before = dict(cells)
        for equation in equations:
            for target, weight in equation:
                rest = Interval(0, 0)
                for other, factor in equation:
                    if other != target:
                        rest += cells[other] * factor
                cells[target] &= rest * (-1 / weight)
        if cells == before:
            return


def joined_counts(reader: Reader, book: Book, sizes: Sizes) -> list[str]:
    """Numbers of matched teachers of the schools that stand joined, which the joined number, the others' and the rule
    that joins leave as the only ones. The reader knows which of two schools is larger."""
    known = []
    for scale, of_scale in sizes.items():
        rows = reader.rows("change_by_school", scale=scale)
        joined = [row["n"] for row in rows if row["school"] == OTHER_SCHOOLS and pd.notna(row["n"])]
        shown = [row["n"] for row in rows if row["school"] != OTHER_SCHOOLS]
        hidden = sum(n > 0 for n in of_scale.values()) - len(shown)
        if not joined or pd.isna(shown).any() or hidden > 4 or joined[0] > 40:
            continue
        found = set()
        for rest in itertools.combinations_with_replacement(range(1, joined[0] + 1), hidden):
            if sum(rest) == joined[0]:
                for order in set(itertools.permutations(rest)):
                    places = reader.policy.joined(np.array([*order, *shown]))
                    if places[:hidden].all() and not places[hidden:].any():
                        found.add(rest)
        if len(found) == 1 and reader.few(min(found := found.pop())):
            known.append(f"scale {scale}: the matched of the joined schools are {list(found)}")
    return known
