"""What a readable table is made of: cells, marks and notes, in the style of the APA's manual (7th edition)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pandas as pd

from ..numerals import DASH, interval, number, proportion

WAVE_NAMES = {"pre": "before", "post": "after"}
ABBREVIATIONS = {
    "n": "number of teachers",
    "SD": "standard deviation",
    "CI": "confidence interval",
    "df": "degrees of freedom",
    "d_av": "mean change of linked teachers in units of the spread of their scores",
    "ICC": "intraclass correlation, the share of variance that lies between schools",
    "r": "correlation",
    "τ²": "variance of the change between countries",
    "I²": "share of the variation between countries that is not by chance",
}
DASHES = "A dash (–): not computed or not shown."
FEW_SCHOOLS = re.compile(r"Few or very unequal schools make the interval wide: [^.]*\.?[^.]*equal ones\.")
MARKS = "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"


@dataclass(frozen=True)
class Readable:
    """A table ready for the page: headings, rows, notes to print below it, and which columns are words, not numbers.

    An empty first cell belongs to the name above it. An interval follows its estimate after a space, at which a narrow
    column may break; elsewhere numbers have spaces that don't break. The first note is on the whole table and begins
    with “Note.”, the others begin with the mark of the rows they belong to.
    """

    headings: list[str]
    rows: list[list[str]]
    notes: list[str] = field(default_factory=list)
    text: tuple[int, ...] = (0,)


Reader = Callable[[pd.DataFrame, dict[str, str]], Readable]


class Notes:
    """Notes below a table, each printed once and marked, with a raised letter, at the name of the rows it belongs to."""

    def __init__(self):
        self._marks: dict[str, str] = {}

    def mark(self, note: str) -> str:
        if pd.isna(note) or not note:
            return ""
        note = FEW_SCHOOLS.sub("Few or very unequal schools make the interval wide.", note)
        times, letter = divmod(len(self._marks), len(MARKS))
        return self._marks.setdefault(note, MARKS[letter] * (times + 1))

    @property
    def sentences(self) -> list[str]:
        return [f"{mark} {note}" for note, mark in self._marks.items()]


def with_general_notes(table: Readable) -> Readable:
    """The table with one note on all of it first: what is abbreviated, what dashes are, and what the table says itself."""
    marked = [note for note in table.notes if note[0] in MARKS]
    own = [note for note in table.notes if note[0] not in MARKS]
    headings = " ".join(table.headings)
    used = [f"{short} = {long}" for short, long in ABBREVIATIONS.items()
            if re.search(rf"(?<!\w){re.escape(short)}(?!\w)", headings)]
    dashes = any(cell == DASH for row in table.rows for cell in row) and not any("ash" in note for note in own)
    general = ["; ".join(used) + "." if used else "", *own, DASHES if dashes else ""]
    general = " ".join(note for note in general if note)
    return replace(table, notes=[*([f"Note. {general}"] if general else []), *marked])


def notes_on_all(table: pd.DataFrame) -> list[str]:
    """The notes of a table whose rows share them; on the page an empty cell is a dash."""
    return [note.replace("Empty cells", "Dashes") for note in dict.fromkeys(note for note in table["note"] if note)]


def whole(value) -> str:
    return DASH if pd.isna(value) else str(int(value))


def percentage(share: float | None, digits: int = 0) -> str:
    """A share in percent, for a column whose heading has the sign."""
    return DASH if share is None or pd.isna(share) else f"{100 * share:.{digits}f}"


def interval_or_dash(low: float, high: float) -> str:
    return DASH if pd.isna(low) else interval(low, high)


def with_interval(value: float, low: float, high: float, digits: int = 2, shown=number) -> str:
    """An estimate and its interval; the interval alone where there is no estimate."""
    if pd.isna(low):
        return shown(value, digits)
    bounds = interval(low, high, digits, shown)
    return bounds if pd.isna(value) else f"{shown(value, digits)} {bounds}"


def proportion_with_interval(value: float, low: float, high: float) -> str:
    return with_interval(value, low, high, shown=proportion)


def mean_sd(mean: float, sd: float) -> str:
    return DASH if pd.isna(mean) else f"{number(mean)} ({number(sd)})"
