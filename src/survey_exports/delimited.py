"""Delimited text files: encoding, delimiter and records, found out and not assumed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

from survey_exports.encodings import likeliest, readings, redecoded, unicode_text
from survey_exports.head import Numbered, head
from survey_exports.issues import Issue, ReadingError
from survey_exports.limits import check_extent
from survey_exports.table import Cell, Expected, Table, checked_table
from survey_exports.texts import listed, normal

DELIMITERS = (",", ";", "\t", "|")
EMPTY = "the file is empty; expected a header and a row per answer."

_LOOKED_AT = 1000
"""Rows from which the delimiter is found out."""

_REMEDY = "export it as UTF-8, in Excel “CSV UTF-8”."

csv.field_size_limit(2**24)


def read_delimited(path: Path, file: str, expected: Expected) -> Table:
    """The table in a delimited text file, called `file` in messages, with warnings of rows above the header.

    Raises `ReadingError` if the file is empty, no text, in an encoding that can't be found out, or not in records.
    """
    text, encoding = _text(path.read_bytes(), file)
    delimiter, text = _delimiter(text, encoding, expected)
    records, error = _records(text, delimiter)
    if error:
        raise ReadingError(_broken(error, file, len(records) + 1))
    check_extent(len(records), max(map(len, records), default=0), file)
    numbered = _numbered(records)
    if not numbered:
        raise ReadingError(Issue(EMPTY, file))
    if not encoding:
        numbered, encoding = _decoded(numbered, file, expected)
    top = head(numbered, _is_known(encoding, expected))
    numbered = [numbered[top.place], *numbered[top.first :]]
    return checked_table(
        file, [record for _, record in numbered], [row for row, _ in numbered], top.questions, encoding=encoding,
        delimiter=delimiter, warnings=[f"{file}: {sentence}." for sentence in top.skipped],
    )


def _text(data: bytes, file: str) -> tuple[str, str]:
    """The text and its encoding, which is empty for an older one: the text is then read as Latin-1."""
    text, encoding = unicode_text(data, file) or (data.decode("latin-1"), "")
    if "\0" in text:
        raise ReadingError(Issue("this is not a text file (it holds NUL bytes); expected a CSV file.", file))
    return text, encoding


def _records(text: str, delimiter: str, most: int | None = None) -> tuple[list[list[str]], csv.Error | None]:
    """The records up to the first that can't be taken apart, and why it can't be.

    All cells of the same text are one object, which spares memory and time.
    """
    records: list[list[str]] = []
    known: dict[str, str] = {}
    try:
        for record in islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), most):
            records.append([known.setdefault(cell, cell) for cell in record])
    except csv.Error as error:
        return records, error
    return records, None


def _numbered(records: Iterable[list[str]]) -> list[Numbered]:
    return [(row, record) for row, record in enumerate(records, start=1) if any(map(str.strip, record))]


def _is_known(encoding: str, expected: Expected) -> Callable[[Cell], bool]:
    """Whether a cell is an expected header; without an encoding, in any of the older ones."""
    if encoding:
        return lambda cell: normal(cell) in expected.headers
    return lambda cell: not readings(cell).isdisjoint(expected.headers)


def _evidence(text: str, delimiter: str, encoding: str, expected: Expected) -> tuple[int, int, int]:
    """How many headers are recognised under a delimiter, how many rows are as long as the header, and how long."""
    numbered = _numbered(_records(text, delimiter, _LOOKED_AT)[0])
    if not numbered:
        return 0, 0, 0
    top = head(numbered, _is_known(encoding, expected))
    width = len(numbered[top.place][1])
    return top.recognised, sum(len(record) == width > 1 for _, record in numbered), width


def _delimiter(text: str, encoding: str, expected: Expected) -> tuple[str, str]:
    """The delimiter under which most headers are recognised, then most rows are as long as the header; and the text
    without a first line that names it."""
    first, _, rest = text.partition("\n")
    if first.strip().casefold().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[-1], rest
    return max(DELIMITERS, key=lambda delimiter: _evidence(text, delimiter, encoding, expected)), text


def _broken(error: csv.Error, file: str, row: int) -> Issue:
    why = (
        "a quotation mark is opened and not closed" if "unexpected end" in str(error) else
        "a quotation mark stands inside a cell; a cell with quotation marks is quoted and has them doubled"
    )
    return Issue(f"the file can't be taken apart into cells from here on: {why}.", file, row)


def _decoded(numbered: list[Numbered], file: str, expected: Expected) -> tuple[list[Numbered], str]:
    """The records, read as Latin-1, in the encoding that explains them. Raises `ReadingError` if that is open.

    Only columns that will be read are evidence, and only they must be readable.
    """
    header = numbered[head(numbered, _is_known("", expected)).place][1]
    wanted = [bool(readings(name) & expected.headers) for name in header]
    columns: dict[str, set[str]] = {}
    for _, record in numbered:
        for name, asked, cell in zip(header, wanted, record, strict=False):
            if asked and not cell.isascii():
                columns.setdefault(name, set()).add(cell)
    candidates = {
        encoding: [redecoded(cell, encoding) for cells in columns.values() for cell in cells]
        for encoding in likeliest(columns, expected)
    }
    if not candidates:
        raise ReadingError(Issue(
            "the file's encoding is none that is known here (UTF-8, UTF-16, or an older one of northern Europe); "
            f"{_REMEDY}", file))
    best = next(iter(candidates))
    if differing := [encoding for encoding, read in candidates.items() if read != candidates[best]]:
        which = listed([best, *differing], last="or")
        raise ReadingError(Issue(
            f"the file's encoding can't be found out: nothing in it tells whether it is {which}, and its letters depend "
            f"on it; {_REMEDY}", file))
    return [(row, [cell if cell.isascii() else redecoded(cell, best) or cell for cell in record])
            for row, record in numbered], best
