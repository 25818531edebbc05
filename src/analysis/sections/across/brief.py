"""The policy brief: what changed across countries, how far that goes, and what the study's authors recommend."""

from __future__ import annotations

from collections.abc import Iterator

from analysis import plots
from analysis.sections.across import change, participation, pooled, summary
from analysis.sections.change import shown, span
from analysis.sections.parts import Block, Figure, Heading, Text
from analysis.sections.results import AcrossResults
from analysis.sections.summary import meaning


class BriefResults(AcrossResults):
    """What all countries together show, for the policy brief."""

    @property
    def name(self) -> str:
        """What the document is called."""
        return self.say("Policy brief")


ESTIMATES = {**participation.ESTIMATES, **change.ESTIMATES, "pooled_change": pooled.pooled_change_table}
"""The tables of the report across countries that the brief takes its numbers from."""


def main(results: AcrossResults) -> Iterator[Block]:
    """Two pages in plain words: the run's evidence with one figure, then the texts of [brief]."""
    say, primary = results.say, change.compared(results, "primary")
    yield Heading(say("What changed"))
    if not results.countries:
        yield Text(say("No answers have come in yet."))
        return
    own = say("They described their own practice in the same questions both times; a scale is the mean of the answers to "
              "several of them.")
    yield Text(f"{summary.who(results)} {own}")
    if primary:
        yield from summary.answers(results, primary)
        yield figure(results, primary)
        yield Heading(say("How far the evidence goes"))
        yield Text("\n".join(f"- {line}" for line in _reach(results, primary)))
    else:
        yield Text(say("No primary scale was asked in both surveys, so no change can be reported."))
    yield from _own_texts(results)


def figure(results: AcrossResults, primary: list[str]) -> Figure:
    """The pooled change on each primary scale, or, where the countries are too few, each country's own."""
    say, together = results.say, results.table("pooled_change")
    rows = together.loc[together["scale"].isin(primary) & together["change"].notna()]
    if rows.empty:
        return next(change.overviews(results, "brief", primary))
    marks = [plots.Interval(row["label"], row["change"], row["ci_low"], row["ci_high"], shown(results, row), mark="diamond",
                            band=results.study.settings.smallest_change(row["scale"])) for _at, row in rows.iterrows()]
    caption = [say("Diamonds are average changes over the countries in scale points, lines their 95 % intervals. A change "
                   "is clear where its line leaves out zero and p, adjusted for the number of scales, is below .05. "
                   "n = {n} matched teachers.", n=span(say, rows["n_matched"]))]
    if any(mark.band for mark in marks):
        caption.append(say("The grey band holds changes below the smallest change of interest."))
    return Figure(
        "brief", change.message_title(results, rows["scale"].tolist()), " ".join(caption),
        say("Change on each scale with its 95 % interval. {rows}",
            rows="; ".join(f"{mark.label}: {mark.text}" for mark in marks) + "."),
        lambda width: plots.intervals(
            marks, say("Change in scale points, follow-up minus baseline"), say("Change [95 % interval]"), width=width,
            band_label=say("smaller than the smallest change of interest"),
            keys={"diamond": say("pooled"), "arrow": say("the interval goes on")}, synthetic=results.synthetic),
        rows[["scale", "label", "n_matched", "change", "ci_low", "ci_high"]])


def _reach(results: AcrossResults, primary: list[str]) -> Iterator[str]:
    """What the evidence can and can't carry, each as a sentence or two."""
    say, found = results.say, pooled.claims(results)
    yield meaning(say, {found.get(scale, "missing") for scale in primary})
    clear, of = change.clear_changes(results, primary)
    if found and of:
        yield say.plural("In single countries {n} of {of} changes on primary scales is clear. Countries are not ranked.",
                         "In single countries {n} of {of} changes on primary scales are clear. Countries are not ranked.",
                         clear, of=of)
    total = results.table("participation_by_country")[["n_pre", "n_matched"]].sum()
    unmatched = int(total["n_pre"] - total["n_matched"])
    if unmatched:
        yield say("{n} of {n_pre} teachers who answered at baseline have no matched follow-up; if they changed otherwise, "
                  "these results miss it.", n=say.count(unmatched), n_pre=say.count(total["n_pre"]))
    yield say("All numbers, methods and limitations are in the report across countries.")


def _own_texts(results: AcrossResults) -> Iterator[Block]:
    """The texts of [brief] in their order, under the headings of those keys that have one."""
    say, keys = results.say, results.study.settings.keys_of("brief")
    headings = {"recommendations": say("Recommendations"), "policy": say("For policy bodies"),
                "teacher_education": say("For teacher educators"), "edtech": say("For EdTech companies"),
                "contact": say("Contact")}
    for at, key in enumerate(keys):
        if key in headings:
            yield Heading(headings[key])
        if at == 0:
            yield Text(say("What follows is the authors' judgement, not a result of the analysis."))
        yield Text(results.own_text("brief", key))
