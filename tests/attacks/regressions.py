"""The change of a lone teacher: from a regression that this teacher decides, or from the mixed fit."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.statistics.mixed import mixed_change
from attacks.codebooks import Book
from attacks.reading import Interval, Reader
from attacks.sums import complete, rise


def lone_predictor(reader: Reader, book: Book) -> list[str]:
    """The changes of the few who differ in a predictor that has two values, 0 among all others.

    With m of n at h and the others at 0 the slope is the difference of both mean changes over h, and the mean of the
    predictor and its standard deviation tell m and h.
    """
    known = []
    for row in reader.rows("association"):
        one = reader.row("numbers", item=row["predictor"], wave="post")
        scale, n = row["scale"], row["n"]
        if pd.isna(row["slope"]) or one.get("n") != n or pd.isna(one.get("sd", np.nan)):
            continue
        changes, total, sd = rise(reader, scale, n), reader.sum(one, "mean", n), reader.number(one, "sd")
        if not np.isfinite(changes.low):
            continue
        ways = [(number, value) for number in range(1, int(n)) for value in total.steps(1) / number
                if value > 0 and sd.holds(value * np.sqrt(number * (1 - number / n) / (n - 1)))]
        if len(ways) != 1 or not reader.few(ways[0][0]):
            continue
        number, high = ways[0]
        changed = changes * (number / n) + reader.number(row, "slope") * (high * number * (1 - number / n))
        value = changed.only(1 / len(book.items[scale]))
        if value is not None:
            known.append(f"scale {scale}: the {number} with {high:g} {row['predictor']} changed by {value:g}")
    return known


def leverage(reader: Reader, book: Book, predictors: dict[str, dict[str, np.ndarray]]) -> list[str]:
    """The change of the one whose predictor lies so far out that the line goes through it.

    The reader knows everybody's predictor (`predictors`: of those in each scale's regression, by scale and predictor).
    With leverage h, who decides lies within (1 - h) times the range of a change from the line without them.
    """
    known = []
    for row in reader.rows("association"):
        scale, x = row["scale"], predictors[row["scale"]][row["predictor"]]
        changes = rise(reader, scale, row["n"])
        if pd.isna(row["slope"]) or len(x) != row["n"] or not np.isfinite(changes.low) or not np.ptp(x):
            continue
        from_mean = x - x.mean()
        power = 1 / len(x) + from_mean**2 / (from_mean**2).sum()
        at, reach = int(np.argmax(power)), 2 * np.ptp(book.range[scale])
        off = (1 - power[at]) * reach
        value = (changes * (1 / len(x)) + reader.number(row, "slope") * from_mean[at] + Interval(-off, off)).only(
            1 / len(book.items[scale]))
        if value is not None:
            known.append(f"scale {scale}: who has {x[at]:g} {row['predictor']} changed by {value:g}")
    return known


def lone_unmatched(reader: Reader, book: Book) -> list[str]:
    """The score of the one teacher who is not matched, from the mixed fit without schools.

    Without schools the fit depends on the matched only through their means, variances and covariance. The reader
    makes scores with these for every score the one may have, fits each, and compares.
    """
    known = []
    for row in reader.rows("change"):
        alone = {wave: row[f"n_{wave}"] - row["n_matched"] for wave in ("pre", "post")}
        if row["n_schools"] or sorted(alone.values()) != [0, 1] or not complete(reader, row) or pd.isna(row["se"]):
            continue
        wave = max(alone, key=alone.get)
        step, (low, high) = 1 / len(book.items[row["scale"]]), book.range[row["scale"]]
        fitting = [score for score in np.arange(low, high + step / 2, step) if _fits(reader, row, wave, score)]
        if len(fitting) == 1:
            known.append(f"scale {row['scale']}: the one only {wave} scored {fitting[0]:g}")
    return known


def _fits(reader: Reader, row: dict, wave: str, score: float) -> bool:
    """Whether the published change and its standard error are those of a study in which the one scored so."""
    other, n = "post" if wave == "pre" else "pre", int(row["n_matched"])
    test = reader.row("sensitivity", scale=row["scale"], method="matched_t")
    if pd.isna(test.get("se", np.nan)):
        return False
    spread = {other: row[f"sd_{other}"] ** 2 * (n - 1), "change": test["se"] ** 2 * n * (n - 1)}
    mean = {other: row[f"mean_{other}"], wave: row[f"mean_{other}"] + test["estimate"] * (1 if wave == "post" else -1)}
    everybody = row[f"mean_{wave}"] * (n + 1)
    if not reader.sum(row, f"mean_{wave}", n + 1).holds(np.array(mean[wave] * n + score)) and reader.full:
        return False
    spread[wave] = row[f"sd_{wave}"] ** 2 * n - (score - mean[wave]) ** 2 * n / (n + 1)
    product = (spread[wave] + spread[other] - spread["change"]) / 2
    if spread[wave] <= 0 or abs(product) > np.sqrt(spread[wave] * spread[other]) or not np.isfinite(everybody):
        return False
    pair = _pair(n, mean[wave], mean[other], spread[wave], spread[other], product)
    scores = {wave: np.append(pair[0], score), other: np.append(pair[1], np.nan)}
    fit = mixed_change(scores["pre"], scores["post"], None)
    slack = 1e-5 if reader.full else 0.0
    return all(abs(made - row[name]) <= slack + reader.number(row, name).high - row[name]
               for made, name in ((fit.estimate, "change"), (fit.se, "se")))


def _pair(n: int, mean: float, other_mean: float, spread: float, other_spread: float, product: float) -> np.ndarray:
    """Two rows of n numbers with these means, sums of squares and sum of products."""
    rng = np.random.default_rng(1)
    basis = np.linalg.qr(np.column_stack([np.ones(n), rng.normal(size=(n, 2))]))[0][:, 1:]
    first = np.sqrt(spread) * basis[:, 0]
    share = product / np.sqrt(spread)
    second = share * basis[:, 0] + np.sqrt(max(other_spread - share**2, 0)) * basis[:, 1]
    return np.vstack([mean + first, other_mean + second])
