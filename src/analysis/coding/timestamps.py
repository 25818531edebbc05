"""When an answer was submitted: the formats survey tools write, the order of day and month from evidence."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np

from analysis.coding.answer_sets import Unknown
from analysis.coding.answers import coded
from analysis.coding.quoting import Quoting
from analysis.numerals import counted
from survey_exports.issues import ByMessage
from survey_exports.table import Cell, cell_text

UNKNOWN_TIME = np.datetime64("NaT", "us")

_STAMP = re.compile(
    r"""(?P<a>\d{1,4})(?P<mark>[-./])\s?(?P<b>\d{1,2})(?P=mark)\s?(?P<c>\d{1,4})\.?
    (?:(?:T|,?\s+(?:klo\s+)?)(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?
    \s*(?P<half>[ap]\.?m\.?)?)?
    \s*(?:Z|(?:UTC|GMT)?\s?[+-]\d{1,2}(?::?\d{2})?|UTC|GMT|EET|EEST|CET|CEST)?""",
    re.IGNORECASE | re.VERBOSE,
)
_NOT_SUBMITTED = dt.datetime(1980, 1, 1)


def submission_times(cells: np.ndarray, rows: np.ndarray, quoting: Quoting) -> tuple[np.ndarray, ByMessage, list[str]]:
    """The times as datetime64[us], by the clock as written (a time zone is dropped); issues; and warnings.

    NaT stands for an empty cell, for 1980-01-01 (which LimeSurvey and its kin write for an answer that was
    not submitted), and for all cells if nothing tells the day from the month.
    """
    order = _day_order(cells)
    if not order:
        message = (
            "some dates in this column have the day first and some the month; expected one order, or dates such as "
            "2023-03-31.")
        return np.full(len(cells), UNKNOWN_TIME), {message: rows[:1]}, []
    times, issues = coded(cells, rows, lambda cell: _time(cell, order), UNKNOWN_TIME, quoting)
    times = times.astype("datetime64[us]")
    warnings = []
    if order == "?":
        warnings.append("the times of submission are not used: nothing tells the day from the month (such as 03/04/2023)")
        times[:] = UNKNOWN_TIME
    not_submitted = times == np.datetime64(_NOT_SUBMITTED)
    if n := int(not_submitted.sum()):
        warnings.append(
            f"{counted(n, 'time')} of submission {'are' if n > 1 else 'is'} 1980-01-01, which means that the "
            "answer was not submitted; taken as not known")
        times[not_submitted] = UNKNOWN_TIME
    return times, issues, warnings


def _day_order(cells: np.ndarray) -> str:
    """`dmy` or `mdy` for dates with a slash or hyphen and the year last, `?` if open, nothing if they contradict."""
    stamps = (_STAMP.fullmatch(cell.strip()) for cell in {cell for cell in cells if isinstance(cell, str)})
    open_ = {(int(stamp["a"]), int(stamp["b"])) for stamp in stamps
             if stamp and stamp["mark"] != "." and len(stamp["a"]) <= 2}
    days_first, days_second = (any(pair[place] > 12 for pair in open_) for place in (0, 1))
    if days_first and days_second:
        return ""
    return "dmy" if days_first or all(a == b for a, b in open_) else "mdy" if days_second else "?"


def _time(cell: Cell, order: str) -> np.datetime64:
    if isinstance(cell, dt.datetime):
        return np.datetime64(cell.replace(tzinfo=None), "us")
    if isinstance(cell, dt.date):
        return np.datetime64(cell, "us")
    text = cell_text(cell).strip()
    found = _STAMP.fullmatch(text) if isinstance(cell, str) else None
    if found is None:
        raise Unknown("is not a time of submission; expected a date and a time such as 2023-03-31 14:05.", text)
    year, month, day = found["c"], found["b"], found["a"]
    if len(found["a"]) == 4:
        year, day = day, year
    elif found["mark"] != "." and order == "mdy":
        month, day = day, month
    if len(year) not in (2, 4):
        raise Unknown("is not a time of submission; expected a year of four digits.", text)
    hour = int(found["hour"] or 0)
    if found["half"]:
        hour = hour % 12 + 12 * (found["half"][0] in "pP")
    try:
        minute, second = (int(found[part] or 0) for part in ("minute", "second"))
        when = dt.datetime(int(year) + 2000 * (len(year) == 2), int(month), int(day), hour, minute, second)
    except ValueError:
        raise Unknown("is no date of the calendar or time of the day.", text) from None
    return np.datetime64(when, "us")
