"""Two reports compared before both are given out.

Whoever has two tables that differ by a few respondents can subtract one from the other, and learns of these few. So a
report's bases (how many respondents a figure rests on) are compared with those of the report that it replaces and of all
that were given out.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from analysis.disclosure.policy import Policy
from analysis.errors import Issue, StudyError
from analysis.running.manifest import MANIFEST
from analysis.running.private_files import delimiter_of, write_private_table
from analysis.study.folder import Study
from analysis.study.private import PRIVATE, private_folder

LOG = f"{PRIVATE}/release-log.csv"
LOG_COLUMNS = ["day", "event", "report", "version", "table", "row", "base", "n", "n_before", "before", "day_before", "note"]
RELEASED = f"{PRIVATE}/released"
NOT_PEOPLE = ("n_items", "n_schools")
CASES = ("kind", "value", "label", "category")
"""Columns that part the respondents of one base into cases; their counts are added up."""
ADVICE = "publish only one of the two"

Base = tuple[str, str, str]
"""Table, what tells its row, and column."""


@dataclass(frozen=True)
class Difference:
    """A base that differs by a few from an earlier report's, which was `before` ("made" or "given out") on a day."""

    table: str
    row: str
    base: str
    n: int
    n_before: int
    before: str
    day_before: str


def bases(report: Path) -> dict[Base, int]:
    """The bases of a report: every column `n` and `n_...` of its tables that counts respondents and is not suppressed.

    What stands before the first of them tells the rows; rows that only `CASES` tell apart are one base.
    """
    found: dict[Base, int] = {}
    for path in sorted((report / "tables").glob("*.csv")):
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            rows = csv.DictReader(file)
            columns = list(rows.fieldnames or ())
            counts = [name for name in columns if (name == "n" or name.startswith("n_")) and name not in NOT_PEOPLE]
            telling = [name for name in columns[: columns.index(counts[0])] if name not in CASES] if counts else []
            suppressed = set()
            for row in rows:
                where = ", ".join(row[name] for name in telling if row[name])
                for count in counts:
                    place = path.stem, where, count
                    if (row[count] or "").isdecimal():
                        found[place] = found.get(place, 0) + int(row[count])
                    else:
                        suppressed.add(place)
        for place in suppressed:
            found.pop(place, None)
    return found


def differences(report: Path, earlier: Iterable[Path], minimum: int) -> tuple[Difference, ...]:
    """The bases of `report` that differ by 1 to `minimum` - 1 from those of earlier reports, each compared once.

    The first of these is the report that is about to be replaced, if it is there, the others were given out. Nobody can
    subtract what rests on nobody, so a base of 0 differs from none.
    """
    now, found, compared, policy = bases(report), [], set(), Policy(minimum)
    for folder in earlier:
        made = _manifest(folder)
        if not made or made["digest"] in compared:
            continue
        compared.add(made["digest"])
        before = ("given out", folder.name[:10]) if RELEASED in folder.as_posix() else ("made", made["time"][:10])
        found += [Difference(*place, now[place], n, *before) for place, n in bases(folder).items()
                  if n and now.get(place) and policy.small(abs(now[place] - n))]
    return tuple(found)


def given_out(study: Path, place: str) -> tuple[Path, ...]:
    """The reports of one place (`countries/EE`) that were given out, the latest first, as copied into `private/`."""
    return tuple(sorted((study / RELEASED / place).glob("*-*-*"), reverse=True))


def _manifest(report: Path) -> dict | None:
    try:
        made = json.loads((report / MANIFEST).read_text(encoding="utf-8"))
        return made if {"digest", "time"} <= made.keys() else None
    except (OSError, ValueError, AttributeError):
        return None


def version(report: Path) -> str:
    """What tells this report from others of its place; empty where there is none."""
    made = _manifest(report)
    return f"v{made['digest'][:12]}" if made else ""


def noted(study: Study, name: str, report: Path, place: str, found: tuple[Difference, ...]) -> str:
    """Log the differences, and say in a sentence what they are; `name` and `place` are the report's."""
    if not found:
        return ""
    day, which = _today(), version(report)
    not_kept = _logged(study, [
        [day, "differs", place, which, *astuple(one), ADVICE] for one in found])
    reports = dict.fromkeys(f"the report {one.before} on {one.day_before}" for one in found)
    first = found[0]
    return (f"{name}: bases differ by fewer than {study.settings.minimum_group} from {' and '.join(reports)}, such as "
            f"{first.base} in {first.table}.csv: {first.n_before} then, {first.n} now. Whoever had both could subtract "
            f"them: {ADVICE}. {not_kept or f'{LOG} lists them.'}")


def days_that_clash(study: Study, report: Path, place: str) -> list[str]:
    """The days of the earlier reports that must not be published beside this one, as the log says."""
    log, which = _log(study.folder), version(report)
    mine = log.loc[(log["event"] == "differs") & (log["report"] == place) & (log["version"] == which)]
    return sorted(set(mine["day_before"]))


def release(study: Study, reports: Path) -> list[str]:
    """Note that the reports in `reports` are given out: a copy of their tables in `private/`, and a line in the log.

    Returns sentences. Raises `StudyError` where there is no report or the note can't be kept.
    """
    places = list(_places(reports))
    if not places:
        raise StudyError([Issue(f"there is no report in “{reports}”, so nothing can be given out.")])
    sentences, rows = [], []
    try:
        for place in places:
            report, which = reports / place, version(reports / place)
            earlier = given_out(study.folder, place)
            if any(version(folder) == which for folder in earlier):
                sentences.append(f"{place}: noted before.")
                continue
            copy = private_folder(study.folder) / "released" / place / f"{_today()}-{which}"
            shutil.copytree(report / "tables", copy / "tables")
            shutil.copyfile(report / MANIFEST, copy / MANIFEST)
            rows.append([_today(), "given out", place, which, *[""] * 8])
            sentences.append(f"{place}: noted as given out on {_today()}.")
            sentences.append(noted(study, place, report, place, differences(report, earlier, study.settings.minimum_group)))
        private_folder(study.folder)
    except OSError as error:
        raise StudyError([Issue(f"the note can't be kept ({error.strerror or error}).", RELEASED)]) from None
    return [sentence for sentence in (*sentences, rows and _logged(study, rows)) if sentence]


def _places(reports: Path) -> Iterator[str]:
    for path in sorted(reports.rglob(MANIFEST)):
        place = path.parent.relative_to(reports)
        if version(path.parent) and not any(part.startswith(".") for part in place.parts):
            yield place.as_posix()


def _log(folder: Path) -> pd.DataFrame:
    path = folder / LOG
    if not path.is_file():
        return pd.DataFrame(columns=LOG_COLUMNS)
    log = pd.read_csv(path, sep=delimiter_of(path, ","), dtype=str, keep_default_na=False, encoding="utf-8-sig",
                      encoding_errors="replace", on_bad_lines="skip")
    return log.reindex(columns=LOG_COLUMNS, fill_value="")


def _logged(study: Study, rows: list[list]) -> str:
    """A sentence where the rows could not be added to the log."""
    log = pd.concat([_log(study.folder), pd.DataFrame(rows, columns=LOG_COLUMNS)])
    return " ".join(write_private_table(study.folder, LOG, log, delimiter_of(study.folder / LOG, ",")))


def _today() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d}"
