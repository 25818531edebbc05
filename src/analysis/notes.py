"""What is said beside a number: a code with values, which the language layer alone makes a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_WRITTEN = re.compile(r"(?P<code>[a-z0-9_]+)(?:\((?P<values>[^)]*)\))?")


@dataclass(frozen=True)
class Note:
    """A reason or remark by its code (docs/tables.md has them all), with the values that its sentence needs.

    Written as `code` or `code(name=value, name=value)`, so in the `note` column of every table. Values are numbers or
    names of scales, items and countries; they hold none of `;,()=`.
    """

    code: str
    values: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        values = ", ".join(f"{name}={value}" for name, value in self.values)
        return f"{self.code}({values})" if values else self.code


def note(code: str, **values: object) -> Note:
    """A note with its values as text."""
    return Note(code, tuple((name, f"{value:g}" if isinstance(value, float) else str(value))
                            for name, value in values.items()))


def written(notes: Iterable[Note]) -> str:
    """Notes as a table's cell has them, each once: `few_schools; without_school(n=6)`."""
    return "; ".join(dict.fromkeys(map(str, notes)))


def read(cell: object) -> list[Note]:
    """The notes of a table's cell; none where it is empty."""
    if not isinstance(cell, str) or not cell:
        return []
    return [_note(part.strip()) for part in cell.split(";")]


def _note(text: str) -> Note:
    found = _WRITTEN.fullmatch(text)
    if not found:
        raise ValueError(f"“{text}” is no note; expected code or code(name=value).")
    pairs = [pair.split("=", 1) for pair in (found["values"] or "").split(", ") if pair]
    return Note(found["code"], tuple((name, value) for name, value in pairs))
