"""What changed, in a country and over countries, in words."""

from __future__ import annotations

import pandas as pd

from analysis.study.folder import Study

from ..numerals import interval, number
from ..scales import Panel
from ..words import _, plural
from .answered import schools
from .markdown import plain

MANY = 8


def change_sentence(row: pd.Series, scale_range: tuple[float, float] | None) -> str:
    """One row of `change.csv` in words."""
    label = f"**{plain(row['label'])}**"
    if pd.isna(row["change"]):
        return _("{scale}: the change can't be given. {reason}", scale=label, reason=plain(row["note"]))
    change = row["change"]
    if pd.isna(row["se"]):
        sentence = _("{scale_moved} ({who}).", scale_moved=moved(label, change), who=_base(row))
        sentence = f"{sentence} {plain(row['note'])}"
    else:
        sentence = _("{scale_moved} ({interval}; {who}).", scale_moved=moved(label, change, row),
                     interval=with_interval(row, change), who=_base(row))
        sentence = f"{sentence} {verdict_sentence(row)}".strip()
    if scale_range is None:
        return sentence
    return _("On a scale from {low} to {high}, {sentence}", low=f"{scale_range[0]:g}", high=f"{scale_range[1]:g}",
             sentence=sentence)


def _base(row: pd.Series) -> str:
    """Whose answers a change rests on."""
    linked = int(row["n_matched"])
    unlinked = int(row["n_pre"] + row["n_post"] - 2 * linked)
    if linked and unlinked:
        who = _("{linked} linked and {unlinked} unlinked teachers", linked=linked, unlinked=unlinked)
    elif linked:
        who = plural("{n} linked teacher", "{n} linked teachers", linked)
    else:
        who = plural("{n} unlinked teacher", "{n} unlinked teachers", unlinked)
    return _("{who} in {schools}", who=who, schools=schools(int(row["n_schools"]))) if row["n_schools"] else who


def moved(label: str, change: float, bounds: pd.Series | None = None) -> str:
    """How a scale moved, in points. It rose or fell only if the interval, where there is one, excludes zero."""
    if float(f"{abs(change):.2f}") == 0:
        return _("{scale} did not move", scale=label)
    if bounds is not None and bounds["ci_low"] <= 0 <= bounds["ci_high"]:
        return _("{scale} changed by {points} points", scale=label, points=number(change, signed=True))
    if change > 0:
        return _("{scale} rose by {points} points", scale=label, points=number(abs(change)))
    return _("{scale} fell by {points} points", scale=label, points=number(abs(change)))


def with_interval(row: pd.Series, change: float) -> str:
    """The 95 % interval; after a fall it says of what, so that the signs are understood."""
    bounds = interval(row["ci_low"], row["ci_high"])
    if change < 0 and row["ci_high"] < 0:
        return _("95\u00a0% CI of the change {interval}", interval=bounds)
    return _("95\u00a0% CI {interval}", interval=bounds)


def change_sentences(panel: Panel, change: pd.DataFrame, primary_only: bool = False) -> list[str]:
    """A sentence for every row of `change.csv`."""
    codebook = panel.study.codebook
    rows = change.loc[change["family"] == "primary"] if primary_only else change
    if primary_only and len(rows) > MANY:
        return [_summary(rows)]
    return [change_sentence(row, codebook.range(panel.items[row["scale"]][0])) for _number, row in rows.iterrows()]


def _summary(rows: pd.DataFrame) -> str:
    """Many scales in a sentence or two: how many rose and fell, and by how much."""
    shown = rows.dropna(subset=["ci_low", "ci_high"])
    if shown.empty:
        return _("For none of {n} scales can a change with its interval be given.", n=len(rows))
    rose, fell = (shown["ci_low"] > 0).sum(), (shown["ci_high"] < 0).sum()
    in_order = shown.sort_values("change")
    lowest, highest = in_order.iloc[0], in_order.iloc[-1]
    return _("Of {n} scales, {rose} rose and {fell} fell with a 95\u00a0% interval that excludes zero; on {others} the "
             "interval includes it. The changes lie between {low} ({lowest}) and {high} points ({highest}). Each stands "
             "below.", n=len(shown), rose=rose, fell=fell, others=len(shown) - rose - fell,
             low=number(lowest["change"], signed=True), lowest=plain(lowest["label"]),
             high=number(highest["change"], signed=True), highest=plain(highest["label"]))


def verdict_sentence(row: pd.Series) -> str:
    """What the verdict of `change.csv` means; empty without one."""
    return {
        "relevant change": _("The whole interval lies beyond the smallest change of interest: a relevant change."),
        "change too small to matter":
            _("There is a change, but it is smaller than the smallest change of interest: too small to matter."),
        "equivalent":
            _("The change, if any, is smaller than the smallest change of interest: equivalent before and after."),
        "inconclusive": _("Whether it reaches the smallest change of interest stays open (inconclusive)."),
    }.get(row["verdict"], "")


def pooled_sentence(row: pd.Series, label: str) -> str:
    """One row of what is read out of the pooling (`questions.across.pooled_read_out`) in words."""
    label = f"**{plain(label)}**"
    if pd.isna(row["estimate"]):
        return f"{label}: {plain(row['note'])}"
    bounds = (_("95\u00a0% credible interval of the change {interval}", interval=interval(row["ci_low"], row["ci_high"]))
              if row["credible"] else with_interval(row, row["estimate"]))
    text = _("{scale_moved} on average over {n} countries ({interval}).", scale_moved=moved(label, row["estimate"], row),
             n=int(row["k"]), interval=bounds)
    if pd.isna(row["prediction_low"]):
        return text
    prediction = _("For a further country of this kind the 95\u00a0% prediction interval is {interval}.",
                   interval=interval(row["prediction_low"], row["prediction_high"]))
    return f"{text} {prediction}"


def no_school_shown(by_school: pd.DataFrame) -> str:
    """Why no school's own change is shown; empty where one is. `by_school` is `change_by_school.csv`."""
    if by_school["estimate"].notna().any():
        return ""
    if by_school.empty:
        return _("The schools can't be told apart here, so there is no change by school.")
    return _("No school's change is shown: each has too few linked teachers, or would give such a school, or the few who "
             "are not linked, away.")


def pooled_sentences(study: Study, pooled: pd.DataFrame, primary_only: bool = False) -> list[str]:
    """A sentence for every row of what is read out of the pooling."""
    rows = pooled.loc[pooled["scale"].isin(study.primary_scales)] if primary_only else pooled
    return [pooled_sentence(row, study.codebook.label(row["scale"])) for _number, row in rows.iterrows()]
