"""The closing sections say what the run did, and nothing that it did not."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from analysis.questions.across import change_by_country, participation_by_country, pooled_table
from analysis.questions.association import association_table
from analysis.questions.attrition import who_left_table
from analysis.questions.attrition_delta import attrition_to_zero_table
from analysis.questions.change import change_table
from analysis.questions.items import item_change_table
from analysis.questions.measurement import ceiling_table, reliability_table
from analysis.questions.participation import participation_table
from analysis.questions.retrospective import retrospective_table
from analysis.questions.robustness import robustness_table
from analysis.questions.sensitivity import sensitivity_table
from analysis.wording.closing import REFERENCES, across_limits, across_methods, country_methods, families, limits
from panels import HEADER, random_rows, tiny_panel

SCHOOLS = dict.fromkeys("ABCD", (8, 6, 4))


def told(panel) -> str:
    makers = {"change": change_table, "sensitivity": sensitivity_table, "robustness": robustness_table,
              "reliability": reliability_table, "item_change": item_change_table, "association": association_table,
              "retrospective": retrospective_table, "who_left": who_left_table,
              "attrition_to_zero": attrition_to_zero_table}
    return country_methods(panel, {name: make(panel) for name, make in makers.items()})


def without_schools(folder):
    pre, post = random_rows(1, SCHOOLS)
    return tiny_panel(folder, [[row[0], *row[2:]] for row in pre], [[row[0], *row[2:]] for row in post],
                      header=[HEADER[0], *HEADER[2:]])


def test_with_schools_the_clusters_are_schools(tmp_path):
    text = told(tiny_panel(tmp_path, *random_rows(1, SCHOOLS)))
    for said in ("within the same school", "with schools as clusters", "CR2 by school", "t-test over the means of schools",
                 "each school left out in turn"):
        assert said in text


def test_without_schools_nothing_is_said_of_them(tmp_path):
    text = told(without_schools(tmp_path))
    assert "teachers are the clusters" in text
    for said in ("same school", "by school", "means of schools", "left out in turn", "schools as clusters"):
        assert said not in text


def test_of_one_wave_no_comparison_is_described(tmp_path):
    pre, _ = random_rows(2, SCHOOLS)
    text = told(tiny_panel(tmp_path, pre))
    for said in ("mixed model", "paired t-test", "d_av", "adjusted within their family", "delta adjustment"):
        assert said not in text.split("### References")[0]


def test_every_work_cited_is_in_the_references_and_none_is_there_without_being_cited(tmp_path):
    body, listed = told(tiny_panel(tmp_path, *random_rows(1, SCHOOLS))).split("### References")
    references = [line[2:] for line in listed.strip().splitlines()]
    assert set(references) <= set(REFERENCES.values())
    for reference in references:
        author, year = re.match(r"([^,]+),.*?\((\d{4})\)", reference).groups()
        assert re.search(rf"{author}.{{0,60}}?{year}", body), reference
    cited = set(re.findall(r"([A-Z]\w+)(?: et al\.|[^().;]*?&[^().;]*?)? \(?(?:19|20)\d\d", body))
    assert cited <= {word for reference in references for word in re.findall(r"\w+", reference)}


@pytest.mark.parametrize("setting, said", [
    ("", "No smallest change of interest was declared"),
    ("smallest_change_of_interest = 0.25", "declared as 0.25 scale points"),
    ("smallest_change_of_interest = {pedagogy = 0.3}", "0.3 points on Pedagogical practices"),
    ("minimum_group = 7", "fewer than 7 respondents are not shown"),
])
def test_settings_of_the_study_are_told_as_they_are(tmp_path, setting, said):
    assert said in told(tiny_panel(tmp_path, *random_rows(1, SCHOOLS), settings=f"{setting}\n"))


def test_families_name_their_rule_and_size(tmp_path):
    panel = tiny_panel(tmp_path, *random_rows(1, SCHOOLS), settings='primary_scales = ["pedagogy"]\n')
    assert families(change_table(panel)) == (
        "The p values are adjusted within their family: 1 primary scale by Holm's method (1979) and 1 exploratory scale "
        "by Benjamini and Hochberg's (1995).")


def said_limits(panel, disagreeing=()) -> str:
    total = participation_table(panel).iloc[-1]
    return " ".join(limits(panel, change_table(panel), total, ceiling_table(panel), list(disagreeing)))


def test_limits_come_from_the_data(tmp_path):
    text = said_limits(tiny_panel(tmp_path / "a", *random_rows(1, SCHOOLS)), ["p1", "p2"])
    for said in ("no control group", "24 of 56 teachers who answered before could not be linked", "The 4 schools",
                 "For 2 items counting"):
        assert said in text
    assert "Schools could not be told apart" in said_limits(without_schools(tmp_path / "b"))


def test_a_ceiling_is_named(tmp_path):
    pre, post = random_rows(1, SCHOOLS)
    for row in pre[:30]:
        row[5] = 5
    assert "More than 15 % stood at the top of Leadership before" in said_limits(tiny_panel(tmp_path, pre, post))


def test_three_countries_are_told_not_to_be_pooled(tmp_path):
    panels = {"EE": tiny_panel(tmp_path, *random_rows(1, SCHOOLS))}
    by_country = change_by_country(panels)
    study = panels["EE"].study
    text = across_methods(study, by_country, pooled_table(by_country, study))
    assert "Where three countries or fewer had an estimate, nothing was pooled." in text
    assert "Hartung" not in text
    told_limits = across_limits(participation_by_country(panels), by_country)
    assert any("levels are therefore not compared" in sentence for sentence in told_limits)


def test_no_sentence_speaks_of_effects_or_significance(tmp_path):
    panel = tiny_panel(tmp_path, *random_rows(1, SCHOOLS))
    text = (told(panel).split("### References")[0] + said_limits(panel)).lower()
    assert "significan" not in text
    assert not re.search(r"(?<!random-)(?<!design )effects?\b(?! size)", text.replace("mixed-effects", ""))


def test_an_empty_study_has_closing_sections_too(tmp_path):
    panel = tiny_panel(tmp_path, [], [])
    assert told(panel) and said_limits(panel)
    assert isinstance(change_table(panel), pd.DataFrame)
