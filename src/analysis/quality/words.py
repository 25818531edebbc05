"""Sentences of the data-quality report, made from its tables; they return Markdown."""

from __future__ import annotations

import pandas as pd

from analysis.numerals import NO_BREAK
from analysis.quality.findings import KINDS
from analysis.study.folder import Study
from analysis.tables.quality import finding_words, when
from analysis.wording import plain
from analysis.words import _, plural
from analysis.words.lists import listed

HIGH = 0.1
"""Share without an answer from which an item is counted in brief."""

_LOOKED_FOR = ("waves_swapped", "future", "far_from_others", "within_other_wave", "pre_after_post", "implausible_number",
               "two_exports", "code_in_two_schools", "mostly_missing", "schools_alike", "school_in_one_wave", "one_wave")


def in_brief(study: Study, answers: pd.DataFrame, links: pd.DataFrame, missing: pd.DataFrame, found: pd.DataFrame
             ) -> list[str]:
    """What to know first, a sentence each, from the report's tables."""
    return [_read(answers), _linked(study, links), _unanswered(study, missing), _noticed(found)]


def not_found(found: pd.DataFrame) -> str:
    """What was looked for and is nowhere; nothing if all of it is somewhere."""
    words, there = finding_words(), set(found["finding"])
    absent = [words[kind] for kind in _LOOKED_FOR if kind not in there]
    return _("Looked for and not found: {findings}.", findings="; ".join(absent)) if absent else ""


def most_missing(study: Study, missing: pd.DataFrame, each: int = 3) -> pd.DataFrame:
    """The rows of `missing.csv` for reading: per country and wave the items most often left without an answer.

    Open questions are left out, since they are optional as a rule.
    """
    asked = _closed(study, missing)
    asked = asked.loc[asked["share"] > 0].sort_values("share", ascending=False, kind="stable")
    worst = asked.groupby(["country", "iteration", "wave"], sort=False).head(each)
    return worst.sort_values(
        ["country", "iteration", "wave", "share"], ascending=[True, True, False, False], kind="stable",
        key=lambda column: column.map(_order(study)) if column.name == "country" else column)


def over_all_items(study: Study, missing: pd.DataFrame) -> str:
    """How often items were left without an answer at all, over countries and surveys."""
    shares = _closed(study, missing)["share"]
    if shares.empty:
        return ""
    return _("Half of the items, counted in every survey of every country, were left without an answer by {half} of the "
             "teachers or fewer; nine in ten by {most} or fewer.",
             half=_percent(shares.median()), most=_percent(shares.quantile(0.9)))


def only_in_one_survey(study: Study, found: pd.DataFrame) -> str:
    """Which countries asked items in one survey only."""
    rows = found.loc[found["finding"] == "item_in_one_wave"]
    if rows.empty:
        return _("No country asked an item in one of its surveys only.")
    said = [_("{country}: {items} only {when}", country=_name(study, row.country),
              items=plural("{n} item", "{n} items", int(row.n)), when=when(row.wave)) for row in rows.itertuples()]
    return _("Items that only one of the surveys asked can be described but not compared. {countries}.",
             countries="; ".join(said))


def _read(answers: pd.DataFrame) -> str:
    if answers.empty or answers["n_read"].isna().all():
        return _("No answers have come in yet.")
    total, left = int(answers["n_read"].sum()), int(answers["n_left_out"].sum())
    sentences = [_("{answers} from {countries} could be read.", answers=plural("{n} answer", "{n} answers", total),
                   countries=plural("{n} country", "{n} countries", answers["country"].nunique()))]
    if left:
        sentences.append(plural("{n} row without an answer, or of a preview, was left out.",
                                "{n} rows without an answer, or of a preview, were left out.", left))
    if answers["n_read"].isna().any():
        sentences.append(_("Surveys with very few answers are not counted here."))
    return " ".join(sentences)


def _linked(study: Study, links: pd.DataFrame) -> str:
    rates = links.loc[(links["n_pre"] > 0) & (links["n_post"] > 0)].sort_values("share_pre", kind="stable")
    if rates.empty:
        return _("No country has answers to both surveys yet, so none could be linked.")
    low, high = rates.iloc[0], rates.iloc[-1]
    if len(rates) == 1:
        return _("Of the teachers who answered before, {share} could be linked to an answer after.",
                 share=_percent(low["share_pre"]))
    return _("Of the teachers who answered before, between {low} ({lowest}) and {high} ({highest}) could be linked to an "
             "answer after.", low=_percent(low["share_pre"]), lowest=_name(study, low["country"]),
             high=_percent(high["share_pre"]), highest=_name(study, high["country"]))


def _unanswered(study: Study, missing: pd.DataFrame) -> str:
    asked = _closed(study, missing)
    if asked.empty:
        return ""
    worst = asked.loc[asked["share"].idxmax()]
    high = int((asked["share"] >= HIGH).sum())
    if not high:
        return _("No item was left without an answer by more than {share} of a country's teachers.",
                 share=_percent(worst["share"]))
    return plural(
        "{n} item was left without an answer by at least {high} of a country's teachers in a survey: by {share} "
        "({country}, {when}).",
        "{n} times an item was left without an answer by at least {high} of a country's teachers in a survey; at most by "
        "{share} ({country}, {when}).",
        high, high=_percent(HIGH), share=_percent(worst["share"]), country=_name(study, worst["country"]),
        when=when(worst["wave"]))


def _noticed(found: pd.DataFrame) -> str:
    words, there = finding_words(), set(found["finding"]) - {"item_in_one_wave"}
    if not there:
        return _("Nothing else stood out.")
    return _("Worth a second look: {findings}.", findings=listed(words[kind] for kind in KINDS if kind in there))


def _closed(study: Study, missing: pd.DataFrame) -> pd.DataFrame:
    """The rows of shown shares, without open questions."""
    return missing.loc[(missing["item"].map(study.codebook.items["kind"]) != "text") & missing["share"].notna()]


def _name(study: Study, country: str) -> str:
    return plain(study.settings.countries[country].name)


def _order(study: Study) -> dict[str, int]:
    return {key: position for position, key in enumerate(study.settings.countries)}


def _percent(share: float) -> str:
    return f"{100 * share:.0f}{NO_BREAK}%"
