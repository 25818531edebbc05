"""Whether the answer depends on the method, on how items are compared, and on the design, in words."""

from __future__ import annotations

import pandas as pd

from ..numerals import number
from ..scales import Panel
from ..words import _, plural
from ..words.lists import listed
from .markdown import plain


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
        return _("{scale}: too few methods could be used for a comparison.", scale=label)
    low, high = shown["estimate"].min(), shown["estimate"].max()
    values = {"scale": label, "low": number(low), "high": number(high)}
    apart = (shown["ci_low"] > 0) | (shown["ci_high"] < 0)
    if apart.all() and (low > 0) == (high > 0):
        return _("{scale}: the estimates lie between {low} and {high} points, and every interval lies on the same side of "
                 "zero; the answer does not depend on these methods.", **values)
    if not apart.any():
        return _("{scale}: the estimates lie between {low} and {high} points, and every interval includes zero; the answer "
                 "does not depend on these methods.", **values)
    if apart.all():
        return _("{scale}: the estimates lie between {low} and {high} points, and the intervals lie on both sides of zero: "
                 "the answer depends on the method.", **values)
    fewer = apart if apart.sum() <= len(shown) / 2 else ~apart
    names = method_names()
    values |= {"methods": listed([names[method] for method in shown.loc[fewer, "method"]]),
               "others": (~fewer).sum(), "all": len(shown)}
    if fewer is apart:
        return _(
            "{scale}: the estimates lie between {low} and {high} points. The interval excludes zero with {methods}, and "
            "includes it with the other {others} of {all}: the answer depends on the method, and the main estimate is the "
            "one to rely on.", **values)
    return _(
        "{scale}: the estimates lie between {low} and {high} points. The interval includes zero with {methods}, and "
        "excludes it with the other {others} of {all}: the answer depends on the method, and the main estimate is the one "
        "to rely on.", **values)


def method_names() -> dict[str, str]:
    return {
        "mixed_cr2": _("the main estimate"),
        "matched_cr2": _("linked teachers only"),
        "matched_t": _("the paired t-test"),
        "wilcoxon": _("the signed-rank test"),
        "partially_overlapping_t": _("the partially overlapping t-test"),
        "school_means_t": _("the means of schools"),
        "exact_codes_only": _("exact codes only"),
        "complete_answers_only": _("complete answers only"),
        "without_straight_liners": _("without straight-liners"),
        "each_school_left_out": _("each school left out in turn"),
    }


def design_sentence(design: pd.DataFrame) -> str:
    """What the design could have detected, over all scales; `design` as `design.csv`."""
    shown = design.dropna(subset=["minimum_detectable_effect"])
    if shown.empty:
        return ""
    low, high = number(shown["minimum_detectable_effect"].min()), number(shown["minimum_detectable_effect"].max())
    limits = {"lowest": number(shown["mde_low"].min()), "highest": number(shown["mde_high"].max())}
    if low == high:
        return _("The minimum detectable effect is {low} points; as the standard error is itself an estimate, it may lie "
                 "between {lowest} and {highest}.", low=low, **limits)
    return _("The minimum detectable effect is {low} to {high} points, depending on the scale; as the standard errors are "
             "themselves estimates, it may lie between {lowest} and {highest}.", low=low, high=high, **limits)


def disagreement_sentence(items: list[str], labels: dict[str, str]) -> str:
    """A sentence on the items where the ordinal answer and the means do not say the same."""
    if not items:
        return _("On every item, counting directions and comparing means say the same about change.")
    return plural(
        "On {n} item the interval of the chance and that of the mean do not say the same about change: {items}. There the "
        "answer rests on treating the steps between answers as equally wide.",
        "On {n} items the interval of the chance and that of the mean do not say the same about change: {items}. There the "
        "answer rests on treating the steps between answers as equally wide.",
        len(items), items=listed([f"“{plain(labels[item])}”" for item in items]))
