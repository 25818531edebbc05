"""How large a file may be that is read here, and the sentence for one that is larger.

A survey of all the teachers of a country stays far below. Above, a file is damaged, made to harm, or not a survey:
reading it would take the machine's memory. A workbook is a zip file, in which a few bytes may stand for gigabytes,
so what its parts hold is weighed before it is opened (the attack is known as a zip bomb).
"""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

from survey_exports.issues import Issue, ReadingError

FILE_BYTES = 100_000_000
UNPACKED_BYTES = 1_000_000_000
RATIO = 250
"""How many times larger a part of a workbook may be than it is packed; it counts from `UNSUSPICIOUS_BYTES` on."""

UNSUSPICIOUS_BYTES = 20_000_000
PARTS = 10_000
ROWS = 250_000
COLUMNS = 5_000
CELLS = 10_000_000

_CHUNK = 1 << 20
_PLACES = re.compile(rb"""[\s"']r\s*=\s*["']([A-Za-z]{0,4})([0-9]{1,9})["']""")
_ERROR = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^<>]{0,60} t="e"')
_LONGEST_TAG = 100


def check_size(path: Path, file: str) -> None:
    """Raise `ReadingError` if the file is larger than any survey."""
    if path.stat().st_size > FILE_BYTES:
        raise _too_large(file, f"the file is larger than {_megabytes(FILE_BYTES)}")


def check_extent(rows: int, columns: int, file: str) -> None:
    """Raise `ReadingError` if a table has more rows, columns or cells than can be read; `rows` without the header."""
    for found, most, what in ((rows, ROWS, "rows"), (columns, COLUMNS, "columns"), (rows * columns, CELLS, "cells")):
        if found > most:
            raise _too_large(file, f"the table has {found:,} {what}, more than {most:,}")


def check_packed(path: Path, file: str) -> list[str]:
    """The places of the cells with an error value (`#N/A`) in an Excel workbook, such as `B7`.

    Raises `ReadingError` if the workbook's parts are far larger than they look, or its cells lie too far out. The sizes
    that a zip file states may lie, so every part is unpacked, in pieces and no further than the limit.
    """
    total = 0
    errors: dict[str, None] = {}
    try:
        with zipfile.ZipFile(path) as packed:
            members = packed.infolist()
            if len(members) > PARTS:
                raise _too_large(file, f"the workbook has {len(members):,} parts, more than {PARTS:,}")
            for member in members:
                total += _weighed(packed, member, file, UNPACKED_BYTES - total, errors)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise ReadingError(Issue(f"the workbook can't be opened ({error}).", file)) from None
    return list(errors)


def _weighed(packed: zipfile.ZipFile, member: zipfile.ZipInfo, file: str, left: int, errors: dict[str, None]) -> int:
    size, rows, columns, before = 0, 0, 0, b""
    sheet = member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml")
    with packed.open(member) as part:
        while piece := part.read(_CHUNK):
            size += len(piece)
            if size > left:
                raise _too_large(file, f"unpacked, the workbook is larger than {_megabytes(UNPACKED_BYTES)}")
            if size > UNSUSPICIOUS_BYTES and size > RATIO * max(member.compress_size, 1):
                raise _too_large(file, f"a part of the workbook is over {RATIO} times larger than it is packed")
            if sheet:
                places = set(_PLACES.findall(before + piece))
                rows = max([rows, *(int(row) for _, row in places)])
                columns = max([columns, *(_column(letters) for letters in {letters for letters, _ in places})])
                errors |= dict.fromkeys(place.decode() for place in _ERROR.findall(before + piece))
                before = piece[-_LONGEST_TAG:]
    check_extent(rows, columns, file)
    return size


def _column(letters: bytes) -> int:
    """The number of a column by its letters: `A` is 1, `AA` 27."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number


def _too_large(file: str, why: str) -> ReadingError:
    return ReadingError(Issue(f"{why}, which no survey needs; expected the survey tool's own export.", file))


def _megabytes(size: int) -> str:
    return f"{size // 1_000_000:,} MB"
