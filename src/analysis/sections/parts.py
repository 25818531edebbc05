"""What a section is made of: texts, tables by a spec of their columns, and figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd
from matplotlib.figure import Figure as Drawing

from analysis.disclosure.policy import Policy
from analysis.language import DASH, Language
from analysis.language.notes import sentence
from analysis.notes import Note, read

Cell = Callable[[pd.Series, Language, Policy], str]
MARKS = "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏᵐⁿᵒᵖʳᵗᵘᵛʷʸᶻ"
"""Raised letters; those that fonts often lack are left out."""


@dataclass(frozen=True)
class Column:
    """A column of a table for reading: its heading (a message) and what stands in it; `words` if no numbers do."""

    heading: str
    cell: Cell
    words: bool = False


def text(name: str) -> Cell:
    """The cell itself; nothing where it repeats the row above is up to the section."""
    return lambda row, say, policy: "" if pd.isna(row[name]) else str(row[name])


def message(name: str, names: Callable[[Language], dict[str, str]]) -> Cell:
    """What a code of the table is called, from `names`."""
    return lambda row, say, policy: names(say).get(row[name], str(row[name]))


def count(name: str) -> Cell:
    """A whole number."""
    return lambda row, say, policy: say.count(row[name])


def number(name: str, signed: bool = False) -> Cell:
    """A number with as many decimals as its base allows."""
    return lambda row, say, policy: say.number(row[name], policy.digits(row, name), signed)


def change_with_interval(name: str = "change", low: str = "ci_low", high: str = "ci_high", signed: bool = True) -> Cell:
    """An estimate with its 95 % interval in brackets."""
    def cell(row: pd.Series, say: Language, policy: Policy) -> str:
        digits = policy.digits(row, name)
        value = say.number(row[name], digits, signed)
        return value if pd.isna(row[low]) else f"{value} [{say.interval(row[low], row[high], digits)}]"

    return cell


def proportion(name: str) -> Cell:
    """A number that can't exceed 1."""
    return lambda row, say, policy: say.proportion(row[name], policy.digits(row, name))


def proportion_with_interval(name: str, low: str, high: str) -> Cell:
    """A number that can't exceed 1, with its 95 % interval in brackets."""
    def cell(row: pd.Series, say: Language, policy: Policy) -> str:
        value, *ends = (say.proportion(row[one], policy.digits(row, one)) for one in (name, low, high))
        return value if pd.isna(row[low]) else f"{value} [{say('{low} to {high}', low=ends[0], high=ends[1])}]"

    return cell


def percent(name: str, digits: int = 0) -> Cell:
    """A share in percent."""
    return lambda row, say, policy: say.percent(row[name], digits)


def p(name: str) -> Cell:
    """A p value."""
    return lambda row, say, policy: say.p(row[name])


def wave_names(say: Language) -> dict[str, str]:
    """What the waves of the tables are called."""
    return {"pre": say("baseline"), "post": say("follow-up")}


@dataclass(frozen=True)
class Text:
    """Paragraphs of Markdown."""

    markdown: str


@dataclass(frozen=True)
class Method:
    """A paragraph of the methods section, and the keys of what it cites (`sections.methods.REFERENCES`)."""

    text: str
    citations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 2


@dataclass(frozen=True)
class Table:
    """A table ready for the page; `name` is its label (`@tbl-name` in a text refers to it)."""

    name: str
    title: str
    headings: list[str]
    rows: list[list[str]]
    notes: list[str]
    words: list[int]


@dataclass(frozen=True)
class Figure:
    """A figure before it is drawn; `name` is the stem of its files and its label (`@fig-name` refers to it).

    `title` states the message, `caption` how to read it, `alt` what it shows in words. `draw` takes the width in inches.
    `numbers` is what is drawn, tidy and as published; `table` the same for reading.
    """

    name: str
    title: str
    caption: str
    alt: str
    draw: Callable[[float], Drawing]
    numbers: pd.DataFrame
    table: Table | None = None
    heading: str = field(default="")


Block = Text | Heading | Table | Figure


def table(name: str, title: str, rows: pd.DataFrame, columns: Sequence[Column], say: Language, policy: Policy,
          general: str = "") -> Table:
    """A table for reading from published rows: a note below it for each reason in the column `note`, marked at its rows.

    `general` is what holds of the whole table (abbreviations, units).
    """
    cells = [[column.cell(row, say, policy) for column in columns] for _index, row in rows.iterrows()]
    reasons = [read(cell) for cell in rows["note"]] if "note" in rows else [[] for _row in cells]
    everywhere, marked = _marks(reasons)
    for line, own in zip(cells, reasons, strict=True):
        line[0] += "".join(marked[reason] for reason in own if reason in marked)
    dash = [say("A dash (–): not computed or suppressed.")] if any(DASH in line for line in cells) else []
    common = " ".join([*([general] if general else []), *(sentence(reason, say) for reason in everywhere), *dash])
    notes = [say("Note. {text}", text=common)] if common else []
    notes += [f"{mark} {sentence(reason, say)}" for reason, mark in marked.items()]
    return Table(name, title, [say(column.heading) for column in columns], cells, notes,
                 [at for at, column in enumerate(columns) if column.words])


def blank_repeats(rows: pd.DataFrame, *names: str) -> pd.DataFrame:
    """The rows with cells emptied that repeat the row above."""
    same = (rows[list(names)] == rows[list(names)].shift()).all(axis=1)
    return rows.assign(**{name: rows[name].mask(same, "") for name in names})


def grouped(made: Table, groups: Sequence[str]) -> Table:
    """The table with a row of its own for the name of each group, above the first of its rows; `groups`: one per row."""
    rows, previous = [], None
    for group, row in zip(groups, made.rows, strict=True):
        if group != previous:
            rows.append([group, *[""] * (len(row) - 1)])
        rows.append(row)
        previous = group
    return replace(made, rows=rows)


def _marks(reasons: list[list[Note]]) -> tuple[list[Note], dict[Note, str]]:
    """The reasons that hold of every row, and a letter for each of the others."""
    every = list(dict.fromkeys(reason for own in reasons for reason in own))
    everywhere = [reason for reason in every if len(reasons) > 1 and all(reason in own for own in reasons)]
    rest = [reason for reason in every if reason not in everywhere]
    return everywhere, {reason: MARKS[at % len(MARKS)] * (at // len(MARKS) + 1) for at, reason in enumerate(rest)}
