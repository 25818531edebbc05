"""Dosage and context: change by what other files tell of teachers and schools, such as sessions or a kind of course."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis import plots
from analysis.disclosure.policy import Policy
from analysis.language import Language
from analysis.notes import note, written
from analysis.pseudonyms import OTHER_SCHOOLS
from analysis.sections import correlates
from analysis.sections.attrition import OTHER_ANSWERS
from analysis.sections.correlates import predictors
from analysis.sections.estimates import estimate_columns, varies
from analysis.sections.parts import (
    Block,
    Column,
    Figure,
    Heading,
    Text,
    change_with_interval,
    count,
    grouped,
    p,
)
from analysis.sections.results import ALPHA, Results
from analysis.statistics.cr2 import mean_cr2, regression_cr2
from analysis.statistics.multiplicity import benjamini_hochberg

GROUP_COLUMNS = ["item", "value", "label", "scale", "n", "n_schools", "change", "se", "df", "ci_low", "ci_high",
                 "difference", "difference_low", "difference_high", "p", "p_adjusted", "note"]
DOSE_COLUMNS = ["predictor", "predictor_label", "scale", "label", "n", "n_schools", "predictor_mean", "change", "note"]
NOT_KNOWN = ""
MOST_BINS, FEWEST_BINS, MOST_PANELS = 6, 3, 3
FEW_DF = 4


@dataclass(frozen=True)
class Matched:
    """The matched teachers of a scale: who of the panel they are (bool), their changes and their schools."""

    who: np.ndarray
    changes: np.ndarray
    cluster: np.ndarray | None

    @classmethod
    def of(cls, results: Results, scale: str) -> Matched:
        panel = results.panel
        changes = (panel.scores["post"][scale] - panel.scores["pre"][scale]).to_numpy(float)
        who = np.isfinite(changes) & panel.in_clusters
        return cls(who, changes[who], panel.cluster_of(who))

    def part(self, chosen: np.ndarray, policy: Policy) -> tuple[np.ndarray, np.ndarray | None]:
        """The changes of some of them, and the clusters that they are published with."""
        return self.changes[chosen], policy.clusters(None if self.cluster is None else self.cluster[chosen])

    def schools(self, chosen: np.ndarray) -> int:
        return 0 if self.cluster is None else len(np.unique(self.cluster[chosen]))

    def speaks(self, chosen: np.ndarray, policy: Policy) -> bool:
        """Whether a mean of these may be shown: enough, of two schools where schools are named, who do not change alike."""
        changes, clusters = self.part(chosen, policy)
        several = clusters is None or len(np.unique(clusters)) > 1
        return policy.public or (policy.enough(len(changes)) and several and varies(changes))


def change_by_group_table(results: Results) -> pd.DataFrame:
    """The matched teachers' mean change by every choice that files of context tell of them, as `change_by_group.csv`.

    `change` with CR2 over schools; `difference`: this group minus all others whose answer is known, from a regression
    with CR2, whose p is adjusted over the whole table (BH). Answers of few teachers, or of one school, are "other answers".
    An item whose groups could be told apart with those of another table is suppressed.
    """
    rows = [row for scale in results.panel.compared_scales for row in results.once(_parted, scale)[0]]
    table = pd.DataFrame(rows, columns=GROUP_COLUMNS).astype({"n": "Int64", "n_schools": "Int64"})
    return table.assign(p_adjusted=benjamini_hochberg(table["p"].to_numpy(float)))


def change_by_dose_table(results: Results) -> pd.DataFrame:
    """Mean change along a predictor, as `change_by_dose.csv`: rows are groups of teachers next to each other on it.

    Of the predictors with a clear slope (the first such scale), or else of the first number of context on the first
    primary scale. Each group has enough teachers, of two schools or more; there are three such groups or no row.
    """
    rows = []
    for at, scale in _drawn(results):
        x = predictors(results.panel)[at].to_numpy(float)
        rows += _along(results, at, scale, x)
    return pd.DataFrame(rows, columns=DOSE_COLUMNS)


def present(results: Results) -> bool:
    """Whether a file of context tells anything of the country's teachers."""
    return len(results.panel.context.columns) > 0


ESTIMATES = {"change_by_group": change_by_group_table, "change_by_dose": change_by_dose_table}


def _of_kind(results: Results, kind: str) -> list[str]:
    """The items of context of a kind, in the order of the files."""
    book = results.study.codebook
    return [item for item in results.panel.context if book.kind(item) == kind]


def _parted(results: Results, scale: str) -> tuple[list[dict], list[np.ndarray]]:
    """The rows of a scale, and the groups (labels of the matched) that this report shows separate changes of."""
    matched, rows = Matched.of(results, scale), []
    items = _of_kind(results, "choice")
    published = list(_elsewhere(results, scale, matched)) if items or _of_kind(results, "number") else []
    for item in items:
        groups = _groups(results, item, matched)
        if groups is None or not all(results.policy.crossed(groups, other) for other in published):
            rows.append({"item": item, "value": "", "label": "", "scale": scale, "note": written([note("small_cells")])})
            continue
        published.append(groups)
        rows += _rows(results, item, scale, matched, groups)
    return rows, published


def _elsewhere(results: Results, scale: str, matched: Matched) -> Iterator[np.ndarray]:
    """The schools as `change_by_school.csv` shows them, and what study.toml declares of schools."""
    panel = results.panel
    if panel.cluster is None:
        return
    school = panel.respondents["school"][matched.who]
    table = results.precise("change_by_school")
    shown = set(table.loc[(table["scale"] == scale) & table["estimate"].notna(), "school"])
    yield school.where(school.isin(shown), OTHER_SCHOOLS).to_numpy(str)
    for declared in ("role", "advanced"):
        yield school.map(panel.schools[declared]).to_numpy(str)


def _groups(results: Results, item: str, matched: Matched) -> np.ndarray | None:
    """The answer of each of the matched, small ones joined, empty where not known; None if there are no two groups."""
    policy, book = results.policy, results.study.codebook
    given = results.panel.context[item][matched.who].fillna(NOT_KNOWN).to_numpy(str)
    values = [value for value in (*(value.value for value in book.values(item)), NOT_KNOWN) if (given == value).any()]
    alone = [policy.enough((given == value).sum()) if value == NOT_KNOWN else matched.speaks(given == value, policy)
             for value in values]
    joined = policy.joined(np.array([(given == value).sum() for value in values]), np.array(alone, bool))
    groups = np.where(np.isin(given, np.array(values)[joined]), OTHER_ANSWERS, given)
    named = set(groups) - {NOT_KNOWN}
    return groups if len(named) > 1 and all(matched.speaks(groups == value, policy) for value in named) else None


def _rows(results: Results, item: str, scale: str, matched: Matched, groups: np.ndarray) -> Iterator[dict]:
    policy, known = results.policy, groups != NOT_KNOWN
    labels = {value.value: value.label for value in results.study.codebook.values(item)} | {OTHER_ANSWERS: OTHER_ANSWERS}
    for value in (value for value in labels if (groups == value).any()):
        here = groups == value
        own = mean_cr2(*matched.part(here, policy))
        changes, clusters = matched.part(known, policy)
        apart = regression_cr2(changes, np.column_stack([np.ones(known.sum()), here[known]]), clusters)[1]
        yield {"item": item, "value": value, "label": labels[value], "scale": scale, "n": int(here.sum()),
               "n_schools": matched.schools(here), **estimate_columns(own, "change"), "difference": apart.estimate,
               "difference_low": apart.low, "difference_high": apart.high, "p": apart.p,
               "note": written((*own.note, *apart.note))}


def _drawn(results: Results) -> list[tuple[str, str]]:
    """Which predictors are drawn, each on one scale: those with a clear slope, or else the first number of context."""
    doses, table = _of_kind(results, "number"), results.precise("association")
    if not doses:
        return []
    clear = table.loc[table["p_adjusted"] < ALPHA].drop_duplicates("predictor")
    found = list(zip(clear["predictor"], clear["scale"], strict=True))[:MOST_PANELS]
    compared = results.panel.compared_scales
    primary = [scale for scale in results.study.primary_scales if scale in compared]
    return found or [(doses[0], scale) for scale in (primary or compared)[:1]]


def _along(results: Results, predictor: str, scale: str, x: np.ndarray) -> list[dict]:
    """The rows of a predictor on a scale, as fine as the policy allows; none where too few groups would be left."""
    policy, panel, matched = results.policy, results.panel, Matched.of(results, scale)
    if predictor not in panel.context and policy.small((np.isfinite(x) & ~matched.who).sum()):
        return []
    x, published = x[matched.who], results.once(_parted, scale)[1]
    bins = next((bins for most in range(MOST_BINS, FEWEST_BINS - 1, -1)
                 if len(set(bins := _bins(x, matched, most, policy)) - {-1}) >= FEWEST_BINS
                 and all(matched.speaks(bins == at, policy) for at in set(bins) - {-1})
                 and all(policy.crossed(bins, other) for other in (bins, *published))), None)
    if bins is None:
        return []
    label = results.study.codebook
    name = label.label(predictor) if predictor in label.scales.index else label.text(predictor)
    return [{"predictor": predictor, "predictor_label": name, "scale": scale, "label": results.label(scale),
             "n": int(here.sum()), "n_schools": matched.schools(here), "predictor_mean": x[here].mean(),
             "change": matched.changes[here].mean(), "note": ""}
            for here in (bins == at for at in range(bins.max() + 1))]


def _bins(x: np.ndarray, matched: Matched, most: int, policy: Policy) -> np.ndarray:
    """The group of each of the matched along x, at most so many of about the same size, -1 where x is not known.

    Equal x are in one group, and a group ends where it has enough teachers of two schools; what is left joins the last.
    """
    ends, here, known = [], np.zeros(len(x), bool), np.isfinite(x)
    for value in np.unique(x[known]):
        here |= x == value
        if here.sum() * most >= known.sum() and policy.enough(here.sum()) and (
                matched.cluster is None or matched.schools(here) > 1):
            ends.append(value)
            here = np.zeros(len(x), bool)
    return np.where(known, np.searchsorted(ends[:-1], np.where(known, x, 0.0)), -1)


def _answer(row: pd.Series, say: Language, policy: Policy) -> str:
    return {OTHER_ANSWERS: say("other answers"), "": say("all answers")}.get(row["value"], row["label"])


GROUPS = [
    Column("Answer", _answer, words=True), Column("n matched", count("n")), Column("Schools", count("n_schools")),
    Column("Change [95 % CI]", change_with_interval()),
    Column("Difference from the others [95 % CI]", change_with_interval("difference", "difference_low", "difference_high")),
    Column("Adjusted p", p("p_adjusted")),
]



def main(results: Results) -> Iterator[Block]:
    """What was examined, and what is clear after adjustment; the chart of change along a dose stands in the annex."""
    say = results.say
    slopes, groups = _slopes(results), _compared(results)
    if not slopes and not groups:
        return
    yield Heading(say("Dosage and context"))
    yield Text(" ".join(filter(None, (slopes, groups, say(
        "Neither teachers nor schools were randomised to any of this, so it cannot be attributed to it.")))))


def _slopes(results: Results) -> str:
    """How many slopes on numbers of context were examined, which are clear, and how few schools tell them apart."""
    say, precise = results.say, results.precise("association")
    of_context = (precise["source"] == correlates.CONTEXT) & precise["p_adjusted"].notna()
    if not of_context.any():
        return ""
    clear = results.table("association").loc[of_context & (precise["p_adjusted"] < ALPHA)]
    names = say.list(say.quoted(name) for name in precise.loc[of_context, "predictor_label"].unique())
    where = "@tbl-association, @fig-dosage" if len(results.table("change_by_dose")) else "@tbl-association"
    said = [say.plural("{n} slope of the matched teachers' change on {names} was examined ({where}).",
                       "{n} slopes of the matched teachers' change on {names} were examined ({where}).",
                       int(of_context.sum()), names=names, where=where)]
    said += [correlates.sentence(results, row) for _at, row in clear.iterrows()] or [
        say("None differs clearly after adjustment.")]
    between = precise.loc[of_context & precise["note"].str.contains("between_schools")]
    if len(between):
        said.append(say.plural(
            "Slopes on {names} rest on {n} school alone.",
            "Slopes on {names} rest on differences between {n} schools alone.",
            int(between["n_schools"].max()),
            names=say.list(say.quoted(name) for name in between["predictor_label"].unique())))
        if (between["df"] < FEW_DF).any():
            said.append(say("With fewer than four degrees of freedom the p values themselves are unreliable (Pustejovsky & "
                            "Tipton, 2018)."))
    return " ".join(said)


def _compared(results: Results) -> str:
    """How many groups were compared with the others, and which differ."""
    say, precise = results.say, results.precise("change_by_group")
    looked = precise["p_adjusted"].notna()
    if not looked.any():
        return ""
    clear = results.table("change_by_group").loc[looked & (precise["p_adjusted"] < ALPHA)]
    lead = say.plural("{n} comparison of a group of teachers with all others was made (@tbl-change_by_group).",
                      "{n} comparisons of a group of teachers with all others were made (@tbl-change_by_group).",
                      int(looked.sum()))
    if clear.empty:
        return f"{lead} " + say("None differs clearly after adjustment.")
    return " ".join([lead, *(_apart(results, row) for _at, row in clear.iterrows())])


def _apart(results: Results, row: pd.Series) -> str:
    say, digits = results.say, results.policy.digits(row, "difference")
    return say("On **{scale}** the change of those with {answer} ({item}) differs by {points} points (95 % CI {interval}; "
               "adjusted {p}).", scale=results.label(row["scale"]), answer=say.quoted(_answer(row, say, results.policy)),
               item=results.item(row["item"]), points=say.number(row["difference"], digits, signed=True),
               interval=say.interval(row["difference_low"], row["difference_high"], digits), p=say.p_is(row["p_adjusted"]))


def figure(results: Results) -> Figure:
    """Mean change along each predictor that is drawn, with the line of the regression."""
    say, rows = results.say, results.table("change_by_dose")
    slopes, precise = (table.set_index(["scale", "predictor"])
                       for table in (results.table("association"), results.precise("association")))
    panels, clear = [], []
    for key, own in rows.groupby(["scale", "predictor"], sort=False):
        row, points = slopes.loc[key], own[["predictor_mean", "change"]].to_numpy(float)
        centre = np.average(points, axis=0, weights=own["n"].to_numpy(float))
        said = change_with_interval("slope")(row, say, results.policy)
        panels.append(plots.Slope(row["label"], row["predictor_label"], list(map(tuple, points)), tuple(centre),
                                  row["slope"], row["ci_low"], row["ci_high"], said))
        clear += [panels[-1]] if precise.at[key, "p_adjusted"] < ALPHA else []
    first = (clear or panels)[0]
    named = {"scale": first.title, "predictor": say.quoted(first.x_label)}
    title = (say("The change on {scale} is associated with {predictor}", **named) if clear else
             say("No clear association of the change on {scale} with {predictor}", **named))
    return Figure(
        "dosage", title,
        say("Points are mean changes of groups of matched teachers, never of one school or a few teachers alone; above is "
            "the slope of the regression on all of them with its 95 % interval. With one predictor the points are partial "
            "residuals, too."),
        " ".join(say("{scale} by {predictor}: slope {slope}.", scale=panel.title, predictor=panel.x_label,
                     slope=panel.text) for panel in panels),
        lambda width: plots.slopes(panels, say("Change in scale points, follow-up minus baseline"), width=width, keys=(
            say("mean change of a group of teachers"), say("regression line"), say("95 % interval of its slope")),
            synthetic=results.synthetic),
        rows.drop(columns="note"))


def annex(results: Results) -> Iterator[Block]:
    """The chart and all groups; the slopes are among the correlates of change."""
    say, groups, drawn = results.say, results.table("change_by_group"), len(results.table("change_by_dose")) > 0
    grouping = groups["change"].notna().any()
    if drawn or grouping:
        yield Heading(say("Dosage and context"))
    if drawn:
        yield figure(results)
    if grouping:
        made = results.shown("change_by_group", say("Change by group, in scale points"), GROUPS, general=say(
            "Changes of matched teachers. The difference is that from all teachers with another answer; its p is adjusted "
            "over the table (Benjamini-Hochberg)."))
        yield grouped(made, [say("{item}: {scale}", item=results.item(row["item"]), scale=results.label(row["scale"]))
                             for _at, row in groups.iterrows()])
