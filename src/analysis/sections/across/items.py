"""The change on every item in every country: a map of colours, fainter where a change is known less well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis import plots
from analysis.sections.across.change import compared
from analysis.sections.change import span
from analysis.sections.items import claims
from analysis.sections.parts import Block, Figure, Heading, Text
from analysis.sections.results import AcrossResults

COLUMNS = ["item", "scale", "country", "n", "change", "ci_low", "ci_high", "note"]
ITEMS_A_MAP = 18
NAME = "items-by-country"


def items_by_country_table(results: AcrossResults) -> pd.DataFrame:
    """Every country's mean change of matched teachers on each item, as `items_by_country.csv`."""
    tables = [one.precise("item_means").assign(country=country) for country, one in results.countries.items()]
    tables = [table for table in tables if len(table)]
    return pd.concat(tables, ignore_index=True)[COLUMNS] if tables else pd.DataFrame(columns=COLUMNS)


ESTIMATES = {"items_by_country": items_by_country_table}


def main(results: AcrossResults) -> Iterator[Block]:
    """The items of the primary scales."""
    say = results.say
    maps = list(_maps(results, "primary", NAME))
    if maps:
        yield Heading(say("Item by item"))
        yield Text(say("A single item is known less well than a scale, so look for rows and blocks of one colour rather "
                       "than at single cells."))
        yield from maps


def annex(results: AcrossResults) -> Iterator[Block]:
    """The items of the exploratory scales."""
    maps = list(_maps(results, "exploratory", f"{NAME}-exploratory"))
    if maps:
        yield Heading(results.say("Items of the exploratory scales"))
        yield from maps


def _maps(results: AcrossResults, family: str, name: str) -> Iterator[Figure]:
    """Maps of at most `ITEMS_A_MAP` items; a scale is kept whole where it fits."""
    table, items = results.table("items_by_country"), results.study.codebook.items
    known = table.loc[table["change"].notna()]
    parts: list[list[str]] = [[]]
    for scale in compared(results, family):
        own = [item for item in items.index[items["scale"] == scale] if item in set(known["item"])]
        if parts[-1] and len(parts[-1]) + len(own) > ITEMS_A_MAP:
            parts.append([])
        for item in own:
            if len(parts[-1]) == ITEMS_A_MAP:
                parts.append([])
            parts[-1].append(item)
    limit = float(known["change"].abs().max()) if len(known) else 1.0
    for at, part in enumerate(part for part in parts if part):
        yield _map(results, f"{name}-{at + 1}" if at else name, part, limit)


def _map(results: AcrossResults, name: str, items: list[str], limit: float) -> Figure:
    say, codebook, countries = results.say, results.study.codebook, list(results.countries)
    table = results.table("items_by_country")
    rows = table.loc[table["item"].isin(items)]
    values = rows.pivot(index="item", columns="country", values="change").reindex(index=items, columns=countries)
    texts = rows.assign(text=[say.number(row["change"], results.policy.digits(row, "change"), signed=True)
                              for _at, row in rows.iterrows()])
    texts = texts.pivot(index="item", columns="country", values="text").reindex(index=items, columns=countries).fillna("–")
    labels, names = [results.item(item) for item in items], [results.countries[country].name for country in countries]
    said = "; ".join(f"{label.rstrip('.')}: " + ", ".join(
        f"{country} {value}" for country, value in zip(names, line, strict=True))
        for label, line in zip(labels, texts.to_numpy(), strict=True))
    return Figure(
        name, _message(results, items),
        say("Mean change of the matched teachers on each item, reverse-scored items in the scale's direction. A colour is "
            "fainter where the 95 % interval is wider than half of all. n = {n} matched teachers in a country.",
            n=span(say, rows["n"])),
        say("Change on each item in each country. {rows}", rows=f"{said}."),
        lambda width: plots.heat_map(
            labels, names, values.to_numpy(float), texts.to_numpy(), legend=say("Change in points; fainter: less certain"),
            certain=_certainty(rows).reindex(index=items, columns=countries).to_numpy(float), limit=limit, width=width,
            groups=[results.label(codebook.items.loc[item, "scale"]) for item in items], synthetic=results.synthetic),
        rows.drop(columns="note"))


def _certainty(rows: pd.DataFrame) -> pd.DataFrame:
    """How strong each colour is, 0 to 1: full up to the median width of the intervals, the fainter the wider beyond it.

    A cell without an interval is as faint as the widest one.
    """
    width = (rows["ci_high"] - rows["ci_low"]).astype(float)
    strength = (width.median() / width.clip(lower=1e-9)).clip(upper=1)
    strength = strength.fillna(strength.min() if strength.notna().any() else 1.0)
    return rows.assign(strength=np.where(rows["change"].isna(), np.nan, strength)).pivot(
        index="item", columns="country", values="strength")


def _message(results: AcrossResults, items: list[str]) -> str:
    """How many of these items changed clearly, adjusted over all items within each country, in more than one country."""
    say = results.say
    clear = Counter(item for one in results.countries.values() for item, found in claims(one).items()
                    if item in items and found != "unclear")
    several = sum(countries > 1 for countries in clear.values())
    if several:
        return say.plural("{n} of {of} items changed clearly in more than one country",
                          "{n} of {of} items changed clearly in more than one country", several, of=len(items))
    if clear:
        return say.plural("{n} of {of} items changed clearly, in one country only",
                          "{n} of {of} items changed clearly, each in one country only", len(clear), of=len(items))
    return say("No item changed clearly in any country")
