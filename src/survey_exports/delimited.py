"""Delimited text files: encoding, delimiter and records, found out and not assumed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from survey_exports.encodings import broken_unicode, likeliest, readings, redecoded, unicode_text, unmarked_utf16
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
    data = path.read_bytes()
    if not data.strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"):
        raise ReadingError(Issue(EMPTY, file))
    text, encoding = _text(data, file, expected)
    delimiter, text = _delimiter(text, encoding, expected)
    try:
        records = _shared(_reader(text, delimiter))
    except csv.Error as error:
        raise ReadingError(_broken(text, delimiter, file, error)) from None
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
        delimiter=delimiter, warnings=[f"{file}: {said}." for said in top.skipped],
    )


def _text(data: bytes, file: str, expected: Expected) -> tuple[str, str]:
    """The text and its encoding, which is empty for an older one: the text is then read as Latin-1."""
    found = unicode_text(data)
    if found is None and (broken := broken_unicode(data)):
        encoding, line = broken
        raise ReadingError(Issue(
            f"the file is {encoding}, but line {line} has bytes that are no letters there: it was cut off, or put "
            "together from files of two encodings; expected the survey tool's own export.", file))
    if found is None and b"\0" in data:
        found = _utf16(data, expected)
    text, encoding = found or (data.decode("latin-1"), "")
    if "\0" in text:
        raise ReadingError(Issue("this is not a text file (it holds NUL bytes); expected a CSV file.", file))
    return text, encoding


def _utf16(data: bytes, expected: Expected) -> tuple[str, str] | None:
    def recognised(found: tuple[str, str]) -> int:
        return max(_evidence(found[0], delimiter, "utf-16", expected)[0] for delimiter in DELIMITERS)

    best = max(unmarked_utf16(data), key=recognised, default=None)
    return best if best and recognised(best) else None


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _sound_records(text: str, delimiter: str) -> Iterator[list[str]]:
    """The records up to the first that can't be taken apart."""
    try:
        yield from _reader(text, delimiter)
    except csv.Error:
        return


def _shared(records: Iterable[list[str]]) -> list[list[str]]:
    """The records with one object for all cells of the same text, which spares memory and time."""
    known: dict[str, str] = {}
    return [[known.setdefault(cell, cell) for cell in record] for record in records]


def _numbered(records: Iterable[list[str]]) -> list[Numbered]:
    return [(row, record) for row, record in enumerate(records, start=1) if any(map(str.strip, record))]


def _is_known(encoding: str, expected: Expected) -> Callable[[Cell], bool]:
    """Whether a cell is an expected header; without an encoding, in any of the older ones."""
    if encoding:
        return lambda cell: normal(cell) in expected.headers
    return lambda cell: not readings(cell).isdisjoint(expected.headers)


def _evidence(text: str, delimiter: str, encoding: str, expected: Expected) -> tuple[int, int, int]:
    """How many headers are recognised under a delimiter, how many rows are as long as the header, and how long."""
    numbered = _numbered(islice(_sound_records(text, delimiter), _LOOKED_AT))
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


def _broken(text: str, delimiter: str, file: str, error: csv.Error) -> Issue:
    row = sum(1 for _ in _sound_records(text, delimiter)) + 1
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
    columns: dict[str, dict[str, None]] = {}
    for _, record in numbered:
        for name, asked, cell in zip(header, wanted, record, strict=False):
            if asked and not cell.isascii():
                columns.setdefault(name, {})[cell] = None
    cells = [cell for of_column in columns.values() for cell in of_column]
    candidates = {
        encoding: [redecoded(cell, encoding) for cell in cells]
        for encoding in likeliest({name: list(of_column) for name, of_column in columns.items()}, expected)
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
    return [(row, [_letters(cell, best) for cell in record]) for row, record in numbered], best


def _letters(cell: str, encoding: str) -> str:
    return cell if cell.isascii() else redecoded(cell, encoding) or cell
