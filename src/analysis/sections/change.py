"""What changed on each scale: the main estimate, as a figure, a table and a sentence per primary scale."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis import plots
from analysis.disclosure.protection import ProtectedPanel
from analysis.language import Language
from analysis.notes import note, written
from analysis.sections.estimates import (
    arrays,
    estimate_columns,
    main_estimate,
    matched_in_school,
    pair_told,
    scores_of,
    varies,
)
from analysis.sections.parts import (
    Block,
    Column,
    Figure,
    Heading,
    Text,
    change_with_interval,
    count,
    message,
    number,
    p,
    text,
)
from analysis.sections.results import ALPHA, Results
from analysis.statistics.effect_size import d_av
from analysis.statistics.multiplicity import benjamini_hochberg, holm
from analysis.statistics.relevance import verdict
from analysis.study.populations import TEACHERS

CHANGE_COLUMNS = [
    "scale", "label", "n_pre", "n_post", "n_matched", "n_schools", "mean_pre", "sd_pre", "mean_post", "sd_post",
    "change", "se", "df", "ci_low", "ci_high", "p", "p_adjusted", "family", "d_av", "d_av_low", "d_av_high",
    "verdict", "method", "note",
]
CORRECTIONS = {"primary": holm, "exploratory": benjamini_hochberg}
FEW_DF = 4
MOST_IN_BRIEF = 3
"""Primary scales that have a sentence each on page 1."""


def change_table(results: Results) -> pd.DataFrame:
    """The change on every scale that both surveys asked, as `change.csv`; only teachers' scales can be primary."""
    panel = results.panel
    rows = [_change_row(panel, scale) for scale in panel.compared_scales]
    table = pd.DataFrame(rows, columns=CHANGE_COLUMNS)
    primary = panel.study.primary_scales if panel.population.respondents == TEACHERS.respondents else []
    table["family"] = np.where(table["scale"].isin(primary), "primary", "exploratory")
    return adjusted(table)


def adjusted(table: pd.DataFrame) -> pd.DataFrame:
    """The table with `p_adjusted`: Holm's within the family "primary", Benjamini and Hochberg's within "exploratory"."""
    for family, correction in CORRECTIONS.items():
        members = table["family"] == family
        if members.any():
            table.loc[members, "p_adjusted"] = correction(table.loc[members, "p"].to_numpy(float))
    return table


def _change_row(panel: ProtectedPanel, scale: str) -> dict:
    policy, scores = panel.policy, scores_of(panel, scale)
    n_pre, n_post = int(np.isfinite(scores.pre).sum()), int(np.isfinite(scores.post).sum())
    row = {
        "scale": scale, "label": panel.study.codebook.label(scale), "n_pre": n_pre, "n_post": n_post,
        "n_matched": int(scores.matched.sum()), "n_schools": scores.n_schools,
    }
    change = main_estimate(scores, policy)
    notes = [note("class_left")] * (scale in panel.left) + list(change.note)
    for wave, values, n in (("pre", scores.pre, n_pre), ("post", scores.post, n_post)):
        if policy.enough(n) and (policy.public or varies(values)):
            row[f"mean_{wave}"] = np.nanmean(values)
            if pair_told(panel, scale, wave):
                notes.append(note("spread_tells"))
            elif n > 1:
                row[f"sd_{wave}"] = np.nanstd(values, ddof=1)
    row |= estimate_columns(change, "change")
    row["verdict"] = verdict(change, panel.study.settings.smallest_change(scale))
    row["method"] = change.method
    matched = matched_in_school(scores)
    if change.exists and not policy.enough(len(matched.pre)):
        notes.append(note("no_effect_size", minimum=policy.minimum))
    elif change.exists:
        size = d_av(*arrays(matched, policy))
        row |= {"d_av": size.estimate, "d_av_low": size.low, "d_av_high": size.high}
        if not np.isfinite(size.low):
            notes += size.note
    row["note"] = written(notes)
    return row


def claim(row: pd.Series) -> str:
    """What the declared test says of an unrounded row: rose, fell, equivalent, unclear, or missing.

    A scale rose or fell if the p adjusted in its family is below .05; "equivalent" is said only where equivalence was
    shown (verdict), never for want of evidence.
    """
    if pd.isna(row["change"]):
        return "missing"
    if pd.notna(row["p_adjusted"]) and row["p_adjusted"] < ALPHA:
        return "rose" if row["change"] > 0 else "fell"
    return "equivalent" if row["verdict"] == "equivalent" else "unclear"


def sentence(results: Results, scale: str) -> str:
    """One scale's change in words: the claim from unrounded numbers, the numbers as published."""
    say = results.say
    row = _row(results.table("change"), scale)
    found = claim(_row(results.precise("change"), scale))
    digits = results.policy.digits(row, "change")
    values = {
        "scale": f"**{results.label(scale)}**", "points": say.number(row["change"], digits, signed=True),
        "size": say.number(abs(row["change"]), digits), "interval": say.interval(row["ci_low"], row["ci_high"], digits),
        "p": say.p(row["p_adjusted"]) if say.p(row["p_adjusted"])[0] in "<>" else f"= {say.p(row['p_adjusted'])}",
    }
    if found == "missing":
        return say("{scale}: the change can't be given.", **values)
    if pd.isna(row["p_adjusted"]):
        return say("{scale}: {points} points, without an interval.", **values)
    said = {
        "rose": say("{scale} rose by {size} points (95 % CI {interval}; adjusted p {p}).", **values),
        "fell": say("{scale} fell by {size} points (95 % CI of the change {interval}; adjusted p {p}).", **values),
        "equivalent": say("{scale} did not change by a relevant amount ({points}, 95 % CI {interval}).", **values),
        "unclear": say("{scale}: no clear change ({points}, 95 % CI {interval}; adjusted p {p}).", **values),
    }[found]
    return f"{said} {yardstick(results, scale, row)}".strip()


def yardstick(results: Results, scale: str, row: pd.Series) -> str:
    """What the verdict says, with the smallest change of interest beside it; empty where none was declared."""
    say, smallest = results.say, results.study.settings.smallest_change(scale)
    if smallest is None:
        return ""
    points = say.number(smallest)
    return {
        "relevant change": say("The whole interval lies beyond {points} points, the smallest change declared meaningful "
                               "before the analysis.", points=points),
        "change too small to matter": say("The change is smaller than {points} points, the smallest change declared "
                                          "meaningful before the analysis.", points=points),
        "equivalent": say("Any change is smaller than {points} points, the smallest change declared meaningful before the "
                          "analysis.", points=points),
        "inconclusive": say("Whether it reaches {points} points, the smallest change declared meaningful before the "
                            "analysis, remains open.", points=points),
    }.get(row["verdict"], "")


def message_title(results: Results, scales: list[str]) -> str:
    """The message of a figure of these scales: which rose, which fell, and how many show no clear change."""
    precise = results.precise("change")
    return message_of(results, {scale: claim(_row(precise, scale)) for scale in scales})


def message_of(results: Results, found: dict[str, str]) -> str:
    """The same from what was found on each scale (`claim`)."""
    say = results.say
    rose, fell = ([results.label(scale) for scale in found if found[scale] == way] for way in ("rose", "fell"))
    rest = len(found) - len(rose) - len(fell)
    if not rose and not fell:
        return say("No scale shows a clear change")
    parts = [say.plural("{scales} rose", "{scales} rose", len(rose), scales=say.list(rose))] * bool(rose)
    parts += [say.plural("{scales} fell", "{scales} fell", len(fell), scales=say.list(fell))] * bool(fell)
    if rest:
        parts.append(say.plural("{n} other scale shows no clear change", "{n} other scales show no clear change", rest))
    return "; ".join(parts)


def figure(results: Results, name: str, scales: list[str]) -> Figure:
    """The change on these scales with intervals, beside the smallest change of interest."""
    say, rows = results.say, results.table("change").set_index("scale", drop=False).loc[scales]
    marks = [plots.Interval(row["label"], row["change"], row["ci_low"], row["ci_high"], shown(results, row),
                            band=results.study.settings.smallest_change(row["scale"])) for _at, row in rows.iterrows()]
    label = say("Change in scale points, follow-up minus baseline")
    column = say("Change [95 % CI]")
    alt = say("Change on each scale with its 95 % interval. {rows}",
              rows="; ".join(f"{mark.label}: {mark.text}" for mark in marks) + ".")
    caption = say("Dots are changes from baseline to follow-up, lines 95 % intervals with schools as clusters. The grey "
                  "band holds changes below the smallest change of interest. n = {n} teachers, {n_matched} of them "
                  "matched.", n=analysed(results, scales),
                  n_matched=span(say, rows["n_matched"]))
    return Figure(name, message_title(results, scales), caption, alt,
                  lambda width: plots.intervals(marks, label, column, width=width, synthetic=results.synthetic,
                                                band_label=say("smaller than the smallest change of interest"),
                                          keys={"arrow": say("the interval goes on")}),
                  rows.assign(n_analysed=n_analysed(results, scales))[
                      ["scale", "label", "n_pre", "n_post", "n_matched", "n_analysed", "change", "ci_low", "ci_high"]])


def shown(results: Results, row: pd.Series) -> str:
    """A change with its interval, or why there is none."""
    say = results.say
    if pd.isna(row["change"]):
        return say("suppressed") if "too_few" in row["note"] or "no_variation" in row["note"] else say("not estimable")
    return change_with_interval()(row, say, results.policy)


def analysed(results: Results, scales: list[str]) -> str:
    """How many teachers the main estimate of these scales rests on, matched or not."""
    return span(results.say, n_analysed(results, scales))


def n_analysed(results: Results, scales: list[str]) -> pd.Series:
    """The same, by scale."""
    return results.table("analysed").set_index("scale").loc[scales, "n_analysed"]


def span(say: Language, counts: pd.Series) -> str:
    """The numbers that bases run from and to, or the one they all are."""
    known = counts.dropna().astype(int)
    if known.empty:
        return say.count(None)
    low, high = known.min(), known.max()
    return say.count(low) if low == high else say("{low} to {high}", low=low, high=high)


def _row(table: pd.DataFrame, scale: str) -> pd.Series:
    return table.loc[table["scale"] == scale].iloc[0]


def verdicts(say: Language) -> dict[str, str]:
    """What the verdicts of `change.csv` are called."""
    return {
        "relevant change": say("relevant change"), "change too small to matter": say("change too small to matter"),
        "equivalent": say("equivalent"), "inconclusive": say("open"), "": "–",
    }


SHORT = [
    Column("Scale", text("label"), words=True),
    Column("n matched", count("n_matched")),
    Column("Baseline mean", number("mean_pre")),
    Column("Follow-up mean", number("mean_post")),
    Column("Change [95 % CI]", change_with_interval()),
    Column("Adjusted p", p("p_adjusted")),
    Column("d_av", number("d_av", signed=True)),
    Column("Verdict", message("verdict", verdicts), words=True),
]
FULL = [
    *SHORT[:1],
    Column("n baseline", count("n_pre")), Column("n follow-up", count("n_post")), Column("n matched", count("n_matched")),
    Column("Schools", count("n_schools")),
    Column("Baseline SD", number("sd_pre")), Column("Follow-up SD", number("sd_post")),
    Column("SE", number("se")), Column("df", count("df")), Column("p", p("p")), Column("Adjusted p", p("p_adjusted")),
    Column("d_av [95 % CI]", change_with_interval("d_av", "d_av_low", "d_av_high")),
]
ESTIMATES = {"change": change_table}


def main(results: Results) -> Iterator[Block]:
    """The primary scales in a short table; their sentences and figure are on page 1, or here where they are many."""
    say, change = results.say, results.table("change")
    primary = change.loc[change["family"] == "primary"]
    if primary.empty:
        return
    yield Heading(say("Primary results"))
    if len(primary) > MOST_IN_BRIEF:
        yield Text("\n".join(f"- {sentence(results, scale)}" for scale in primary["scale"]))
    shown = say("@fig-change shows the primary scales, @tbl-change gives their numbers.")
    yield Text(" ".join(filter(None, (shown, _smallest(results, primary["scale"]), _few_schools(results)))))
    general = say("The change is estimated from all answers, matched or not, so it need not equal the difference of the "
                  "means. d_av is the mean change of matched teachers in units of the standard deviation.")
    if primary["verdict"].ne("").any():
        general += " " + say("The verdict holds the interval against the smallest change of interest; “open” means that "
                             "the interval allows for changes on both sides of it.")
    yield results.shown("change", say("Change on the primary scales, in scale points"), SHORT, primary, general)


def _smallest(results: Results, scales: pd.Series) -> str:
    """What the smallest change of interest means in answers; empty where none was declared or scales have their own."""
    say, found = results.say, {results.study.settings.smallest_change(scale) for scale in scales}
    if len(found) > 1 or None in found:
        return ""
    (points,) = found
    said = {"points": say.number(points), "share": say.percent(points)}
    if points < 1 and results.table("scales").set_index("scale").loc[scales, "minimum"].notna().all():
        return say("The smallest change of interest, {points} points, is what it takes if {share} of the teachers answer "
                   "every item of a scale one step higher and nobody else changes.", **said)
    return say("The smallest change of interest is {points} points.", **said)


def annex(results: Results) -> Iterator[Block]:
    """All numbers of the main estimate on every scale."""
    say = results.say
    yield Heading(say("The main estimate in full"))
    yield results.shown("change", say("The main estimate on every scale"), FULL, label="change-full")


def _few_schools(results: Results) -> str:
    """One calm sentence where few schools make wide intervals; empty otherwise."""
    say, change = results.say, results.precise("change")
    several = change.loc[change["n_schools"] > 1]
    if several.empty or (several["df"].min() >= FEW_DF and several["n_schools"].min() > 3):
        return ""
    said = say.plural("The teachers come from {n} school, so the intervals are wide.",
                      "The teachers come from {n} schools; few or unequal schools make the intervals wide.",
                      int(several["n_schools"].max()))
    if several["df"].min() < FEW_DF:
        said += " " + say("With fewer than four degrees of freedom the p values themselves are unreliable (Pustejovsky & "
                          "Tipton, 2018).")
    return said
