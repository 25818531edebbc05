"""Item by item: how the answers are distributed, and who answered higher, the same or lower afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.disclosure.items import few_given_away
from analysis.disclosure.rules import (
    COARSE,
    ONE_CATEGORY,
    ROUNDED,
    few,
    gives_away,
    gives_school_away,
    hidden_because,
    too_few,
)
from analysis.questions.change import without_spread
from analysis.scales import WAVES, Panel
from analysis.statistics.multiplicity import benjamini_hochberg
from analysis.statistics.paired import matched_cr2
from analysis.statistics.superiority import directions_of_change, superiority

ANSWER_COLUMNS = ["item", "wave", "value", "label", "n", "share"]
NUMBER_COLUMNS = ["item", "wave", "n", "mean", "sd", "note"]
ITEM_CHANGE_COLUMNS = [
    "item", "scale", "n", "improved", "same", "worse", "superiority", "superiority_low", "superiority_high", "p",
    "p_adjusted", "note",
]
SAME = 1e-9
LARGEST_NUMBER = 1e12
IMPOSSIBLE_NUMBER = "Not computed: an answer lies beyond a million millions, which can only be a slip of typing."
ITEM_MEANS_COLUMNS = ["item", "scale", "n", "mean_pre", "mean_post", "change", "ci_low", "ci_high", "note"]


def item_answers_table(panel: Panel) -> pd.DataFrame:
    """Counts and shares of every answer, as asked (not reversed), as `item_answers.csv`.

    A row per item, wave and value of the codebook, zeros too. In a multichoice item shares are of the
    respondents who answered it and may add up to more than one. Empty cells rest on too few respondents,
    or all answers would fall into one category.
    """
    codebook = panel.study.codebook
    rows = []
    for item, wave in _asked(panel, ("likert", "choice", "multichoice")):
        values = codebook.values(item)
        answers = panel.answers[wave][item].dropna()
        if codebook.items.loc[item, "kind"] == "likert":
            answers = panel.as_asked(wave, [item])[item].dropna()
            counts = [int((answers == value.number).sum()) for value in values]
        elif codebook.items.loc[item, "kind"] == "choice":
            counts = [int((answers == value.value).sum()) for value in values]
        else:
            ticked = answers.str.split(";")
            counts = [int(ticked.map(lambda some, v=value.value: v in some).sum()) for value in values]
        note = hidden_because(counts, len(answers), panel.study.settings.minimum_group)
        for value, n in zip(values, counts, strict=True):
            rows.append({
                "item": item, "wave": wave, "value": value.value, "label": value.label,
                "n": pd.NA if note else n, "share": np.nan if note else n / len(answers),
            })
    return pd.DataFrame(rows, columns=ANSWER_COLUMNS).astype({"n": "Int64", "share": float})


def numbers_table(panel: Panel) -> pd.DataFrame:
    """Number, mean and SD of the answers to number items, as `numbers.csv`."""
    minimum = panel.study.settings.minimum_group
    rows = []
    for item, wave in _asked(panel, ("number",)):
        answers = panel.answers[wave][item].dropna().astype(float)
        enough = len(answers) >= minimum
        possible = enough and answers.abs().max() <= LARGEST_NUMBER
        note = "" if possible else IMPOSSIBLE_NUMBER if enough else too_few(minimum)
        rows.append({
            "item": item, "wave": wave, "n": len(answers) if enough else pd.NA,
            "mean": answers.mean() if possible else np.nan,
            "sd": answers.std(ddof=1) if possible and len(answers) > 1 else np.nan, "note": note,
        })
    return pd.DataFrame(rows, columns=NUMBER_COLUMNS).astype({"n": "Int64"})


def _compared_items(panel: Panel) -> Iterator[tuple[str, str, np.ndarray, np.ndarray, np.ndarray]]:
    """Scale and item, both answers of every respondent, and who is linked with both: for each item that is compared."""
    for scale in panel.compared_scales:
        for item in panel.items[scale]:
            pre, post = (panel.answers[wave][item].to_numpy(float) for wave in WAVES)
            yield scale, item, pre, post, np.isfinite(pre) & np.isfinite(post) & panel.in_clusters


def item_change_table(panel: Panel) -> pd.DataFrame:
    """How many linked respondents answered higher, the same or lower afterwards, as `item_change.csv`.

    Reversed items are mirrored first, so that higher is always in the sense of the scale. `superiority`
    is the chance that a respondent answered higher plus half the chance of a tie, against one half.
    """
    minimum = panel.study.settings.minimum_group
    rows = []
    for scale, item, pre, post, both in _compared_items(panel):
        cluster = panel.cluster_of(both)
        row = {"item": item, "scale": scale, "n": int(both.sum()), "note": ""}
        directions = directions_of_change(pre[both], post[both])
        counts = {"improved": directions.improved, "same": directions.same, "worse": directions.worse}
        row["note"] = hidden_because(list(counts.values()), int(both.sum()), minimum)
        if not row["note"] and _is_likert(panel, item) and few_given_away(pre, post, both, minimum):
            row["note"] = f"Not shown: {gives_away(minimum)}"
        if not row["note"]:
            within = without_spread(superiority(pre[both], post[both], cluster), cluster, minimum)
            low, high, p, note = within.low, within.high, within.p, within.note
            if np.isfinite(low) and _is_likert(panel, item) and gives_school_away(cluster, minimum):
                low, high, p = (round(number, COARSE) for number in (low, high, p))
                note = (*note, ROUNDED.format(minimum=minimum))
            row |= counts | {"superiority": within.estimate, "superiority_low": low, "superiority_high": high,
                             "p": p, "note": " ".join(note)}
        rows.append(row)
    table = pd.DataFrame(rows, columns=ITEM_CHANGE_COLUMNS)
    table = table.astype(dict.fromkeys(("improved", "same", "worse"), "Int64"))
    return table.assign(p_adjusted=benjamini_hochberg(table["p"].to_numpy(float)))


def _is_likert(panel: Panel, item: str) -> bool:
    return panel.study.codebook.items.loc[item, "kind"] == "likert"


def scales_overview(panel: Panel) -> pd.DataFrame:
    """What each scale asks: `scale, label, items, surveys, example, instrument, source`, a row per scale asked."""
    codebook = panel.study.codebook
    rows = []
    for scale in codebook.scales.index:
        if waves := panel.waves_of[scale]:
            items = panel.items[scale] or codebook.items_of(scale)
            rows.append({"scale": scale, "label": codebook.label(scale), "items": len(items), "surveys": waves,
                         "example": codebook.text(items[0]), "instrument": codebook.scales.loc[scale, "instrument"],
                         "source": codebook.scales.loc[scale, "source"]})
    return pd.DataFrame(rows, columns=["scale", "label", "items", "surveys", "example", "instrument", "source"])


def background_answers(panel: Panel, answers: pd.DataFrame) -> pd.DataFrame:
    """The rows of `item_answers.csv` of questions that belong to no scale."""
    items = panel.study.codebook.items
    return answers.loc[~answers["item"].isin(items.index[items["scale"] != ""])]


def item_means_table(panel: Panel) -> pd.DataFrame:
    """Means of linked teachers before and after and their change with its interval, as `item_means.csv`.

    Beside `item_change.csv`, which counts directions only; reversed items are mirrored. The means of a
    wave are empty where `item_answers.csv` of all would leave the few others' mean by subtraction; so is the row where
    all gave one answer, which that table hides.
    """
    minimum = panel.study.settings.minimum_group
    rows = []
    for scale, item, pre, post, both in _compared_items(panel):
        others = [int((np.isfinite(wave) & ~both).sum()) for wave in (pre, post)]
        row = {"item": item, "scale": scale, "n": int(both.sum()), "note": ""}
        if both.sum() < minimum:
            row["note"] = too_few(minimum)
        elif _is_likert(panel, item) and any(map(_one_answer, (pre, post, (post - pre)[both]))):
            row["note"] = ONE_CATEGORY
        elif few(int(((np.isfinite(pre) | np.isfinite(post)) & ~both).sum()), minimum) or (
            _is_likert(panel, item) and few_given_away(pre, post, both, minimum)
        ):
            row["note"] = f"Not shown: {gives_away(minimum)}"
        else:
            cluster = panel.cluster_of(both)
            change = without_spread(matched_cr2(pre[both], post[both], cluster), cluster, minimum)
            low, high = change.low, change.high
            if np.isfinite(low) and _is_likert(panel, item) and gives_school_away(cluster, minimum):
                low, high = round(low, COARSE), round(high, COARSE)
                change = change.noting(ROUNDED.format(minimum=minimum))
            row |= {"change": change.estimate, "ci_low": low, "ci_high": high}
            if any(few(number, minimum) for number in others):
                change = change.noting(f"No means: {gives_away(minimum)}")
            else:
                row |= {"mean_pre": pre[both].mean(), "mean_post": post[both].mean()}
            row["note"] = " ".join(change.note)
        rows.append(row)
    return pd.DataFrame(rows, columns=ITEM_MEANS_COLUMNS)


def _one_answer(answers: np.ndarray) -> bool:
    """Whether all who answered gave the same answer."""
    given = answers[np.isfinite(answers)]
    return given.size > 0 and float(np.ptp(given)) < SAME


def disagreements(item_change: pd.DataFrame, means: pd.DataFrame) -> list[str]:
    """The items for which counting directions and comparing means do not say the same about change."""
    both = item_change.merge(means, on="item", suffixes=("", "_mean")).dropna(subset=["superiority_low", "ci_low"])
    ordinal = (both["superiority_low"] > 0.5).astype(int) - (both["superiority_high"] < 0.5).astype(int)
    of_means = (both["ci_low"] > 0).astype(int) - (both["ci_high"] < 0).astype(int)
    return list(both.loc[ordinal != of_means, "item"])


def _asked(panel: Panel, kinds: tuple[str, ...]):
    items = panel.study.codebook.items
    for item in items.index[items["kind"].isin(kinds)]:
        for wave in WAVES:
            if item in panel.asked[wave]:
                yield item, wave

