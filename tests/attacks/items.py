"""Single answers: directions of change beside the counts of all answers, and answers that everybody gave."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.stats import t

from attacks.codebooks import Book
from attacks.reading import ANYWHERE, Interval, Reader
from attacks.sums import WAVES, counts, rise

LARGEST_BASE = 60


def directions_beside_counts(reader: Reader, book: Book) -> list[str]:
    """What the few who gave an answer in one survey answered in the other.

    Every table of answers before by answers after that agrees with the counts of all answers, with how many rose, stayed
    and fell, with superiority and with the means is a point of a polytope; a cell whose bounds leave one place is known.
    """
    known = []
    for row in reader.rows("item_change"):
        item, scale = row["item"], row["scale"]
        of = [counts(reader, book, scale, item, wave) for wave in WAVES]
        if not all(of) or not 0 < row["n"] <= LARGEST_BASE:
            continue
        values = np.array(sorted(of[0]))
        margins = [np.array([of_wave[value] for value in values]) for of_wave in of]
        alone = [int(margin.sum()) - int(row["n"]) for margin in margins]
        if min(alone) < 0:
            continue
        equal, above = _said_of(reader, book, row, values, margins, alone)
        for place, at, other in _known_cells(reader, values, margins, alone, equal, above):
            words = ("before", "after")
            known.append(f"item {item}: the {margins[place][at]} who answered {values[at]:g} {words[place]} "
                         f"answered {values[other]:g} {words[1 - place]}")
    return known


def _margins(margins, alone) -> tuple[list, list]:
    """Equations on the table of the matched (k x k cells) and on the answers of those not matched (k before, k after), as
    pairs of coefficients and right side; no inequality yet."""
    k = len(margins[0])
    first, second = (index.ravel() for index in np.indices((k, k)))
    equal = [(np.append(first == at, np.eye(2 * k)[at]), margins[0][at]) for at in range(k)]
    equal += [(np.append(second == at, np.eye(2 * k)[k + at]), margins[1][at]) for at in range(k)]
    return [*equal, (np.append(np.zeros(k * k), np.repeat([1, 0], k)), alone[0]),
            (np.append(np.zeros(k * k), np.repeat([0, 1], k)), alone[1])], []


def _said_of(reader: Reader, book: Book, row: dict, values, margins, alone) -> tuple[list, list]:
    """The equations and inequalities (coefficients, largest value) that all published numbers of an item make."""
    k, n = len(values), row["n"]
    first, second = (index.ravel() for index in np.indices((k, k)))
    none, step = np.zeros(2 * k), values[second] - values[first]
    up, down = (step > 0) * 1.0, (step < 0) * 1.0
    equal, above = _margins(margins, alone)
    if pd.notna(row["improved"]):
        equal += [(np.append(up, none), row["improved"]), (np.append(down, none), row["worse"])]
    means = reader.row("item_means", item=row["item"])
    changes = reader.sum(means, "change", n)
    said = [(up - down, (reader.number(row, "superiority") + -0.5) * (2 * n)),
            (values[first], reader.sum(means, "mean_pre", n)), (values[second], reader.sum(means, "mean_post", n))]
    if len(book.items[row["scale"]]) == 1:
        changes &= rise(reader, row["scale"], n)
        chance = reader.row("effect_sizes", scale=row["scale"], effect_size="superiority", n=n)
        said.append((up - down, (reader.number(chance, "estimate") + -0.5) * (2 * n)))
        spread = reader.row("individual_changes", scale=row["scale"], n=n)
        if 0 < spread.get("threshold", np.nan) <= 1:
            said += [(up, reader.sum(spread, "higher", n)), (down, reader.sum(spread, "lower", n))]
        test = reader.row("sensitivity", scale=row["scale"], method="matched_t", n=n)
        said.append((step**2, _squares(reader, test, n, changes)))
    if reader.row("change", scale=row["scale"]).get("n_schools", 0) < 2:
        said.append((step**2, _squares(reader, means, n, changes)))
    for weights, inside in [*said, (step, changes)]:
        if np.isfinite(inside.low + inside.high):
            above += [(np.append(weights, none), inside.high), (np.append(-weights, none), -inside.low)]
    return equal, above


def _squares(reader: Reader, test: dict, n: int, changes: Interval) -> Interval:
    """The sum of squared changes, from a mean change's standard error and interval that ignore schools."""
    if pd.isna(test.get("ci_high", np.nan)) or n < 2:
        return ANYWHERE
    half = (reader.number(test, "ci_high") - reader.number(test, "ci_low")) * (0.5 / t.ppf(0.975, n - 1))
    se = reader.number(test, "se") & half
    mean = [changes.low**2 / n, changes.high**2 / n]
    return Interval(max(se.low, 0) ** 2 * n * (n - 1) + (0 if changes.low <= 0 <= changes.high else min(mean)),
                    se.high**2 * n * (n - 1) + max(mean))


def _known_cells(reader: Reader, values, margins, alone, equal, above) -> Iterator[tuple[int, int, int]]:
    """Wave (or item), place of the answer that few gave there, and place of their only possible answer in the other."""
    k = len(values)
    for place in (0, 1):
        if (margins[1 - place] > 0).sum() < 2:
            continue
        for at in np.flatnonzero((margins[place] > 0) & (margins[place] < reader.minimum)):
            cells = [at * k + other if place == 0 else other * k + at for other in range(k)]
            seen = []
            for other, cell in enumerate([*cells, k * k + place * k + at]):  # the last: not matched
                target = np.zeros(k * k + 2 * k)
                target[cell] = -1
                found = linprog(target, [left for left, _ in above] or None,
                                [right + 1e-6 for _, right in above] or None, [left for left, _ in equal],
                                [right for _, right in equal], bounds=(0, None), method="highs")
                if found.status != 0 or -found.fun > 1 - 1e-4:
                    seen.append(other)
                if len(seen) > 1:
                    break
            if len(seen) == 1 and seen[0] < k:
                yield place, at, seen[0]


def unanimous(reader: Reader, book: Book) -> list[str]:
    """Answers that everybody gave, as counts, means at the end of a range, standard deviations of 0 or shares of 1 tell."""
    known = []
    if len(reader["item_answers"]):
        for (item, wave), rows in reader["item_answers"].groupby(["item", "wave"]):
            n = rows["n"]
            if n.notna().all() and (n > 0).sum() == 1:
                known.append(f"item {item} {wave}: all {n.max()} gave one answer")
    for row in reader.rows("numbers"):
        if pd.notna(row["mean"]) and (reader.sum(row, "mean", row["n"]).only(1) == 0 or row["sd"] == 0):
            known.append(f"number {row['item']} {row['wave']}: all {row['n']} gave one number")
    for row in reader.rows("change"):
        scale, step, bounds = row["scale"], 1 / len(book.items[row["scale"]]), book.range[row["scale"]]
        for wave in WAVES:
            n, other = row[f"n_{wave}"], "pre" if wave == "post" else "post"
            total = reader.sum(row, f"mean_{wave}", n)
            if n == row["n_matched"] == row[f"n_{other}"]:
                changed = rise(reader, scale, n)
                total &= reader.sum(row, f"mean_{other}", n) + (changed if wave == "post" else -changed)
            value = (total & Interval(n * bounds[0], n * bounds[1])).only(step)
            if n and value is not None and min(abs(value - n * end) for end in bounds) < step / 2:
                known.append(f"scale {scale} {wave}: all {n} are at {value / n:g}")
            if row[f"sd_{wave}"] == 0 and reader.number(row, f"sd_{wave}").high < step / n:
                known.append(f"scale {scale} {wave}: no two of {n} differ")
    for row in reader.rows("item_change"):
        if pd.notna(row["improved"]) and row["n"] in (row["improved"], row["same"], row["worse"]):
            known.append(f"item {row['item']}: all {row['n']} changed alike")
        twice = 2 * row["n"]
        if pd.notna(row["superiority"]) and (reader.number(row, "superiority") * twice).only(1) in (0, twice):
            known.append(f"item {row['item']}: all {row['n']} changed in one direction")
    for row in reader.rows("effect_sizes", effect_size="superiority"):
        twice = 2 * row["n"]
        if pd.notna(row["estimate"]) and (reader.number(row, "estimate") * twice).only(1) in (0, twice):
            known.append(f"scale {row['scale']}: all {row['n']} changed in one direction")
    for row in reader.rows("rubric"):
        for wave in WAVES:
            if pd.notna(row[f"mean_{wave}"]) and row[f"low_{wave}"] == row[f"high_{wave}"]:
                known.append(f"rubric {row['item']} {wave}: every school is on level {row[f'low_{wave}']:g}")
        if pd.notna(row["se"]) and reader.number(row, "se").high < 1e-6:
            known.append(f"rubric {row['item']}: every school changed by {row['change']:g}")
    for row in reader.rows("item_means"):
        n, bounds = row["n"], book.range[row["scale"]]
        for wave in WAVES:
            value = (reader.sum(row, f"mean_{wave}", n) & Interval(n * bounds[0], n * bounds[1])).only(1)
            if n and value is not None and min(abs(value - n * end) for end in bounds) < 0.5:
                known.append(f"item {row['item']} {wave}: all {n} matched answered {value / n:g}")
    for row in reader.rows("ceiling"):
        for name, base in (("share_at_maximum", "n"), ("share_could_not_rise", "n_matched")):
            if pd.notna(row[name]) and (reader.number(row, name) * row[base] & Interval(0, row[base])).only(1) == row[base]:
                known.append(f"scale {row['scale']}: all {row[base]} at the top before")
    for row in reader.rows("individual_changes"):
        for name in ("lower", "about_same", "higher"):
            if pd.notna(row[name]) and (reader.number(row, name) * row["n"] & Interval(0, row["n"])).only(1) == row["n"]:
                known.append(f"scale {row['scale']}: all {row['n']} {name}")
    return known


TELLING = ("constant_items", "constant_sum", "constant_answers", "constant_within_surveys", "constant_within_schools",
           "same_change", "one_direction", "schools_alike", "no_variation_left", "no_residual", "constant_groups")


def told_by_notes(reader: Reader, book: Book) -> list[str]:
    """Notes that say why there is no number: because all answered, or changed, alike."""
    if reader.full:
        return []
    return [f"{name}: {cell}" for name, table in reader.tables.items() if "note" in table
            for cell in table["note"].dropna().unique() if any(code in cell for code in TELLING)]


def two_items_joined(reader: Reader, book: Book) -> list[str]:
    """What the few who gave an answer to one item answered to the other, in scales of two items: the counts of both, the
    scale's standard deviation and the item-rest correlation leave few tables of one item by the other."""
    known = []
    for row in reader.rows("change"):
        scale, items = row["scale"], book.items[row["scale"]]
        for wave in WAVES:
            of = [counts(reader, book, scale, item, wave) for item in items]
            n = row[f"n_{wave}"]
            if len(items) != 2 or not all(of) or {sum(of_item.values()) for of_item in of} != {n} or n > LARGEST_BASE:
                continue
            values = np.array(sorted(of[0]))
            margins = [np.array([of_item[value] for value in values]) for of_item in of]
            equal, above = _margins(margins, [0, 0])
            inside = _product(reader, row, wave, values, margins)
            weights = np.append(np.outer(values, values).ravel(), np.zeros(2 * len(values)))
            above += [(weights, inside.high), (-weights, -inside.low)] if np.isfinite(inside.low + inside.high) else []
            for place, at, other in _known_cells(reader, values, margins, [0, 0], equal, above):
                known.append(f"scale {scale} {wave}: the {margins[place][at]} who answered {values[at]:g} to "
                             f"{items[place]} answered {values[other]:g} to {items[1 - place]}")
    return known


def _product(reader: Reader, row: dict, wave: str, values, margins) -> Interval:
    """The sum of products of both items, from the scale's standard deviation and from the item-rest correlation."""
    n = sum(margins[0])
    sums, squares = ([margin @ values**power for margin in margins] for power in (1, 2))
    sd = reader.number(row, f"sd_{wave}")
    sd = Interval(max(sd.low, 0), sd.high)
    spread = [4 * (n - 1) * end**2 + sum(sums) ** 2 / n - sum(squares) for end in (sd.low, sd.high)]
    inside = Interval(spread[0] / 2, spread[1] / 2)
    scale = np.sqrt(np.prod([square - total**2 / n for square, total in zip(squares, sums, strict=True)]))
    for item in reader.rows("item_reliability", scale=row["scale"], wave=wave):
        inside &= reader.number(item, "item_rest") * scale + sums[0] * sums[1] / n
    return inside
