"""Monitoring while the survey is open: who has answered so far, what the answers will tell, and which schools to remind.

For the study's owner alone: schools stand under their own names, and nothing is suppressed.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

import numpy as np
import pandas as pd

from analysis import plots
from analysis.disclosure.policy import Policy
from analysis.language import Language
from analysis.quality.answers import with_school_names
from analysis.quality.findings import findings
from analysis.sections.parts import Block, Column, Figure, Heading, Text, count, message, number, percent, text
from analysis.sections.quality import kinds, waves
from analysis.sections.results import Results
from analysis.staging import Staging
from analysis.statistics.clustering import change_clustering
from analysis.statistics.planning import expected_half_width
from analysis.study.folder import Study
from analysis.study.populations import WAVES

OWNER = Policy(1)
PROGRESS_COLUMNS = ["country", "name", "wave", "n", "target", "expected_by_today", "share_of_target", "schools",
                    "target_schools", "first_day", "last_day"]
SCHOOL_COLUMNS = ["country", "name", "school", "invited", "n_pre", "n_post", "n_matched", "remind"]
DAY_COLUMNS = ["country", "wave", "day", "n", "cumulative"]
WIDTH_COLUMNS = ["country", "name", "scale", "label", "n_matched", "n_schools", "half_width_now", "target_matched",
                 "half_width_at_target", "assumed"]
SUBMISSION_COLUMNS = ["country", "name", "wave", "finding", "n"]
ASSUMED_CORRELATION, ASSUMED_ICC, ASSUMED_MATCHED = 0.5, 0.05, 0.75
"""What is assumed of the answers before and after until enough are matched: their correlation, the intraclass correlation
of the changes, and the share that can be matched (DOMAIN: three in four)."""
FEWEST_MATCHED = 10
REMIND_BELOW = 0.5
"""A school is reminded where fewer than half of those invited, or of those at baseline, have answered."""


class MonitoringResults(Results):
    """What the monitoring report computes, for the owner; `today` is the day on which it is read."""

    def __init__(self, study: Study, today: pd.Timestamp, sections, say: Language):
        study = with_school_names(study)
        super().__init__(study, None, sections, say)
        self.policy, self.staging, self.today = OWNER, Staging(study), today
        self.panels = {country: self.staging.panel(country) for country in self.staging.countries}

    @property
    def name(self) -> str:
        """What the report is about."""
        return self.say("Monitoring")

    def country(self, key: str) -> str:
        """The country's name in the report's language."""
        return self.study.settings.countries[key].name_in(self.say.code)


def progress_table(results: MonitoringResults) -> pd.DataFrame:
    """How many teachers answered each survey so far, against its target, as `progress.csv`.

    `expected_by_today` is the target's share that has passed of the days that study.toml's `fieldwork` names.
    """
    rows = []
    for key, settings in results.study.settings.countries.items():
        panel = results.panels.get(key)
        for wave in WAVES:
            there = panel.respondents[wave].notna() if panel else pd.Series(dtype=bool)
            days = panel.submitted[wave].dropna() if panel else pd.Series(dtype="datetime64[us]")
            n, target = int(there.sum()), settings.target_teachers
            schools = panel.respondents.loc[there.to_numpy(), "school"].replace("", np.nan).nunique() if panel else 0
            rows.append((key, results.country(key), wave, n, target, _expected(settings, wave, results.today),
                         n / target if target else np.nan, schools, settings.target_schools, _day(days.min()),
                         _day(days.max())))
    whole = {"target": "Int64", "expected_by_today": "Int64", "target_schools": "Int64"}
    return pd.DataFrame(rows, columns=PROGRESS_COLUMNS).astype(whole)


def _expected(settings, wave: str, today: pd.Timestamp) -> int | None:
    if wave not in settings.fieldwork or settings.target_teachers is None:
        return None
    first, last = map(pd.Timestamp, settings.fieldwork[wave])
    passed = ((today.normalize() - first).days + 1) / ((last - first).days + 1)
    return round(settings.target_teachers * min(max(passed, 0.0), 1.0))


def _day(time) -> str:
    return "" if pd.isna(time) else f"{time:%Y-%m-%d}"


def by_school_table(results: MonitoringResults) -> pd.DataFrame:
    """Answers and matches of every school so far, as `by_school.csv`, also of schools that are declared and silent.

    `remind`: pre, post or nothing, the survey to remind of. The follow-up is open once one answer to it is there.
    """
    rows = []
    for key, settings in results.study.settings.countries.items():
        panel = results.panels.get(key)
        answered = panel.respondents if panel else pd.DataFrame(columns=["school", *WAVES])
        open_now = "post" if answered["post"].notna().any() else "pre"
        for school in dict.fromkeys([*settings.schools, *sorted(set(answered["school"]) - {""})]):
            here = answered.loc[answered["school"] == school, list(WAVES)].notna()
            n = {wave: int(here[wave].sum()) for wave in WAVES}
            invited = settings.schools[school].invited if school in settings.schools else None
            base = invited or (n["pre"] if open_now == "post" else 1)
            rows.append((key, results.country(key), school, invited, n["pre"], n["post"], int(here.all(axis=1).sum()),
                         open_now if n[open_now] < REMIND_BELOW * base else ""))
    return pd.DataFrame(rows, columns=SCHOOL_COLUMNS).astype({"invited": "Int64"})


def by_day_table(results: MonitoringResults) -> pd.DataFrame:
    """Answers per day of each survey and country, and their running total, as `by_day.csv`."""
    parts = []
    for key, panel in results.panels.items():
        for wave in WAVES:
            days = panel.submitted[wave].dropna().dt.strftime("%Y-%m-%d").value_counts().sort_index()
            parts.append(pd.DataFrame({"country": key, "wave": wave, "day": days.index, "n": days.to_numpy(),
                                       "cumulative": days.cumsum().to_numpy()}))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=DAY_COLUMNS)


def expected_width_table(results: MonitoringResults) -> pd.DataFrame:
    """Half the width that the 95 % interval of each primary scale would have if fieldwork ended today, and at the target.

    As `expected_width.csv`, in scale points, by `expected_half_width`. The standard deviation and the intraclass
    correlation are those of the changes matched so far; until 10 are matched they are assumed (`assumed`), from a baseline
    standard deviation, a correlation of .5 and an intraclass correlation of .05.
    """
    rows = []
    for key, panel in results.panels.items():
        settings = results.study.settings.countries[key]
        for scale in [one for one in results.study.primary_scales if one in panel.items]:
            pre, post = (panel.scores[wave][scale].to_numpy(float) for wave in WAVES)
            both = np.isfinite(pre) & np.isfinite(post)
            matched, assumed = int(both.sum()), int(both.sum()) < FEWEST_MATCHED
            spread = np.nanstd(pre, ddof=1) if np.isfinite(pre).sum() > 1 else np.nan
            cluster = None if panel.cluster is None else panel.cluster[both]
            sd = spread * np.sqrt(2 * (1 - ASSUMED_CORRELATION)) if assumed else float((post - pre)[both].std(ddof=1))
            found = np.nan if assumed else change_clustering(pre[both], post[both], cluster).icc
            icc = max(found, 0.0) if isfinite(found) else ASSUMED_ICC
            schools = 0 if cluster is None else len(np.unique(cluster[cluster >= 0]))
            share = matched / np.isfinite(pre).sum() if not assumed else ASSUMED_MATCHED
            target = settings.target_teachers and round(settings.target_teachers * share)
            aimed = settings.target_schools or max(schools, len(settings.schools))
            rows.append((key, results.country(key), scale, results.label(scale), matched, schools,
                         _finite(expected_half_width(matched, schools, sd, icc)), target,
                         _finite(expected_half_width(target, aimed, sd, icc)) if target else np.nan,
                         "yes" if assumed else "no"))
    return pd.DataFrame(rows, columns=WIDTH_COLUMNS).astype({"target_matched": "Int64"})


def _finite(width: float) -> float:
    return width if isfinite(width) else np.nan


def submissions_table(results: MonitoringResults) -> pd.DataFrame:
    """What looks odd in the submissions so far, counted, as `submissions.csv`; double submissions first."""
    rows = []
    for key, panel in results.panels.items():
        for kind in ("duplicate_identical", "duplicate_conflicting", "no_code"):
            if n := panel.linked.counts[kind]:
                rows.append((key, results.country(key), "", kind, n))
    panels = {(key, 1): panel for key, panel in results.panels.items()}
    rows += [(one.country, results.country(one.country), one.wave, one.kind, one.n)
             for one in findings(results.study, results.staging.responses, panels, results.today)]
    return pd.DataFrame(rows, columns=SUBMISSION_COLUMNS)


ESTIMATES = {"progress": progress_table, "by_school": by_school_table, "by_day": by_day_table,
             "expected_width": expected_width_table, "submissions": submissions_table}


def submissions(say: Language) -> dict[str, str]:
    """What each kind of odd submission is called."""
    return kinds(say) | {
        "duplicate_identical": say("double submissions with the same answers"),
        "duplicate_conflicting": say("double submissions with different answers"),
        "no_code": say("answers without a code, which can't be matched"),
    }


def to_remind(say: Language) -> dict[str, str]:
    """Of which survey a school is to be reminded."""
    return waves(say) | {"": ""}


PROGRESS = [
    Column("Country", text("name"), words=True), Column("Survey", message("wave", waves), words=True),
    Column("Answered", count("n")), Column("Expected by today", count("expected_by_today")),
    Column("Target", count("target")), Column("Of target", percent("share_of_target")), Column("Schools", count("schools")),
    Column("Target schools", count("target_schools")), Column("Last answer", text("last_day"), words=True),
]
SCHOOLS = [
    Column("Country", text("name"), words=True), Column("School", text("school"), words=True),
    Column("Invited", count("invited")), Column("Baseline", count("n_pre")), Column("Follow-up", count("n_post")),
    Column("Matched", count("n_matched")), Column("Remind of", message("remind", to_remind), words=True),
]
WIDTHS = [
    Column("Country", text("name"), words=True), Column("Scale", text("label"), words=True),
    Column("Matched so far", count("n_matched")), Column("± if it ended today", number("half_width_now")),
    Column("Matched at target", count("target_matched")), Column("± at target", number("half_width_at_target")),
]
SUBMISSIONS = [
    Column("What", message("finding", submissions), words=True), Column("Country", text("name"), words=True),
    Column("Survey", message("wave", waves), words=True), Column("n", count("n")),
]


def main(results: MonitoringResults) -> Iterator[Block]:
    """Answers against targets, by day and by school; how precise the result will be; what to look at now."""
    say = results.say
    yield Text(_brief(results))
    yield Heading(say("Answers so far"))
    yield results.shown("progress", say("Answers against targets"), PROGRESS)
    if len(results.table("by_day")):
        yield _days(results)
    schools = results.table("by_school")
    if len(schools):
        yield Heading(say("Schools"))
        yield results.shown("by_school", say("Answers and matches by school"), SCHOOLS, general=say(
            "A school is named for a reminder where fewer than half of those invited, or of those who answered at "
            "baseline, have answered the survey that is open now."))
    widths = results.table("expected_width").dropna(subset=["half_width_now", "half_width_at_target"], how="all")
    if len(widths):
        yield Heading(say("How precise the result will be"))
        yield results.shown(
            "expected_width", say("Expected 95 % interval of the change on the primary scales"), WIDTHS, widths,
            say("In scale points to either side of the estimate, from the changes matched so far; until 10 are matched, "
                "from the spread at baseline and a correlation of .5 between the surveys."))
    if len(results.table("submissions")):
        yield Heading(say("Submissions to look at"))
        yield results.shown("submissions", say("What stands out in the submissions so far"), SUBMISSIONS)


def _brief(results: MonitoringResults) -> str:
    say, progress, schools = results.say, results.table("progress"), results.table("by_school")
    lines = [say("{pre} teachers have answered at baseline, {post} at follow-up, and {matched} are matched so far.",
                 pre=say.count(progress.loc[progress["wave"] == "pre", "n"].sum()),
                 post=say.count(progress.loc[progress["wave"] == "post", "n"].sum()),
                 matched=say.count(sum(int(panel.respondents[list(WAVES)].notna().all(axis=1).sum())
                                       for panel in results.panels.values())))]
    late = progress.loc[progress["expected_by_today"].notna() & (progress["n"] < progress["expected_by_today"])]
    if len(late):
        lines.append(say("Behind what was expected by today: {countries}.", countries=say.list(late["name"].unique())))
    if n := int((schools["remind"] != "").sum()):
        lines.append(say.plural("{n} school is to be reminded (@tbl-by-school).",
                                "{n} schools are to be reminded (@tbl-by-school).", n))
    return " ".join(lines)


def _days(results: MonitoringResults) -> Figure:
    say, days = results.say, results.table("by_day")
    panels = {
        waves(say)[wave]: {results.country(country): (pd.to_datetime(rows["day"]).to_numpy(), rows["cumulative"].to_numpy())
                           for country, rows in of_wave.groupby("country", sort=False)}
        for wave, of_wave in days.groupby("wave", sort=False)}
    return Figure("answers_by_day", say("Answers so far, by day"), say("Running totals of each survey and country."),
                  say("Lines of the running number of answers, a panel for each survey."),
                  lambda width: plots.running_totals(panels, width, results.synthetic), days)
