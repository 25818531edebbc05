"""Sentences of the data-quality report, made from its tables; they return Markdown."""

from __future__ import annotations

import pandas as pd

from .numerals import NO_BREAK, counted
from .quality_findings import KINDS_OF_FINDINGS, WHEN
from .study import Study
from .texts import listed
from .wording import plain

HIGH = 0.1
"""Share without an answer from which an item is named in brief."""

_LOOKED_FOR = ("future", "far_from_others", "within_other_wave", "pre_after_post", "two_exports", "code_in_two_schools",
               "mostly_missing", "schools_alike", "school_in_one_wave", "one_wave")


def in_brief(study: Study, answers: pd.DataFrame, links: pd.DataFrame, missing: pd.DataFrame, found: pd.DataFrame
             ) -> list[str]:
    """What to know first, a sentence each, from the report's tables."""
    return [_read(study, answers), _linked(study, links), _unanswered(study, missing), _noticed(found)]


def not_found(found: pd.DataFrame) -> str:
    """What was looked for and is nowhere; nothing if all of it is somewhere."""
    absent = [KINDS_OF_FINDINGS[kind] for kind in _LOOKED_FOR if kind not in set(found["finding"])]
    return f"Looked for and not found: {'; '.join(absent)}." if absent else ""


def most_missing(study: Study, missing: pd.DataFrame, each: int = 3) -> pd.DataFrame:
    """The rows of `missing.csv` for reading: per country and wave the items most often left without an answer.

    Open questions are left out, since they are optional as a rule.
    """
    asked = missing.loc[missing["item"].map(study.codebook.items["kind"]) != "text"]
    asked = asked.loc[asked["share"].fillna(0) > 0].sort_values("share", ascending=False, kind="stable")
    worst = asked.groupby(["country", "iteration", "wave"], sort=False).head(each)
    return missing.loc[sorted(worst.index)].sort_values(
        ["country", "iteration", "wave", "share"], ascending=[True, True, False, False], kind="stable",
        key=lambda column: column.map(_order(study)) if column.name == "country" else column)


def whole_surveys(missing: pd.DataFrame, study: Study) -> str:
    """How often items were left without an answer at all, over countries and surveys."""
    shares = missing.loc[missing["item"].map(study.codebook.items["kind"]) != "text", "share"].dropna()
    if shares.empty:
        return ""
    return ("Half of the items, counted in every survey of every country, were left without an answer by "
            f"{_percent(shares.median())} of the teachers or fewer; nine in ten by {_percent(shares.quantile(0.9))} or "
            "fewer.")


def only_in_one_survey(study: Study, found: pd.DataFrame) -> str:
    """Which countries asked items in one survey only."""
    rows = found.loc[found["finding"] == "item_in_one_wave"]
    if rows.empty:
        return "Every country asked the same items in both surveys."
    said = [f"{_name(study, row.country)}: {counted(row.n, 'item')} only {WHEN[row.wave]}" for row in rows.itertuples()]
    return f"Items that only one of the surveys asked can be described but not compared. {'; '.join(said)}."


def _read(study: Study, answers: pd.DataFrame) -> str:
    if answers.empty or answers["n_read"].isna().all():
        return "No answers have come in yet."
    countries = answers["country"].nunique()
    total, left = int(answers["n_read"].sum()), int(answers["n_left_out"].sum())
    out = f" {counted(left, 'row')} without an answer, or of a preview, were left out." if left > 1 else ""
    hidden = " Surveys with very few answers are not counted here." if answers["n_read"].isna().any() else ""
    return f"{counted(total, 'answer')} from {counted(countries, 'country', 'countries')} could be read.{out}{hidden}"


def _linked(study: Study, links: pd.DataFrame) -> str:
    rates = links.dropna(subset=["share_pre"])
    rates = rates.loc[rates["n_post"] > 0].sort_values("share_pre")
    if rates.empty:
        return "No country has answers to both surveys yet, so none could be linked."
    low, high = rates.iloc[0], rates.iloc[-1]
    if len(rates) == 1:
        return f"Of the teachers who answered before, {_percent(low.share_pre)} could be linked to an answer after."
    return (f"Of the teachers who answered before, between {_percent(low.share_pre)} ({_name(study, low.country)}) and "
            f"{_percent(high.share_pre)} ({_name(study, high.country)}) could be linked to an answer after.")


def _unanswered(study: Study, missing: pd.DataFrame) -> str:
    asked = missing.loc[missing["item"].map(study.codebook.items["kind"]) != "text"].dropna(subset=["share"])
    if asked.empty:
        return ""
    worst = asked.loc[asked["share"].idxmax()]
    high = int((asked["share"] >= HIGH).sum())
    if not high:
        return f"No item was left without an answer by more than {_percent(worst['share'])} of a country's teachers."
    return (f"{counted(high, 'time')} an item was left without an answer by at least {_percent(HIGH)} of a country's "
            f"teachers in a survey; at most {_percent(worst['share'])} ({_name(study, worst['country'])}, "
            f"{WHEN[worst['wave']]}).")


def _noticed(found: pd.DataFrame) -> str:
    kinds = [kind for kind in KINDS_OF_FINDINGS if kind in set(found["finding"]) and kind != "item_in_one_wave"]
    if not kinds:
        return "Nothing else stood out."
    return f"Worth a second look: {listed(KINDS_OF_FINDINGS[kind] for kind in kinds)}."


def _name(study: Study, country: str) -> str:
    return plain(study.settings.countries[country].name)


def _order(study: Study) -> dict[str, int]:
    return {key: position for position, key in enumerate(study.settings.countries)}


def _percent(share: float) -> str:
    return f"{100 * share:.0f}{NO_BREAK}%"
