"""Open answers: how many were given and how long they are, and the categories that a person gave them; never a text."""

from __future__ import annotations

from collections.abc import Iterator, Set

import numpy as np
import pandas as pd

from analysis.disclosure.policy import Policy
from analysis.language import Language
from analysis.notes import note, written
from analysis.scales import Panel
from analysis.sections.items import asked
from analysis.sections.parts import Block, Column, Heading, Text, blank_repeats, count, message, percent, text, wave_names
from analysis.sections.results import Results
from analysis.study.categories import SUFFIX

OPEN_ANSWER_COLUMNS = ["item", "wave", "n", "share", "median_length", "note"]
CATEGORY_COLUMNS = ["item", "wave", "category", "n", "share", "note"]
OTHER = "other categories"
LENGTHS = 10
"""Lengths are given in steps of so many characters: at full precision they are one respondent's."""


def open_answers_table(results: Results) -> pd.DataFrame:
    """How many answered each text item and at what length, as `open_answers.csv`; a row per item and wave.

    `n` respondents wrote something, `share` of all who answered the wave; `median_length` in characters, in steps of ten.
    Empty where fewer than the minimum answered the wave or, for all but 0, the item.
    """
    panel, policy, rows = results.panel, results.policy, []
    for item, wave in asked(panel, ("text",)):
        answered = panel.respondents[wave].notna().to_numpy()
        lengths = panel.answers[wave].loc[answered, item].dropna().str.len()
        n, base = len(lengths), int(answered.sum())
        row = {"item": item, "wave": wave, "n": n, "share": n / base if base else np.nan, "note": ""}
        if not policy.enough(base) or policy.small(n):
            row |= {"n": pd.NA, "share": np.nan, "note": written([note("too_few", minimum=policy.minimum)])}
        elif n:
            row["median_length"] = int(LENGTHS * round(lengths.median() / LENGTHS))
        rows.append(row)
    return pd.DataFrame(rows, columns=OPEN_ANSWER_COLUMNS).astype({"n": "Int64", "share": float, "median_length": "Int64"})


def open_answer_categories_table(results: Results) -> pd.DataFrame:
    """The categories that a person gave the open answers, as `open_answer_categories.csv`; the largest first.

    A row per item, wave and category, counting respondents, each once per category; `share` is of the respondents whose
    answers were coded and may add up to more than one. A category given to fewer than the minimum is put together with
    the next smallest as `OTHER` until that holds the minimum. An item whose base is too small, or whose answers all fall
    into one category, has one row with an empty category and a note.
    """
    policy, rows = results.policy, []
    for item, wave in asked(results.panel, ("text",)):
        coded = coded_answers(results.panel, item, wave)
        if coded.empty:
            continue
        rows += [{"item": item, "wave": wave} | row for row in category_rows(coded, policy)]
    return pd.DataFrame(rows, columns=CATEGORY_COLUMNS).astype({"n": "Int64", "share": float})


def coded_answers(panel: Panel, item: str, wave: str) -> pd.Series:
    """The categories that a person gave the answers to an open item, `;` between them, of those who were given any."""
    coded = panel.answers[wave].get(f"{item}{SUFFIX}", pd.Series(dtype=object)).dropna()
    return coded[coded != ""]


def category_rows(coded: pd.Series, policy: Policy, told: Set[tuple[str, str]] = frozenset()) -> list[dict]:
    """One item's rows: category, n, share and note.

    `coded`: the categories of each respondent who was given any; of several countries with the country in front of the
    index, and `told` (country, category) is what the countries' own tables tell, which may be taken off these counts.
    """
    counts = _categories(coded, policy, told)
    if not policy.enough(len(coded)) or policy.small(list(counts.values())).any():
        reason = note("too_few", minimum=policy.minimum)
    elif not policy.shows(list(counts.values()), len(coded)):
        reason = note("no_variation")
    else:
        return [{"category": category, "n": n, "share": n / len(coded), "note": ""} for category, n in counts.items()]
    return [{"category": "", "n": pd.NA, "share": np.nan, "note": written([reason])}]


def _categories(coded: pd.Series, policy: Policy, told: Set[tuple[str, str]]) -> dict[str, int]:
    """Respondents per category, the largest first; categories that few were given, beside what is told, joined with the
    next smallest, as the last."""
    given = coded.str.split(";").explode()
    pairs = pd.DataFrame({"respondent": given.index, "category": given.to_numpy()}).drop_duplicates()
    counts = pairs["category"].value_counts()
    untold = pairs.loc[[not told or (respondent[0], category) not in told
                        for respondent, category in pairs.itertuples(index=False)]]
    few = untold["category"].value_counts().reindex(counts.index, fill_value=0).map(policy.small)
    joined = [category for category in counts.index if category == OTHER or few[category]]
    order = sorted(counts.index.difference(joined), key=lambda category: (-counts[category], category))

    def people(of: pd.DataFrame) -> int:
        return of.loc[of["category"].isin(joined), "respondent"].nunique()

    while order and policy.small(people(untold)):
        joined.append(order.pop())
    hidden = people(untold)
    shown = {category: int(counts[category]) for category in order}
    return shown | ({OTHER: hidden if policy.small(hidden) else people(pairs)} if joined else {})


ESTIMATES = {"open_answers": open_answers_table, "open_answer_categories": open_answer_categories_table}


def category_name(row: pd.Series, say: Language, policy: Policy) -> str:
    return say("other categories") if row["category"] == OTHER else row["category"] or say.number(None)


OPEN = [
    Column("Question", text("question"), words=True), Column("Survey", message("wave", wave_names), words=True),
    Column("n", count("n")), Column("Of those who answered the survey", percent("share")),
    Column("Median length (characters)", count("median_length")),
]
CATEGORIES = [
    *OPEN[:2], Column("Category", category_name, words=True), Column("n", count("n")),
    Column("Of those whose answers were categorised", percent("share")),
]


def annex(results: Results) -> Iterator[Block]:
    """How many wrote something and how much, and the categories that a person gave their answers."""
    say, table, categories = results.say, results.table("open_answers"), results.table("open_answer_categories")
    if table.empty:
        return
    yield Heading(say("Open answers"))
    said = [say("What teachers wrote in their own words is not published; @tbl-open-answers says how many wrote something, "
                "and how much.")]
    if len(categories):
        said.append(say("A person read the answers and gave each one or more categories (@tbl-categories). Categories that "
                        "few teachers were given stand together as {other}.", other=say.quoted(say("other categories"))))
    yield Text(" ".join(said))
    yield results.shown("open_answers", say("Open answers"), OPEN, _named(results, table, "question"), label="open-answers")
    if len(categories):
        yield results.shown("open_answer_categories", say("Categories of open answers"), CATEGORIES,
                            _named(results, categories, "question", "wave"), label="categories")


def _named(results: Results, table: pd.DataFrame, *names: str) -> pd.DataFrame:
    return blank_repeats(table.assign(question=[results.item(item) for item in table["item"]]), *names)
