"""Sentences made from the tables, so that text and numbers can't disagree.

Everything here returns Markdown. Names that come from the codebook are escaped.
"""

from __future__ import annotations

import re

import pandas as pd

from .numerals import NO_BREAK, counted, interval, number, percent
from .scales import Panel
from .study import Study
from .texts import listed

MANY = 8


def plain(text: str) -> str:
    """Text of the codebook or of study.toml with every Markdown sign escaped."""
    return re.sub(r"([\\`*_{}\[\]<>#|~$])", r"\\\1", str(text))


def bulleted(sentences: list[str]) -> str:
    """Sentences as a Markdown list; empty ones are left out."""
    return "\n".join(f"- {sentence}" for sentence in sentences if sentence)


def who_answered(panel: Panel, total: pd.Series) -> str:
    """How many answered, how many could be linked, against the targets; `total` is participation's last row."""
    n_pre, n_post, n_matched = (int(total[name]) for name in ("n_pre", "n_post", "n_matched"))
    if n_pre + n_post == 0:
        return "No answers have come in yet."
    schools = panel.respondents["school"]
    n_schools = schools[schools != ""].nunique()
    where = f" in {counted(n_schools, 'school')}" if n_schools else ""
    sentences = [
        f"{counted(n_pre, 'teacher')} answered the survey before mentoring and {n_post} the survey after it{where}.",
        f"By their codes {counted(n_matched, 'teacher')} could be linked: {percent(n_matched, n_pre)} of those who "
        f"answered before and {percent(n_matched, n_post)} of those who answered after.",
    ]
    if n_pre + n_post > 2 * n_matched:
        sentences.append(f"{n_pre - n_matched} answered only before, {n_post - n_matched} only after.")
    country = panel.study.settings.countries[panel.country]
    targets = [f"{target} {kind}" for target, kind in
               ((country.target_schools, "schools"), (country.target_teachers, "teachers")) if target]
    if targets:
        sentences.append(f"The study aimed at {listed(targets)}.")
    return " ".join(sentences)


def duplicates(panel: Panel) -> str:
    """What became of double submissions, missing codes and answers without a school."""
    counts = panel.linked.counts
    sentences = []
    if counts["duplicate_identical"]:
        sentences.append(f"{counted(counts['duplicate_identical'], 'repeated submission')} with identical answers "
                         f"counted once.")
    if counts["duplicate_conflicting"]:
        sentences.append(
            f"{counted(counts['duplicate_conflicting'], 'submission')} under a code used twice in the same school and "
            "survey, with different answers, did not count: where the time told which came last and it was as "
            "complete as the others, that one stands; where not, none does.")
    if counts["no_code"]:
        sentences.append(f"{counted(counts['no_code'], 'answer')} had no code and could not be linked.")
    unnamed = int((panel.respondents["school"] == "").sum())
    if unnamed and panel.cluster is not None:
        sentences.append(f"{counted(unnamed, 'teacher')} did not give a school; they are left out wherever schools "
                         "matter for the calculation.")
    return " ".join(sentences)


def change_sentence(row: pd.Series, scale_range: tuple[float, float] | None) -> str:
    """One row of `change.csv` in words."""
    label = f"**{plain(row['label'])}**"
    if pd.isna(row["change"]):
        return f"{label}: no change can be given. {plain(row['note'])}"
    where = f"On a scale from {scale_range[0]:g} to {scale_range[1]:g}, " if scale_range else ""
    change = row["change"]
    moved = ("did not move" if abs(change) < 0.005
             else f"{'rose' if change > 0 else 'fell'} by {number(abs(change))} points")
    unlinked = int(row["n_pre"] + row["n_post"] - 2 * row["n_matched"])
    schools = f" in {counted(int(row['n_schools']), 'school')}" if row["n_schools"] else ""
    linked = int(row["n_matched"])
    who = (f"{linked} linked and {unlinked} unlinked teachers" if linked and unlinked
           else f"{counted(linked, 'linked teacher')}" if linked else f"{counted(unlinked, 'unlinked teacher')}")
    base = who + schools
    if pd.isna(row["se"]):
        return f"{where}{label} {moved} ({base}). {plain(row['note'])}"
    sentence = (f"{where}{label} {moved} (95{NO_BREAK}% CI {interval(row['ci_low'], row['ci_high'])}; {base}).")
    return f"{sentence} {verdict_sentence(row)}".strip()


def change_sentences(panel: Panel, change: pd.DataFrame, primary_only: bool = False) -> list[str]:
    """A sentence for every row of `change.csv`."""
    codebook = panel.study.codebook
    rows = change.loc[change["family"] == "primary"] if primary_only else change
    if primary_only and len(rows) > MANY:
        return [_summary(rows)]
    return [change_sentence(row, codebook.range(panel.items[row["scale"]][0])) for _, row in rows.iterrows()]


def _summary(rows: pd.DataFrame) -> str:
    """Many scales in a sentence or two: how many rose and fell, and by how much."""
    shown = rows.dropna(subset=["ci_low", "ci_high"])
    if shown.empty:
        return f"For none of {len(rows)} scales can a change with its interval be given."
    rose, fell = (shown["ci_low"] > 0).sum(), (shown["ci_high"] < 0).sum()
    middle = shown.sort_values("change")
    lowest, highest = middle.iloc[0], middle.iloc[-1]
    return (f"Of {len(shown)} scales, {rose} rose and {fell} fell with a 95{NO_BREAK}% interval that leaves out no "
            f"change; on {len(shown) - rose - fell} the interval includes it. The changes lie between "
            f"{number(lowest['change'], signed=True)} ({plain(lowest['label'])}) and "
            f"{number(highest['change'], signed=True)} points ({plain(highest['label'])}). Each stands below.")


VERDICTS = {
    "relevant change": "The whole interval lies beyond the smallest change of interest: a relevant change.",
    "change too small to matter":
        "There is a change, but it is smaller than the smallest change of interest: too small to matter.",
    "equivalent": "The change, if any, is smaller than the smallest change of interest: equivalent before and after.",
    "inconclusive": "The data leave open whether the change reaches the smallest change of interest: inconclusive.",
}


def verdict_sentence(row: pd.Series) -> str:
    return VERDICTS.get(row["verdict"], "")


def methods_agree(panel: Panel, sensitivity: pd.DataFrame) -> list[str]:
    """For every scale, whether the answer depends on the method."""
    return [
        method_sentence(rows, panel.study.codebook.label(scale))
        for scale, rows in sensitivity.groupby("scale", sort=False)
    ]


def method_sentence(of_scale: pd.DataFrame, label: str) -> str:
    """Whether the answer depends on the method: `of_scale` are one scale's rows of `sensitivity.csv`.

    The school means and the rank test ask a slightly different question; they count here all the same,
    because a reader would be surprised if they disagreed and nobody said so.
    """
    label = f"**{plain(label)}**"
    shown = of_scale.dropna(subset=["estimate", "ci_low", "ci_high"])
    if len(shown) < 2 or shown.iloc[0]["method"] != "mixed_cr2":
        return f"{label}: too few methods could be used for a comparison."
    low, high = shown["estimate"].min(), shown["estimate"].max()
    spread = f"{label}: the estimates lie between {number(low)} and {number(high)} points"
    apart = (shown["ci_low"] > 0) | (shown["ci_high"] < 0)
    if apart.all() and (low > 0) == (high > 0):
        return f"{spread}, and every interval lies on the same side of no change; the answer does not depend on the method."
    if not apart.any():
        return f"{spread}, and every interval includes no change; the answer does not depend on the method."
    without = listed([METHOD_NAMES[method] for method in shown.loc[apart, "method"]])
    with_zero = listed([METHOD_NAMES[method] for method in shown.loc[~apart, "method"]])
    return (f"{spread}. The interval leaves no change out by {without}, and includes it by {with_zero}: the answer "
            "depends on the method, and the main estimate is the one to rely on.")


METHOD_NAMES = {
    "mixed_cr2": "the main estimate",
    "matched_cr2": "linked teachers only",
    "matched_t": "the paired t-test",
    "wilcoxon": "the signed-rank test",
    "partially_overlapping_t": "the partially overlapping t-test",
    "school_means_t": "the means of schools",
    "exact_codes_only": "exact codes only",
    "complete_answers_only": "complete answers only",
}


def few_schools(change: pd.DataFrame) -> str:
    """The calm sentence of the first page where few schools make wide intervals; empty otherwise."""
    with_df = change["df"].dropna()
    schools = change.loc[change["n_schools"] > 1, "n_schools"]
    if with_df.empty or schools.empty or (with_df.min() >= 4 and schools.min() > 3):
        return ""
    return (f"The teachers come from {counted(int(schools.max()), 'school')}. What few schools have in common with "
            "other schools is hard to know, so the intervals below are wide; that is the honest width, not a fault "
            "of the survey.")


def pooled_sentence(row: pd.Series, label: str) -> str:
    """One row of `pooled.csv` in words."""
    if pd.isna(row["estimate"]):
        return f"**{plain(label)}**: {row['note']}"
    moved = "rose" if row["estimate"] > 0 else "fell"
    text = (f"**{plain(label)}** {moved} by {number(abs(row['estimate']))} points on average over {int(row['k'])} "
            f"countries (95{NO_BREAK}% CI {interval(row['ci_low'], row['ci_high'])}).")
    if pd.notna(row["prediction_low"]):
        text += (f" In a further country of this kind the change would be expected between "
                 f"{number(row['prediction_low'])} and {number(row['prediction_high'])}.")
    return text


def pooled_sentences(study: Study, pooled: pd.DataFrame, primary_only: bool = False) -> list[str]:
    """A sentence for every row of `pooled.csv`."""
    rows = pooled.loc[pooled["scale"].isin(study.primary_scales)] if primary_only else pooled
    return [pooled_sentence(row, study.codebook.label(row["scale"])) for _, row in rows.iterrows()]


def who_answered_across(participation: pd.DataFrame) -> str:
    """How many answered and were linked over all countries; rows as in `participation_by_country.csv`."""
    if participation.empty:
        return "No answers have come in yet."
    n_pre, n_post, n_matched = (int(participation[name].sum()) for name in ("n_pre", "n_post", "n_matched"))
    return (f"{counted(n_pre, 'teacher')} in {counted(len(participation), 'country', 'countries')} answered the survey "
            f"before mentoring and {n_post} the survey after it; {n_matched} could be linked, "
            f"{percent(n_matched, n_pre)} of those who answered before.")


BRIEF_LIMIT = (
    "There was no control group: these are changes between two surveys, and what else happened in between is part of "
    "them. What the data do not show is listed at the end."
)
POOLING = (
    "The countries' changes were pooled in two stages: each country's main estimate with its standard error, then a "
    "random-effects mean with the between-country variance τ² by REML and the modified Hartung-Knapp interval (a "
    "variance factor never below 1, t with k − 1 degrees of freedom; Hartung & Knapp 2001; Röver, Knapp & Friede "
    "2015). The interval of τ² is the Q-profile one (Viechtbauer 2007). With three countries or fewer nothing is "
    "pooled. The countries' own variances are taken as known, although they rest on few schools."
)


def families(study: Study, change: pd.DataFrame) -> str:
    """Which scales share a correction for multiple testing."""
    parts = []
    for family, rule in (("primary", "Holm's"), ("exploratory", "Benjamini and Hochberg's")):
        tested = int((change["family"].eq(family) & change["p"].notna()).sum())
        if tested:
            parts.append(f"{counted(tested, f'{family} scale')} by {rule} method")
    return f"The p values are adjusted within their family: {listed(parts)}." if parts else ""


def methods(study: Study, change: pd.DataFrame) -> str:
    """What was done in this run, for the methods section of a paper."""
    settings = study.settings
    smallest = settings.smallest_change_of_interest
    paragraphs = [
        f"A scale score is the mean of the answered items, for teachers who answered at least "
        f"{percent(settings.minimum_answered, 1)} of them; reversed items were turned round first. Answers before and "
        "after were linked by equal codes within the same school "
        + ("(case, white space and the look-alikes o/0 and i/l/1 set aside)." if settings.codes == "self-generated"
           else "(case and white space set aside)."),
    ]
    used = [method for method in dict.fromkeys(change["method"]) if method]
    if used:
        paragraphs.append(
            "The change is the coefficient of the later survey in a linear mixed model over all answers, linked or "
            "not, with random intercepts for teachers and schools, fitted by REML. Its standard error is the "
            "cluster-robust CR2 estimator with Satterthwaite degrees of freedom (Bell & McCaffrey 2002; Pustejovsky & "
            f"Tipton 2018). In the tables' words: {listed(used)}.")
    paragraphs.append(
        "The effect size d_av is the mean change of linked teachers over the square root of the mean of the two "
        "variances (Cumming 2012), with an interval from the same CR2 estimator.")
    if smallest is not None:
        points = (f"{smallest:g} scale points" if isinstance(smallest, float)
                  else listed([f"{points:g} points on {plain(study.codebook.label(scale))}"
                               for scale, points in smallest.items()]))
        paragraphs.append(
            f"Before the results were seen, {points} were declared the smallest change of interest. A change is called "
            "relevant if its 95 % interval lies wholly beyond it; equivalent, or too small to matter, if its 90 % "
            "interval lies wholly within (two one-sided tests); and inconclusive otherwise.")
    paragraphs.append(
        f"Figures that rest on fewer than {settings.minimum_group} respondents are not shown. The input files' hashes, "
        "the package versions and the seed stand in manifest.json beside this report.")
    return "\n\n".join(paragraphs)


def limits_across(participation: pd.DataFrame, by_country: pd.DataFrame) -> list[str]:
    """What the countries together do not show."""
    sentences = [
        "There was no control group in any country.",
        "Whether the scales measure the same in every language was not tested; levels are therefore not compared.",
        "The schools were chosen, not drawn at random, and the countries differ in more than their mentoring: in the "
        "survey tool, the time between the surveys and the share of teachers who could be linked.",
    ]
    n_pre, n_matched = participation["n_pre"].sum(), participation["n_matched"].sum()
    if n_matched < n_pre:
        sentences.append(f"{int(n_pre - n_matched)} of {int(n_pre)} teachers who answered before could not be linked to "
                         "an answer after.")
    if by_country["country"].nunique() < 5:
        sentences.append("With so few countries, how far they differ can hardly be estimated.")
    return sentences


def limits(panel: Panel, change: pd.DataFrame, total: pd.Series) -> list[str]:
    """What this country's data do not show, from what they are."""
    n_pre, n_matched = int(total["n_pre"]), int(total["n_matched"])
    sentences = [
        "There was no control group. What is reported is change between two surveys; other things happened in the "
        "schools between them, and the change is not shown to be the mentoring's doing.",
        "Teachers described their own practice. What they mean by an answer may itself shift with mentoring.",
    ]
    if n_pre and n_matched < n_pre:
        sentences.append(
            f"{n_pre - n_matched} of {n_pre} teachers who answered before could not be linked to an answer after. If "
            "those who left changed differently, the figures here miss it.")
    n_schools = int(change["n_schools"].max()) if len(change) else 0
    if n_schools:
        sentences.append(
            f"The {counted(n_schools, 'school')} were chosen, not drawn at random. The intervals say how much "
            "the answer would move with other schools of the same kind, not with any school in the country.")
    sentences.append("A scale score treats the steps between answers as equally wide; the single items are shown "
                     "beside it without that assumption.")
    return sentences
