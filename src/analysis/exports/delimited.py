"""Delimited text files: encoding, delimiter and records, found out and not assumed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from analysis.errors import Complaint, StudyError
from analysis.exports.encodings import likeliest, readings, redecoded, unicode_text, unmarked_utf16
from analysis.exports.limits import check_extent
from analysis.exports.table import Expected, Table, checked_table, is_blank
from analysis.texts import listed, normal

DELIMITERS = (",", ";", "\t", "|")

csv.field_size_limit(2**24)


def read_delimited(path: Path, file: str, expected: Expected) -> Table:
    """The table in a delimited text file, called `file` in complaints.

    Raises `StudyError` if the file is empty, no text, in an encoding that can't be found out, or not in
    records.
    """
    data = path.read_bytes()
    if not data.strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"):
        raise StudyError([Complaint("the file is empty; expected a header and a row per answer.", file)])
    found = unicode_text(data)
    if found is None and b"\0" in data:
        found = _utf16(data, expected)
        if found is None:
            raise StudyError(
                [Complaint("this is not a text file (it holds NUL bytes); expected a CSV file.", file)]
            )
    text, encoding = found or (data.decode("latin-1"), "")
    if "\0" in text:
        raise StudyError(
            [Complaint("this is not a text file (it holds NUL characters); expected a CSV file.", file)]
        )
    delimiter, text = _delimiter(text, encoding, expected)
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise StudyError([_broken(text, delimiter, file, error)]) from None
    check_extent(len(records), max(map(len, records), default=0), file)
    if not encoding:
        records, encoding = _decoded(records, file, expected)
    numbered = [(row, record) for row, record in enumerate(records, start=1) if not is_blank(record)]
    numbered, questions, notices = _without_qualtrics_rows(numbered, file)
    return checked_table(
        file,
        [record for _, record in numbered],
        [row for row, _ in numbered],
        questions,
        encoding=encoding,
        delimiter=delimiter,
        notices=notices,
    )


def _utf16(data: bytes, expected: Expected) -> tuple[str, str] | None:
    def recognised(text: str) -> int:
        return max(len(_recognised(text, delimiter, "utf-16", expected)) for delimiter in DELIMITERS)

    candidates = sorted(unmarked_utf16(data), key=lambda found: -recognised(found[0]))
    return candidates[0] if candidates and recognised(candidates[0][0]) else None


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error:
        return


def _recognised(text: str, delimiter: str, encoding: str, expected: Expected) -> set[str]:
    header = next(filter(any, _records(text, delimiter)), [])
    keys = [{normal(cell)} if encoding else readings(cell) for cell in header]
    return {key for found in keys for key in found & expected.headers}


def _delimiter(text: str, encoding: str, expected: Expected) -> tuple[str, str]:
    """The delimiter under which most headers are recognised, then most rows are as long as the header."""
    first, _, rest = text.partition("\n")
    if first.strip().casefold().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[-1], rest

    def evidence(delimiter: str) -> tuple[int, int, int]:
        recognised = len(_recognised(text, delimiter, encoding, expected))
        widths = [len(record) for record in _records(text, delimiter) if any(record)]
        as_long = sum(width == widths[0] > 1 for width in widths)
        return recognised, as_long, widths[0] if widths else 0

    return max(DELIMITERS, key=evidence), text


def _broken(text: str, delimiter: str, file: str, error: csv.Error) -> Complaint:
    row = sum(1 for _ in _records(text, delimiter)) + 1
    why = (
        "a quotation mark is opened and not closed"
        if "unexpected end" in str(error)
        else (
            "a quotation mark stands inside a cell; a cell with quotation marks is quoted and has them "
            "doubled"
        )
    )
    return Complaint(f"the file can't be taken apart into cells from here on: {why}.", file, row)


def _decoded(records: list[list[str]], file: str, expected: Expected) -> tuple[list[list[str]], str]:
    """The records read as Latin-1 in the encoding that explains them; a complaint if that is open.

    Only columns that will be read are evidence, and only they must be readable.
    """
    header = next(record for record in records if not is_blank(record))
    asked = [bool(readings(name) & expected.headers) for name in header]
    columns: dict[str, dict[str, None]] = {}
    for record in records:
        for name, wanted, cell in zip(header, asked, record, strict=False):
            if wanted and not cell.isascii():
                columns.setdefault(name, {})[cell] = None
    candidates = likeliest({name: list(cells) for name, cells in columns.items()}, expected)
    if not candidates:
        raise StudyError(
            [Complaint("the file's encoding is none that is known here; save it as “CSV UTF-8”.", file)]
        )

    def read_cells(encoding: str) -> list[str | None]:
        return [redecoded(cell, encoding) for cells in columns.values() for cell in cells]

    best, *others = candidates
    if differing := [encoding for encoding in others if read_cells(encoding) != read_cells(best)]:
        which = listed([best, *differing], last="or")
        raise StudyError(
            [
                Complaint(
                    f"the file's encoding can't be found out: nothing in it tells whether it is {which}, and "
                    "its letters depend on it; save it as “CSV UTF-8”.",
                    file,
                )
            ]
        )
    return [[_letters(cell, best) for cell in record] for record in records], best


def _letters(cell: str, encoding: str) -> str:
    return cell if cell.isascii() else redecoded(cell, encoding) or cell


def _without_qualtrics_rows(numbered: list, file: str) -> tuple[list, list[str], list[str]]:
    """Qualtrics writes the questions' texts and a row of ImportIds below the names; neither is an answer."""
    for place, (_, record) in enumerate(numbered[1:3], start=1):
        if any(cell.lstrip().replace(" ", "").startswith('{"ImportId"') for cell in record):
            header = numbered[0][1]
            questions = numbered[1][1] if place == 2 and len(numbered[1][1]) == len(header) else []
            rows = listed([row for row, _ in numbered[1 : place + 1]])
            what = "question texts and ImportIds" if place == 2 else "ImportIds"
            notice = f"{file}: what stands in row {rows} is Qualtrics' own ({what}), no answers; skipped."
            return [numbered[0], *numbered[place + 1 :]], questions, [notice]
    return numbered, [], []
