"""Sums of a few by subtraction: the same question, asked of two groups that differ by a few."""

from __future__ import annotations

import itertools
from collections import defaultdict

import numpy as np
import pandas as pd

from attacks.codebooks import Book
from attacks.reading import ANYWHERE, Interval, Reader, few


def scores_beside_matched(reader: Reader, book: Book, minimum: int) -> list[str]:
    """Scores of the few who are not matched: the sum of all less the sum of the matched."""
    known = []
    for row in reader.rows("change"):
        scale = row["scale"]
        n = {"pre": row["n_pre"], "post": row["n_post"], "both": row["n_matched"]}
        if not _complete(reader, scale, row):
            continue
        every = {wave: reader.sum(row[f"mean_{wave}"], n[wave]) for wave in ("pre", "post")}
        known += _beside(f"scale {scale}", every, {}, _rise(reader, scale, n["both"]), n, 1 / len(book.items[scale]),
                         book.range[scale], minimum)
    return known


def items_beside_matched(reader: Reader, book: Book, minimum: int) -> list[str]:
    """Answers of the few who are not matched on an item: counts of all less the means of the matched."""
    known = []
    for row in reader.rows("item_change"):
        item, scale = row["item"], row["scale"]
        every, n = {}, {"both": row["n"]}
        for wave in ("pre", "post"):
            counts = _counts(reader, book, scale, item, wave)
            n[wave] = sum(counts.values())
            every[wave] = Interval(*(2 * [float(sum(value * number for value, number in counts.items()))]))
        if not n["pre"] or not n["post"]:
            continue
        means = reader.row("item_means", item=item)
        both = {wave: reader.sum(means.get(f"mean_{wave}", np.nan), row["n"]) for wave in ("pre", "post")}
        rise = reader.sum(means.get("change", np.nan), row["n"])
        if len(book.items[scale]) == 1:
            rise &= _rise(reader, scale, n["both"])
        known += _beside(f"item {item}", every, both, rise, n, 1, book.range[scale], minimum)
    return known


def _beside(what: str, every: dict, both: dict, rise: Interval, n: dict, step: float, bounds: tuple, minimum: int) -> list[str]:
    """What follows for those only before and only after; `every`, `both`, `rise` are sums."""
    matched = {wave: both.get(wave, ANYWHERE) for wave in ("pre", "post")}
    for _ in range(2):
        for wave, sign, other in (("post", 1, "pre"), ("pre", -1, "post")):
            if n[wave] == n["both"]:
                matched[wave] &= every[wave]
            matched[wave] &= matched[other] + rise * sign
    known = []
    alone = {}
    for wave in ("pre", "post"):
        number = n[wave] - n["both"]
        alone[wave] = (every[wave] - matched[wave]) & Interval(number * bounds[0], number * bounds[1])
        known += _told(f"{what} {wave}", alone[wave], number, step, bounds, minimum)
    together = n["pre"] + n["post"] - 2 * n["both"]
    difference = every["pre"] - every["post"] + rise
    if few(together, minimum) and few(n["pre"] - n["both"], minimum) and few(n["post"] - n["both"], minimum):
        value = difference.only(step)
        if value is not None:
            known.append(f"{what}: those only before less those only after, {together} teachers: {value:g}")
    return known


def _told(what: str, total: Interval, number: int, step: float, bounds: tuple, minimum: int) -> list[str]:
    """What a sum tells about `number` teachers: the sum itself if they are few, everybody's answer if it is extreme."""
    value = total.only(step)
    if value is None or number <= 0:
        return []
    if number < minimum:
        return [f"{what}: the sum of {number} alone is {value:g}"]
    if min(abs(value - number * end) for end in bounds) < step / 2:
        return [f"{what}: all {number} alone answered {value / number:g}"]
    return []


def _complete(reader: Reader, scale: str, row: dict) -> bool:
    """Whether nobody who has a score skipped an item, as reliability.csv tells."""
    return all(reader.row("reliability", scale=scale, wave=wave).get("n") == row[f"n_{wave}"] for wave in ("pre", "post"))


def _rise(reader: Reader, scale: str, matched: int) -> Interval:
    """The sum of the matched teachers' changes."""
    total = ANYWHERE
    for method in ("matched_cr2", "matched_t"):
        one = reader.row("sensitivity", scale=scale, method=method)
        if one.get("n") == matched:
            total &= reader.sum(one["estimate"], matched)
    one = reader.row("tipping_point", scale=scale)
    if one.get("n_matched") == matched:
        total &= reader.sum(one["change"], matched)
        if pd.notna(one["to_zero"]):
            total &= -reader.sum(one["to_zero"], one["n_left"]) if one["n_left"] else ANYWHERE
    return total


def _counts(reader: Reader, book: Book, scale: str, item: str, wave: str) -> dict[float, int]:
    """How many gave each answer, in the scale's direction."""
    low, high = book.range[scale]
    rows = reader.rows("item_answers", item=item, wave=wave)
    if not rows or any(pd.isna(row["n"]) for row in rows):
        return {}
    return {(low + high - float(row["value"]) if item in book.reversed else float(row["value"])): int(row["n"])
            for row in rows}


def skipped_items(reader: Reader, book: Book, minimum: int) -> list[str]:
    """Answers of the few who skipped an item: the scale's mean times its items, less the sums of the items.

    With K items a teacher who skipped one has the mean of the other K - 1 as a score; K times the sum of scores is more
    than the sum of all answers by a (K - 1)th of what that teacher answered. One who answered too few items for a score
    leaves the answers given.
    """
    known = []
    for row in reader.rows("change"):
        scale, items = row["scale"], book.items[row["scale"]]
        size = len(items)
        for wave in ("pre", "post"):
            counts = [_counts(reader, book, scale, item, wave) for item in items]
            n, scored = [sum(of_item.values()) for of_item in counts], row[f"n_{wave}"]
            if size < 2 or not all(counts) or all(number == scored for number in n):
                continue
            answered = sum(value * number for of_item in counts for value, number in of_item.items())
            excess = reader.sum(row[f"mean_{wave}"], scored) * size - answered
            lacking = scored - np.array(n)
            complete = reader.row("reliability", scale=scale, wave=wave).get("n", -1)
            if (lacking >= 0).all() and scored - complete == lacking.sum() and few(lacking.sum(), minimum) and size > 2:
                value = (excess * (size - 1)).only(1)
                if value is not None:
                    known.append(f"scale {scale} {wave}: {lacking.sum()} who skipped one item answered {value:g} in all")
            elif (lacking <= 0).all() and scored == complete and few(-lacking.sum(), minimum):
                value = (-excess).only(1)
                if value is not None:
                    known.append(f"scale {scale} {wave}: {-lacking.sum()} answers without a score add up to {value:g}")
    return known


def constants_twice(reader: Reader, book: Book, minimum: int) -> list[str]:
    """Who is only before or only after, by what does not change: the answers of one survey less those of the other."""
    total = reader.rows("participation", school="")
    if not total:
        return []
    total, known = total[0], []
    number = {"pre": int(total["n_pre_only"]), "post": int(total["n_post_only"])}
    for item, kind in book.constants.items():
        if kind == "choice":
            counts = {wave: {row["value"]: row["n"] for row in reader.rows("item_answers", item=item, wave=wave)}
                      for wave in ("pre", "post")}
            given = {wave: sum(n for n in of_wave.values() if pd.notna(n)) for wave, of_wave in counts.items()}
            if any(pd.isna(n) for of_wave in counts.values() for n in of_wave.values()):
                continue
        else:
            rows = {wave: reader.row("numbers", item=item, wave=wave) for wave in ("pre", "post")}
            given = {wave: row.get("n", 0) for wave, row in rows.items()}
        if any(pd.isna(given[wave]) or given[wave] != total[f"n_{wave}"] for wave in given):
            continue
        if kind != "choice":
            difference = reader.sum(rows["pre"]["mean"], given["pre"]) - reader.sum(rows["post"]["mean"], given["post"])
            for wave, other, sign in (("pre", "post", 1), ("post", "pre", -1)):
                if number[wave] and not number[other]:
                    known += _told(f"constant {item} {wave}", difference * sign, number[wave], 1, (0, np.inf), minimum)
            continue
        for value in counts["pre"]:
            gap = counts["pre"][value] - counts["post"][value]
            ways = [(before, before - gap) for before in range(number["pre"] + 1) if 0 <= before - gap <= number["post"]]
            for place, wave in enumerate(("pre", "post")):
                found = {way[place] for way in ways}
                if len(found) == 1 and number[wave]:
                    n = found.pop()
                    if few(number[wave], minimum) or few(n, minimum) or n == number[wave]:
                        known.append(f"constant {item}: {n} of the {number[wave]} only {wave} answered {value}")
    return known


def bases(reader: Reader) -> dict[tuple, dict[int, str]]:
    """On how many teachers each published variable rests, and in which table: the same variable on two bases is a risk."""
    found: dict[tuple, dict[int, str]] = defaultdict(dict)

    def note(variable: tuple, n: float, where: str) -> None:
        if pd.notna(n) and n > 0:
            found[variable].setdefault(int(n), where)

    for row in reader.rows("change"):
        for wave in ("pre", "post"):
            if pd.notna(row[f"mean_{wave}"]):
                note(("score", row["scale"], wave), row[f"n_{wave}"], "change")
        if pd.notna(row["d_av"]):
            note(("score", row["scale"], "change"), row["n_matched"], "change d_av")
    for row in reader.rows("sensitivity") + reader.rows("robustness"):
        if pd.notna(row["estimate"]):
            kind = "change" if row["method"] in MATCHED else "mixed"
            note(("score", row["scale"], kind), row["n"], row["method"])
    for row in reader.rows("tipping_point"):
        if pd.notna(row["change"]):
            note(("score", row["scale"], "change"), row["n_matched"], "tipping_point")
    for row in reader.rows("ceiling"):
        if pd.notna(row.get("share_at_maximum")):
            note(("score", row["scale"], "pre"), row["n"], "ceiling")
    for row in reader.rows("who_left"):
        if pd.notna(row["difference"]):
            kind = ("score", row["variable"], "pre") if row["kind"] == "score" else ("item", row["variable"], "pre")
            note(kind, row["n_left"] + row["n_matched"], "who_left")
    for (item, wave), rows in reader["item_answers"].groupby(["item", "wave"]) if len(reader["item_answers"]) else ():
        if rows["n"].notna().all():
            note(("item", item, wave), rows["n"].sum(), "item_answers")
    for row in reader.rows("numbers"):
        note(("item", row["item"], row["wave"]), row["n"] if pd.notna(row["mean"]) else np.nan, "numbers")
    for table, column in (("item_change", "improved"), ("item_means", "change")):
        for row in reader.rows(table):
            if pd.notna(row[column]):
                note(("item", row["item"], "change"), row["n"], table)
            if pd.notna(row.get("mean_pre")):
                note(("item", row["item"], "pre"), row["n"], table)
                note(("item", row["item"], "post"), row["n"], table)
    for row in reader.rows("reliability"):
        if pd.notna(row["alpha"]):
            note(("score", row["scale"], row["wave"]), row["n"], "reliability")
    return found


MATCHED = {"matched_cr2", "matched_t", "wilcoxon", "school_means_t"}


def bases_a_few_apart(reader: Reader, book: Book, minimum: int) -> list[str]:
    """Variables published on two groups that differ by fewer than the minimum."""
    return [f"{' '.join(variable)}: {found[one]} on {one}, {found[other]} on {other}"
            for variable, found in bases(reader).items()
            for one, other in itertools.combinations(sorted(found), 2) if few(other - one, minimum)]
