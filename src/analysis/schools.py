"""How the schools of a country are spelled: one spelling for each, and what looks like two for one."""

from __future__ import annotations

import difflib
import json
from collections import Counter
from collections.abc import Iterator

import pandas as pd

from analysis.settings import School
from analysis.study import Study
from analysis.texts import listed, normal, one_full_stop, quoted, trimmed

ALIKE = 0.8
"""The similarity, as `difflib.SequenceMatcher.ratio` counts it, from which two names are alike."""

MOST_PAIRS = 10
"""Pairs of schools spelled alike that are named for one country."""


def unify_schools(frame: pd.DataFrame, study: Study, country: str) -> list[str]:
    """Writes one spelling per school into the frame; notices what was unified and what may be mistaken.

    Declared names first; other spellings that compare equal become the most frequent one (ties: the first
    in the alphabet).
    """
    settings = study.settings.countries[country]
    target, declared = settings.target_schools, settings.schools
    names = {normal(spelling): name for name, school in declared.items() for spelling in (name, *school.also)}
    here = frame["country"] == country
    counts = Counter(trimmed(school) for school in frame.loc[here, "school"])
    spellings: dict[str, list[str]] = {}
    for spelling in sorted(filter(None, counts), key=lambda spelling: (-counts[spelling], spelling)):
        spellings.setdefault(normal(spelling), []).append(spelling)
    canonical = {"": ""} | {
        spelling: names.get(key, same[0]) for key, same in spellings.items() for spelling in same
    }
    frame.loc[here, "school"] = [canonical[trimmed(school)] for school in frame.loc[here, "school"]]
    found = list(dict.fromkeys(canonical[same[0]] for same in spellings.values()))
    notices = [
        f"{listed(quoted(same))} are taken as one school, “{same[0]}”."
        for key, same in spellings.items()
        if len(same) > 1 and key not in names
    ]
    if strangers := [name for name in found if name not in declared] if declared else []:
        these, are = ("these schools", "are") if len(strangers) > 1 else ("this school", "is")
        notices.append(
            f"{these} {are} in the answers but not in study.toml, which is fine if the spelling is right: "
            f"{listed(quoted(strangers), limit=40)}."
        )
    notices += [
        f"the spelling “{spelling}” of “{name}” is declared in study.toml but stands in no answer."
        for name, school in declared.items()
        for spelling in school.also
        if normal(spelling) not in spellings
    ]
    if study.codebook.kind("school") != "choice":
        pairs = list(_alike(found, declared))
        notices += [_one_or_two(country, *pair, declared) for pair in pairs[:MOST_PAIRS]]
        if more := len(pairs) - MOST_PAIRS:
            notices += [f"{more} more pairs of schools are spelled alike."] * (more > 0)
    if target is not None and len(found) > target:
        notices.append(f"{len(found)} schools were found; the target is {target}.")
    return [one_full_stop(f"{country}: {notice}") for notice in notices]


def _alike(found: list[str], declared: dict[str, School]) -> Iterator[tuple[str, str]]:
    """Pairs of schools spelled alike, unless study.toml declares both; the declared one comes first."""
    names = {normal(name): name for name in (*declared, *found)}
    keys = list(names)
    for place, key in enumerate(keys):
        others = [other for other in keys[place + 1 :] if names[other] not in declared]
        near = set(difflib.get_close_matches(key, others, n=len(others) or 1, cutoff=ALIKE))
        for other in others:
            marks, other_marks = _marks(key), _marks(other)
            if marks and other_marks and marks != other_marks:
                continue
            if other in near or key in other or other in key:
                yield names[key], names[other]


def _marks(key: str) -> set[str]:
    """Words that tell schools of one name apart: numbers and single letters (“School B”)."""
    return {word for word in key.split() if len(word) == 1 or any(letter.isdigit() for letter in word)}


def _one_or_two(country: str, name: str, other: str, declared: dict[str, School]) -> str:
    table = f"[countries.{country}.schools.{json.dumps(name, ensure_ascii=False)}]"
    spelling = json.dumps(other, ensure_ascii=False)
    remedy = f"write in study.toml: {table} and also = [{spelling}]."
    if name in declared:
        remedy = f"add {spelling} to “also” under {table} in study.toml."
    return f"two schools are spelled alike, “{name}” and “{other}”. If they are one, {remedy}"
