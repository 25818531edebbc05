"""Readers written in C and Rust, each run in a process of its own.

A damaged `.sav` or workbook can crash such a reader, or have it reserve hundreds of gigabytes, and with it the process
that called it. Here that is one more way in which a file can't be read.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

LONGEST = 300
"""Seconds that reading one file may take."""

MEMORY = 6 << 30
"""Bytes that a reader may take, where the system can hold it to that."""


class UnreadableError(Exception):
    """A file that its reader could not read; `locked` if for want of a password."""

    def __init__(self, message: str, locked: bool = False):
        super().__init__(message)
        self.locked = locked


def workbook_rows(path: Path) -> dict[str, tuple[list[tuple[int, list]], list]]:
    """Per sheet the rows in which anything stands, each with its number from 1 and its cells as Calamine reads them,
    and the ranges of merged cells: the (row, column) of their first and of their last cell, counted from 0.

    Raises `UnreadableError`.
    """
    return _apart("workbook", path)


def spss_columns(path: Path) -> tuple[dict[str, list], dict[str, Any]]:
    """The columns of an SPSS file, None where a value is missing, and what its dictionary says, as `pyreadstat` names it.

    Raises `UnreadableError`.
    """
    return _apart("spss", path)


def _apart(kind: str, path: Path) -> Any:
    command = [sys.executable, "-P", "-m", __spec__.name, kind, str(path.absolute())]
    try:
        ended = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=LONGEST,
            check=False)
    except subprocess.TimeoutExpired:
        raise UnreadableError(f"it took longer than {LONGEST // 60} minutes; it is damaged or far too large") from None
    try:
        state, result = pickle.loads(ended.stdout)
    except (pickle.UnpicklingError, EOFError):
        raise UnreadableError("its reader broke down over it; it is damaged or far too large") from None
    if state != "read":
        raise UnreadableError(result, locked=state == "locked")
    return result


def _workbook(path: str) -> tuple[str, Any]:
    from python_calamine import CalamineWorkbook, PasswordError

    try:
        with CalamineWorkbook.from_path(path) as book:
            return "read", {name: _sheet(book.get_sheet_by_name(name)) for name in book.sheet_names}
    except PasswordError:
        return "locked", "it is protected by a password"


def _sheet(sheet: Any) -> tuple[list[tuple[int, list]], list]:
    rows = enumerate(sheet.to_python(skip_empty_area=False), start=1)
    return [(n, row) for n, row in rows if any(cell != "" for cell in row)], sheet.merged_cell_ranges or []


def _spss(path: str) -> tuple[str, Any]:
    import pyreadstat

    columns, about = pyreadstat.read_sav(path, output_format="dict")
    return "read", (columns, vars(about))


def _within_memory() -> None:
    try:
        import resource
    except ImportError:
        return
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = MEMORY if most == resource.RLIM_INFINITY else min(MEMORY, most)
    resource.setrlimit(resource.RLIMIT_AS, (limit, most))


def _main(kind: str, path: str) -> None:
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a reader itself may print is not the answer
    _within_memory()
    try:
        result = pickle.dumps({"workbook": _workbook, "spss": _spss}[kind](path), protocol=pickle.HIGHEST_PROTOCOL)
    except BaseException as error:
        result = pickle.dumps(("broken", " ".join(str(error).split()) or type(error).__name__))
    with answer:
        answer.write(result)


if __name__ == "__main__":
    _main(*sys.argv[1:])
