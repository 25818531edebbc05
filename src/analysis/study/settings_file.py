"""study.toml as a text: read, with what its slips look like, and where each of its keys stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from analysis.errors import Issue, StudyError
from analysis.texts import one_full_stop

SETTINGS_FILE = "study.toml"
SETTINGS_BYTES = 1_000_000

Place = tuple[str | int, ...]
"""A key and the tables it stands in; blocks are counted from 0: `("exports", 1, "wave")`."""

_WORD = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)"""
_KEY = re.compile(rf"\s*({_WORD}(?:\s*\.\s*{_WORD})*)\s*=")
_HEADER = re.compile(r"\s*(\[{1,2})([^\[].*?)\]{1,2}\s*(?:#.*)?")
_STRING = re.compile(r""""(?:[^"\\]|\\.)*"|'[^']*'""")
_LONG_STRING = re.compile('"""|' + "'''")


@dataclass(frozen=True)
class SettingsFile:
    """The text of study.toml and what it says."""

    text: str
    content: dict[str, Any]

    def issue(self, place: Place, message: str) -> Issue:
        """A issue about a key, with the key's row, or its table's where the key itself has none."""
        return Issue(one_full_stop(f"{self._named(place)}: {message}"), SETTINGS_FILE, self.row(place))

    def row(self, place: Place) -> int | None:
        """The row of a key, else of the nearest table around it; None where neither is found."""
        around = (place[:length] for length in range(len(place), 0, -1))
        return next((self._rows[one] for one in around if one in self._rows), None)

    def _named(self, place: Place) -> str:
        if place[0] != "exports" or len(place) < 2:
            return key_path(place)
        blocks = self.content["exports"]
        block = blocks[place[1]] if isinstance(blocks, list) else None
        file = block.get("file") if isinstance(block, dict) else None
        named = f"[[exports]] block {place[1] + 1}"
        if isinstance(file, str) and file.isprintable():
            named += f" ({file})"
        return f"{named}, {key_path(place[2:])}" if len(place) > 2 else named

    @cached_property
    def _rows(self) -> dict[Place, int]:
        rows: dict[Place, int] = {}
        for place, row in _places(self.text):
            rows.setdefault(place, row)
        return rows


def read_settings_file(folder: Path) -> SettingsFile:
    """study.toml of a study folder. Raises `StudyError` if it is missing, too large, no text in UTF-8 or not TOML."""
    try:
        text = _text(folder / SETTINGS_FILE)
        return SettingsFile(text, tomllib.loads(text))
    except FileNotFoundError:
        message, row = "the file is missing; “analysis new” makes a study folder to fill in.", None
    except UnicodeDecodeError:
        message, row = "the file is not in UTF-8; save it in this encoding.", None
    except OSError as error:
        message, row = f"the file can't be read ({error.strerror}).", None
    except RecursionError:
        message, row = "the file's lists or tables stand too deeply in one another; expected two or three levels.", None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)", str(error))
        row = int(place[1]) if place and place[1] else None
        said = str(error).replace(place[0], "") if place else str(error)
        line = text.split("\n")[row - 1] if row else text.rstrip().rpartition("\n")[2]
        message = f"this is not valid TOML: {said}.{_remedy(line)}"
    except ValueError:
        message, row = "a number in it has more digits than can be read.", None
    raise StudyError([Issue(message, SETTINGS_FILE, row)])


def _text(path: Path) -> str:
    if path.exists() and not path.is_file():
        raise StudyError([Issue("this is no file; expected a text in UTF-8.", SETTINGS_FILE)])
    if path.stat().st_size > SETTINGS_BYTES:
        message = f"the file is larger than {SETTINGS_BYTES:,} bytes, which no study needs."
        raise StudyError([Issue(message, SETTINGS_FILE)])
    return path.read_text(encoding="utf-8-sig")


def key_path(place: Place) -> str:
    """A key's place in study.toml as TOML writes it: `countries.EE.name`, `columns."Sinu kood"`."""
    return ".".join(
        part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else f'"{part}"'
        for part in (f"{part + 1}" if isinstance(part, int) else part for part in place)
    )


def _remedy(line: str) -> str:
    """What mends a line that is not TOML, where it shows one of the common slips."""
    bare = _STRING.sub('""', line).partition("#")[0]
    if re.search("[„“”‟‚‘’«»]", bare):
        return ' Use straight quotes (" "), and a plain text editor instead of Word.'
    if number := re.search(r"=\s*([+-]?[0-9]+),([0-9]+)", bare):
        return f" Use a decimal point: {number[1]}.{number[2]}."
    if "\\" in line:
        return " In a path write / instead of \\."
    return ""


def _places(text: str) -> Iterator[tuple[Place, int]]:
    """Every key and table that stands on a line of its own, and the line's number."""
    table: Place = ()
    blocks: dict[str, int] = {}
    closing = ""
    for row, line in enumerate(text.split("\n"), start=1):
        marks = _LONG_STRING.findall(line)
        if closing:
            closing = "" if closing in marks else closing
            continue
        closing = marks[0] if len(marks) % 2 else ""
        if header := _HEADER.fullmatch(line.rstrip("\r")):
            words = _words(f"[{header[2]}]")
            if header[1] == "[[" and words:
                blocks[words[0]] = blocks.get(words[0], -1) + 1
            table = (words[0], blocks[words[0]], *words[1:]) if words and words[0] in blocks else words
            yield table, row
        elif key := _KEY.match(line):
            yield (*table, *_words(f"{key[1]} = {{}}")), row


def _words(toml: str) -> tuple[str, ...]:
    """The words of one dotted key, as TOML reads it; none if it can't."""
    try:
        content = tomllib.loads(toml)
    except tomllib.TOMLDecodeError:
        return ()
    words = []
    while content:
        ((word, content),) = content.items()
        words.append(word)
    return tuple(words)
