"""How the schools of a country are spelled: one spelling for each."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from analysis.study.folder import Study
from analysis.texts import listed, normal, one_full_stop, quoted, trimmed


def declared_spellings(study: Study, country: str) -> dict[str, str]:
    """The name of a school by every spelling that study.toml declares, in the form in which spellings are compared."""
    declared = study.settings.countries[country].schools
    return {normal(spelling): name for name, school in declared.items() for spelling in (name, *school.also)}


def unify_schools(frame: pd.DataFrame, study: Study, country: str) -> list[str]:
    """Writes one spelling per school into the frame; warnings what was unified and what study.toml does not know.

    Declared names first; other spellings that compare equal become the most frequent one (ties: the first
    in the alphabet).
    """
    settings = study.settings.countries[country]
    target, declared = settings.target_schools, settings.schools
    names = declared_spellings(study, country)
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
    warnings = [
        f"{listed(quoted(same))} are taken as one school, “{same[0]}”."
        for key, same in spellings.items()
        if len(same) > 1 and key not in names
    ]
    if strangers := [name for name in found if name not in declared] if declared else []:
        these, are = ("these schools", "are") if len(strangers) > 1 else ("this school", "is")
        warnings.append(
            f"{these} {are} in the answers but not in study.toml, which is fine if the spelling is right: "
            f"{listed(quoted(strangers), limit=40)}."
        )
    warnings += [
        f"the spelling “{spelling}” of “{name}” is declared in study.toml but stands in no answer."
        for name, school in declared.items()
        for spelling in school.also
        if normal(spelling) not in spellings
    ]
    named = frame.loc[here & (frame["school"] != "")]
    most = named.groupby("iteration")["school"].nunique().max() if len(named) else 0
    if target is not None and most > target:
        warnings.append(f"{most} schools were found; the target is {target}.")
    return [one_full_stop(f"{country}: {warning}") for warning in warnings]
