"""Folders for what is needed only while it is made: none of them outlives its process for long, however that ends."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

PREFIX = "analysis-"
LONGEST_SOCKET = 95  # bytes; macOS allows 104 for the whole path, and Jupyter adds a number


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """An empty folder for this process alone, gone afterwards."""
    remove_leftovers()
    with TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def remove_leftovers() -> None:
    """Remove the folders of processes that were killed before they could."""
    for folder in Path(gettempdir()).glob(f"{PREFIX}*-*"):
        if (number := folder.name.split("-")[1]).isdecimal() and not _lives(int(number)):
            shutil.rmtree(folder, ignore_errors=True)


def socket_in(folder: Path, name: str) -> str | None:
    """The address of a socket in the folder; None where the system has no such sockets or the path is too long."""
    address = str(folder / name)
    return address if os.name != "nt" and len(os.fsencode(address)) < LONGEST_SOCKET else None


def _lives(process: int) -> bool:
    if os.name == "nt":  # where a signal would end the process
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
