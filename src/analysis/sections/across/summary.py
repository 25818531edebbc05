"""Page 1: the question, the answer in three lines, the forest, the main limitation, what it means."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.sections.across import change, pooled
from analysis.sections.change import MOST_IN_BRIEF
from analysis.sections.parts import Block, Heading, Text
from analysis.sections.results import AcrossResults
from analysis.sections.summary import grouped_answers, meaning


def main(results: AcrossResults) -> Iterator[Block]:
    """One page that stands alone."""
    say, primary = results.say, change.compared(results, "primary")
    yield Heading(say("In brief"))
    if not results.countries:
        yield Text(say("No answers have come in yet."))
        return
    yield Text(_question(results))
    if not primary:
        yield Text(say("No primary scale was asked in both surveys, so no change can be reported."))
        return
    yield from answers(results, primary)
    yield from change.overviews(results, "forest", primary)
    yield Text(meaning(say, {pooled.claims(results).get(scale, "missing") for scale in primary}))


def answers(results: AcrossResults, primary: list[str]) -> Iterator[Text]:
    """What each primary scale shows, and what a credible interval is."""
    say = results.say
    yield Text("\n".join(f"- {line}" for line in _answers(results, primary)))
    if (results.table("pooled_change")["interval"] == pooled.CREDIBLE).any():
        yield Text(say("A 95 % credible interval holds the average change with a probability of 95 %, given what was "
                       "assumed beforehand of how far countries differ."))


def who(results: AcrossResults) -> str:
    """How many answered, in how many countries."""
    say, table = results.say, results.table("participation_by_country")
    total = table[["n_pre", "n_post", "n_matched"]].sum()
    return say.plural(
        "In {n} country {n_pre} teachers answered before mentoring (baseline) and {n_post} after it (follow-up); "
        "{n_matched} answered both times and could be matched by their codes.",
        "In {n} countries {n_pre} teachers answered before mentoring (baseline) and {n_post} after it (follow-up); "
        "{n_matched} answered both times and could be matched by their codes.", len(table),
        **{name: say.count(total[name]) for name in total.index})


def _question(results: AcrossResults) -> str:
    say, n = results.say, len(results.study.primary_scales)
    asked = say.plural(
        "The question of this report is by how much their practice, as they describe it on {n} primary scale, changed from "
        "baseline to follow-up in each country, how far the countries differ in that, and what they show together.",
        "The question of this report is by how much their practice, as they describe it on {n} primary scales, changed "
        "from baseline to follow-up in each country, how far the countries differ in that, and what they show together.", n)
    return f"{who(results)} {asked}"


def _answers(results: AcrossResults, primary: list[str]) -> list[str]:
    """A line for each primary scale; where there are many, one line for each kind of answer."""
    found = pooled.claims(results)
    if not found:
        clear, of = change.clear_changes(results, primary)
        return [results.say.plural(
            "The countries are too few to be pooled. Of {of} changes on primary scales in single countries {n} is clear.",
            "The countries are too few to be pooled. Of {of} changes on primary scales in single countries {n} are clear.",
            clear, of=of)]
    if len(primary) <= MOST_IN_BRIEF:
        return [pooled.sentence(results, scale) for scale in primary]
    return grouped_answers(results, {scale: found.get(scale, "missing") for scale in primary})
