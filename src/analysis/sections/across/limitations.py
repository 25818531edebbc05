"""What the countries together do not show."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.sections.across.pooled import FEW_COUNTRIES
from analysis.sections.parts import Block, Heading, Text
from analysis.sections.results import AcrossResults


def main(results: AcrossResults) -> Iterator[Block]:
    """The limitations of this run, as a list."""
    yield Heading(results.say("Limitations"))
    yield Text("\n".join(f"- {line}" for line in limits(results)))


def limits(results: AcrossResults) -> list[str]:
    """A sentence for each limitation that these data have."""
    say, total = results.say, results.table("participation_by_country")[["n_pre", "n_matched"]].sum()
    lines = [
        say("There was no comparison group in any country, so change cannot be attributed to mentoring. Where teachers or "
            "schools were chosen because they scored low, some of a rise is regression to the mean."),
        say("Whether the scales measure the same in every language was not tested (measurement invariance). Levels are "
            "therefore not compared, and a difference between countries in change may be one of wording."),
        say("Countries and schools were chosen, not sampled at random, and countries differ in more than their mentoring: "
            "in the survey tool, the time between the surveys and the share of teachers who could be matched."),
    ]
    unmatched = int(total["n_pre"] - total["n_matched"])
    if unmatched:
        lines.append(say("{n} of {n_pre} baseline respondents are unmatched: some did not answer again (attrition), others "
                         "gave another code. If they changed differently, the estimates miss it.", n=say.count(unmatched),
                         n_pre=say.count(total["n_pre"])))
    pooled = results.precise("pooled")
    known = pooled.loc[pooled["estimate"].notna()]
    if len(known):
        lines.append(say("Pooling takes the countries' standard errors as known, although they rest on few schools."))
    if len(known) and known["k"].min() <= FEW_COUNTRIES:
        lines.append(say("With so few countries, how far they differ is estimated imprecisely, and the result depends on "
                         "the prior that was chosen."))
    return lines
