"""Codes that one slip makes of one another: which answers of a school could be one respondent's.

Arrays and frames in, pairs out; what a code is and who gave it is known above. The search is blocked by school and
by what is left of a code with one sign out (the deletion neighbourhood of Mor & Fraenkel 1982, A hash code method
for detecting and correcting spelling errors), so it never compares all pairs.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

SHORTEST = 5
"""The fewest signs, in the longer of two codes, for a slip to say little: in shorter ones half of all codes are near."""


def neighbours(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """Pairs of unequal codes of one block that one slip makes of one another.

    `left` and `right` have the columns `block` and `code` (normalised, not empty) and unique indexes. A slip puts one
    sign in, leaves one out, replaces one or swaps two neighbours (optimal string alignment distance 1), or drops the
    zeros in front of digits, as Excel does. Returns the columns `left` and `right`, index labels, and `slip`: sign or
    zeros.
    """
    one_out, no_zeros = (
        _joined([_keyed(frame, keys) for frame in (left, right)]) for keys in (_with_one_out, _without_zeros))
    codes = [[frame["code"].reindex(pairs[side]).to_numpy() for side, frame in (("left", left), ("right", right))]
             for pairs in (one_out, no_zeros)]
    if len(one_out):
        one_out = one_out.loc[cpdist(*codes[0], scorer=OSA.distance, score_cutoff=1, dtype=np.uint8) == 1]
    no_zeros = no_zeros.loc[codes[1][0] != codes[1][1]]
    pairs = pd.concat([no_zeros.assign(slip="zeros"), one_out.assign(slip="sign")])
    return pairs.drop_duplicates(["left", "right"]).sort_values(["left", "right"], ignore_index=True)


def alone_on_both_sides(pairs: pd.DataFrame) -> np.ndarray:
    """Which pairs are mutually unique: neither side stands in another pair (bool, a place per pair)."""
    return ~(pairs["left"].duplicated(keep=False) | pairs["right"].duplicated(keep=False)).to_numpy()


def possible_links(pairs: pd.DataFrame) -> int:
    """How many links can come of the pairs at most, with one link per answer.

    Answers joined by pairs are taken together; each such group gives as many links as its smaller side has answers.
    """
    if pairs.empty:
        return 0
    left, lefts = pd.factorize(pairs["left"])
    right, rights = pd.factorize(pairs["right"])
    nodes = len(lefts) + len(rights)
    graph = coo_matrix((np.ones(len(pairs)), (left, right + len(lefts))), shape=(nodes, nodes))
    group = connected_components(graph, directed=False)[1]
    sizes = [np.bincount(side, minlength=group.max() + 1) for side in (group[:len(lefts)], group[len(lefts):])]
    return int(np.minimum(*sizes).sum())


def _with_one_out(code: str) -> set[str]:
    return {code, *(code[:place] + code[place + 1:] for place in range(len(code)))}


def _without_zeros(code: str) -> list[str]:
    return [code.lstrip("0")] if code.isascii() and code.isdigit() else []


def _keyed(frame: pd.DataFrame, keys_of) -> pd.DataFrame:
    """A row per code and key: block, key and the code's index label."""
    keys = [sorted(keys_of(code)) for code in frame["code"]]
    many = [len(each) for each in keys]
    return pd.DataFrame({
        "block": np.repeat(frame["block"].to_numpy(object), many),
        "key": np.array([key for each in keys for key in each], dtype=object),
        "label": np.repeat(frame.index.to_numpy(), many),
    })


def _joined(sides: list[pd.DataFrame]) -> pd.DataFrame:
    pairs = sides[0].merge(sides[1], on=["block", "key"])[["label_x", "label_y"]].drop_duplicates()
    return pairs.set_axis(["left", "right"], axis=1)
