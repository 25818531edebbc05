"""The questions beside the scales: answers to the closed ones, and numbers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.notes import note, written
from analysis.sections.estimates import varies
from analysis.sections.items import asked
from analysis.sections.parts import (
    Block,
    Column,
    Heading,
    Table,
    blank_repeats,
    count,
    grouped,
    message,
    number,
    percent,
    text,
    wave_names,
)
from analysis.sections.results import Results
from analysis.study.populations import WAVES

COLUMNS = ["item", "wave", "n", "mean", "sd", "note"]


def numbers_table(results: Results) -> pd.DataFrame:
    """Number, mean and SD of the answers to number items, as `numbers.csv`; a row per item and wave."""
    policy, rows = results.policy, []
    for item, wave in asked(results.panel, ("number",)):
        answers = results.panel.answers[wave][item].dropna().to_numpy(float)
        row = {"item": item, "wave": wave, "n": pd.NA, "note": ""}
        if not policy.enough(len(answers)):
            row["note"] = written([note("too_few", minimum=policy.minimum)])
        elif not policy.public and not varies(answers):
            row["note"] = written([note("no_variation")])
        elif len(answers):
            row |= {"n": len(answers), "mean": answers.mean(), "sd": answers.std(ddof=1) if len(answers) > 1 else np.nan}
        rows.append(row)
    return pd.DataFrame(rows, columns=COLUMNS).astype({"n": "Int64", "mean": float, "sd": float})


ESTIMATES = {"numbers": numbers_table}

ANSWERS = [
    Column("Question and answer", text("label"), words=True),
    Column("n baseline", count("n_pre")), Column("Baseline", percent("share_pre")),
    Column("n follow-up", count("n_post")), Column("Follow-up", percent("share_post")),
]
NUMBERS = [
    Column("Question", text("question"), words=True), Column("Survey", message("wave", wave_names), words=True),
    Column("n", count("n")), Column("Mean", number("mean")), Column("SD", number("sd")),
]


def annex(results: Results) -> Iterator[Block]:
    """The answers to questions of no scale, and all numbers."""
    say = results.say
    answers = _beside_the_scales(results)
    numbers = results.table("numbers")
    if answers.empty and numbers.empty:
        return
    yield Heading(say("Background questions"))
    if len(answers):
        yield _answers(results, answers)
    if len(numbers):
        rows = blank_repeats(numbers.assign(question=[results.item(item) for item in numbers["item"]]), "question")
        yield results.shown("numbers", say("Answers in numbers"), NUMBERS, rows)


def _beside_the_scales(results: Results) -> pd.DataFrame:
    """The published rows of `item_answers.csv` of questions that belong to no scale."""
    items, table = results.study.codebook.items, results.table("item_answers")
    return table.loc[table["item"].isin(items.index[items["scale"] == ""])]


def _answers(results: Results, answers: pd.DataFrame) -> Table:
    say, keys = results.say, ["item", "value", "label"]
    waves = [answers.loc[answers["wave"] == wave].set_index(keys)[["n", "share"]].add_suffix(f"_{wave}") for wave in WAVES]
    rows = answers[keys].drop_duplicates().join(waves[0], on=keys).join(waves[1], on=keys)
    several = any(results.study.codebook.kind(item) == "multichoice" for item in rows["item"])
    made = results.shown("item_answers", say("Answers to background questions"), ANSWERS, rows, " ".join(filter(None, [
        say("n in brackets: teachers who answered the question at baseline and at follow-up."),
        say("Where several answers could be chosen, shares may add up to more than 100 %.") if several else ""])),
        label="background")
    bases = _bases(results)
    return grouped(made, [
        say("{question} (n = {n_pre}; {n_post})", question=results.item(item),
            **{f"n_{wave}": say.count(bases.get((item, wave))) for wave in WAVES}) for item in rows["item"]])


def _bases(results: Results) -> dict[tuple[str, str], int]:
    """How many answered each shown question, by item and wave."""
    given = results.precise("item_answers").query("n > 0").drop_duplicates(["item", "wave"])
    return {(row.item, row.wave): round(row.n / row.share) for row in given.itertuples()}
