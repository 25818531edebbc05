"""Who answered and could be linked, in words."""

from __future__ import annotations

import pandas as pd

from ..numerals import percent
from ..scales import Panel
from ..words import _, plural
from ..words.lists import listed


def teachers(number: int) -> str:
    return plural("{n} teacher", "{n} teachers", number)


def schools(number: int) -> str:
    return plural("{n} school", "{n} schools", number)


def who_answered(panel: Panel, total: pd.Series) -> str:
    """How many answered, how many could be linked, against the targets; `total` is participation's last row."""
    n_pre, n_post, n_matched = (int(total[name]) for name in ("n_pre", "n_post", "n_matched"))
    if n_pre + n_post == 0:
        return _("No answers have come in yet.")
    named = panel.respondents["school"]
    n_schools = named[named != ""].nunique()
    sentences = [
        _("{teachers} answered the survey before mentoring and {n_post} the survey after it in {schools}.",
          teachers=teachers(n_pre), n_post=n_post, schools=schools(n_schools)) if n_schools else
        _("{teachers} answered the survey before mentoring and {n_post} the survey after it.",
          teachers=teachers(n_pre), n_post=n_post)]
    if n_matched:
        sentences.append(_(
            "By their codes {teachers} could be linked: {share_pre} of those who answered before and {share_post} of those "
            "who answered after.", teachers=teachers(n_matched), share_pre=percent(n_matched, n_pre),
            share_post=percent(n_matched, n_post)))
    elif n_pre and n_post:
        sentences.append(_("Nobody's answers before and after could be linked."))
    if n_matched and n_pre + n_post > 2 * n_matched:
        sentences.append(_("{n_pre_only} answered only before, {n_post_only} only after.",
                           n_pre_only=n_pre - n_matched, n_post_only=n_post - n_matched))
    country = panel.study.settings.countries[panel.country]
    targets = [told(target) for target, told in
               ((country.target_schools, schools), (country.target_teachers, teachers)) if target]
    if targets:
        sentences.append(_("The study aimed at {targets}.", targets=listed(targets)))
    return " ".join(sentences)


def who_answered_across(participation: pd.DataFrame) -> str:
    """How many answered and were linked over all countries; rows as in `participation_by_country.csv`."""
    if participation.empty:
        return _("No answers have come in yet.")
    n_pre, n_post, n_matched = (int(participation[name].sum()) for name in ("n_pre", "n_post", "n_matched"))
    return _("{teachers} in {countries} answered the survey before mentoring and {n_post} the survey after it; {n_matched} "
             "could be linked, {share} of those who answered before.", teachers=teachers(n_pre),
             countries=plural("{n} country", "{n} countries", len(participation)), n_post=n_post, n_matched=n_matched,
             share=percent(n_matched, n_pre))


def duplicates(panel: Panel) -> str:
    """What became of double submissions, missing codes and answers without a school."""
    counts = panel.linked.counts
    sentences = []
    if counts["duplicate_identical"]:
        sentences.append(plural(
            "{n} submission repeated another with identical answers and did not count again.",
            "{n} submissions repeated another with identical answers and did not count again.",
            counts["duplicate_identical"]))
    if counts["duplicate_conflicting"]:
        sentences.append(plural(
            "{n} submission under a code used twice in the same school and survey, with different answers, did not count: "
            "where the time told which came last and it was as complete as the others, that one stands; where not, none "
            "does.",
            "{n} submissions under a code used twice in the same school and survey, with different answers, did not count: "
            "where the time told which came last and it was as complete as the others, that one stands; where not, none "
            "does.", counts["duplicate_conflicting"]))
    if counts["no_code"]:
        sentences.append(plural("{n} answer had no code and could not be linked.",
                                "{n} answers had no code and could not be linked.", counts["no_code"]))
    unnamed = int((panel.respondents["school"] == "").sum())
    if unnamed and panel.cluster is not None:
        sentences.append(plural(
            "{n} teacher did not give a school; they are left out wherever schools matter for the calculation.",
            "{n} teachers did not give a school; they are left out wherever schools matter for the calculation.", unnamed))
    return " ".join(sentences)


def few_schools(change: pd.DataFrame) -> str:
    """The calm sentence of the first page where few schools make wide intervals; empty otherwise."""
    with_df = change["df"].dropna()
    several = change.loc[change["n_schools"] > 1, "n_schools"]
    if with_df.empty or several.empty or (with_df.min() >= 4 and several.min() > 3):
        return ""
    return _("The teachers come from {schools}. With so few schools, or schools of very different size, the intervals are "
             "wide.", schools=schools(int(several.max())))
