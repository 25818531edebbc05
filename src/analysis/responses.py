"""All exports of a study as one checked frame: a row per respondent and wave."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import combinations

import pandas as pd

from analysis.coding.exports import CodedExport, coded_export
from analysis.coding.suggestions import not_understood
from analysis.errors import Issue, StudyError
from analysis.linking.decisions import Resolved, decisions_on
from analysis.linking.links import normalised_code
from analysis.schools import declared_spellings, unify_schools
from analysis.study.categories import code_columns, one_spelling
from analysis.study.codebook import READERS, RESERVED
from analysis.study.folder import Study
from analysis.study.populations import TEACHERS, are_teachers
from analysis.study.settings import Export
from analysis.study.settings_file import SETTINGS_FILE
from analysis.texts import listed, normal, suggestion

_KEYS = ["country", "respondents", "iteration", "wave"]
_OF_BLOCK = ("file", "country", "wave", "iteration", "respondents", "language")
_OF_FILE = ("encoding", "delimiter", "decimal", "sheet", "recognised", "dropped", "suggested")
_FEWEST_ANSWERS = 20
MOST_ROWS = 100_000_000
"""The labels of the first country's rows begin with 0, of the second's with this, and so on."""
_ONE_SURVEY = (
    "expected each survey's own answers. Name the right file in study.toml, or, if it holds both surveys side by side, "
    "name each one's columns under its [exports.columns]."
)


@dataclass(frozen=True)
class ExportRecord:
    """What was found in one [[exports]] block.

    `rows` are responses. `encoding` and `delimiter` are empty where the
    format has none, `decimal` where no number shows one. `unread` are headers nobody asked for, never read
    further; `lacking` are the codebook's items that the export doesn't ask. `recognised` gives the header of
    every target as [exports.columns] would name it (`p1`, `code`, `tools:tablet`); `dropped` the rows that are
    not responses, per reason; `suggested` the target that a header which is not read may be meant for;
    `first_submitted` and `last_submitted` the times known of the responses.
    """

    file: str
    country: str
    wave: str
    iteration: int
    respondents: str
    language: str
    rows: int
    encoding: str
    delimiter: str
    decimal: str
    sheet: str
    unread: tuple[str, ...]
    lacking: tuple[str, ...]
    recognised: dict[str, str] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)
    first_submitted: dt.datetime | None = None
    last_submitted: dt.datetime | None = None
    suggested: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Responses:
    """The answers of a study.

    `frame` has a row per respondent and wave, labelled by numbers that no other country's answers change: country,
    respondents, iteration (int), wave, school, code, submitted (datetime64[us]), language, file, row (as a spreadsheet
    shows it), then a column per item of the codebook: likert and number float, nan missing, not reversed; choice the
    codebook's value or None; multichoice the values joined by `;` in the codebook's order, empty where none was chosen,
    None missing; text str or None. Last comes a column `<item>_code` per text item that an export has categories of,
    given by a person (`comment_code`): they are joined by `;`, empty where none was given, None missing.
    `asked` has a row (country, respondents, iteration, wave, item) per item that an export of that wave asks.
    `warnings` are sentences on what is not wrong but worth knowing. `decisions` is what a person decided about links
    and double submissions in `private/linking-review.csv`, `context` the files that join respondents by `school` or `code`.
    """

    frame: pd.DataFrame
    asked: pd.DataFrame
    warnings: list[str] = field(default_factory=list)
    exports: list[ExportRecord] = field(default_factory=list)
    decisions: Resolved = field(default_factory=Resolved)
    context: list[CodedExport] = field(default_factory=list)


def coded_of(study: Study, export: Export) -> CodedExport:
    """One export of the study, coded; what is wrong stands in its `issues`."""
    others = [other for other in study.settings.exports if other is not export and other.file == export.file]
    schools = study.settings.countries[export.country].schools
    spellings = [spelling for name, school in schools.items() for spelling in (name, *school.also)]
    export = export if export.language else export.model_copy(update={"language": READERS})
    return coded_export(study.folder, export, study.codebook, others, spellings)


def read_responses(study: Study, countries: Iterable[str] | None = None,
                   coded: Callable[[Study, Export], CodedExport] = coded_of) -> Responses:
    """Read the exports of the countries named, or of all; `coded` gives what one of them holds.

    Raises `StudyError` with every issue about every export read, or else about the decisions in the review.
    """
    declared = study.settings.countries
    wanted = list(declared) if countries is None else list(dict.fromkeys(countries))
    if unknown := [key for key in wanted if key not in declared]:
        known = listed(declared, last="or")
        raise StudyError(
            Issue(f"the study has no country “{key}”; expected {known}.{suggestion(key, declared)}", SETTINGS_FILE)
            for key in unknown
        )
    every = [coded(study, export) for export in study.settings.exports if export.country in wanted]
    read, context = ([one for one in every if one.export.kind == kind] for kind in ("survey", "context"))
    issues = [issue for one in every for issue in one.issues]
    issues += _without_key(context, study)
    issues += _without_scales(read, study)
    issues += _read_twice(read, study)
    issues += _given_twice(read)
    if issues:
        raise StudyError(dict.fromkeys(issues))
    frame = _joined(read, study)
    if issues := _codes_as_schools(frame):
        raise StudyError(issues)
    warnings = [*study.warnings, *(warning for one in every for warning in one.warnings)]
    warnings += _without_reserved(read)
    warnings += _of_nobody(context, frame, study)
    for key in wanted:
        warnings += unify_schools(frame, study, key)
    decisions = decisions_on(frame, study, wanted)
    warnings += decisions.warnings
    records = [record_of(one, study, every) for one in read]
    return Responses(frame, _asked(read, study), list(dict.fromkeys(warnings)), records, decisions, context)


def joined_by(context: CodedExport) -> str:
    """The item by which a context file joins respondents: their code if it has one, else their school."""
    return next((item for item in ("code", "school") if item in context.headers or item in context.recognised), "")


def _without_key(context: list[CodedExport], study: Study) -> list[Issue]:
    """Context files without a column to join by, or with two rows for one."""
    issues = []
    for one in (one for one in context if one.read):
        key = joined_by(one)
        if not key:
            issues.append(Issue("expected a column with the school or the respondent's code, by which the other columns "
                                "join the answers; name it under [exports.columns].", one.export.file, 1))
            continue
        keys = join_keys(study, one.export.country, key, one.frame[key])
        twice = one.frame.loc[keys.duplicated() & (keys != "")]
        issues += [Issue(f"this {key} has a row already; expected one row each.", one.export.file, int(row), key)
                   for row in twice["row"]]
    return issues


def join_keys(study: Study, country: str, by: str, cells: pd.Series) -> pd.Series:
    """Schools or codes (`by`) in the form in which a context file's and the answers' are compared."""
    if by == "code":
        return cells.map(lambda code: normalised_code(code, study.settings.codes))
    spellings = declared_spellings(study, country)
    return cells.map(lambda name: normal(spellings.get(normal(name), name)))


def _of_nobody(context: list[CodedExport], frame: pd.DataFrame, study: Study) -> list[str]:
    """How many rows of a context file join no respondent."""
    warnings = []
    for one in context:
        country, key = one.export.country, joined_by(one)
        here = frame.loc[(frame["country"] == country) & (frame["respondents"] == one.export.respondents), key]
        keys, there = (join_keys(study, country, key, cells) for cells in (one.frame[key], here))
        n = int((~keys.isin(set(there))).sum())
        if n:
            warnings.append(f"{one.export.file}: {n} of {len(one.frame)} rows join no respondent by their {key}.")
    return warnings


def _without_scales(read: list[CodedExport], study: Study) -> list[Issue]:
    """Exports with no scale item though their respondents have scales: teachers, or who has one elsewhere."""
    if not len(study.codebook.scales):
        return []
    with_scales = {TEACHERS.respondents} | {one.export.respondents for one in read if one.asks_scales}
    return [
        Issue(
            "none of the headers is an item of a scale; expected at least one for these respondents "
            f"({one.export.respondents}).{not_understood(one.unread, one.suggested, study.codebook)}",
            one.export.file,
            1,
        )
        for one in read
        if one.read
        and one.headers.keys() - RESERVED.keys()
        and not one.asks_scales
        and one.export.respondents in with_scales
    ]


def _read_twice(read: list[CodedExport], study: Study) -> list[Issue]:
    """Columns of a file that two blocks take for the same scale items: one issue where they are all of them."""
    issues = []
    for before, one in combinations(read, 2):
        if before.export.file != one.export.file:
            continue
        waves = f"for {before.export.wave} and for {one.export.wave}"
        asked = {item for item in (*before.headers, *one.headers) if study.codebook.scale_of(item)}
        same = [item for item in asked if before.headers.get(item) == one.headers.get(item)]
        if len(same) > 1 and len(same) == len(asked):
            issues.append(Issue(
                f"the file is given {waves}, and the same columns are read for both; {_ONE_SURVEY}", one.export.file))
            continue
        issues += [
            Issue(
                f"the header is read as “{item}” twice, {waves}; name it in the [exports.columns] of the block it "
                "belongs to.", one.export.file, 1, one.headers[item])
            for item in one.headers if item in same
        ]
    return issues


def _given_twice(read: list[CodedExport]) -> list[Issue]:
    """Files that hold the same respondents with the same answers throughout, so that one of them stands in a wrong place.

    The files may differ in form, in the order of rows and in times. Fewer than 20 answers may be equal by chance.
    """
    issues = []
    for before, one in combinations(read, 2):
        if before.export.file == one.export.file or before.headers.keys() != one.headers.keys():
            continue
        if len(before.frame) != len(one.frame) or _content(before) != _content(one):
            continue
        if one.frame[_answered(one)].notna().sum().sum() >= _FEWEST_ANSWERS:
            issues.append(Issue(
                f"the codes and answers are those of {before.export.file}, row by row, as if it were one file saved "
                f"twice; {_ONE_SURVEY}", one.export.file))
    return issues


def _answered(one: CodedExport) -> list[str]:
    return [item for item in one.headers if item not in ("code", "school", "submitted", "language")]


def _content(one: CodedExport) -> Counter[tuple]:
    """Each respondent's code and answers, however often they stand there."""
    cells = one.frame[["code", *sorted(_answered(one))]].astype(object)
    return Counter(cells.where(cells.notna(), None).itertuples(index=False, name=None))


def _codes_as_schools(frame: pd.DataFrame) -> list[Issue]:
    """Schools of one answer that are called as a respondent's code elsewhere, with letters and digits."""
    teachers = frame.loc[are_teachers(frame)]
    codes = set(teachers["code"].map(normal))
    schools = teachers["school"].map(normal)
    codelike = schools.map(lambda name: any(map(str.isdigit, name)) and any(map(str.isalpha, name)))
    wrong = teachers.loc[codelike & schools.isin(codes) & ~schools.duplicated(keep=False)]
    return [
        Issue("the cell that names the school holds a respondent's code; expected the school's name.",
                  row.file, row.row, "school")
        for row in wrong.itertuples()
    ]


def _joined(read: list[CodedExport], study: Study) -> pd.DataFrame:
    order = [*_KEYS, "school", "code", "submitted", "language", "file", "row", *study.codebook.items.index]
    order += [column for column in code_columns(study.codebook) if any(column in one.headers for one in read)]
    frames = []
    for one in read:
        export, frame = one.export, one.frame.copy()
        frame["iteration"] = export.iteration
        for name in ("country", "respondents", "wave", "file"):
            frame[name] = pd.Series([getattr(export, name)] * len(frame), dtype=object)
        for column in order:
            if column not in frame.columns:
                frame[column] = pd.Series([None] * len(frame), dtype=object)
        frames.append(frame[order])
    filled = [frame for frame in frames if len(frame)]
    joined = pd.concat(filled or frames[:1], ignore_index=True) if frames else pd.DataFrame(columns=order)
    for column in order[order.index("row") + 1 + len(study.codebook.items) :]:
        joined[column] = one_spelling(joined[column])
    place = joined["country"].map({key: place for place, key in enumerate(study.settings.countries)})
    return joined.set_axis(place.astype(int) * MOST_ROWS + joined.groupby("country").cumcount())


def _asked(read: list[CodedExport], study: Study) -> pd.DataFrame:
    rows = [
        (*(getattr(one.export, key) for key in _KEYS), item)
        for one in read for item in one.headers if item in study.codebook.items.index
    ]
    return pd.DataFrame(list(dict.fromkeys(rows)), columns=[*_KEYS, "item"])


def _without_reserved(read: list[CodedExport]) -> list[str]:
    said = {
        "code": "has no code, so its answers can't be linked to the other wave",
        "school": "names no school, so its answers can't be clustered by school",
    }
    return [
        f"{one.export.named} {sentence}."
        for one in read for item, sentence in said.items() if item not in one.headers
    ]


def record_of(one: CodedExport, study: Study, every: Iterable[CodedExport]) -> ExportRecord:
    """What was found in an export, as far as it could be read; `every` are all the study's, it among them.

    An item without a scale that only other respondents or files of context have is not one it lacks.
    """
    times = one.frame["submitted"].dropna()
    items = study.codebook.items
    asked: dict[bool, set[str]] = {True: set(), False: set()}
    for other in every:
        asked[(other.export.kind, other.export.respondents) == ("survey", one.export.respondents)] |= other.headers.keys()
    expected = set(items.index[items["scale"].isin(["", *study.codebook.scales_of(one.export.respondents)])])
    expected -= asked[False] - asked[True]
    return ExportRecord(
        **{name: getattr(one.export, name) for name in _OF_BLOCK}, **{name: getattr(one, name) for name in _OF_FILE},
        rows=len(one.frame), unread=tuple(one.unread),
        lacking=tuple(item for item in study.codebook.items.index if item not in one.headers and item in expected),
        first_submitted=times.min().to_pydatetime() if len(times) else None,
        last_submitted=times.max().to_pydatetime() if len(times) else None,
    )
