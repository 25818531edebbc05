"""How answers were matched across the surveys, what a person decided, and how many matches may be false."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.language import Language
from analysis.linking.false_matches import COLLEAGUES, FALSE_MATCH_COLUMNS
from analysis.linking.links import KINDS
from analysis.sections.parts import Block, Cell, Column, Heading, Text, count, message
from analysis.sections.results import Results


def linking_table(results: Results) -> pd.DataFrame:
    """How the answers were matched, as `linking.csv`: a row per kind."""
    return pd.DataFrame({"kind": KINDS, "n": [results.panel.linked.counts[kind] for kind in KINDS]})


def false_matches_table(results: Results) -> pd.DataFrame:
    """How many matches may be false, as `false_matches.csv` (`linking.false_matches`)."""
    return results.panel.false_matches.reindex(columns=FALSE_MATCH_COLUMNS)


ESTIMATES = {"linking": linking_table, "false_matches": false_matches_table}


def kinds(say: Language) -> dict[str, str]:
    """What the kinds of `linking.csv` are called."""
    return {
        "exact": say("Matched by equal codes"),
        "near": say("Matched by codes one edit apart (approximate match)"),
        "ambiguous": say("Codes one edit apart that could belong to several, not matched"),
        "pre_only": say("Unmatched: baseline only"),
        "post_only": say("Unmatched: follow-up only"),
        "duplicate_identical": say("Repeated submissions, counted once"),
        "duplicate_conflicting": say("Contradicting submissions under one code, set aside"),
        "no_code": say("Answers without a code (among the unmatched)"),
    }


def comparisons(say: Language) -> dict[str, str]:
    """What the rows of `false_matches.csv` compare."""
    return {"exact": say("Equal codes, different schools"), "near": say("Codes one edit apart, different schools"),
            COLLEAGUES: say("Codes one edit apart, one survey in one school")}


def tenths(name: str) -> Cell:
    """A number with one decimal."""
    return lambda row, say, policy: say.number(row[name], 1)


LINKING = [Column("How the answers were matched", message("kind", kinds), words=True), Column("n", count("n"))]
FALSE = [
    Column("Codes compared", message("kind", comparisons), words=True), Column("Matches of this kind", count("matches")),
    Column("Pairs", count("compared")), Column("Pairs that would match", count("alike")),
    Column("Expected false matches", tenths("expected")), Column("Upper limit", tenths("expected_high")),
]


def annex(results: Results) -> Iterator[Block]:
    """The rule, the kinds of matches, double submissions, and the estimated false matches."""
    say, linking = results.say, results.table("linking")
    yield Heading(say("Matching"))
    yield Text(" ".join(filter(None, [_rule(results), results.notices("schools_at_baseline", "schools_at_follow_up"),
                                      _clerical_review(results)])))
    seldom = linking["kind"].isin(["near", "ambiguous", "duplicate_identical", "duplicate_conflicting", "no_code"])
    yield results.shown("linking", say("How the answers of the two surveys were matched"), LINKING,
                        linking.loc[~seldom | (linking["n"] > 0)])
    if double := _double_submissions(results):
        yield Text(double)
    false = results.table("false_matches")
    false = false.loc[false["matches"] > 0]
    if false["expected"].notna().any():
        yield Text(_false_matches(results))
        yield results.shown(
            "false_matches", say("Expected false matches, by how often codes of two people would match"), FALSE, false,
            say("Pairs and expected matches are rounded to their first digit. The upper limit is that of the rate's 95 % "
                "interval."), label="false-matches")
    elif len(false):
        yield Text(say("How many matches are false can't be estimated: it takes answers of two schools."))


def _rule(results: Results) -> str:
    say, linked = results.say, results.panel.linked
    within = say("Answers were matched by the teachers' codes, within the same school.") if (
        results.panel.cluster is not None) else say("Answers were matched by the teachers' codes.")
    if results.study.settings.codes == "assigned":
        return f"{within} " + say("Codes were assigned, so only equal ones were matched (case and white space at the ends "
                                  "ignored): a code one edit apart is another teacher's.")
    rule = say("Equal codes were matched first; case, white space at the ends and the look-alikes o/0 and i/l/1 were "
               "ignored. Codes of five characters or more at an edit distance of one (a character inserted, deleted or "
               "replaced, two neighbours swapped, or leading zeros lost) were matched only if no other code of the school "
               "was as near and no answer to a time-invariant question contradicted.")
    contradicted = int(((linked.pairs["kind"] == "exact") & (linked.pairs["contradicts"].map(len) > 0)).sum())
    stays = say.plural(
        "{n} match of equal codes stays although an answer to a time-invariant question differs.",
        "{n} matches of equal codes stay although an answer to a time-invariant question differs.", contradicted
    ) if results.policy.enough(contradicted) and contradicted else ""
    return " ".join(filter(None, [within, rule, stays]))


def _clerical_review(results: Results) -> str:
    n = results.panel.linked.decided
    return results.say.plural("In a clerical review a person decided on {n} pair or double submission.",
                              "In a clerical review a person decided on {n} pairs or double submissions.", n) if n else ""


def _double_submissions(results: Results) -> str:
    say, n = results.say, results.table("linking").set_index("kind")["n"]
    if not n["duplicate_conflicting"]:
        return ""
    return say("Of submissions under one code of a school that contradict each other, the latest counts where its time is "
               "known and it is as complete as the others; otherwise none counts.")


def _false_matches(results: Results) -> str:
    """How many matches may belong to two people: strangers' codes tell of chance, colleagues' of shared answers."""
    say, table = results.say, results.table("false_matches").set_index("kind")
    known = table.loc[(table["matches"] > 0) & table["expected"].notna()].index
    sentences = []
    if "exact" in known:
        sentences.append(say(
            "Codes of different schools never belong to one teacher, so how often these would match tells how many matches "
            "chance makes (@tbl-false-matches). Pairs are taken as independent."))
    if COLLEAGUES in known:
        sentences.append(say(
            "Colleagues may share what their codes are made of, such as a birthplace, so approximate matches are also held "
            "against answers to one survey in one school. That estimate is too high rather than too low, since a code that "
            "is near to several is not matched."))
    return " ".join(sentences)
