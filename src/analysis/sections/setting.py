"""What the mentoring was, when and where the surveys were answered, and who could take part: as study.toml says it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.disclosure.policy import Policy
from analysis.sections.parts import Block, Heading, Text
from analysis.sections.results import Results
from analysis.study.populations import WAVES

CLOSING = ("data_availability", "citation")
"""Texts of [setting] that stand at the end of a report."""


def main(results: Results) -> Iterator[Block]:
    """The texts of [setting] in the order that a reader asks, the months of both surveys, and the number of schools.

    What study.toml doesn't say is left out; keys that are not asked for here follow at the end, in their order.
    """
    say, settings = results.say, results.study.settings
    names = {"mentoring": say("Mentoring"), "dates": say("Dates"), "eligibility": say("Who could take part"),
             "ethics": say("Ethics"), "consent": say("Consent")}
    own = {key: f"**{name}.** {said}" for key, name in names.items() if (said := results.own_text("setting", key))}
    others = [results.own_text("setting", key) for key in settings.keys_of("setting") if key not in (*names, *CLOSING)]
    before = [own.pop(key, "") for key in ("mentoring", "dates")]
    paragraphs = [*before, _surveys(results), _schools(results), *own.values(), *others]
    if any(paragraphs):
        yield Heading(say("Setting"))
        yield Text("\n\n".join(filter(None, paragraphs)))


def survey_months(submitted: pd.Series, policy: Policy) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """Between which days a survey was answered, without the first and last answers; None where too few have a time.

    A twentieth of the answers at either end, and at least one fewer than may be told apart, are not looked at: a test of
    the link in August or a late answer in June does not stretch the survey, and no month is one respondent's.
    """
    times = submitted.dropna().sort_values()
    aside = max(policy.minimum - 1, len(times) // 20)
    return (times.iloc[aside], times.iloc[-1 - aside]) if len(times) > 2 * aside else None


def _surveys(results: Results) -> str:
    say = results.say
    months = {}
    for wave in WAVES:
        between = survey_months(results.panel.submitted[wave], results.policy)
        months[wave] = say.months(*between) if between else ""
    if all(months.values()):
        return say("**Surveys.** Before mentoring (baseline): {baseline}. After mentoring (follow-up): {followup}.",
                   baseline=months["pre"], followup=months["post"])
    if months["pre"]:
        return say("**Surveys.** Before mentoring (baseline): {baseline}.", baseline=months["pre"])
    if months["post"]:
        return say("**Surveys.** After mentoring (follow-up): {followup}.", followup=months["post"])
    return ""


def _schools(results: Results) -> str:
    say, panel = results.say, results.panel
    planned, n = results.study.settings.countries[panel.country].target_schools, len(panel.school_names)
    if not n:
        return ""
    if planned is None:
        return say.plural("**Schools.** Teachers of {n} school answered.",
                          "**Schools.** Teachers of {n} schools answered.", n)
    return say.plural("**Schools.** Teachers of {n} school answered; {planned} were planned.",
                      "**Schools.** Teachers of {n} schools answered; {planned} were planned.", n, planned=planned)
