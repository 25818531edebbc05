"""Schools that may be one school spelt in two ways: a suggestion with the lines for study.toml, never a merge."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import pandas as pd
from rapidfuzz import fuzz, process

from analysis.study.folder import Study
from analysis.study.settings import School
from analysis.texts import normal

ALIKE = 80.0
"""Similarity of two names, as `rapidfuzz.fuzz.token_sort_ratio` counts it (0 to 100), from which they are alike."""

_LONGEST = 70
"""Letters in a line for study.toml, so that it can be read and copied where lines are short."""

COLUMNS = ["school", "other", "n_school", "n_other", "likeness", "study_toml"]


def alike_schools(frame: pd.DataFrame, study: Study, country: str) -> pd.DataFrame:
    """Pairs of a country's schools whose names are alike, the most alike first; `COLUMNS`.

    `frame` is that of `Responses`. `n_school` and `n_other` are answers, `school` is the declared name or else the
    one with more answers; `study_toml` is what study.toml says if all that is alike is one school. Names that differ
    in a number or a single letter (“School B”) are two schools, and so are names that study.toml declares both.
    Empty where the codebook lists the schools.
    """
    if study.codebook.kind("school") == "choice":
        return pd.DataFrame(columns=COLUMNS)
    declared = study.settings.countries[country].schools
    counts = frame.loc[frame["country"] == country, "school"].value_counts().drop("", errors="ignore")
    alike: dict[str, dict[str, float]] = {}
    for school, other, likeness in _pairs(sorted(counts.index, key=lambda name: (-counts[name], name)), declared):
        if not any({school, other} <= {first, *others} for first, others in alike.items()):
            alike.setdefault(school, {})[other] = likeness
    rows = [
        [school, other, int(counts.get(school, 0)), int(counts.get(other, 0)), likeness,
         _block(country, school, others, declared)]
        for school, others in alike.items() for other, likeness in others.items()
    ]
    found = pd.DataFrame(rows, columns=COLUMNS)
    return found.sort_values("likeness", ascending=False, kind="stable", ignore_index=True)


def _pairs(found: list[str], declared: dict[str, School]) -> Iterator[tuple[str, str, float]]:
    names = {normal(name): name for name in (*declared, *found)}
    keys = [_bare(name) for name in names]
    spelt = list(names.values())
    marks = [_marks(key) for key in keys]
    likeness = process.cdist(keys, keys, scorer=fuzz.token_sort_ratio)
    for place, key in enumerate(keys):
        for further in range(place + 1, len(keys)):
            other = keys[further]
            alike = likeness[place, further] >= ALIKE or key in other or other in key
            if not alike or spelt[further] in declared:
                continue
            if marks[place] and marks[further] and marks[place] != marks[further]:
                continue
            yield spelt[place], spelt[further], round(float(likeness[place, further]), 1)


def _bare(name: str) -> str:
    """A compared name without the marks around its words: quotation marks, brackets, full stops and commas.

    Names of nothing else stay as they are.
    """
    return " ".join(filter(None, (word.strip("\"'.,()") for word in name.split()))) or name


def _marks(key: str) -> set[str]:
    """Words that tell schools of one name apart: numbers and single letters (“School B”)."""
    return {word for word in key.split() if len(word) == 1 or any(letter.isdigit() for letter in word)}


def _block(country: str, name: str, others: Iterable[str], declared: dict[str, School]) -> str:
    also = [*(declared[name].also if name in declared else ()), *others]
    spellings = [json.dumps(spelling, ensure_ascii=False) for spelling in also]
    written = f"also = [{', '.join(spellings)}]"
    if len(written) > _LONGEST:
        written = "\n".join(("also = [", *(f"  {spelling}," for spelling in spellings), "]"))
    return f"[countries.{country}.schools.{json.dumps(name, ensure_ascii=False)}]\n{written}"
