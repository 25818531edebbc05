"""Who answered both times: the pre and post answers of one country, linked by the respondents' codes.

Equal codes of the same school are linked first. Of what is left, in studies where teachers made their codes up, two
codes are linked that one edit makes of one another, if nothing else in the school lies as near and no answer that can't
change contradicts. Nothing is compared across schools; where schools are named, an answer without one is not linked.
What a person decided about an answer or a pair goes before every rule.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.linking.agreement import agreement
from analysis.linking.duplicates import COUNTS, REPEATS, duplicate_answers
from analysis.linking.near_codes import alone_on_both_sides, neighbours, possible_links

LOOK_ALIKES = str.maketrans({"o": "0", "i": "1", "l": "1"})
KINDS = (
    "exact", "near", "ambiguous", "pre_only", "post_only", "duplicate_identical", "duplicate_conflicting", "no_code",
)
LINKED_KINDS = ("exact", "near")
DECIDED, EDIT, SHORT, SEVERAL, BESIDE, CONTRADICTS = "decided", "edit", "short", "several", "beside", "contradicts"
PAIR_COLUMNS = ["pre", "post", "kind", "edit", "reason", "agrees", "contradicts"]


@dataclass(frozen=True)
class Decisions:
    """What a person decided, by the index labels of the answers.

    `answers`: whether one of several submissions under one code counts. `pairs`: whether an answer before and one
    after are the same respondent's. `made`: how many decisions that were, one on a pair may be one on its answers, too.
    """

    answers: Mapping[object, bool] = field(default_factory=dict)
    pairs: Mapping[tuple[object, object], bool] = field(default_factory=dict)
    made: int = 0


@dataclass(frozen=True)
class Linked:
    """The respondents of one country after linking.

    `respondents` has a row per respondent: `school` ("" if not given), `kind` (exact, near, pre_only or
    post_only), and `pre` and `post`, the index labels of the answers in the frame (missing where the
    respondent did not answer). `counts` has a number for each of `KINDS`: of links for exact and near; for
    ambiguous the most links that could be made of the nearly equal codes that were not linked; of answers for the
    others. Answers without a code are among pre_only and post_only as well.

    `pairs` has a row per pair worth a look: every near link, every pair of nearly equal codes that was not linked
    (kind ambiguous), and equal codes whose constant answers contradict; `edit` is sign, zeros or empty, `reason` one of
    decided, edit (linked for it), short, several, beside, contradicts; `agrees` and `contradicts` are tuples of
    items. `duplicates` is as `duplicates.duplicate_answers` gives it. `decided` is the number of decisions obeyed.
    """

    respondents: pd.DataFrame
    counts: dict[str, int]
    pairs: pd.DataFrame
    duplicates: pd.DataFrame
    decided: int = 0


def normalised_code(code: str, codes: str = "self-generated") -> str:
    """The form in which two codes are compared.

    NFKC, case folded and stripped; in self-generated codes the look-alikes o/0 and i/l/1 are one sign.
    Serial numbers that were assigned keep theirs, since `I1` and `L1` may be two people.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", code).casefold()).strip()
    return folded if codes == "assigned" else folded.translate(LOOK_ALIKES)


def comparable_answers(frame: pd.DataFrame, codes: str = "self-generated") -> pd.DataFrame:
    """wave, school and normalised code of each answer, and `respondent`: a number for each wave, school and code.

    The number is missing where the answer can't be linked: without a code or, where schools are named, a school.
    """
    answers = frame[["wave", "school"]].assign(code=frame["code"].map(lambda code: normalised_code(code, codes)))
    linkable = (answers["code"] != "") & ((answers["school"] != "") | (answers["school"] == "").all())
    numbers = answers.loc[linkable].groupby(["wave", "school", "code"], sort=False).ngroup()
    return answers.assign(respondent=numbers.reindex(answers.index))


def link(frame: pd.DataFrame, items: Sequence[str], codes: str = "self-generated", *,
         constants: Mapping[str, str] | None = None, decisions: Decisions | None = None, near: bool = True) -> Linked:
    """Link the pre and post answers of one country, one iteration and one kind of respondent.

    `frame` has a row per answer with the columns wave, school, code, submitted, file, row and `items`; its index
    must be unique. Row order does not matter. `constants` gives the kind of every item that does not change about a
    person. Only self-generated codes are linked when they are nearly equal, and only if `near`.
    """
    decisions = decisions or Decisions()
    frame = frame.loc[frame["wave"].isin(["pre", "post"])]
    answers = comparable_answers(frame, codes)
    duplicates = duplicate_answers(frame, answers["respondent"], items, decisions.answers)
    kept = answers.loc[answers.index.difference(duplicates.index[duplicates["outcome"] != COUNTS], sort=False)]
    coded = kept.loc[kept["respondent"].notna()]
    refused = pd.MultiIndex.from_tuples([pair for pair, yes in decisions.pairs.items() if not yes], names=["pre", "post"])

    chosen = _chosen(kept, decisions)
    seen = pd.concat([chosen, _equal(_without(coded, chosen), refused)], ignore_index=True)
    if near and codes == "self-generated":
        candidates = _candidates(_without(coded, seen), answers.loc[answers["respondent"].notna()], refused)
        seen = pd.concat([seen, candidates], ignore_index=True)
    seen = _with_agreement(seen, frame, constants or {})
    contradicted = (seen["contradicts"].map(len) > 0) & (seen["reason"] == EDIT)
    seen.loc[contradicted, ["kind", "reason"]] = "ambiguous", CONTRADICTS
    links = seen.loc[seen["kind"].isin(LINKED_KINDS)]
    worth_a_look = (seen["kind"] != "exact") | (seen["contradicts"].map(len) > 0) | (seen["reason"] == DECIDED)

    respondents = _respondents(kept, links)
    counts = dict.fromkeys(KINDS, 0) | respondents["kind"].value_counts().to_dict()
    counts["ambiguous"] = possible_links(
        seen.loc[seen["kind"] == "ambiguous", ["pre", "post"]].set_axis(["left", "right"], axis=1))
    outcomes = duplicates["outcome"].value_counts()
    counts["duplicate_identical"] = int(outcomes.get(REPEATS, 0))
    counts["duplicate_conflicting"] = int(outcomes.drop([COUNTS, REPEATS], errors="ignore").sum())
    counts["no_code"] = int((kept["code"] == "").sum())
    return Linked(respondents, counts, seen.loc[worth_a_look, PAIR_COLUMNS].reset_index(drop=True), duplicates,
                  decisions.made)


def _chosen(kept: pd.DataFrame, decisions: Decisions) -> pd.DataFrame:
    """The pairs that a person linked, as far as both answers count."""
    rows = []
    for (pre, post), yes in decisions.pairs.items():
        if yes and pre in kept.index and post in kept.index:
            equal = kept.at[pre, "code"] == kept.at[post, "code"]
            rows.append((pre, post, "exact" if equal else "near", "", DECIDED))
    return pd.DataFrame(rows, columns=["pre", "post", "kind", "edit", "reason"])


def _without(coded: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    return coded.loc[~coded.index.isin([*pairs["pre"], *pairs["post"]])]


def _equal(coded: pd.DataFrame, refused: pd.MultiIndex) -> pd.DataFrame:
    """Equal codes of one school."""
    sides = [coded.loc[coded["wave"] == wave].rename_axis(wave).reset_index()[[wave, "school", "code"]]
             for wave in ("pre", "post")]
    both = sides[0].merge(sides[1], on=["school", "code"])[["pre", "post"]]
    both = both.loc[~pd.MultiIndex.from_frame(both).isin(refused)]
    return both.assign(kind="exact", edit="", reason="")


def _candidates(alone: pd.DataFrame, everyone: pd.DataFrame, refused: pd.MultiIndex) -> pd.DataFrame:
    """Nearly equal codes of one school among the answers that have no partner, and what speaks against a link.

    A pair is taken for one respondent's only if neither code is nearly equal to any third one of the school,
    whoever that belongs to: where it is, two colleagues may have neighbouring codes, and one edit says nothing.
    """
    blocks = everyone[["school", "code"]].rename(columns={"school": "block"})
    before, after = (blocks.loc[alone.index[alone["wave"] == wave]] for wave in ("pre", "post"))
    pairs = neighbours(before, after)
    pairs = pairs.loc[~pd.MultiIndex.from_frame(pairs[["left", "right"]]).isin(refused)].reset_index(drop=True)
    others = blocks.loc[~blocks.index.isin(alone.index)].drop_duplicates()
    beside = np.zeros(len(pairs), bool)
    for side in ("left", "right"):
        mine = blocks.loc[pairs[side].unique()]
        equal = mine.index[pd.MultiIndex.from_frame(mine).isin(pd.MultiIndex.from_frame(others))]
        beside |= pairs[side].isin({*neighbours(mine, others)["left"], *equal}).to_numpy()
    reason = np.select([pairs["short"], ~alone_on_both_sides(pairs), beside], [SHORT, SEVERAL, BESIDE], EDIT)
    pairs = pairs.rename(columns={"left": "pre", "right": "post"}).drop(columns="short")
    return pairs.assign(kind=np.where(reason == EDIT, "near", "ambiguous"), reason=reason)


def _with_agreement(pairs: pd.DataFrame, frame: pd.DataFrame, constants: Mapping[str, str]) -> pd.DataFrame:
    """The pairs with the constant items that agree and contradict."""
    names = np.array(list(constants), dtype=object)
    sides = (frame.loc[pairs[wave], list(constants)] for wave in ("pre", "post"))
    for column, flags in zip(("agrees", "contradicts"), agreement(*sides, constants), strict=True):
        pairs[column] = pd.Series([tuple(names[row]) for row in flags], index=pairs.index, dtype=object)
    return pairs


def _respondents(kept: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    school = kept["school"]
    both = links[["kind", "pre", "post"]].assign(school=school.loc[links["pre"]].to_numpy())
    alone = []
    for wave in ("pre", "post"):
        rows = kept.index[(kept["wave"] == wave) & ~kept.index.isin(links[wave])]
        alone.append(pd.DataFrame({"school": school.loc[rows].to_numpy(), "kind": f"{wave}_only", wave: rows}))
    respondents = pd.concat([both, *alone], ignore_index=True).astype({"pre": "Int64", "post": "Int64"})
    return respondents.sort_values(["school", "pre", "post"], ignore_index=True)[["school", "kind", "pre", "post"]]
