"""What is needed only while reports are made, folders and processes: none outlives for long who made it, however that ends.

A process that the run starts imports this room alone to begin with, not all that makes a report.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import parent_process
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from threading import Thread

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


def end_with_parent() -> None:
    """Let this process end at once when the one that started it ends, however that happens.

    A worker waits for work on a pipe that the other workers keep open, and a manager for calls, so neither would
    notice; a kernel looks after its worker itself.
    """
    def watch() -> None:
        parent_process().join()
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def socket_in(folder: Path, name: str) -> str | None:
    """The address of a socket in the folder; None where the system has no such sockets or the path is too long."""
    address = str(folder / name)
    return address if os.name != "nt" and len(os.fsencode(address)) < LONGEST_SOCKET else None


def _lives(process: int) -> bool:
    try:
        if os.name != "nt":  # where a signal would end the process
            os.kill(process, 0)
    except OSError as error:
        return not isinstance(error, ProcessLookupError)
    return True
