"""School leaders in every country: their change on each scale, and pooled where enough countries have one."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.sections.leaders import LEADERS, present
from analysis.sections.parts import Block, Column, Heading, Text, change_with_interval, count, grouped, number, p, text
from analysis.sections.results import AcrossResults

__all__ = ["ESTIMATES", "main", "present"]
TABLE = [
    Column("Country", text("name"), words=True),
    Column("n baseline", count("n_pre")), Column("n follow-up", count("n_post")), Column("n matched", count("n_matched")),
    Column("Baseline mean", number("mean_pre")), Column("Follow-up mean", number("mean_post")),
    Column("Change [95 % CI]", change_with_interval()), Column("Adjusted p", p("p_adjusted")),
]


def leaders_by_country_table(results: AcrossResults) -> pd.DataFrame:
    """Every country's `leaders_change.csv`, as `leaders_by_country.csv`."""
    return results.of(LEADERS).precise("change_by_country")


def leaders_pooled_table(results: AcrossResults) -> pd.DataFrame:
    """The leaders' change pooled over countries, as `leaders_pooled.csv`, with the columns of `pooled_change.csv`."""
    return results.of(LEADERS).precise("pooled_change")


ESTIMATES = {"leaders_by_country": leaders_by_country_table, "leaders_pooled": leaders_pooled_table}


def main(results: AcrossResults) -> Iterator[Block]:
    """One table: the countries below each scale, and what they come to together where they were pooled."""
    say, table = results.say, results.table("leaders_by_country")
    rows = table.dropna(subset=["mean_pre", "mean_post"], how="all")
    yield Heading(say("School leaders in each country"))
    if rows.empty:
        yield Text(say("School leaders answered, too, but too few in every country to show a change."))
        return
    pooled = results.table("leaders_pooled").dropna(subset=["change"])
    yield Text(" ".join([
        say("School leaders are few in every country, so most of @tbl-leaders-by-country is a description. Levels are not "
            "compared between countries."),
        say("Pooled changes are estimated as the teachers'.") if len(pooled) else
        say("Nothing is pooled: fewer than four countries have an estimate with a standard error.")]))
    rows = rows.assign(name=[results.countries[country].name for country in rows["country"]])
    every = pd.concat([rows, pooled.assign(name=say("Pooled"))] if len(pooled) else [rows], ignore_index=True)
    order = {scale: at for at, scale in enumerate(results.study.codebook.scales.index)}
    every = every.sort_values("scale", key=lambda scales: scales.map(order), kind="stable")
    made = results.shown(
        "leaders_by_country", say("School leaders' change in every country, in scale points"), TABLE, every,
        say("p is adjusted over the leaders' scales of a country (Benjamini-Hochberg)."), label="leaders-by-country")
    yield grouped(made, every["label"].tolist())
