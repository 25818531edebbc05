"""The attacks of `tests/attacks` learn nothing from what is published, and do learn where nothing is protected."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from analysis.responses import read_responses
from analysis.scales import panel
from analysis.study.folder import read_study
from attacks.attackers import NAMES, hits, published
from attacks.items import told_by_notes
from attacks.reading import Reader
from attacks.schools import joined_counts
from attacks.studies import drawn_study
from panels import random_rows, tiny_panel
from runs import PROJECT

MINIMUM = 5
STUDIES = (*range(40), 46)
LEARNING = {
    "directions_beside_counts": 0, "unanimous": 0, "lone_predictor": 0, "items_beside_matched": 0, "constants_twice": 0,
    "bases_a_few_apart": 0, "leverage": 0, "scores_beside_matched": 2, "sums_of_schools": 2, "counts_of_schools": 2,
    "skipped_items": 6, "sizes_by_freedom": 7, "two_items_joined": 21}
"""A drawn country in which each attack learns something if nothing is protected; the others' are planted below."""
PLANTED = {"told_by_notes", "joined_counts", "suppressed_items", "lone_unmatched"}
EXAMPLE = ("EE", "FI", "GE", "LT", "NO")


@pytest.mark.parametrize("seed", STUDIES)
def test_no_attack_learns_anything_from_a_drawn_country(tmp_path, seed):
    results = published(drawn_study(tmp_path, seed), MINIMUM)
    assert {name: known for name, known in hits(results, MINIMUM).items() if known} == {}
    assert results.panel.compared_scales


@cache
def example():
    study = read_study(PROJECT / "data" / "example")
    return study, read_responses(study)


@pytest.mark.parametrize("country", EXAMPLE)
def test_no_attack_learns_anything_from_the_example(country):
    results = published(panel(*example(), country), MINIMUM)
    assert {name: known for name, known in hits(results, MINIMUM).items() if known} == {}


@pytest.fixture(scope="module")
def unprotected(tmp_path_factory):
    """What each attack learns from a drawn country where nothing is protected."""
    @cache
    def learnt(seed: int):
        return hits(published(drawn_study(tmp_path_factory.mktemp("drawn"), seed), 1), MINIMUM)
    return learnt


@pytest.mark.parametrize(("attack", "seed"), LEARNING.items())
def test_an_attack_learns_where_nothing_is_protected(unprotected, attack, seed):
    assert unprotected(seed)[attack]


def test_every_attack_has_such_a_control():
    assert set(NAMES) == LEARNING.keys() | PLANTED


def test_a_suppressed_item_is_learnt_from_the_scale_and_its_other_items(tmp_path):
    pre, post = random_rows(1, {"A": (12, 0, 0)})
    for row in pre:
        row[3] = 5
    results = published(tiny_panel(tmp_path, pre, post), 1)
    answers = results.table("item_answers")
    suppressed = answers.assign(n=answers["n"].mask((answers["item"] == "p2") & (answers["wave"] == "pre")))
    assert hits(results, MINIMUM, item_answers=suppressed)["suppressed_items"] == [
        "suppressed item p2 pre: all 12 answered 1"]


def test_the_one_who_is_not_matched_is_learnt_from_the_mixed_fit(tmp_path):
    pre, post = random_rows(1, {"": (14, 1, 0)})
    results = published(tiny_panel(tmp_path, pre, post), 1)
    assert f"scale leadership: the one only pre scored {pre[-1][5]}" in hits(results, MINIMUM)["lone_unmatched"]


def test_two_joined_schools_of_one_teacher_each_are_learnt_from_their_number():
    rows = pd.DataFrame({"scale": ["s"], "school": ["other schools"], "n": [2]})
    found = joined_counts(Reader({"change_by_school": rows}, MINIMUM), None, {"s": {"A": 1, "B": 1}})
    assert found == ["scale s: the matched of the joined schools are [1, 1]"]


def test_a_note_that_all_changed_alike_is_learnt():
    assert told_by_notes(Reader({"sensitivity": pd.DataFrame({"note": ["same_change"]})}, MINIMUM), None)
