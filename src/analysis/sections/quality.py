"""The quality of a study's data as its report may show it: no school, no row, no small group, nothing of a respondent.

Counts of missing answers rest on the respondents of a whole country and wave after double submissions were resolved,
as all other tables do, so that the two can't be compared to learn of a single submission.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.language import Language
from analysis.language.notes import sentence
from analysis.linking.links import KINDS as LINK_KINDS
from analysis.notes import note, written
from analysis.quality.answers import Panels, answers_of, panels_of
from analysis.quality.findings import KINDS, findings
from analysis.responses import ExportRecord
from analysis.sections.parts import Block, Column, Heading, Text, count, message, percent, text
from analysis.sections.results import Results
from analysis.staging import Staging
from analysis.statistics.careless import STRAIGHT_LINER
from analysis.study.folder import Study
from analysis.study.populations import WAVES

EXPORT_COLUMNS = ["export", "country", "wave", "iteration", "respondents", "language", "encoding", "delimiter", "decimal",
                  "recognised", "unread", "lacking"]
HEADER_COLUMNS = ["export", "wave", "header", "item"]
ANSWER_COLUMNS = ["country", "iteration", "respondents", "wave", "n_read", "n_left_out", "first_month", "last_month",
                  "note"]
MISSING_COLUMNS = ["country", "iteration", "wave", "item", "n", "missing", "share", "note"]
LINK_COLUMNS = ["country", "iteration", "n_pre", "n_post", "n_matched", "share_pre", "share_post",
                *(kind for kind in LINK_KINDS if kind not in ("pre_only", "post_only"))]
FINDING_COLUMNS = ["country", "wave", "finding", "n", "note"]
OF_PEOPLE = frozenset({
    "no_school", "code_in_two_schools", "two_exports", "future", "far_from_others", "within_other_wave",
    "pre_after_post", "straight_liners",
})
"""Kinds of findings that count respondents; the others count schools, items or countries."""
HIGH = 0.1
"""Share without an answer from which an item is counted in brief."""
MOST_MISSING = 3
"""Items that the report names in each survey."""


class QualityResults(Results):
    """What the report on the data's quality computes; `today` is the day that dates are held against."""

    def __init__(self, study: Study, staging: Staging, today: pd.Timestamp, sections, say: Language):
        super().__init__(study, None, sections, say)
        self.responses, self.today = staging.responses, today
        self.panels: Panels = panels_of(staging)

    @property
    def name(self) -> str:
        """What the report is about."""
        return self.say("Data quality")

    def country(self, key: str) -> str:
        """The country's name in the report's language."""
        return self.study.settings.countries[key].name_in(self.say.code)


def exports_table(results: QualityResults) -> pd.DataFrame:
    """How each export was read, as `exports.csv`; the last three columns count headers and items.

    Not how many answered it, which for an export of one school or language would be a small group's count.
    """
    return pd.DataFrame(
        [[export.file, export.country, export.wave, export.iteration, export.respondents, export.language,
          export.encoding, {"\t": "tab"}.get(export.delimiter, export.delimiter), export.decimal,
          len(export.recognised), len(export.unread), len(export.lacking)] for export in results.responses.exports],
        columns=EXPORT_COLUMNS)


def headers_table(results: QualityResults) -> pd.DataFrame:
    """What every header was taken for, as `headers.csv`; an empty `item` was not read. Headers only, never a cell."""
    return pd.DataFrame(
        [[export.file, export.wave, header, item] for export in results.responses.exports
         for header, item in (*((header, item) for item, header in export.recognised.items()),
                              *((header, "") for header in export.unread))],
        columns=HEADER_COLUMNS)


def survey_answers_table(results: QualityResults) -> pd.DataFrame:
    """How many answered each survey of a country, as `survey_answers.csv`; all its exports together.

    `n_read` answers were read and `n_left_out` rows left out (empty rows, previews). The months are those between
    which all but `minimum_group` - 1 at either end were submitted, so that no single answer sets them. Empty where
    fewer than the minimum answered.
    """
    policy, responses = results.policy, results.responses
    surveys: dict[tuple, list[ExportRecord]] = {}
    for export in responses.exports:
        surveys.setdefault((export.country, export.iteration, export.respondents, export.wave), []).append(export)
    rows = []
    for survey, exports in surveys.items():
        answers = pd.concat([answers_of(responses, export)["submitted"] for export in exports])
        row = dict(zip(ANSWER_COLUMNS, survey, strict=False)) | {
            "n_read": len(answers), "n_left_out": sum(sum(export.dropped.values()) for export in exports),
            "first_month": "", "last_month": "", "note": ""}
        times = answers.dropna().sort_values()
        if policy.small(len(answers)):
            row |= {"n_read": pd.NA, "n_left_out": pd.NA, "note": written([note("too_few", minimum=policy.minimum)])}
        elif len(times) >= 2 * policy.minimum:
            row |= {"first_month": f"{times.iloc[policy.minimum - 1]:%Y-%m}",
                    "last_month": f"{times.iloc[-policy.minimum]:%Y-%m}"}
        rows.append(row)
    return pd.DataFrame(rows, columns=ANSWER_COLUMNS).astype({"n_read": "Int64", "n_left_out": "Int64"})


def missing_table(results: QualityResults) -> pd.DataFrame:
    """How many gave no answer to an item, as `missing.csv`: a row per country, wave and item asked.

    `n` are the teachers of the wave, `missing` those without an answer, or with one that counts as none (“don't
    know”). Empty where fewer than the minimum answered the wave or, for all but 0, the item.
    """
    policy, study = results.policy, results.study
    rows = []
    for (country, iteration), whole in results.panels.items():
        for wave in WAVES:
            present = whole.respondents[wave].notna().to_numpy()
            n = int(present.sum())
            for item in (item for item in study.codebook.items.index if item in whole.asked[wave]):
                missing = int(whole.answers[wave].loc[present, item].isna().sum())
                hidden = policy.small(n) or policy.small(n - missing)
                rows.append([country, iteration, wave, item, pd.NA if policy.small(n) else n,
                             pd.NA if hidden else missing, np.nan if hidden or not n else missing / n,
                             written([note("too_few", minimum=policy.minimum)] * bool(hidden))])
    return pd.DataFrame(rows, columns=MISSING_COLUMNS).astype({"n": "Int64", "missing": "Int64", "share": float})


def links_table(results: QualityResults) -> pd.DataFrame:
    """How each country's answers link, as `links.csv`: totals, the shares linked, and the kinds of `linking.csv`."""
    rows = []
    for (country, iteration), whole in results.panels.items():
        there = {wave: whole.respondents[wave].notna() for wave in WAVES}
        n = {wave: int(there[wave].sum()) for wave in WAVES}
        linked = int((there["pre"] & there["post"]).sum())
        rows.append([country, iteration, n["pre"], n["post"], linked,
                     *(linked / n[wave] if n[wave] else np.nan for wave in WAVES),
                     *(whole.linked.counts[kind] for kind in LINK_COLUMNS[7:])])
    return pd.DataFrame(rows, columns=LINK_COLUMNS)


def findings_table(results: QualityResults) -> pd.DataFrame:
    """What is worth a look, counted, as `findings.csv`: a row per country, survey and finding.

    Counts of 1 to `minimum_group` - 1 respondents are empty. Schools with answers to one
    survey only are told to the owner alone.
    """
    policy, study = results.policy, results.study
    counts: Counter[tuple[str, str, str]] = Counter()
    for finding in findings(study, results.responses, results.panels, results.today):
        if finding.kind != "school_in_one_wave":
            counts[finding.country, finding.wave, finding.kind] += finding.n
    rows = []
    for (country, wave, kind), n in counts.items():
        suppressed = kind in OF_PEOPLE and policy.small(n)
        if n:
            rows.append([country, wave, kind, pd.NA if suppressed else n,
                         written([note("too_few", minimum=policy.minimum)] * bool(suppressed))])
    table = pd.DataFrame(rows, columns=FINDING_COLUMNS).astype({"n": "Int64"})
    order = {key: position for position, key in enumerate(study.settings.countries)}
    return table.sort_values("country", key=lambda keys: keys.map(order), kind="stable", ignore_index=True)


ESTIMATES = {
    "exports": exports_table, "headers": headers_table, "survey_answers": survey_answers_table, "links": links_table,
    "missing": missing_table, "findings": findings_table,
}


def kinds(say: Language) -> dict[str, str]:
    """What each kind of finding counts."""
    return {
        "one_wave": say("countries with answers to one survey only"),
        "school_in_one_wave": say("schools that answered only one of the surveys"),
        "schools_alike": say("pairs of schools whose names are alike"),
        "item_in_one_wave": say("items that only one of the surveys asked"),
        "mostly_missing": say("items that at least half of a survey's respondents left without an answer"),
        "no_school": say("answers without a school"),
        "code_in_two_schools": say("codes that stand in more than one school"),
        "two_exports": say("respondents who answered one survey in two exports, such as two language versions"),
        "future": say("answers dated in the future"),
        "far_from_others": say("answers dated far from the others of their survey"),
        "within_other_wave": say("answers dated nearer to the other survey than to their own"),
        "pre_after_post": say("matched teachers whose baseline answer is dated later than their follow-up"),
        "straight_liners": say("teachers who gave one answer to a whole page, reverse-scored questions included"),
        "implausible_number": say("numbers that are hardly possible, or far from all others"),
        "waves_swapped": say("countries whose surveys seem to be swapped"),
    }


def waves(say: Language) -> dict[str, str]:
    """The surveys' names; of none in particular: both."""
    return {"pre": say("baseline"), "post": say("follow-up"), "then": say("retrospective pretest"), "": say("both")}


def _country(row: pd.Series, say: Language, policy) -> str:
    return row["name"]


EXPORTS = [
    Column("File", text("export"), words=True), Column("Country", _country, words=True),
    Column("Survey", message("wave", waves), words=True), Column("Language", text("language"), words=True),
    Column("Encoding", text("encoding"), words=True), Column("Columns read", count("recognised")),
    Column("Not read", count("unread")), Column("Items not asked", count("lacking")),
]
UNREAD = [Column("File", text("export"), words=True), Column("Columns that were not read", text("header"), words=True)]
ANSWERS = [
    Column("Country", _country, words=True), Column("Survey", message("wave", waves), words=True),
    Column("Answers", count("n_read")), Column("Rows left out", count("n_left_out")),
    Column("From", text("first_month"), words=True), Column("To", text("last_month"), words=True),
]
LINKS = [
    Column("Country", _country, words=True), Column("Baseline", count("n_pre")), Column("Follow-up", count("n_post")),
    Column("Matched", count("n_matched")), Column("Of baseline", percent("share_pre")),
    Column("Of follow-up", percent("share_post")), Column("Approximate matches", count("near")),
    Column("Ambiguous", count("ambiguous")), Column("Contradicting", count("duplicate_conflicting")),
    Column("Without a code", count("no_code")),
]
MISSING = [
    Column("Country", _country, words=True), Column("Survey", message("wave", waves), words=True),
    Column("Item", text("label"), words=True), Column("n", count("n")), Column("No answer", count("missing")),
    Column("Share", percent("share")),
]
FINDINGS = [
    Column("What", message("finding", kinds), words=True), Column("Country", _country, words=True),
    Column("Survey", message("wave", waves), words=True), Column("n", count("n")),
]


def main(results: QualityResults) -> Iterator[Block]:
    """How files were read, who answered when, how answers match, what is missing, what deserves a second look."""
    say = results.say

    def named(rows: pd.DataFrame) -> pd.DataFrame:
        return rows.assign(name=rows["country"].map(results.country))

    yield Heading(say("In brief"))
    yield Text("\n".join(f"- {line}" for line in _brief(results) if line))
    yield Text(say("Nothing was corrected or left out because it looks odd. The details, with schools' names and the rows "
                   "of files, are for the owner of the answers: “analysis check” prints them."))
    yield Heading(say("How the files were read"))
    yield results.shown("exports", say("How each file was read"), EXPORTS, named(results.table("exports")))
    headers = results.table("headers")
    unread = headers.loc[headers["item"] == ""].groupby("export", sort=False)["header"].agg(
        lambda names: ", ".join(dict.fromkeys(names))).reset_index()
    if len(unread):
        yield results.shown("headers", say("Columns that were not read past their headings"), UNREAD, unread)
    yield Heading(say("Who answered, and when"))
    answers = named(results.table("survey_answers"))
    yield results.shown("survey_answers", say("Answers read in each survey"), ANSWERS, answers, say(
        "Rows left out are empty or previews. The months leave out the few earliest and latest answers."))
    yield results.shown("links", say("How the answers match"), LINKS, named(results.table("links")))
    closed = _closed(results)
    worst = closed.loc[closed["share"] > 0].sort_values("share", ascending=False, kind="stable")
    worst = worst.groupby(["country", "iteration", "wave"], sort=False).head(MOST_MISSING).sort_index()
    if len(worst):
        yield Heading(say("What was not answered"))
        yield results.shown("missing", say("Items most often left without an answer, in each survey"), MISSING,
                            named(worst.assign(label=worst["item"].map(results.item))))
    found = results.table("findings")
    if len(found):
        yield Heading(say("What deserves a second look"))
        yield results.shown("findings", say("What stood out"), FINDINGS, named(found))
        yield Text(sentence(STRAIGHT_LINER, say))


def _brief(results: QualityResults) -> Iterator[str]:
    say, answers = results.say, results.table("survey_answers")
    if not answers["n_read"].fillna(0).sum():
        yield say("No answers have come in yet.")
        return
    yield say("{n} answers of {countries} could be read; {left} rows without an answer, or of a preview, were left out.",
              n=say.count(answers["n_read"].sum()), left=say.count(answers["n_left_out"].sum()),
              countries=say.plural("{n} country", "{n} countries", answers["country"].nunique()))
    rates = results.table("links").query("n_pre > 0 and n_post > 0")["share_pre"]
    if len(rates):
        yield say("Of baseline respondents, between {low} and {high} of a country could be matched with a follow-up "
                  "answer.", low=say.percent(rates.min()), high=say.percent(rates.max()))
    shares = _closed(results)["share"]
    if len(shares):
        yield say("Half of the items, counted in every survey of every country, were left without an answer by {half} of "
                  "the respondents or fewer, and at most by {most}; {n} times it was {high} or more.",
                  half=say.percent(shares.median()), most=say.percent(shares.max()), n=int((shares >= HIGH).sum()),
                  high=say.percent(HIGH))
    found = set(results.table("findings")["finding"])
    yield say("Worth a second look: {findings}.", findings=say.list(
        kinds(say)[kind] for kind in KINDS if kind in found)) if found else say("Nothing else stood out.")


def _closed(results: QualityResults) -> pd.DataFrame:
    """The rows of shown shares, without open questions, which are optional as a rule."""
    missing = results.table("missing")
    kind = missing["item"].map(results.study.codebook.items["kind"])
    return missing.loc[(kind != "text") & missing["share"].notna()]
