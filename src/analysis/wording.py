"""Sentences made from the tables, so that text and numbers can't disagree.

Everything here returns Markdown. Names that come from the codebook are escaped.
"""

from __future__ import annotations

import re

import pandas as pd

from .numerals import NO_BREAK, counted, interval, number, p_value, percent
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
    ]
    if n_matched:
        sentences.append(
            f"By their codes {counted(n_matched, 'teacher')} could be linked: {percent(n_matched, n_pre)} of those who "
            f"answered before and {percent(n_matched, n_post)} of those who answered after.")
    elif n_pre and n_post:
        sentences.append("Nobody's answers before and after could be linked.")
    if n_matched and n_pre + n_post > 2 * n_matched:
        sentences.append(f"{n_pre - n_matched} answered only before, {n_post - n_matched} only after.")
    country = panel.study.settings.countries[panel.country]
    targets = [counted(target, kind) for target, kind in
               ((country.target_schools, "school"), (country.target_teachers, "teacher")) if target]
    if targets:
        sentences.append(f"The study aimed at {listed(targets)}.")
    return " ".join(sentences)


def duplicates(panel: Panel) -> str:
    """What became of double submissions, missing codes and answers without a school."""
    counts = panel.linked.counts
    sentences = []
    if counts["duplicate_identical"]:
        sentences.append(f"{counted(counts['duplicate_identical'], 'submission')} repeated another with identical "
                         "answers and did not count again.")
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
        return f"{label}: the change can't be given. {plain(row['note'])}"
    where = f"On a scale from {scale_range[0]:g} to {scale_range[1]:g}, " if scale_range else ""
    change = row["change"]
    unlinked = int(row["n_pre"] + row["n_post"] - 2 * row["n_matched"])
    schools = f" in {counted(int(row['n_schools']), 'school')}" if row["n_schools"] else ""
    linked = int(row["n_matched"])
    who = (f"{linked} linked and {unlinked} unlinked teachers" if linked and unlinked
           else f"{counted(linked, 'linked teacher')}" if linked else f"{counted(unlinked, 'unlinked teacher')}")
    base = who + schools
    if pd.isna(row["se"]):
        return f"{where}{label} {moved(change)} ({base}). {plain(row['note'])}"
    sentence = f"{where}{label} {moved(change, row)} ({with_interval(row, change)}; {base})."
    return f"{sentence} {verdict_sentence(row)}".strip()


def moved(change: float, bounds: pd.Series | None = None) -> str:
    """How a scale moved, in points. It rose or fell only if the interval, where there is one, excludes zero."""
    if float(f"{abs(change):.2f}") == 0:
        return "did not move"
    if bounds is not None and bounds["ci_low"] <= 0 <= bounds["ci_high"]:
        return f"changed by {number(change, signed=True)} points"
    return f"{'rose' if change > 0 else 'fell'} by {number(abs(change))} points"


def with_interval(row: pd.Series, change: float) -> str:
    """The 95 % interval; after a fall it says of what, so that the signs are understood."""
    fell = change < 0 and row["ci_high"] < 0
    return f"95{NO_BREAK}% CI{' of the change' if fell else ''} {interval(row['ci_low'], row['ci_high'])}"


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
    return (f"Of {len(shown)} scales, {rose} rose and {fell} fell with a 95{NO_BREAK}% interval that excludes "
            f"zero; on {len(shown) - rose - fell} the interval includes it. The changes lie between "
            f"{number(lowest['change'], signed=True)} ({plain(lowest['label'])}) and "
            f"{number(highest['change'], signed=True)} points ({plain(highest['label'])}). Each stands below.")


VERDICTS = {
    "relevant change": "The whole interval lies beyond the smallest change of interest: a relevant change.",
    "change too small to matter":
        "There is a change, but it is smaller than the smallest change of interest: too small to matter.",
    "equivalent": "The change, if any, is smaller than the smallest change of interest: equivalent before and after.",
    "inconclusive": "Whether it reaches the smallest change of interest stays open (inconclusive).",
}


def verdict_sentence(row: pd.Series) -> str:
    return VERDICTS.get(row["verdict"], "")


def methods_agree(panel: Panel, sensitivity: pd.DataFrame, robustness: pd.DataFrame) -> list[str]:
    """For every scale, whether the answer depends on the method."""
    every = pd.concat([sensitivity, robustness], ignore_index=True)
    return [
        method_sentence(rows, panel.study.codebook.label(scale)) for scale, rows in every.groupby("scale", sort=False)
    ]


def method_sentence(of_scale: pd.DataFrame, label: str) -> str:
    """Whether the answer depends on the method: `of_scale` are one scale's rows of `sensitivity.csv`.

    The school means and the rank test ask a slightly different question; they count here all the same,
    because a reader would be surprised if they disagreed and nobody said so.
    """
    label = f"**{plain(label)}**"
    shown = of_scale.dropna(subset=["estimate", "ci_low", "ci_high"])
    numbers = shown[["estimate", "ci_low", "ci_high"]]
    repeated = (shown["method"] == "exact_codes_only") & (numbers == numbers.iloc[:1].squeeze()).all(axis=1)
    shown = shown.loc[~repeated]
    if len(shown) < 2 or shown.iloc[0]["method"] != "mixed_cr2":
        return f"{label}: too few methods could be used for a comparison."
    low, high = shown["estimate"].min(), shown["estimate"].max()
    spread = f"{label}: the estimates lie between {number(low)} and {number(high)} points"
    apart = (shown["ci_low"] > 0) | (shown["ci_high"] < 0)
    if apart.all() and (low > 0) == (high > 0):
        return f"{spread}, and every interval lies on the same side of zero; the answer does not depend on these methods."
    if not apart.any():
        return f"{spread}, and every interval includes zero; the answer does not depend on these methods."
    if apart.all():
        return f"{spread}, and the intervals lie on both sides of zero: the answer depends on the method."
    fewer = apart if apart.sum() <= len(shown) / 2 else ~apart
    names = listed([METHOD_NAMES[method] for method in shown.loc[fewer, "method"]])
    said = "excludes" if fewer is apart else "includes"
    other = "includes" if fewer is apart else "excludes"
    return (f"{spread}. The interval {said} zero with {names}, and {other} it with the other {(~fewer).sum()} of "
            f"{len(shown)}: the answer depends on the method, and the main estimate is the one to rely on.")


METHOD_NAMES = {
    "mixed_cr2": "the main estimate",
    "matched_cr2": "linked teachers only",
    "matched_t": "the paired t-test",
    "wilcoxon": "the signed-rank test",
    "partially_overlapping_t": "the partially overlapping t-test",
    "school_means_t": "the means of schools",
    "exact_codes_only": "exact codes only",
    "complete_answers_only": "complete answers only",
    "without_straight_liners": "without straight-liners",
    "each_school_left_out": "each school left out in turn",
}


def few_schools(change: pd.DataFrame) -> str:
    """The calm sentence of the first page where few schools make wide intervals; empty otherwise."""
    with_df = change["df"].dropna()
    schools = change.loc[change["n_schools"] > 1, "n_schools"]
    if with_df.empty or schools.empty or (with_df.min() >= 4 and schools.min() > 3):
        return ""
    return (f"The teachers come from {counted(int(schools.max()), 'school')}. With so few schools, or schools of very "
            "different size, the intervals are wide.")


def pooled_sentence(row: pd.Series, label: str) -> str:
    """One row of `pooled.csv` in words."""
    if pd.isna(row["estimate"]):
        return f"**{plain(label)}**: {plain(row['note'])}"
    text = (f"**{plain(label)}** {moved(row['estimate'], row)} on average over {int(row['k'])} countries "
            f"({with_interval(row, row['estimate'])}).")
    if pd.notna(row["prediction_low"]):
        text += (f" For a further country of this kind the 95{NO_BREAK}% prediction interval is "
                 f"{interval(row['prediction_low'], row['prediction_high'])}.")
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


TABLE_OF_CHANGE = (
    "The change need not equal the difference of the two means: the means are of everyone who answered that survey, "
    "while the change also uses that linked teachers answered twice. d_av is the change of linked teachers in units of "
    "the spread of their scores."
)
BRIEF_LIMIT = (
    "There was no control group: these are changes between two surveys, and what else happened in between is part of "
    "them. What the data do not show is listed at the end."
)


def retrospective(table: pd.DataFrame) -> list[str]:
    """The retrospective wave in words: a heading, what it is, and a list; nothing where there is none."""
    if table.empty:
        return []
    lines = []
    for _, rows in table.groupby("scale", sort=False):
        of = rows.set_index("comparison")["change"]
        lines.append(f"**{plain(rows['label'].iloc[0])}**: {number(of['post minus pre'], signed=True)} against what was "
                     f"said before, {number(of['post minus then'], signed=True)} against what was said afterwards about "
                     f"the time before; response shift {number(of['then minus pre'], signed=True)}.")
    return ["### The time before, told twice",
            "Afterwards teachers were also asked how they had worked before. Both gains are shown; they are never pooled.",
            bulleted(lines)]


def who_left(table: pd.DataFrame, labels: dict[str, str]) -> str:
    """Whether those who answered only before differed; `table` as `who_left.csv`, `labels` the items' texts."""
    shown = table.dropna(subset=["difference"])
    if shown.empty:
        return "Too few teachers answered only before for a comparison with those linked."

    def named(row: pd.Series) -> str:
        of = f" (“{plain(labels[row['variable']])}”)" if row["kind"] == "share" else ""
        return f"“{plain(row['label'])}”{of}"

    largest = shown.loc[shown["difference"].abs().idxmax()]
    if largest["kind"] == "share":
        how = f"{'more' if largest['difference'] > 0 else 'fewer'} of those who answered only before gave it"
    else:
        how = f"those who answered only before stood {'higher' if largest['difference'] > 0 else 'lower'}"
    text = (f"The largest difference is {number(abs(largest['difference']))} standardised, on {named(largest)}: {how}. ")
    apart = shown.loc[(shown["ci_low"] > 0) | (shown["ci_high"] < 0)]
    if apart.empty:
        return text + f"All {len(shown)} intervals include zero."
    return text + (f"Of {len(shown)} intervals {len(apart)} {'excludes' if len(apart) == 1 else 'exclude'} zero: "
                   f"{listed([named(row) for _, row in apart.iterrows()])}; about "
                   f"{max(1, round(0.05 * len(shown)))} would by chance.")


def tipping_sentences(tipping: pd.DataFrame) -> list[str]:
    """What those who left must have done for the change to vanish; `tipping` as `tipping_point.csv`."""
    return [
        f"**{plain(row.label)}**: the linked teachers changed by {number(row.change, signed=True)} points; had the "
        f"others changed by {number(row.to_zero, signed=True)}, all together would not have changed"
        + (f", and at {number(row.interval_to_zero, signed=True)} the interval would have reached zero."
           if pd.notna(row.interval_to_zero) else ". Its interval includes zero already.")
        for row in tipping.itertuples() if pd.notna(row.to_zero)
    ]


def design_sentence(design: pd.DataFrame) -> str:
    """What the design could have detected, over all scales; `design` as `design.csv`."""
    detectable = design["minimal_detectable_change"].dropna()
    if detectable.empty:
        return ""
    low, high = number(detectable.min()), number(detectable.max())
    reach = f"{low} points" if low == high else f"{low} to {high} points, depending on the scale"
    return (f"Of studies with these schools and teachers, four in five would have found a true change of {reach}.")


def disagreement_sentence(items: list[str], labels: dict[str, str]) -> str:
    """A sentence on the items where the ordinal answer and the means do not say the same; empty if all agree."""
    if not items:
        return "On every item, counting directions and comparing means say the same about change."
    return (f"On {counted(len(items), 'item')} the interval of the chance and that of the mean do not say the same about "
            f"change: {listed([f'“{plain(labels[item])}”' for item in items])}. There the answer rests on treating the "
            "steps between answers as equally wide.")


def association_sentences(association: pd.DataFrame, labels: dict[str, str]) -> list[str]:
    """The associations whose interval leaves out zero, in words that claim no cause."""
    shown = association.dropna(subset=["ci_low"])
    apart = shown.loc[(shown["ci_low"] > 0) | (shown["ci_high"] < 0)]
    if shown.empty:
        return ["Too few linked teachers for an association."]
    if apart.empty:
        return [f"None of {len(shown)} slopes has an interval that leaves out zero."]
    by_chance = max(1, round(0.05 * len(shown)))
    have = "has an interval that leaves" if len(apart) == 1 else "have an interval that leaves"
    lead = (f"{len(apart)} of {len(shown)} slopes {have} "
            f"out zero; about {by_chance} would by chance alone.")
    return [lead, *(
        f"With each further point on “{plain(row.predictor_label)}” the change on **{plain(labels[row.scale])}** was "
        f"{number(abs(row.slope))} points {'higher' if row.slope > 0 else 'lower'} (95{NO_BREAK}% CI "
        f"{interval(row.ci_low, row.ci_high)}; {row.n} linked teachers; adjusted p {p_value(row.p_adjusted)})."
        for row in apart.itertuples())]
