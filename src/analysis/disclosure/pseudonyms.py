"""Letters in place of the names of schools: A, B, ... Z, AA ..., for reports that leave the country.

A list of a study's schools is often public, and so are this code and the study's seed. The order of the letters
therefore hangs on something that no reader of a report has: the codes that teachers wrote in the first survey, and
where codes were handed out, which may be numbers that anyone can guess, their answers too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from string import ascii_uppercase

import pandas as pd

from analysis.study.folder import Study
from analysis.texts import normal

NOT_GIVEN = "(not given)"
OTHER_SCHOOLS = "other schools"


def school_letters(study: Study, frame: pd.DataFrame, country: str) -> dict[str, str]:
    """The letter of every school of a country, by its real name, in the order of the letters.

    The schools are those that study.toml declares and those in `frame`, the answers of
    `analysis.responses.Responses`, whoever gave them. The order is that of a keyed hash of each name, the same on
    every machine, whatever the order of the rows; it changes if a school or a code of the first survey does.
    """
    here = frame.loc[frame["country"] == country]
    names = {name for name in [*study.settings.countries[country].schools, *here["school"]] if name}
    key = hashlib.sha256(f"{study.settings.seed}\0{country}\0{_first_survey(here, study.settings.codes)}".encode()).digest()

    def place(name: str) -> tuple[str, str]:
        return hashlib.blake2b(normal(name).encode(), key=key).hexdigest(), name

    return {name: letters(number) for number, name in enumerate(sorted(names, key=place))}


def letters(number: int) -> str:
    """The name of a column in a spreadsheet, counted from 0: A ... Z, AA, AB ..."""
    name = ""
    while number >= 0:
        name = ascii_uppercase[number % 26] + name
        number = number // 26 - 1
    return name


def shown_schools(study: Study, frame: pd.DataFrame, country: str, schools: pd.Series) -> pd.Series:
    """The schools as reports show them: letters, or the names where `school_names = "show"`; empty stays empty."""
    if study.settings.school_names == "show":
        return schools
    return schools.map(school_letters(study, frame, country) | {"": ""}).astype(schools.dtype)


def in_order(schools: Iterable[str]) -> list[str]:
    """Distinct schools for a table: names by the alphabet, letters as a spreadsheet's columns, joined, not given last."""
    last = {OTHER_SCHOOLS: 1, NOT_GIVEN: 2}
    distinct = set(schools)
    lettered = all(name.isascii() and name.isalpha() and name.isupper() for name in distinct - set(last))
    return sorted(distinct, key=lambda name: (last.get(name, 0), len(name) if lettered else 0, name))


def _first_survey(frame: pd.DataFrame, codes: str) -> str:
    """What the first survey's teachers wrote that no report tells: codes of their own making, or else all answers."""
    first = frame.sort_values(["iteration"], kind="stable")
    first = first.loc[first["iteration"] == first["iteration"].min()]
    first = first.loc[first["wave"] == "pre"] if (first["wave"] == "pre").any() else first
    written = sorted(normal(code) for code in first["code"] if code)
    if not written or codes == "assigned":
        answers = first.drop(columns=["school", "file", "row"])
        written = sorted("\x1f".join(map(str, row)) for row in answers.itertuples(index=False, name=None))
    return "\x1e".join(written)
