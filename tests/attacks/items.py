"""Single answers: directions of change beside the counts of all answers, and answers that everybody gave."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from attacks.codebooks import Book
from attacks.reading import Interval, Reader, few
from attacks.sums import _counts, _rise


def directions_beside_counts(reader: Reader, book: Book, minimum: int) -> list[str]:
    """Answers of the few not matched on an item, and of the few who gave an answer before or after, that counts of all
    answers and of higher, same and lower leave as the only ones."""
    known = []
    for row in reader.rows("item_change"):
        item, scale = row["item"], row["scale"]
        counts = [_counts(reader, book, scale, item, wave) for wave in ("pre", "post")]
        if not all(counts) or pd.isna(row["improved"]):
            continue
        values = np.array(sorted(counts[0]))
        margins = [np.array([of_wave[value] for value in values]) for of_wave in counts]
        alone = [int(margin.sum()) - int(row["n"]) for margin in margins]
        if min(alone) < 0:
            continue
        rise = reader.sum(reader.row("item_means", item=item).get("change", np.nan), row["n"])
        if len(book.items[scale]) == 1:
            rise &= _rise(reader, scale, int(row["n"]))
        if alone == [0, 0]:
            known += _answers_of_few(item, values, margins, row, minimum)
        elif any(few(number, minimum) for number in alone) and max(alone) < 2 * minimum:
            known += _alone(item, values, margins, alone, row, rise, minimum)
    return known


def _answers_of_few(item: str, values, margins, row: dict, minimum: int) -> list[str]:
    """Of the few who gave an answer in one survey, what they answered in the other."""
    known = []
    for place, words in ((0, ("before", "after")), (1, ("after", "before"))):
        for at in np.flatnonzero((margins[place] > 0) & (margins[place] < minimum)):
            possible = [other for other in np.flatnonzero(margins[1 - place])
                        if _most(values, margins, row, (at, other) if place == 0 else (other, at)) > 1 - 1e-6]
            if len(possible) == 1 and (margins[1 - place] > 0).sum() > 1:
                known.append(f"item {item}: the {margins[place][at]} who answered {values[at]:g} {words[0]} answered "
                             f"{values[possible[0]]:g} {words[1]}")
    return known


def _most(values, margins, row: dict, cell: tuple[int, int] | None) -> float:
    """The most that a cell of the table of answers before by after can hold; -1 where no table fits."""
    k = len(values)
    first, second = (index.ravel() for index in np.indices((k, k)))
    left = [*(first == place for place in range(k)), *(second == place for place in range(k)), second > first, second < first]
    right = [*margins[0], *margins[1], row["improved"], row["worse"]]
    target = np.zeros(k * k)
    if cell:
        target[cell[0] * k + cell[1]] = -1
    found = linprog(target, A_eq=np.array(left, float), b_eq=np.array(right, float), bounds=(0, None), method="highs")
    return -found.fun if found.status == 0 else -1.0


def _multisets(number: int, most: np.ndarray) -> list[np.ndarray]:
    ways = itertools.combinations_with_replacement(range(len(most)), number)
    return [counts for way in ways if ((counts := np.bincount(np.array(way, int), minlength=len(most))) <= most).all()]


def _alone(item: str, values, margins, alone, row: dict, rise: Interval, minimum: int) -> list[str]:
    """The answers of those not matched, where only one set of them leaves a table for the matched."""
    fitting, possible = [], []
    for before in _multisets(alone[0], margins[0]):
        for after in _multisets(alone[1], margins[1]):
            change = values @ (margins[1] - after) - values @ (margins[0] - before)
            if rise.low - 1e-6 <= change <= rise.high + 1e-6:
                possible.append((before, after))
    everything = [{tuple(way[place]) for way in possible} for place in (0, 1)]
    for before, after in possible:
        seen = [{tuple(way[place]) for way in fitting} for place in (0, 1)]
        if all(len(some) > 1 or not few(number, minimum) for some, number in zip(seen, alone, strict=True)):
            break
        if _most(values, [margins[0] - before, margins[1] - after], row, None) > -1:
            fitting.append((before, after))
    known = []
    for place, wave in enumerate(("pre", "post")):
        found = {tuple(way[place]) for way in fitting}
        by_counts = len(_multisets(alone[place], margins[place]))
        if few(alone[place], minimum) and len(found) == 1 and by_counts > 1 and len(everything[place]) >= 1:
            known.append(f"item {item} {wave}: the {alone[place]} not matched answered {found.pop()} of {values.tolist()}")
    return known


def unanimous(reader: Reader, book: Book, minimum: int) -> list[str]:
    """Answers that everybody gave, as counts, means at the end of a range, standard deviations of 0 or shares of 1 tell."""
    known = []
    if len(reader["item_answers"]):
        for (item, wave), rows in reader["item_answers"].groupby(["item", "wave"]):
            n = rows["n"].dropna()
            if len(n) and (n > 0).sum() == 1 and rows["n"].notna().all():
                known.append(f"item {item} {wave}: all {n.max()} gave one answer")
    for row in reader.rows("numbers"):
        total, n = reader.sum(row["mean"], row["n"] if pd.notna(row["n"]) else 0), row["n"]
        if pd.notna(row["mean"]) and (total.only(1) == 0 or reader.number(row["sd"], n).high < 1e-6):
            known.append(f"number {row['item']} {row['wave']}: all {n} gave one number")
    for row in reader.rows("change"):
        step, bounds = 1 / len(book.items[row["scale"]]), book.range[row["scale"]]
        for wave in ("pre", "post"):
            n = row[f"n_{wave}"]
            value = reader.sum(row[f"mean_{wave}"], n).only(step)
            if n and value is not None and min(abs(value - n * end) for end in bounds) < step / 2:
                known.append(f"scale {row['scale']} {wave}: all {n} are at {value / n:g}")
            if pd.notna(row[f"sd_{wave}"]) and reader.number(row[f"sd_{wave}"], n).high < step / n:
                known.append(f"scale {row['scale']} {wave}: no two of {n} differ")
    for row in reader.rows("item_change"):
        if pd.notna(row["improved"]) and max(row["improved"], row["same"], row["worse"]) == row["n"]:
            known.append(f"item {row['item']}: all {row['n']} changed alike")
    for row in reader.rows("item_means"):
        for wave in ("pre", "post"):
            value = reader.sum(row[f"mean_{wave}"], row["n"]).only(1)
            if value is not None and min(abs(value - row["n"] * end) for end in book.range[row["scale"]]) < 0.5:
                known.append(f"item {row['item']} {wave}: all {row['n']} matched answered {value / row['n']:g}")
    for row in reader.rows("ceiling"):
        if pd.notna(row.get("share_at_maximum")) and (reader.number(row["share_at_maximum"], row["n"]) * row["n"]).only(1) == row["n"]:
            known.append(f"scale {row['scale']}: all {row['n']} at the top before")
    return known


def two_items_joined(reader: Reader, book: Book, minimum: int) -> list[str]:
    """What the few who gave an answer to one item answered to the other, in scales of two items: the counts of both and
    the variance of their sum leave few tables."""
    known = []
    for row in reader.rows("change"):
        scale, items = row["scale"], book.items[row["scale"]]
        for wave in ("pre", "post"):
            counts = [_counts(reader, book, scale, item, wave) for item in items]
            n = row[f"n_{wave}"]
            if len(items) != 2 or not all(counts) or any(sum(of_item.values()) != n for of_item in counts) or not 2 < n <= 20:
                continue
            values = np.array(sorted(counts[0]))
            margins = [np.array([of_item[value] for value in values]) for of_item in counts]
            sd = reader.number(row[f"sd_{wave}"], n)
            alpha = reader.number(reader.row("reliability", scale=scale, wave=wave).get("alpha", np.nan), n)
            tables = _tables(margins, 20000)
            if tables is None:
                continue
            mean = sum(margin @ values for margin in margins) / n / 2
            halves = (values[:, None] + values[None, :]) / 2
            variance = (tables * (halves - mean) ** 2).sum(axis=(1, 2)) / (n - 1)
            apart = sum(margin @ (values - margin @ values / n) ** 2 for margin in margins) / (n - 1)
            with np.errstate(divide="ignore", invalid="ignore"):
                consistency = 2 * (1 - apart / (4 * variance))
            fits = (np.sqrt(variance) >= sd.low - 1e-9) & (np.sqrt(variance) <= sd.high + 1e-9)
            fits &= ~((consistency < alpha.low - 1e-9) | (consistency > alpha.high + 1e-9))
            tables = tables[fits]
            if not len(tables):
                continue
            for place in (0, 1):
                for at in np.flatnonzero((margins[place] > 0) & (margins[place] < minimum)):
                    seen = (tables[:, at, :] if place == 0 else tables[:, :, at]).any(axis=0)
                    if seen.sum() == 1 and (margins[1 - place] > 0).sum() > 1:
                        known.append(f"scale {scale} {wave}: the {margins[place][at]} who answered {values[at]:g} to "
                                     f"{items[place]} answered {values[np.flatnonzero(seen)[0]]:g} to {items[1 - place]}")
    return known


def _tables(margins: list[np.ndarray], most: int) -> np.ndarray | None:
    """All tables of whole numbers with these margins (ways x k x k); None if there are more than `most`."""
    ways = [(np.zeros((0, len(margins[1])), int), margins[1])]
    for number in margins[0]:
        longer = []
        for rows, left in ways:
            for row in _rows(int(number), left):
                longer.append((np.vstack([rows, row]), left - row))
                if len(longer) > most:
                    return None
        ways = longer
    return np.array([rows for rows, left in ways if not left.any()])


def _rows(number: int, most: np.ndarray) -> list[np.ndarray]:
    if len(most) == 1:
        return [np.array([number])] if number <= most[0] else []
    return [np.concatenate([[first], rest]) for first in range(min(number, most[0]) + 1) for rest in _rows(number - first, most[1:])]
