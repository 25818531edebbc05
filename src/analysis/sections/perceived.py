"""Perceived change: what teachers say, at follow-up, has changed since before the mentoring, beside the measured change."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis import plots
from analysis.notes import note, written
from analysis.sections import change
from analysis.sections.estimates import estimate_columns, varies
from analysis.sections.parts import Block, Column, Figure, Heading, Method, Text, change_with_interval, count, text
from analysis.sections.results import ALPHA, Results
from analysis.statistics.cr2 import mean_cr2
from analysis.statistics.estimate import Estimate
from analysis.statistics.multiplicity import holm

COLUMNS = ["item", "n", "mean", "ci_low", "ci_high", "note"]
SCALE_COLUMNS = ["scale", "label", "measured", "n", "middle", "mean", "estimate", "se", "df", "ci_low", "ci_high", "p",
                 "p_adjusted", "note"]


def pairs(results: Results) -> dict[str, str]:
    """The scales of perceived change that the follow-up asked, each with the scale that it stands beside."""
    beside = results.study.codebook.scales["perceived_change_of"]
    return {scale: beside[scale] for scale, waves in results.panel.waves_of.items() if beside[scale] and "post" in waves}


def present(results: Results) -> bool:
    """Whether the follow-up asked how much has changed."""
    return bool(pairs(results))


def perceived_table(results: Results) -> pd.DataFrame:
    """The mean answer to each item of perceived change, on its answer scale, as `perceived.csv`.

    With the CR2 interval by school; reverse-scored items are mirrored. Of those who answered at follow-up, matched or not.
    """
    rows = []
    for scale in pairs(results):
        for item in results.panel.items[scale]:
            found, n = _mean(results, results.panel.answers["post"][item])
            rows.append({"item": item, "n": n, "mean": found.estimate, "ci_low": found.low, "ci_high": found.high,
                         "note": written(found.note)})
    return pd.DataFrame(rows, columns=COLUMNS)


def perceived_scales_table(results: Results) -> pd.DataFrame:
    """How far each scale's mean lies from the middle of its answers, as `perceived_scales.csv`.

    The middle, half-way between the lowest and the highest answer, stands for no change. `measured`: the scale asked in
    both surveys that names the same construct. p tests the middle, adjusted over the table (Holm).
    """
    codebook, rows = results.study.codebook, []
    for scale, measured in pairs(results).items():
        middle = float(np.mean([codebook.range(item) for item in results.panel.items[scale]]))
        found, n = _mean(results, results.panel.scores["post"][scale] - middle)
        rows.append({"scale": scale, "label": results.label(scale), "measured": measured, "n": n, "middle": middle,
                     "mean": middle + found.estimate, **estimate_columns(found, "estimate"), "note": written(found.note)})
    table = pd.DataFrame(rows, columns=SCALE_COLUMNS)
    return table.assign(p_adjusted=holm(table["p"].to_numpy(float)))


def _mean(results: Results, answers: pd.Series) -> tuple[Estimate, int]:
    """The mean of what is given by those with a school, where schools are named, and how many they are."""
    panel, policy, values = results.panel, results.policy, answers.to_numpy(float)
    used = np.isfinite(values) & panel.in_clusters
    n = int(used.sum())
    if not policy.enough(n):
        return Estimate(note=(note("too_few", minimum=policy.minimum),)), n
    if not (policy.public or varies(values[used])):
        return Estimate(note=(note("no_variation"),)), n
    found = mean_cr2(values[used], policy.clusters(panel.cluster_of(used)))
    without = int((np.isfinite(values) & ~panel.in_clusters).sum())
    return found.noting(note("without_school", n=without)) if without else found, n


ESTIMATES = {"perceived": perceived_table, "perceived_scales": perceived_scales_table}
ITEMS = [
    Column("Item", text("label"), words=True), Column("n", count("n")),
    Column("Mean [95 % CI]", change_with_interval("mean", signed=False)),
]


def main(results: Results) -> Iterator[Block]:
    """What the middle is, where perceived and measured change disagree, and a figure of both."""
    say, precise = results.say, results.precise("perceived_scales")
    if precise["estimate"].isna().all():
        return
    yield Heading(say("Perceived change"))
    lead = say("At follow-up teachers were also asked how much had changed since before the mentoring. The middle of the "
               "answers, {middle}, means no change; results are given as distance from it.", middle=_middles(results))
    differing = [sentence for scale in precise["scale"] if (sentence := _disagreement(results, scale))]
    if differing:
        differing.append(say("Perceived change may reflect satisfaction with the mentoring, or how the time before is "
                             "recalled."))
    yield Text(" ".join([lead, *differing]))
    if _beside(results):
        yield _figure(results)


def annex(results: Results) -> Iterator[Block]:
    """The mean answer to every item."""
    say, rows = results.say, results.table("perceived")
    if rows["mean"].notna().any():
        yield Heading(say("Perceived change by item"))
        yield results.shown("perceived", say("Mean answers on perceived change"), ITEMS,
                            rows.assign(label=rows["item"].map(results.item)),
                            say("The middle of the answers, {middle}, means no change.", middle=_middles(results)))


def methods(results: Results) -> Iterator[Method]:
    """How the means were estimated."""
    if results.precise("perceived_scales")["estimate"].notna().any():
        yield Method(results.say("Perceived change is the mean of all who answered at follow-up, with CR2 by school "
                                 "(Pustejovsky & Tipton, 2018), against the middle of the answers; p is adjusted over its "
                                 "scales (Holm, 1979)."), ("pustejovsky", "holm"))


def _middles(results: Results) -> str:
    """The middle of the answers with its label, such as 3 (“About the same”)."""
    say, codebook, found = results.say, results.study.codebook, []
    for scale in pairs(results):
        for item in results.panel.items[scale]:
            middle = sum(codebook.range(item)) / 2
            labels = [value.label for value in codebook.values(item) if value.number == middle]
            number = say.number(middle, 0 if middle == int(middle) else 1)
            found.append(say("{value} ({label})", value=number, label=say.quoted(labels[0])) if labels else number)
    return say.list(dict.fromkeys(found))


def _beside(results: Results) -> dict[str, pd.Series]:
    """The rows of `perceived_scales.csv` whose construct was measured in both surveys, by the scale that measured it."""
    measured = set(results.table("change").dropna(subset=["change"])["scale"])
    return {row["measured"]: row for _at, row in results.table("perceived_scales").iterrows()
            if row["measured"] in measured and pd.notna(row["estimate"])}


def _disagreement(results: Results, scale: str) -> str:
    """Where one of both is clear and the other is not, or goes the other way; empty where they agree."""
    say = results.say
    precise, shown = (table.set_index("scale").loc[scale] for table in (
        results.precise("perceived_scales"), results.table("perceived_scales")))
    if precise["measured"] not in _beside(results):
        return ""
    row = results.precise("change").set_index("scale").loc[precise["measured"]]
    measured = {"rose": 1, "fell": -1}.get(change.claim(row), 0)
    perceived = int(np.sign(precise["estimate"])) if precise["p_adjusted"] < ALPHA else 0
    if measured == perceived:
        return ""
    digits = results.policy.digits(shown, "estimate")
    values = {
        "measured": say.quoted(results.label(precise["measured"])), "n": say.count(shown["n"]),
        "points": say.number(shown["estimate"], digits, signed=True),
        "interval": say.interval(shown["ci_low"], shown["ci_high"], digits)}
    if perceived:
        way = (say("Teachers say that {measured} increased ({points} from the middle, 95 % CI {interval}; n = {n})",
                   **values) if perceived > 0 else
               say("Teachers say that {measured} decreased ({points} from the middle, 95 % CI {interval}; n = {n})",
                   **values))
    else:
        way = say("Teachers do not clearly say that {measured} changed ({points} from the middle, 95 % CI {interval}; "
                  "n = {n})", **values)
    other = {1: say("the measured scale rose"), -1: say("the measured scale fell"),
             0: say("the measured scale shows no clear change")}[measured]
    return say("{perceived}; {measured}.", perceived=way, measured=other)


def _figure(results: Results) -> Figure:
    say, beside = results.say, _beside(results)
    table = results.table("change").set_index("scale", drop=False).loc[list(beside)]
    told = [plots.Interval(results.label(scale), row["estimate"], row["ci_low"], row["ci_high"],
                           change_with_interval("estimate")(row, say, results.policy)) for scale, row in beside.items()]
    measured = [plots.Interval(row["label"], row["change"], row["ci_low"], row["ci_high"], change.shown(results, row),
                               band=results.study.settings.smallest_change(scale)) for scale, row in table.iterrows()]
    panels = {say("Measured change"): measured, say("Perceived change"): told}
    axes = [say("Scale points, follow-up minus baseline"), say("Answer points from the middle")]
    differing = [results.label(scale) for scale, row in beside.items() if _disagreement(results, row["scale"])]
    title = (say("Perceived and measured change disagree on {scales}", scales=say.list(differing)) if differing else
             say("Perceived and measured change do not disagree"))
    numbers = pd.DataFrame([
        {"scale": scale, "label": results.label(scale), "n": row["n"], "perceived": row["estimate"],
         "perceived_low": row["ci_low"], "perceived_high": row["ci_high"], "change": table.at[scale, "change"],
         "ci_low": table.at[scale, "ci_low"], "ci_high": table.at[scale, "ci_high"],
         "n_matched": table.at[scale, "n_matched"]} for scale, row in beside.items()])
    return Figure(
        "perceived", title,
        say("Left the change between the surveys, right how far the mean answer on perceived change lies from the middle; "
            "each on its own axis, so lengths are not compared. Lines are 95 % intervals with schools as clusters. n = {n} "
            "teachers on perceived change.", n=change.span(say, numbers["n"])),
        say("Measured and perceived change with 95 % intervals. {rows}", rows="; ".join(
            say("{scale}: measured {measured}, perceived {perceived}", scale=one.label, measured=one.text,
                perceived=other.text) for one, other in zip(measured, told, strict=True)) + "."),
        lambda width: plots.interval_panels(
            panels, axes, width=width, synthetic=results.synthetic,
            band_label=say("smaller than the smallest change of interest"),
            keys={"arrow": say("the interval goes on")}),
        numbers)
