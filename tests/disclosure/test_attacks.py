"""The attacks of `tests/attacks` learn nothing from what is published, and do learn where nothing is protected."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from analysis import sections
from analysis.language import Language
from analysis.responses import read_responses
from analysis.sections.results import AcrossResults
from analysis.study.folder import read_study
from analysis.study.populations import TEACHERS
from attacks.attackers import NAMES, hits, published
from attacks.items import told_by_notes
from attacks.programme import countries_by_subtraction
from attacks.reading import Reader
from attacks.schools import joined_counts
from attacks.studies import drawn_programme, drawn_study, panels
from panels import random_rows, tiny_panel
from runs import PROJECT

MINIMUM = 5
STUDIES = (*range(12), 46)
PROGRAMMES = (2, 4, 5)
LEARNING = {
    "directions_beside_counts": 0, "unanimous": 0, "lone_predictor": 0, "items_beside_matched": 0, "constants_twice": 0,
    "bases_a_few_apart": 0, "leverage": 0, "scores_beside_matched": 2, "sums_of_schools": 2, "counts_of_schools": 2,
    "skipped_items": 6, "sizes_by_freedom": 7, "two_items_joined": 21,
    "groups_by_subtraction": 2}
"""A drawn country in which each attack learns something if nothing is protected; the others' are planted below."""
PLANTED = {"told_by_notes", "joined_counts", "suppressed_items", "lone_unmatched", "bases_of_few"}
EXAMPLE = ("EE", "FI", "GE", "LT", "NO")


@pytest.mark.parametrize("seed", STUDIES)
def test_no_attack_learns_anything_from_a_drawn_country(tmp_path, seed):
    results = published(drawn_study(tmp_path, seed), MINIMUM)
    assert {name: known for name, known in hits(results, MINIMUM).items() if known} == {}
    assert results.panel.compared_scales


@pytest.mark.parametrize("seed", PROGRAMMES)
def test_no_attack_learns_anything_from_a_drawn_programme(tmp_path, seed):
    results = of_populations(drawn_programme(tmp_path, seed), MINIMUM)
    assert {name: known for name, known in hits(results, MINIMUM).items() if known} == {}
    assert set(results.tables) >= {"leaders_change", "mentor_answers", "perceived", "iterations", "rubric"}


@pytest.mark.parametrize("table", ["perception_gap", "iteration_difference", "change_by_role", "change_by_group",
                                   "change_by_dose", "rubric"])
def test_drawn_programmes_publish_every_table_that_is_attacked(tmp_path, table):
    column = {"perception_gap": "gap", "iteration_difference": "estimate"}.get(table, "change")
    shown = of_populations(drawn_programme(tmp_path, 5), MINIMUM).table(table)
    assert shown[column].notna().any()


def of_populations(panels, minimum):
    return published(panels[TEACHERS], minimum, {one: of for one, of in panels.items() if one != TEACHERS})


@cache
def answers_of_the_example():
    study = read_study(PROJECT / "data" / "example")
    return study, read_responses(study)


@cache
def example(country):
    return of_populations(panels(*answers_of_the_example(), country), MINIMUM)


@pytest.mark.parametrize("country", EXAMPLE)
def test_no_attack_learns_anything_from_the_example(country):
    results = example(country)
    assert {name: known for name, known in hits(results, MINIMUM).items() if known} == {}


def test_no_country_of_the_example_is_learnt_from_the_mentors_of_all():
    countries = {country: example(country) for country in EXAMPLE}
    results = AcrossResults(countries["EE"].study, countries, sections.ACROSS, Language())
    table = results.table("mentor_answers")
    assert countries_by_subtraction(Reader({"mentor_answers": table}, MINIMUM)) == [] and (table["country"] == "").any()


def test_a_country_of_few_mentors_is_learnt_from_all_less_the_others():
    counts = {"": [6, 7], "EE": [5, 4], "FI": [None, None]}
    table = pd.DataFrame([{"item": "m1", "iteration": 1, "country": country, "value": value, "n": n}
                          for country, of in counts.items() for value, n in enumerate(of)])
    assert countries_by_subtraction(Reader({"mentor_answers": table}, MINIMUM)) == [
        "item m1 iteration 1: {0: 1, 1: 3} in the countries not shown"]


def test_a_rubric_that_puts_all_schools_on_one_level_is_learnt_where_nothing_is_protected(tmp_path):
    known = hits(of_populations(drawn_programme(tmp_path, 7), 1), MINIMUM)
    assert "rubric r1 pre: every school is on level 2" in known["unanimous"] and known["groups_by_subtraction"]
    assert "change_by_group: a change of 4" in known["bases_of_few"]


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
