"""Files that one run at a time works on, and that are written whole or not at all."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if os.name == "nt":
    import msvcrt

    def _take(number: int) -> None:
        msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(number: int) -> None:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)


HELD_BY_ANOTHER = {errno.EAGAIN, errno.EACCES, errno.EDEADLK, errno.EWOULDBLOCK}
PAUSE = 0.2  # seconds between two looks at a lock that another run holds


@contextmanager
def locked(path: Path, on_wait: Callable[[], None] | None = None) -> Iterator[bool]:
    """Hold the lock file `path`, waiting for another run to let it go; the file is there only meanwhile.

    The operating system lets the lock go when the process that holds it ends, however it ends. `on_wait` is called at
    every look at a lock that is held, and may raise to give up. Yields whether the lock is held: some network drives
    have none. Raises `OSError` if the file can't be made.
    """
    number, held = _held(path, on_wait)
    try:
        yield held
    finally:
        if os.name == "nt":  # which removes no open file
            os.close(number)
        with suppress(OSError):
            if held:
                path.unlink()
        if os.name != "nt":
            os.close(number)


def put_file(content: str | bytes, path: Path, mode: int = 0o666) -> None:
    """Write the content to `path`, whole or not at all; `mode` as for `os.open`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked(beside(path, "lock")):
        unfinished = beside(path, "unfinished")
        try:
            unfinished.touch(mode)
            unfinished.write_bytes(content.encode() if isinstance(content, str) else content)
            unfinished.replace(path)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise


def beside(path: Path, kind: str) -> Path:
    """The hidden file or folder of this kind that belongs to `path` and lies beside it."""
    return path.with_name(f".{path.name}.{kind}")


def _held(path: Path, on_wait: Callable[[], None] | None) -> tuple[int, bool]:
    while True:
        number = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _take(number)
            if os.path.samestat(os.fstat(number), path.stat()):
                return number, True
        except FileNotFoundError:
            pass  # who held it removed it meanwhile
        except OSError as error:
            if error.errno not in HELD_BY_ANOTHER:
                return number, False
            if on_wait:
                try:
                    on_wait()
                except BaseException:
                    os.close(number)
                    raise
        os.close(number)
        time.sleep(PAUSE)
