"""Which files belong to a study folder: nothing outside of it is read, whatever path or link leads there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath

from analysis.errors import Issue

DEVICES = frozenset({
    "con", "prn", "aux", "nul", "conin$", "conout$",
    *(f"{port}{n}" for port in ("com", "lpt") for n in (*range(10), *"¹²³")),
})
"""Names that mean a device on Windows, whatever follows a dot in them, and not a file."""

OWN = ("study.toml", "codebook.xlsx", "codebook", "raw", "private")


def why_outside(folder: Path, file: str) -> str:
    """Why the path of study.toml is not one of a file inside the study folder, on every system; nothing if it is."""
    if "\\" in file:
        return f"write / instead of \\; found “{file}”."
    if not file.isprintable():
        return "write / instead of \\, which makes a special letter of the one after it."
    if PurePosixPath(file).is_absolute() or PureWindowsPath(file).drive or PureWindowsPath(file).root:
        return f"expected a path inside the study folder, such as raw/answers.csv; found “{file}”."
    parts = PurePosixPath(file).parts
    if ".." in parts or leads_out(folder, folder / file):
        return f"“{file}” leads out of the study folder; exports lie inside it."
    for part in parts:
        if part.partition(".")[0].strip().casefold() in DEVICES:
            return f"on Windows “{part}” is a device and no file can have this name; rename the file."
        if part != part.rstrip(". "):
            return f"the name “{part}” ends in a dot or a space, which Windows leaves out; rename the file."
    return ""


def leads_out(folder: Path, path: Path) -> bool:
    """Whether the path, with all links followed, lies outside of the folder, or its links lead in a circle."""
    try:
        return not path.resolve().is_relative_to(folder.resolve())
    except (RuntimeError, OSError):
        return True


def is_folder(path: Path) -> bool:
    """Whether the path is a folder; also False where the system has no such names."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def strays(folder: Path) -> Iterator[Issue]:
    """The files and folders of a study's own that are links leading out of it."""
    paths = [folder / name for name in OWN]
    paths += [*folder.glob("codebook/*"), *folder.glob("private/*")]
    for path in paths:
        if path.is_symlink() and leads_out(folder, path):
            name = path.relative_to(folder).as_posix()
            yield Issue("this is a link that leads out of the study folder; put the file itself there.", name)
