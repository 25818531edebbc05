"""Two pages for a school or a hub, in its language, set by `school_page.typ`, in the study's `private/schools/`."""

from __future__ import annotations

import re
import shutil
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import Issue, StudyError
from analysis.language import Language
from analysis.memory import in_words
from analysis.running.front_matter import front_matter
from analysis.running.placing import not_written
from analysis.running.reports import Result
from analysis.sections.school_records import featured, school_records
from analysis.staging import Staging
from analysis.study.folder import Study, read_study
from analysis.study.inside import DEVICES
from analysis.study.private import PRIVATE, put_private
from analysis.texts import listed, quoted, suggestion, trimmed
from notebook_documents.pdf import STANDARDS, set_by
from notebook_documents.typst_text import breakable

TEMPLATE = Path(__file__).with_name("school_page.typ")
FOLDER = f"{PRIVATE}/schools"
LONGEST = 60
"""Letters of a file's name; a letter may take three bytes, and a name 255."""


@dataclass(frozen=True)
class PagesSpec:
    """All that one worker needs to make the pages of one country's schools and hubs."""

    key: str
    name: str
    study: Path

    @property
    def folder(self) -> Path:
        """Where the pages go."""
        return self.study / FOLDER / self.key


def pages_specs(study: Study, countries: Iterable[str]) -> list[PagesSpec]:
    """The pages of a study's schools, a spec per country."""
    return [PagesSpec(key, study.settings.countries[key].name, study.folder.resolve()) for key in countries]


def make_pages(spec: PagesSpec, on_step: Callable[[str], None], force: bool = False) -> Result:
    """Write the pages of a country's schools, in place of those before; they take seconds, so always. Never raises."""
    begun = time.perf_counter()
    try:
        study, taken, made, missing = read_study(spec.study), set(), {}, {}
        for record in school_records(Staging(study), spec.key):
            on_step(record["name"])
            say = Language(record["language"])
            made[file_name(record, taken)] = page(record, study, say)
            missing[say.code] = missing.get(say.code, frozenset()) | say.missing
        shutil.rmtree(spec.folder, ignore_errors=True)
        for name, content in made.items():
            put_private(content, spec.study, f"{FOLDER}/{spec.key}/{name}")
    except OSError as error:
        message = not_written(error.errno, spec.folder) or in_words(error)
    except Exception as error:
        message = in_words(error)
    else:
        return Result(spec.key, spec.name, "made", time.perf_counter() - begun, folder=spec.folder, missing=missing)
    return Result(spec.key, spec.name, "failed", time.perf_counter() - begun, message, traceback.format_exc())


def file_name(record: dict, taken: set[str]) -> str:
    """A name that every system can write and none of `taken` has, in capitals or not; it is added to them."""
    name = f"hub - {record['name']}" if record["hub"] else record["name"]
    name = re.sub(r'[<>:"/\\|?*\x00-\x1f\x7f]', "_", trimmed(name))[:LONGEST].strip(" .") or "_"
    name = f"_{name}" if name.split(".")[0].strip().casefold() in DEVICES else name
    numbered = (name if n == 1 else f"{name} ({n})" for n in range(1, len(taken) + 2))
    free = next(each for each in numbered if each.casefold() not in taken)
    taken.add(free.casefold())
    return f"{free}.pdf"


def page(record: dict, study: Study, say: Language) -> bytes:
    """The two pages of a record as a PDF, tagged for screen readers."""
    return set_by(TEMPLATE, page_data(record, study, say), pdf_standards=STANDARDS)


def pictures(record: dict, study: Study, say: Language) -> list[bytes]:
    """A PNG picture of each page of a record."""
    made = set_by(TEMPLATE, page_data(record, study, say), format="png")
    return made if isinstance(made, list) else [made]


def pages_of(study_folder: str, country: str, name: str = "", language: str = "") -> list[bytes]:
    """Pictures of the pages of a school or hub, by its name; without one of the country's first, in its own language.

    Raises `StudyError` that names the schools and hubs there are.
    """
    study = read_study(study_folder)
    records = {record["name"]: record for record in school_records(Staging(study), country)}
    chosen = name or next(iter(records), "")
    if chosen not in records:
        raise StudyError([Issue(f"there is no school or hub “{chosen}” with answers; expected "
                                f"{listed(quoted(records), last='or', limit=99)}.{suggestion(chosen, records)}")])
    return pictures(records[chosen], study, Language(language or records[chosen]["language"]))


def page_data(record: dict, study: Study, say: Language) -> dict:
    """All that the template shows, as plain values that JSON can hold."""
    settings, waves = study.settings, {"pre": say("Baseline"), "post": say("Follow-up")}
    front = front_matter("", settings.synthetic, settings.funding.model_dump(), say)
    country, imprint = settings.countries[record["country"]].name_in(say.code), front["imprint"]
    about = [settings.title_in(say.code), country]
    about += [f"{say('Iteration')} {record['iteration']}"] * (record["iteration"] > 1)
    about += [say.list(record["schools"], limit=30)] * record["hub"]
    alone = (say("These pages are for the schools of this hub alone.") if record["hub"] else
             say("These pages are for this school alone."))
    data = {"language": say.code, "creator": front["creator"], "title": record["name"], "notice": front["notice"],
            "subtitle": " · ".join(about), "private": alone, "imprint": imprint["paragraphs"],
            "emblem": imprint.get("emblem", ""), "emblem_alt": imprint.get("alt", "")}
    if not record["waves"]:
        refused = [alone, say("Too few teachers answered, so no results are shown: a result rests on at least {minimum} "
                              "teachers who answered the same surveys. With fewer, colleagues could tell who gave which "
                              "answer.", minimum=record["minimum"]),
                   say("Thank you to all who took part. Their answers count in the results of the country.")]
        return _cleaned(data | {"intro": refused} | dict.fromkeys(("answered", "scales", "items", "limits", "questions")))
    questions = [
        say("Which of these results fit what you see at school, and which surprise you?"),
        say("What else, beside mentoring, may have changed between the two surveys: colleagues, equipment, who answered?"),
        say("Which one practice is worth a closer look, and by what would you notice that it has changed?")]
    intro = say("They show how the teachers answered before mentoring (baseline) and after it (follow-up), beside all "
                "teachers of the study in the same country.")
    return _cleaned(data | {
        "intro": [f"{alone} {intro}"], "answered": _answered(record, say, waves),
        "scales": _scales(record, study, say, waves, country), "items": _items(record, study, say, waves),
        "limits": {"heading": say("What these numbers cannot say"), "lines": _limits(record, say)},
        "questions": {"heading": say("To talk about in the team"), "lines": questions}})


def _cleaned(value):
    if isinstance(value, dict):
        return {key: each if key in ("emblem", "language") else _cleaned(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    return breakable(value) if isinstance(value, str) else value


def _answered(record: dict, say: Language, waves: dict[str, str]) -> dict:
    def shown(number: tuple[int, bool] | None) -> str:
        if number is None:
            return say("too few to show")
        return say.count(number[0]) if number[1] else say("at least {n}", n=number[0])

    notes = [say("Matched: answered both surveys, with the same code.")]
    notes += [say("{survey}: not shown, since too few teachers answered for results that tell nobody's answers.",
                  survey=waves[wave]) for wave in waves if wave not in record["waves"]]
    return {"heading": say("Who answered"), "headings": [*waves.values(), say("Matched")],
            "values": [shown(record["n"][name]) for name in ("pre", "post", "matched")], "notes": notes}


def _bases(record: dict, say: Language) -> str:
    return say("n") if record["minimum"] == 1 else say("n, at least")


def _scales(record: dict, study: Study, say: Language, waves: dict[str, str], country: str) -> dict:
    rows = [{"label": study.codebook.label(one["scale"], say.code),
             "cells": [_drawn(cell, one["range"], say) | {"survey": waves[wave], "later": wave == "post"}
                       for wave, cell in one["waves"].items()]} for one in record["scales"]]
    notes = [say("Dot: partially pooled (shrunken) estimate, drawn towards the mean of the schools, the more the fewer "
                 "teachers answered. Coloured line: its 95 % interval. Black stroke: mean of all teachers in the country. "
                 "Where the line crosses the stroke, the numbers show no clear difference.")]
    if any(cell["low"] is None for one in record["scales"] for cell in one["waves"].values()):
        notes.append(say("Fewer than three schools can be compared, so the dot is the mean of those who answered, without "
                         "an interval."))
    ranges = {one["range"] for one in record["scales"]}
    if len(ranges) == 1 and (ends := ranges.pop()):
        notes.append(say("The grey line runs from {low} to {high}, the lowest and the highest possible score.",
                         low=say.number(ends[0], 0), high=say.number(ends[1], 0)))
    own = say("Hub [95 % CI]") if record["hub"] else say("School [95 % CI]")
    return {"heading": say("Each scale, beside the country"), "rows": rows, "notes": notes,
            "headings": [say("Scale"), say("Survey"), "", own, country, _bases(record, say)]}


def _drawn(cell: dict, ends: tuple[float, float] | None, say: Language) -> dict:
    def share(number: float | None) -> float | None:
        return None if number is None or not ends else min(max((number - ends[0]) / (ends[1] - ends[0]), 0.0), 1.0)

    mean = say.number(cell["mean"], cell["digits"])
    if cell["low"] is not None:
        mean += f" [{say.interval(cell['low'], cell['high'], cell['digits'])}]"
    return {"at": share(cell["mean"]), "from": share(cell["low"]), "to": share(cell["high"]), "mean": mean,
            "country": share(cell["country"]), "country_mean": say.number(cell["country"], cell["country_digits"]),
            "n": say.count(cell["n"])}


def _items(record: dict, study: Study, say: Language, waves: dict[str, str]) -> dict:
    book = study.codebook

    def row(item: dict) -> list[str]:
        text, about = book.text(item["item"], say.code), book.items.loc[item["item"]]
        return [say("{item} (reverse-scored)", item=text) if about["reversed"] else text,
                book.label(about["scale"], say.code), say.number(item["mean"], item["digits"]), say.count(item["n"])]

    parts = [{"headings": [heading, say("Scale"), say("Mean"), _bases(record, say)], "rows": list(map(row, items))}
             for heading, items in zip((say("Highest means"), say("Lowest means")), featured(record["items"]), strict=True)
             if items]
    note = (say("Items that lie close together may stand in another order by chance. Items to which nearly all gave the "
                "same answer are left out, since they would tell single answers.") if parts else
            say("Too few answers to show single items."))
    return {"heading": say("Items with the highest and the lowest means ({survey})", survey=waves[record["waves"][-1]]),
            "parts": parts, "notes": [note]}


def _limits(record: dict, say: Language) -> list[str]:
    lines = [
        say("Why answers changed: there was no comparison group, so change cannot be attributed to mentoring."),
        say("How each teacher changed: a mean is of those who answered that survey, whether or not they answered both."),
        say("What all think: only those who answered are in the numbers, and they described their own practice."),
        say("Who is better: schools differ in much else, and these answers are among the country's, so nobody is ranked.")]
    if record["minimum"] > 1:
        lines.append(say("What single persons answered: groups of fewer than {minimum} are left out, numbers are rounded, "
                         "and “at least” stands where an exact number would tell of few.", minimum=record["minimum"]))
    return lines
