"""Letters in place of the names of schools: A, B, ... Z, AA ..., for reports that leave the country.

A list of a study's schools is often public, and so are this code and the study's seed. The order of the letters
therefore hangs on the key in the study's `private/`, which no reader of a report has.
"""

from __future__ import annotations

from collections.abc import Iterable
from string import ascii_uppercase

import pandas as pd

from analysis.study.folder import Study
from analysis.study.private import keyed_digest, private_key
from analysis.texts import normal

NOT_GIVEN = "(not given)"
OTHER_SCHOOLS = "other schools"


def school_letters(study: Study, frame: pd.DataFrame, country: str) -> dict[str, str]:
    """The letter of every school of a country, by its real name, in the order of the letters.

    The schools are those that study.toml declares and those in `frame`, the answers of
    `analysis.responses.Responses`, whoever gave them. The order is that of a keyed digest of each name, the same in
    every run as long as the schools and the key are.
    """
    here = frame.loc[frame["country"] == country]
    names = {name for name in [*study.settings.countries[country].schools, *here["school"]] if name}
    key = private_key(study)

    def place(name: str) -> tuple[str, str]:
        return keyed_digest(key, f"{country}\0{normal(name)}".encode()), name

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
