"""What study.toml says of the setting, in the report's language, and the months of the surveys."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.disclosure.policy import Policy
from analysis.sections import setting
from analysis.sections.parts import Text
from panels import random_rows, tiny_results
from support import issues, with_settings

SCHOOLS = {"A": (6, 5, 5), "B": (7, 5, 5)}
TEXTS = """
[setting]
mentoring = "A mentor came every week."
mentoring_et = "Mentor käis iga nädal."
study_size = "As many as could be had."
data_availability = "On request."
"""


def results_of(folder, countries=None, **study):
    pre, post = random_rows(1, SCHOOLS)
    countries = countries or {"EE": f'name = "Estonia"{TEXTS}'}
    return tiny_results(folder, setting, pre=pre, post=post, countries=countries, **study)


def text_of(results):
    return "\n".join(block.markdown for block in setting.main(results) if isinstance(block, Text))


def test_texts_stand_in_their_places_and_further_ones_follow(tmp_path):
    said = text_of(results_of(tmp_path))
    assert said.startswith("**Mentoring.** A mentor came every week.") and said.endswith("As many as could be had.")
    assert "Teachers of 2 schools answered." in said
    assert "On request." not in said and "Mentor käis" not in said


def test_a_text_in_the_report_s_language_goes_before_and_a_missing_one_is_counted(tmp_path):
    found = results_of(tmp_path, language="et")
    said = text_of(found)
    assert "Mentor käis iga nädal." in said and "A mentor came" not in said and "As many as could be had." in said
    assert {message for message in found.say.missing if message.startswith("[setting]")} == {"[setting] study_size_et"}


def test_what_is_not_said_is_not_invented(tmp_path):
    assert text_of(results_of(tmp_path, countries={"EE": 'name = "Estonia"'})) == (
        "**Schools.** Teachers of 2 schools answered.")


def test_title_and_country_have_their_names_in_the_language(tmp_path):
    names = {"EE": 'name = "Estonia"\nname_et = "Eesti"'}
    head = 'title = "A study"\ntitle_et = "Uuring"\n'
    found = results_of(tmp_path / "et", names, settings=head, language="et")
    assert (found.name, found.title) == ("Eesti", "Uuring")
    found = results_of(tmp_path / "ka", names, settings=head, language="ka")
    assert (found.name, found.title) == ("Estonia", "A study")


@pytest.mark.parametrize("settings, said", [
    ('title = "T"\ntitel_ka = "T"\n[countries.EE]\nname = "E"', "titel_ka: unknown key"),
    ('title = "T"\ntitle_ka = 3\n[countries.EE]\nname = "E"', "title_ka: expected a text"),
    ('title = "T"\n[countries.EE]\nname = "E"\nnmae_ka = "E"', "countries.EE.nmae_ka: unknown key"),
    ('title = "T"\n[setting]\nmentoring = 3\n[countries.EE]\nname = "E"', "setting.mentoring: expected a text"),
])
def test_a_faulty_text_is_told_with_its_key(tmp_path, settings, said):
    assert any(said in one for one in issues(with_settings(tmp_path, settings)))


def test_a_few_answers_do_not_stretch_a_survey():
    days = pd.Series(pd.to_datetime(["2022-08-01"] + ["2022-10-03"] * 20 + ["2022-11-10"] * 19 + ["2023-06-20"]))
    first, last = setting.survey_months(days, Policy(1))
    assert (first.month, last.month) == (10, 11)


def test_no_month_is_that_of_fewer_than_the_smallest_group():
    days = pd.Series(pd.to_datetime(["2022-09-01"] * 4 + ["2022-10-03"] * 9 + [None]))
    first, last = setting.survey_months(days, Policy(5))
    assert (first.month, last.month) == (10, 10)
    assert setting.survey_months(days.iloc[:8], Policy(5)) is None
