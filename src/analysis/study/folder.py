"""A study folder: study.toml and the codebook, read and checked whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from analysis.errors import Issue, StudyError
from analysis.study.categories import code_columns
from analysis.study.codebook import READERS, RESERVED, Codebook, read_codebook, value_key
from analysis.study.codebook_checks import codebook_issues
from analysis.study.inside import DEVICES, is_folder, strays, why_outside
from analysis.study.settings import KeyIssue, Settings, settings_or_issues
from analysis.study.settings_file import SETTINGS_FILE, read_settings_file
from analysis.texts import listed, normal, suggestion

_KINDS_OF_TARGETS = (
    "; expected one of its items, or one of code, school, submitted, language, or item:answer for one option of a "
    "multichoice item"
)
_COUNTRY_KEY = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,19}")


@dataclass(frozen=True)
class Study:
    """A checked study folder. `warnings` are sentences on what is not wrong but worth knowing."""

    folder: Path
    settings: Settings
    codebook: Codebook
    warnings: tuple[str, ...] = ()

    @property
    def primary_scales(self) -> list[str]:
        """The scales of the primary family: those declared, or else all."""
        declared = self.settings.primary_scales
        return self.codebook.scales_of("teachers") if declared is None else list(declared)


def read_study(folder: Path | str, language: str = READERS) -> Study:
    """The study in `folder`, without its exports; `language` is the one its scales and items are shown in.

    Raises `StudyError` with every issue about study.toml, in the order of its rows, and the codebook.
    """
    folder = Path(folder)
    if not is_folder(folder):
        raise StudyError([Issue(f"there is no study folder “{folder}”.")])
    if outside := list(strays(folder)):
        raise StudyError(outside)
    settings, issues = None, []
    try:
        written = read_settings_file(folder)
    except StudyError as error:
        issues += error.issues
    else:
        settings, places, of_keys = settings_or_issues(written.content)
        issues += [written.issue(*found) for found in of_keys]
    book, tables, found, warnings = read_codebook(folder, language)
    issues += found
    if book is not None:
        issues += codebook_issues(book, tables)
    if settings is not None:
        issues += [written.issue(*found) for found in _contradictions(folder, settings, places, book)]
        of_templates, unmarked = _templates(folder, settings)
        issues += [written.issue(*found) for found in of_templates]
        warnings += [str(written.issue(*found)) for found in unmarked]
    if book is not None and language != READERS and language.casefold() not in book.languages:
        known = listed(dict.fromkeys([READERS, *book.languages]), last="or", limit=20)
        issues.append(Issue(f"it has no texts in “{language}”; expected {known}.", "codebook"))
    if issues:
        of_settings = [issue for issue in issues if issue.file == SETTINGS_FILE]
        of_settings.sort(key=lambda issue: issue.row or 0)
        raise StudyError(dict.fromkeys([*of_settings, *issues]))
    used = {export.country for export in settings.exports}
    warnings += [
        f"{SETTINGS_FILE}: {key} ({country.name}) is declared but no export belongs to it, so it has no report."
        for key, country in settings.countries.items()
        if key not in used
    ]
    return Study(folder, settings, book, tuple(warnings))


def _contradictions(folder: Path, settings: Settings, places: list[int], book: Codebook | None) -> Iterator[KeyIssue]:
    yield from _country_keys(settings)
    for key, country in settings.countries.items():
        yield from _school_spellings(key, country.schools)
        for wave, days in country.fieldwork.items():
            if days[0] > days[1]:
                yield ("countries", key, "fieldwork", wave), "the first day is later than the last."
    blocks: Counter[tuple] = Counter()
    for n, export in zip(places, settings.exports, strict=True):
        place = ("exports", n)
        if export.country not in settings.countries:
            near = suggestion(export.country, settings.countries)
            known = listed(settings.countries, last="or")
            yield (*place, "country"), f"there is no part [countries.{export.country}]; expected {known}.{near}"
        if issue := why_outside(folder, export.file):
            yield (*place, "file"), issue
        for key in ("wave", "language") if export.kind == "survey" else ():
            if getattr(export, key) is None:
                yield (*place, key), "this key is missing."
        same = (export.file, export.country, export.kind, export.wave, export.iteration, export.respondents)
        blocks[same] += 1
        if blocks[same] == 2:
            yield (
                place,
                f"“{export.file}” is given twice for the same country, wave, iteration and respondents, which "
                "would count its rows twice.",
            )
        if book is not None:
            yield from _column_targets(place, export.columns, book)
    if book is not None:
        yield from _scales(settings, book)


def _country_keys(settings: Settings) -> Iterator[KeyIssue]:
    first: dict[str, str] = {}
    for key in settings.countries:
        place = ("countries", key)
        if not _COUNTRY_KEY.fullmatch(key):
            yield (place, "a country's key has 1 to 20 letters (a to z, A to Z), digits or hyphens, a letter first.")
        elif key.casefold() in DEVICES:
            yield place, "no folder can have this name on Windows; choose another key."
        elif key.casefold() in first:
            yield place, f"differs from “{first[key.casefold()]}” only by capital letters."
        first.setdefault(key.casefold(), key)


def _school_spellings(country: str, schools: dict) -> Iterator[KeyIssue]:
    first: dict[str, str] = {}
    for name, school in schools.items():
        place = ("countries", country, "schools", name)
        if not normal(name):
            yield place, "a school needs a name."
        for spelling in dict.fromkeys(map(normal, (name, *school.also))):
            if first.setdefault(spelling, name) != name:
                yield place, f"the spelling “{spelling}” belongs to “{first[spelling]}” already."


def _templates(folder: Path, settings: Settings) -> tuple[list[KeyIssue], list[KeyIssue]]:
    """Why files can't be Word templates, and which of the others don't say where the report goes."""
    given = settings.template
    files = {("template", key): file for key, file in given.items()} if isinstance(given, dict) else {("template",): given}
    known = [*settings.countries, *settings.languages]
    issues, unmarked = [], []
    for place, file in files.items():
        if len(place) > 1 and place[1] not in known:
            issues.append((place, f"expected a country or one of the reports' languages, {listed(known, last='or')}."
                                  f"{suggestion(place[1], known)}"))
        elif file is not None:
            issue, marked = _template(folder, file)
            issues += [(place, issue)] if issue else []
            unmarked += [] if marked or issue else [
                (place, f"“{file}” has text but no paragraph {{{{ report }}}}, so the report goes to its end.")]
    return issues, unmarked


def _template(folder: Path, template: str) -> tuple[str, bool]:
    """Why the file can't be a Word template, nothing if it can; and whether it says where the report goes."""
    if issue := why_outside(folder, template):
        return issue, False
    if PurePosixPath(template).suffix.casefold() != ".docx":
        return f"expected a Word document whose name ends in .docx; found “{template}”.", False
    if not (folder / template).is_file():
        return f"the file “{template}” is missing.", False
    from notebook_documents.word import TemplateError, checked_template

    try:
        return "", checked_template(folder / template)
    except TemplateError as error:
        return str(error), False


def _column_targets(place: tuple, columns: dict[str, str], book: Codebook) -> Iterator[KeyIssue]:
    known = [*RESERVED, *book.items.index, *code_columns(book)]
    first: dict[str, str] = {}
    headers: dict[str, str] = {}
    for header, target in columns.items():
        path = (*place, "columns", header)
        if headers.setdefault(normal(header), header) != header:
            yield path, f"“{headers[normal(header)]}” is the same header."
        item, colon, value = target.partition(":")
        if target in first:
            yield path, f"“{first[target]}” is “{target}” already; expected one header per item."
        first.setdefault(target, header)
        if item not in known:
            yield path, f"the codebook has no item “{item}”{_KINDS_OF_TARGETS}.{suggestion(item, known)}"
        elif colon and book.kind(item) != "multichoice":
            yield path, f"only a multichoice item has a column per answer; “{item}” is {book.kind(item)}."
        elif colon and value_key(value) not in {value_key(known.value) for known in book.values(item)}:
            values = [known.value for known in book.values(item)]
            yield path, f"“{value}” is no value of “{item}”; expected {listed(values, last='or')}."


def _scales(settings: Settings, book: Codebook) -> Iterator[KeyIssue]:
    scales = list(book.scales.index)
    declared = settings.smallest_change_of_interest
    for key, names in (
        ("primary_scales", settings.primary_scales or []),
        ("smallest_change_of_interest", declared if isinstance(declared, dict) else []),
    ):
        for scale, times in Counter(list(names)).items():
            if scale not in scales:
                yield (key,), f"the codebook has no scale “{scale}”.{suggestion(scale, scales)}"
            if times > 1:
                yield (key,), f"“{scale}” stands there {times} times."
