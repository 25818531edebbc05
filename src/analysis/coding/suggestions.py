"""What headers that are not recognised may mean, for a person to say so in study.toml; nothing is read by it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from rapidfuzz import fuzz, process

from analysis.coding.headers import Recognised
from analysis.numerals import counted
from analysis.study.codebook import RESERVED, Codebook
from analysis.texts import listed, normal, quoted, trimmed
from survey_exports.table import Table

_SUBMITTED = ("submitdate", "date submitted", "timestamp", "completion time", "enddate", "recordeddate", "ajatempel",
              "aikaleima", "tidsstämpel", "tidsmerke", "laiko žyma")
"""Columns in which LimeSurvey, Google Forms, Microsoft Forms and Qualtrics write the time of submission; of several in
one export the first in this order counts."""

_WORDS = {
    "code": frozenset("code kood koodi koodisi kod koden kodas kode koden კოდი".split()),
    "school": frozenset("school kool kooli koulu koulusi skola skolan mokykla skole skolen სკოლა".split()),
}
"""Words by which a question for the respondent's code or school may be known."""

_CODE_AND_TEXT = re.compile(r"(\S{1,40}?)(?:\. |: | - |; )")
_LEAST_TEXT = 5
_ALIKE = 80
_SHOWN = 3


def suggested_targets(table: Table, found: Recognised, book: Codebook, language: str) -> dict[str, str]:
    """Per header that is not read the target it may be in [exports.columns], such as `p1` or `tools:tablet`.

    Known are LimeSurvey's codes (`Q1[SQ001]` for an item `Q1_SQ001`), code and text together, a text with the question
    above it (`How often? [I plan lessons]`), texts in another of the codebook's languages, texts spelled nearly alike,
    and the tools' own times. Only items that the table lacks are named, and each for one header.
    """
    lacking = _Lacking(book, found, language)
    meant: dict[str, str] = {}
    for place in found.unread_places:
        for text in filter(None, (table.headers[place], table.questions[place])):
            if target := next(lacking.targets(text), None):
                meant.setdefault(table.headers[place], target)
    times = [header for header in meant if meant[header] == "submitted"]
    for header in sorted(times, key=lambda header: (*_SUBMITTED, normal(header)).index(normal(header)))[1:]:
        del meant[header]
    counts = Counter(meant.values())
    sure = {header: target for header, target in meant.items() if counts[target] == 1}
    return dict(sorted(sure.items(), key=lambda pair: pair[1] in RESERVED))


def column_lines(suggested: dict[str, str]) -> list[str]:
    """The suggestions as lines under [exports.columns] in study.toml."""
    return [" = ".join(json.dumps(text, ensure_ascii=False) for text in (trimmed(header), target))
            for header, target in suggested.items()]


def not_understood(unread: list[str], suggested: dict[str, str], book: Codebook) -> str:
    """Headers that are no item and what makes them items, as a further sentence; nothing if there are none."""
    if not unread:
        return ""
    language, n = _language_of(unread, book)
    if n:
        return (
            f" {counted(n, 'header')} {'is' if n == 1 else 'are'} the text of an item in “{language}”; if that is the "
            f'language of the export, write language = "{language}" in its block of study.toml.'
        )
    if suggested:
        first = ", ".join(column_lines(suggested)[:_SHOWN])
        more = f" and so on; `analysis check` lists all {len(suggested)}" if len(suggested) > _SHOWN else ""
        return f" If these headers are meant, write under [exports.columns] in study.toml: {first}{more}."
    return (
        f" Not understood: {listed(quoted(unread), limit=5)}; give an item this name in "
        f"{book.files.get('items', 'the codebook')}, or write \"HEADER\" = \"ITEM\" under [exports.columns] in study.toml."
    )


def _language_of(headers: list[str], book: Codebook) -> tuple[str, int]:
    """The language of the codebook in which most of the headers are items' texts, and how many are."""
    keys = set(map(normal, headers))
    counts = {language: len({normal(book.text(item, language)) for item in book.items.index} & keys)
              for language in book.languages}
    language = max(counts, key=counts.__getitem__, default="")
    return language, counts.get(language, 0)


class _Lacking:
    """The names and texts of what an export lacks, in compared forms."""

    def __init__(self, book: Codebook, found: Recognised, language: str):
        items = [item for item in (*RESERVED, *book.items.index) if item not in found.items]
        self.asked = [item for item in items if item not in found.options]
        options = {f"{item}:{value.value}": value for item in items if book.kind(item) == "multichoice"
                   for value in book.values(item) if value.value not in found.options.get(item, {})}
        language = language.casefold()
        texts = [(one, item, text) for item in self.asked for one in book.languages
                 if (text := normal(book.text(item, one))) != normal(item)]
        self.names = _unambiguous((_squashed(target), target) for target in (*self.asked, *options))
        self.texts = _unambiguous((text, item) for one, item, text in texts if one == language)
        self.translated = _unambiguous((text, item) for one, item, text in texts if one != language)
        self.options = _unambiguous((normal(value.labels.get(language, "")), target) for target, value in options.items())

    def targets(self, header: str) -> Iterator[str]:
        """What the header may be, the likeliest first."""
        key = normal(header)
        code = _CODE_AND_TEXT.match(header)
        for name in (header, code[1] if code else ""):
            if (squashed := _squashed(name)) in self.names:
                yield self.names[squashed]
        if key in _SUBMITTED and "submitted" in self.asked:
            yield "submitted"
        if key in self.translated:
            yield self.translated[key]
        spaced = key.replace("_", " ")
        for ends in (self.options, self.texts):
            inside = [text for text in ends if spaced.endswith((f"[{text}]", f" - {text}", f". {text}", f": {text}"))]
            if inside:
                yield ends[max(inside, key=len)]
        inside = [text for text in self.texts if len(text) >= max(_LEAST_TEXT, len(spaced) / 2) and text in spaced]
        if inside:
            yield self.texts[max(inside, key=len)]
        best = process.extract(spaced, list(self.texts), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=2)
        if best and (len(best) == 1 or best[0][1] > best[1][1]) and len(spaced) >= _LEAST_TEXT:
            yield self.texts[best[0][0]]
        words = set(re.findall(r"\w+", key))
        yield from (item for item, known in _WORDS.items() if item in self.asked and known & words)


def _squashed(text: str) -> str:
    """The letters and digits of a text alone: `Q1[SQ001]` and `Q1_SQ001` are one."""
    return re.sub(r"[\W_]+", "", normal(text))


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The pairs whose first part is not empty and belongs to one second part only."""
    found: dict[str, set[str]] = {}
    for key, target in pairs:
        found.setdefault(key, set()).add(target)
    return {key: targets.pop() for key, targets in found.items() if key and len(targets) == 1}
