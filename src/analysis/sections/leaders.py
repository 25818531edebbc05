"""School leaders: how their scales changed, how they answered, and how they see their school beside its teachers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.disclosure.protection import ProtectedPanel
from analysis.notes import Note, note, written
from analysis.scales import score
from analysis.sections import change
from analysis.sections.estimates import estimate_columns, varies
from analysis.sections.items import Answers, distributions, upper_answers
from analysis.sections.parts import (
    Block,
    Column,
    Heading,
    Method,
    Text,
    change_with_interval,
    count,
    message,
    number,
    p,
    text,
    wave_names,
)
from analysis.sections.results import ALPHA, Results
from analysis.statistics.multiplicity import benjamini_hochberg
from analysis.statistics.paired import matched_t
from analysis.study.populations import WAVES, Population

LEADERS = Population("leaders")
GAP_COLUMNS = ["scale", "label", "wave", "n_schools", "n_leaders", "n_teachers", "gap", "se", "df", "ci_low", "ci_high",
               "p", "p_adjusted", "note"]
FEWEST_SCHOOLS = 4


def present(results: Results) -> bool:
    """Whether school leaders answered."""
    return LEADERS in results.populations


def leaders_change_table(results: Results) -> pd.DataFrame:
    """The change on every scale that leaders answered in both surveys, as `leaders_change.csv`; estimated as teachers'."""
    return results.of(LEADERS).precise("change")


def leaders_answers_table(results: Results) -> pd.DataFrame:
    """Counts and shares of the leaders' answers to closed items, as `leaders_answers.csv`."""
    return results.of(LEADERS).precise("item_answers")


def perception_gap_table(results: Results) -> pd.DataFrame:
    """Leaders' scores minus those of the teachers of their own schools, as `perception_gap.csv`.

    A row per shared scale and survey that both answered. `gap` is the mean over schools of the leaders' mean minus the
    teachers' mean on the same items, in scale points, with the t interval over schools (`n_schools` - 1 df; Student, 1908;
    R: `t.test` of the schools' differences); p is adjusted over the table (Benjamini-Hochberg).
    """
    panels = results.of(LEADERS).panel, results.panel
    rows = [_gap(results, scale, wave, *panels) for scale in panels[0].items
            if set(panels[0].items[scale]) & set(panels[1].items.get(scale, ()))
            for wave in WAVES if all(wave in panel.waves_of[scale] for panel in panels)]
    table = pd.DataFrame(rows, columns=GAP_COLUMNS).astype(dict.fromkeys(GAP_COLUMNS[3:6], "Int64"))
    return table.assign(p_adjusted=benjamini_hochberg(table["p"].to_numpy(float)))


def _gap(results: Results, scale: str, wave: str, *panels: ProtectedPanel) -> dict:
    row = {"scale": scale, "label": results.label(scale), "wave": wave}
    shared = [item for item in panels[0].items[scale]
              if item in panels[1].items[scale] and all(panel.answers[wave][item].notna().any() for panel in panels)]
    if not shared:
        return row | {"note": written([note("too_few", minimum=results.policy.minimum)])}
    scores = [_scores(panel, scale, wave, shared) for panel in panels]
    schools = _schools(results, *scores)
    leaders, teachers = ([of[of.index == school].dropna() for school in schools] for of in scores)
    if reason := _suppressed(results, leaders, teachers):
        return row | {"note": written([reason])}
    leading, taught = (np.array([own.mean() for own in of]) for of in (leaders, teachers))
    if not results.policy.public and not varies(leading - taught):
        return row | {"note": written([note("no_variation")])}
    found = matched_t(taught, leading)
    return row | estimate_columns(found, "gap") | {
        "n_schools": len(schools), "n_leaders": sum(map(len, leaders)), "n_teachers": sum(map(len, teachers)),
        "note": written(found.note)}


def _scores(panel: ProtectedPanel, scale: str, wave: str, items: list[str]) -> pd.Series:
    """The scores on these items of everyone in the scale's protected sample, by school; nan where too few were answered."""
    scores = score(panel.answers[wave][items], panel.study.settings.minimum_answered)
    return scores.set_axis(panel.respondents["school"])[panel.scores[wave][scale].notna().to_numpy()]


def _schools(results: Results, leaders: pd.Series, teachers: pd.Series) -> list[str]:
    """The schools with leaders and enough teachers, without the first ones as long as few people are left out, because they
    are in none of them or have no score on the shared items."""
    policy, taught = results.policy, teachers.dropna().index
    schools = [school for school in sorted(set(leaders.dropna().index) - {""}) if policy.enough((taught == school).sum())]
    while schools and any(policy.small((~of.index.isin(schools) | of.isna()).sum()) for of in (leaders, teachers)):
        del schools[0]
    return schools


def _suppressed(results: Results, *groups: list[pd.Series]) -> Note | None:
    """Why a gap may not be shown, if so.

    The leaders in it are few in each school, so it is shown of the whole country alone, from `FEWEST_SCHOOLS` schools on,
    each with enough teachers; neither leaders nor teachers differ by a few from those whose scores are published elsewhere
    (`_schools`). No school's mean of its teachers is published in reports, so that even someone who knew the gap of each
    school would not know a leader's answer. It takes twice the minimum of leaders: in the gap each school counts once, in
    their published mean each leader, and of fewer, with the teachers' mean for those of the schools, the difference of
    the two comes close to the answers of a school with more leaders than the others.
    """
    policy = results.policy
    if len(groups[0]) < FEWEST_SCHOOLS:
        return note("takes_schools", n=FEWEST_SCHOOLS)
    if not policy.enough(sum(map(len, groups[0])) // 2):
        return note("too_few", minimum=2 * policy.minimum)
    if not policy.public and not all(varies(pd.concat(group).to_numpy()) for group in groups):
        return note("no_variation")
    return None


ESTIMATES = {"leaders_change": leaders_change_table, "leaders_answers": leaders_answers_table,
             "perception_gap": perception_gap_table}
CHANGE = [*change.SHORT[:-2], Column("Schools", count("n_schools"))]
GAP = [
    Column("Scale", text("label"), words=True), Column("Survey", message("wave", wave_names), words=True),
    Column("Schools", count("n_schools")), Column("School leaders", count("n_leaders")),
    Column("Teachers", count("n_teachers")), Column("Gap [95 % CI]", change_with_interval("gap")),
    Column("SE", number("se")), Column("df", count("df")), Column("Adjusted p", p("p_adjusted")),
]


def main(results: Results) -> Iterator[Block]:
    """A paragraph, or a sentence that too few leaders answered to show anything."""
    say, leaders = results.say, results.of(LEADERS)
    yield Heading(say("School leaders"))
    if results.table("leaders_answers")["n"].isna().all():
        yield Text(say("School leaders answered, too, but too few of them to show what they said."))
        return
    rows = results.table("leaders_change").dropna(subset=["mean_pre", "mean_post"], how="all")
    said = [say("School leaders answered, too. They are few, so this is mostly a description; how they answered each item "
                "stands in the annex.")]
    estimated = rows.loc[rows["change"].notna(), "scale"].tolist()
    if estimated:
        said.append(f"{change.message_title(leaders, estimated)} (@tbl-leaders_change).")
    elif len(rows):
        said.append(say("@tbl-leaders_change has their means; no change could be estimated."))
    yield Text(" ".join([*said, *_gap_sentence(results)]))


def _gap_sentence(results: Results) -> Iterator[str]:
    say, published = results.say, results.table("perception_gap")
    precise = results.precise("perception_gap").dropna(subset=["gap"])
    if precise.empty:
        return
    clear = precise.index[precise["p_adjusted"] < ALPHA]
    names, cell = wave_names(say), change_with_interval("gap")
    if clear.empty:
        yield say.plural(
            "In the {n} comparison of leaders with the teachers of their own schools there is no clear difference "
            "(@tbl-perception_gap).",
            "In none of {n} comparisons of leaders with the teachers of their own schools is there a clear difference "
            "(@tbl-perception_gap).", len(precise))
        return
    yield say.plural(
        "Of {of} comparisons of leaders with the teachers of their own schools, {n} shows a clear difference "
        "(@tbl-perception_gap; leaders minus teachers): {gaps}.",
        "Of {of} comparisons of leaders with the teachers of their own schools, {n} show a clear difference "
        "(@tbl-perception_gap; leaders minus teachers): {gaps}.", len(clear), of=len(precise), gaps=say.list(
            say("{scale} ({wave}): {gap}", scale=say.quoted(row["label"]), wave=names[row["wave"]],
                gap=cell(row, say, results.policy)) for _at, row in published.loc[clear].iterrows()))


def annex(results: Results) -> Iterator[Block]:
    """The leaders' change, the gap between them and their teachers, and how they answered each item."""
    say, table, leaders = results.say, results.table("leaders_answers"), results.of(LEADERS)
    gap = results.table("perception_gap")
    if table["n"].isna().all():
        return
    yield Heading(say("School leaders' answers"))
    rows = results.table("leaders_change").dropna(subset=["mean_pre", "mean_post"], how="all")
    if len(rows):
        yield results.shown(
            "leaders_change", say("School leaders: baseline, follow-up and change, in scale points"), CHANGE, rows,
            say("Estimated as the teachers' change; p is adjusted over the leaders' scales (Benjamini-Hochberg)."))
    if len(gap):
        yield results.shown(
            "perception_gap", say("School leaders beside the teachers of their own schools, in scale points"), GAP, gap,
            say("Gap: mean over schools of the leaders' mean minus the teachers' mean on the same items. p is adjusted "
                "over this table (Benjamini-Hochberg)."))
    yield from distributions(leaders, Answers(
        table.loc[table["item"].isin(_with_answers(table))], "wave", wave_names(say), "leaders-answers",
        lambda _scale, items: upper_answers(leaders, table, "wave", items),
        say("School leaders' answers as asked, shares in percent, baseline above follow-up. n: leaders who answered.")))


def _with_answers(table: pd.DataFrame) -> list[str]:
    return table.loc[table["n"].notna(), "item"].unique().tolist()


def methods(results: Results) -> Iterator[Method]:
    """How leaders were set beside their teachers."""
    say = results.say
    if results.precise("perception_gap")["gap"].notna().any():
        yield Method(say(
            "School leaders were compared with the teachers of their own schools: in each school the mean of the leaders "
            "minus the mean of the teachers, on the same items in the same survey, and a one-sample t test of these "
            "differences over schools, each counted once."))
