"""Sums of a few by subtraction: the same question, asked of two groups that differ by a few."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.notes import read
from attacks.codebooks import Book
from attacks.reading import ANYWHERE, Interval, Reader

WAVES = ("pre", "post")
MATCHED = ("matched_cr2", "matched_t")


def scores_beside_matched(reader: Reader, book: Book) -> list[str]:
    """Scores of the few who are not matched: the sum of all less the sum of the matched."""
    known = []
    for row in reader.rows("change"):
        scale = row["scale"]
        n = {"pre": row["n_pre"], "post": row["n_post"], "both": row["n_matched"]}
        if complete(reader, row):
            every = {wave: reader.sum(row, f"mean_{wave}", n[wave]) for wave in WAVES}
            known += _beside(reader, f"scale {scale}", every, {}, rise(reader, scale, n["both"]), n,
                             1 / len(book.items[scale]), book.range[scale])
    return known


def items_beside_matched(reader: Reader, book: Book) -> list[str]:
    """Answers of the few who are not matched on an item: counts of all answers less the means of the matched."""
    known = []
    for row in reader.rows("item_means"):
        item, scale = row["item"], row["scale"]
        n, every = {"both": row["n"]}, {}
        for wave in WAVES:
            given = counts(reader, book, scale, item, wave)
            n[wave] = sum(given.values())
            every[wave] = Interval(*2 * [float(sum(value * number for value, number in given.items()))])
        if n["pre"] and n["post"]:
            both = {wave: reader.sum(row, f"mean_{wave}", row["n"]) for wave in WAVES}
            changed = reader.sum(row, "change", row["n"])
            if len(book.items[scale]) == 1:
                changed &= rise(reader, scale, n["both"])
            known += _beside(reader, f"item {item}", every, both, changed, n, 1, book.range[scale])
    return known


def _beside(reader: Reader, what: str, every: dict, both: dict, changed: Interval, n: dict, step: float,
            bounds: tuple) -> list[str]:
    """What follows for those only before and only after; `every`, `both` and `changed` are sums."""
    matched = {wave: both.get(wave, ANYWHERE) for wave in WAVES}
    for _ in range(2):
        for wave, sign, other in (("post", 1, "pre"), ("pre", -1, "post")):
            if n[wave] == n["both"]:
                matched[wave] &= every[wave]
            matched[wave] &= matched[other] + changed * sign
    known = []
    for wave in WAVES:
        number = n[wave] - n["both"]
        alone = (every[wave] - matched[wave]) & Interval(number * bounds[0], number * bounds[1])
        known += told(reader, f"{what} {wave}", alone, number, step, bounds)
    few = [reader.few(n[wave] - n["both"]) for wave in WAVES]
    if all(few) and reader.few(n["pre"] + n["post"] - 2 * n["both"]):
        value = (every["pre"] - every["post"] + changed).only(step)
        known += [f"{what}: those only before less those only after: {value:g}"] if value is not None else []
    return known


def told(reader: Reader, what: str, total: Interval, number: int, step: float, bounds: tuple) -> list[str]:
    """What a sum tells of so many teachers: the sum itself if they are few, everybody's answer if it is extreme."""
    value = total.only(step)
    if value is None or number <= 0:
        return []
    if reader.few(number):
        return [f"{what}: the sum of {number} alone is {value:g}"]
    if min(abs(value - number * end) for end in bounds) < step / 2:
        return [f"{what}: all {number} answered {value / number:g}"]
    return []


def complete(reader: Reader, row: dict) -> bool:
    """Whether nobody who has a score skipped an item, as reliability.csv tells."""
    return all(reader.row("reliability", scale=row["scale"], wave=wave).get("n") == row[f"n_{wave}"] for wave in WAVES)


def rise(reader: Reader, scale: str, matched: int) -> Interval:
    """The sum of the matched teachers' changes, from every table that has their mean."""
    total = ANYWHERE
    for method in MATCHED:
        row = reader.row("sensitivity", scale=scale, method=method)
        if row.get("n") == matched:
            total &= reader.sum(row, "estimate", matched)
    return total


def counts(reader: Reader, book: Book, scale: str, item: str, wave: str) -> dict[float, int]:
    """How many gave each answer, in the scale's direction; empty where suppressed."""
    low, high = book.range[scale]
    rows = reader.rows("item_answers", item=item, wave=wave)
    if not rows or any(pd.isna(row["n"]) for row in rows):
        return {}
    return {(low + high - float(row["value"]) if item in book.reversed else float(row["value"])): int(row["n"])
            for row in rows}


def skipped_items(reader: Reader, book: Book) -> list[str]:
    """Answers of the few who skipped an item: the scale's mean times its items, less the sums of the items.

    With K items a teacher who skipped one has the mean of the other K - 1 as a score; K times the sum of scores is more
    than the sum of all answers by a (K - 1)th of what that teacher answered. One who answered too few items for a score
    leaves the answers given.
    """
    known = []
    for row in reader.rows("change"):
        scale, size = row["scale"], len(book.items[row["scale"]])
        for wave in WAVES:
            given = [counts(reader, book, scale, item, wave) for item in book.items[scale]]
            n, scored = np.array([sum(of_item.values()) for of_item in given]), row[f"n_{wave}"]
            if size < 2 or not all(given) or (n == scored).all():
                continue
            answered = sum(value * number for of_item in given for value, number in of_item.items())
            excess = reader.sum(row, f"mean_{wave}", scored) * size - answered
            whole = reader.row("reliability", scale=scale, wave=wave).get("n")
            if pd.isna(whole):
                continue
            skipped = int((scored - n).sum())
            if (n <= scored).all() and scored - whole == skipped and reader.few(skipped) and size > 2:
                value = (excess * (size - 1)).only(1)
                if value is not None:
                    known.append(f"scale {scale} {wave}: {skipped} who skipped an item answered {value:g}")
            elif (n >= scored).all() and scored == whole and reader.few((n - scored).max()):
                value = (-excess).only(1)
                if value is not None:
                    known.append(f"scale {scale} {wave}: answers without a score add up to {value:g}")
    return known


def suppressed_items(reader: Reader, book: Book) -> list[str]:
    """What all answered to the one item of a scale whose answers are suppressed: the scale's mean times its items, less
    the answers to the others."""
    known = []
    for row in reader.rows("change"):
        scale, items = row["scale"], book.items[row["scale"]]
        for wave in WAVES:
            n = row[f"n_{wave}"]
            whole = reader.row("reliability", scale=scale, wave=wave).get("n")
            given = {item: counts(reader, book, scale, item, wave) for item in items}
            lacking = [item for item in items if not given[item]]
            if not n or len(lacking) != 1 or pd.isna(whole) or whole != n:
                continue
            means, other = reader.sum(row, f"mean_{wave}", n), "pre" if wave == "post" else "post"
            if n == row["n_matched"] == row[f"n_{other}"]:
                changed = rise(reader, scale, n)
                means &= reader.sum(row, f"mean_{other}", n) + (changed if wave == "post" else -changed)
            answered = sum(value * number for of_item in given.values() for value, number in of_item.items())
            bounds = book.range[scale]
            rest = (means * len(items) - answered) & Interval(n * bounds[0], n * bounds[1])
            known += told(reader, f"suppressed item {lacking[0]} {wave}", rest, n, 1, bounds)
    return known


def constants_twice(reader: Reader, book: Book) -> list[str]:
    """Who is only before or only after, by what does not change: the answers of one survey less those of the other."""
    total, known = reader.row("participation", school=""), []
    if not total:
        return []
    number = {wave: int(total[f"n_{wave}_only"]) for wave in WAVES}
    for item, kind in book.constants.items():
        if kind == "choice":
            of = {wave: {row["value"]: row["n"] for row in reader.rows("item_answers", item=item, wave=wave)}
                  for wave in WAVES}
            given = {wave: sum(of[wave].values()) if all(map(pd.notna, of[wave].values())) else np.nan for wave in WAVES}
        else:
            of = {wave: reader.row("numbers", item=item, wave=wave) for wave in WAVES}
            given = {wave: of[wave].get("n", np.nan) for wave in WAVES}
        if any(pd.isna(given[wave]) or given[wave] != total[f"n_{wave}"] for wave in WAVES):
            continue
        if kind == "choice":
            for value in of["pre"]:
                known += _of_value(reader, item, value, of["pre"][value] - of["post"][value], number)
            continue
        difference = reader.sum(of["pre"], "mean", given["pre"]) - reader.sum(of["post"], "mean", given["post"])
        for wave, other, sign in (("pre", "post", 1), ("post", "pre", -1)):
            if number[wave] and not number[other]:
                known += told(reader, f"constant {item} {wave}", difference * sign, number[wave], 1, (0, np.inf))
    return known


def _of_value(reader: Reader, item: str, value: str, gap: int, number: dict[str, int]) -> list[str]:
    """What a constant answer's counts before and after, which differ by `gap`, tell of those in one survey only."""
    ways = [(before, before - gap) for before in range(number["pre"] + 1) if 0 <= before - gap <= number["post"]]
    known = []
    for place, wave in enumerate(WAVES):
        found = {way[place] for way in ways}
        if len(found) == 1 and number[wave]:
            n = found.pop()
            if reader.few(number[wave]) or reader.few(n) or n == number[wave]:
                known.append(f"constant {item}: {n} of the {number[wave]} only {wave} answered {value}")
    return known


def bases(reader: Reader) -> dict[tuple, dict[int, str]]:
    """On how many teachers each published variable rests, and in which table: the same variable on two bases is a risk.

    A slope is a variable of its own: of the changes of its sample it tells one weighted sum, which no other number has.
    """
    found: dict[tuple, dict[int, str]] = defaultdict(dict)

    def add(variable: tuple, n: float, shown: object, where: str) -> None:
        if pd.notna(shown) and pd.notna(n) and n > 0:
            found[variable].setdefault(int(n), where)

    for row in reader.rows("change"):
        for wave in WAVES:
            add(("score", row["scale"], wave), row[f"n_{wave}"], row[f"mean_{wave}"], "change")
        add(("score", row["scale"], "change"), row["n_matched"], row["d_av"], "change d_av")
        add(("score", row["scale"], "mixed"), row["n_pre"] + row["n_post"] - row["n_matched"], row["change"], "change")
    for row in reader.rows("sensitivity") + reader.rows("robustness"):
        matched = row["method"] in (*MATCHED, "wilcoxon", "school_means_t")
        main = reader.row("sensitivity", scale=row["scale"], method="mixed_cr2")
        kind = "change" if matched else row["method"]
        add(("score", row["scale"], kind), row["n"], row["estimate"], row["method"])
        add(("score", row["scale"], kind), np.nan if matched else main["n"], row["estimate"], "mixed_cr2")
    for row in reader.rows("ceiling"):
        add(("score", row["scale"], "pre"), row["n"], row["share_at_maximum"], "ceiling")
    for row in reader.rows("individual_changes"):
        add(("score", row["scale"], "change"), row["n"], row["higher"], "individual_changes")
    for row in reader.rows("association"):
        add(("score", row["scale"], "slope", row["predictor"]), row["n"], row["slope"], "association")
    for row in reader.rows("attrition"):
        kind = ("score", row["variable"], "pre") if row["kind"] == "score" else ("item", row["variable"], "pre")
        add(kind, row["n_unmatched"] + row["n_matched"], row["difference"], "attrition")
    if len(reader["item_answers"]):
        for (item, wave), rows in reader["item_answers"].groupby(["item", "wave"]):
            n = rows["n"]
            add(("item", item, wave), n.sum() if n.notna().all() else np.nan, 1, "item_answers")
    for row in reader.rows("numbers"):
        add(("item", row["item"], row["wave"]), row["n"], row["mean"], "numbers")
    for row in reader.rows("item_means"):
        for name in ("mean_pre", "mean_post", "change"):
            add(("item", row["item"], name.removeprefix("mean_")), row["n"], row[name], "item_means")
    for row in reader.rows("item_change"):
        add(("item", row["item"], "change"), row["n"], row["superiority"], "item_change")
    for row in reader.rows("reliability"):
        add(("score", row["scale"], row["wave"]), row["n"], row["alpha"], "reliability")
    for row in reader.rows("retrospective"):
        wave, base = {"post minus then": ("post", "n_post"), "then minus pre": ("pre", "n_matched")}.get(
            row["comparison"], ("", ""))
        if wave:
            for of, n in ((row, "n_matched"), (reader.row("change", scale=row["scale"]), base)):
                add(("score", row["scale"], "then", wave), of[n], row["change"], f"retrospective {n}")
    _bases_of_programme(reader, add)
    return found


def _bases_of_programme(reader: Reader, add: Callable[[tuple, float, object, str], None]) -> None:
    """The bases of iterations, of groups of teachers, of perceived change and of leaders beside their teachers."""
    for row in reader.rows("effect_sizes"):
        add(("score", row["scale"], "change"), row["n"], row["estimate"], row["effect_size"])
    for row in reader.rows("perceived"):
        add(("item", row["item"], "post"), row["n"], row["mean"], "perceived")
    for row in reader.rows("perceived_scales"):
        without = sum(int(dict(one.values)["n"]) for one in read(row["note"]) if one.code == "without_school")
        add(("score", row["scale"], "post"), row["n"] + without, row["estimate"], "perceived_scales")
    for row in reader.rows("perception_gap"):
        for who, table in (("teachers", "change"), ("leaders", "leaders_change")):
            of = (who, row["scale"], row["wave"], "beside")
            add(of, row[f"n_{who}"], row["gap"], "perception_gap")
            add(of, reader.row(table, scale=row["scale"]).get(f"n_{row['wave']}", np.nan), row["gap"], table)
    whole, matched = {}, {}
    for row in reader.rows("iterations") or [row | {"iteration": 1} for row in reader.rows("change")]:
        place = row["iteration"], row["scale"]
        whole[place], matched[place] = row["n_pre"] + row["n_post"] - row["n_matched"], row["n_matched"]
        if row["iteration"] == 1:
            for wave in WAVES:
                add(("score", row["scale"], wave), row[f"n_{wave}"], row[f"mean_{wave}"], "iterations")
    for row in reader.rows("iteration_difference"):
        of = "difference", row["scale"], str(row["iteration"])
        add(of, row["n"], row["estimate"], "iteration_difference")
        add(of, sum(whole[at, row["scale"]] for at in (row["iteration"] - 1, row["iteration"])), row["estimate"], "change")
        total = reader.row("participation", school="")
        if row["iteration"] == 2 and total:
            add(("in iteration 1",), row["n_both"], row["n_both"], "iteration_difference")
            add(("in iteration 1",), total["n_pre"] + total["n_post_only"], row["n_both"], "participation")
    for row in reader.rows("change_by_role", role="difference"):
        of = "parts", row["scale"], str(row["iteration"])
        add(of, row["n"], row["change"], "change_by_role")
        add(of, whole[row["iteration"], row["scale"]], row["change"], "change")
    for name, what in (("change_by_group", "item"), ("change_by_dose", "predictor")):
        shown = [row for row in reader.rows(name) if pd.notna(row["change"])]
        for of in dict.fromkeys((row[what], row["scale"]) for row in shown):
            inside = sum(row["n"] for row in shown if (row[what], row["scale"]) == of)
            add((name, *of), inside, 1, name)
            add((name, *of), reader.row("sensitivity", scale=of[1], method="matched_cr2").get("n", np.nan), 1, "matched")


def bases_of_few(reader: Reader, book: Book) -> list[str]:
    """Variables, and groups of teachers, published on fewer than the minimum."""
    known = [f"{' '.join(variable)}: {where} on {n}" for variable, found in bases(reader).items()
             for n, where in found.items() if reader.few(n)]
    for name, columns in (("change_by_role", ["n", "n_matched"]), ("change_by_group", ["n"]), ("change_by_dose", ["n"])):
        known += [f"{name}: a change of {row[column]:g}" for row in reader.rows(name) for column in columns
                  if pd.notna(row["change"]) and pd.notna(row[column]) and reader.few(row[column])]
    return known


def bases_a_few_apart(reader: Reader, book: Book) -> list[str]:
    """Variables published on two groups that differ by fewer than the minimum."""
    return [f"{' '.join(variable)}: {found[one]} on {one}, {found[other]} on {other}"
            for variable, found in bases(reader).items()
            for one, other in itertools.combinations(sorted(found), 2) if reader.few(other - one)]
