"""Schools spelt in two ways are suggested with the lines that make them one, and never merged."""

from __future__ import annotations

import tomllib

import pytest

from analysis.quality.spellings import alike_schools
from analysis.responses import read_responses
from analysis.study.folder import read_study
from support import study_folder, with_settings, write_csv

EXPORT = '[[exports]]\ncountry = "EE"\nwave = "pre"\nfile = "raw/pre.csv"\nlanguage = "en"\n'


def alike(folder, *names):
    write_csv(folder / "raw" / "pre.csv", [["school", "p1"], *([name, "1"] for name in names)])
    study = read_study(folder)
    return alike_schools(read_responses(study).frame, study, "EE")


def pairs(folder, *names):
    found = alike(folder, *names)
    return list(zip(found["school"], found["other"], strict=True))


def declaring(folder, *schools):
    tables = "".join(f'[countries.EE.schools."{school}"]\n' for school in schools)
    return study_folder(folder, countries={"EE": f'name = "Estonia"\n{tables}'})


def test_two_schools_spelt_alike_come_with_their_answers_and_the_lines_that_make_them_one(tmp_path):
    found = alike(study_folder(tmp_path), "Tartu Kool", "Tartu Kool", "Tartu kol", "Narva")
    (row,) = found.to_dict("records")
    assert (row["school"], row["other"], row["n_school"], row["n_other"]) == ("Tartu Kool", "Tartu kol", 2, 1)
    assert row["study_toml"] == '[countries.EE.schools."Tartu Kool"]\nalso = ["Tartu kol"]'


def test_the_lines_that_make_two_schools_one_do_so(tmp_path):
    names = ("Tartu Kool", "Tartu Kool", "Tartu kol", 'Tartu "kool"')
    (lines,) = set(alike(study_folder(tmp_path / "a"), *names)["study_toml"])
    folder = with_settings(tmp_path / "b", f'title = "A study"\n[countries.EE]\nname = "E"\n{lines}\n{EXPORT}')
    assert pairs(folder, *names) == []
    assert set(read_responses(read_study(folder)).frame["school"]) == {"Tartu Kool"}


def test_a_declared_school_keeps_the_spellings_it_has(tmp_path):
    folder = study_folder(
        tmp_path, countries={"EE": 'name = "E"\n[countries.EE.schools."Tartu Kool"]\nalso = ["TK"]'})
    (lines,) = alike(folder, "Tartu kol", "TK")["study_toml"]
    school = tomllib.loads(lines)["countries"]["EE"]["schools"]["Tartu Kool"]
    assert school == {"also": ["TK", "Tartu kol"]}


@pytest.mark.parametrize("names", [
    ("Rakvere", "Rakvere eragümnaasium"), ("Tartu G", "Tartu Gümnaasium"), ("Kool Tartu", "Tartu kool"),
    ("ნისლაურის საჯარო სკოლა", "ნისლაურის საჯარო სკლა"),
    ("Panevėžio „Žemynos“ progimnazija", "Panevėžio Žemynos progimn."),
])
def test_an_added_word_an_abbreviation_another_order_and_a_slip_are_alike(tmp_path, names):
    (pair,) = pairs(study_folder(tmp_path), *names)
    assert set(pair) == set(names)


@pytest.mark.parametrize("names", [("School 1", "School 2"), ("Kool „A“", "Kool B"), ("Narva", "Tartu")])
def test_schools_told_apart_by_a_number_a_letter_or_their_names_are_two(tmp_path, names):
    assert pairs(study_folder(tmp_path), *names) == []


def test_schools_that_study_toml_declares_both_are_two(tmp_path):
    assert pairs(declaring(tmp_path, "Narva", "Narwa"), "Narva", "Narwa") == []


def test_a_school_is_compared_with_a_declared_one_that_nobody_wrote(tmp_path):
    assert pairs(declaring(tmp_path, "Narva"), "Narwa") == [("Narva", "Narwa")]


def test_many_spellings_of_one_school_are_pairs_with_it_and_not_with_one_another(tmp_path):
    names = ["Narva kool" + letter for letter in "abcdefg"]
    found = pairs(study_folder(tmp_path), *names)
    assert found == [(names[0], other) for other in names[1:]]


def test_nothing_is_suggested_where_the_codebook_lists_the_schools(tmp_path):
    from support import ANSWERS, ITEMS

    items = [*ITEMS, ["school", "", "choice", "schools", "no", "", "", ""]]
    answers = [*ANSWERS, ["schools", "Narva", "", "", ""], ["schools", "Narwa", "", "", ""]]
    assert pairs(study_folder(tmp_path, items=items, answers=answers), "Narva", "Narwa") == []
