"""What mentors think of the mentoring model: their answers to closed items, and the categories of open ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from analysis.language import Language
from analysis.notes import note, written
from analysis.sections.items import Answers, distributions, upper_answers
from analysis.sections.open_answers import category_name
from analysis.sections.parts import Block, Column, Figure, Heading, Text, blank_repeats, count, percent, text
from analysis.sections.results import Results

MENTORS = "mentors"
ANSWER_COLUMNS = ["item", "iteration", "value", "label", "n", "share", "note"]
CATEGORY_COLUMNS = ["item", "iteration", "category", "n", "share", "note"]


def present(results: Results) -> bool:
    """Whether mentors answered, in any iteration."""
    return any(population.respondents == MENTORS for population in results.populations)


def of_iterations(results: Results) -> dict[int, Results]:
    """The results of the mentors of each iteration."""
    return {population.iteration: results.of(population) for population in results.populations
            if population.respondents == MENTORS}


def mentor_answers_table(results: Results) -> pd.DataFrame:
    """Counts and shares of the mentors' answers to closed items, as `mentor_answers.csv`.

    A row per item, iteration and value of the codebook, as in `item_answers.csv`; empty where too few mentors answered.
    Mentors are asked once; of two surveys in an iteration the later one counts.
    """
    return _together(results, "item_answers", ANSWER_COLUMNS)


def mentor_categories_table(results: Results) -> pd.DataFrame:
    """The categories that a person gave mentors' open answers, as `mentor_categories.csv`, per iteration."""
    return _together(results, "open_answer_categories", CATEGORY_COLUMNS)


def _together(results: Results, name: str, columns: list[str]) -> pd.DataFrame:
    tables = [one.precise(name).assign(iteration=iteration) for iteration, one in of_iterations(results).items()]
    table = pd.concat(tables, ignore_index=True)
    table = table.loc[table["wave"] == table.groupby(["item", "iteration"])["wave"].transform("last")]
    if "note" not in table:
        table = table.assign(note=table["n"].isna().map({True: written([note("no_variation")]), False: ""}))
    return table[columns]


ESTIMATES = {"mentor_answers": mentor_answers_table, "mentor_categories": mentor_categories_table}


def iteration_names(say: Language, iterations: Iterable[int]) -> dict[int, str]:
    """What the iterations are called."""
    return {iteration: say("iteration {number}", number=iteration) for iteration in sorted(set(iterations))}


def main(results: Results) -> Iterator[Block]:
    """A sentence for each scale, or one that too few mentors answered."""
    say, table = results.say, results.table("mentor_answers")
    yield Heading(say("Mentors on the mentoring model"))
    if table["n"].isna().all():
        yield Text(say("Mentors answered, too, but too few of them to show what they said in this country alone."))
        return
    drawn = list(figures(results, table))
    said = [say("Mentors gave their opinion on the mentoring model; the annex has all their answers.")]
    said += [f"{figure.title} (@fig-{figure.name})." for figure in drawn]
    yield Text(" ".join(said))


def annex(results: Results) -> Iterator[Block]:
    """The distributions of the items of scales as figures, other closed items and categories as tables."""
    say, table, categories = results.say, results.table("mentor_answers"), results.table("mentor_categories")
    if table["n"].isna().all() and categories["n"].isna().all():
        return
    yield Heading(say("Mentors' answers"))
    yield from figures(results, table)
    yield from others(results, table)
    yield from categorised(results, categories)


def figures(results: Results, table: pd.DataFrame) -> Iterator[Figure]:
    """The answers to the items of scales that are shown in any iteration, a figure per scale."""
    say, shown = results.say, table.loc[table["n"].notna(), "item"].unique()
    return distributions(results, Answers(
        table.loc[table["item"].isin(shown)], "iteration", iteration_names(say, table["iteration"]), "mentors",
        lambda _scale, items: upper_answers(results, table, "iteration", items),
        say("Mentors' answers as asked, shares in percent, by iteration of the programme. n: mentors who answered.")))


QUESTION = Column("Question", text("question"), words=True)
ITERATION = Column("Iteration", count("iteration"))
NUMBERS = [Column("n", count("n")), Column("Of those who answered the question", percent("share"))]


def others(results: Results, table: pd.DataFrame) -> Iterator[Block]:
    """A table of the closed items that stand in no figure, if there are any."""
    say, items = results.say, results.study.codebook.items
    in_figures = items.index[(items["kind"] == "likert") & (items["scale"] != "")]
    rows = table.loc[~table["item"].isin(in_figures) & table["n"].notna()]
    if len(rows):
        yield results.shown("mentor_answers", say("Mentors' answers to further questions"),
                            [QUESTION, ITERATION, Column("Answer", text("label"), words=True), *NUMBERS],
                            _named(results, rows), label="mentor-answers")


def categorised(results: Results, table: pd.DataFrame) -> Iterator[Block]:
    """A table of the categories of open answers, if there are any."""
    say = results.say
    if len(table):
        yield results.shown("mentor_categories", say("Categories of mentors' open answers"),
                            [QUESTION, ITERATION, Column("Category", category_name, words=True), *NUMBERS],
                            _named(results, table), label="mentor-categories")


def _named(results: Results, rows: pd.DataFrame) -> pd.DataFrame:
    return blank_repeats(rows.assign(question=[results.item(item) for item in rows["item"]]), "question")
