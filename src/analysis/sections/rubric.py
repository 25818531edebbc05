"""The rubric: levels that raters gave each school, before and after, and how far the raters agree."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, floor

import numpy as np
import pandas as pd

from analysis import plots
from analysis.disclosure.policy import FEWEST_SCHOOLS, Policy
from analysis.language import Language
from analysis.notes import note, written
from analysis.sections.estimates import estimate_columns, varies
from analysis.sections.parts import (
    Block,
    Column,
    Figure,
    Heading,
    Method,
    Text,
    blank_repeats,
    change_with_interval,
    count,
    message,
    p,
    proportion_with_interval,
    text,
    wave_names,
)
from analysis.sections.results import ALPHA, Results
from analysis.statistics.estimate import Estimate
from analysis.statistics.multiplicity import benjamini_hochberg
from analysis.statistics.raters import rater_agreement
from analysis.study.populations import WAVES, Population

RATERS = Population("raters")
COLUMNS = ["item", "label", "scale", "n", "n_schools", "mean_pre", "low_pre", "high_pre", "mean_post", "low_post",
           "high_post", "change", "se", "df", "ci_low", "ci_high", "p", "p_adjusted", "note"]
AGREEMENT_COLUMNS = ["item", "label", "wave", "n", "n_schools", "icc", "ci_low", "ci_high", "note"]


def rubric_table(results: Results) -> pd.DataFrame:
    """The mean level of the schools on each element of the rubric, as `rubric.csv`.

    A school's level is the mean of its ratings. Only schools rated in every survey that was made count, so that there is
    one base; where all are on one level, or change alike, nothing is shown. `change` with a t interval over them, p
    adjusted over the elements (BH). `low_` and `high_`: the whole levels between which all schools lie. `n`: ratings;
    `scale`: the teachers' scale of the same name, if there is one.
    """
    rows = [_row(results, item) for item in elements(results)]
    table = pd.DataFrame(rows, columns=COLUMNS).astype({"n": "Int64", "n_schools": "Int64"})
    return table.assign(p_adjusted=benjamini_hochberg(table["p"].to_numpy(float)))


def agreement_table(results: Results) -> pd.DataFrame:
    """How far the raters of one school agree on each element in each survey, as `rubric_agreement.csv`."""
    rows = []
    for item in elements(results):
        for wave in WAVES:
            ratings = _ratings(results, item, wave)
            icc = rater_agreement(ratings, ratings.index)
            if not results.policy.enough_schools(icc.n_clusters) and icc.exists:
                icc = Estimate(note=(note("few_rated", n=FEWEST_SCHOOLS),))
            if len(ratings):
                rows.append({"item": item, "label": element(results, item), "wave": wave, "n": icc.n,
                             "n_schools": icc.n_clusters, "icc": icc.estimate, "ci_low": icc.low, "ci_high": icc.high,
                             "note": written(icc.note)})
    return pd.DataFrame(rows, columns=AGREEMENT_COLUMNS)


def present(results: Results) -> bool:
    """Whether raters put schools on levels."""
    return RATERS in results.populations


ESTIMATES = {"rubric": rubric_table, "rubric_agreement": agreement_table}


def elements(results: Results) -> list[str]:
    """The items of the raters' scales that a survey asked."""
    return [item for items in results.of(RATERS).panel.items.values() for item in items]


def element(results: Results, item: str) -> str:
    """What an element is called: as the teachers' scale of its name, else its own scale if alone there, or its text."""
    scale = teachers_scale(results, item)
    return results.label(scale) if scale else _named(results, item)


def teachers_scale(results: Results, item: str) -> str:
    """The teachers' scale whose name stands in the element's; the longest such name, empty if none."""
    name = _named(results, item).casefold()
    label = {scale: results.label(scale).casefold() for scale in results.panel.compared_scales}
    return max((scale for scale in label if label[scale] in name), key=lambda scale: len(label[scale]), default="")


def _named(results: Results, item: str) -> str:
    book = results.study.codebook
    scale = book.items.at[item, "scale"]
    return book.label(scale) if len(book.items_of(scale)) == 1 else book.text(item)


def _ratings(results: Results, item: str, wave: str) -> pd.Series:
    """The levels that raters gave on an item in a survey, labelled by the school."""
    panel = results.of(RATERS).panel
    given = panel.answers[wave][item].astype(float).set_axis(panel.respondents["school"])
    return given[given.notna() & (given.index != "")]


def _row(results: Results, item: str) -> dict:
    ratings = {wave: own for wave in WAVES if len(own := _ratings(results, item, wave))}
    levels = pd.DataFrame({wave: own.groupby(level=0).mean() for wave, own in ratings.items()}).dropna()
    row = {"item": item, "label": element(results, item), "scale": teachers_scale(results, item)}
    if not results.policy.enough_schools(len(levels)) or levels.empty:
        return row | {"note": written([note("few_rated", n=FEWEST_SCHOOLS)])}
    rises = levels.diff(axis=1).iloc[:, 1:]
    if not results.policy.public and not all(varies(values) for _wave, values in (*levels.items(), *rises.items())):
        return row | {"note": written([note("no_variation")])}
    row |= {"n": sum(int(own.index.isin(levels.index).sum()) for own in ratings.values()), "n_schools": len(levels),
            "note": ""}
    for wave, level in levels.items():
        row |= {f"mean_{wave}": level.mean(), f"low_{wave}": floor(level.min()), f"high_{wave}": ceil(level.max())}
    if len(levels.columns) < 2:
        return row
    change = (levels["post"] - levels["pre"]).to_numpy()
    found = Estimate().with_t_interval(change.mean(), change.var(ddof=1) / len(change) if len(change) > 1 else np.nan,
                                       len(change) - 1)
    return row | estimate_columns(found, "change")


def _level(wave: str):
    """The mean level of a survey with the whole levels between which the schools lie."""
    def cell(row: pd.Series, say: Language, policy: Policy) -> str:
        mean = say.number(row[f"mean_{wave}"], policy.digits(row, f"mean_{wave}"))
        if pd.isna(row[f"mean_{wave}"]):
            return mean
        low, high = (say.number(row[f"{end}_{wave}"], 0) for end in ("low", "high"))
        return f"{mean} ({say('{low} to {high}', low=low, high=high)})"

    return cell


def _beside(results: Results):
    """The teachers' change on the scale of the same name."""
    changes = results.table("change").set_index("scale")

    def cell(row: pd.Series, say: Language, policy: Policy) -> str:
        return change_with_interval()(changes.loc[row["scale"]], say, policy) if row["scale"] else say.number(None)

    return cell


def _table(results: Results) -> list[Column]:
    beside = Column("Teachers' change on the scale of the same name [95 % CI]", _beside(results))
    return [
        Column("Element", text("label"), words=True), Column("Schools", count("n_schools")), Column("Ratings", count("n")),
        Column("Baseline level", _level("pre")), Column("Follow-up level", _level("post")),
        Column("Change [95 % CI]", change_with_interval()), Column("Adjusted p", p("p_adjusted")),
        *([beside] if results.table("rubric")["scale"].any() else [])]


AGREEMENT = [
    Column("Element", text("label"), words=True), Column("Survey", message("wave", wave_names), words=True),
    Column("Schools", count("n_schools")), Column("Ratings", count("n")),
    Column("Agreement, ICC [95 % CI]", proportion_with_interval("icc", "ci_low", "ci_high")),
]


def main(results: Results) -> Iterator[Block]:
    """What became clearly higher or lower, and how far raters agree; the profile stands in the annex."""
    say, shown = results.say, _rated_twice(results)
    if shown.empty:
        return
    yield Heading(say("Levels of the schools"))
    found = say.plural("Raters put {schools} schools on the levels of a rubric with {n} element (@fig-rubric).",
                       "Raters put {schools} schools on the levels of a rubric with {n} elements (@fig-rubric).",
                       len(shown), schools=say.count(shown["n_schools"].max()))
    agreement = results.table("rubric_agreement")["icc"].dropna()
    agreed = say("How far raters of one school agree lies between {low} and {high} (intraclass correlation, "
                 "@tbl-rubric_agreement); a low one makes the levels uncertain.", low=say.proportion(agreement.min(), 1),
                 high=say.proportion(agreement.max(), 1)) if len(agreement) else ""
    yield Text(" ".join(filter(None, (found, f"{_message(results)}.", agreed))))


def _rated_twice(results: Results) -> pd.DataFrame:
    """The published elements with levels in both surveys."""
    table = results.table("rubric")
    return table.loc[table["mean_pre"].notna() & table["mean_post"].notna()]


def _message(results: Results) -> str:
    """On which elements the levels rose or fell after adjustment."""
    say, precise = results.say, results.precise("rubric")
    clear = precise.loc[precise["p_adjusted"] < ALPHA]
    parts = [words(say.list(named["label"])) for named, words in (
        (clear.loc[clear["change"] > 0], lambda names: say("Levels rose on {elements}", elements=names)),
        (clear.loc[clear["change"] < 0], lambda names: say("Levels fell on {elements}", elements=names))) if len(named)]
    return "; ".join(parts) or say("No element of the rubric shows a clear change")


def _figure(results: Results, rows: pd.DataFrame) -> Figure:
    say = results.say
    marks = [plots.Interval(row["label"], row["mean_post"], min(row["mean_pre"], row["mean_post"]),
                            max(row["mean_pre"], row["mean_post"]), change_with_interval()(row, say, results.policy),
                            other=row["mean_pre"]) for _at, row in rows.iterrows()]
    ranges = [results.study.codebook.range(item) for item in rows["item"]]
    span = min(low for low, _high in ranges), max(high for _low, high in ranges)
    return Figure(
        "rubric", _message(results),
        say("Mean level of {n} schools at baseline (hollow) and follow-up (filled), as raters saw them; right, the change "
            "with its 95 % interval over schools.", n=say.count(rows["n_schools"].max())),
        say("Mean levels at baseline and follow-up. {rows}", rows="; ".join(
            say("{element}: {pre}, {post}", element=row["label"],
                **{wave: say.number(row[f"mean_{wave}"], results.policy.digits(row, f"mean_{wave}")) for wave in WAVES})
            for _at, row in rows.iterrows()) + "."),
        lambda width: plots.intervals(marks, say("Level, mean of the schools"), say("Change [95 % CI]"), width=width,
                                      span=span, synthetic=results.synthetic,
                                      keys={"other": say("baseline"), "point": say("follow-up")}),
        rows[["item", "label", "n", "n_schools", "mean_pre", "mean_post", "change", "ci_low", "ci_high"]])


def annex(results: Results) -> Iterator[Block]:
    """The level profile, the levels with their range, beside the teachers' change, and the agreement of the raters."""
    say, table, agreement = results.say, results.table("rubric"), results.table("rubric_agreement")
    if table.empty:
        return
    yield Heading(say("Levels of the schools"))
    if len(shown := _rated_twice(results)):
        yield _figure(results, shown)
    yield results.shown("rubric", say("Mean levels of the schools on the rubric"), _table(results), general=say(
        "In brackets: the whole levels between which all schools lie. p is adjusted over the elements "
        "(Benjamini-Hochberg)."))
    if len(agreement):
        yield results.shown("rubric_agreement", say("Agreement of the raters of one school"), AGREEMENT,
                            blank_repeats(agreement, "label"))


def methods(results: Results) -> list[Method]:
    """How levels and agreement were estimated."""
    if results.precise("rubric")["mean_pre"].isna().all():
        return []
    return [Method(results.say(
        "A school's level is the mean of its raters; the change is tested by a t test over schools. Agreement is the "
        "intraclass correlation ICC(1) of single ratings, which takes no rater to rate every school (Shrout & Fleiss, "
        "1979)."), ("shrout",))]
