"""Open answers: how many were given and how long they are, and the categories that a person gave them; never a text."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.disclosure.rules import few, hidden_because, too_few
from analysis.scales import WAVES, Panel
from analysis.study.categories import SUFFIX
from analysis.words import _

OPEN_ANSWER_COLUMNS = ["item", "wave", "n", "share", "median_length", "note"]
CATEGORY_COLUMNS = ["item", "wave", "category", "n", "share", "note"]
OTHER = "other categories"
LENGTHS = 10
"""Lengths are given in steps of so many characters: at full precision they are one respondent's."""


def open_answers_table(panel: Panel) -> pd.DataFrame:
    """How many answered each text item and at what length, as `open_answers.csv`; a row per item and wave.

    `n` respondents wrote something, `share` of all who answered the wave; `median_length` in characters, in steps
    of ten. Empty where fewer than the minimum answered the wave or, for all but 0, the item.
    """
    minimum = panel.study.settings.minimum_group
    rows = []
    for item, wave in _asked_texts(panel):
        answered = panel.respondents[wave].notna().to_numpy()
        lengths = panel.answers[wave].loc[answered, item].dropna().str.len()
        n, base = len(lengths), int(answered.sum())
        row = {"item": item, "wave": wave, "n": n, "share": n / base if base else np.nan, "note": ""}
        if base < minimum or few(n, minimum):
            row |= {"n": pd.NA, "share": np.nan, "note": too_few(minimum)}
        elif n:
            row["median_length"] = int(LENGTHS * round(lengths.median() / LENGTHS))
        rows.append(row)
    return pd.DataFrame(rows, columns=OPEN_ANSWER_COLUMNS).astype(
        {"n": "Int64", "share": float, "median_length": "Int64"})


def open_answer_categories_table(panel: Panel) -> pd.DataFrame:
    """The categories that a person gave the open answers, as `open_answer_categories.csv`; the largest first.

    A row per item, wave and category, counting respondents, each once per category; `share` is of the respondents
    whose answers were coded and may add up to more than one. A category given to fewer than the minimum is put
    together with the next smallest as `OTHER` until that holds the minimum. An item whose base is too small, or
    whose answers all fall into one category, has one row with an empty category and a note.
    """
    minimum = panel.study.settings.minimum_group
    rows = []
    for item, wave in _asked_texts(panel):
        column = f"{item}{SUFFIX}"
        if column not in panel.answers[wave]:
            continue
        coded = panel.answers[wave][column].dropna()
        coded = coded[coded != ""]
        if coded.empty:
            continue
        counts = _categories(coded, minimum)
        note = hidden_because(list(counts.values()), len(coded), minimum)
        if not note and any(few(n, minimum) for n in counts.values()):
            note = too_few(minimum)
        rows += [
            {"item": item, "wave": wave, "category": category, "n": n, "share": n / len(coded), "note": ""}
            for category, n in counts.items()
        ] if not note else [{"item": item, "wave": wave, "category": "", "n": pd.NA, "share": np.nan, "note": note}]
    return pd.DataFrame(rows, columns=CATEGORY_COLUMNS).astype({"n": "Int64", "share": float})


def _categories(coded: pd.Series, minimum: int) -> dict[str, int]:
    """Respondents per category, the largest first; small categories joined with the next smallest, as the last."""
    given = coded.str.split(";").explode()
    pairs = pd.DataFrame({"respondent": given.index, "category": given.to_numpy()}).drop_duplicates()
    counts = pairs["category"].value_counts()
    joined = [OTHER] if OTHER in counts else []
    order = sorted(counts.index.difference(joined), key=lambda category: (-counts[category], category))
    people = set(pairs.loc[pairs["category"].isin(joined), "respondent"])
    while order and (few(int(counts[order[-1]]), minimum) or few(len(people), minimum)):
        joined.append(order.pop())
        people = set(pairs.loc[pairs["category"].isin(joined), "respondent"])
    shown = {category: int(counts[category]) for category in order}
    return shown | ({OTHER: len(people)} if joined else {})


def _asked_texts(panel: Panel) -> Iterator[tuple[str, str]]:
    items = panel.study.codebook.items
    for item in items.index[items["kind"] == "text"]:
        for wave in WAVES:
            if item in panel.asked[wave]:
                yield item, wave


def open_answers_paragraphs(table: pd.DataFrame, categories: pd.DataFrame) -> list[str]:
    """The heading and what to know about both tables; nothing where the surveys have no open question."""
    if table.empty:
        return []
    said = _("What teachers wrote in their own words stays in the study folder; here is how many wrote something, and how "
             "much.")
    if len(categories):
        more = _("A person read the answers and gave each one or more categories. Categories that few teachers were given "
                 "stand together as “{other}”.", other=OTHER)
    else:
        more = _("Nobody has given them categories yet: a column beside the text, named like its item with `{suffix}` at "
                 "the end, would be counted here.", suffix=SUFFIX)
    heading = _("Open answers")
    return [f"### {heading}", f"{said} {more}"]
