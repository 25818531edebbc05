"""A study with doubtful links and double submissions, and its linking review as a run and a person fill it in."""

from __future__ import annotations

import csv
from pathlib import Path

from analysis.linking.decisions import REVIEW_FILE
from analysis.responses import Responses, read_responses
from analysis.running.private_files import write_private_files
from analysis.scales import Panel, panel
from analysis.study.folder import Study, read_study
from panels import HEADER
from support import study_folder, write_csv

TIMED = [*HEADER, "submitted"]
PRE = [
    ["ab12cd", "Rakvere", 1, 2, 3, 4, ""],
    ["ab13cd", "Rakvere", 2, 2, 3, 4, ""],
    ["mm55nn", "Rakvere", 3, 2, 3, 4, ""],
    ["kk77ll", "Rakvere", 3, 3, 3, 4, ""],
    ["kk77ll", "Rakvere", 3, 3, 1, 4, ""],
    ["zz00yy", "Tartu", 3, 3, 1, 1, ""],
]
POST = [
    ["ab1cd", "Rakvere", 1, 2, 3, 5, ""],
    ["mm56nn", "Rakvere", 5, 2, 3, 5, ""],
    ["kk77ll", "Rakvere", 2, 2, 3, 5, ""],
    ["zz0yy", "Tartu", 4, 4, 4, 5, ""],
]


def a_study(folder: Path, pre=PRE, post=POST, **options) -> Path:
    exports = [{"file": "raw/pre.csv"}, {"file": "raw/post.csv", "wave": "post"}]
    study_folder(folder, exports, **options)
    write_csv(folder / "raw" / "pre.csv", [TIMED, *pre])
    write_csv(folder / "raw" / "post.csv", [TIMED, *post])
    return folder


def read(folder: Path) -> tuple[Study, Responses]:
    study = read_study(folder)
    return study, read_responses(study)


def reviewed(folder: Path) -> list[dict[str, str]]:
    """The rows of the review after a run has written it."""
    assert write_private_files(*read(folder)) == []
    with (folder / REVIEW_FILE).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def decide(folder: Path, decisions: dict[tuple[str, str], str], rows: list[dict] | None = None) -> None:
    """Write decisions by the row numbers before and after (as text), as a person would."""
    rows = reviewed(folder) if rows is None else rows
    there = {(row["row_pre"], row["row_post"]) for row in rows}
    assert set(decisions) <= there
    for row in rows:
        row["decision"] = decisions.get((row["row_pre"], row["row_post"]), row["decision"])
    save(folder, rows)


def save(folder: Path, rows: list[dict], **options) -> None:
    write_csv(folder / REVIEW_FILE, [list(rows[0]), *(list(row.values()) for row in rows)], encoding="utf-8-sig", **options)


def panel_of(folder: Path) -> Panel:
    """Estonia's panel of the study as it stands."""
    return panel(*read(folder), "EE")
