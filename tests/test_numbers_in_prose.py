"""Every number that a report of the example says in a sentence stands in its published tables, or is declared here."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd
import pytest

from analysis import read_study, sections
from analysis.report import Report
from analysis.sections.across.brief import BriefResults
from analysis.sections.parts import Figure, Text
from runs import PROJECT, tiny_study

COUNTRIES = ("EE", "FI", "GE", "LT", "NO")
CONSTANTS = re.compile("|".join([
    "95 %", r"is below \.05", "from 15 %", "over 15 %", r"p > \.999", r"o/0 and i/l/1", r"\([^()]+, \d{4}\)", r"@[\w-]+",
    r"0\.20 points, the smallest change", "the smallest change of interest, 0.20 points", r"scale 0\.30 points",
    r"smaller than ±0\.20 points",
]), re.IGNORECASE)
"""What is the same in every report: levels, flags, references, and what study.toml declares."""
NUMBER = re.compile(r"(?<![\w.])([+−]?)(\d+(?:\.\d+)?|\.\d+)(\s?%)?(?![\w])")
STUDYS_OWN = ("setting", "methods")
"""Sections of the study's own words, and of how things are computed; nothing in them is a result."""
TABLES = {
    "summary": ["participation", "change", "participation_by_country", "pooled_change"],
    "participation": ["participation", "rates", "analysed", "attrition_by_school", "linking"],
    "change": ["change", "change_by_country"],
    "items": ["item_change", "item_means", "items_by_country"],
    "spread": ["individual_changes"],
    "schools": ["change_by_school"],
    "robustness": ["sensitivity", "robustness"],
    "attrition": ["attrition", "attrition_delta", "attrition_to_zero"],
    "retrospective": ["retrospective"],
    "perceived": ["perceived_scales"],
    "iterations": ["iterations", "iteration_difference", "rates", "design"],
    "leaders": ["leaders_change", "perception_gap"],
    "mentors": ["mentor_answers"],
    "limitations": ["participation", "ceiling", "participation_by_country"],
    "correlates": ["association"],
    "dosage": ["association", "change_by_group"],
    "rubric": ["rubric", "rubric_agreement"],
    "pooled": ["pooled_change"],
    "brief": ["participation_by_country", "pooled_change"],
}
"""The tables that a section's sentences may take numbers from."""


@pytest.fixture(scope="module")
def reports(tmp_path_factory) -> dict[str, Report]:
    """The reports of all countries and the one across them, and one of 24 respondents, without a notebook."""
    study = read_study(PROJECT / "data" / "example")
    tiny = read_study(tiny_study(tmp_path_factory.mktemp("tiny") / "study"))
    made = {country: Report(study.panel(country).results, sections.COUNTRY) for country in COUNTRIES}
    made["tiny"] = Report(tiny.panel("EE").results, sections.COUNTRY)
    brief = BriefResults(study.study, study.across.countries, sections.BRIEF, study.across.say)
    return made | {"across": Report(brief, sections.BRIEF)}


def counted(report: Report, section: str) -> set[float]:
    """What a section's sentences count: rows of its tables, and how many of these chance would have found."""
    results = report.results
    study, tables = results.study, {name: results.table(name) for name in TABLES.get(section, ()) if name in results.tables}
    if section in ("summary", "pooled", "brief"):
        scales = range(1, len(study.primary_scales) + 1)
        found = {*scales, len(COUNTRIES), *sums(tables.get("participation_by_country"))}
        if section == "brief":
            rows = results.table("change_by_country").query("family == 'primary' and change.notna()")
            found |= {len(rows), (rows["p_adjusted"] < 0.05).sum()}
        return found
    if section == "limitations":
        return {results.table("change")["n_schools"].max()} if report.results.panel else sums(
            tables["participation_by_country"])
    if section == "participation":
        return {study.settings.countries[results.panel.country].target_teachers or 0}
    if section == "items" and results.panel:
        return {len(tables["item_change"]), *tables["item_change"].groupby("scale").size()}
    if section == "robustness":
        rows = pd.concat(tables.values())
        return set(range(2, rows.groupby("scale").size().max() + 1))
    if section in ("attrition", "correlates"):
        rows = tables["attrition" if section == "attrition" else "association"]
        rows = rows.loc[rows["ci_low"].notna()]
        clear = ((rows["ci_low"] > 0) | (rows["ci_high"] < 0)).sum()
        return {len(rows), 0.05 * len(rows), clear, (rows["p_adjusted"] < 0.05).sum()}
    if section == "dosage":
        of_context = tables["association"].query("source == 'context'")
        return {of_context["p_adjusted"].notna().sum(), tables["change_by_group"]["p_adjusted"].notna().sum()}
    if section == "rubric":
        return {len(tables["rubric"])}
    if section == "change":
        others = set(range(1, len(study.primary_scales)))
        return others | ({results.table("change")["n_schools"].max()} if results.panel else {len(COUNTRIES)})
    return set()


def sums(table: pd.DataFrame | None) -> set[float]:
    return set() if table is None else set(table.select_dtypes("number").sum())


def sentences(report: Report) -> Iterator[tuple[str, str]]:
    """Each paragraph and line of a list in the report and its annex, with its section."""
    for part in ("main", "annex"):
        for section in report.sections:
            if section not in STUDYS_OWN:
                for block in report.blocks(section, part):
                    if isinstance(block, Text):
                        yield from ((section, line) for line in said(block.markdown).split("\n") if line)


def said(text: str) -> str:
    """The text without what is the same in every report."""
    return CONSTANTS.sub("", text.replace("\N{NO-BREAK SPACE}", " "))


def numbers_in(table: pd.DataFrame) -> set[float]:
    columns = (pd.to_numeric(column, errors="coerce") for _name, column in table.items())
    return {float(value) for column in columns for value in column.dropna()}


def stands_in(token: re.Match, values: set[float]) -> bool:
    """Whether a number as it is printed is one of the values, in percent, with its sign or without one."""
    sign, digits, percent = token.groups()
    decimals = len(digits.partition(".")[2])
    printed = f"{float(digits):.{decimals}f}"
    for value in values:
        value = 100 * value if percent else value
        if f"{abs(value):.{decimals}f}" == printed and (not sign or (value < 0) == (sign == "−") or value == 0):
            return True
    return False


def values_of(report: Report, section: str, line: str) -> set[float]:
    """The numbers that a sentence may say: those of its section's tables, of the scales that it names if it names any."""
    results, found = report.results, counted(report, section)
    labels = results.study.codebook.scales.index
    named = {scale for scale in labels if results.label(scale) in line}
    for name in TABLES.get(section, ()):
        if name in results.tables:
            table = results.table(name)
            if named and "scale" in table:
                table = table.loc[table.filter(["scale", "measured"]).isin(named).any(axis=1)]
            found |= numbers_in(table) | upper_answers(table)
    return found


def upper_answers(table: pd.DataFrame) -> set[float]:
    """The shares of the two upper answers together, of each bar of a table of answers."""
    if not {"item", "value", "share"} <= set(table):
        return set()
    bars = ["item", *table.columns.intersection(["wave", "iteration", "country"])]
    return set(table.groupby(bars, dropna=False)["share"].apply(lambda own: own.iloc[-2:].sum()))


@pytest.mark.parametrize("name", [*COUNTRIES, "across", "tiny"])
def test_every_number_in_a_sentence_stands_in_the_tables(reports, name):
    lost, numbers = [], 0
    for section, line in sentences(reports[name]):
        if tokens := list(NUMBER.finditer(line)):
            values = values_of(reports[name], section, line)
            lost += [(section, token[0], line) for token in tokens if not stands_in(token, values)]
            numbers += len(tokens)
    assert not lost and numbers > 10


@pytest.mark.parametrize("name", [*COUNTRIES, "across", "tiny"])
def test_every_number_that_describes_a_figure_is_drawn_in_it_or_stands_in_the_tables(reports, name):
    report = reports[name]
    described = 0
    for part in ("main", "annex"):
        for section in report.sections:
            for figure in (block for block in report.blocks(section, part) if isinstance(block, Figure)):
                drawn = numbers_in(figure.numbers)
                drawn |= upper_answers(figure.numbers)
                for text in (figure.title, figure.caption, figure.alt):
                    tokens = list(NUMBER.finditer(said(text)))
                    values = drawn | values_of(report, section, "")
                    lost = [(figure.name, token[0], text) for token in tokens if not stands_in(token, values)]
                    assert not lost
                    described += len(tokens)
    assert described > 10


def test_a_number_that_no_table_has_is_found():
    assert not stands_in(NUMBER.search("rose by 0.27 points"), {0.26, -0.27001 * 2})
    assert stands_in(NUMBER.search("fell by 0.27 points"), {-0.27})
    assert not stands_in(NUMBER.search("(+0.27 points)"), {-0.27})
    assert stands_in(NUMBER.search("62 % of those"), {0.62}) and stands_in(NUMBER.search("p = .009"), {0.009})
