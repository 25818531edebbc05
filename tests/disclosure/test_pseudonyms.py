"""Letters in place of the names of schools: which school gets which, and that no other name is left."""

from __future__ import annotations

from string import ascii_uppercase

import pandas as pd
import pytest

from analysis.disclosure.pseudonyms import in_order, letters, school_letters
from analysis.questions.across import participation_by_country
from analysis.questions.attrition import lost_by_school
from analysis.questions.participation import participation_table
from analysis.responses import read_responses
from analysis.scales import panel
from analysis.study.folder import read_study
from analysis.study.private import KEY_FILE
from panels import HEADER, random_rows, tiny_panel
from support import study_folder, write_csv

SCHOOLS = dict.fromkeys(("Aardla", "Beeta", "Ceeder", "Delta", "Eesti", "Formula", "Gaasi", "Haapsalu"), (6, 5, 5))


def letters_of(folder, pre, post=None, **study) -> dict[str, str]:
    made = tiny_panel(folder, pre, post, **study)
    return school_letters(made.study, read_responses(made.study).frame, "EE")


@pytest.mark.parametrize(
    ("number", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (27, "AB"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")])
def test_letters_count_as_the_columns_of_a_spreadsheet(number, name):
    assert letters(number) == name


def test_every_school_has_a_letter_of_its_own_and_not_by_the_alphabet(tmp_path):
    found = letters_of(tmp_path, *random_rows(1, SCHOOLS))
    assert sorted(found.values()) == list(ascii_uppercase[:8]) and set(found) == set(SCHOOLS)
    assert sorted(found, key=found.get) != sorted(SCHOOLS)


def test_whatever_is_answered_by_whom_the_letters_stay(tmp_path):
    pre, post = random_rows(1, SCHOOLS)
    once = letters_of(tmp_path / "a", pre, post)
    assert letters_of(tmp_path / "b", pre[::-1], post[:20]) == once == letters_of(tmp_path / "c", pre)
    withdrawn = [[*row[:-1], 6 - row[-1]] for row in pre[1:]]
    assert letters_of(tmp_path / "d", withdrawn) == once


def test_who_knows_all_but_the_key_cannot_work_out_the_letters(tmp_path):
    pre, _ = random_rows(1, SCHOOLS)
    once = letters_of(tmp_path, pre)
    (tmp_path / KEY_FILE).write_text("a1" * 32, encoding="utf-8")
    study = read_study(tmp_path)
    assert school_letters(study, read_responses(study).frame, "EE") != once


def test_a_declared_school_without_an_answer_has_a_letter_and_other_spellings_have_none_of_their_own(tmp_path):
    pre, _ = random_rows(1, {"Aardla": (5, 0, 0), "AARDLA kool": (5, 0, 0)})
    countries = {"EE": 'name = "Estonia"\n[countries.EE.schools."Aardla"]\nalso = ["AARDLA kool"]\n'
                       '[countries.EE.schools."Yhis"]'}
    assert set(letters_of(tmp_path, pre, countries=countries)) == {"Aardla", "Yhis"}


def test_letters_of_one_country_say_nothing_of_another(tmp_path):
    exports = [{"country": country, "file": f"raw/{country}.csv"} for country in ("EE", "LV")]
    folder = study_folder(tmp_path, exports, countries={"EE": 'name = "Estonia"', "LV": 'name = "Latvia"'})
    for country, rows in zip(("EE", "LV"), random_rows(1, SCHOOLS), strict=True):
        write_csv(folder / "raw" / f"{country}.csv", [HEADER, *rows])
    study = read_study(folder)
    frame = read_responses(study).frame
    assert school_letters(study, frame, "EE") != school_letters(study, frame, "LV")
    alone = read_responses(study, ["LV"]).frame
    assert school_letters(study, alone, "LV") == school_letters(study, frame, "LV")


def test_a_panel_shows_letters_and_keeps_who_gave_no_school(tmp_path):
    pre, post = random_rows(1, SCHOOLS)
    pre[0][1] = ""
    made = tiny_panel(tmp_path, pre, post)
    assert set(made.respondents["school"]) == {"", *ascii_uppercase[:8]}
    assert set(participation_table(made)["school"]) == {"", "(not given)", *ascii_uppercase[:8]}


def test_a_study_that_shows_its_schools_names_them(tmp_path):
    made = tiny_panel(tmp_path, *random_rows(1, SCHOOLS), settings='school_names = "show"\n')
    assert set(made.respondents["school"]) == set(SCHOOLS)


def test_numbers_do_not_depend_on_whether_schools_are_shown(tmp_path):
    rows = random_rows(1, SCHOOLS)
    hidden = tiny_panel(tmp_path / "a", *rows)
    shown = tiny_panel(tmp_path / "b", *rows, settings='school_names = "show"\n')
    letter = school_letters(hidden.study, read_responses(hidden.study).frame, "EE")
    counts = participation_table(shown).replace({"school": letter}).set_index("school")
    pd.testing.assert_frame_equal(participation_table(hidden).set_index("school"), counts, check_like=True)


def test_no_name_of_a_school_is_left_in_what_is_made_from_a_panel(tmp_path):
    exports = [{"file": "raw/a.csv"}, {"file": "raw/b.csv", "wave": "post"}]
    countries = {"EE": 'name = "Estonia"\ntarget_schools = 2\n[countries.EE.schools."Aardla"]\nalso = ["Aaardla"]'}
    folder = study_folder(tmp_path, exports, countries=countries)
    pre, post = random_rows(1, SCHOOLS)
    pre[0][1] = "aardla "
    for name, rows in (("a", pre), ("b", post)):
        write_csv(folder / "raw" / f"{name}.csv", [HEADER, *rows])
    study = read_study(folder)
    responses = read_responses(study)
    assert any("Beeta" in notice for notice in responses.warnings), "the data's owner is told the names"
    made = panel(study, responses, "EE")
    participation = participation_table(made)
    said = " ".join([*made.notices, participation.to_csv(), lost_by_school(participation).to_csv(),
                     participation_by_country({"EE": made}).to_csv(), made.respondents.to_csv()])
    for name in (*SCHOOLS, "Aaardla"):
        assert name.casefold() not in said.casefold()


def test_names_stand_by_the_alphabet_letters_by_their_number_and_not_given_last():
    assert in_order(["(not given)", "Tartu", "Abja", "Tartu"]) == ["Abja", "Tartu", "(not given)"]
    assert in_order(["AA", "(not given)", "B", "A"]) == ["A", "B", "AA", "(not given)"]
