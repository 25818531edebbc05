"""Who answered both times: the pre and post answers of one country, linked by the respondents' codes.

A link is made only between equal codes of the same school. Nothing is compared across schools; where schools are
named, an answer without one is not linked.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

LOOK_ALIKES = str.maketrans({"o": "0", "i": "1", "l": "1"})
KINDS = (
    "exact", "near", "ambiguous", "pre_only", "post_only", "duplicate_identical", "duplicate_conflicting", "no_code",
)


@dataclass(frozen=True)
class Linked:
    """The respondents of one country after linking.

    `respondents` has a row per respondent: `school` ("" if not given), `kind` (exact, pre_only or
    post_only), and `pre` and `post`, the index labels of the answers in the frame (missing where the
    respondent did not answer). `counts` has a number for each of `KINDS`; a count of links for exact,
    near and ambiguous, a count of answers for the others. Answers without a code are among pre_only and
    post_only as well.
    """

    respondents: pd.DataFrame
    counts: dict[str, int]


def normalised_code(code: str, codes: str = "self-generated") -> str:
    """The form in which two codes are compared.

    NFKC, case folded and stripped; in self-generated codes the look-alikes o/0 and i/l/1 are one sign.
    Serial numbers that were assigned keep theirs, since `I1` and `L1` may be two people.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", code).casefold()).strip()
    return folded if codes == "assigned" else folded.translate(LOOK_ALIKES)


def link(frame: pd.DataFrame, items: Sequence[str], codes: str = "self-generated") -> Linked:
    """Link the pre and post answers of one country, one iteration and one kind of respondent.

    `frame` has a row per answer with the columns wave, school, code, submitted and `items`; its index
    must be unique. Row order does not matter. Identical double submissions collapse into one; of
    conflicting ones the latest counts if it answers as many items as each of the others, and more than any
    whose time is not known; otherwise all of them are set aside.
    """
    frame = frame.loc[frame["wave"].isin(["pre", "post"])]
    key = frame["code"].map(lambda code: normalised_code(code, codes))
    placed = (frame["school"] != "") | (frame["school"] == "").all()
    linkable = (key != "") & placed
    kept, identical, conflicting = _one_answer_each(frame, key.where(linkable, ""), items)

    sides = {
        wave: pd.DataFrame(
            {"school": frame.loc[rows, "school"], "key": key.loc[rows], wave: rows}
        ) for wave, rows in ((wave, kept[frame.loc[kept, "wave"] == wave]) for wave in ("pre", "post"))
    }
    coded = {wave: side.loc[linkable.loc[side[wave]].to_numpy()] for wave, side in sides.items()}
    both = coded["pre"].merge(coded["post"], on=["school", "key"], how="inner")
    alone = [side.loc[~side[wave].isin(both[wave])] for wave, side in sides.items()]
    respondents = pd.concat(
        [both.assign(kind="exact"), alone[0].assign(kind="pre_only"), alone[1].assign(kind="post_only")],
        ignore_index=True,
    ).astype({"pre": "Int64", "post": "Int64"})
    respondents = respondents.sort_values(["school", "pre", "post"], ignore_index=True)

    counts = dict.fromkeys(KINDS, 0)
    counts.update(respondents["kind"].value_counts().to_dict())
    counts["duplicate_identical"] = identical
    counts["duplicate_conflicting"] = conflicting
    counts["no_code"] = int((key.loc[kept] == "").sum())
    return Linked(respondents[["school", "kind", "pre", "post"]], counts)


def _one_answer_each(frame: pd.DataFrame, key: pd.Series, items: Sequence[str]) -> tuple[pd.Index, int, int]:
    """The index labels of the answers that count, and how many identical and conflicting ones don't."""
    dropped: list = []
    identical = conflicting = 0
    coded = frame.loc[key != ""]
    for _, group in coded.groupby([coded["wave"], coded["school"], key.loc[coded.index]], sort=True):
        if len(group) == 1:
            continue
        group = group.sort_values(["submitted", "file", "row"])
        repeated = group.duplicated(subset=list(items), keep="last")
        identical += int(repeated.sum())
        dropped += list(group.index[repeated])
        rest = group.loc[~repeated]
        if len(rest) > 1:
            surplus = _superseded(rest, items)
            conflicting += len(surplus)
            dropped += list(surplus)
    return frame.index.difference(dropped, sort=False), identical, conflicting


def _superseded(rest: pd.DataFrame, items: Sequence[str]) -> pd.Index:
    """The answers that a later one replaces; all of them if it can't be told which that is.

    Survey tools write no time for a response that was never submitted, so one without a time that answers
    fewer items is taken for unfinished.
    """
    answered, times = rest[list(items)].notna().sum(axis=1), rest["submitted"]
    if times.isna().all() or (times == times.max()).sum() > 1:
        return rest.index
    latest = times.idxmax()
    others = rest.index.drop(latest)
    as_complete = answered[others] <= answered[latest]
    unfinished = times[others].notna() | (answered[others] < answered[latest])
    return others if (as_complete & unfinished).all() else rest.index
