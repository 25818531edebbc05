"""What a spreadsheet program may have made of respondents' codes, as far as it can be told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from babel import Locale, UnknownLocaleError

from analysis.numerals import counted
from analysis.texts import normal
from survey_exports.issues import named_rows
from survey_exports.table import Cell

_DATE = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}(?:[t ]\d{1,2}:\d{2}(?::\d{2})?)?|\d{1,2}([./])\d{1,2}\1\d{2,4}|\d{1,2}-\d{1,2}-\d{4}"
)
_DAY_AND_MONTH = re.compile(r"\d{1,2}[-. /]{1,2}([^\W\d_]{3,})\.?(?:[-. /]\d{2,4})?|([^\W\d_]{3,})\.?[-. /]\d{1,4}")
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?e\+\d{1,3}")
_WHOLE = re.compile(r"\d+")
_MOST_ALIKE = 0.6
"""Share of the codes of digits only that must have one length for the shorter ones to be noticed."""


def code_warnings(cells: Sequence[Cell], rows: np.ndarray, in_workbook: bool, language: str) -> list[str]:
    """Sentences on codes that look as if Excel had changed them; they name rows, never a code.

    `language` is the export's: the names of its months, and of the English ones, are known. Excel makes dates of
    `01MAR` and `3-5`, powers of ten of `12E5`, and leaves out zeros at the beginning.
    """
    texts = {place: normal(cell) for place, cell in enumerate(cells) if isinstance(cell, str) and cell.strip()}
    numbers = [place for place, cell in enumerate(cells) if isinstance(cell, float)]
    months = _months("en") | _months(language)
    found = (
        ("looks like a date, as Excel makes", "look like dates, as Excel makes them", "of codes such as 01MAR or 3-5",
         [place for place, text in texts.items() if _is_date(text, months)]),
        ("is a number with a power of ten, as Excel makes", "are numbers with a power of ten, as Excel makes them",
         "of codes such as 12E5", [place for place, text in texts.items() if _SCIENTIFIC.fullmatch(text)]),
        ("is a number", "are numbers", "in the workbook, where zeros that a code may begin with are lost",
         numbers if in_workbook and _lengths_differ(cells) else []),
        ("has fewer digits", "have fewer digits", "than most, so that zeros at the beginning may be lost", _shorter(texts)),
    )
    return [
        f"{counted(len(places), 'code')} {one if len(places) == 1 else many} {what} "
        f"({named_rows(rows[places])}); compare with the survey tool's own export"
        for one, many, what, places in found if places]


def _is_date(text: str, months: frozenset[str]) -> bool:
    if _DATE.fullmatch(text):
        return True
    found = _DAY_AND_MONTH.fullmatch(text)
    return found is not None and (found[1] or found[2]) in months


def _months(language: str) -> frozenset[str]:
    """The months' names and abbreviations in a language, as they are compared, without a full stop."""
    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return frozenset()
    names = (normal(name).rstrip(".") for forms in locale.months.values() for width in ("wide", "abbreviated")
             for name in forms.get(width, {}).values())
    return frozenset(short for name in names for short in (name, name[:3]))


def _lengths_differ(cells: Sequence[Cell]) -> bool:
    written = (str(int(cell)) if isinstance(cell, float) else cell for cell in cells if isinstance(cell, (str, float)))
    return len({len(text.strip()) for text in written if text.strip()}) > 1


def _shorter(texts: dict[int, str]) -> list[int]:
    """The places of codes of digits only that are shorter than most, unless a code begins with a zero."""
    digits = {place: text for place, text in texts.items() if _WHOLE.fullmatch(text)}
    if not digits or any(text.startswith("0") and len(text) > 1 for text in digits.values()):
        return []
    (usual, count), *_ = Counter(map(len, digits.values())).most_common(1)
    if usual < 3 or count < _MOST_ALIKE * len(digits):
        return []
    return [place for place, text in digits.items() if len(text) < usual]
