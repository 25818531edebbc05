"""Schools: their sizes from degrees of freedom, their sums as whole numbers, their counts by the rule that joins them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pandas as pd

from attacks.codebooks import Book
from attacks.reading import Interval, Reader, few

MOST = 3_000_000
COUNTS = ("n_pre", "n_post", "n_matched", "n_pre_only", "n_post_only")
RELATIONS = (("n_pre", "n_matched", "n_pre_only"), ("n_post", "n_matched", "n_post_only"))


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


def sizes_by_freedom(reader: Reader, scale: str, schools: int) -> np.ndarray:
    """All sets of school sizes that have the published degrees of freedom, one per row."""
    row = reader.row("sensitivity", scale=scale, method="matched_cr2")
    if pd.isna(row.get("df", np.nan)) or not 2 <= schools <= 6 or row["n"] > 60:
        return np.empty((0, max(schools, 1)))
    ways = np.array(list(partitions(int(row["n"]), schools)), float)
    if not len(ways):
        return ways.reshape(0, schools)
    fits = np.abs(satterthwaite(ways) - row["df"]) < (1e-7 * row["df"] if reader.full else 0.5 + 1e-9)
    if not reader.full:  # the largest whole number allowed may stand for more
        fits |= (satterthwaite(ways) > row["df"]) & (row["df"] == schools - 1)
    return ways[fits]


def sizes_known(reader: Reader, book: Book, minimum: int) -> list[str]:
    """Numbers of matched teachers of small schools that the degrees of freedom leave as the only ones."""
    known = []
    for row in reader.rows("change"):
        ways = sizes_by_freedom(reader, row["scale"], row["n_schools"])
        if len(ways) == 1 and few(ways[0].min(), minimum):
            known.append(f"scale {row['scale']}: the matched of the schools are {[int(n) for n in ways[0]]}")
    return known


def sums_known(reader: Reader, book: Book, minimum: int, sizes: dict[str, dict[str, int]]) -> list[str]:
    """Sums of changes of a small school that mean, standard error and the means of schools leave as the only ones.

    `sizes` gives for each scale how many matched teachers each school has, which the reader is assumed to know.
    """
    known = []
    for row in reader.rows("change"):
        scale, of_scale = row["scale"], sizes[row["scale"]]
        names = [name for name, n in of_scale.items() if n]
        n = np.array([of_scale[name] for name in names], float)
        if len(n) < 2 or not few(n.min(), minimum) or not _whole(reader, scale, row):
            continue
        ways = _ways(reader, book, scale, names, n)
        if ways is None or not len(ways):
            continue
        for place, name in enumerate(names):
            if few(n[place], minimum) and np.ptp(ways[:, place]) < 1e-9:
                known.append(f"scale {scale}: the {n[place]:g} of school {name} changed by {ways[0, place]:g} in all")
    return known


def _whole(reader: Reader, scale: str, row: dict) -> bool:
    return all(reader.row("reliability", scale=scale, wave=wave).get("n") == row[f"n_{wave}"] for wave in ("pre", "post"))


def _ways(reader: Reader, book: Book, scale: str, names: list[str], n: np.ndarray) -> np.ndarray | None:
    """All sums of changes per school (ways x schools) that agree with what is published; None if they are too many."""
    step, reach, total = 1 / len(book.items[scale]), np.ptp(book.range[scale]), n.sum()
    by = {method: reader.row("sensitivity", scale=scale, method=method)
          for method in ("matched_cr2", "matched_t", "school_means_t")}
    if by["matched_cr2"].get("n") != total:
        return None
    everything = reader.sum(by["matched_cr2"]["estimate"], total) & reader.sum(by["matched_t"].get("estimate"), total)
    if not np.isfinite(everything.low):
        return None
    allowed = []
    for name, size in zip(names, n, strict=True):
        shown = reader.row("change_by_school", scale=scale, school=name)
        inside = Interval(-reach * size, reach * size)
        if pd.notna(shown.get("mean_change", np.nan)):
            half = 0.05 if size < 30 and not reader.full else 0.005
            inside &= Interval(shown["mean_change"] - half, shown["mean_change"] + half) * size
        allowed.append(inside.steps(step))
    last = int(np.argmax([len(some) for some in allowed]))
    free = [place for place in range(len(n)) if place != last]
    totals = everything.steps(step)
    if not len(totals) or len(totals) * np.prod([float(len(allowed[place])) for place in free]) > MOST:
        return None
    grid = np.meshgrid(totals, *(allowed[place] for place in free), indexing="ij")
    ways = np.empty((grid[0].size, len(n)))
    for place, values in zip(free, grid[1:], strict=True):
        ways[:, place] = values.ravel()
    ways[:, last] = grid[0].ravel() - ways[:, free].sum(axis=1)
    ways = ways[(ways[:, last] >= allowed[last].min() - 1e-9) & (ways[:, last] <= allowed[last].max() + 1e-9)]
    mean = ways.sum(axis=1) / total
    residual = ways - n * mean[:, None]
    se = np.sqrt((residual**2 / (1 - n / total)).sum(axis=1)) / total
    means = ways / n
    checks = [(se, by["matched_cr2"].get("se")), (means.mean(axis=1), by["school_means_t"].get("estimate")),
              (means.std(axis=1, ddof=1) / np.sqrt(len(n)), by["school_means_t"].get("se"))]
    if not reader.full and pd.notna(by["matched_cr2"].get("ci_high", np.nan)):
        from scipy.stats import t
        half = t.ppf(0.975, max(float(satterthwaite(n)), 1e-3)) * se
        checks += [(mean - half, by["matched_cr2"]["ci_low"]), (mean + half, by["matched_cr2"]["ci_high"])]
    fits = np.ones(len(ways), bool)
    for made, said in checks:
        if said is not None and pd.notna(said):
            inside = reader.number(said, total)
            fits &= (made >= inside.low - 1e-9) & (made <= inside.high + 1e-9)
    return ways[fits]


def counts_known(reader: Reader, book: Book, minimum: int) -> list[str]:
    """Counts of 1 to `minimum` - 1 of a school that its other counts, the other schools and the totals leave as the only
    ones: every count an interval, narrowed by every equation until nothing changes."""
    rows = [row for row in reader.rows("participation")]
    if not rows:
        return []
    schools = [row["school"] for row in rows if row["school"]]
    total = next(row for row in rows if not row["school"])
    cells = {(row["school"], column): of_cell(row[column], total[column]) for row in rows for column in COUNTS}
    equations = [[((row["school"], a), 1), ((row["school"], b), -1), ((row["school"], c), -1)]
                 for row in rows for a, b, c in RELATIONS]
    equations += [[(("", column), 1), *(((school, column), -1) for school in schools)] for column in COUNTS]
    for row in reader.rows("lost_by_school"):
        if pd.notna(row.get("share_lost", np.nan)) and (row["school"], "n_pre") in cells:
            n = cells[row["school"], "n_pre"]
            share = reader.number(row["share_lost"], n.low)
            inside = Interval(np.ceil(share.low * n.low - 1e-9), np.floor(share.high * n.high + 1e-9))
            cells[row["school"], "n_pre_only"] &= inside
    for row in reader.rows("change_by_school"):
        if pd.notna(row["n"]) and (row["school"], "n_matched") in cells:
            cells[row["school"], "n_matched"] &= Interval(row["n"], np.inf)
    _narrow(cells, equations)
    return [f"{school or 'all'} {column}: {cell.low:g}" for (school, column), cell in cells.items()
            if school and cell.high - cell.low < 0.5 and few(cell.low, minimum)]


def of_cell(value: float, most: float) -> Interval:
    return Interval(0, float(most)) if pd.isna(value) else Interval(float(value), float(value))


def _narrow(cells: dict, equations: list) -> None:
    for _ in range(30):
        before = dict(cells)
        for equation in equations:
            for target, weight in equation:
                rest = Interval(0, 0)
                for other, factor in equation:
                    if other != target:
                        rest = rest + cells[other] * factor
                cells[target] &= rest * (-1 / weight)
        if cells == before:
            return


def joined_counts_known(sizes_shown: list[int], joined: int, schools: int, minimum: int, join) -> list[tuple[int, ...]]:
    """All numbers of the schools that stand joined, given that number, how many they are and the rule that joins.

    `join(sizes, minimum)` gives the places that the code joins.
    """
    ways = []
    for rest in itertools.combinations_with_replacement(range(joined + 1), schools):
        if sum(rest) == joined:
            sizes = [*sizes_shown, *rest]
            if sorted(sizes[place] for place in join(sizes, minimum)) == sorted(rest):
                ways.append(rest)
    return ways
