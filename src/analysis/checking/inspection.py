"""Reading a whole study before anything is made of it, as far as its errors allow."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from analysis.coding.exports import CodedExport
from analysis.errors import Issue, StudyError
from analysis.quality.answers import Panels, missing_answers, panels_of, with_school_names
from analysis.quality.findings import Finding, findings
from analysis.responses import ExportRecord, Responses, coded_of, record_of
from analysis.staging import Staging
from analysis.study.codebook import READERS
from analysis.study.folder import Study, read_study
from analysis.texts import listed


def read_everything(folder, language: str = READERS) -> Staging:
    """Read the study and every export, whatever country is asked for, its words to be shown in the language.

    Raises `StudyError` with all errors.
    """
    staging = Staging(read_study(folder, language))
    assert staging.responses is not None
    return staging


@dataclass(frozen=True)
class UnknownAnswer:
    """A text that `n` cells of one column hold and no answer set knows, and the label or value it is most like.

    Of a text that may be personal, `answer` is the shape.
    """

    file: str
    item: str
    header: str
    answer: str
    n: int
    nearest: str


@dataclass(frozen=True)
class Inspection:
    """All that can be told about a study folder, for its owner: real school names, nothing suppressed, no code, no text.

    `study` is None where study.toml or the codebook has errors. `responses`, `panels` and `findings` leave out the files
    that have errors, the last two also every country that has such a file.
    `with_errors` are the exports of these files, as far as they could be read; an export that could not has no recognised
    header.
    """

    issues: tuple[Issue, ...] = ()
    study: Study | None = None
    responses: Responses | None = None
    with_errors: tuple[ExportRecord, ...] = ()
    unknown: tuple[UnknownAnswer, ...] = ()
    panels: Panels = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def warnings(self) -> list[str]:
        """Sentences on what is not wrong but worth knowing, about the study as a whole and about its exports.

        Those on the schools of a country that has a file with errors are left out, for some may stand in that file.
        """
        told = self.responses.warnings if self.responses else self.study.warnings if self.study else ()
        apart = tuple(f"{export.country}: " for export in self.with_errors)
        asked = self.study.settings.unsaid if self.study else []
        return [*(warning for warning in told if not warning.startswith(apart)),
                *[f"a reader will ask for {listed(asked)}: study.toml can say it under [setting]; what it doesn't say, "
                  "the reports leave out."] * bool(asked)]

    def missing_in(self, export: ExportRecord) -> pd.DataFrame:
        """The `missing_answers` of one of the exports in `responses`."""
        return missing_answers(self.study, self.responses, export)


def inspected(folder: Path | str, now: pd.Timestamp | None = None) -> Inspection:
    """A study folder read as far as it can be. Raises nothing that a user can mend: that stands in `issues`.

    `now` (default: the clock) tells which dates lie in the future.
    """
    try:
        study = with_school_names(read_study(folder))
    except StudyError as error:
        return Inspection(error.issues)
    issues: tuple[Issue, ...] = ()
    with_errors: list[CodedExport] = []
    try:
        staging = Staging(study)
        responses = staging.responses
    except StudyError as error:
        issues = error.issues
        files = {issue.file for issue in issues}
        with_errors = [coded_of(study, export) for export in study.settings.exports if export.file in files]
        staging = Staging(_without(study, files))
        responses = _responses_of(staging)
    if responses is None:
        return Inspection(issues, study, None, *_told(with_errors, study))
    whole = {key for key in study.settings.countries if key not in {one.export.country for one in with_errors}}
    panels = {place: of_country for place, of_country in panels_of(staging).items() if place[0] in whole}
    found = findings(staging.study, responses, panels, pd.Timestamp.now() if now is None else now)
    return Inspection(
        issues, study, responses, *_told(with_errors, study), panels,
        tuple(finding for finding in found if finding.country in whole))


def _without(study: Study, files: set[str]) -> Study:
    kept = [export for export in study.settings.exports if export.file not in files]
    return replace(study, settings=study.settings.model_copy(update={"exports": kept}))


def _responses_of(staging: Staging) -> Responses | None:
    try:
        return staging.responses if staging.study.settings.exports else None
    except StudyError:
        return None


def _told(with_errors: list[CodedExport], study: Study) -> tuple[tuple[ExportRecord, ...], tuple[UnknownAnswer, ...]]:
    records = tuple(record_of(one, study, with_errors) for one in with_errors)
    unknown = tuple(
        UnknownAnswer(one.export.file, item, one.headers.get(item, item), answer, n, nearest)
        for one in with_errors for item, answers in one.unknown.items() for (answer, nearest), n in answers.most_common()
    )
    return records, unknown
