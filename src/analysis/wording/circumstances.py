"""What goes with a change: who left, the time before told twice, and what else was asked, in words."""

from __future__ import annotations

import pandas as pd

from ..numerals import interval, number, p_value
from ..words import _, plural
from ..words.lists import listed
from .markdown import bulleted, plain


def retrospective(table: pd.DataFrame) -> list[str]:
    """The retrospective wave in words: a heading, what it is, and a list; nothing where there is none."""
    if table.empty:
        return []
    lines = []
    for _scale, rows in table.groupby("scale", sort=False):
        of = rows.set_index("comparison")["change"]
        lines.append(_(
            "{scale}: {gain} against what was said before, {told} against what was said afterwards about the time before; "
            "response shift {shift}.", scale=f"**{plain(rows['label'].iloc[0])}**",
            gain=number(of["post minus pre"], signed=True), told=number(of["post minus then"], signed=True),
            shift=number(of["then minus pre"], signed=True)))
    heading = _("The time before, told twice")
    return [f"### {heading}",
            _("Afterwards teachers were also asked how they had worked before. Both gains are shown; they are never "
              "pooled."),
            bulleted(lines)]


def who_left(table: pd.DataFrame, labels: dict[str, str]) -> str:
    """Whether those who answered only before differed; `table` as `who_left.csv`, `labels` the items' texts."""
    shown = table.dropna(subset=["difference"])
    if shown.empty:
        return _("Too few teachers answered only before for a comparison with those linked.")

    def named(row: pd.Series) -> str:
        of = f" (“{plain(labels[row['variable']])}”)" if row["kind"] == "share" else ""
        return f"“{plain(row['label'])}”{of}"

    largest = shown.loc[shown["difference"].abs().idxmax()]
    values = {"difference": number(abs(largest["difference"])), "what": named(largest)}
    more = largest["difference"] > 0
    if largest["kind"] == "share":
        text = (_("The largest difference is {difference} standardised, on {what}: more of those who answered only before "
                  "gave it.", **values) if more else
                _("The largest difference is {difference} standardised, on {what}: fewer of those who answered only before "
                  "gave it.", **values))
    else:
        text = (_("The largest difference is {difference} standardised, on {what}: those who answered only before stood "
                  "higher.", **values) if more else
                _("The largest difference is {difference} standardised, on {what}: those who answered only before stood "
                  "lower.", **values))
    apart = shown.loc[(shown["ci_low"] > 0) | (shown["ci_high"] < 0)]
    if apart.empty:
        intervals = _("All {n} intervals include zero.", n=len(shown))
    else:
        intervals = plural(
            "Of {all} intervals {n} excludes zero: {names}; about {chance} would by chance.",
            "Of {all} intervals {n} exclude zero: {names}; about {chance} would by chance.", len(apart), all=len(shown),
            names=listed([named(row) for _number, row in apart.iterrows()]), chance=_by_chance(shown))
    return f"{text} {intervals}"


def delta_sentences(to_zero: pd.DataFrame) -> list[str]:
    """How otherwise those not seen at follow-up must have changed for no change; table as `attrition_to_zero.csv`."""
    sentences = []
    for row in to_zero.dropna(subset=["to_zero"]).itertuples():
        values = {"scale": f"**{plain(row.label)}**", "change": number(row.change, signed=True),
                  "delta": number(row.to_zero, signed=True), "limit": number(row.interval_to_zero, signed=True)}
        sentences.append(
            _("{scale}: the change of {change} points would be zero at a delta of {delta}; its interval includes zero "
              "already.", **values)
            if pd.isna(row.interval_to_zero) else
            _("{scale}: the change of {change} points would be zero at a delta of {delta}, and its interval would reach "
              "zero at {limit}.", **values))
    return sentences


def association_sentences(association: pd.DataFrame, labels: dict[str, str]) -> list[str]:
    """The associations whose interval leaves out zero, in words that claim no cause."""
    shown = association.dropna(subset=["ci_low"])
    apart = shown.loc[(shown["ci_low"] > 0) | (shown["ci_high"] < 0)]
    if association.empty:
        return [_("The later survey asked nothing of its own that a change could be compared with.")]
    if shown.empty:
        return [_("Too few linked teachers for an association.")]
    if apart.empty:
        return [_("None of {n} slopes has an interval that leaves out zero.", n=len(shown))]
    lead = plural("{n} of {all} slopes has an interval that leaves out zero; about {chance} would by chance alone.",
                  "{n} of {all} slopes have an interval that leaves out zero; about {chance} would by chance alone.",
                  len(apart), all=len(shown), chance=_by_chance(shown))
    return [lead, *(_slope_sentence(row, labels) for row in apart.itertuples())]


def _slope_sentence(row, labels: dict[str, str]) -> str:
    values = {
        "predictor": plain(row.predictor_label), "scale": f"**{plain(labels[row.scale])}**",
        "points": number(abs(row.slope)), "interval": interval(row.ci_low, row.ci_high),
        "linked": plural("{n} linked teacher", "{n} linked teachers", int(row.n)), "p": p_value(row.p_adjusted)}
    if row.slope > 0:
        return _("With each further point on “{predictor}” the change on {scale} was {points} points higher (95\u00a0% CI "
                 "{interval}; {linked}; adjusted p {p}).", **values)
    return _("With each further point on “{predictor}” the change on {scale} was {points} points lower (95\u00a0% CI "
             "{interval}; {linked}; adjusted p {p}).", **values)


def _by_chance(shown: pd.DataFrame) -> int:
    """How many of so many 95 % intervals would exclude zero if nothing differed, at least one."""
    return max(1, round(0.05 * len(shown)))
