"""What a user can mend, said in one sentence each, and errors told without what a respondent wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable

from survey_exports.issues import Issue

__all__ = ["Issue", "StudyError", "told", "traced"]


class StudyError(Exception):
    """A study that can't be analysed as it stands; carries every issue found.

    The command line prints the issues, a line each, and ends with exit status 2.
    """

    def __init__(self, issues: Iterable[Issue]):
        self.issues = tuple(issues)
        super().__init__("\n".join(map(str, self.issues)))


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
