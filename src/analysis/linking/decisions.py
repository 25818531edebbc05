"""What a person decided about links and double submissions, in `private/linking-review.csv`.

A row of that file is found again by file and row of its answers and by a check of what they hold, never by how a code is
spelt: a spreadsheet that opened and saved the file may have changed the codes. An answer that moved to another row of a
new export is found by the check alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from analysis.coding.quoting import Quoting
from analysis.errors import Issue, StudyError
from analysis.linking.links import Decisions, comparable_answers, normalised_code
from analysis.study.folder import Study
from analysis.study.inside import leads_out
from analysis.study.populations import WAVES, Population
from analysis.texts import listed, normal, plain_number
from survey_exports.files import read_table
from survey_exports.issues import ReadingError
from survey_exports.table import Expected, cell_text

REVIEW_FILE = "private/linking-review.csv"
REVIEW_COLUMNS = [
    "country", "iteration", "school", "kind", "code_pre", "code_post", "file_pre", "row_pre", "file_post", "row_post",
    "reason", "agrees", "decision", "check",
]
_NEEDED = ("country", "iteration", "file_pre", "row_pre", "file_post", "row_post", "decision", "check")
_SIGNS = "bcdfghjklmnpqrstvwxz"  # no vowel, so that a spreadsheet takes no check for a word, a month or a number


@dataclass(frozen=True, eq=False)
class DecidedRow:
    """A row of the review with a decision: `cells` as they stand, `row` as a spreadsheet shows it."""

    row: int
    cells: Mapping[str, str]

    @property
    def yes(self) -> bool:
        return normal(self.cells["decision"]) == "yes"

    @property
    def country(self) -> str:
        return self.cells["country"]

    @property
    def population(self) -> Population:
        return Population(iteration=int(plain_number(self.cells["iteration"])))

    @property
    def answers(self) -> dict[str, tuple[str, int, str]]:
        """File, row and check of the answers that the row is about, by survey: two for a pair, one for a double
        submission."""
        waves = [wave for wave in WAVES if self.cells[f"file_{wave}"]]
        return {wave: (self.cells[f"file_{wave}"], int(plain_number(self.cells[f"row_{wave}"])), check)
                for wave, check in zip(waves, self.cells["check"].split(), strict=True)}


@dataclass(frozen=True)
class Resolved:
    """Decisions as answers of a frame: by country and population, and the labels that each row is about.

    `rows` are all rows with a decision; those whose answers are gone have no labels.
    """

    rows: tuple[DecidedRow, ...] = ()
    decisions: Mapping[tuple[str, Population], Decisions] = field(default_factory=dict)
    labels: Mapping[int, tuple] = field(default_factory=dict)

    @property
    def warnings(self) -> list[str]:
        """A sentence on the decisions that can't be followed."""
        lost = [row.row for row in self.rows if row.row not in self.labels]
        if not lost:
            return []
        where = f"{'rows' if len(lost) > 1 else 'row'} {listed(lost, limit=10)}"
        return [f"{REVIEW_FILE}: the decision in {where} is on answers that are no longer in the exports, so it is not "
                "followed. It stays in the file."]

    def of(self, country: str, population: Population) -> Decisions:
        return self.decisions.get((country, population), Decisions())


def read_decisions(folder: Path, countries: Iterable[str]) -> list[DecidedRow]:
    """The rows of the study's review that have a decision; none where there is no review yet.

    Raises `StudyError` with every cell that can't be understood.
    """
    path = folder / REVIEW_FILE
    if not path.is_file() or leads_out(folder, path):
        return []
    try:
        table = read_table(path, REVIEW_FILE, Expected(frozenset(map(normal, REVIEW_COLUMNS))))
    except ReadingError as error:
        raise StudyError(error.issues) from None
    places = {normal(header): place for place, header in enumerate(table.headers)}
    lacking = [
        Issue(f"the column “{column}” is missing; expected the columns that “analysis run” wrote.", REVIEW_FILE, 1)
        for column in _NEEDED if column not in places]
    if table.issues or lacking:
        raise StudyError([*table.issues, *lacking])
    rows = []
    for position, row in enumerate(table.rows):
        cells = {column: cell_text(table.cells[places[column]][position]).strip() if column in places else ""
                 for column in REVIEW_COLUMNS}
        if cells["decision"]:
            rows.append(DecidedRow(int(row), cells))
    if issues := [Issue(message, REVIEW_FILE, row.row, column) for row in rows
                  for column, message in _issues(row.cells, countries)]:
        raise StudyError(issues)
    return rows


def _issues(cells: Mapping[str, str], countries: Iterable[str]) -> Iterator[tuple[str, str]]:
    shown = Quoting().shown
    if normal(cells["decision"]) not in ("yes", "no"):
        yield "decision", f"expected yes, no or nothing; found {shown(cells['decision'])}."
    if cells["country"] not in countries:
        yield "country", f"this is no country of the study ({shown(cells['country'])}); leave the cell as it was written."
    columns = ["iteration", *(f"row_{wave}" for wave in WAVES if cells[f"file_{wave}"])]
    for column in columns:
        number = plain_number(cells[column])
        if number is None or number != int(number):
            yield column, f"expected the number that was written here; found {shown(cells[column])}."
    files = sum(bool(cells[f"file_{wave}"]) for wave in WAVES)
    if not files:
        yield "file_pre", "expected the file that was written here, or one in file_post; found nothing."
    elif len(cells["check"].split()) != files:
        yield "check", f"expected the check that was written here; found {shown(cells['check'])}."


def decisions_text(rows: Iterable[DecidedRow], countries: Iterable[str]) -> str:
    """The decisions on answers of the countries as one text, whatever their order; empty where there is none."""
    wanted = set(countries)
    return "\n".join(sorted(repr((row.country, row.population, row.answers, row.yes))
                            for row in rows if row.country in wanted))


def decisions_on(frame: pd.DataFrame, study: Study, countries: Iterable[str]) -> Resolved:
    """What the study's review decides about the answers of `frame`, those of the countries.

    Raises `StudyError` with every cell that can't be understood, or every decision that contradicts another.
    """
    rows = [row for row in read_decisions(study.folder, study.settings.countries) if row.country in set(countries)]
    decisions, labels, issues = {}, {}, []
    for country, population in dict.fromkeys((row.country, row.population) for row in rows):
        here = frame.loc[(frame["country"] == country) & population.among(frame)]
        prints = {wave: Fingerprints(here.loc[here["wave"] == wave], study.codebook.items.index) for wave in WAVES}
        about = {}
        for row in rows:
            if (row.country, row.population) == (country, population):
                its = tuple(prints[wave].label(*answer) for wave, answer in row.answers.items())
                if None not in its:
                    about[row] = its
        answers = comparable_answers(here, study.settings.codes)
        issues += [Issue(message, REVIEW_FILE, row.row, "decision") for row, message in _contradictions(about, answers)]
        decisions[country, population] = _decisions(about, answers)
        labels |= {row.row: its for row, its in about.items()}
    if issues:
        raise StudyError(issues)
    return Resolved(tuple(rows), decisions, labels)


class Fingerprints:
    """What tells an answer of one frame from others: its code, and with it all that was answered."""

    def __init__(self, frame: pd.DataFrame, items: Iterable[str]):
        self._frame, self._items = frame, sorted(items)
        self.codes = frame["code"].map(lambda code: _signs(normalised_code(code)))

    def whole(self, label) -> str:
        """The check of one answer: of its code, a dot, of everything in it."""
        row = self._frame.loc[label]
        given = [f"{item}={row[item]}" for item in self._items if pd.notna(row[item])]
        return f"{self.codes[label]}.{_signs(chr(0).join([str(row['submitted']), *given]))}"

    def label(self, file: str, number: int, check: str):
        """The label of the answer that the check was made of; None if it is not there, or several could be it.

        Where the codebook has changed, so that answers are read otherwise, file, row and code will do.
        """
        same_code = self.codes.index[self.codes == check.partition(".")[0]]
        there = [label for label in same_code
                 if self._frame.at[label, "file"] == file and self._frame.at[label, "row"] == number]
        same = [label for label in same_code if self.whole(label) == check]
        if len(same) > 1:
            same = [label for label in same if label in there]
        return next(iter(same or there), None)


def _signs(text: str) -> str:
    number = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=5).digest())
    signs = ""
    while len(signs) < 8:
        number, place = divmod(number, len(_SIGNS))
        signs += _SIGNS[place]
    return signs


def _contradictions(about: Mapping[DecidedRow, tuple], answers: pd.DataFrame) -> Iterator[tuple[DecidedRow, str]]:
    """The rows of one country and iteration that contradict one before them, and how."""
    by_answers: dict[tuple, DecidedRow] = {}
    matched: dict[object, DecidedRow] = {}
    counting: dict[object, DecidedRow] = {}
    for row, labels in about.items():
        before = by_answers.setdefault(labels, row)
        if before.yes != row.yes:
            yield row, f"the same answers have another decision in row {before.row}; expected one."
    for labels, row in by_answers.items():
        if not row.yes:
            continue
        if len(labels) == 2:
            if answers.at[labels[0], "school"] != answers.at[labels[1], "school"]:
                yield row, "the two answers are of different schools; links are made within a school only."
            for label in labels:
                if (other := matched.setdefault(label, row)) is not row:
                    yield row, f"row {other.row} links one of these answers to another one; expected one link."
                if (label,) in by_answers and not by_answers[label,].yes:
                    yield row, f"row {by_answers[label,].row} says that one of these answers does not count."
        for label in labels:
            respondent = answers.at[label, "respondent"]
            other = counting.setdefault(respondent, row) if pd.notna(respondent) else row
            if label not in about[other]:
                yield row, f"row {other.row} says that another answer under the same code counts; expected one."


def _decisions(about: Mapping[DecidedRow, tuple], answers: pd.DataFrame) -> Decisions:
    """The decisions of one country and iteration, none of which contradicts another."""
    yes = {labels: row.yes for row, labels in about.items()}
    several = answers["respondent"].notna() & answers["respondent"].duplicated(keep=False)
    counts = {labels[0]: decided for labels, decided in yes.items() if len(labels) == 1}
    counts |= {label: True for labels, decided in yes.items() if decided for label in labels if several[label]}
    return Decisions(counts, {labels: decided for labels, decided in yes.items() if len(labels) == 2}, len(yes))
