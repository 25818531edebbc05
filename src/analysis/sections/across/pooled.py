"""The countries taken together: pooled where there are more than three, each counted once, and with one left out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.language import Language
from analysis.notes import note, written
from analysis.sections.change import adjusted, claim, verdicts, yardstick
from analysis.sections.parts import (
    Block,
    Column,
    Heading,
    Method,
    Text,
    change_with_interval,
    count,
    grouped,
    message,
    number,
    p,
    text,
)
from analysis.sections.results import AcrossResults
from analysis.statistics.half_normal import PooledHalfNormal, pool_half_normal
from analysis.statistics.meta import Pooled, equal_weight_mean, pool

POOLED_COLUMNS = [
    "scale", "k", "estimate", "se", "df", "ci_low", "ci_high", "p", "tau2", "tau2_low", "tau2_high", "q", "i2",
    "prediction_low", "prediction_high", "method", "note",
]
HALF_NORMAL_COLUMNS = ["scale", "k", "estimate", "mean", "ci_low", "ci_high", "tau", "tau_low", "tau_high",
                       "prediction_low", "prediction_high", "tau_prior_scale", "method", "note"]
CHANGE_COLUMNS = ["scale", "label", "k", "n_matched", "change", "ci_low", "ci_high", "interval", "p", "p_adjusted",
                  "family", "verdict", "prediction_low", "prediction_high", "note"]
EQUAL_COLUMNS = ["scale", "k", "n_smallest", "estimate", "se", "df", "ci_low", "ci_high", "p", "p_adjusted", "family",
                 "method", "note"]
LEFT_OUT_COLUMNS = ["scale", "left_out", "k", "change", "ci_low", "ci_high", "interval", "note"]
FEW_COUNTRIES = 5
CREDIBLE, CONFIDENCE = "credible", "confidence"


def pooled_table(results: AcrossResults) -> pd.DataFrame:
    """The change on each scale pooled by REML with the modified Hartung-Knapp interval, as `pooled.csv`.

    Over the countries that have an estimate with a standard error; the note names the others by their keys.
    """
    rows = []
    for scale, usable, lacking in _by_scale(results):
        found = pool(usable["change"], usable["se"])
        without = [note("without_countries", countries=" ".join(lacking))] * bool(lacking)
        rows.append({"scale": scale, **_columns(found), "se": found.se, "df": found.df, "p": found.p, "tau2": found.tau2,
                     "tau2_low": found.tau2_low, "tau2_high": found.tau2_high, "q": found.q, "i2": found.i2,
                     "note": written([*found.note, *without])})
    return pd.DataFrame(rows, columns=POOLED_COLUMNS)


def pooled_half_normal_table(results: AcrossResults) -> pd.DataFrame:
    """The same with a half-normal prior on the standard deviation between countries, as `pooled_half_normal.csv`.

    `estimate` and `mean` are the posterior's median and mean, `ci_low` and `ci_high` its central 95 % credible interval;
    `tau` is the median of the standard deviation between countries; the prior's scale is study.toml's `tau_prior_scale`.
    """
    rows = []
    for scale, usable, _lacking in _by_scale(results):
        found = pool_half_normal(usable["change"], usable["se"], results.study.settings.tau_prior_scale)
        rows.append({"scale": scale, **_columns(found), "mean": found.mean, "tau": found.tau, "tau_low": found.tau_low,
                     "tau_high": found.tau_high, "tau_prior_scale": found.scale, "note": written(found.note)})
    return pd.DataFrame(rows, columns=HALF_NORMAL_COLUMNS)


def pooled_change_table(results: AcrossResults) -> pd.DataFrame:
    """What texts and figures say of each scale, as `pooled_change.csv`.

    Up to `FEW_COUNTRIES` countries the estimate with the prior, whose interval is a credible one, else the one by REML;
    `interval` says which. `p` is that of `pooled.csv`, `p_adjusted` by Holm over the primary scales and by Benjamini and
    Hochberg over the exploratory ones; `verdict` sets the 95 % interval against the smallest change of interest.
    """
    choices = {CREDIBLE: results.precise("pooled_half_normal"), CONFIDENCE: results.precise("pooled")}
    rows = []
    for at, (scale, usable, _lacking) in enumerate(_by_scale(results)):
        tested, interval = choices[CONFIDENCE].loc[at], _kind(len(usable))
        chosen = choices[interval].loc[at]
        rows.append({"scale": scale, "label": results.label(scale), "n_matched": usable["n_matched"].sum(),
                     "change": chosen["estimate"], "p": tested["p"],
                     "interval": interval if pd.notna(chosen["estimate"]) else "", "family": _family(results, scale),
                     "verdict": _verdict(chosen, results.study.settings.smallest_change(scale)),
                     **chosen[["k", "ci_low", "ci_high", "prediction_low", "prediction_high"]],
                     "note": tested["note"] if pd.isna(chosen["estimate"]) else ""})
    return adjusted(pd.DataFrame(rows, columns=CHANGE_COLUMNS))


def equal_weight_table(results: AcrossResults) -> pd.DataFrame:
    """The plain mean of the countries' changes, each counted once, as `equal_weight.csv`.

    It speaks of just these countries; p is adjusted as that of the pooled change. `n_smallest`: respondents of the
    smallest country, by which the numbers are rounded, since of two countries the one would tell the other.
    """
    rows = []
    for scale, usable, _lacking in _by_scale(results):
        mean = equal_weight_mean(*(usable[name].to_numpy(float) for name in ("change", "se", "df")))
        respondents = usable["n_pre"] + usable["n_post"] - usable["n_matched"]
        rows.append({"scale": scale, "k": len(usable), "n_smallest": respondents.min(), "estimate": mean.estimate,
                     "se": mean.se, "df": mean.df, "ci_low": mean.low, "ci_high": mean.high, "p": mean.p,
                     "family": _family(results, scale), "method": mean.method, "note": written(mean.note)})
    return adjusted(pd.DataFrame(rows, columns=EQUAL_COLUMNS))


def leave_one_out_table(results: AcrossResults) -> pd.DataFrame:
    """The pooled change with each country left out in turn, as `leave_one_out.csv`; pooled as all countries are."""
    rows = []
    for scale, usable, _lacking in _by_scale(results):
        kind = _kind(len(usable))
        for country in usable["country"]:
            rest = usable.loc[usable["country"] != country]
            found = (pool_half_normal(rest["change"], rest["se"], results.study.settings.tau_prior_scale)
                     if kind == CREDIBLE else pool(rest["change"], rest["se"]))
            exists = np.isfinite(found.estimate)
            rows.append({"scale": scale, "left_out": country, "k": found.k, "change": found.estimate, "ci_low": found.low,
                         "ci_high": found.high, "interval": kind if exists else "",
                         "note": "" if exists else written(found.note)})
    return pd.DataFrame(rows, columns=LEFT_OUT_COLUMNS)


def _by_scale(results: AcrossResults) -> Iterator[tuple[str, pd.DataFrame, list[str]]]:
    """Each scale with the rows of the countries that have an estimate with a standard error, and the keys of the others."""
    table = results.precise("change_by_country")
    for scale in results.study.codebook.scales.index:
        rows = table.loc[table["scale"] == scale]
        if len(rows):
            usable = rows["change"].notna() & (rows["se"] > 0)
            yield scale, rows.loc[usable], rows.loc[~usable, "country"].tolist()


def _columns(found: Pooled | PooledHalfNormal) -> dict:
    return {"k": found.k, "estimate": found.estimate, "ci_low": found.low, "ci_high": found.high,
            "prediction_low": found.prediction_low, "prediction_high": found.prediction_high, "method": found.method}


def _kind(k: int) -> str:
    return CREDIBLE if k <= FEW_COUNTRIES else CONFIDENCE


def _family(results: AcrossResults, scale: str) -> str:
    table = results.precise("change_by_country")
    return table.loc[table["scale"] == scale, "family"].iloc[0]


def _verdict(row: pd.Series, smallest: float | None) -> str:
    low, high = row["ci_low"], row["ci_high"]
    if smallest is None or pd.isna(low):
        return ""
    if low > smallest or high < -smallest:
        return "relevant change"
    if -smallest < low and high < smallest:
        return "equivalent" if low <= 0 <= high else "change too small to matter"
    return "inconclusive"


ESTIMATES = {"pooled": pooled_table, "pooled_half_normal": pooled_half_normal_table, "pooled_change": pooled_change_table,
             "equal_weight": equal_weight_table, "leave_one_out": leave_one_out_table}


def claims(results: AcrossResults) -> dict[str, str]:
    """What the test says of each scale that was pooled: rose, fell, equivalent or unclear.

    Rose or fell takes both the adjusted p and the interval that is read out.
    """
    table = results.precise("pooled_change")
    return {row["scale"]: _claim(row) for _at, row in table.iterrows() if pd.notna(row["change"])}


def _claim(row: pd.Series) -> str:
    found = claim(row)
    return "unclear" if found in ("rose", "fell") and row["ci_low"] <= 0 <= row["ci_high"] else found


def row_of(results: AcrossResults, scale: str) -> pd.Series | None:
    """The published row of `pooled_change.csv`, or None where the scale was not pooled."""
    table = results.table("pooled_change")
    rows = table.loc[(table["scale"] == scale) & table["change"].notna()]
    return rows.iloc[0] if len(rows) else None


def title(results: AcrossResults, scale: str) -> str:
    """What the pooled change on a scale says, as a figure's title."""
    say, row = results.say, row_of(results, scale)
    values = {"scale": results.label(scale), "n": say.count(row["k"])}
    return {
        "rose": say("{scale} rose on average over {n} countries", **values),
        "fell": say("{scale} fell on average over {n} countries", **values),
        "equivalent": say("{scale} did not change by a relevant amount on average over {n} countries", **values),
        "unclear": say("{scale} shows no clear change on average over {n} countries", **values),
    }[claims(results)[scale]]


def sentence(results: AcrossResults, scale: str) -> str:
    """The pooled change on a scale in words: the claim from unrounded numbers, the numbers as published."""
    say, row = results.say, row_of(results, scale)
    if row is None:
        return say("**{scale}**: not pooled, because fewer than four countries have an estimate with a standard error.",
                   scale=results.label(scale))
    digits = results.policy.digits(row, "change")
    ends = say.interval(row["ci_low"], row["ci_high"], digits)
    values = {
        "scale": f"**{results.label(scale)}**", "n": say.count(row["k"]), "p": say.p_is(row["p_adjusted"]),
        "points": say.number(row["change"], digits, signed=True),
        "interval": (say("95 % credible interval {interval}", interval=ends) if row["interval"] == CREDIBLE else
                     say("95 % CI {interval}", interval=ends))}
    said = {
        "rose": say("{scale} rose on average over {n} countries ({points} points; {interval}; adjusted {p}).", **values),
        "fell": say("{scale} fell on average over {n} countries ({points} points; {interval}; adjusted {p}).", **values),
        "equivalent": say("{scale} did not change by a relevant amount on average over {n} countries ({points} points; "
                          "{interval}).", **values),
        "unclear": say("{scale}: no clear change on average over {n} countries ({points} points; {interval}; adjusted "
                       "{p}).", **values),
    }[claims(results)[scale]]
    return f"{said} {yardstick(results, scale, row)}".strip()


def _prediction(row: pd.Series, say: Language, policy) -> str:
    return say.interval(row["prediction_low"], row["prediction_high"], policy.digits(row, "prediction_low"))


SHORT = [
    Column("Scale", text("label"), words=True), Column("Countries", count("k")), Column("n matched", count("n_matched")),
    Column("Pooled change [95 % interval]", change_with_interval()), Column("Adjusted p", p("p_adjusted")),
    Column("95 % prediction interval", _prediction),
    Column("Against the smallest change of interest", message("verdict", verdicts), words=True),
]
REML = [
    Column("Scale", text("label"), words=True), Column("Countries", count("k")),
    Column("Pooled change [95 % CI]", change_with_interval("estimate")), Column("SE", number("se")), Column("p", p("p")),
    Column("τ² [95 % CI]", change_with_interval("tau2", "tau2_low", "tau2_high", signed=False)),
    Column("Q", number("q")), Column("I² (%)", lambda row, say, policy: say.number(row["i2"], 0)),
    Column("95 % prediction interval", _prediction),
]
PRIOR = [
    Column("Scale", text("label"), words=True), Column("Countries", count("k")),
    Column("Pooled change [95 % credible interval]", change_with_interval("estimate")),
    Column("τ [95 % credible interval]", change_with_interval("tau", "tau_low", "tau_high", signed=False)),
    Column("95 % prediction interval", _prediction),
]
EQUAL = [
    Column("Scale", text("label"), words=True), Column("Countries", count("k")),
    Column("Mean change [95 % CI]", change_with_interval("estimate")), Column("df", count("df")),
    Column("Adjusted p", p("p_adjusted")),
]
LEFT_OUT = [
    Column("Left out", text("name"), words=True), Column("Countries", count("k")),
    Column("Pooled change [95 % interval]", change_with_interval()),
]


def main(results: AcrossResults) -> Iterator[Block]:
    """The primary scales pooled, what the intervals speak of, and where the equal-weight mean answers differently."""
    say, table = results.say, results.table("pooled_change")
    if table.empty:
        return
    yield Heading(say("The countries together"))
    if table["change"].isna().all():
        yield Text(say("Nothing is pooled: fewer than four countries have an estimate with a standard error, and so few "
                       "cannot tell how far countries differ."))
        return
    yield Text(" ".join([say("A pooled change speaks of countries like these (@tbl-pooled_change)."), *_how_far(results),
                         *_other_answer(results)]))
    rows = table.sort_values("family", key=lambda families: families != "primary", kind="stable")
    made = results.shown(
        "pooled_change", say("Pooled change, in scale points"), SHORT, rows,
        say("p is adjusted over the primary scales (Holm) and over the exploratory ones (Benjamini-Hochberg)."))
    names = {"primary": say("Primary scales"), "exploratory": say("Exploratory scales")}
    yield grouped(made, [names[family] for family in rows["family"]])


def _how_far(results: AcrossResults) -> Iterator[str]:
    """How well the differences between countries are known, and what the prediction interval is."""
    say, pooled = results.say, results.precise("pooled")
    few = pooled.loc[pooled["estimate"].notna() & (pooled["k"] <= FEW_COUNTRIES), "k"]
    if len(few):
        yield say("How far countries differ is estimated imprecisely from {n} countries. A prior that expects moderate "
                  "differences (half-normal, scale {scale} points) therefore enters, and the interval is a credible one; "
                  "p comes without the prior.", n=say.count(few.max()),
                  scale=say.number(results.study.settings.tau_prior_scale))
    if (pooled["tau2"] > 0).any():
        yield say("The prediction interval is where the change of a further country of this kind is expected.")


def _other_answer(results: AcrossResults) -> Iterator[str]:
    """A sentence where the mean of the countries, each counted once, gives another answer than the pooled change."""
    say, pooled = results.say, claims(results)
    equal = results.precise("equal_weight").assign(verdict="").rename(columns={"estimate": "change"})
    clear = {row["scale"]: _claim(row) for _at, row in equal.iterrows() if row["se"] > 0}
    moved = ("rose", "fell")
    both = [(scale, clear[scale], pooled[scale]) for scale in results.study.primary_scales
            if scale in clear and scale in pooled]
    here = [say.quoted(results.label(scale)) for scale, own, of_all in both if own in moved and of_all not in moved]
    rest = [say.quoted(results.label(scale)) for scale, own, of_all in both if own != of_all and of_all in moved]
    if here:
        yield say("In just these countries, each counted once, the mean change is clear on {scales} (@tbl-equal_weight); "
                  "the pooled change leaves open whether it would be in countries like them.", scales=say.list(here))
    if rest:
        yield say("On {scales} the mean of just these countries, each counted once, shows no such clear change "
                  "(@tbl-equal_weight).", scales=say.list(rest))


def annex(results: AcrossResults) -> Iterator[Block]:
    """Pooling by REML, with the prior, with equal weights, and with each country left out."""
    say = results.say
    if results.table("pooled").empty:
        return
    yield Heading(say("Pooling in full"))
    if results.table("pooled")["estimate"].notna().any():
        yield results.shown("pooled", say("Change pooled by REML with the modified Hartung-Knapp interval"), REML,
                            _labelled(results, "pooled"))
        yield results.shown("pooled_half_normal", say("Change pooled with a half-normal prior on τ"), PRIOR,
                            _labelled(results, "pooled_half_normal"))
    if results.table("equal_weight")["estimate"].notna().any():
        yield results.shown("equal_weight", say("Mean change of the countries, each counted once"), EQUAL,
                            _labelled(results, "equal_weight"))
    if results.table("leave_one_out")["change"].notna().any():
        rows = _labelled(results, "leave_one_out")
        rows["name"] = [results.countries[country].name for country in rows["left_out"]]
        made = results.shown("leave_one_out", say("Pooled change with each country left out in turn"), LEFT_OUT, rows)
        yield grouped(made, rows["label"].tolist())


def _labelled(results: AcrossResults, name: str) -> pd.DataFrame:
    table = results.table(name)
    return table.assign(label=[results.label(scale) for scale in table["scale"]])


def methods(results: AcrossResults) -> Iterator[Method]:
    """How the countries were pooled."""
    say, pooled = results.say, results.precise("pooled")
    if pooled["estimate"].notna().any():
        yield Method(say(
            "The countries' changes were pooled in two stages: each country's main estimate with its standard error, then "
            "a random-effects mean with the variance between countries τ² by REML (Viechtbauer, 2005) and the modified "
            "Hartung-Knapp interval, whose variance factor is never below 1 and which has t with k − 1 degrees of freedom "
            "(Hartung & Knapp, 2001; Röver et al., 2015). The interval of τ² is the Q-profile one (Viechtbauer, 2007); the "
            "prediction interval has t with k − 2 degrees of freedom (Higgins et al., 2009), and there is none where τ² is "
            "estimated as 0. The countries' own variances are taken as known, although they rest on few schools."),
            ("viechtbauer5", "hartung", "rover", "viechtbauer7", "higgins"))
        yield Method(say(
            "Up to {few} countries the estimate that is read out has a half-normal prior on τ (scale {scale} points) and a "
            "flat one on the mean: the posterior median with its central 95 % credible interval (Röver, 2020). A pooled "
            "scale is said to have risen or fallen only if the adjusted p of the REML estimate is below .05 and the "
            "interval that is read out excludes zero.", few=FEW_COUNTRIES,
            scale=say.number(results.study.settings.tau_prior_scale)), ("rover20",))
    if results.precise("equal_weight")["estimate"].notna().any():
        yield Method(say("The equal-weight mean counts every country once and speaks of just these countries; its standard "
                         "error is √(Σ SE²) / k with Satterthwaite degrees of freedom."))
    if (pooled["k"] <= 3).any():
        yield Method(say("Where three countries or fewer had an estimate with a standard error, nothing was pooled."))
