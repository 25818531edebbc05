"""Sentences made from the tables, so that text and numbers can't disagree.

Everything here returns Markdown. Names that come from the codebook are escaped.
"""

from __future__ import annotations

import math
import re

import pandas as pd

from .scales import Panel
from .study import Study

MINUS = "\u2212"
NO_BREAK = "\u00a0"


def plain(text: str) -> str:
    """Text of the codebook or of study.toml with every Markdown sign escaped."""
    return re.sub(r"([\\`*_{}\[\]<>#|~$])", r"\\\1", str(text))


def number(value: float, digits: int = 2, signed: bool = False) -> str:
    """A number for reading: fixed decimals, a true minus sign, an en dash where there is none."""
    if value is None or pd.isna(value):
        return "–"
    text = f"{abs(value):.{digits}f}"
    if float(text) == 0:
        return text
    return f"{MINUS if value < 0 else '+' if signed else ''}{text}"


def p_value(value: float) -> str:
    if value is None or pd.isna(value):
        return "–"
    return "< .001" if value < 0.001 else f"{value:.3f}".removeprefix("0")


def interval(low: float, high: float, digits: int = 2) -> str:
    return f"{number(low, digits)} to {number(high, digits)}"


def listed(names: list[str]) -> str:
    """Names joined as in a sentence."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def counted(n: int, singular: str, plural: str = "") -> str:
    return f"{n} {singular if n == 1 else plural or singular + 's'}"


def opening(study: Study) -> str:
    """The study's title, the banner of a synthetic study and the funding text, if any."""
    parts = []
    if study.settings.synthetic:
        parts.append("**Synthetic data.** Every answer in this report was made up by a program; nothing here says "
                     "anything about real schools or teachers.")
    return "\n\n".join(parts)


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
        f"answered before and {percent(n_matched, n_post)} of those who answered after. "
        f"{n_pre - n_matched} answered only before, {n_post - n_matched} only after.",
    ]
    country = panel.study.settings.countries[panel.country]
    targets = [f"{target} {kind}" for target, kind in
               ((country.target_schools, "schools"), (country.target_teachers, "teachers")) if target]
    if targets:
        sentences.append(f"The study aimed at {listed(targets)}.")
    return " ".join(sentences)


def percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.0f}{NO_BREAK}%" if whole else "–"


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
    base = f"{int(row['n_matched'])} linked and {unlinked} unlinked teachers{schools}"
    if pd.isna(row["se"]):
        return f"{where}{label} {moved} ({base}). {plain(row['note'])}"
    sentence = (f"{where}{label} {moved} (95{NO_BREAK}% CI {interval(row['ci_low'], row['ci_high'])}; {base}).")
    return f"{sentence} {verdict_sentence(row)}".strip()


VERDICTS = {
    "relevant change": "The whole interval lies beyond the smallest change of interest: a relevant change.",
    "change too small to matter":
        "There is a change, but it is smaller than the smallest change of interest: too small to matter.",
    "equivalent": "The change, if any, is smaller than the smallest change of interest: equivalent before and after.",
    "inconclusive": "The data leave open whether the change reaches the smallest change of interest: inconclusive.",
}


def verdict_sentence(row: pd.Series) -> str:
    return VERDICTS.get(row["verdict"], "")


def methods_agree(of_scale: pd.DataFrame, label: str) -> str:
    """Whether the answer depends on the method: `of_scale` are one scale's rows of `sensitivity.csv`.

    The school means and the rank test ask a slightly different question; they count here all the same,
    because a reader would be surprised if they disagreed and nobody said so.
    """
    shown = of_scale.loc[of_scale["estimate"].notna()]
    if len(shown) < 2 or shown.iloc[0]["method"] != "mixed_cr2":
        return f"{plain(label)}: too few methods could be used for a comparison."
    low, high = shown["estimate"].min(), shown["estimate"].max()
    spread = f"{plain(label)}: the estimates lie between {number(low)} and {number(high)} points"
    with_interval = shown.dropna(subset=["ci_low", "ci_high"])
    excludes_zero = (with_interval["ci_low"] > 0) | (with_interval["ci_high"] < 0)
    if excludes_zero.all() and (low > 0) == (high > 0):
        return f"{spread}, and every interval lies on the same side of no change; the answer does not depend on the method."
    if not excludes_zero.any():
        return f"{spread}, and every interval includes no change; the answer does not depend on the method."
    narrow = with_interval.loc[excludes_zero, "method"].map(METHOD_NAMES)
    wide = with_interval.loc[~excludes_zero, "method"].map(METHOD_NAMES)
    return (f"{spread}. The interval excludes no change by {listed(list(narrow))}, and includes it by "
            f"{listed(list(wide))}: the answer depends on the method, and the main estimate is the one to rely on.")


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
