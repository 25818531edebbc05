"""Who answered, in which school, who was matched, and how many the main estimate rests on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis import plots
from analysis.disclosure.policy import Policy
from analysis.language import Language
from analysis.notes import note
from analysis.pseudonyms import NOT_GIVEN, OTHER_SCHOOLS, in_order
from analysis.sections.estimates import scores_of
from analysis.sections.parts import Block, Cell, Column, Figure, Heading, Text, count
from analysis.sections.results import Results
from analysis.study.populations import WAVES
from analysis.study.settings import Country

COUNTS = ["n_pre", "n_post", "n_matched", "n_pre_only", "n_post_only"]
ANALYSED_COLUMNS = ["scale", "label", "n_respondents", "n_not_analysed", "n_analysed", "n_matched"]


def participation_table(results: Results) -> pd.DataFrame:
    """Respondents per school and wave, as `participation.csv`; the last row, with an empty school, is the total.

    Schools with too few matched respondents are one row, "other schools". The total is exact; of a school, how many
    answered in one wave only (and so how many in all) is empty where that is a small group.
    """
    panel = results.panel
    respondents = panel.respondents
    pre, post = respondents["pre"].notna(), respondents["post"].notna()
    flags = pd.DataFrame({"school": respondents["school"].replace("", NOT_GIVEN), "n_pre": pre, "n_post": post,
                          "n_matched": pre & post, "n_pre_only": pre & ~post, "n_post_only": post & ~pre})
    total = flags[COUNTS].sum().to_frame().T.astype(int).assign(school="", note="")
    schools = flags.groupby("school")[COUNTS].sum()
    if list(schools.index) == [NOT_GIVEN]:
        schools = schools.iloc[:0]
        total["note"] = str(note("no_school_named"))
    table = pd.concat([_by_school(schools, panel.policy), total], ignore_index=True)
    return table[["school", *COUNTS, "note"]].astype(dict.fromkeys(COUNTS, "Int64"))


def _by_school(schools: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    counts = schools[["n_matched", "n_pre_only", "n_post_only"]].to_numpy(int).reshape(-1, 3)
    alone = policy.enough(counts[:, 0]) | ((counts[:, 0] == 0) & ~policy.small(counts[:, 1:]).any(axis=1))
    alone |= schools.index == NOT_GIVEN  # nobody is matched without a school, so a zero there tells nothing
    joined = policy.joined(counts[:, 0], alone)
    names = np.where(joined, OTHER_SCHOOLS, schools.index.to_numpy(object))
    rows = schools.groupby(names).sum()
    rows = rows.loc[in_order(rows.index)]
    if len(rows) < 2 and joined.any():
        return rows.iloc[:0].rename_axis("school").reset_index()
    rows = rows.astype("Int64").assign(note="")
    for wave in WAVES if len(rows) > 1 else ():
        empty = policy.suppressed(rows[f"n_{wave}_only"].to_numpy(int))
        rows.loc[empty, [f"n_{wave}", f"n_{wave}_only"]] = pd.NA
        rows.loc[empty, "note"] = str(note("small_cells"))
    return rows.rename_axis("school").reset_index()


def analysed_table(results: Results) -> pd.DataFrame:
    """From all respondents to those in the main estimate, as `analysed.csv`: a row per compared scale.

    `n_not_analysed` have no score on the scale, no school where schools are the clusters, or are in a class too small to
    publish. `n_matched` of those analysed have both scores.
    """
    panel, rows = results.panel, []
    for scale in panel.compared_scales:
        scores = scores_of(panel, scale).clustered()
        n, everyone = len(scores.pre), len(panel.respondents)
        rows.append((scale, panel.study.codebook.label(scale), everyone, everyone - n, n, int(scores.matched.sum())))
    counts = [name for name in ANALYSED_COLUMNS if name.startswith("n_")]
    return pd.DataFrame(rows, columns=ANALYSED_COLUMNS).astype(dict.fromkeys(counts, "Int64"))


def rates_table(results: Results) -> pd.DataFrame:
    """Response rates (only if all invited are known) and matching rates, as `rates.csv`: `n` of `of`, and the share."""
    panel, total = results.panel, results.table("participation").iloc[-1]
    invited = invited_teachers(results.study.settings.countries[panel.country], len(panel.school_names))
    rows = [(f"{wave}_of_invited", total[f"n_{wave}"], invited) for wave in WAVES if invited]
    rows += [(f"matched_of_{wave}", total["n_matched"], total[f"n_{wave}"]) for wave in WAVES if total[f"n_{wave}"]]
    return pd.DataFrame([(rate, int(n), int(of), n / of) for rate, n, of in rows], columns=["rate", "n", "of", "share"])


def attrition_by_school(results: Results) -> pd.DataFrame:
    """Share of each school's baseline respondents who were not matched, from participation as it is published."""
    table = results.table("participation")[["school", "n_pre", "n_pre_only", "note"]]
    shares = table["n_pre_only"].astype(float) / table["n_pre"].astype(float)
    notes = table["note"].where(table["n_pre_only"].isna(), "")
    return table.assign(share_unmatched=shares.where(table["n_pre"].fillna(0) > 0), note=notes)[
        ["school", "n_pre", "n_pre_only", "share_unmatched", "note"]]


def invited_teachers(country: Country, n_schools: int) -> int | None:
    """How many teachers were invited in all; None unless study.toml says so of every school.

    `n_schools`: how many schools named themselves in the answers. Where that is more than study.toml names, some school's
    number is missing.
    """
    invited = [school.invited for school in country.schools.values()]
    return sum(invited) if invited and None not in invited and n_schools <= len(invited) else None


def school_names(say: Language) -> dict[str, str]:
    """What the rows of schools are called that are no school's own."""
    return {"": say("All schools"), OTHER_SCHOOLS: say("Other schools"), NOT_GIVEN: say("School not given")}


def school(name: str = "school") -> Cell:
    """A school as a report calls it."""
    return lambda row, say, policy: school_names(say).get(row[name], row[name])


BY_SCHOOL = [
    Column("School", school(), words=True), Column("Baseline", count("n_pre")), Column("Follow-up", count("n_post")),
    Column("Matched", count("n_matched")), Column("Baseline only", count("n_pre_only")),
    Column("Follow-up only", count("n_post_only")),
]
ESTIMATES = {
    "participation": participation_table, "rates": rates_table, "analysed": analysed_table,
    "attrition_by_school": attrition_by_school,
}


def main(results: Results) -> Iterator[Block]:
    """One paragraph and the participant flow."""
    say, total = results.say, results.table("participation").iloc[-1]
    yield Heading(say("Participants"))
    if not int(total["n_pre"]) + int(total["n_post"]):
        yield Text(say("No answers have come in yet."))
        return
    yield Text(" ".join(filter(None, [_answered(results), _matched(results), _analysed(results), _class_left(results)])))
    yield flow_figure(results)


def annex(results: Results) -> Iterator[Block]:
    """Participation by school, as a chart and in numbers."""
    say = results.say
    yield Heading(say("Participation by school"))
    if others := results.notices("iterations_read"):
        yield Text(others)
    if len(results.table("participation")) > 1:
        yield schools_figure(results)
    yield results.shown("participation", say("Respondents by school and survey"), BY_SCHOOL)


def _answered(results: Results) -> str:
    say, total, rates = results.say, results.table("participation").iloc[-1], results.table("rates").set_index("rate")
    n_pre, n_post = int(total["n_pre"]), int(total["n_post"])
    if "pre_of_invited" in rates.index:
        return say.plural(
            "Of {n} teacher invited, {n_pre} ({share_pre}) answered at baseline and {n_post} ({share_post}) at follow-up "
            "(@fig-participant-flow).",
            "Of {n} teachers invited, {n_pre} ({share_pre}) answered at baseline and {n_post} ({share_post}) at follow-up "
            "(@fig-participant-flow).", int(rates.loc["pre_of_invited", "of"]), n_pre=n_pre, n_post=n_post,
            share_pre=say.percent(rates.loc["pre_of_invited", "share"]),
            share_post=say.percent(rates.loc["post_of_invited", "share"]))
    planned = results.study.settings.countries[results.panel.country].target_teachers
    answered = say.plural("{n} teacher answered at baseline and {n_post} at follow-up (@fig-participant-flow).",
                          "{n} teachers answered at baseline and {n_post} at follow-up (@fig-participant-flow).",
                          n_pre, n_post=n_post)
    if planned:
        return f"{answered} " + say("The planned sample was {planned}; how many were invited is not known, so no response "
                                    "rate can be given.", planned=planned)
    return f"{answered} " + say("How many were invited is not known, so no response rate can be given.")


def _matched(results: Results) -> str:
    say, rates = results.say, results.table("rates").set_index("rate")
    if not {"matched_of_pre", "matched_of_post"} <= set(rates.index):
        return ""
    n = int(rates.loc["matched_of_pre", "n"])
    if not n:
        return say("Nobody's answers could be matched across the two surveys.")
    return say.plural(
        "{n} teacher was matched across the two surveys by the code: {share_pre} of those who answered at baseline, "
        "{share_post} of those who answered at follow-up.",
        "{n} teachers were matched across the two surveys by their codes: {share_pre} of those who answered at baseline, "
        "{share_post} of those who answered at follow-up.", n,
        share_pre=say.percent(rates.loc["matched_of_pre", "share"]),
        share_post=say.percent(rates.loc["matched_of_post", "share"]))


def _analysed(results: Results) -> str:
    """How many respondents the main estimate of the primary scales rests on, and why these are fewer than all."""
    say, analysed = results.say, _primary(results)
    if analysed.empty:
        return ""
    everyone, low, high = (int(value) for value in (
        analysed["n_respondents"].iloc[0], analysed["n_analysed"].min(), analysed["n_analysed"].max()))
    n = say.count(low) if low == high else say("{low} to {high}", low=low, high=high)
    if low == everyone:
        return say("The main estimate uses matched and unmatched answers, so it rests on all {everyone} respondents.",
                   everyone=everyone)
    if results.panel.cluster is None:
        return say("The main estimate uses matched and unmatched answers, so it rests on {n} of all {everyone} "
                   "respondents: those with a score on the scale.", n=n, everyone=everyone)
    return say("The main estimate uses matched and unmatched answers, so it rests on {n} of all {everyone} respondents: "
               "those with a score on the scale and a school.", n=n, everyone=everyone)


def _class_left(results: Results) -> str:
    """Said once in a report, and not how many: that classes too small to publish are not in its results."""
    if not results.panel.left:
        return ""
    say = results.say
    return say("On some scales or questions a class of respondents (matched, baseline only or follow-up only, with or "
               "without a school) was too small to publish and was left out of all results on them.")


def _primary(results: Results) -> pd.DataFrame:
    analysed = results.table("analysed")
    return analysed.loc[analysed["scale"].isin(results.study.primary_scales)]


def flow_figure(results: Results) -> Figure:
    """From those invited or planned to those analysed on each primary scale."""
    say, total = results.say, results.table("participation").iloc[-1]
    n_pre, n_post, n_matched, pre_only, post_only = (int(total[name]) for name in COUNTS)
    panel, rates = results.panel, results.table("rates").set_index("rate")["of"]
    planned = results.study.settings.countries[panel.country].target_teachers
    set_aside = int(results.table("linking").set_index("kind").at["duplicate_conflicting", "n"])
    first = [("invited", say("Teachers invited"), int(rates["pre_of_invited"]))] if "pre_of_invited" in rates else (
        [("planned", say("Planned sample of teachers"), planned)] if planned else [])
    steps = [
        first, [("baseline", say("Answered at baseline"), n_pre), ("followup", say("Answered at follow-up"), n_post)],
        [("baseline_only", say("Unmatched: baseline only"), pre_only), ("matched", say("Matched"), n_matched),
         ("followup_only", say("Unmatched: follow-up only"), post_only)],
        [("respondents", say("All respondents, matched or not"), len(panel.respondents))]]
    boxes = [[plots.Box(text, n) for _step, text, n in row] for row in steps if row]
    primary = _primary(results)
    if len(primary):
        boxes.append(_analysed_boxes(say, primary))
    rows = [(step, "", n) for row in steps for step, _text, n in row]
    rows += [("analysed", scale, n) for scale, n in zip(primary["scale"], primary["n_analysed"], strict=True)]
    alt = say("Participant flow, from top to bottom. {boxes}.", boxes="; ".join(
        f"{box.text}: {box.n}" if box.n != "" else box.text for row in boxes for box in row))
    title = say("{n} of {n_pre} baseline respondents were matched with a follow-up answer", n=n_matched, n_pre=n_pre)
    caption = say("Participant flow. Unmatched answers enter the main estimate, too, so more are analysed than matched.")
    if set_aside:
        caption += " " + say.plural("Not in it: {n} submission that contradicted another under the same code.",
                                    "Not in it: {n} submissions that contradicted another under the same code.", set_aside)
    return Figure("participant-flow", title, caption, alt,
                  lambda width: plots.flow(boxes, width=width, synthetic=results.synthetic),
                  pd.DataFrame(rows, columns=["step", "scale", "n"]).astype({"n": "Int64"}))


def _analysed_boxes(say: Language, primary: pd.DataFrame) -> list[plots.Box]:
    """How many are analysed on each primary scale, and who is not."""
    if primary["n_analysed"].nunique() == 1:
        analysed = plots.Box(say("Analysed on each primary scale"), primary["n_analysed"].iloc[0])
    else:
        analysed = plots.Box(say("Analysed: {scales}", scales="; ".join(
            f"{label}: {n}" for label, n in zip(primary["label"], primary["n_analysed"], strict=True))))
    lost = primary["n_not_analysed"]
    if not lost.any():
        return [analysed]
    return [analysed, plots.Box(say("Not analysed: no score, no school, or in a class too small to publish"),
                                lost.iloc[0] if lost.nunique() == 1 else "", out=True)]


def schools_figure(results: Results) -> Figure:
    """Respondents at baseline, at follow-up and matched, by school."""
    say, table = results.say, results.table("participation")
    schools, total, names = table.iloc[:-1], table.iloc[-1], school_names(say)
    series = [("n_pre", say("Baseline"), plots.style.PRE), ("n_post", say("Follow-up"), plots.style.POST),
              ("n_matched", say("Matched"), plots.style.INK)]
    rows = [(names.get(row["school"], row["school"]),
             {name: None if pd.isna(row[name]) else int(row[name]) for name, _label, _colour in series})
            for _at, row in schools.iterrows()]
    said = "; ".join(f"{label}: " + ", ".join(f"{title} {say.count(counts[name])}" for name, title, _colour in series)
                     for label, counts in rows)
    caption = say("Teachers by school: who answered at baseline, who at follow-up, and who was matched. n = {n_pre} at "
                  "baseline, {n_post} at follow-up, {n} matched.",
                  n_pre=total["n_pre"], n_post=total["n_post"], n=total["n_matched"])
    if schools[["n_pre", "n_post", "n_matched"]].isna().any(axis=None):
        caption += " " + say("A dash (–): suppressed.")
    return Figure("participation", _schools_title(results), caption, say("Respondents by school. {rows}.", rows=said),
                  lambda width: plots.counts(rows, series, say("Respondents"), width=width, synthetic=results.synthetic),
                  schools[["school", "n_pre", "n_post", "n_matched"]])


def _schools_title(results: Results) -> str:
    say, shares = results.say, results.table("attrition_by_school").iloc[:-1]["share_unmatched"]
    known = shares.dropna()
    if len(known) < 2:
        return say("Respondents by school")
    values = {"low": say.percent(known.min()), "high": say.percent(known.max())}
    if len(known) < len(shares):
        return say("{low} to {high} of baseline respondents were not matched in the schools that can be shown", **values)
    return say("{low} to {high} of a school's baseline respondents were not matched", **values)
