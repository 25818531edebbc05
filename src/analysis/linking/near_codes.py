"""Codes that one edit makes of one another: which answers of a school could be one respondent's.

Arrays and frames in, pairs out; what a code is and who gave it is known above. The search is blocked by school and
by what is left of a code with one sign out (the deletion neighbourhood of Mor & Fraenkel 1982, A hash code method
for detecting and correcting spelling errors), so it never compares all pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

SHORTEST = 5
"""The fewest signs, in the longer of two codes, for one edit to say little: in shorter ones half of all codes are near."""


def neighbours(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """Pairs of unequal codes of one block that one edit makes of one another.

    `left` and `right` have the columns `block` and `code` (normalised, not empty) and unique indexes. An edit puts one
    sign in, leaves one out, replaces one or swaps two neighbours (optimal string alignment distance 1), or drops the
    zeros in front of digits, as Excel does. Returns the columns `left` and `right`, index labels, `edit`: sign or
    zeros, and `short`: whether the codes are so short that the edit of a sign says little.
    """
    zeros, sign = (_sharing(left, right, keys) for keys in (_without_zeros, _with_one_out))
    zeros = zeros.loc[zeros["code_x"] != zeros["code_y"]]
    codes = (sign[name].tolist() for name in ("code_x", "code_y"))
    sign = sign.loc[cpdist(*codes, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8) == 1]
    longest = np.maximum(sign["code_x"].str.len(), sign["code_y"].str.len())
    pairs = pd.concat([zeros.assign(edit="zeros", short=False), sign.assign(edit="sign", short=longest < SHORTEST)])
    pairs = pairs.rename(columns={"label_x": "left", "label_y": "right"})[["left", "right", "edit", "short"]]
    return pairs.drop_duplicates(["left", "right"]).sort_values(["left", "right"], ignore_index=True)


def alone_on_both_sides(pairs: pd.DataFrame) -> np.ndarray:
    """Which pairs are mutually unique: neither side stands in another pair (bool, a place per pair)."""
    return ~(pairs["left"].duplicated(keep=False) | pairs["right"].duplicated(keep=False)).to_numpy()


def possible_links(pairs: pd.DataFrame) -> int:
    """How many links can come of the pairs at most, with one link per answer (a maximum matching of the graph)."""
    if pairs.empty:
        return 0
    ends = tuple(pd.factorize(pairs[side])[0] for side in ("left", "right"))
    return int((maximum_bipartite_matching(csr_array((np.ones(len(pairs)), ends))) >= 0).sum())


def _with_one_out(code: str) -> set[str]:
    return {code, *(code[:place] + code[place + 1:] for place in range(len(code)))}


def _without_zeros(code: str) -> list[str]:
    return [code.lstrip("0")] if code.isascii() and code.isdigit() else []


def _sharing(left: pd.DataFrame, right: pd.DataFrame, keys_of: Callable[[str], Iterable[str]]) -> pd.DataFrame:
    """Pairs of one block whose codes have a key in common: label and code of the left (`_x`) and the right one (`_y`)."""
    sides = [
        frame[["block", "code"]].assign(label=frame.index, key=[sorted(keys_of(code)) for code in frame["code"]])
        .explode("key").dropna(subset="key").astype({"key": object})
        for frame in (left, right)]
    return sides[0].merge(sides[1], on=["block", "key"]).drop_duplicates(["label_x", "label_y"])
