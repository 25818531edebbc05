"""What a codebook must hold to be of use: every contradiction in it, with its row and column."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from analysis.errors import Issue
from analysis.numerals import counted
from analysis.study.codebook import KINDS, LARGEST_NUMBER, RESERVED, Codebook, column_cells, value_key
from analysis.texts import LETTERS_LOST, letters_lost, listed, normal, one_full_stop, plain_number, quoted, suggestion
from survey_exports.table import Table

FRAME_COLUMNS = ("country", "respondents", "iteration", "wave", "file", "row")
"""Columns of the responses that no item may be called."""

NO_FILE_NAME = frozenset('<>:"/\\|?*')
"""Letters that the name of a file can't have on Windows."""

RESPONDENTS = ("teachers", "leaders", "mentors", "raters")
LONGEST_NAME = 60
_YES_NO = ("yes", "no")


Cell = tuple[int | None, str, str]
"""A row, a column and what is wrong there."""


def codebook_issues(book: Codebook, tables: dict[str, Table]) -> list[Issue]:
    """Every contradiction within and between the three tables."""
    scales, items, answers = (tables[name] for name in ("scales", "items", "answers"))
    found = [
        (scales, _names(scales, "scale")), (items, _names(items, "item")), (scales, _file_names(scales)),
        (scales, _scales(book, scales)), (items, _items(book, items)), (items, _ranges(book, items)),
        (answers, _answers(book, answers)), *((table, _lost_letters(table)) for table in tables.values()),
    ]
    return [
        Issue(one_full_stop(message), table.file, row, column)
        for table, cells in found for row, column, message in cells
    ]


def _names(table: Table, column: str) -> Iterator[Cell]:
    first: dict[str, int] = {}
    for row, name in column_cells(table, column):
        if not name:
            yield row, column, f"expected the name of the {column}; found nothing."
        elif normal(name) in first:
            yield row, column, f"“{name}” stands in row {first[normal(name)]} already."
        first.setdefault(normal(name), row)


def _lost_letters(table: Table) -> Iterator[Cell]:
    for column in map(normal, table.headers):
        lost = {row: text for row, text in column_cells(table, column) if letters_lost(text)}
        if len(lost) > 1 or any(re.search(r"\?\?|\ufffd", text) for text in lost.values()):  # one `e?f` may be meant
            more = f" The same in {counted(len(lost) - 1, 'more row')}." if len(lost) > 1 else ""
            yield min(lost), column, f"{LETTERS_LOST}{more}"


def _file_names(table: Table) -> Iterator[Cell]:
    """Scales' names become parts of the names of figures' files, which must do on every system."""
    for row, name in column_cells(table, "scale"):
        why = "files are named after the scale"
        if len(name) > LONGEST_NAME:
            yield row, "scale", f"{why}; expected at most {LONGEST_NAME} characters, found {len(name)}."
        elif wrong := sorted({letter for letter in name if letter in NO_FILE_NAME or not letter.isprintable()}):
            shown = listed(letter if letter.isprintable() else f"U+{ord(letter):04X}" for letter in wrong)
            yield row, "scale", f"{why}, and no file's name may have {shown}; leave it out."


def _scales(book: Codebook, table: Table) -> Iterator[Cell]:
    used = set(book.items["scale"])
    for row, scale in column_cells(table, "scale"):
        if scale and scale not in used:
            yield row, "scale", f"the scale “{scale}” has no item in the codebook."
    for row, cell in column_cells(table, "respondents"):
        for kind in filter(None, (part.strip() for part in re.split("[;,]", cell))):
            if kind.casefold() not in RESPONDENTS:
                yield row, "respondents", (f"expected {listed(quoted(RESPONDENTS), last='or')}, several with ; between; "
                                           f"found “{kind}”.{suggestion(kind, RESPONDENTS)}")
    for row, scale in column_cells(table, "perceived_change_of"):
        if scale and scale not in book.scales.index:
            yield row, "perceived_change_of", f"there is no scale “{scale}”.{suggestion(scale, book.scales.index)}"


def _items(book: Codebook, table: Table) -> Iterator[Cell]:
    names = ("item", "scale", "kind", "answers", "reversed", "constant", "min", "max", "unit")
    columns = {name: dict(column_cells(table, name)) for name in names}
    for row in map(int, table.rows):
        cells = {name: cells.get(row, "") for name, cells in columns.items()}
        yield from ((row, column, message) for column, message in _item(cells, book))
    if not len(table.rows):
        yield None, "", "expected at least one item; found none."


def _item(cells: dict[str, str], book: Codebook) -> Iterator[tuple[str, str]]:
    item, scale, kind, answers = (cells[name] for name in ("item", "scale", "kind", "answers"))
    if normal(item) in FRAME_COLUMNS:
        yield "item", f"“{item}” is a column of the analysis itself; call the item something else."
    if ":" in item:
        yield "item", f"“{item}” has a colon, which stands between an item and an answer; leave it out."
    if scale and scale not in book.scales.index:
        yield "scale", f"there is no scale “{scale}”.{suggestion(scale, book.scales.index)}"
    if kind not in KINDS:
        yield "kind", f"expected {listed(KINDS, last='or')}; found “{kind}”.{suggestion(kind, KINDS)}"
        return
    if normal(item) in RESERVED:
        if kind not in RESERVED[normal(item)]:
            yield ("kind", f"“{item}” is a reserved item; expected {listed(RESERVED[normal(item)], last='or')}.")
        if scale:
            yield "scale", f"“{item}” is a reserved item and belongs to no scale."
    elif scale and kind not in ("likert", "number"):
        yield "scale", f"an item of a scale is likert or number; “{item}” is {kind}."
    yield from _answer_set(answers, kind, book)
    for column in ("reversed", "constant"):
        if cells[column] and normal(cells[column]) not in _YES_NO:
            yield column, f"expected yes or no; found “{cells[column]}”."
    if normal(cells["reversed"]) == "yes" and kind != "likert":
        yield "reversed", f"only likert items are reversed; “{item}” is {kind}."
    if not cells["reversed"] and scale and kind == "likert":
        yield "reversed", "expected yes or no; found nothing."
    yield from _limits(cells)


def _limits(cells: dict[str, str]) -> Iterator[tuple[str, str]]:
    numbers = {}
    for column in ("min", "max", "unit"):
        if cells[column] and cells["kind"] != "number":
            yield column, f"only number items have one; “{cells['item']}” is {cells['kind']}."
        elif cells[column] and column != "unit":
            numbers[column] = plain_number(cells[column])
            if numbers[column] is None:
                yield column, f"expected a number or nothing; found “{cells[column]}”."
    if None not in numbers.values() and numbers.get("min", -math.inf) > numbers.get("max", math.inf):
        yield "max", f"expected a number that is not below min ({cells['min']}); found {cells['max']}."


def _answer_set(answers: str, kind: str, book: Codebook) -> Iterator[tuple[str, str]]:
    if kind in ("number", "text"):
        if answers:
            yield "answers", f"a {kind} item has no answer set; expected nothing, found “{answers}”."
        return
    if not answers:
        yield "answers", f"a {kind} item needs an answer set; found nothing."
    elif answers not in book.sets:
        yield "answers", f"there is no answer set “{answers}”.{suggestion(answers, book.sets)}"
    elif len(book.sets[answers]) < 2 and kind == "likert":
        yield "answers", f"the answer set “{answers}” has fewer than two values, too few for a likert item."
    elif not book.sets[answers]:
        yield "answers", f"the answer set “{answers}” has no value."


def _ranges(book: Codebook, table: Table) -> Iterator[Cell]:
    """A scale's score is the mean of its items, so they must run over one range."""
    rows = {item: row for row, item in column_cells(table, "item")}
    for scale in book.scales.index:
        spans = {item: book.range(item) for item in book.items_of(scale) if book.kind(item) in ("likert", "number")}
        spans = {item: span for item, span in spans.items() if span or book.kind(item) == "number"}
        said = {item: f"from {span[0]:g} to {span[1]:g}" if span else "any number" for item, span in spans.items()}
        first = next(iter(spans), "")
        for item, span in spans.items():
            if span != spans[first]:
                yield rows.get(item), "scale", (
                    f"“{item}” runs {said[item]} and “{first}” {said[first]}, but both belong to the scale “{scale}”, "
                    "whose score is the mean of its items.")


def _answers(book: Codebook, table: Table) -> Iterator[Cell]:
    likert = set(book.items.loc[book.items["kind"] == "likert", "answers"])
    labels = [column for column in book.answers.columns if column.startswith("label_")]
    # Per set and language: what each text means, and where it said so first.
    meanings: dict[tuple[str, str], dict[str, tuple[str, str, int]]] = {}
    for row, cells in zip(map(int, table.rows), book.answers.to_dict("records"), strict=True):
        name, value = cells["answers"], cells["value"]
        if not name:
            yield row, "answers", "expected the name of the answer set; found nothing."
            continue
        if not any((value, cells["code"], *(cells[label] for label in labels))):
            yield row, "", "expected a value, a code or a label; found none."
        number = plain_number(value)
        if value and name in likert and (number is None or abs(number) > LARGEST_NUMBER):
            yield row, "value", f"expected a number, as likert items use the set “{name}”; found “{value}”."
        if ";" in value:
            yield row, "value", f"“{value}” has a semicolon, which stands between several answers; leave it out."
        told: set[str] = set()
        for label in labels or [""]:
            known = meanings.setdefault((name, label), {})
            for column in ("value", "code", label):
                text = cells.get(column, "")
                if not text:
                    continue
                meant, where, before = known.setdefault(value_key(text), (value, column, row))
                if value_key(meant) != value_key(value) and text not in told:
                    told.add(text)
                    yield row, column, (
                        f"“{text}” means two values in the set “{name}”: {_meaning(meant)} (row {before}, {where}) and "
                        f"{_meaning(value)}.")


def _meaning(value: str) -> str:
    return quoted([value])[0] if value else "missing"
