"""What the writers share: which items a wave asks, their headers and labels, columns of text cells."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from example.population import DONT_KNOW
from example.questionnaire import questionnaire
from example.retrospective import SCALE as RETROSPECTIVE_SCALE

BACKGROUND = {"teachers": ("subject", "role", "years", "tools", "hours", "comment"), "mentors": ("advice",)}
POST_ONLY_SCALES = ("maturation", "scaffolding", "appropriation", "perceived")
POST_ONLY_ITEMS = ("hours", "comment")
MISSING = ("don't know", "does not apply")
"""Keys of the two answers that count as missing, in the order of the codebook."""


def asked(export: dict) -> list[str]:
    """The items of an export's form in order."""
    form, respondents = questionnaire(), respondents_of(export)
    if export["wave"] == "then":
        return form.items_of(RETROSPECTIVE_SCALE)
    scales, background = form.scales_of(respondents), BACKGROUND.get(respondents, ())
    return [
        name
        for name, item in form.items.items()
        if (item["scale"] in scales or name in background)
        and (export["wave"] == "post" or (item["scale"] not in POST_ONLY_SCALES and name not in POST_ONLY_ITEMS))
    ]


def respondents_of(export: dict) -> str:
    return export.get("respondents", "teachers")


def columns_by_target(export: dict) -> dict[str, str]:
    """Header by item, of the headers that study.toml maps."""
    return {target: header for header, target in export["columns"].items()}


def question(item: str, language: str) -> str:
    return questionnaire().items[item][f"text_{language}"]


def by_key(answer_set: str, column: str, code_prefix: str = "") -> dict[str, str]:
    """A codebook column (a label or the code) by value, and by the two keys of `MISSING`.

    Of several rows for one missing answer, the first whose code has the prefix counts.
    """
    found: dict[str, str] = {}
    missing = iter(MISSING)
    for row in questionnaire().answers[answer_set]:
        if row["value"]:
            found[row["value"]] = row[column]
        elif row["code"].startswith(code_prefix) and row[column] not in found.values():
            found[next(missing)] = row[column]
    return found


def text_column(
    rows: pd.DataFrame, item: str, answers: dict[str, str], number: Callable[[float], str], join: str = ""
) -> list[str]:
    """A column of cells: `answers` by key as in `by_key`, `number` writes numbers, `join` several options."""
    kind = questionnaire().items[item]["kind"]
    if kind == "likert":
        return ["" if np.isnan(x) else answers[_key(x)] for x in rows[item].astype(float)]
    if kind == "number":
        return ["" if np.isnan(x) else number(x) for x in rows[item].astype(float)]
    given = [x if isinstance(x, str) else "" for x in rows[item]]
    if kind == "choice":
        return [answers[x] if x else "" for x in given]
    if kind == "multichoice":
        return [join.join(answers[x] for x in cell.split(";")) if cell else "" for cell in given]
    return given


def _key(x: float) -> str:
    return f"{x:g}" if x > 0 else MISSING[0] if x == DONT_KNOW else MISSING[1]


def labelled_columns(
    rows: pd.DataFrame, export: dict, number: Callable[[float], str], join: str
) -> dict[str, list[str]]:
    """Columns by question text, answers as labels in the export's language."""
    form, language = questionnaire(), export["language"]
    labels = {name: by_key(name, f"label_{language}") for name in form.answers}
    return {
        question(item, language): text_column(
            rows, item, labels.get(form.items[item]["answers"], {}), number, join
        )
        for item in asked(export)
    }


def write_csv(path: Path, columns: dict[str, list[str]], delimiter: str, encoding: str, quoting: int) -> None:
    """Writes columns of equal length; lines end as on Windows."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, quoting=quoting, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    path.write_bytes(buffer.getvalue().encode(encoding))
