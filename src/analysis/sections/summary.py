"""Page 1: the question, the answer in three lines, the change figure, the main limitation, what it means."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.language import Language
from analysis.sections import change
from analysis.sections.change import claim
from analysis.sections.parts import Block, Heading, Text
from analysis.sections.results import Results


def main(results: Results) -> Iterator[Block]:
    """One page that stands alone."""
    say, precise = results.say, results.precise("change")
    yield Heading(say("In brief"))
    yield Text(_question(results))
    primary = [scale for scale in results.study.primary_scales if scale in set(precise["scale"])]
    if not primary:
        yield Text(say("No primary scale was asked in both surveys, so no change can be reported."))
        return
    yield Text("\n".join(f"- {line}" for line in _answers(results, primary)))
    yield change.figure(results, "change", primary)
    yield Text(meaning(say, {claim(row) for _at, row in precise.loc[precise["scale"].isin(primary)].iterrows()}))


def _question(results: Results) -> str:
    say, n = results.say, len(results.study.primary_scales)
    total = results.table("participation").iloc[-1]
    who = say("{name}: {n_pre} teachers answered before mentoring (baseline) and {n_post} after it (follow-up); {n} "
              "answered both times and could be matched by their codes.", name=results.name,
              n_pre=say.count(total["n_pre"]), n_post=say.count(total["n_post"]), n=say.count(total["n_matched"]))
    asked = say.plural("The question of this report is by how much their practice, as they describe it on {n} primary "
                       "scale, changed from baseline to follow-up, and how sure one can be of that.",
                       "The question of this report is by how much their practice, as they describe it on {n} primary "
                       "scales, changed from baseline to follow-up, and how sure one can be of that.", n)
    return f"{who} {asked}"


def _answers(results: Results, primary: list[str]) -> list[str]:
    """A line for each primary scale; where there are many, one line for each kind of answer."""
    if len(primary) <= change.MOST_IN_BRIEF:
        return [change.sentence(results, scale) for scale in primary]
    precise = results.precise("change").set_index("scale", drop=False)
    return grouped_answers(results, {scale: claim(precise.loc[scale]) for scale in primary})


def grouped_answers(results: Results, found: dict[str, str]) -> list[str]:
    """A line for each kind of answer with the scales that have it; `found` by scale, as `claim` says it."""
    say, by_claim = results.say, {}
    for scale, said in found.items():
        by_claim.setdefault(said, []).append(results.label(scale))
    lines = {
        "rose": lambda names: say("Rose: {scales}.", scales=names),
        "fell": lambda names: say("Fell: {scales}.", scales=names),
        "equivalent": lambda names: say("Did not change by a relevant amount: {scales}.", scales=names),
        "unclear": lambda names: say("No clear change: {scales}.", scales=names),
        "missing": lambda names: say("The change can't be given: {scales}.", scales=names),
    }
    return [line(say.list(by_claim[said])) for said, line in lines.items() if said in by_claim]


def meaning(say: Language, found: set[str]) -> str:
    """The main limitation and what follows from what was `found` on the primary scales."""
    limitation = say("These changes cannot be attributed to mentoring: there was no comparison group, and other things "
                     "happened in the schools between the surveys.")
    if found & {"rose", "fell"}:
        means = say("They say how teachers' own accounts moved over the period of the mentoring. Before acting on them, "
                    "compare with what schools and mentors observed.")
    else:
        means = say("No clear change does not mean that nothing changed: the intervals show which changes the data leave "
                    "possible.")
    return f"{limitation} {means}"
