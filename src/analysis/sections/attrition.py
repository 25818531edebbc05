"""Attrition: who has no matched follow-up, and what the change would be had these teachers changed otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.disclosure.policy import Policy
from analysis.disclosure.protection import ProtectedPanel
from analysis.language import Language
from analysis.notes import note, written
from analysis.sections.change import claim
from analysis.sections.estimates import main_estimate, scores_of, varies
from analysis.sections.participation import school
from analysis.sections.parts import (
    Block,
    Column,
    Heading,
    Method,
    Text,
    blank_repeats,
    change_with_interval,
    count,
    grouped,
    number,
    p,
    percent,
    text,
)
from analysis.sections.results import ALPHA, Results
from analysis.statistics.attrition import (
    DELTAS,
    DeltaAdjustment,
    delta_adjustment,
    standardised_mean_difference,
    standardised_share_difference,
)
from analysis.statistics.estimate import Estimate
from analysis.statistics.multiplicity import benjamini_hochberg

ATTRITION_COLUMNS = ["variable", "kind", "value", "label", "n_unmatched", "n_matched", "difference", "ci_low", "ci_high",
                     "p_adjusted", "note"]
DELTA_COLUMNS = ["scale", "delta", "change", "se", "df", "ci_low", "ci_high"]
TO_ZERO_COLUMNS = ["scale", "label", "n", "n_pre", "n_unmatched", "to_zero", "interval_to_zero", "note"]
OTHER_ANSWERS = "other answers"


def attrition_table(results: Results) -> pd.DataFrame:
    """Baseline respondents without a matched follow-up against those with one, as `attrition.csv`.

    A row per scale score, number and answer of the choice questions at baseline. On what both surveys asked, `n_unmatched`
    have no answer at follow-up (unmatched teachers, and matched ones who skipped it); on what only the baseline asked, or
    does not change, they are the unmatched teachers. `difference` is standardised (Hedges' g for scores and numbers,
    Cohen's h for shares) and positive where those without a follow-up lie higher; its p is adjusted over the table (BH).
    Answers that too few of a group gave, or did not give, are one row, "other answers".
    """
    panel, codebook, policy = results.panel, results.study.codebook, results.policy
    rows, p_values = [], []

    def add(variable: str, kind: str, label: str, groups: list[pd.Series], method, value: object = "") -> None:
        unmatched, matched = (values.to_numpy(float) for values in groups)
        if not policy.enough(min(len(unmatched), len(matched))):
            shown = Estimate(note=(note("too_few", minimum=policy.minimum),))
        elif not policy.public and not (varies(unmatched) and varies(matched)):
            shown = Estimate(note=(note("no_variation"),))
        else:
            shown = method(unmatched, matched)
        rows.append((variable, kind, value, label, len(unmatched), len(matched), shown.estimate, shown.low, shown.high,
                     np.nan, written(shown.note)))
        p_values.append(shown.with_t_interval(shown.estimate, shown.se**2, shown.df).p)

    for scale, waves in panel.waves_of.items():
        if "pre" in waves:
            scores = panel.scores["pre"][scale]
            add(scale, "score", codebook.label(scale), _groups(panel, scores, panel.scores["post"][scale], "post" in waves),
                standardised_mean_difference)
    items = codebook.items.loc[codebook.items["scale"] == ""]
    for item, row in items.loc[items.index.isin(panel.asked["pre"])].iterrows():
        twice = item in panel.asked["post"] and not row["constant"]
        groups = _groups(panel, panel.answers["pre"][item], panel.answers["post"][item], twice)
        if row["kind"] == "number":
            add(item, "number", codebook.text(item), groups, standardised_mean_difference)
        elif row["kind"] == "choice":
            for value, label, given in _answers_to_compare(results, item, groups):
                add(item, "share", label, given, standardised_share_difference, value)
    table = pd.DataFrame(rows, columns=ATTRITION_COLUMNS)
    return table.assign(p_adjusted=benjamini_hochberg(np.array(p_values, float)))


def _groups(panel: ProtectedPanel, pre: pd.Series, post: pd.Series, asked_twice: bool) -> list[pd.Series]:
    """The baseline values of those without and with a follow-up; whole classes of the protected sample."""
    followed = post.notna() if asked_twice else panel.respondents["post"].notna()
    return [pre[~followed].dropna(), pre[followed].dropna()]


def _answers_to_compare(results: Results, item: str, groups: list[pd.Series]):
    """Value, label and who of both groups gave it (1 or 0), per answer that enough of both gave or did not give."""
    policy, values = results.policy, results.study.codebook.values(item)
    given = [[(group == value.value).astype(float) for group in groups] for value in values]
    counts = np.array([[int(group.sum()) for group in answer] for answer in given]).reshape(-1, 2)
    small = policy.small(counts) | policy.small(np.array([len(group) for group in groups]) - counts)
    joined = policy.joined(counts.min(axis=1), alone=~small.any(axis=1))
    for value, answer, other in zip(values, given, joined, strict=True):
        if not other:
            yield value.value, value.label, answer
    if joined.any() and not joined.all():
        others = [answer for answer, other in zip(given, joined, strict=True) if other]
        yield OTHER_ANSWERS, OTHER_ANSWERS, [sum(group) for group in zip(*others, strict=True)]


def delta_table(results: Results, change: pd.DataFrame | None = None) -> pd.DataFrame:
    """The main estimate if those without a matched follow-up had changed by `delta` points more, as `attrition_delta.csv`.

    Deltas are negative for a rise and positive for a fall: towards no change. Nothing for a scale whose estimate is not
    shown, or where nobody lacks a follow-up. `change`: the rows of change.csv that are shifted, at full precision if None.
    """
    rows = [
        (scale, delta, adjusted.estimate, adjusted.se, adjusted.df, adjusted.low, adjusted.high)
        for scale in results.panel.compared_scales
        if pd.notna((adjustment := _adjustment(results, scale, change)[0]).to_zero)
        for delta, adjusted in adjustment.adjusted.items()
    ]
    return pd.DataFrame(rows, columns=DELTA_COLUMNS)


def to_zero_table(results: Results, change: pd.DataFrame | None = None) -> pd.DataFrame:
    """The delta at which the change, and its interval, would reach 0, as `attrition_to_zero.csv`.

    `n_pre`: teachers of the main estimate with a baseline score, `n_unmatched` of them without a matched follow-up score.
    `change` as in `delta_table`.
    """
    rows = []
    for scale in results.panel.compared_scales:
        adjustment, main = _adjustment(results, scale, change)
        rows.append((scale, results.label(scale), main.n, main.n_pre, main.n_pre - main.n_matched,
                     adjustment.to_zero, adjustment.interval_to_zero, written(adjustment.note)))
    return pd.DataFrame(rows, columns=TO_ZERO_COLUMNS)


def _adjustment(results: Results, scale: str, change: pd.DataFrame | None) -> tuple[DeltaAdjustment, Estimate]:
    main = main_estimate(scores_of(results.panel, scale), results.policy)
    if not main.exists:
        return DeltaAdjustment(note=main.note), main
    towards = -1 if main.estimate < 0 else 1
    if change is not None:
        row = change.set_index("scale").loc[scale]
        main = replace(main, estimate=row["change"], se=row["se"], df=row["df"], low=row["ci_low"], high=row["ci_high"])
    return delta_adjustment(main, [towards * delta for delta in DELTAS]), main


def answer(row: pd.Series, say: Language, policy: Policy) -> str:
    """What a row compares: a scale, a number, or an answer of a choice question."""
    return say("other answers") if row["value"] == OTHER_ANSWERS else row["label"]


def _group(results: Results, row: pd.Series) -> str:
    say = results.say
    return {"score": say("Scale scores"), "number": say("Numbers")}.get(row["kind"]) or results.item(row["variable"])


ESTIMATES = {"attrition": attrition_table, "attrition_delta": delta_table, "attrition_to_zero": to_zero_table}
PUBLISHED = {
    name: lambda results, table=ESTIMATES[name]: table(results, results.table("change"))
    for name in ("attrition_delta", "attrition_to_zero")
}
"""Six shifts of one change, each rounded, would tell it to a fifth of its last decimal: the rounded change is shifted."""
ATTRITION = [
    Column("At baseline", answer, words=True),
    Column("n without follow-up", count("n_unmatched")), Column("n with follow-up", count("n_matched")),
    Column("Standardised difference [95 % CI]", change_with_interval("difference")), Column("Adjusted p", p("p_adjusted")),
]
BY_SCHOOL = [
    Column("School", school(), words=True), Column("Baseline", count("n_pre")), Column("Unmatched", count("n_pre_only")),
    Column("Unmatched (%)", percent("share_unmatched")),
]
DELTA = [Column("Scale", text("label"), words=True), Column("Delta", number("delta", signed=True)),
         Column("Change [95 % CI]", change_with_interval())]
TO_ZERO = [
    Column("Scale", text("label"), words=True), Column("n at baseline", count("n_pre")),
    Column("n without follow-up", count("n_unmatched")), Column("Delta for no change", number("to_zero", signed=True)),
    Column("Delta for the interval to reach zero", number("interval_to_zero", signed=True)),
]


def main(results: Results) -> Iterator[Block]:
    """One paragraph: whether those without a follow-up differed at baseline, and what they would have had to do."""
    sentences = [_compared(results), _delta(results)]
    if any(sentences):
        yield Heading(results.say("Attrition"))
        yield Text(" ".join(filter(None, sentences)))


def annex(results: Results) -> Iterator[Block]:
    """The comparison, attrition by school, and the delta adjustment."""
    say, table = results.say, results.table("attrition")
    if results.precise("attrition")["difference"].isna().all() and results.precise("attrition_delta").empty:
        return
    yield Heading(say("Attrition"))
    if len(table):
        general = say("On what both surveys asked, those without a follow-up are the unmatched teachers and the matched "
                      "ones who skipped it then. Hedges' g for scores and numbers, Cohen's h for answers; positive where "
                      "those without a follow-up lie higher. p is adjusted over the table (Benjamini-Hochberg).")
        title = say("Baseline respondents without a matched follow-up against those with one")
        yield grouped(results.shown("attrition", title, ATTRITION, general=general),
                      [_group(results, row) for _at, row in table.iterrows()])
    if results.table("attrition_by_school").iloc[:-1]["share_unmatched"].count() > 1:
        yield results.shown("attrition_by_school", say("Unmatched baseline respondents by school"), BY_SCHOOL,
                            label="attrition-by-school")
    delta = results.table("attrition_delta")
    if len(delta):
        yield Text(say(
            "The main estimate takes teachers without a matched follow-up to have changed like the others. "
            "@tbl-attrition-delta shows it if they had changed by delta points more, with its standard error kept; "
            "@tbl-attrition-to-zero shows the delta at which nothing is left of the change."))
        primary = delta.loc[delta["scale"].isin(results.study.primary_scales)]
        yield results.shown(
            "attrition_delta", say("The main estimate under other assumptions on those without a follow-up"), DELTA,
            blank_repeats(primary.assign(label=primary["scale"].map(results.label)), "label"), label="attrition-delta")
        yield results.shown("attrition_to_zero", say("Deltas at which the change, or its interval, would reach zero"),
                            TO_ZERO, label="attrition-to-zero")


def methods(results: Results) -> list[Method]:
    """How attrition was analysed."""
    say, said = results.say, []
    if results.precise("attrition")["difference"].notna().any():
        said.append(Method(say("Those without a matched follow-up are compared at baseline by Hedges' g (1981) and, for "
                               "shares, Cohen's h (1988)."), ("hedges", "cohen")))
    if len(results.precise("attrition_delta")):
        said.append(Method(say("The delta adjustment shifts the main estimate by delta times the share of baseline scores "
                               "without a matched follow-up (Carpenter & Kenward, 2013)."), ("carpenter",)))
    return said


def _compared(results: Results) -> str:
    """How many characteristics were compared, and which differ after adjustment."""
    say, precise = results.say, results.precise("attrition")
    examined = precise["difference"].notna()
    n = int(examined.sum())
    if precise.empty:
        return ""
    if not n:
        return say("Too few baseline respondents lack a follow-up for a comparison with the others.")
    apart = int(((precise["ci_low"] > 0) | (precise["ci_high"] < 0)).sum())
    lead = say.plural(
        "Teachers without a matched follow-up were compared with the others on {n} characteristic at baseline "
        "(@tbl-attrition).",
        "Teachers without a matched follow-up were compared with the others on {n} characteristics at baseline "
        "(@tbl-attrition).", n)
    chance = say.number(ALPHA * n, 1)
    clear = results.table("attrition").loc[precise["p_adjusted"] < ALPHA]
    if clear.empty:
        said = say.plural(
            "None differs clearly after adjustment; without it {n} interval excludes zero, where {chance} would be "
            "expected by chance.",
            "None differs clearly after adjustment; without it {n} intervals exclude zero, where {chance} would be "
            "expected by chance.",
            apart, chance=chance)
    else:
        names = say.list(_named(results, row) for _at, row in clear.iterrows())
        said = say.plural("{names} differs after adjustment.", "{names} differ after adjustment.",
                          len(clear), names=names)
    return f"{lead} {said}"


def _named(results: Results, row: pd.Series) -> str:
    say, digits = results.say, results.policy.digits(row, "difference")
    size = say.number(row["difference"], digits, signed=True)
    if row["kind"] != "share":
        return say("{what} ({difference} standard deviations)", what=say.quoted(row["label"]), difference=size)
    return say("the share of {answer} on {what} ({difference} standardised)",
               what=say.quoted(results.item(row["variable"])), difference=size,
               answer=say.quoted(answer(row, say, results.policy)))


def _delta(results: Results) -> str:
    """On the primary scales that rose or fell: how much less those without a follow-up would have had to change."""
    say, table = results.say, results.table("attrition_to_zero").set_index("scale", drop=False)
    moved = [row["scale"] for _at, row in results.precise("change").iterrows()
             if row["family"] == "primary" and claim(row) in ("rose", "fell")]
    limits = table.loc[[scale for scale in moved if pd.notna(table.at[scale, "interval_to_zero"])]]
    if limits.empty:
        return ""
    named = say.list(say("{points} points less on {scale}", scale=row["label"], points=say.number(
        abs(row["interval_to_zero"]), results.policy.digits(row, "interval_to_zero"))) for _at, row in limits.iterrows())
    return say("The interval would reach zero if teachers without a follow-up had changed less than the estimate takes "
               "them to have: {list} (@tbl-attrition-to-zero).", list=named)
