"""The STROBE checklist for cohort studies, filled from the run: where each item is answered, or that it is missing.

von Elm et al. (2007), PLoS Medicine 4(10), e296.
"""

from __future__ import annotations

from collections.abc import Iterator

from analysis.sections import setting
from analysis.sections.parts import Block, Heading, Table, Text
from analysis.sections.results import Results


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

    def report(section: str) -> str:
        return say("Report: {section}", section=section)

    def annex(section: str) -> str:
        return say("Annex: {section}", section=section)

    def given(*keys: str) -> str:
        return report(say("Setting")) if any(key in settings.setting for key in keys) else ""

    brief, measures, limits = report(say("In brief")), report(say("Measures")), report(say("Limitations"))
    method, robustness = annex(say("Methods")), report(say("Does the answer depend on the method?"))
    return [
        ("1", say("Design in the title or abstract; balanced summary"), brief),
        ("2", say("Scientific background and rationale"), given("background")),
        ("3", say("Objectives and prespecified hypotheses"), brief),
        ("4", say("Study design"), brief),
        ("5", say("Setting, locations and dates"), report(say("Setting")) if next(setting.main(results), None) else ""),
        ("6", say("Eligibility, sources and selection of participants; follow-up"), given("eligibility")),
        ("7", say("Definition of outcomes, predictors and confounders"), measures),
        ("8", say("Sources of data and measurement"), measures),
        ("9", say("Efforts to address bias"), robustness),
        ("10", say("How the study size was arrived at"), given("study_size")),
        ("11", say("Handling of quantitative variables"), method),
        ("12", say("Statistical methods, missing data, loss to follow-up, sensitivity analyses"), method),
        ("13", say("Participants at each stage, reasons for non-participation, flow diagram"), report(say("Participants"))),
        ("14", say("Characteristics of participants; missing data; follow-up time"), annex(say("Background questions"))),
        ("15", say("Outcome data"), annex(say("The main estimate in full"))),
        ("16", say("Main results with precision"), report(say("Primary results"))),
        ("17", say("Other analyses"), robustness),
        ("18", say("Key results"), brief),
        ("19", say("Limitations"), limits),
        ("20", say("Cautious overall interpretation"), brief),
        ("21", say("Generalisability"), limits),
        ("22", say("Funding"), report(say("First page")) if settings.funding.statement else ""),
    ]
