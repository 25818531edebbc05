"""What a user can mend, said in one sentence each."""

from __future__ import annotations

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
