"""Mentors of all countries together, and of each country where enough of them answered."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.language.notes import sentence
from analysis.notes import Note, note, written
from analysis.sections import mentors
from analysis.sections.items import CLOSED, asked, counted
from analysis.sections.mentors import MENTORS, present
from analysis.sections.open_answers import category_rows, coded_answers
from analysis.sections.parts import Block, Column, Heading, Text, blank_repeats, text
from analysis.sections.results import AcrossResults, Results
from analysis.study.populations import Population

__all__ = ["ESTIMATES", "annex", "main", "present"]
ALL = ""
"""The country of rows of all countries together."""
LEFT_OUT = note("countries_suppressed")


def mentor_answers_table(results: AcrossResults) -> pd.DataFrame:
    """Mentors' answers in all countries together (with an empty `country`) and in each, as `mentor_answers.csv`.

    The whole of an item is the sum of what the countries' own reports show of it and, if they are enough and did not all
    answer alike, of the mentors of all other countries together, so that the whole less what is shown is never a few.
    No further country can cover fewer ones, since its own report shows it.
    """
    rows = []
    for iteration, of in _of_iterations(results).items():
        for item, wave in _asked(of, CLOSED):
            counts, base, reasons = _whole(results, of, iteration, item, wave)
            shown = results.policy.shows(counts, base)
            reasons = reasons if shown else [note("no_variation")]
            rows += [{"country": ALL, "item": item, "iteration": iteration, "value": value.value, "label": value.label,
                      "n": n if shown else pd.NA, "share": n / base if shown else None, "note": written(reasons)}
                     for value, n in zip(results.study.codebook.values(item), counts, strict=True)]
    return _with_countries(results, rows, "mentor_answers", mentors.ANSWER_COLUMNS)


def mentor_categories_table(results: AcrossResults) -> pd.DataFrame:
    """Categories of mentors' open answers in all countries together and in each, as `mentor_categories.csv`.

    A category that few were given beside what the countries' own reports tell joins the other categories.
    """
    rows = []
    for iteration, of in _of_iterations(results).items():
        for item, wave in _asked(of, ("text",)):
            coded = {key: coded_answers(one.panel, item, wave) for key, one in of.items()}
            told = {(key, category) for key, one in of.items() for category in _categories(one, item, wave)}
            alone = {key for key, _category in told}
            rest = sum(len(own) for key, own in coded.items() if key not in alone)
            reasons = [LEFT_OUT] * bool(results.policy.small(rest))
            together = pd.concat({key: own for key, own in coded.items() if key in alone or not reasons} or coded)
            if len(together):
                rows += [{"country": ALL, "item": item, "iteration": iteration} | row
                         | {"note": row["note"] or written(reasons)}
                         for row in category_rows(together, results.policy, told)]
    return _with_countries(results, rows, "mentor_categories", mentors.CATEGORY_COLUMNS)


def _categories(results: Results, item: str, wave: str) -> list[str]:
    """The categories of an item that a country's own report tells."""
    table = results.precise("open_answer_categories")
    here = (table["item"] == item) & (table["wave"] == wave) & (table["category"] != "")
    return table.loc[here, "category"].tolist()


def _of_iterations(results: AcrossResults) -> dict[int, dict[str, Results]]:
    """For each iteration the mentors' results in the countries that have any."""
    return {population.iteration: results.of(population).countries for population in results.populations
            if population.respondents == MENTORS}


def _asked(of: dict[str, Results], kinds: tuple[str, ...]) -> list[tuple[str, str]]:
    """The items of these kinds that any country's mentors were asked, each with its survey, the later of two."""
    return list(dict(pair for one in of.values() for pair in asked(one.panel, kinds)).items())


def _whole(results: AcrossResults, of: dict[str, Results], iteration: int, item: str,
           wave: str) -> tuple[list[int], int, list[Note]]:
    """The counts of all countries together, how many answered, and what there is to say of the countries left out."""
    policy, population = results.policy, Population(MENTORS, iteration)
    shown, rest = [], []
    for key, one in of.items():
        own = counted(one.panel, item, wave)
        if policy.shows(*own):
            shown.append(own)
        else:
            rest.append(counted(results.countries[key].unprotected[population], item, wave))
    nobody = [0] * len(results.study.codebook.values(item)), 0
    counts, base = _sum([nobody, *rest])
    left_out = base > 0 and not policy.shows(counts, base)
    counts, base = _sum([nobody, *shown, *([] if left_out else rest)])
    return counts, base, [LEFT_OUT] * left_out


def _sum(parts: list[tuple[list[int], int]]) -> tuple[list[int], int]:
    counts, bases = zip(*parts, strict=True)
    return [sum(of_value) for of_value in zip(*counts, strict=True)], sum(bases)


def _with_countries(results: AcrossResults, rows: list[dict], name: str, columns: list[str]) -> pd.DataFrame:
    """These rows, and below them those of the countries' own tables."""
    columns = ["country", *columns]
    tables = [one.precise(name).assign(country=key) for key, one in results.countries.items() if present(one)]
    every = [pd.DataFrame(rows, columns=columns), *(table for table in tables if len(table))]
    return pd.concat(every, ignore_index=True)[columns].astype({"n": "Int64", "share": float})


ESTIMATES = {"mentor_answers": mentor_answers_table, "mentor_categories": mentor_categories_table}


def main(results: AcrossResults) -> Iterator[Block]:
    """The answers of all countries together."""
    say, table = results.say, _of_all(results, "mentor_answers")
    yield Heading(say("Mentors on the mentoring model"))
    if table["n"].isna().all():
        yield Text(say("Mentors answered, too, but too few of them to show what they said."))
        return
    said = say("Mentors of all countries together gave their opinion on the mentoring model; the annex has the countries "
               "where enough of them answered.")
    yield Text(" ".join([said, *_left_out(results, table)]))
    yield from mentors.figures(results, table)
    yield from mentors.categorised(results, _of_all(results, "mentor_categories"))


def _left_out(results: AcrossResults, table: pd.DataFrame) -> Iterator[str]:
    if (table["note"] == LEFT_OUT.code).any():
        yield sentence(LEFT_OUT, results.say)


def annex(results: AcrossResults) -> Iterator[Block]:
    """Mentors' answers in each country that shows them, beside all together."""
    say, table = results.say, results.table("mentor_answers")
    rows = table.loc[table["n"].notna()]
    if rows.empty:
        return
    yield Heading(say("Mentors' answers in each country"))
    names = {ALL: say("All countries")} | {key: one.name for key, one in results.countries.items()}
    keys = ["item", "iteration", "value"]
    cells = rows.assign(cell=[say("{n} ({share})", n=say.count(row.n), share=say.percent(row.share))
                              for row in rows.itertuples()])
    wide = cells.pivot(index=keys, columns="country", values="cell")
    lines = rows.drop_duplicates(keys).set_index(keys).join(wide).reset_index()
    lines["question"] = [results.item(item) for item in lines["item"]]
    lines = blank_repeats(lines.drop(columns="note"), "question")
    columns = [mentors.QUESTION, mentors.ITERATION, Column("Answer", text("label"), words=True)]
    columns += [Column(names[key], _cell(key)) for key in names if key in wide]
    yield results.shown("mentor_answers", say("Mentors' answers, n (%)"), columns, lines, label="mentors-by-country")


def _cell(key: str):
    return lambda row, say, policy: row[key] if isinstance(row[key], str) else say.count(None)


def _of_all(results: AcrossResults, name: str) -> pd.DataFrame:
    table = results.table(name)
    return table.loc[table["country"] == ALL]
