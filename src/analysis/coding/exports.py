"""One export: its file read, its headers recognised, its cells coded; every fault in it collected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.coding import answers as coding
from analysis.coding.answer_sets import SOMEWHAT_LIKE, AnswerSet, answer_sets
from analysis.coding.answers import coded
from analysis.coding.codes import code_notices
from analysis.coding.headers import Recognised, header_texts, recognised_headers
from analysis.coding.quoting import Quoting, shape
from analysis.coding.suggestions import not_understood, suggested_targets
from analysis.coding.timestamps import UNKNOWN_TIME, submission_times
from analysis.errors import Complaint, StudyError
from analysis.numerals import counted
from analysis.study.categories import code_columns
from analysis.study.codebook import RESERVED, Codebook
from analysis.study.settings import Export
from analysis.texts import LETTERS_LOST, letters_lost, listed, normal, plain_number
from survey_exports.files import read_table
from survey_exports.qualtrics import notices_of, unfinished, without_others
from survey_exports.table import Cell, Expected, Faults, Table, cell_text, grouped_complaints, named_rows

_LOOKED_AT = 1000


@dataclass
class CodedExport:
    """What one [[exports]] block holds.

    `frame` has `row`, the reserved items and a column per item of the codebook, a row per response, and a column
    of categories (`comment_code`) per open answer that the export has coded. `headers` gives the header of every
    item that is asked, `recognised` of every target as [exports.columns] would name it (`p1`, `tools:tablet`),
    `suggested` the target that a header which is not read may be meant for. `empty_rows` are rows without an
    answer, not in the frame; `dropped` gives them and other rows that are no responses per reason. `unknown`
    counts, per item with an answer set, the cells that are no answer of it: by text (or shape, where the text may be
    personal) and the answer of the set that is most like it.
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
    empty_rows: int = 0
    dropped: dict[str, int] = field(default_factory=dict)
    asks_scales: bool = False
    read: bool = True
    notices: list[str] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    unknown: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)


def coded_export(
    folder: Path, export: Export, book: Codebook, others: Iterable[Export] = (), schools: Iterable[str] = ()
) -> CodedExport:
    """The answers of one export. Raises nothing: what is wrong stands in `complaints`.

    `others` are the other exports out of the same file; `schools` are known spellings of school names.
    """
    sets = answer_sets(book, export.language)
    try:
        table = read_table(folder / export.file, export.file, _expected(export, book, sets, schools))
    except StudyError as error:
        return CodedExport(export, _empty_frame(book), read=False, complaints=list(error.complaints))
    dropped = without_others(table)
    found = recognised_headers(table, export, book, others)
    result = CodedExport(
        export,
        _empty_frame(book),
        _headers(table, found),
        table.encoding,
        table.delimiter,
        "",
        table.sheet,
        found.unread,
        suggested_targets(table, found, book, export.language),
        {target: table.headers[place] for target, place in found.targets.items()},
        dropped=dropped,
        notices=[*table.notices, *(f"{table.file} ({export.wave}): {said}." for said in notices_of(table, dropped))],
        complaints=[*table.complaints, *found.complaints],
    )
    asked = [item for item in found.asked if item not in RESERVED]
    result.asks_scales = any(_scale(book, item) for item in asked)
    lost = _lost_headers(table, found)
    if lost and len(asked) < len(book.items):
        result.complaints += lost
    elif not asked and _are_answers(table.headers, sets):
        result.unread, result.suggested = [], {}
        result.complaints.append(Complaint(
            "this row has answers in it, not headers; expected the survey tool's own export, whose first row has the "
            "items' names or texts.", export.file, int(table.rows[0]) - 1 if len(table.rows) else 1))
    elif not asked:
        result.complaints.append(_nothing_recognised(result, book))
    _code(table, found, book, sets, result)
    return result


def _scale(book: Codebook, item: str) -> str:
    return book.items.at[item, "scale"] if item in book.items.index else ""


def _expected(export: Export, book: Codebook, sets: dict[str, AnswerSet], schools: Iterable[str]) -> Expected:
    known = header_texts(book, export.language)
    mapped = {normal(header): target for header, target in export.columns.items()}
    items = {key for key, name in known.names.items() if name not in RESERVED} | set(known.texts)
    items |= {key for key, target in mapped.items() if target not in RESERVED}
    texts = {text for answers in sets.values() for text in answers.meanings} | {
        normal(school) for school in schools
    }
    return Expected(
        known.all | set(mapped), frozenset(texts), frozenset(items), lambda header: export.language
    )


def _are_answers(headers: list[str], sets: dict[str, AnswerSet]) -> bool:
    """Whether most of the headers are numbers or answers to a likert item, so that the row of headers is lacking."""
    scored = [answers for answers in sets.values() if all(value.number is not None for value in answers.values)]
    told = [header for header in headers if header]
    answers = sum(plain_number(header) is not None or any(one.knows(header) for one in scored) for header in told)
    return 2 * answers > len(told)


def _headers(table: Table, found: Recognised) -> dict[str, str]:
    options = {item: next(iter(places.values())) for item, places in found.options.items()}
    return {item: table.headers[place] for item, place in {**found.items, **options}.items()}


def _nothing_recognised(result: CodedExport, book: Codebook) -> Complaint:
    language = result.export.language
    remedy = not_understood(result.unread, result.suggested, book)
    if language.casefold() not in book.languages:
        remedy += f" The codebook has no text_{language} (it has {listed(book.languages) or 'no language'})."
    return Complaint(
        f"none of the headers is an item of the codebook; expected items' names or their texts in “{language}”.{remedy}",
        result.export.file,
        1,
    )


def _code(
    table: Table, found: Recognised, book: Codebook, sets: dict[str, AnswerSet], result: CodedExport
) -> None:
    faults: dict[int, Faults] = {}
    columns: dict[str, np.ndarray] = {}
    numbers: list[int] = []
    sets = _with_codes_in_use(table, found, book, sets)
    of_categories = code_columns(book)
    quoting = Quoting(map(cell_text, table.cells[found.items["code"]]) if "code" in found.items else ())

    def code(place: int, meaning, missing) -> np.ndarray:
        means, faults[place] = coded(table.cells[place], table.rows, meaning, missing, quoting)
        return means

    for item, place in found.items.items():
        kind = book.kind(item)
        labels = table.value_labels.get(place, {})
        if item in of_categories:
            columns[item] = code(place, coding.categories(labels), None)
        elif item == "code":
            columns[item] = code(place, coding.code, "")
        elif item == "school" and kind == "text":
            columns[item] = code(place, coding.name(labels), "")
        elif item == "submitted":
            columns[item], faults[place], notices = submission_times(table.cells[place], table.rows, quoting)
            columns[item][unfinished(table)] = UNKNOWN_TIME
            result.notices += [f"{table.file}: {notice}." for notice in notices]
        elif kind in ("likert", "choice"):
            meaning = coding.one_answer(_set(book, sets, item), labels)
            if kind == "likert":
                columns[item] = code(place, coding.as_number(meaning), np.nan).astype(float)
            else:
                columns[item] = code(place, meaning, None)
        elif kind == "multichoice":
            columns[item] = code(place, coding.several_answers(_set(book, sets, item)), None)
        elif kind == "number":
            columns[item] = code(place, coding.number(*book.limits(item), book.unit(item)), np.nan).astype(float)
            numbers.append(place)
            result.notices += _labelled_numbers(table, item, place)
        else:
            columns[item] = code(place, coding.words(labels), None)
        if item == "code" or kind == "text":
            result.notices += _lost_in_words(table, item, place)
    for item, places in found.options.items():
        answers = _set(book, sets, item)
        chosen = {
            value: code(place, coding.one_option(answers, value, *_option(table, place)), None)
            for value, place in places.items()
        }
        columns[item] = _options(answers, chosen, len(table.rows))
        lacking = [value.value for value in answers.values if value.value not in places]
        if lacking:
            result.notices.append(
                f"{table.file}: “{item}” has no column for {listed(lacking)}; read as not offered."
            )
    result.unknown = _unknown_answers(table, found, book, sets, faults, quoting)
    result.decimal, doubtful = coding.decimal_mark({place: table.cells[place] for place in numbers}, table.rows, quoting)
    for place, found_there in doubtful.items():
        faults[place] = {**faults[place], **found_there}
    result.complaints += grouped_complaints(table.file, table.headers, faults)
    _keep_responses(table, columns, book, result)
    if "code" in found.items:
        said = code_notices(table.cells[found.items["code"]], table.rows, bool(table.sheet), result.export.language)
        result.notices += [f"{table.file} ({result.export.wave}): {one}." for one in said]


def _unknown_answers(
    table: Table, found: Recognised, book: Codebook, sets: dict[str, AnswerSet], faults: dict[int, Faults],
    quoting: Quoting,
) -> dict[str, Counter[tuple[str, str]]]:
    unknown = {}
    for item, place in found.items.items():
        if faults.get(place) and book.kind(item) in ("likert", "choice", "multichoice"):
            faulty = np.isin(table.rows, np.concatenate(list(faults[place].values())))
            told: Counter[tuple[str, str]] = Counter()
            for text, n in Counter(map(cell_text, table.cells[place][faulty])).items():
                label, likeness = _set(book, sets, item).nearest(text)
                shown = text if quoting.harmless(text, n, likeness) else shape(text)
                told[shown, label if likeness >= SOMEWHAT_LIKE else ""] += n
            unknown[item] = told
    return unknown


def _lost_in_words(table: Table, item: str, place: int) -> list[str]:
    lost = [int(row) for row, cell in zip(table.rows, table.cells[place], strict=True)
            if isinstance(cell, str) and "\ufffd" in cell]
    where = f"in row{'s' * (len(lost) > 1)} {named_rows(lost)} of “{item}”"
    return [f"{table.file}, {where}: {LETTERS_LOST}"] if lost else []


def _lost_headers(table: Table, found: Recognised) -> list[Complaint]:
    """The headers that are not understood since letters were lost in them."""
    lost = [table.headers[place] for place in found.unread_places if letters_lost(table.headers[place])]
    message = f"{counted(len(lost), 'header')} can't be understood, such as this one: {LETTERS_LOST}"
    return [Complaint(message, table.file, 1, lost[0])] if lost else []


def _labelled_numbers(table: Table, item: str, place: int) -> list[str]:
    labels = table.value_labels.get(place, {})
    met = {cell: labels[cell] for cell in table.cells[place] if cell in labels}
    return [
        f"{table.file}: “{item}” is a number, and {cell_text(cell)}, which the file labels “{label}”, "
        "counts as one; declare it user-missing in the file if it isn't."
        for cell, label in met.items()
    ]


def _with_codes_in_use(
    table: Table, found: Recognised, book: Codebook, sets: dict[str, AnswerSet]
) -> dict[str, AnswerSet]:
    """The sets, with their codes only where the file answers by code, as its first rows show."""
    columns: dict[str, list[np.ndarray]] = {}
    for item, place in found.items.items():
        if book.kind(item) in ("likert", "choice", "multichoice"):
            columns.setdefault(_set(book, sets, item).name, []).append(table.cells[place])
    return {
        name: answers
        if any(answers.has_code(cell) for cells in columns.get(name, []) for cell in pd.unique(cells[:_LOOKED_AT]))
        else replace(answers, codes={})
        for name, answers in sets.items()
    }


def _option(table: Table, place: int) -> tuple[dict[Cell, str], bool]:
    """An option's value labels, and whether its column is LimeSurvey's for what was written beside “other”."""
    return table.value_labels.get(place, {}), table.headers[place].casefold().endswith(("[other]", "_other"))


def _set(book: Codebook, sets: dict[str, AnswerSet], item: str) -> AnswerSet:
    frame = book.reserved if item in RESERVED else book.items
    return sets[frame.at[item, "answers"]]


def _options(answers: AnswerSet, chosen: dict[str, np.ndarray], n: int) -> np.ndarray:
    """None where all options' cells are empty: nothing tells no choice from no answer."""
    values = np.empty(n, dtype=object)
    for i in range(n):
        said = {value: ticks[i] for value, ticks in chosen.items() if ticks[i] is not None}
        values[i] = coding.joined(answers, (value for value, tick in said.items() if tick)) if said else None
    return values


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


def _keep_responses(
    table: Table, columns: dict[str, np.ndarray], book: Codebook, result: CodedExport
) -> None:
    """Puts the coded columns into the result's frame, without the rows in which no answer stands."""
    frame = _empty_frame(book, len(table.rows))
    frame["row"] = table.rows
    for item, values in columns.items():
        if item in ("school", "language"):
            values = np.array(["" if value is None else value for value in values], dtype=object)
        frame[item] = pd.Series(values, dtype=frame[item].dtype if item in frame.columns else object)
    asked = [item for item in columns if item not in RESERVED]
    if result.asks_scales:
        asked = [item for item in asked if _scale(book, item)]
    answered = frame[asked].notna().any(axis=1).to_numpy() if asked else np.zeros(len(frame), dtype=bool)
    result.empty_rows = int((~answered).sum())
    result.frame = frame[answered].reset_index(drop=True)
    if result.empty_rows:
        result.dropped["empty rows"] = result.empty_rows
    if result.empty_rows and asked:
        n = result.empty_rows
        result.notices.append(
            f"{table.file} ({result.export.wave}): {n} row{'s' if n > 1 else ''} without any answer "
            f"{'to a scale ' if result.asks_scales else ''}{'are' if n > 1 else 'is'} not counted as "
            f"{'responses' if n > 1 else 'a response'}."
        )
