"""Are the reports that lie there what the study gives? Computed again, and compared file by file."""

from __future__ import annotations

import csv
import json
import math
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path

from analysis.checking.inspection import read_everything
from analysis.errors import Issue, StudyError
from analysis.running.manifest import MANIFEST, sha256
from analysis.running.reports import report_specs
from analysis.running.workers import run_reports
from analysis.study.folder import Study
from analysis.study.private import KEY_FILE
from analysis.temporary import temporary_folder
from analysis.texts import listed

RELATIVE = 1e-9
"""How far a number may be off on another machine."""
ABSOLUTE = 1e-12
"""How far a number near zero may be off, where nothing relative can be said."""

IDENTICAL, SAME_NUMBERS, DIFFERENT, FAILED = "identical", "same numbers", "different", "failed"
WITHOUT_KEY = ("the report was made with another key than the study's private/key: whether its inputs{tables} are the same "
               "can't be told.")
OUTCOMES = (IDENTICAL, SAME_NUMBERS, DIFFERENT, FAILED)
"""From best to worst."""


@dataclass(frozen=True)
class Verified:
    """What came of one report: its outcome, how many files were compared, and what differs or why, as sentences."""

    place: str
    outcome: str
    tables: int = 0
    figures: int = 0
    issues: list[str] = field(default_factory=list)


def verified(reports: Path, study: Path, jobs: int) -> list[Verified]:
    """Every report below `reports`, a study's report folder, computed again from `study` and compared.

    Nothing below `reports` is written. Raises `StudyError` where there is no report or the study has errors.
    """
    manifests = dict(_manifests(reports))
    if not manifests:
        raise StudyError([Issue(f"there is no report in “{reports}”; expected a folder such as reports/example.")])
    languages = sorted({manifest["parameters"].get("language", "en") for manifest in manifests.values()})
    with temporary_folder() as folder:
        study = _with_a_key(study, folder)
        found: list[Verified] = []
        for language in languages:
            places = {place: manifest for place, manifest in manifests.items()
                      if manifest["parameters"].get("language", "en") == language}
            found += _compared_with_now(reports, places, read_everything(study, language).study, folder / language, jobs)
    return sorted(found, key=lambda one: list(manifests).index(one.place))


def _with_a_key(study: Path, folder: Path) -> Path:
    """The study, or where it came without its key, a copy that may have another: schools have letters by it."""
    if not study.is_dir() or (study / KEY_FILE).exists():
        return study
    return shutil.copytree(study, folder / "study" / study.resolve().name, symlinks=True)


def _manifests(reports: Path) -> Iterator[tuple[str, dict]]:
    for path in sorted(reports.rglob(MANIFEST)):
        place = path.parent.relative_to(reports)
        if not any(part.startswith(".") for part in place.parts):
            try:
                yield place.as_posix(), json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                raise StudyError([Issue("the file is no manifest that can be read.",
                                            (place / MANIFEST).as_posix())]) from None


def _compared_with_now(reports: Path, manifests: dict[str, dict], study: Study, out: Path, jobs: int) -> list[Verified]:
    countries = dict.fromkeys(export.country for export in study.settings.exports)
    specs = {spec.folder.relative_to(out.resolve() / study.folder.resolve().name).as_posix(): spec
             for spec in report_specs(study, out, countries, (), True)}
    wanted = {place: replace(specs[place], keeps_precise=False) for place in manifests if place in specs}
    results = {result.key: result for result in run_reports(list(wanted.values()), jobs, True)}
    found = []
    for place, manifest in manifests.items():
        if place not in wanted:
            found.append(Verified(place, FAILED, issues=["the study has no such report any more."]))
            continue
        result = results[wanted[place].key]
        if result.status != "made":
            found.append(Verified(place, FAILED, issues=[f"it can't be computed: {result.message}"]))
            continue
        found.append(compared(reports / place, manifest, result.folder, place))
    return found


def compared(then: Path, manifest: dict, now: Path, place: str = "") -> Verified:
    """The tables and figures of two report folders; `manifest` is the one of `then`."""
    again = json.loads((now / MANIFEST).read_text(encoding="utf-8"))
    same_key = manifest.get("key_id") == again["key_id"]
    issues = [*_altered(then, manifest), *_other_inputs(manifest, again, same_key)]
    outcomes = [DIFFERENT] if issues else []
    tables = _names(then, now, "tables", ".csv")
    figures = _names(then, now, "figures", ".svg")
    if not same_key:
        lettered = [name for name in tables if _is_by_school(now / "tables" / f"{name}.csv")]
        tables = [name for name in tables if name not in lettered]
        figures = [name for name in figures if not _is_by_school(now / "figures" / f"{name}.csv")]
        by_school = f" and tables by school ({listed(lettered, limit=9)})" if lettered else ""
        issues.append(WITHOUT_KEY.format(tables=by_school))
    for name in tables:
        outcome, issue = _table(then / "tables" / f"{name}.csv", now / "tables" / f"{name}.csv")
        outcomes.append(outcome)
        issues += [f"tables/{name}.csv: {issue}"] if issue else []
    for name in figures:
        outcome, issue = _figure(then / "figures" / name, now / "figures" / name)
        outcomes.append(outcome)
        issues += [f"figures/{name}: {issue}"] if issue else []
    outcome = max(outcomes, key=OUTCOMES.index, default=IDENTICAL)
    if outcome != IDENTICAL:
        issues += _other_versions(manifest, again)
    return Verified(place, outcome, len(tables), len(figures), issues)


def _altered(folder: Path, manifest: dict) -> list[str]:
    """Files that are no longer what the manifest says was written."""
    return [f"{name}: {'is missing' if not (folder / name).is_file() else 'was altered after the report was made'}."
            for name, known in manifest["files"].items()
            if not (folder / name).is_file() or sha256(folder / name) != known]


def _other_inputs(then: dict, now: dict, same_key: bool) -> list[str]:
    before, after = then["inputs"], now["inputs"]
    issues = [f"input {name}: {_fate(name, before, after)}." for name in sorted(before.keys() | after.keys())
               if (before.get(name) != after.get(name) if same_key else (name in before) != (name in after))]
    if same_key and then.get("linking_decisions") != now.get("linking_decisions"):
        issues.append("the decisions in private/linking-review.csv are not the same as then.")
    return issues


def _fate(name: str, before: dict, after: dict) -> str:
    return "was not there then" if name not in before else "is missing now" if name not in after else "has changed"


def _other_versions(then: dict, now: dict) -> list[str]:
    pairs = [(name, then["packages"].get(name), now["packages"].get(name)) for name in sorted(now["packages"])]
    pairs += [("the workbench", *(f"{one['project']['version']} {one['project']['commit'][:12]}".strip()
                                  for one in (then, now))),
              ("Python", then.get("python"), now["python"])]
    return [f"made with {name} {before}, computed now with {after}." for name, before, after in pairs
            if before != after and before]


def _names(then: Path, now: Path, folder: str, suffix: str) -> list[str]:
    return sorted({path.stem for base in (then, now) for path in (base / folder).glob(f"*{suffix}")})


def _is_by_school(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open(encoding="utf-8", newline="") as file:
        return "school" in next(csv.reader(file), [])


def _table(then: Path, now: Path) -> tuple[str, str]:
    if not (then.is_file() and now.is_file()):
        return DIFFERENT, "is not there any more." if then.is_file() else "was not there then."
    if then.read_bytes() == now.read_bytes():
        return IDENTICAL, ""
    issue = other_number(then, now)
    return (DIFFERENT, issue) if issue else (SAME_NUMBERS, "")


def _figure(then: Path, now: Path) -> tuple[str, str]:
    drawings = [stem.with_name(f"{stem.name}.svg") for stem in (then, now)]
    if all(path.is_file() for path in drawings) and drawings[0].read_bytes() == drawings[1].read_bytes():
        return IDENTICAL, ""
    outcome, issue = _table(*(stem.with_name(f"{stem.name}.csv") for stem in (then, now)))
    if outcome == DIFFERENT:
        return DIFFERENT, issue
    return SAME_NUMBERS, "the same numbers, drawn otherwise."


def other_number(then: Path, now: Path) -> str:
    """The first cell in which two CSV files differ by more than the tolerance, as a sentence; empty if none does."""
    with then.open(encoding="utf-8", newline="") as one, now.open(encoding="utf-8", newline="") as other:
        rows = list(zip_longest(csv.reader(one), csv.reader(other), fillvalue=()))
    heading = rows[0][0] if rows else ()
    for number, (before, after) in enumerate(rows, start=1):
        for position, (was, is_now) in enumerate(zip_longest(before, after, fillvalue="")):
            if was != is_now and not _close(was, is_now):
                column = heading[position] if position < len(heading) else position + 1
                return f"row {number}, column “{column}”: “{was}” then, “{is_now}” now."
    return ""


def _close(one: str, other: str) -> bool:
    try:
        return math.isclose(float(one), float(other), rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    except ValueError:
        return False
