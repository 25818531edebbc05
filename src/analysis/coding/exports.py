"""One export: its file read, its headers recognised, its cells coded; every error in it collected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import compress
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.coding import answers as meanings
from analysis.coding.answer_sets import SOMEWHAT_LIKE, AnswerSet, answer_sets
from analysis.coding.answers import coded
from analysis.coding.codes import code_warnings
from analysis.coding.headers import Recognised, header_texts, recognised_headers
from analysis.coding.quoting import Quoting, shape
from analysis.coding.suggestions import not_understood, suggested_targets
from analysis.coding.timestamps import UNKNOWN_TIME, submission_times
from analysis.errors import Issue
from analysis.numerals import counted
from analysis.study.categories import code_columns
from analysis.study.codebook import RESERVED, Codebook
from analysis.study.settings import Export
from analysis.texts import LETTERS_LOST, letters_lost, listed, normal, plain_number, trimmed
from survey_exports.files import read_table
from survey_exports.issues import ByMessage, ReadingError, grouped_issues, named_rows
from survey_exports.qualtrics import told_of, unfinished, without_others
from survey_exports.table import Expected, Table, cell_text

_CLOSED = ("likert", "choice", "multichoice")
_LOOKED_AT = 1000


@dataclass
class CodedExport:
    """What one [[exports]] block holds.

    `frame` has `row`, the reserved items and a column per item of the codebook, a row per response, and a column
    of categories (`comment_code`) per open answer that the export has coded. `headers` gives the header of every
    item that is asked, `recognised` of every target as [exports.columns] would name it (`p1`, `tools:tablet`),
    `suggested` the target that a header which is not read may be meant for. `dropped` counts the rows that are no
    responses, and not in the frame, per reason; `unknown`, per item with an answer set, the cells that are no answer of
    it, by text (or shape, where the text may be personal) and the answer of the set that is most like it. `issues` are
    errors, `warnings` sentences.
    """

    export: Export
    frame: pd.DataFrame
    headers: dict[str, str] = field(default_factory=dict)
    encoding: str = ""
    delimiter: str = ""
    decimal: str = ""
    sheet: str = ""
    unread: list[str] = field(default_factory=list)
    suggested: dict[str, str] = field(default_factory=dict)
    recognised: dict[str, str] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)
    asks_scales: bool = False
    read: bool = True
    warnings: list[str] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    unknown: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)


def coded_export(
    folder: Path, export: Export, book: Codebook, others: Iterable[Export] = (), schools: Iterable[str] = ()
) -> CodedExport:
    """The answers of one export. Raises nothing: what is wrong stands in `issues`.

    `others` are the other exports out of the same file; `schools` are known spellings of school names.
    """
    sets = answer_sets(book, export.language)
    try:
        table = read_table(folder / export.file, export.file, _expected(export, book, sets, schools))
    except ReadingError as error:
        return CodedExport(export, _empty_frame(book), read=False, issues=list(error.issues))
    dropped = without_others(table)
    found = recognised_headers(table, export, book, others)
    asked = [item for item in found.asked if item not in RESERVED]
    options = {item: next(iter(places.values())) for item, places in found.options.items()}
    result = CodedExport(
        export, _empty_frame(book), {item: table.headers[place] for item, place in {**found.items, **options}.items()},
        table.encoding, table.delimiter, sheet=table.sheet, unread=found.unread, dropped=dropped,
        suggested=suggested_targets(table, found, book, export.language),
        recognised={target: table.headers[place] for target, place in found.targets.items()},
        asks_scales=any(book.scale_of(item) for item in asked),
        warnings=[*table.warnings, *(f"{export.named}: {sentence}." for sentence in told_of(table, dropped))],
        issues=[*table.issues, *found.issues],
    )
    lost = [table.headers[place] for place in found.unread_places if letters_lost(table.headers[place])]
    if lost and len(asked) < len(book.items):
        message = f"{counted(len(lost), 'header')} can't be understood, such as this one: {LETTERS_LOST}"
        result.issues.append(Issue(message, table.file, 1, lost[0]))
    elif not asked and _are_answers(table.headers, sets):
        result.unread, result.suggested = [], {}
        result.issues.append(Issue(
            "this row has answers in it, not headers; expected the survey tool's own export, whose first row has the "
            "items' names or texts.", export.file, int(table.rows[0]) - 1 if len(table.rows) else 1))
    elif not asked:
        result.issues.append(_nothing_recognised(result, book))
    _Coding(table, found, book, sets, result).run()
    return result


def _expected(export: Export, book: Codebook, sets: dict[str, AnswerSet], schools: Iterable[str]) -> Expected:
    names, questions = header_texts(book, export.language)
    named = names | {normal(header): target for header, target in export.columns.items()}
    items = {key for key, target in named.items() if target not in RESERVED} | set(questions)
    texts = {text for answers in sets.values() for text in answers.meanings} | set(map(normal, schools))
    return Expected(frozenset({*named, *questions}), frozenset(texts), frozenset(items), export.language)


def _are_answers(headers: list[str], sets: dict[str, AnswerSet]) -> bool:
    """Whether most of the headers are numbers or answers to a likert item, so that the row of headers is lacking."""
    scored = [answers for answers in sets.values() if all(value.number is not None for value in answers.values)]
    filled = [header for header in headers if header]
    answers = sum(plain_number(header) is not None or any(one.knows(header) for one in scored) for header in filled)
    return 2 * answers > len(filled)


def _nothing_recognised(result: CodedExport, book: Codebook) -> Issue:
    language = result.export.language
    remedy = not_understood(result.unread, result.suggested, book)
    if language.casefold() not in book.languages:
        remedy += f" The codebook has no text_{language} (it has {listed(book.languages) or 'no language'})."
    return Issue(
        f"none of the headers is an item of the codebook; expected items' names or their texts in “{language}”.{remedy}",
        result.export.file, 1)


class _Coding:
    """The cells of one table on their way into `result`."""

    def __init__(
        self, table: Table, found: Recognised, book: Codebook, sets: dict[str, AnswerSet], result: CodedExport
    ):
        self.table, self.found, self.book, self.result = table, found, book, result
        self.sets = {
            item: sets[(book.reserved if item in RESERVED else book.items).at[item, "answers"]]
            for item in found.asked if book.kind(item) in _CLOSED
        }
        self._without_unused_codes()
        codes = table.cells[found.items["code"]] if "code" in found.items else ()
        self.quoting = Quoting(map(cell_text, codes))
        self.issues: dict[int, ByMessage] = {}

    def run(self) -> None:
        table, found, result = self.table, self.found, self.result
        columns = {item: self.column(item, place) for item, place in found.items.items()}
        columns |= {item: self.options(item, places) for item, places in found.options.items()}
        result.unknown = {
            item: self.unknown(item, place)
            for item, place in found.items.items() if item in self.sets and self.issues[place]
        }
        numbers = {place: table.cells[place] for item, place in found.items.items() if self.book.kind(item) == "number"}
        result.decimal, doubtful = meanings.decimal_mark(numbers, table.rows, self.quoting)
        for place, messages in doubtful.items():
            self.issues[place] = {**self.issues[place], **messages}
        result.issues += grouped_issues(table.file, table.headers, self.issues)
        self.keep_responses(columns)
        if "code" in found.items:
            codes = table.cells[found.items["code"]]
            result.warnings += [f"{result.export.named}: {sentence}." for sentence in code_warnings(
                codes, table.rows, bool(table.sheet), result.export.language)]

    def code(self, place: int, meaning: Callable, missing: object) -> np.ndarray:
        labels = self.table.value_labels.get(place, {})
        means, self.issues[place] = coded(
            self.table.cells[place], self.table.rows, lambda cell: meaning(cell, trimmed(labels.get(cell, ""))), missing,
            self.quoting)
        return means

    def column(self, item: str, place: int) -> np.ndarray:
        """The coded answers to an item that stands in one column."""
        kind = self.book.kind(item)
        if item == "code" or kind == "text":
            self.warn_of_lost_letters(item, place)
        if item in code_columns(self.book):
            return self.code(place, meanings.categories, None)
        if item == "code":
            return self.code(place, meanings.code, "")
        if item == "school" and kind == "text":
            return self.code(place, meanings.name, "")
        if item == "submitted":
            times, self.issues[place], warnings = submission_times(self.table.cells[place], self.table.rows, self.quoting)
            times[unfinished(self.table)] = UNKNOWN_TIME
            self.result.warnings += [f"{self.table.file}: {warning}." for warning in warnings]
            return times
        if kind == "likert":
            numbers = {value.value: value.number for value in self.sets[item].values}
            chosen = self.code(place, partial(meanings.one_answer, self.sets[item]), None)
            return np.array([np.nan if value is None else numbers[value] for value in chosen], dtype=float)
        if kind == "choice":
            return self.code(place, partial(meanings.one_answer, self.sets[item]), None)
        if kind == "multichoice":
            return self.code(place, partial(meanings.several_answers, self.sets[item]), None)
        if kind == "number":
            self.warn_of_labelled_numbers(item, place)
            meaning = partial(meanings.number, self.book.limits(item), self.book.unit(item))
            return self.code(place, meaning, np.nan).astype(float)
        return self.code(place, meanings.words, None)

    def options(self, item: str, places: dict[str, int]) -> np.ndarray:
        """The coded answers to an item that has a column per option.

        None where all options' cells are empty: nothing tells no choice from no answer.
        """
        answers = self.sets[item]
        ticks = {}
        for value, place in places.items():
            of_other = self.table.headers[place].casefold().endswith(("[other]", "_other"))  # LimeSurvey's, for words
            ticks[value] = self.code(place, partial(meanings.one_option, answers, value, of_other), None)
        if lacking := [value.value for value in answers.values if value.value not in places]:
            self.result.warnings.append(
                f"{self.table.file}: “{item}” has no column for {listed(lacking)}; read as not offered.")
        return np.array([
            None if set(row) == {None} else meanings.joined(answers, compress(ticks, row))
            for row in zip(*ticks.values(), strict=True)], dtype=object)

    def _without_unused_codes(self) -> None:
        """Take a set's codes out where no cell among the first rows is one of them: the file answers otherwise."""
        items = [item for item in self.found.items if item in self.sets]
        used = {self.sets[item].name for item in items
                if any(map(self.sets[item].has_code, pd.unique(self.table.cells[self.found.items[item]][:_LOOKED_AT])))}
        for item, answers in self.sets.items():
            self.sets[item] = answers if answers.name in used else replace(answers, codes={})

    def unknown(self, item: str, place: int) -> Counter[tuple[str, str]]:
        """The cells of a column that are no answer of the item's set, as `CodedExport.unknown` has them."""
        rows = np.isin(self.table.rows, np.concatenate(list(self.issues[place].values())))
        unknown: Counter[tuple[str, str]] = Counter()
        for text, n in Counter(map(cell_text, self.table.cells[place][rows])).items():
            label, likeness = self.sets[item].nearest(text)
            shown = text if self.quoting.harmless(text, n, likeness) else shape(text)
            unknown[shown, label if likeness >= SOMEWHAT_LIKE else ""] += n
        return unknown

    def warn_of_lost_letters(self, item: str, place: int) -> None:
        rows = [row for row, cell in zip(self.table.rows, self.table.cells[place], strict=True)
                if isinstance(cell, str) and "\ufffd" in cell]
        if rows:
            self.result.warnings.append(f"{self.table.file}, in {named_rows(rows)} of “{item}”: {LETTERS_LOST}")

    def warn_of_labelled_numbers(self, item: str, place: int) -> None:
        labels = self.table.value_labels.get(place, {})
        self.result.warnings += [
            f"{self.table.file}: “{item}” is a number, and {cell_text(cell)}, which the file labels “{labels[cell]}”, "
            "counts as one; declare it user-missing in the file if it isn't."
            for cell in dict.fromkeys(self.table.cells[place]) if cell in labels]

    def keep_responses(self, columns: dict[str, np.ndarray]) -> None:
        """Puts the coded columns into the result's frame, without the rows in which no answer stands."""
        result = self.result
        frame = _empty_frame(self.book, len(self.table.rows))
        frame["row"] = self.table.rows
        for item, values in columns.items():
            if item in ("school", "language"):
                values = np.array(["" if value is None else value for value in values], dtype=object)
            frame[item] = pd.Series(values, dtype=frame[item].dtype if item in frame.columns else object)
        asked = [item for item in columns if item not in RESERVED and (not result.asks_scales or self.book.scale_of(item))]
        answered = frame[asked].notna().any(axis=1).to_numpy() if asked else np.zeros(len(frame), dtype=bool)
        result.frame = frame[answered].reset_index(drop=True)
        if n := int((~answered).sum()):
            result.dropped["empty rows"] = n
        if n and asked:
            scale = "to a scale " if result.asks_scales else ""
            result.warnings.append(
                f"{result.export.named}: {counted(n, 'row')} without any answer {scale}{'is' if n == 1 else 'are'} not "
                f"counted as {'a response' if n == 1 else 'responses'}.")


def _empty_frame(book: Codebook, n: int = 0) -> pd.DataFrame:
    columns: dict[str, np.ndarray] = {"row": np.zeros(n, dtype=np.int64)}
    for name in ("school", "code", "language"):
        columns[name] = np.full(n, "", dtype=object)
    columns["submitted"] = np.full(n, UNKNOWN_TIME)
    for item, kind in book.items["kind"].items():
        columns[item] = np.full(n, np.nan) if kind in ("likert", "number") else np.full(n, None, dtype=object)
    return pd.DataFrame(columns, copy=False).astype(
        {name: object for name, column in columns.items() if column.dtype == object}
    )
