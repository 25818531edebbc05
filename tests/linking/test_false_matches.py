"""How many links chance alone may have made."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy.stats import poisson
from test_linking import ITEMS, people

from analysis.linking.false_matches import FALSE_MATCH_COLUMNS, false_matches
from analysis.linking.links import link


def table_of(*rows, codes: str = "self-generated", constants: dict | None = None) -> pd.DataFrame:
    frame = people(*rows)
    linked = link(frame, ITEMS, codes, constants=constants or {})
    table = false_matches(frame, linked, codes, constants or {})
    assert list(table.columns) == FALSE_MATCH_COLUMNS
    return table.set_index("kind")


def test_pairs_of_different_schools_tell_how_often_codes_are_alike():
    table = table_of(
        ("pre", "S", "ab12cd"), ("post", "S", "ab12cd"), ("pre", "S", "xx11yy"), ("post", "S", "qq55rr"),
        ("pre", "T", "zz99zz"), ("post", "T", "ab12cd"), ("post", "T", "xx12yy"), ("post", "", "xx11yy"))
    table = table.drop("near_colleagues")
    assert table["compared"].tolist() == [2 * 2 + 1 * 2] * 2
    assert table["alike"].to_dict() == {"exact": 1, "near": 1}
    assert table["matches"].to_dict() == {"exact": 1, "near": 0}
    assert table["within"].to_dict() == {"exact": 2 * 2 + 1 * 2 - 1, "near": 1 * 1 + 1 * 2}
    assert table["expected"].tolist() == pytest.approx([5 / 6, 3 / 6])
    assert poisson.cdf(1, table.loc["exact", "expected_high"] * 6 / 5) == pytest.approx(0.025)


def test_a_contradiction_keeps_nearly_equal_codes_apart_here_too():
    rows = ("pre", "S", "ab12cd", {"subject": "m"}), ("post", "T", "ab13cd", {"subject": "l"}), ("post", "S", "zz99zz")
    assert table_of(*rows).loc["near", "alike"] == 1
    assert table_of(*rows, constants={"subject": "choice"}).loc["near", "alike"] == 0


def test_codes_that_were_handed_out_have_no_nearly_equal_links():
    assert table_of(("pre", "S", "ab12cd"), ("post", "T", "ab13cd"), codes="assigned").index.tolist() == ["exact"]


def test_colleagues_in_one_survey_tell_how_often_their_codes_are_nearly_equal():
    row = table_of(
        ("pre", "S", "ab12cd"), ("pre", "S", "ab13cd"), ("pre", "S", "xx99yy"), ("post", "S", "qq55rr"),
        ("post", "S", "qq56rr"), ("pre", "T", "ab14cd"), ("post", "T", "zz77zz")).loc["near_colleagues"]
    assert (row["compared"], row["alike"], row["within"]) == (3 + 1, 2, 3 * 2 + 1)
    assert row["expected"] == pytest.approx(2 / 4 * 7)


def test_a_contradiction_keeps_colleagues_apart_too():
    rows = ("pre", "S", "ab12cd", {"subject": "m"}), ("pre", "S", "ab13cd", {"subject": "l"}), ("post", "S", "zz99zz")
    assert table_of(*rows).loc["near_colleagues", "alike"] == 1
    assert table_of(*rows, constants={"subject": "choice"}).loc["near_colleagues", "alike"] == 0


@pytest.mark.parametrize("own_place", [True, False])
def test_where_schools_share_a_birthplace_only_the_rate_among_colleagues_is_not_too_low(own_place):
    """Codes of a place and three digits; nobody answered twice, so every near link is wrong."""
    draw, studies, wrong = np.random.default_rng(8), 5, 0
    expected = {"near": 0.0, "near_colleagues": 0.0}
    for _ in range(studies):
        places = ["".join(draw.choice(list("abcdefgh"), 3)) for _ in range(12)]
        rows = []
        for school, wave in itertools.product(range(12), ("pre", "post")):
            for _ in range(8):
                place = places[school if own_place else int(draw.integers(2))]
                rows.append((wave, f"S{school}", f"{place}{draw.integers(1000):03d}"))
        table = table_of(*rows)
        wrong += table.loc["near", "matches"]
        expected = {kind: total + table.loc[kind, "expected"] for kind, total in expected.items()}
    assert wrong > 3 * studies
    near_enough = 0.6 * wrong  # about two standard errors of the counts below
    assert expected["near_colleagues"] > near_enough
    assert (expected["near"] > near_enough) == (not own_place)


@pytest.mark.parametrize("school", ["S", ""])
def test_one_school_or_none_tells_nothing_and_the_note_says_so(school):
    table = table_of(("pre", school, "ab12cd"), ("post", school, "ab12cd"))
    assert table["expected"].isna().all() and table["note"].tolist() == ["no_strangers"] * 2 + ["no_colleagues"]


def test_no_answers_are_no_error():
    assert table_of()["matches"].tolist() == [0, 0, 0]


def test_the_estimate_is_near_the_share_that_is_wrong():
    """Codes of four random letters a to d: links of answers that belong to nobody are all wrong."""
    draw = np.random.default_rng(4)
    rows = [(wave, f"S{school}", "".join(draw.choice(list("abcd"), 4)))
            for school in range(40) for wave in ("pre", "post") for _ in range(4)]
    table = table_of(*rows)
    wrong = table.loc["exact", "matches"]
    assert wrong > 0 and table.loc["exact", "expected"] == pytest.approx(40 * 16 / 4**4, rel=0.3)
    assert wrong <= table.loc["exact", "expected_high"] + 3
