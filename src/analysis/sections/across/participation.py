"""Who took part in each country."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.sections.parts import Block, Column, Heading, Text, count, text
from analysis.sections.results import AcrossResults

COLUMNS = ["country", "name", "schools", "n_pre", "n_post", "n_matched", "n_pre_only", "n_post_only"]


def participation_by_country_table(results: AcrossResults) -> pd.DataFrame:
    """Each country's totals and how many schools its respondents named, as `participation_by_country.csv`."""
    rows = []
    for country, one in results.countries.items():
        schools = one.panel.respondents["school"]
        total = one.precise("participation").iloc[-1]
        rows.append({"country": country, "name": one.name, "schools": schools[schools != ""].nunique(),
                     **total[COLUMNS[3:]].astype(int).to_dict()})
    return pd.DataFrame(rows, columns=COLUMNS)


ESTIMATES = {"participation_by_country": participation_by_country_table}
TABLE = [
    Column("Country", text("name"), words=True),
    Column("Schools", count("schools")),
    Column("n baseline", count("n_pre")),
    Column("n follow-up", count("n_post")),
    Column("n matched", count("n_matched")),
    Column("Matched, of baseline", lambda row, say, policy: say.percent(
        row["n_matched"] / row["n_pre"] if row["n_pre"] else None)),
]


def main(results: AcrossResults) -> Iterator[Block]:
    """A row for each country."""
    say = results.say
    if not results.countries:
        return
    yield Heading(say("Participants"))
    yield Text(say("Baseline and follow-up answers were matched within each country; how, and what became of unmatched "
                   "answers, stands in the countries' reports (@tbl-participation_by_country)."))
    yield results.shown("participation_by_country", say("Teachers by country"), TABLE)
