"""The codebook: scales, items and answer sets, and what they say about one item."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from string import ascii_lowercase

import pandas as pd

from analysis.errors import Issue
from analysis.texts import listed, normal, plain_number, quoted, suggestion, trimmed
from survey_exports.files import read_table
from survey_exports.issues import ReadingError
from survey_exports.table import Expected, Table, cell_text
from survey_exports.workbook import sheet_table, workbook_sheets

KINDS = ("likert", "choice", "multichoice", "number", "text")
RESERVED = {"code": ("text",), "school": ("text", "choice"), "submitted": ("text",), "language": ("text", "choice")}
"""Reserved items, which need no row in the codebook, and the kinds a row for them may have."""

LARGEST_NUMBER = 1e12
"""Beyond it sums of squares lose their digits; no survey asks for such a number."""

READERS = "en"
"""The language reports show the study's words in unless another is asked for."""

_COLUMNS = {
    "scales": (("scale",), ("instrument", "source", "respondents", "perceived_change_of"), "label"),
    "items": (("item", "scale", "kind", "answers", "reversed"), ("constant", "min", "max", "unit"), "text"),
    "answers": (("answers", "value"), ("code",), "label"),
}
_LANGUAGE = r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*"


@dataclass(frozen=True)
class AnswerValue:
    """One value of an answer set: as the codebook writes it, as a number, its label per language."""

    value: str
    number: float | None
    labels: dict[str, str]
    language: str = READERS

    @property
    def label(self) -> str:
        """What reports call it: in their language, else in English, else in the first there is, else the value."""
        found = (self.labels.get(self.language), self.labels.get(READERS), *self.labels.values())
        return next(filter(None, found), self.value)


@dataclass(frozen=True)
class Codebook:
    """Scales, items and answer sets as data frames of texts; an empty cell is the empty text.

    `scales` has the index `scale` and columns `label_xx, instrument, source, respondents, perceived_change_of`;
    `items` the index `item` and
    columns `scale, kind, answers, reversed (bool), constant (bool), min, max, unit, text_xx`; `answers` no index and
    columns `answers, value, code, label_xx`. `reserved` holds the rows of items.csv for reserved items, `files` the
    file of each table as issues call it; `language` is the one reports show labels and texts in.
    """

    scales: pd.DataFrame
    items: pd.DataFrame
    answers: pd.DataFrame
    reserved: pd.DataFrame
    files: dict[str, str] = field(default_factory=dict)
    language: str = READERS

    def scales_of(self, respondents: str) -> list[str]:
        """The scales of one kind of respondents, in the codebook's order; teachers' where it doesn't say."""
        kinds = self.scales["respondents"].map(lambda cell: cell.casefold().replace(",", ";").split(";"))
        return [scale for scale, said in kinds.items()
                if respondents in (kind.strip() or "teachers" for kind in said)]

    def scale_of(self, item: str) -> str:
        """The scale that an item belongs to; empty for one without a scale, or that the codebook does not have."""
        return self.items.at[item, "scale"] if item in self.items.index else ""

    def items_of(self, scale: str) -> list[str]:
        """The scale's items in the codebook's order."""
        return list(self.items.index[self.items["scale"] == scale])

    def label(self, scale: str, language: str = "") -> str:
        """The scale's label in a language; its name if it has none.

        Without a language it is the reports' one; where that is lacking, English stands in, then the
        codebook's first language that has a label.
        """
        return self._said(self.scales, scale, "label", language.casefold())

    def text(self, item: str, language: str = "") -> str:
        """The item's text in a language, or in the reports' one as in `label`; else its name."""
        return self._said(self._all_items, item, "text", language.casefold())

    def kind(self, item: str) -> str:
        """The item's kind; a reserved item without a row is `text`."""
        return self._kinds.get(item, "text")

    def values(self, item: str) -> list[AnswerValue]:
        """The distinct values of the item's answers, missing ones left out, in the codebook's order."""
        return self.sets.get(self._all_items.at[item, "answers"], []) if item in self._all_items.index else []

    def range(self, item: str) -> tuple[float, float] | None:
        """The lowest and the highest value of a likert item; None for other kinds."""
        numbers = [value.number for value in self.values(item) if value.number is not None]
        return (min(numbers), max(numbers)) if self.kind(item) == "likert" and numbers else None

    def limits(self, item: str) -> tuple[float, float]:
        """The lowest and the highest number that a number item takes; infinite where the codebook has none."""
        low, high = (plain_number(self.items.at[item, column]) for column in ("min", "max"))
        return -math.inf if low is None else low, math.inf if high is None else high

    def unit(self, item: str) -> str:
        """What a number item counts, such as years; empty where the codebook does not say."""
        return self.items.at[item, "unit"]

    @cached_property
    def languages(self) -> list[str]:
        """The languages the codebook has texts or labels in, in the order of its columns."""
        columns = [*self.scales.columns, *self.items.columns, *self.answers.columns]
        return list(
            dict.fromkeys(
                found[1] for column in columns if (found := re.fullmatch(f"(?:label|text)_({_LANGUAGE})", column))
            )
        )

    @cached_property
    def sets(self) -> dict[str, list[AnswerValue]]:
        """Per answer set its distinct values that are not missing."""
        labels = [column for column in self.answers.columns if column.startswith("label_")]
        sets: dict[str, dict[str, AnswerValue]] = {}
        for row in self.answers.to_dict("records"):
            values = sets.setdefault(row["answers"], {})
            key = value_key(row["value"])
            if row["value"] and key not in values:
                said = {column.removeprefix("label_"): row[column] for column in labels if row[column]}
                values[key] = AnswerValue(row["value"], plain_number(row["value"]), said, self.language)
        return {name: list(values.values()) for name, values in sets.items()}

    @cached_property
    def _all_items(self) -> pd.DataFrame:
        return pd.concat([self.items, self.reserved])

    @cached_property
    def _kinds(self) -> dict[str, str]:
        return dict(self._all_items["kind"])

    def _said(self, frame: pd.DataFrame, name: str, words: str, language: str) -> str:
        if name not in frame.index:
            return name
        languages = [language] if language else [self.language, READERS, *self.languages]
        said = (frame.at[name, f"{words}_{one}"] for one in languages if f"{words}_{one}" in frame.columns)
        return next(filter(None, said), name)


def value_key(value: str) -> str:
    """What spellings of one value have in common: `3`, `3.0` and `3,0` are one, as `Yes` and `yes` are."""
    number = plain_number(value)
    return normal(value) if number is None else repr(number)


def read_codebook(
    folder: Path, language: str = READERS
) -> tuple[Codebook | None, dict[str, Table], list[Issue], list[str]]:
    """The codebook of a study folder as it stands, its tables, what is wrong with their form, and warnings.

    The codebook is None where a table can't be read. What its rows say is checked by
    `analysis.codebook_checks.codebook_issues`.
    """
    tables, issues, warnings = _tables(folder)
    frames = {}
    for name, table in tables.items():
        warnings += table.warnings
        issues += table.issues
        found = _column_issues(name, table)
        issues += found
        if not [issue for issue in found if not issue.column]:
            frames[name] = _frame(name, table)
    if len(frames) < len(_COLUMNS):
        return None, tables, issues, warnings
    items = frames["items"]
    for column in ("reversed", "constant"):
        items[column] = items[column].map(normal) == "yes"
    reserved = items["item"].map(normal).isin(RESERVED)
    items["item"] = items["item"].where(~reserved, items["item"].map(normal))
    book = Codebook(
        frames["scales"].drop_duplicates("scale").set_index("scale"),
        items[~reserved].drop_duplicates("item").set_index("item"),
        frames["answers"],
        items[reserved].drop_duplicates("item").set_index("item"),
        {name: table.file for name, table in tables.items()},
        language.casefold(),
    )
    return book, tables, issues, [*warnings, *_without_english(book)]


def _without_english(book: Codebook) -> list[str]:
    """Tables that have texts or labels in other languages only, which the reports then show."""
    columns = {
        name: [column for column in getattr(book, name).columns if column.startswith(f"{words}_")]
        for name, (_, _, words) in _COLUMNS.items()
    }
    if book.languages and READERS not in book.languages:
        return [
            f"The codebook has no text_{READERS} and label_{READERS} columns: reports show the texts in "
            f"“{book.languages[0]}”. Add these columns for English."
        ]
    return [
        f"The codebook's {name} have no {words}_{READERS} column: reports show the texts in "
        f"“{columns[name][0].removeprefix(f'{words}_')}”. Add this column for English."
        for name, (_, _, words) in _COLUMNS.items()
        if columns[name] and f"{words}_{READERS}" not in columns[name]
    ]


def column_cells(table: Table, column: str) -> list[tuple[int, str]]:
    """The row numbers and trimmed texts of a codebook table's column; none if it has no such column."""
    places = {normal(header): place for place, header in enumerate(table.headers)}
    if column not in places:
        return []
    return [(int(row), trimmed(cell_text(cell))) for row, cell in zip(table.rows, table.cells[places[column]], strict=True)]


def _tables(folder: Path) -> tuple[dict[str, Table], list[Issue], list[str]]:
    books = [path for path in (folder / "codebook" / "codebook.xlsx", folder / "codebook.xlsx") if path.is_file()]
    sheets = [folder / "codebook" / f"{name}.csv" for name in _COLUMNS]
    found = [path.relative_to(folder).as_posix() for path in [*books, *filter(Path.is_file, sheets)]]
    if books and len(found) > 1:
        one = "expected either codebook.xlsx or the three CSV files."
        message = f"the codebook is there more than once ({listed(found)}); {one}"
        return {}, [Issue(message, "codebook")], []
    if not found:
        message = (
            "the codebook is missing; expected codebook/scales.csv, codebook/items.csv and codebook/answers.csv, or "
            "codebook/codebook.xlsx.")
        return {}, [Issue(message, "codebook")], []
    return _workbook_tables(books[0], found[0]) if books else _csv_tables(folder)


def _csv_tables(folder: Path) -> tuple[dict[str, Table], list[Issue], list[str]]:
    tables, issues = {}, []
    for name, (needed, optional, words) in _COLUMNS.items():
        file = f"codebook/{name}.csv"
        languages = (f"{words}_{first}{second}" for first in ascii_lowercase for second in ascii_lowercase)
        try:
            tables[name] = read_table(folder / file, file, Expected(frozenset((*needed, *optional, *languages))))
        except ReadingError as error:
            issues += error.issues
    return tables, issues, []


def _workbook_tables(path: Path, file: str) -> tuple[dict[str, Table], list[Issue], list[str]]:
    try:
        sheets = {normal(name): (name, sheet) for name, sheet in workbook_sheets(path, file)[0].items()}
    except ReadingError as error:
        return {}, list(error.issues), []
    issues, tables = [], {}
    for name in _COLUMNS:
        place = f"{file}, sheet {name}"
        if name not in sheets:
            near = suggestion(name, (title for title, _ in sheets.values()))
            issues.append(Issue(f"the sheet “{name}” is missing.{near}", file))
        elif not sheets[name][1].records:
            issues.append(Issue("the sheet is empty; expected a header and rows.", place))
        else:
            tables[name] = sheet_table(place, sheets[name][1], name)
    others = [title for key, (title, _) in sheets.items() if key not in _COLUMNS]
    return tables, issues, [f"{file}: the sheet {listed(quoted(others))} is not read."] if others else []


def _column_issues(name: str, table: Table) -> list[Issue]:
    """Missing columns (without a place) and columns that are unknown or stand twice (with their header)."""
    needed, optional, words = _COLUMNS[name]
    known = (*needed, *optional)
    expected = listed([*known, f"{words}_xx per language"])
    headers = [normal(header) for header in table.headers]
    issues = [
        Issue(f"the column “{column}” is missing; expected {expected}.", table.file)
        for column in needed
        if column not in headers
    ]
    for place, (header, key) in enumerate(zip(table.headers, headers, strict=True)):
        if not key:
            if any(cell != "" for cell in table.cells[place]):
                issues.append(Issue(f"column {place + 1} has cells but no header.", table.file, 1, f"{place + 1}"))
        elif key in headers[:place]:
            issues.append(Issue("the header stands twice.", table.file, 1, header))
        elif key not in known and not re.fullmatch(f"{words}_{_LANGUAGE}", key):
            near = suggestion(header, [*known, f"{words}_en"])
            issues.append(Issue(f"unknown column; expected {expected}.{near}", table.file, 1, header))
    return issues


def _frame(name: str, table: Table) -> pd.DataFrame:
    needed, optional, words = _COLUMNS[name]
    headers = dict.fromkeys(normal(header) for header in table.headers)
    texts = [key for key in headers if re.fullmatch(f"{words}_{_LANGUAGE}", key)]
    columns = [*needed, *texts, *optional] if name == "scales" else [*needed, *optional, *texts]
    cells = {key: [text for _, text in column_cells(table, key)] or [""] * len(table.rows) for key in columns}
    return pd.DataFrame(cells, dtype=object)
