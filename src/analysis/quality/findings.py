"""What in a study's answers is worth a look: each finding a sentence, with the rows it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.linking.links import link, normalised_code
from analysis.numerals import counted
from analysis.quality.answers import Panels, missing_answers, school_counts, straight_liners
from analysis.quality.dates import far_from_others, future, within_other_survey
from analysis.quality.numbers import implausible
from analysis.quality.spellings import alike_schools
from analysis.responses import Responses
from analysis.study.folder import Study
from analysis.study.populations import WAVES, are_teachers
from analysis.texts import listed, quoted

WHEN = {"pre": "before", "post": "after", "then": "looking back"}
_GROUP = ["country", "respondents", "iteration", "wave"]
_ROWS_NAMED = 8
_FEWEST = 10
_FEWEST_PAIRS = 5
_NEARLY_ALL = 0.9
_MOST = 0.5


@dataclass(frozen=True)
class Finding:
    """One thing worth a look.

    `kind` is one of `KINDS` (those in `FIRST` put all results in doubt), `n` what it counts, `rows` the (file, row) of
    the answers it is about.
    `message` may name schools, files and rows, never a code or an open answer; for the owner only. `more` are lines
    to paste.
    """

    kind: str
    country: str
    n: int
    message: str
    wave: str = ""
    rows: tuple[tuple[str, int], ...] = ()
    more: str = ""


FIRST = ("waves_swapped",)
KINDS = (*FIRST, "one_wave", "school_in_one_wave", "schools_alike", "item_in_one_wave", "mostly_missing", "no_school",
         "code_in_two_schools", "two_exports", "future", "far_from_others", "within_other_wave", "pre_after_post",
         "implausible_number", "straight_liners")


def findings(study: Study, responses: Responses, panels: Panels, now: pd.Timestamp) -> list[Finding]:
    """All that is worth a look, by country in the order of study.toml, then in the order of `KINDS`.

    `panels` are those of `quality.panels_of`, `now` the time now.
    """
    frame = responses.frame
    found = [
        *_waves(study, responses), *_schools(study, frame, panels), *_items(responses), *_mostly_missing(study, responses),
        *_reserved(frame), *_codes(frame.loc[frame["respondents"] != "raters"], study.settings.codes), *_dates(frame, now),
        *_order_of_links(frame, panels), *_numbers(study, frame), *_careless(panels),
    ]
    countries = list(study.settings.countries)
    return sorted(found, key=lambda finding: (countries.index(finding.country), KINDS.index(finding.kind)))


def _waves(study: Study, responses: Responses) -> Iterator[Finding]:
    teachers = responses.frame.loc[are_teachers(responses.frame)]
    for country in dict.fromkeys(export.country for export in responses.exports):
        waves = set(teachers.loc[teachers["country"] == country, "wave"]) & set(WAVES)
        if len(waves) == 1:
            (wave,) = waves
            yield Finding("one_wave", country, 1, f"only answers {WHEN[wave]} mentoring are there, so nothing can be "
                          "compared yet.", wave)


def _schools(study: Study, frame: pd.DataFrame, panels: Panels) -> Iterator[Finding]:
    for country in study.settings.countries:
        for row in alike_schools(frame, study, country).itertuples():
            yield Finding(
                "schools_alike", country, 1, f"“{row.school}” ({counted(row.n_school, 'answer')}) and “{row.other}” "
                f"({counted(row.n_other, 'answer')}) may be one school. If they are, study.toml needs:",
                more=row.study_toml)
    for (country, _), panel in panels.items():
        counts = school_counts(panel).query("school != ''")
        if not (counts["n_pre"].any() and counts["n_post"].any()):
            continue
        for wave, other in (WAVES, WAVES[::-1]):
            if only := list(counts.loc[counts[f"n_{other}"] == 0, "school"]):
                have = "one school has" if len(only) == 1 else f"{len(only)} schools have"
                yield Finding("school_in_one_wave", country, len(only),
                              f"{have} answers only {WHEN[wave]} mentoring: {listed(quoted(only), limit=40)}.", wave)


def _items(responses: Responses) -> Iterator[Finding]:
    asked = responses.asked.loc[are_teachers(responses.asked)]
    for (country, _), of_country in asked.groupby(["country", "iteration"], sort=False):
        items = {wave: list(dict.fromkeys(of_country.loc[of_country["wave"] == wave, "item"])) for wave in WAVES}
        if not all(items.values()):
            continue
        for wave, other in (WAVES, WAVES[::-1]):
            only = [item for item in items[wave] if item not in items[other]]
            if only:
                yield Finding("item_in_one_wave", country, len(only),
                              f"asked only {WHEN[wave]} mentoring: {listed(runs(only), limit=60)}.", wave)


def _mostly_missing(study: Study, responses: Responses) -> Iterator[Finding]:
    for export in responses.exports:
        missing = missing_answers(study, responses, export)
        if said := [f"{row.item} ({row.missing} of {row.n})" for row in missing.itertuples()
                    if study.codebook.kind(row.item) != "text" and row.n >= _FEWEST and row.share >= _MOST]:
            yield Finding("mostly_missing", export.country, len(said), f"{export.file}: left without an answer by at least "
                          f"half {WHEN[export.wave]}: {listed(said, limit=40)}. Is each column the right one?", export.wave)


def _reserved(frame: pd.DataFrame) -> Iterator[Finding]:
    for (country, _, _, wave), rows in frame.groupby(_GROUP, sort=False):
        lacking = rows.loc[rows["school"] == ""]
        if len(lacking) and len(lacking) < len(rows):
            have = "has" if len(lacking) == 1 else "have"
            yield _about(lacking, "no_school", country, wave,
                         f"{counted(len(lacking), 'answer')} {WHEN[wave]} {have} no school")


def _codes(frame: pd.DataFrame, codes: str) -> Iterator[Finding]:
    for (country, _, _, wave), rows in frame.groupby(_GROUP, sort=False):
        coded = rows.assign(code=rows["code"].map(lambda code: normalised_code(code, codes)))
        coded = coded.loc[coded["code"] != ""]
        files = coded.groupby(["school", "code"])["file"].transform("nunique")
        twice = coded.loc[files > 1]
        if people := len(twice[["school", "code"]].drop_duplicates()):
            yield _about(twice, "two_exports", country, wave, f"{counted(people, 'respondent')} answered {WHEN[wave]} "
                         "mentoring in two exports, such as two language versions", people)
        placed = coded.loc[coded["school"] != ""]
        schools = placed.groupby("code")["school"].transform("nunique")
        shared = placed.loc[schools > 1]
        if number := shared["code"].nunique():
            yield _about(shared, "code_in_two_schools", country, wave,
                         f"{counted(number, 'code')} {WHEN[wave]} stand{'' if number > 1 else 's'} in more than one "
                         "school, and links are made within a school only", number)


def _dates(frame: pd.DataFrame, now: pd.Timestamp) -> Iterator[Finding]:
    for (country, _, _), of_country in frame.groupby(_GROUP[:3], sort=False):
        sides = {wave: rows["submitted"] for wave, rows in of_country.groupby("wave", sort=False)}
        late = {wave: future(times, now) for wave, times in sides.items()}
        sides = {wave: times.mask(late[wave]) for wave, times in sides.items()}
        swapped = {}
        if set(WAVES) <= sides.keys():
            swapped = dict(zip(WAVES, within_other_survey(*(sides[wave] for wave in WAVES)), strict=True))
        for wave, times in sides.items():
            rows = of_country.loc[times.index]
            if late[wave].any():
                yield _dated("future", country, wave, rows.loc[late[wave]], "in the future")
            other = swapped.get(wave, pd.Series(False, index=times.index))
            if other.any():
                yield _dated("within_other_wave", country, wave, rows.loc[other],
                             f"nearer to the survey {WHEN['post' if wave == 'pre' else 'pre']} mentoring than to its own")
            far = far_from_others(times) & ~other
            if far.any():
                usual = times.loc[~far & ~other].dropna()
                yield _dated("far_from_others", country, wave, rows.loc[far],
                             f"far from the others, which came from {usual.min():%Y-%m-%d} to {usual.max():%Y-%m-%d}")


def _dated(kind: str, country: str, wave: str, rows: pd.DataFrame, how: str) -> Finding:
    are = "is" if len(rows) == 1 else "are"
    return _about(rows, kind, country, wave, f"{counted(len(rows), 'answer')} {WHEN[wave]} {are} dated {how}")


def swapped_surveys(study: Study, responses: Responses) -> list[Finding]:
    """The findings of kind `waves_swapped` alone, from equal codes only: quickly, for the end of a run."""
    teachers = responses.frame.loc[are_teachers(responses.frame)]
    found = []
    for (country, _), here in teachers.groupby(["country", "iteration"], sort=False):
        respondents = link(here, list(study.codebook.items.index), study.settings.codes, near=False).respondents
        found += _swapped(country, *_both_times(here, respondents))
    return found


def _both_times(frame: pd.DataFrame, respondents: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The answers before and after of the matched respondents, row by row."""
    matched = respondents.dropna(subset=list(WAVES))
    before, after = (frame.loc[matched[wave].to_numpy(int)] for wave in WAVES)
    return before, after


def _swapped(country: str, before: pd.DataFrame, after: pd.DataFrame) -> Iterator[Finding]:
    first, second = (rows["submitted"].to_numpy() for rows in (before, after))
    known = int((~np.isnat(first) & ~np.isnat(second)).sum())
    reversed_ = int((first > second).sum())
    if known >= _FEWEST_PAIRS and reversed_ >= _NEARLY_ALL * known:
        files = [listed(dict.fromkeys(rows["file"])) for rows in (before, after)]
        yield Finding("waves_swapped", country, reversed_, (
            f"the two surveys seem to be swapped: {reversed_} of {known} matched teachers answered {files[0]}, given as "
            f"before mentoring, later than {files[1]}, given as after it. If so, every change has the wrong sign; give "
            "each file the other wave in study.toml."))


def _order_of_links(frame: pd.DataFrame, panels: Panels) -> Iterator[Finding]:
    for (country, _), of_country in panels.items():
        before, after = _both_times(frame, of_country.respondents)
        if swapped := list(_swapped(country, before, after)):
            yield from swapped
            continue
        wrong = before["submitted"].to_numpy() > after["submitted"].to_numpy()
        if number := int(wrong.sum()):
            rows = pd.concat([before.loc[wrong], after.loc[wrong]])
            yield _about(rows, "pre_after_post", country, "", f"{counted(number, 'teacher')} answered before mentoring "
                         "later than after it, if the dates are right", number)


def _numbers(study: Study, frame: pd.DataFrame) -> Iterator[Finding]:
    items = study.codebook.items
    for (country, _), rows in frame.groupby(_GROUP[:2], sort=False):
        for item in items.index[items["kind"] == "number"]:
            found = rows.loc[implausible(rows[item])]
            if n := len(found):
                low, high = rows[item].drop(found.index).agg(["min", "max"])
                are = "is" if n == 1 else "are"
                yield _about(
                    found, "implausible_number", country, "",
                    f"{counted(n, 'number')} of “{item}” {are} far from the others, which run from {low:g} to {high:g}, "
                    "or negative", then=" If numbers like these can't be, give the item `min` and `max` in the codebook.")


def _careless(panels: Panels) -> Iterator[Finding]:
    for (country, _), panel in panels.items():
        for wave, (n, of) in straight_liners(panel).items():
            if n:
                yield Finding("straight_liners", country, n, f"{n} of {of} teachers {WHEN[wave]} gave the same answer to a "
                              "whole page of questions, reversed ones included; results are shown with and without them.",
                              wave)


def _about(rows: pd.DataFrame, kind: str, country: str, wave: str, words: str, n: int | None = None,
           then: str = "") -> Finding:
    where = tuple((file, int(row)) for file, row in zip(rows["file"], rows["row"], strict=True))
    return Finding(kind, country, len(rows) if n is None else n, f"{words}: {places(rows)}.{then}", wave, where)


def places(rows: pd.DataFrame) -> str:
    """Where rows of the frame stand: `raw/a.csv, rows 3, 7 and 9`, each file once."""
    said = []
    for file, of_file in rows.groupby("file", sort=False):
        numbers = sorted(of_file["row"])
        said.append(f"{file}, row{'s' if len(numbers) > 1 else ''} {listed(numbers, limit=_ROWS_NAMED)}")
    return "; ".join(said)


def runs(items: Iterable[str]) -> list[str]:
    """Item names, with three or more that count on as a range: `mat1 to mat4`."""
    runs: list[list[str]] = []
    for item in items:
        before, now = (re.fullmatch(r"(.*?)(\d+)", name) for name in (runs[-1][-1] if runs else "", item))
        if before and now and before[1] == now[1] and int(now[2]) == int(before[2]) + 1:
            runs[-1].append(item)
        else:
            runs.append([item])
    return [name for run in runs for name in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else run)]
