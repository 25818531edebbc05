"""One file of any kind that is read here as one raw table."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from survey_exports.delimited import EMPTY, read_delimited
from survey_exports.issues import Issue, ReadingError
from survey_exports.limits import check_size
from survey_exports.spss import read_spss
from survey_exports.table import Expected, Table
from survey_exports.texts import listed, suggestion
from survey_exports.workbook import read_workbook

_TEXT = (".csv", ".tsv", ".txt")
_WORKBOOK = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_SPSS = (".sav", ".zsav")
_READERS = (
    dict.fromkeys(_TEXT, read_delimited) | dict.fromkeys(_WORKBOOK, read_workbook) | dict.fromkeys(_SPSS, read_spss)
)
_SIGNATURES = (
    ((b"PK\x03\x04",), "an Excel workbook or another zip file", (".xlsx", ".xlsm", ".xlsb", ".ods")),
    ((b"\xd0\xcf\x11\xe0",), "an old Excel workbook, or one with a password", (".xls",)),
    ((b"$FL2", b"$FL3"), "an SPSS file", _SPSS),
    ((b"%PDF",), "a PDF document", ()),
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8"), "a picture", ()),
    ((b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf"), "a compressed file", ()),
)


def read_table(path: Path, file: str, expected: Expected) -> Table:
    """The raw table in `path`, called `file` in messages; the reader follows from the file's name.

    The same bytes are read once in a process for the same expectations. Raises `ReadingError` if the file is missing,
    empty, of another kind than its name says, or can't be read.
    """
    suffix = path.suffix.casefold()
    if suffix not in _READERS:
        kinds = listed(sorted(_READERS), last="or", limit=20)
        raise ReadingError(Issue(f"expected a file whose name ends in {kinds}.", file))
    try:
        if not path.is_file():
            raise ReadingError(_missing(path, file))
        check_size(path, file)
        with path.open("rb") as stream:
            if issue := _disguised(path, stream.read(8), file):
                raise ReadingError(issue)
            stream.seek(0)
            digest = hashlib.file_digest(stream, "sha256").digest()
        return _read(path, file, digest, expected).copy()
    except OSError as error:
        raise ReadingError(Issue(f"the file can't be read ({error.strerror or error}).", file)) from None


@lru_cache(maxsize=32)
def _read(path: Path, file: str, digest: bytes, expected: Expected) -> Table:
    return _READERS[path.suffix.casefold()](path, file, expected)


def _missing(path: Path, file: str) -> Issue:
    if path.is_dir():
        return Issue("this is a folder; expected a file.", file)
    for folder in ("", "raw/") if "/" not in file else ("",):
        names = [other.name for other in (path.parent / folder).glob("*")]
        if near := suggestion(path.name, names, nearness=0.8):
            return Issue(f"the file is missing.{near.replace('“', f'“{folder}', 1)}", file)
    return Issue("the file is missing.", file)


def _disguised(path: Path, start: bytes, file: str) -> Issue | None:
    suffix = path.suffix.casefold()
    if not start:
        return Issue(EMPTY, file)
    for signatures, kind, suffixes in _SIGNATURES:
        if start.startswith(signatures):
            return None if suffix in suffixes else Issue(f"the name ends in {path.suffix} but the file is {kind}.", file)
    if suffix in _TEXT:
        return None
    kind = "an SPSS file" if suffix in _SPSS else "a workbook"
    return Issue(f"the name ends in {path.suffix} but the file is not {kind}.", file)
