"""The change in every country, in the order of study.toml: small multiples of scales, and a forest for each primary one.

Changes are compared, not levels: a change compares a country with itself, whatever an item means in its language.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis import plots
from analysis.sections.across import pooled
from analysis.sections.change import CHANGE_COLUMNS, claim, message_of, shown, span, verdicts
from analysis.sections.parts import (
    Block,
    Column,
    Figure,
    Heading,
    Text,
    change_with_interval,
    count,
    grouped,
    message,
    p,
    text,
)
from analysis.sections.results import AcrossResults

MOST_FORESTS = 3
DRAWN = ["scale", "label", "country", "n_pre", "n_post", "n_matched", "change", "ci_low", "ci_high", "prediction_low",
         "prediction_high"]


def change_by_country_table(results: AcrossResults) -> pd.DataFrame:
    """Every country's `change.csv`, one below the other, with the country's key in front."""
    tables = [one.precise("change").assign(country=country) for country, one in results.countries.items()]
    tables = [table for table in tables if len(table)]
    columns = ["country", *CHANGE_COLUMNS]
    return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)


ESTIMATES = {"change_by_country": change_by_country_table}
TABLE = [
    Column("Country", text("name"), words=True),
    Column("n baseline", count("n_pre")), Column("n follow-up", count("n_post")), Column("n matched", count("n_matched")),
    Column("Schools", count("n_schools")), Column("Change [95 % CI]", change_with_interval()), Column("df", count("df")),
    Column("Adjusted p", p("p_adjusted")), Column("d_av [95 % CI]", change_with_interval("d_av", "d_av_low", "d_av_high")),
    Column("Against the smallest change of interest", message("verdict", verdicts), words=True),
]


def compared(results: AcrossResults, family: str) -> list[str]:
    """The scales of a family that any country compared, in the codebook's order."""
    table = results.precise("change_by_country")
    found = set(table.loc[table["family"] == family, "scale"])
    return [scale for scale in results.study.codebook.scales.index if scale in found]


def main(results: AcrossResults) -> Iterator[Block]:
    """A forest for each primary scale, unless they are many, and the exploratory scales in small multiples."""
    say, primary, exploratory = results.say, compared(results, "primary"), compared(results, "exploratory")
    forests = primary if len(primary) <= MOST_FORESTS else []
    if not forests and not exploratory:
        return
    yield Heading(say("Change in each country"))
    yield Text(say("Countries stand in the order of the study and are not ranked. Whether the scales measure the same in "
                   "every language was not tested, so changes are compared, which set a country against itself, and levels "
                   "are not. All numbers are in @tbl-change_by_country."))
    for scale in forests:
        yield forest(results, scale)
    yield from overviews(results, "forest-exploratory", exploratory)


def annex(results: AcrossResults) -> Iterator[Block]:
    """The forests of many primary scales, and all numbers of the countries."""
    say, table, primary = results.say, results.table("change_by_country"), compared(results, "primary")
    if table.empty:
        return
    yield Heading(say("Change in each country in full"))
    for scale in primary if len(primary) > MOST_FORESTS else []:
        yield forest(results, scale)
    order = {scale: at for at, scale in enumerate(results.study.codebook.scales.index)}
    rows = table.assign(name=[results.countries[country].name for country in table["country"]])
    rows = rows.sort_values("scale", key=lambda scales: scales.map(order), kind="stable")
    made = results.shown(
        "change_by_country", say("Change on every scale in every country"), TABLE, rows,
        say("p is adjusted within each country, d_av the mean change of matched teachers in units of the standard "
            "deviation."))
    yield grouped(made, rows["label"].tolist())


def overviews(results: AcrossResults, name: str, scales: list[str]) -> Iterator[Figure]:
    """Small multiples, a panel for each scale, as many to a figure as fit a page; nothing without scales."""
    each = plots.panels_a_page(len(results.countries) + 1)
    for start in range(0, len(scales), each):
        yield _overview(results, f"{name}-{start // each + 1}" if start else name, scales[start:start + each])


def _overview(results: AcrossResults, name: str, scales: list[str]) -> Figure:
    say, panels = results.say, {results.label(scale): _marks(results, scale) for scale in scales}
    rows = " ".join(f"{label}: {'; '.join(f'{mark.label} {mark.text}' for mark in marks)}."
                    for label, marks in panels.items())
    return Figure(
        name, message_title(results, scales), _caption(results, scales),
        say("Change in each country with its 95 % interval, a panel for each scale. {rows}", rows=rows),
        lambda width: plots.interval_panels(
            panels, say("Change in scale points, follow-up minus baseline"), width=width, keys=_keys(results),
            band_label=say("smaller than the smallest change of interest"), synthetic=results.synthetic),
        _drawn(results, scales))


def forest(results: AcrossResults, scale: str) -> Figure:
    """One scale's change in each country with its numbers, and below them the pooled change."""
    say, marks = results.say, _marks(results, scale)
    return Figure(
        f"forest-{scale}", message_title(results, [scale]), _caption(results, [scale]),
        say("{scale}: change in each country with its 95 % interval. {rows}", scale=results.label(scale),
            rows="; ".join(f"{mark.label}: {mark.text}" for mark in marks) + "."),
        lambda width: plots.intervals(
            marks, say("Change in scale points, follow-up minus baseline"), say("Change [95 % CI]"), width=width,
            keys=_keys(results), band_label=say("smaller than the smallest change of interest"),
            synthetic=results.synthetic),
        _drawn(results, [scale]))


def _of_countries(results: AcrossResults, scale: str) -> pd.DataFrame:
    table = results.table("change_by_country")
    return table.loc[table["scale"] == scale]


def _marks(results: AcrossResults, scale: str) -> list[plots.Interval]:
    """A point for each country that compared the scale, and a diamond where it was pooled."""
    band = results.study.settings.smallest_change(scale)
    marks = [plots.Interval(results.countries[row["country"]].name, row["change"], row["ci_low"], row["ci_high"],
                            shown(results, row), band=band) for _at, row in _of_countries(results, scale).iterrows()]
    row = pooled.row_of(results, scale)
    if row is not None:
        further = (row["prediction_low"], row["prediction_high"])
        marks.append(plots.Interval(results.say("Pooled"), row["change"], row["ci_low"], row["ci_high"],
                                    shown(results, row), band=band, mark="diamond",
                                    outer=None if pd.isna(further[0]) else further))
    return marks


def message_title(results: AcrossResults, scales: list[str]) -> str:
    """What the pooled changes say of scales, or, where nothing was pooled, how many of the countries' changes are clear."""
    say, found = results.say, pooled.claims(results)
    of_pooled = {scale: found[scale] for scale in scales if scale in found}
    if of_pooled and len(scales) == 1:
        return pooled.title(results, scales[0])
    exploratory = not set(scales) & set(results.study.primary_scales)
    if of_pooled and exploratory and not {"rose", "fell"} & set(of_pooled.values()):
        return say("No exploratory scale shows a clear change")
    if of_pooled:
        return message_of(results, of_pooled)
    clear, of = clear_changes(results, scales)
    if len(scales) == 1:
        return say.plural("{scale}: {n} of {of} countries shows a clear change",
                          "{scale}: {n} of {of} countries show a clear change", clear, of=of,
                          scale=results.label(scales[0]))
    return say.plural("{n} of {of} changes in single countries is clear",
                      "{n} of {of} changes in single countries are clear", clear, of=of)


def clear_changes(results: AcrossResults, scales: list[str]) -> tuple[int, int]:
    """How many of the countries' changes on these scales are clear, each adjusted within its country, and of how many."""
    table = results.precise("change_by_country")
    found = [claim(row) for _at, row in table.loc[table["scale"].isin(scales)].iterrows()]
    return sum(one in ("rose", "fell") for one in found), sum(one != "missing" for one in found)


def _caption(results: AcrossResults, scales: list[str]) -> str:
    say, table = results.say, results.table("change_by_country")
    matched = table.loc[table["scale"].isin(scales), "n_matched"]
    sentences = [say("Dots are the countries' changes from baseline to follow-up, lines 95 % intervals with schools as "
                     "clusters. n = {n} matched teachers in a country.", n=span(say, matched))]
    kinds = {row["interval"] for scale in scales if (row := pooled.row_of(results, scale)) is not None}
    if "credible" in kinds:
        sentences.append(say("Diamonds are pooled changes with 95 % credible intervals from a half-normal prior on how far "
                             "countries differ."))
    if "confidence" in kinds:
        sentences.append(say("Diamonds are pooled changes with 95 % intervals of a random-effects model."))
    if kinds:
        sentences.append(say("A thin line is the 95 % prediction interval, where the change of a further country of this "
                             "kind is expected."))
    if any(results.study.settings.smallest_change(scale) for scale in scales):
        sentences.append(say("The grey band holds changes below the smallest change of interest."))
    return " ".join(sentences)


def _keys(results: AcrossResults) -> dict[str, str]:
    """The legend of the marks."""
    say = results.say
    return {"point": say("a country"), "diamond": say("pooled"), "outer": say("95 % prediction interval"),
            "arrow": say("the interval goes on")}


def _drawn(results: AcrossResults, scales: list[str]) -> pd.DataFrame:
    """What is drawn: the countries' rows and, with an empty country, the pooled ones."""
    together = results.table("pooled_change")
    together = together.loc[together["scale"].isin(scales) & together["change"].notna()].assign(country="")
    countries = results.table("change_by_country")
    parts = [countries.loc[countries["scale"].isin(scales)], together]
    kinds = {name: "Int64" if name.startswith("n_") else float for name in DRAWN[3:]}
    parts = [part.reindex(columns=DRAWN).astype(kinds) for part in parts if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=DRAWN)
