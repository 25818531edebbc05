"""What the data do not show, and what one needs to use the report: data, citation."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.sections.parts import Block, Heading, Text
from analysis.sections.results import Results
from analysis.study.populations import THEN

FEW_SCHOOLS = 10


def main(results: Results) -> Iterator[Block]:
    """The limitations of this run as a list, where the data are, and how to cite the report."""
    say = results.say
    yield Heading(say("Limitations"))
    yield Text("\n".join(f"- {line}" for line in limits(results)))
    if texts := [text for key in ("data_availability", "citation") if (text := results.own_text("setting", key))]:
        yield Heading(say("Data availability and citation"))
        yield Text("\n\n".join(texts))


def limits(results: Results) -> list[str]:
    """A sentence for each limitation that these data have."""
    say, change = results.say, results.precise("change")
    total = results.table("participation").iloc[-1]
    unmatched = int(total["n_pre"] - total["n_matched"])
    lines = [
        say("There was no comparison group, so change cannot be attributed to mentoring. Where teachers or schools were "
            "chosen because they scored low, some of a rise is regression to the mean."),
        say("Teachers described their own practice, and what they mean by an answer may shift (response shift); a "
            "retrospective pretest is reported beside it.") if THEN in results.panel.scores else
        say("Teachers described their own practice, and what they mean by an answer may shift (response shift); there was "
            "no retrospective pretest to judge it by."),
    ]
    if unmatched:
        lines.append(say("{n} of {n_pre} baseline respondents are unmatched: some did not answer again (attrition), others "
                         "gave another code. If they changed differently, the estimates miss it.", n=say.count(unmatched),
                         n_pre=say.count(total["n_pre"])))
    schools = int(change["n_schools"].max()) if len(change) else 0
    if schools > 1:
        lines.append(say("The {n} schools were chosen, not sampled at random: the intervals speak of schools like these.",
                         n=schools) + (" " + say("With so few schools they are wide.") if schools < FEW_SCHOOLS else ""))
    else:
        lines.append(say("Schools could not be told apart, or there was one. The intervals say nothing beyond it, and they "
                         "are too narrow if colleagues change together."))
    ceiling = results.table("ceiling") if "ceiling" in results.tables else None
    if ceiling is not None and (flagged := ceiling.loc[ceiling["flagged"] == "yes", "label"]).size:
        lines.append(say("A ceiling effect is possible on {scales}: over 15 % had the highest score at baseline and could "
                         "not score higher.", scales=say.list(flagged)))
    lines.append(say("Scale scores treat the steps between answers as equally wide. Whether the items mean the same at "
                     "baseline and follow-up (measurement invariance) was not tested."))
    return lines
