"""Mentors: answers per iteration in a country, and all countries together without telling those that are few."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from analysis.report import across_report, country_report
from analysis.sections import mentors
from analysis.sections.across import mentors as across
from analysis.sections.parts import Figure, Table, Text
from panels import HEADER as TEACHERS
from panels import random_rows
from support import ITEMS, SCALES, study_folder, write_csv

OWN_SCALES = [[*SCALES[0], "respondents"], *([*row, "teachers"] for row in SCALES[1:]),
              ["model", "Mentoring model", "Mentorlus", "own", "", "mentors"]]
OWN_ITEMS = [*ITEMS, ["m1", "model", "likert", "agree", "no", "", "The model suits schools", "Sobib"],
             ["m2", "model", "likert", "agree", "yes", "", "It takes too much time", "Aeg"]]
HEADER = ["code", "m1", "m2", "tools", "comment", "comment_code"]
SCHOOLS = {"A": (6, 0, 0), "B": (6, 0, 0)}


def rows(seed: int, n: int, categories=("time", "tools")) -> list[list]:
    """Answers of n mentors, the first two of whom answer m1 differently."""
    rng = np.random.default_rng(seed)
    return [[f"m{seed}{at:03d}x", at % 5 + 1, int(rng.integers(1, 6)), ("tablet", "board")[at % 2], "Hello Ann",
             categories[at % len(categories)]] for at in range(n)]


def programme(folder, answers, settings=""):
    """The report across countries on mentors' rows by country and iteration; every country has teachers."""
    exports = []
    for at, (country, iterations) in enumerate(answers.items()):
        for wave, given in zip(("pre", "post"), random_rows(at, SCHOOLS), strict=True):
            write_csv(folder / f"raw/{country}-{wave}.csv", [TEACHERS, *given])
            exports.append({"country": country, "wave": wave, "file": f"raw/{country}-{wave}.csv"})
        for iteration, own in iterations.items():
            file = f"raw/{country}-mentors-{iteration}.csv"
            write_csv(folder / file, [HEADER, *own])
            exports.append({"country": country, "wave": "post", "file": file, "respondents": "mentors",
                            "iteration": iteration})
    study_folder(folder, exports, scales=OWN_SCALES, items=OWN_ITEMS, settings=settings,
                 countries={key: f'name = "Land {key}"' for key in answers})
    return across_report(folder)


def of_sizes(folder, **sizes):
    return programme(folder, {key: {1: rows(at, n)} for at, (key, n) in enumerate(sizes.items())})


def given(*of, place=1) -> list[int]:
    """How many answered 1 to 5."""
    found = [row[place] for own in of for row in own]
    return [found.count(value) for value in range(1, 6)]


def counts(table: pd.DataFrame, item: str, **where) -> list:
    for name, value in where.items():
        table = table.loc[table[name] == value]
    return table.loc[table["item"] == item, "n"].tolist()


def test_a_country_s_answers_are_counted_as_asked_per_iteration(tmp_path):
    first, second = rows(1, 10), rows(2, 7)
    results = programme(tmp_path, {"EE": {1: first, 2: second}}).results.countries["EE"]
    table = results.precise("mentor_answers")
    assert list(table.columns) == mentors.ANSWER_COLUMNS
    for iteration, own in ((1, first), (2, second)):
        assert counts(table, "m1", iteration=iteration) == given(own)
        assert counts(table, "m2", iteration=iteration) == given(own, place=2), "reverse-scored, but as asked"
    assert table.query("item == 'm1' and iteration == 1")["share"].sum() == pytest.approx(1)
    assert not {"p1", "l1"} & set(table["item"]) and "Ann" not in table.to_csv()


def test_too_few_mentors_have_a_sentence_without_numbers(tmp_path):
    results = of_sizes(tmp_path, EE=4, FI=8).results.countries["EE"]
    table = results.precise("mentor_answers")
    assert table["n"].isna().all() and set(table["note"]) == {"no_variation"}
    _heading, text = mentors.main(results)
    assert "too few" in text.markdown and not any(sign.isdigit() for sign in text.markdown)
    assert not list(mentors.annex(results))


def test_figures_have_a_bar_per_iteration_and_say_the_range_of_the_upper_answers(tmp_path):
    results = programme(tmp_path, {"EE": {1: rows(1, 10), 2: rows(2, 10)}}).results.countries["EE"]
    (figure, *_rest) = [block for block in mentors.annex(results) if isinstance(block, Figure)]
    assert figure.name == "mentors-model" and figure.title.startswith("Mentoring model: ")
    assert "iteration 1" in figure.alt and "iteration 2" in figure.alt
    (text,) = [block for block in mentors.main(results) if isinstance(block, Text)]
    assert "@fig-mentors-model" in text.markdown
    tables = {block.name: block for block in mentors.annex(results) if isinstance(block, Table)}
    assert tables["mentor-answers"].rows[0][:3] == ["Tools I use", "1", "Tablet"]
    assert [row[2] for row in tables["mentor-categories"].rows] == ["time", "tools"] * 2


def test_all_countries_together_are_the_sum_of_those_shown_and_of_the_others_if_they_are_enough(tmp_path):
    table = of_sizes(tmp_path, EE=10, FI=3, GE=7, LT=2).results.precise("mentor_answers")
    assert counts(table, "m1", country="") == given(rows(0, 10), rows(1, 3), rows(2, 7), rows(3, 2))
    assert counts(table, "m1", country="EE") == given(rows(0, 10))
    assert table.loc[table["country"].isin(["FI", "LT"]), "n"].isna().all()


def test_countries_that_are_few_together_are_left_out_of_the_whole_and_the_note_says_so(tmp_path):
    table = of_sizes(tmp_path, EE=10, FI=3, GE=7, LT=1).results.precise("mentor_answers")
    assert counts(table, "m1", country="") == given(rows(0, 10), rows(2, 7))
    assert set(table.loc[(table["country"] == "") & (table["item"] == "m1"), "note"]) == {"countries_suppressed"}


def test_countries_that_are_few_each_but_enough_together_are_shown_together_alone(tmp_path):
    table = of_sizes(tmp_path, EE=3, FI=4, GE=2).results.precise("mentor_answers")
    assert counts(table, "m1", country="") == given(rows(0, 3), rows(1, 4), rows(2, 2))
    assert table.loc[table["country"] != "", "n"].isna().all()


def test_where_too_few_answered_in_all_countries_nothing_is_shown(tmp_path):
    report = of_sizes(tmp_path, EE=2, FI=2)
    assert report.results.precise("mentor_answers")["n"].isna().all()
    _heading, text = report.blocks("mentors")
    assert "too few" in text.markdown and not list(report.blocks("mentors", "annex"))


@pytest.mark.parametrize("seed", range(3))
def test_the_whole_less_any_countries_that_are_shown_is_nobody_or_enough(tmp_path, seed):
    rng = np.random.default_rng(seed)
    names = ("time", "tools", "trust", "talk")
    answers = {key: {1: rows(10 * seed + at, int(rng.integers(0, 12)), tuple(rng.choice(names, 5)))}
               for at, key in enumerate(("EE", "FI", "GE", "LT"))}
    results = programme(tmp_path, answers).results
    table = results.precise("mentor_answers").dropna(subset=["n"])
    for item in ("m1", "m2", "tools"):
        bases = {key: own["n"].sum() for key, own in table.loc[table["item"] == item].groupby("country")}
        assert_no_few(bases)
    told = results.precise("mentor_categories").dropna(subset=["n"])
    for _category, own in told.loc[told["category"] != "other categories"].groupby("category"):
        assert_no_few(dict(zip(own["country"], own["n"], strict=True)))


def assert_no_few(bases: dict[str, int]) -> None:
    """The whole (key "") less all or some of the others is 0 or at least 5."""
    own = [n for key, n in bases.items() if key]
    for k in range(len(own) + 1) if "" in bases else ():
        for some in itertools.combinations(own, k):
            assert not 0 < bases[""] - sum(some) < 5


def test_a_category_that_few_of_the_other_countries_were_given_joins_the_others(tmp_path):
    given = ("talk", "talk", "talk", "talk", "talk", "trust", "trust", "trust", "time")
    answers = {"EE": {1: rows(0, 12, ("time", "tools"))}, "FI": {1: rows(1, 18, given)}}
    table = programme(tmp_path, answers).results.precise("mentor_categories")
    assert table.loc[table["country"] == "EE", ["category", "n"]].values.tolist() == [["time", 6], ["tools", 6]]
    finnish = table.loc[table["country"] == "FI", ["category", "n"]]
    assert finnish.values.tolist() == [["talk", 10], ["other categories", 8]]
    whole = table.loc[table["country"] == ""].set_index("category")["n"].to_dict()
    assert whole == {"talk": 10, "tools": 6, "other categories": 14}, "8 of time less Estonia's 6 would be Finland's 2"


def test_across_countries_the_annex_has_a_column_per_country_that_is_shown(tmp_path):
    report = of_sizes(tmp_path, EE=10, FI=3, GE=7, LT=2)
    (table,) = [block for block in report.blocks("mentors", "annex") if isinstance(block, Table)]
    assert table.headings == ["Question", "Iteration", "Answer", "All countries", "Land EE", "Land GE"]
    figure, = [block for block in report.blocks("mentors") if isinstance(block, Figure)]
    assert figure.name == "mentors-model"


def test_a_study_without_mentors_has_no_such_section_and_no_such_table(tmp_path):
    report = programme(tmp_path, {"EE": {}})
    assert not set(mentors.ESTIMATES) & set(report.results.tables) and not across.present(report.results)
    assert not list(report.blocks("mentors"))
    country = country_report(tmp_path, "EE")
    assert not set(mentors.ESTIMATES) & set(country.results.tables) and not list(country.blocks("mentors", "annex"))
