"""Tiny study folders for tests."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from analysis.errors import StudyError
from analysis.responses import Responses, read_responses
from analysis.study.folder import read_study
from analysis.study.private import KEY_FILE
from writers import Rows, write_csv, write_ods, write_openpyxl, write_sav, write_xlsx

__all__ = [
    "ANSWERS", "COUNTRY", "EXPORT", "ITEMS", "PRE", "SCALES", "issues", "responses", "study_folder", "with_settings",
    "write_csv", "write_ods", "write_openpyxl", "write_sav", "write_xlsx",
]

SCALES = [
    ["scale", "label_en", "label_et", "instrument", "source"],
    ["pedagogy", "Pedagogical practices", "Õpetamispraktikad", "own", ""],
    ["leadership", "Leadership", "Juhtimine", "own", ""],
]
ITEMS = [
    ["item", "scale", "kind", "answers", "reversed", "constant", "text_en", "text_et"],
    [
        "p1",
        "pedagogy",
        "likert",
        "agree",
        "no",
        "",
        "I plan lessons with others",
        "Kavandan tunde koos teistega",
    ],
    ["p2", "pedagogy", "likert", "agree", "yes", "", "I teach alone", "Õpetan üksi"],
    ["p3", "pedagogy", "likert", "agree", "no", "", "I try new tools", "Proovin uusi vahendeid"],
    ["l1", "leadership", "likert", "agree", "no", "", "Leaders support me", "Juhid toetavad mind"],
    ["gender", "", "choice", "gender", "no", "yes", "Gender", "Sugu"],
    ["tools", "", "multichoice", "tools", "no", "", "Tools I use", "Kasutatavad vahendid"],
    ["years", "", "number", "", "no", "", "Years as a teacher", "Tööaastaid"],
    ["comment", "", "text", "", "no", "", "Anything else?", "Midagi veel?"],
]
ANSWERS = [
    ["answers", "value", "code", "label_en", "label_et"],
    ["agree", "1", "A1", "Strongly disagree", "Ei nõustu üldse"],
    ["agree", "2", "A2", "Disagree", "Ei nõustu"],
    ["agree", "3", "A3", "Neither", "Ei seda ega teist"],
    ["agree", "4", "A4", "Agree", "Nõustun"],
    ["agree", "5", "A5", "Strongly agree", "Nõustun täielikult"],
    ["agree", "", "99", "Don't know", "Ei tea"],
    ["gender", "f", "", "Woman", "Naine"],
    ["gender", "m", "", "Man", "Mees"],
    ["tools", "tablet", "", "Tablet", "Tahvel"],
    ["tools", "board", "", "Board, interactive", "Tahvel, puutetundlik"],
    ["tools", "phone", "", "Phone", "Telefon"],
    ["tools", "", "", "Nothing of these", "Mitte midagi"],
]
PRE = [
    ["code", "school", "p1", "p2", "p3", "l1"],
    ["AB12", "Rakvere", "1", "5", "3", "2"],
    ["CD34", "Tartu", "2", "4", "", "3"],
]

EXPORT = '[[exports]]\ncountry = "EE"\nwave = "pre"\nfile = "raw/pre.csv"\nlanguage = "en"\n'
KEY = "5e" * 32
COUNTRY = '[countries.EE]\nname = "Estonia"\n'


def study_folder(
    folder: Path,
    exports: Iterable[Mapping[str, object]] = ({"file": "raw/pre.csv"},),
    *,
    scales: Rows = SCALES,
    items: Rows = ITEMS,
    answers: Rows = ANSWERS,
    settings: str = "",
    countries: Mapping[str, str] | None = None,
) -> Path:
    """Writes study.toml, the codebook and a key into `folder` and returns it.

    Each export is the keys of one [[exports]] block; country EE, wave pre and language en are filled in.
    `settings` are lines at the head of study.toml, `countries` the lines under each country's key.
    """
    (folder / "raw").mkdir(parents=True, exist_ok=True)
    head = settings if "title" in settings else f'title = "A study"\n{settings}'
    lines = [head]
    for key, text in (countries or {"EE": 'name = "Estonia"'}).items():
        lines += [f"[countries.{key}]", text]
    for export in exports:
        survey = {} if export.get("kind") == "context" else {"wave": "pre", "language": "en"}
        block = {"country": "EE", **survey, **export}
        columns = block.pop("columns", {})
        lines += ["[[exports]]", *(f"{key} = {json.dumps(value)}" for key, value in block.items())]
        lines += [
            "[exports.columns]",
            *(
                f"{json.dumps(header, ensure_ascii=False)} = {json.dumps(target)}"
                for header, target in columns.items()
            ),
        ]
    (folder / "study.toml").write_text("\n".join(lines), encoding="utf-8")
    (folder / "private").mkdir(exist_ok=True)
    (folder / KEY_FILE).write_text(KEY, encoding="utf-8")
    for name, rows in (("scales", scales), ("items", items), ("answers", answers)):
        write_csv(folder / "codebook" / f"{name}.csv", rows)
    return folder


def responses(folder: Path) -> Responses:
    """All answers of the study in `folder`."""
    return read_responses(read_study(folder))


def issues(folder: Path) -> list[str]:
    """What reading the study in `folder` complains about, as the command line prints it."""
    with pytest.raises(StudyError) as raised:
        responses(folder)
    return [str(issue) for issue in raised.value.issues]


def with_settings(folder: Path, text: str) -> Path:
    """A study folder with this study.toml."""
    study_folder(folder)
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return folder
