"""Which codes one edit makes of one another, and how many links can come of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from rapidfuzz.distance import OSA

from analysis.linking.near_codes import alone_on_both_sides, neighbours, possible_links


def codes(*written: str, block: str = "S", first: int = 0) -> pd.DataFrame:
    return pd.DataFrame({"block": block, "code": written}, index=range(first, first + len(written)))


def found(one: str, other: str) -> list[str]:
    return neighbours(codes(one), codes(other))["edit"].tolist()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("abcde", "abcdef", id="put in at the end"),
        pytest.param("abcde", "xabcde", id="put in at the start"),
        pytest.param("abcde", "abxcde", id="put in"),
        pytest.param("abcde", "abde", id="left out"),
        pytest.param("aabcd", "abcd", id="a double sign left out"),
        pytest.param("abcde", "abxde", id="replaced"),
        pytest.param("abcde", "bacde", id="swapped at the start"),
        pytest.param("abcde", "abced", id="swapped at the end"),
        pytest.param("ქე24ხა", "ქე42ხა", id="Georgian, swapped"),
        pytest.param("012", "12", id="one zero lost"),
        pytest.param("a", "ab", id="short, but it is one edit"),
    ],
)
def test_one_edit_makes_neighbours_either_way(one, other):
    assert found(one, other) in (["sign"], ["zeros"]) and found(other, one) == found(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("abcde", "abcde"), ("abcde", "abxye"), ("abcde", "edcba"), ("abcde", "cbade"), ("ab", "abcd"), ("abcd", "cdab"),
     ("ca", "abc"), ("a007", "a7"), ("1001", "11")],
)
def test_equal_codes_and_two_edits_are_none(one, other):
    assert found(one, other) == []


@pytest.mark.parametrize(("one", "other"), [("0007", "7"), ("00412", "412"), ("000", "0")])
def test_any_number_of_zeros_in_front_of_digits_may_be_lost(one, other):
    assert found(one, other) == ["zeros"]


def test_codes_of_two_blocks_are_never_neighbours():
    assert neighbours(codes("abcde", block="S"), codes("abcdx", block="T")).empty


def test_all_pairs_are_found_that_comparing_every_two_codes_finds():
    draw = np.random.default_rng(5)
    left, right = (codes(*dict.fromkeys("".join(draw.choice(list("ab0"), draw.integers(1, 7))) for _ in range(150)))
                   for _ in range(2))
    every = {(i, j) for i, a in left["code"].items() for j, b in right["code"].items()
             if OSA.distance(a, b) == 1 or (a != b and a.isdigit() and b.isdigit() and a.lstrip("0") == b.lstrip("0"))}
    pairs = neighbours(left, right)
    assert len(every) > 200
    assert set(zip(pairs["left"], pairs["right"], strict=True)) == every and len(pairs) == len(every)


def test_a_pair_is_alone_if_neither_side_has_another():
    pairs = pd.DataFrame({"left": [1, 2, 3, 3], "right": [5, 6, 6, 7]})
    assert alone_on_both_sides(pairs).tolist() == [True, False, False, False]


@pytest.mark.parametrize(
    ("pairs", "links"),
    [([], 0), ([(1, 5)], 1), ([(1, 5), (2, 5)], 1), ([(1, 5), (2, 6)], 2), ([(1, 5), (1, 6), (2, 6)], 2),
     ([(1, 5), (2, 5), (3, 5), (4, 6)], 2), ([(1, 5), (1, 6), (1, 7), (2, 7), (3, 7)], 2)],
)
def test_possible_links_are_as_many_as_one_per_answer_allows(pairs, links):
    assert possible_links(pd.DataFrame(pairs, columns=["left", "right"])) == links
