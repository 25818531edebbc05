"""From cells to coded answers, column by column: by code, value or label, and what was expected otherwise."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd

from analysis.coding.answer_sets import AnswerSet, Unknown, hint
from analysis.coding.quoting import Quoting
from analysis.study.codebook import LARGEST_NUMBER
from analysis.texts import LETTERS_LOST, letters_lost, normal, plain_number, trimmed
from survey_exports.issues import ByMessage
from survey_exports.table import Cell, cell_text

_ADDRESS = re.compile(r"\S+@\S+\.\w+")
_MAY_BE_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")

TICKED = frozenset({"yes", "true", "1", "x", "y"})
"""What a column of one option may hold where it was chosen, beside the option's own texts."""

NOT_TICKED = frozenset({"no", "false", "0", "n", "not selected", "unchecked"})
"""What a column of one option may hold where it was not chosen, beside nothing."""

YES_AND_NO = {
    "bg": ("да", "не"), "cs": ("ano", "ne"), "da": ("ja", "nej"), "de": ("ja", "nein"), "el": ("ναι", "όχι"),
    "es": ("sí", "no"), "et": ("jah", "ei"), "fi": ("kyllä", "ei"), "fr": ("oui", "non"), "hr": ("da", "ne"),
    "hu": ("igen", "nem"), "it": ("sì", "no"), "ka": ("დიახ", "არა"), "lt": ("taip", "ne"), "lv": ("jā", "nē"),
    "nb": ("ja", "nei"), "nl": ("ja", "nee"), "nn": ("ja", "nei"), "no": ("ja", "nei"), "pl": ("tak", "nie"),
    "pt": ("sim", "não"), "ro": ("da", "nu"), "ru": ("да", "нет"), "sk": ("áno", "nie"), "sl": ("da", "ne"),
    "sv": ("ja", "nej"), "uk": ("так", "ні"),
}
"""Yes and no by language, as LimeSurvey's full answers say of each option whether it was chosen."""


def coded(
    cells: np.ndarray, rows: np.ndarray, meaning: Callable[[Cell], object], missing: object, quoting: Quoting
) -> tuple[np.ndarray, ByMessage]:
    """Each cell's meaning as an object array, `missing` where it is empty or an error, and the errors.

    `meaning` is asked once per distinct cell and raises `Unknown`; `quoting` says how much of the cell may be told.
    """
    places, distinct = pd.factorize(cells, use_na_sentinel=False)
    counts = np.bincount(places, minlength=1)
    means = np.full(len(distinct) + 1, missing, dtype=object)
    unknown: dict[int, str] = {}
    for place, cell in enumerate(distinct):
        if isinstance(cell, str) and not cell.strip():
            continue
        try:
            means[place] = meaning(cell)
        except Unknown as error:
            shown = quoting.shown(error.text, int(counts[place]), error.likeness) + " " if error.text else ""
            unknown[place] = f"{shown}{error}"
    messages = pd.Series(places).map(unknown).dropna() if unknown else pd.Series(dtype=object)
    issues = {message: rows[at.to_numpy()] for message, at in messages.groupby(messages, sort=False).groups.items()}
    return means[places], issues


def one_answer(answers: AnswerSet, cell: Cell, label: str) -> str | None:
    """What a cell of a likert or choice item means; `label` is the file's own for it (SPSS), as in what follows."""
    text = _no_date(cell)
    if not label or not answers.knows(label):
        return answers.meaning(text)
    meant = answers.meaning(label)
    if answers.knows(text) and answers.meaning(text) != meant:
        raise Unknown(
            f"the file labels {text} “{label}”, which the codebook gives the value {meant or '(missing)'}, "
            f"not {answers.meaning(text) or '(missing)'}; expected them to agree.")
    return meant


def several_answers(answers: AnswerSet, cell: Cell, label: str) -> str | None:
    """What a cell of a multichoice item in one column means: the values chosen, joined by `;`."""
    text = _no_date(cell)
    if answers.knows(text):
        return answers.meaning(text)
    found = _divisions(text, answers)
    if len(found) > 1:
        raise Unknown(f"can be divided into answers in more than one way; expected {answers.expected}.", text, 1)
    if not found:
        pieces = map(str.strip, text.split(";" if ";" in text else ","))
        raise answers.unknown(next(piece for piece in pieces if not answers.knows(piece)))
    return joined(answers, found.pop())


def joined(answers: AnswerSet, values: Iterable[str | None]) -> str | None:
    """The chosen values in the codebook's order, joined by `;`; None if all of them count as missing."""
    chosen = set(values)
    if chosen and chosen <= {None}:
        return None
    return ";".join(value.value for value in answers.values if value.value in chosen)


def _divisions(text: str, answers: AnswerSet) -> set[frozenset[str | None]]:
    """Every way to divide the text at `;` or `,` into known answers; at most two are looked for."""
    pieces = text.strip().rstrip(";,").strip()
    marks = [i for i, letter in enumerate(pieces) if letter in ";,"] + [len(pieces)]
    starts = [0] + [mark + 1 for mark in marks[:-1]]
    ways: list[set[frozenset[str | None]]] = [set() for _ in range(len(marks) + 1)]
    ways[0] = {frozenset()}
    for end, mark in enumerate(marks, start=1):
        for begin in range(max(end - 1 - answers.separators, 0), end):
            if ways[begin] and answers.knows(piece := pieces[starts[begin] : mark].strip()):
                ways[end] |= {way | {answers.meaning(piece)} for way in list(ways[begin])[:2]}
    return ways[-1]


def one_option(answers: AnswerSet, value: str, in_words: bool, cell: Cell, label: str) -> bool | None:
    """Whether a cell of the column of one option says that the option was chosen; None if it counts as missing.

    `in_words`: the column is for what was written beside “other”, so that any words say that it was chosen.
    """
    own_words = YES_AND_NO.get(answers.language.partition("-")[0], ())
    ticks = dict.fromkeys(TICKED, True) | dict.fromkeys(NOT_TICKED, False)
    ticks |= dict(zip(map(normal, own_words), (True, False), strict=False))
    text = _no_date(cell)
    texts = [one for one in (label, text) if one]
    for one in texts:
        if answers.knows(one) and answers.meaning(one) == value:
            return True
        if normal(one) in ticks:
            return ticks[normal(one)]
    if any(answers.knows(one) and answers.meaning(one) is None for one in texts):
        return None
    if in_words:
        return True
    known = answers.knows(text)
    own = next(one for one in answers.values if one.value == value)
    option = f"“{own.labels.get(answers.language, value)}”" if known else f"this option of the set “{answers.name}”"
    yes, no = (f" ({word})" for word in own_words) if own_words else ("", "")
    raise Unknown(
        f"does not say whether {option} was chosen; expected the option's own text, yes{yes}, true, 1, "
        f"x or y, or nothing, no{no}, false, 0 or n.{hint(text)}", text,
        likeness=1 if known or hint(text) else answers.nearest(text)[1],
    )


def number(limits: tuple[float, float], unit: str, cell: Cell, label: str) -> float:
    """What a cell of a number item means: a plain decimal number within the limits, which may be infinite."""
    text = _no_date(cell)
    found = cell if isinstance(cell, float) else plain_number(text)
    if found is None:
        wrong = "is not a number"
    elif not abs(found) <= LARGEST_NUMBER:
        wrong = "is too large to be read as a number"
    elif not limits[0] <= found <= limits[1]:
        wrong = "is outside the limits of the codebook"
    else:
        return found
    raise Unknown(f"{wrong}; expected {_expected_number(*limits, unit)}.", text)


def _expected_number(lowest: float, highest: float, unit: str) -> str:
    if np.isinf(lowest) and np.isinf(highest):
        return "digits, with at most one decimal mark"
    bounds = (f"of at most {highest:g}" if np.isinf(lowest) else f"of at least {lowest:g}" if np.isinf(highest) else
              f"from {lowest:g} to {highest:g}")
    return f"a number {bounds}" + f" ({unit})" * bool(unit)


def words(cell: Cell, label: str) -> str:
    """An open answer as it was written, or the file's own label for it."""
    return label or trimmed(cell_text(cell))


def name(cell: Cell, label: str) -> str:
    """A school's name as it was written, or the file's own label for it.

    A date, an e-mail address and a name with lost letters are errors.
    """
    text = label or trimmed(_no_date(cell))
    if _ADDRESS.fullmatch(text):
        raise Unknown("is no school; expected its name.", text)
    if letters_lost(text):
        raise Unknown(f"is no name of a school. {LETTERS_LOST}", text, likeness=1)
    return text


def categories(cell: Cell, label: str) -> str:
    """The categories that a person gave an open answer, joined by `;`."""
    return ";".join(dict.fromkeys(filter(None, map(trimmed, (label or _no_date(cell)).split(";")))))


def code(cell: Cell, label: str) -> str:
    """A respondent's code as it was written; a date is an error, since Excel makes dates of codes."""
    if not isinstance(cell, (str, float)):
        raise Unknown(
            "the code is a date; Excel turns codes such as 01MAR or 3-5 into dates; expected the code as it was typed.")
    return cell_text(cell).strip()


def _no_date(cell: Cell) -> str:
    if isinstance(cell, (dt.date, dt.time)):
        raise Unknown(
            "the cell is a date; Excel turns answers such as 3-5 into dates; expected the answer as it was given.")
    return cell_text(cell).strip()


def decimal_mark(
    columns: Mapping[int, np.ndarray], rows: np.ndarray, quoting: Quoting
) -> tuple[str, dict[int, ByMessage]]:
    """The decimal mark of a file's numbers (cells per column): `.`, `,` or empty where none is used, and the issues.

    Both marks in one file are errors, and so is a mark that could as well part thousands (`1,234`) unless
    another number of the file shows what it is.
    """
    numbers = [(place, row, cell.strip()) for place, cells in columns.items()
               for row, cell in zip(rows.tolist(), cells, strict=True)
               if isinstance(cell, str) and plain_number(cell) is not None]
    marked = {mark: found for mark in ".," if (found := [number for number in numbers if mark in number[2]])}
    if not marked:
        return "", {}
    mark = min(marked, key=lambda mark: len(marked[mark]))
    if len(marked) == 2:
        why = "has another decimal mark than the file's other numbers; expected one mark in one file."
    elif all(_MAY_BE_THOUSANDS.fullmatch(text) for *_, text in marked[mark]):
        why = ("may have a decimal mark or one that parts thousands, and no other number of the file tells which; "
               "expected the number without the mark, or with another count of decimals.")
    else:
        return mark, {}
    issues: dict[int, dict[str, list[int]]] = {}
    for place, row, text in marked[mark]:
        issues.setdefault(place, {}).setdefault(f"{quoting.shown(text)} {why}", []).append(row)
    return mark if len(marked) == 1 else "", issues
