"""What a school is told of itself, beside its country: a record per school and per hub of schools, as plain values.

Colleagues know each other, so a school is protected as a country is: of its matched, baseline-only and follow-up-only
teachers nobody stays, or at least `minimum_group`, on each scale and item.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from analysis.disclosure.policy import Policy
from analysis.disclosure.protection import ProtectedPanel, protected
from analysis.language import Language, spoken
from analysis.pseudonyms import school_letters
from analysis.sections import participation
from analysis.sections.estimates import varies
from analysis.sections.results import of_country
from analysis.staging import Staging
from analysis.statistics.shrinkage import shrunken_means
from analysis.study.folder import Study
from analysis.study.populations import TEACHERS, WAVES, Population

FEATURED = 3
"""Items shown with the highest means, and with the lowest."""
Samples = dict[str, ProtectedPanel]


def school_records(staging: Staging, country: str) -> list[dict]:
    """A record of every school that teachers of a country named, then of every hub, each of the latest iteration shown.

    `name`, `hub` (bool), `schools` (names), `language`, `iteration`, `minimum`; `n`: for pre, post and matched the number
    of teachers and whether it is exact, else there are at least so many (None: nothing is said); `waves`: those shown;
    `scales`: `scale`, `range` and per wave a cell; `items` of the latest wave shown and the answer set that most have, by
    mean: `item`, `answers` and a cell. A cell has `n`, `mean`, `low`, `high` (None where fewer than three schools can be
    compared, and of items) and `digits`; of a scale also the `country`'s mean with its `country_digits`. There is no cell
    that would tell answers.
    """
    found: dict[tuple[bool, str], dict] = {}
    for population in staging.populations(country):
        if population.respondents == TEACHERS.respondents:
            found |= {key: record for record in _records(staging, country, population)
                      if (key := (record["hub"], record["name"])) not in found or record["waves"]}
    return [found[key] for key in sorted(found)]


def _records(staging: Staging, country: str, population: Population) -> Iterator[dict]:
    study, frame = staging.study, staging.responses.frame
    results = of_country(staging.panel(country, population), [participation], Language())
    whole, counts = results.panel, results.table("participation").set_index("school")
    shown = study.settings.school_names == "show"
    names = {school if shown else letter: school for school, letter in school_letters(study, frame, country).items()}
    answers = frame.loc[(frame["country"] == country) & population.among(frame)]
    samples = {school: protected(whole.part((whole.respondents["school"] == school).to_numpy()), whole.policy)
               for school in (whole.school_names if whole.cluster is not None else ())}
    alone = _estimates(whole, {school: [school] for school in samples}, samples)
    hubs = {hub: list(members) for hub, members in whole.schools.groupby("hub").groups.items()}
    units = [(False, names[school], [school], {key: cells[school] for key, cells in alone.items()}) for school in samples]
    for hub, members in hubs.items():
        others = {school: [school] for school in samples if school not in members}
        cells = _estimates(whole, {hub: members} | others, samples)
        units.append((True, hub, members, {key: of[hub] for key, of in cells.items()}))
    for is_hub, name, members, cells in units:
        yield {"name": name, "hub": is_hub, "schools": sorted(names[school] for school in members), "country": country,
               "language": _language(study, answers.loc[answers["school"].isin([names[school] for school in members])]),
               "iteration": population.iteration, "minimum": whole.policy.minimum,
               "n": _counts(whole, members, counts)} | _results(whole, [samples[school] for school in members], cells)


def _language(study: Study, answers: pd.DataFrame) -> str:
    """That of most of the answers, if reports and codebook have it, else the study's first."""
    languages = {(export.file, export.wave): export.language for export in study.settings.surveys}
    most = Counter(languages[place] for place in zip(answers["file"], answers["wave"], strict=True)).most_common(1)
    code = most[0][0].replace("_", "-").split("-")[0].lower() if most else ""
    return code if code in spoken() and code in study.codebook.languages else study.settings.languages[0]


def _counts(whole: ProtectedPanel, members: list[str], published: pd.DataFrame) -> dict[str, tuple[int, bool] | None]:
    """How many answered: as the country's participation has it, where it has all the schools; else a lower bound."""
    respondents = whole.respondents.loc[whole.respondents["school"].isin(members), list(WAVES)].notna()
    own = {**respondents.sum().to_dict(), "matched": int(respondents.all(axis=1).sum())}
    rows = published.reindex(members)
    found = {}
    for name, number in own.items():
        if rows[f"n_{name}"].notna().all():
            found[name] = int(rows[f"n_{name}"].sum()), True
        else:  # a matched teacher answered both surveys, so their number says nothing of who answered one
            bound = rows["n_matched"].sum() if rows["n_matched"].notna().all() else whole.policy.at_least(int(number))
            found[name] = int(bound), False
        if not whole.policy.enough(found[name][0]):
            found[name] = None
    return found


def _estimates(whole: ProtectedPanel, units: Mapping[str, list[str]], samples: Samples) -> dict[tuple, dict]:
    """By scale and wave a cell for each unit of schools, drawn towards the mean of all units with enough answers."""
    policy, found = whole.policy, {}
    for scale, items in whole.items.items():
        limits = whole.study.codebook.range(items[0]) if items else None
        for wave in whole.waves_of[scale]:
            everybody = whole.scores[wave][scale].dropna().to_numpy(float)
            values = {unit: _given([samples[school] for school in members], "scores", wave, scale)
                      for unit, members in units.items()}
            enough = [unit for unit, own in values.items() if len(own) and policy.enough(len(own))]
            cells = dict.fromkeys(units)
            if policy.enough(len(everybody)) and (policy.public or varies(everybody)) and enough:
                fit = shrunken_means(np.concatenate([values[unit] for unit in enough]),
                                     np.repeat(np.arange(len(enough)), [len(values[unit]) for unit in enough]))
                for at, unit in enumerate(enough):
                    mean = fit.own[at] if fit.note else fit.estimate[at]
                    if cell := _cell(policy, values[unit], limits, mean, fit.low[at], fit.high[at]):
                        digits = _digits(policy, len(everybody))
                        cells[unit] = cell | {"country": round(float(everybody.mean()), digits), "country_digits": digits}
            found[scale, wave] = cells
    return found


def _given(samples: list[ProtectedPanel], kind: str, wave: str, name: str) -> np.ndarray:
    """The scores or answers of the schools that have enough of them."""
    parts = [getattr(sample, kind)[wave][name].dropna().to_numpy(float) for sample in samples]
    return np.concatenate([part for part, sample in zip(parts, samples, strict=True)
                           if sample.policy.enough(len(part))] or [np.empty(0)])


def _cell(policy: Policy, values: np.ndarray, limits: tuple | None, mean: float, low=np.nan, high=np.nan) -> dict | None:
    """A mean as it is shown, or None: too few answers, all alike, or so near an end that they tell nearly all."""
    hidden = not policy.public and (not varies(values) or (limits is not None and policy.mean_tells(values, *limits)))
    if not len(values) or not policy.enough(len(values)) or hidden:
        return None
    digits = _digits(policy, len(values))
    low, high = (None if np.isnan(end) else round(float(end), digits) for end in (low, high))
    return {"n": policy.at_least(len(values)), "mean": round(float(mean), digits), "low": low, "high": high,
            "digits": digits}


def _digits(policy: Policy, n: int) -> int:
    return policy.digits(pd.Series({"n": n}), "mean")


def _results(whole: ProtectedPanel, samples: list[ProtectedPanel], cells: dict) -> dict:
    """The scales with at least one cell, the waves that have any, and the items of the latest of these, by mean."""
    waves = [wave for wave in WAVES if any(cell for (_scale, of), cell in cells.items() if of == wave)]
    book, scales, items = whole.study.codebook, [], []
    for scale, asked in whole.items.items():
        own = {wave: cells[scale, wave] for wave in waves if cells.get((scale, wave))}
        if own:
            scales.append({"scale": scale, "range": book.range(asked[0]) if asked else None} | {"waves": own})
        for item in asked if waves else ():
            if item in whole.asked[waves[-1]] and (limits := book.range(item)):
                values = _given(samples, "answers", waves[-1], item)
                if cell := _cell(whole.policy, values, limits, values.mean() if len(values) else np.nan):
                    items.append({"item": item, "answers": book.items.at[item, "answers"]} | cell)
    common = Counter(item["answers"] for item in items).most_common(1)  # means of other answers can't be compared with them
    items = [item for item in items if item["answers"] == common[0][0]]
    return {"waves": waves, "scales": scales, "items": sorted(items, key=lambda item: -item["mean"])}


def featured(items: list[dict]) -> tuple[list[dict], list[dict]]:
    """The items with the highest means, and those with the lowest, the lowest first; none is among both."""
    many = min(FEATURED, len(items) // 2)
    return items[:many], items[len(items) - many:][::-1]
