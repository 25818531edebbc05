"""What a readable table is made of: cells, marks and notes, in the style of the APA's manual (7th edition)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pandas as pd

from ..numerals import DASH, NO_BREAK, interval, number, proportion
from ..words import _

WAVES = ("pre", "post")
FEW_SCHOOLS = re.compile(r"Few or very unequal schools make the interval wide: [^.]*\.?[^.]*equal ones\.")
SENTENCE_END = re.compile(r"(?<=[.])(?<!al[.])\s+(?=[A-Z\d])")
PLACEHOLDERS = range(0xE000, 0xF8FF)  # letters for private use
MARKS = "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"


@dataclass(frozen=True)
class Readable:
    """A table ready for the page: headings, rows, notes to print below it, and which columns are words, not numbers.

    An empty first cell belongs to the name above it; each row's marks stand at its name. An interval follows its
    estimate after a space, at which a narrow column may break; elsewhere numbers have spaces that don't break. The first
    note is on the whole table and begins with “Note.”, the others begin with the mark of the rows they belong to.
    """

    headings: list[str]
    rows: list[list[str]]
    notes: list[str] = field(default_factory=list)
    text: tuple[int, ...] = (0,)


Reader = Callable[[pd.DataFrame, dict[str, str]], Readable]


class Notes:
    """The sentences of the notes below a table, each printed once and marked at the name of the rows it belongs to.

    A mark is a placeholder until `with_general_notes` knows which notes belong to every row.
    """

    def __init__(self):
        self._marks: dict[str, str] = {}

    def mark(self, note: str) -> str:
        """The marks of a row's note, one for each of its sentences; empty where it has none."""
        if pd.isna(note) or not note:
            return ""
        note = FEW_SCHOOLS.sub("Few or very unequal schools make the interval wide.", note)
        return "".join(sorted({self._marks.setdefault(sentence, chr(PLACEHOLDERS.start + len(self._marks)))
                               for sentence in SENTENCE_END.split(note)}))

    @property
    def sentences(self) -> list[str]:
        return [f"{mark} {note}" for note, mark in self._marks.items()]


def with_general_notes(table: Readable) -> Readable:
    """The table with one note on all of it first, and raised letters at the rows that the other notes belong to.

    The first note says what is abbreviated, what the table says itself, what dashes are, and what is true of every row.
    """
    marked = {note[0]: note[2:] for note in table.notes if ord(note[0]) in PLACEHOLDERS}
    own = [note for note in table.notes if ord(note[0]) not in PLACEHOLDERS]
    everywhere = [mark for mark in marked if len(table.rows) > 1 and all(mark in "".join(row) for row in table.rows)]
    own += [marked.pop(mark) for mark in everywhere]
    letters = {mark: raised(position) for position, mark in enumerate(marked)} | dict.fromkeys(everywhere, "")
    signs = str.maketrans(letters)
    rows = [[cell.translate(signs) for cell in row] for row in table.rows]

    headings = " ".join(table.headings)
    used = [f"{short} = {long}" for short, long in abbreviations().items()
            if re.search(rf"(?<!\w){re.escape(short)}(?!\w)", headings)]
    dashes = any(cell.rstrip(MARKS) == DASH for row in rows for cell in row) and not any("Dashes" in note for note in own)
    general = " ".join(["; ".join(used) + "."] * bool(used) + own + [_("A dash (–): not computed or not shown.")] * dashes)
    first = [f"{_('Note.')} {general}"] if general else []
    notes = [*first, *(f"{letters[mark]} {note}" for mark, note in marked.items())]
    return replace(table, headings=[_unbroken(heading) for heading in table.headings], rows=rows, notes=notes)


def _unbroken(heading: str) -> str:
    return re.sub(r"\[[^]]*\]", lambda inside: inside[0].replace(" ", NO_BREAK), heading)


def abbreviations() -> dict[str, str]:
    """The abbreviations that headings use, and what they stand for."""
    return {
        _("n"): _("number of teachers"),
        _("SD"): _("standard deviation"),
        _("CI"): _("confidence interval"),
        _("df"): _("degrees of freedom"),
        _("d_av"): _("mean change of linked teachers in units of the spread of their scores"),
        _("ICC"): _("intraclass correlation, the share of variance that lies between schools"),
        _("r"): _("correlation"),
        _("τ²"): _("variance of the change between countries"),
        _("I²"): _("share of the variation between countries that is not by chance"),
    }


def wave_name(wave: str) -> str:
    return {"pre": _("before"), "post": _("after")}[wave]


def raised(position: int) -> str:
    """The raised letters that mark the note at a position, from 0: one, and after the alphabet two."""
    times, letter = divmod(position, len(MARKS))
    return MARKS[letter] * (times + 1)


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
