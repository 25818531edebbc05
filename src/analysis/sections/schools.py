"""How schools differ: each school's own change, and the partially pooled one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from analysis import plots
from analysis.language import Language
from analysis.notes import note, written
from analysis.pseudonyms import OTHER_SCHOOLS, in_order
from analysis.sections.estimates import matched_in_school, scores_of, varies
from analysis.sections.parts import Block, Column, Figure, Heading, Text, change_with_interval, count, number, text
from analysis.sections.results import Results
from analysis.statistics.shrinkage import shrunken_means

COLUMNS = ["scale", "label", "school", "n", "mean_change", "estimate", "ci_low", "ci_high", "overall", "note"]
FEWEST = 3


def change_by_school_table(results: Results) -> pd.DataFrame:
    """The matched teachers' mean change in every school on every compared scale, as `change_by_school.csv`.

    `n`: the school's matched teachers with both scores. `mean_change`: their own mean change; `estimate`: the partially
    pooled one with its 95 % interval, `overall` the mean that it is shrunk towards (`statistics.shrinkage`), over the
    schools that stand alone. Schools with too few matched teachers are one row, "other schools", without an estimate of
    its own; so are schools in which all changed alike. Without schools the table is empty.
    """
    panel = results.panel
    rows = [] if panel.cluster is None else [row for scale in panel.compared_scales for row in _rows(results, scale)]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"n": "Int64"})


def _rows(results: Results, scale: str) -> list[dict]:
    policy, matched = results.policy, matched_in_school(scores_of(results.panel, scale))
    names = results.panel.school_names[matched.cluster]
    schools, sizes = np.unique(names, return_counts=True)
    alone = np.array([policy.public or varies(matched.changes[names == school]) for school in schools], bool)
    joined = schools[policy.joined(sizes, policy.enough(sizes) & alone)]
    shown = pd.Series(matched.changes, index=np.where(np.isin(names, joined), OTHER_SCHOOLS, names))
    start = {"scale": scale, "label": results.label(scale)}
    if not policy.enough(len(shown)) or len(joined) == len(sizes):
        return [start | {"school": OTHER_SCHOOLS, "n": pd.NA, "note": written([note("too_few", minimum=policy.minimum)])}]
    alone = in_order(set(shown.index) - {OTHER_SCHOOLS})
    inside = shown[shown.index != OTHER_SCHOOLS]
    fit = shrunken_means(inside, [alone.index(school) for school in inside.index])
    rows = []
    for at, school in enumerate(in_order(shown.index)):
        own = shown.loc[[school]].to_numpy()
        row = start | {"school": school, "n": len(own), "note": ""}
        row["mean_change"] = own.mean()
        if school != OTHER_SCHOOLS:
            row |= {"estimate": fit.estimate[at], "ci_low": fit.low[at], "ci_high": fit.high[at],
                    "overall": fit.overall, "note": written(fit.note)}
        rows.append(row)
    return rows


ESTIMATES = {"change_by_school": change_by_school_table}


def school_name(school: str, say: Language) -> str:
    """A school as a reader sees it: joined schools and answers without a school by their name in the language."""
    return {OTHER_SCHOOLS: say("other schools"), "(not given)": say("(not given)")}.get(school, school)


TABLE = [
    Column("Scale", text("label"), words=True),
    Column("School", lambda row, say, policy: school_name(row["school"], say), words=True),
    Column("n matched", count("n")),
    Column("Own mean change", number("mean_change", signed=True)),
    Column("Partially pooled change [95 % CI]", change_with_interval("estimate")),
]


def drawable(results: Results, scales: Sequence[str]) -> pd.DataFrame:
    """The rows of those of the scales on which at least three schools have an estimate."""
    rows = results.table("change_by_school")
    rows = rows.loc[rows["scale"].isin(scales) & rows["estimate"].notna()]
    return rows[rows.groupby("scale")["school"].transform("count") >= FEWEST] if len(rows) else rows


def main(results: Results) -> Iterator[Block]:
    """A chart of the schools on the primary scales, or a sentence why there is none."""
    say, rows = results.say, drawable(results, results.study.primary_scales)
    if results.table("change_by_school").empty:
        return
    yield Heading(say("How schools differ"))
    if rows.empty:
        yield Text(say("Too few schools have enough matched teachers for a comparison of schools."))
        return
    yield Text(say("A school's own mean rests on few teachers, so each is drawn here as a partially pooled (shrunken) "
                   "estimate (@fig-change-by-school). Schools are not ranked."))
    yield figure(results, results.study.primary_scales)


def figure(results: Results, scales: Sequence[str]) -> Figure:
    """The partially pooled change of every school on the scales that are `drawable`."""
    say, rows = results.say, drawable(results, scales)
    panels = {label: [plots.Interval(school_name(row["school"], say), row["estimate"], row["ci_low"], row["ci_high"],
                                     change_with_interval("estimate")(row, say, results.policy), other=row["mean_change"])
                      for _at, row in own.iterrows()] for label, own in rows.groupby("label", sort=False)}
    apart = rows.loc[(rows["ci_low"] > rows["overall"]) | (rows["ci_high"] < rows["overall"])]
    title = (say("No school clearly differs from the others") if apart.empty else
             say.plural("{n} school's change differs clearly from the mean of the schools",
                        "{n} changes of schools differ clearly from the mean of the schools", len(apart)))
    return Figure(
        "change-by-school", title,
        say("Partially pooled changes of schools with their 95 % intervals: each school's mean is shrunk towards the mean "
            "of the schools, the more the fewer matched teachers it has. Numbers in @tbl-change_by_school."),
        say("Change of each school with its 95 % interval. {rows}", rows=" ".join(
            f"{label}: " + "; ".join(f"{mark.label} {mark.text}" for mark in marks) + "."
            for label, marks in panels.items())),
        lambda width: plots.interval_panels(panels, say("Change in scale points, follow-up minus baseline"), width=width,
                                            synthetic=results.synthetic, keys={
                                                "point": say("partially pooled change, with its 95 % interval"),
                                                "other": say("the school's own mean change"),
                                                "arrow": say("the interval goes on")}),
        rows.drop(columns="note"))


def annex(results: Results) -> Iterator[Block]:
    """The numbers of every school on every scale."""
    say, rows = results.say, results.table("change_by_school")
    if rows["mean_change"].notna().any():
        yield Heading(say("Change by school"))
        yield results.shown("change_by_school", say("Change by school, in scale points"), TABLE)
