"""Single answers: directions of change beside the counts of all answers, and answers that everybody gave."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from attacks.codebooks import Book
from attacks.reading import Interval, Reader
from attacks.sums import WAVES, counts, rise

MOST_TABLES = 20_000
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
        for place in (0, 1):
            for at in np.flatnonzero((margins[place] > 0) & (margins[place] < reader.minimum)):
                seen = _answers_left(values, margins, alone, equal, above, place, at)
                if len(seen) == 1 and (margins[1 - place] > 0).sum() > 1:
                    words = ("before", "after")
                    known.append(f"item {item}: the {margins[place][at]} who answered {values[at]:g} {words[place]} "
                                 f"answered {values[seen[0]]:g} {words[1 - place]}")
    return known


def _said_of(reader: Reader, book: Book, row: dict, values, margins, alone) -> tuple[list, list]:
    """Equations and inequalities on the table of the matched (k x k cells) and on the answers of those not matched (k
    before, k after): pairs of coefficients and right side."""
    k = len(values)
    first, second = (index.ravel() for index in np.indices((k, k)))
    none = np.zeros(2 * k)
    equal = [(np.append(first == at, np.eye(2 * k)[at]), margins[0][at]) for at in range(k)]
    equal += [(np.append(second == at, np.eye(2 * k)[k + at]), margins[1][at]) for at in range(k)]
    equal += [(np.append(np.zeros(k * k), np.repeat([1, 0], k)), alone[0]),
              (np.append(np.zeros(k * k), np.repeat([0, 1], k)), alone[1])]
    n, up, down = row["n"], (second > first) * 1.0, (second < first) * 1.0
    if pd.notna(row["improved"]):
        equal += [(np.append(up, none), row["improved"]), (np.append(down, none), row["worse"])]
    above, step = [], values[second] - values[first]
    means = reader.row("item_means", item=row["item"])
    said = [(up - down, (reader.number(row, "superiority") + -0.5) * (2 * n)),
            (values[first], reader.sum(means, "mean_pre", n)), (values[second], reader.sum(means, "mean_post", n)),
            (step, reader.sum(means, "change", n))]
    if len(book.items[row["scale"]]) == 1:
        said.append((step, rise(reader, row["scale"], n)))
        spread = reader.row("individual_changes", scale=row["scale"], n=n)
        threshold = spread.get("threshold", np.nan)
        if pd.notna(threshold) and 0 < threshold <= 1:
            said += [(up, reader.sum(spread, "higher", n)), (down, reader.sum(spread, "lower", n))]
    for weights, inside in said:
        if np.isfinite(inside.low + inside.high):
            above += [(np.append(weights, none), inside.high), (np.append(-weights, none), -inside.low)]
    return equal, above


def _answers_left(values, margins, alone, equal, above, place: int, at: int) -> list[int]:
    """The answers in the other survey that are possible for those who gave the one at `at`; stops at two."""
    k, seen = len(values), []
    for other in np.flatnonzero(margins[1 - place]):
        cell = at * k + other if place == 0 else other * k + at
        target = np.zeros(k * k + 2 * k)
        target[cell] = -1
        found = linprog(target, [left for left, _ in above] or None, [right + 1e-6 for _, right in above] or None,
                        [left for left, _ in equal], [right for _, right in equal], bounds=(0, None), method="highs")
        if found.status != 0 or -found.fun > 1 - 1e-4:
            seen.append(other)
        if len(seen) > 1:
            break
    if alone[place] and len(seen) == 1:  # those who gave it may all be among the unmatched
        return []
    return seen


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
        if pd.notna(row["superiority"]) and (reader.number(row, "superiority") * (2 * row["n"])).only(1) in (0, 2 * row["n"]):
            known.append(f"item {row['item']}: all {row['n']} changed in one direction")
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
        for name in ("lower", "same", "higher"):
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
    """What the few who gave an answer to one item answered to the other, in scales of two items: the counts of both and
    the variance of their sum leave few tables."""
    known = []
    for row in reader.rows("change"):
        scale, items = row["scale"], book.items[row["scale"]]
        for wave in WAVES:
            of = [counts(reader, book, scale, item, wave) for item in items]
            n = row[f"n_{wave}"]
            if len(items) != 2 or not all(of) or any(sum(of_item.values()) != n for of_item in of) or not 2 < n <= 20:
                continue
            values = np.array(sorted(of[0]))
            margins = [np.array([of_item[value] for value in values]) for of_item in of]
            tables = _tables(margins)
            if tables is None:
                continue
            tables = tables[_as_published(reader, row, wave, values, margins, tables)]
            for place, at in itertools.product((0, 1), range(len(values))):
                if reader.few(margins[place][at]) and len(tables):
                    seen = (tables[:, at, :] if place == 0 else tables[:, :, at]).any(axis=0)
                    if seen.sum() == 1 and (margins[1 - place] > 0).sum() > 1:
                        known.append(f"scale {scale} {wave}: the {margins[place][at]} who answered {values[at]:g} to "
                                     f"{items[place]} answered {values[np.flatnonzero(seen)[0]]:g} to {items[1 - place]}")
    return known


def _as_published(reader: Reader, row: dict, wave: str, values, margins, tables) -> np.ndarray:
    """Which tables of one item by the other have the published standard deviation and item-rest correlation."""
    n = sum(margins[0])
    mean = sum(margin @ values for margin in margins) / n / 2
    halves = (values[:, None] + values[None, :]) / 2
    spread = np.sqrt((tables * (halves - mean) ** 2).sum(axis=(1, 2)) / (n - 1))
    centred = [values - margin @ values / n for margin in margins]
    product = np.einsum("tij,i,j->t", tables, *centred)
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = product / np.sqrt(np.prod([margin @ centre**2 for margin, centre in zip(margins, centred, strict=True)]))
    fits = reader.number(row, f"sd_{wave}").holds(spread)
    for item in reader.rows("item_reliability", scale=row["scale"], wave=wave):
        fits &= reader.number(item, "item_rest").holds(rest) | np.isnan(rest)
    return fits


def _tables(margins: list[np.ndarray]) -> np.ndarray | None:
    """All tables of whole numbers with these margins (ways x k x k); None if there are too many."""
    ways = [(np.zeros((0, len(margins[1])), int), margins[1])]
    for number in margins[0]:
        longer = []
        for rows, left in ways:
            for row in _rows(int(number), left):
                longer.append((np.vstack([rows, row]), left - row))
                if len(longer) > MOST_TABLES:
                    return None
        ways = longer
    return np.array([rows for rows, left in ways if not left.any()])


def _rows(number: int, most: np.ndarray) -> list[np.ndarray]:
    if len(most) == 1:
        return [np.array([number])] if number <= most[0] else []
    return [np.concatenate([[first], rest]) for first in range(min(number, most[0]) + 1)
            for rest in _rows(number - first, most[1:])]
