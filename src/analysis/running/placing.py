"""A report folder, made apart and put in place whole: by one run at a time, and recovered after a run that was killed.

Beside the folder `EE` lie, while a run is at work on it: `.EE.lock`, which it holds; `.EE.building-...`, where the
report is made; and for a moment `.EE.previous-...`, the report that gives way. A key of a country has no dot, so no
two reports share these names.
"""

from __future__ import annotations

import errno
import hashlib
import json
import re
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from analysis.atomic import beside, locked, put_file
from analysis.running.manifest import MANIFEST, sha256

NO_SPACE = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
PATIENCE = 5  # times that Windows is asked again for a folder that a virus scanner may hold for a moment


class InUseError(Exception):
    """A report folder that the system won't let go, as Windows does with open files."""


@contextmanager
def sole_run(folder: Path, on_wait: Callable[[], None] | None = None) -> Iterator[None]:
    """Be the only run at work on the report in `folder`, after what a killed one left was recovered.

    `on_wait` is called now and then while another run is at work, and may raise to give up. Raises `OSError` where
    nothing can be written.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with locked(beside(folder, "lock"), on_wait) as alone:
        if alone:
            recover(folder)
        yield


def recover(folder: Path) -> None:
    """Put the previous report back if a run was cut off as it replaced it, and remove what else it left.

    Only for who holds the lock, since the run that left it could still be alive.
    """
    left = [path for kind in ("building", "previous") for path in folder.parent.glob(f".{folder.name}.{kind}-*")]
    previous = [path for path in left if path.name.startswith(f".{folder.name}.previous-")]
    if previous and not folder.exists():
        max(previous, key=lambda path: path.stat().st_mtime).rename(folder)
    for path in left:
        shutil.rmtree(path, ignore_errors=True)


def remove_leftovers(folder: Path) -> None:
    """Recover the report folder if no run is at work on it, after one of its processes was killed."""
    with suppress(OSError, _OccupiedError), sole_run(folder, _give_up):
        pass


@contextmanager
def building(folder: Path) -> Iterator[Path]:
    """An empty folder beside `folder` to make its report in; gone afterwards."""
    path = beside(folder, f"building-{uuid.uuid4().hex[:8]}")
    path.mkdir(parents=True)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def keep_others_files(folder: Path, made: Path) -> list[str]:
    """Copy into `made` what lies in `folder` and is not a run's own, and return the names that it has there.

    Kept are files that the report's manifest does not list, as documents in further languages of earlier runs are, and
    those that somebody changed since: `report.docx` becomes `report (edited 2026-03-02).docx`.
    """
    listed = _listed(folder)
    kept = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or name == MANIFEST or path.name.startswith(("~$", ".")):
            continue
        if name in listed and hashlib.sha256(path.read_bytes()).hexdigest() == listed[name]:
            if (made / name).exists() or not _in_another_language(name):
                continue
        elif name in listed:
            name = _edited(path).relative_to(folder).as_posix()
        if not (made / name).exists():
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, made / name)
            kept.append(name)
    return kept


def put_document(content: bytes, path: Path) -> Path | None:
    """Write a document that no manifest lists; returns where the one before went, if somebody had edited it.

    What was written is known by a digest beside it (`.deliverable.docx.sha256`). Raises `InUseError`.
    """
    known, kept = path.with_name(f".{path.name}.sha256"), None
    try:
        if path.exists() and not (known.exists() and known.read_text(encoding="utf-8") == sha256(path)):
            kept = _edited(path)
            if kept.exists():
                raise InUseError(f"{path} was edited, and “{kept.name}” is there already; rename one of them.")
            path.rename(kept)
        put_file(content, path)
    except PermissionError as error:
        raise InUseError(f"{path} can't be replaced; close the program that has it open and try again.") from error
    put_file(sha256(path), known)
    return kept


def _edited(path: Path) -> Path:
    """`report (edited 2026-03-02).docx`: what an edited file is called where it is kept."""
    return path.with_name(f"{path.stem} (edited {datetime.fromtimestamp(path.stat().st_mtime):%Y-%m-%d}){path.suffix}")


def _listed(folder: Path) -> dict[str, str]:
    try:
        return dict(json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"])
    except (OSError, ValueError, LookupError, TypeError):
        return {}


def _in_another_language(name: str) -> bool:
    return bool(re.fullmatch(r"(report|annex)\.[a-z]{2,3}(-[A-Za-z0-9]+)*\.\w+", name))


def put_in_place(made: Path, folder: Path) -> None:
    """Swap the finished folder in; the old one goes only after the new one stands.

    Raises `InUseError` if the old one can't be moved; it stays then.
    """
    previous = beside(folder, f"previous-{uuid.uuid4().hex[:8]}")
    try:
        if folder.exists():
            _renamed(folder, previous)
        try:
            _renamed(made, folder)
        except OSError:
            if previous.exists():
                previous.rename(folder)
            raise
    except PermissionError as error:
        raise InUseError(f"{folder} can't be replaced; close the programs that have one of its files open "
                         "(such as tables.xlsx in Excel) and run again.") from error
    shutil.rmtree(previous, ignore_errors=True)


def unwritable(folder: Path) -> str:
    """Why nothing can be written into the folder; nothing if it can. The folder is made if it is not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{uuid.uuid4().hex[:8]}"
        probe.mkdir()
        probe.rmdir()
    except OSError as error:
        return not_written(error.errno, folder) or f"{folder} can't be written to ({error.strerror or error})."
    except ValueError as error:
        return f"{folder} can't be a folder ({error})."
    return ""


def not_written(number: int | None, folder: Path) -> str:
    """A sentence on why a file in the folder could not be written, by the system's error number; nothing if unknown."""
    if number in NO_SPACE:
        return f"there is no space left for {folder}; free some, then run again."
    if number in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{folder} may not be written to; choose another folder with --out."
    if number in (errno.EEXIST, errno.ENOTDIR):
        return f"{folder} can't be a folder, for a file stands in its place; choose another with --out."
    if number in (errno.ENAMETOOLONG, errno.EINVAL):
        return f"the system allows no such folder: {folder}; choose another with --out."
    return ""


class _OccupiedError(Exception):
    """Another run is at work on the report."""


def _give_up() -> None:
    raise _OccupiedError


def _renamed(path: Path, target: Path) -> None:
    for attempt in range(PATIENCE):
        try:
            path.rename(target)
            return
        except PermissionError:
            if attempt == PATIENCE - 1:
                raise
            time.sleep(0.1)
