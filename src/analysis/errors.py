"""What a user can mend, said in one sentence each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Complaint:
    """One fault in a study: where it is and what was expected there.

    `row` counts as the user's program shows it: the header is row 1.
    """

    message: str
    file: str = ""
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        place = [self.file] if self.file else []
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column:
            place.append(f"column “{self.column}”")
        return f"{', '.join(place)}: {self.message}" if place else self.message


class StudyError(Exception):
    """A study that can't be analysed as it stands; carries every complaint found.

    The command line prints the complaints, a line each, and ends with exit status 2.
    """

    def __init__(self, complaints: Iterable[Complaint]):
        self.complaints = tuple(complaints)
        super().__init__("\n".join(str(complaint) for complaint in self.complaints))


_OF_THE_PROGRAM = re.compile(
    "(Import|ModuleNotFound|Name|UnboundLocal|Attribute|Type|OS|FileNotFound|FileExists|Permission|Memory|Study)Error")
"""Errors whose messages name parts of the program, files, or what a study's owner is meant to see."""

_VALUES = re.compile(r"""'[^']*'|"[^"]*"|“[^”]*”|(?<=: ).+""", re.DOTALL)
_IN_TRACE = re.compile(r"^(\w+(?:Error|Exception|Exit)): (.+)$", re.MULTILINE)


def told(name: str, message: str) -> str:
    """An error in one line, without the values in its message, which could be what a respondent wrote."""
    return f"{name}: {message if _OF_THE_PROGRAM.fullmatch(name) else _VALUES.sub('…', message)}"


def traced(trace: str, message: str = "") -> str:
    """A traceback with its errors as in `told`; `message` is the last one's, which may have several lines."""
    trace = trace.replace(message, " ".join(message.split())) if message else trace
    return _IN_TRACE.sub(lambda found: told(found[1], found[2]), trace)
