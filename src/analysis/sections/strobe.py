"""The STROBE checklist for cohort studies, filled from the run: where each item is answered, or that it is missing.

von Elm et al. (2007), PLoS Medicine 4(10), e296.
"""

from __future__ import annotations

from collections.abc import Iterator

from analysis.sections.parts import Block, Heading, Table, Text
from analysis.sections.results import Results

SETTING = {"setting": "mentoring", "dates": "dates", "eligibility": "eligibility", "ethics": "ethics"}


def annex(results: Results) -> Iterator[Block]:
    """A row per item of the checklist."""
    say = results.say
    rows = [[number, item, place or say("not reported")] for number, item, place in items(results)]
    yield Heading(say("STROBE checklist"))
    yield Text(say("Where this report answers each item of the STROBE statement for cohort studies (von Elm et al., "
                   "2007)."))
    yield Table("strobe", say("STROBE checklist"),
                [say("STROBE item"), say("Recommendation"), say("Where")], rows, [], [0, 1, 2])


def items(results: Results) -> list[tuple[str, str, str]]:
    """Number, recommendation and place of each item; the place is empty where nothing answers it."""
    say, settings = results.say, results.study.settings
    told = getattr(settings, "setting", {}) or {}

    def given(*keys: str) -> str:
        return say("Setting") if any(key in told for key in keys) else ""

    brief, primary, limits, method = say("In brief"), say("Primary results"), say("Limitations"), say("Methods (annex)")
    return [
        ("1", say("Design in the title or abstract; balanced summary"), brief),
        ("2", say("Scientific background and rationale"), given("background")),
        ("3", say("Objectives and prespecified hypotheses"), brief),
        ("4", say("Study design"), brief),
        ("5", say("Setting, locations and dates"), given("mentoring", "dates") or say("Setting")),
        ("6", say("Eligibility, sources and selection of participants; follow-up"), given("eligibility")),
        ("7", say("Definition of outcomes, predictors and confounders"), say("Measures")),
        ("8", say("Sources of data and measurement"), say("Measures")),
        ("9", say("Efforts to address bias"), say("Does the answer depend on the method?")),
        ("10", say("How the study size was arrived at"), given("study_size")),
        ("11", say("Handling of quantitative variables"), method),
        ("12", say("Statistical methods, missing data, loss to follow-up, sensitivity analyses"), method),
        ("13", say("Participants at each stage, reasons for non-participation, flow diagram"), say("Participants")),
        ("14", say("Characteristics of participants; missing data; follow-up time"), say("Background questions (annex)")),
        ("15", say("Outcome data"), say("The main estimate in full (annex)")),
        ("16", say("Main results with precision"), primary),
        ("17", say("Other analyses"), say("Does the answer depend on the method?")),
        ("18", say("Key results"), brief),
        ("19", say("Limitations"), limits),
        ("20", say("Cautious overall interpretation"), brief),
        ("21", say("Generalisability"), limits),
        ("22", say("Funding"), say("First page") if settings.funding.statement else ""),
    ]
