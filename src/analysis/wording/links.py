"""What a report says about its links: the rule, what was near, what a person decided, how many may be wrong."""

from __future__ import annotations

import pandas as pd

from analysis.linking.false_links import COLLEAGUES
from analysis.numerals import number
from analysis.scales import Panel
from analysis.words import _, plural


def how_linked(panel: Panel) -> str:
    """By what rule answers before and after were linked, and how many needed more than equal codes."""
    counts = panel.linked.counts
    if panel.study.settings.codes == "assigned":
        return " ".join([_("Only equal codes were linked: they were handed out, so a code that differs in one sign is "
                           "another teacher's."), *_decided(panel)])
    sentences = [_(
        "Equal codes were linked first, case, white space at the ends and the look-alikes o/0 and i/l/1 set aside. Two "
        "codes that one slip makes of one another (a sign put in, left out or replaced, two neighbours swapped, zeros "
        "lost in front) were linked only if no other code of the school lies as near and no answer that can't change "
        "contradicts.")]
    if counts["near"]:
        sentences.append(plural("{n} link was made so.", "{n} links were made so.", counts["near"]))
    if counts["ambiguous"]:
        sentences.append(plural(
            "At most {n} more could have been, but it can't be told whose code it is.",
            "At most {n} more could have been, but it can't be told whose codes they are.", counts["ambiguous"]))
    pairs = panel.linked.pairs
    contradicted = pairs.loc[(pairs["kind"] == "exact") & (pairs["contradicts"].map(len) > 0)]
    if len(contradicted):
        sentences.append(plural(
            "{n} link of equal codes stays although an answer that can't change differs.",
            "{n} links of equal codes stay although an answer that can't change differs.", len(contradicted)))
    return " ".join([*sentences, *_decided(panel)])


def _decided(panel: Panel) -> list[str]:
    decided = panel.linked.decided
    return [plural("A person decided on {n} link or double submission.",
                   "A person decided on {n} links or double submissions.", decided)] if decided else []


def may_be_wrong(false_links: pd.DataFrame) -> str:
    """How many links may belong to two people; `false_links` as `false_links.csv`."""
    known = false_links.dropna(subset=["expected"])
    strangers, colleagues = (known.loc[(known["kind"] == COLLEAGUES) == of] for of in (False, True))
    sentences = [_by_chance(strangers)]
    if len(colleagues):
        row = colleagues.iloc[0]
        sentences.append(_(
            "Colleagues may share what their codes are made of, such as a birthplace: codes are nearly equal in {alike} of "
            "about {compared} pairs of answers to one survey in one school. At that rate {expected} of {links} links of "
            "nearly equal codes would be wrong, rather fewer, since a code that is near to several is not linked.",
            alike=int(row["alike"]), compared=f"{int(row['compared']):,}", expected=_about(row["expected"]),
            links=int(row["links"])))
    return " ".join(sentences)


def _by_chance(strangers: pd.DataFrame) -> str:
    if strangers.empty:
        return _("How many links chance alone made can't be estimated: it takes answers of two schools.")
    links, expected, most = (strangers[name].sum() for name in ("links", "expected", "expected_high"))
    return _("Codes of different schools never belong to one teacher, so the pairs that look alike there tell how often "
             "chance does it: of about {compared} such pairs, {alike} would have been linked. At that rate "
             "{expected} of {links} links here are expected to be wrong; at the highest rate that fits the pairs it would "
             "be {most}.",
             compared=f"{int(strangers['compared'].iloc[0]):,}", alike=int(strangers["alike"].sum()),
             expected=_about(expected), links=int(links), most=_about(most))


def _about(expected: float) -> str:
    return _("about {n}", n=number(expected, 1)) if expected >= 0.05 else _("fewer than 0.1")
