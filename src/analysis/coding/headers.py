"""Which column of a raw table is which item: by study.toml, by name, by the question's text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from analysis.errors import Issue
from analysis.study.categories import code_columns
from analysis.study.codebook import RESERVED, Codebook, value_key
from analysis.study.settings import Export
from analysis.texts import listed, normal, quoted, suggestion
from survey_exports.table import Table


@dataclass
class Recognised:
    """Places of the columns: `items` per item, `options` per item and value, `unread_places` of the rest, whose headers
    `unread` names."""

    items: dict[str, int] = field(default_factory=dict)
    options: dict[str, dict[str, int]] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    unread_places: list[int] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    @property
    def asked(self) -> list[str]:
        """Every item that has a column, reserved ones included."""
        return [*self.items, *self.options]

    @property
    def targets(self) -> dict[str, int]:
        """The place of every target as [exports.columns] would name it: `p1`, `tools:tablet`."""
        options = {f"{item}:{value}": place for item, places in self.options.items() for value, place in places.items()}
        return self.items | options


def header_texts(book: Codebook, language: str) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """What headers a codebook's items are recognised by, in compared forms.

    The names of all items, reserved ones and columns of categories included, and which items have a text in `language`.
    """
    names = {normal(item): item for item in (*RESERVED, *code_columns(book), *book.items.index)}
    texts: dict[str, tuple[str, ...]] = {}
    column = f"text_{language.casefold()}"
    for frame in (book.items, book.reserved):
        for item, text in frame.get(column, pd.Series()).items():
            if text:
                texts[normal(text)] = (*texts.get(normal(text), ()), item)
    return names, texts


def recognised_headers(table: Table, export: Export, book: Codebook, others: Iterable[Export] = ()) -> Recognised:
    """The table's columns as items of the codebook.

    `others` are the other exports out of the same file: a header that one of them maps to an item of the
    codebook is theirs, and a header that has an item's name or text gives way to a mapped one.
    """
    others = list(others)
    names, texts = header_texts(book, export.language)
    found = Recognised()
    mapped = _mapped(table, export, book, found)
    theirs = {normal(header) for other in others for header, target in other.columns.items() if target not in RESERVED}
    taken = {target.partition(":")[0] for target in export.columns.values()}
    claims: dict[str, list[int]] = {}
    read = set(mapped)
    named_elsewhere = {normal(header) for other in others for header in other.columns}
    for place, header in enumerate(table.headers):
        key = normal(header)
        if place in mapped or not key:
            continue
        items = (names[key],) if key in names else texts.get(key) or texts.get(normal(table.questions[place]), ())
        if key in theirs or (others and len(items) == 1 and items[0] in taken):
            read.add(place)
        elif len(items) > 1:
            found.issues.append(Issue(
                f"this text belongs to several items of the codebook, {listed(quoted(items))}; say in [exports.columns] "
                "which it is.", table.file, 1, header))
        elif items:
            claims.setdefault(items[0], []).append(place)
            read.add(place)
    for item, places in claims.items():
        if item in taken:
            places = [*(p for p, target in mapped.items() if target.partition(":")[0] == item), *places]
        if len(places) > 1:
            found.issues.append(_two_headers(table, item, places))
        found.items[item] = places[0]
    found.unread_places = [
        place for place, header in enumerate(table.headers)
        if place not in read and normal(header) not in named_elsewhere
        and (header or any(cell != "" for cell in table.cells[place]))]
    found.unread = [table.headers[place] or f"(column {place + 1}, without a header)" for place in found.unread_places]
    return found


def _mapped(table: Table, export: Export, book: Codebook, found: Recognised) -> dict[int, str]:
    """Places and targets of `[exports.columns]`, put into `found`; headers not there are errors."""
    places, asked_in_words = (_places(texts) for texts in (table.headers, table.questions))
    mapped: dict[int, str] = {}
    for header, target in export.columns.items():
        at = places[normal(header)] or asked_in_words[normal(header)]
        if not at:
            near = suggestion(header, table.headers)
            found.issues.append(
                Issue(f"there is no header “{header}”, which study.toml says is “{target}”.{near}", table.file, 1))
            continue
        exact = [place for place in at if table.headers[place] == header]
        at = exact if len(exact) == 1 else at
        if len(at) > 1:
            found.issues.append(_two_headers(table, target, at))
        mapped |= dict.fromkeys(at, target)
        item, colon, value = target.partition(":")
        if colon:
            value = next(known.value for known in book.values(item) if value_key(known.value) == value_key(value))
            found.options.setdefault(item, {})[value] = at[0]
        else:
            found.items[item] = at[0]
    for item in [item for item in found.options if item in found.items]:
        both = [found.items.pop(item), *found.options.pop(item).values()]
        found.issues.append(_two_headers(table, item, both))
    return mapped


def _places(texts: list[str]) -> defaultdict[str, list[int]]:
    places = defaultdict(list)
    for place, text in enumerate(texts):
        if text:
            places[normal(text)].append(place)
    return places


def _two_headers(table: Table, item: str, places: list[int]) -> Issue:
    headers = [table.headers[place] for place in places]
    if len({normal(header) for header in headers}) == 1:
        return Issue(f"the header stands {len(places)} times; expected it once.", table.file, 1, headers[0])
    return Issue(f"{len(places)} headers are read as “{item}”, {listed(quoted(headers))}; expected one.", table.file, 1)
