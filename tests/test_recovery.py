"""The example study against its truth: links, change and the spellings of schools."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from analysis.pseudonyms import school_letters
from analysis.responses import Responses, read_responses
from analysis.scales import panel
from analysis.sections.results import Results
from analysis.study.folder import Study, read_study
from example.questionnaire import questionnaire
from panels import results_of

EXAMPLE = Path(__file__).parents[1] / "data" / "example"
COUNTRIES = ("EE", "FI", "GE", "LT", "NO")


@cache
def truth() -> dict:
    return json.loads((EXAMPLE / "truth.json").read_text(encoding="utf-8"))


@cache
def read() -> tuple[Study, Responses]:
    study = read_study(EXAMPLE)
    return study, read_responses(study)


@cache
def made() -> dict[str, Results]:
    return {country: results_of(panel(*read(), country)) for country in COUNTRIES}


def place(answer: dict) -> tuple[str, int]:
    return answer["file"], answer["row"]


def found_pairs(country: str) -> set[tuple]:
    frame = read()[1].frame
    linked = made()[country].panel.respondents.query("kind in ('exact', 'near')")
    return {
        tuple((frame.at[row[wave], "file"], int(frame.at[row[wave], "row"])) for wave in ("pre", "post"))
        for _, row in linked.iterrows()
    }


def true_pairs(country: str, *kinds: str) -> set[tuple]:
    return {
        (place(link["pre"]), place(link["post"]))
        for link in truth()["links"]
        if link["country"] == country and not link["set_aside"] and (not kinds or link["kind"] in kinds)
    }


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_link_is_a_true_one(country):
    assert found_pairs(country) - true_pairs(country) == set()


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_pair_with_equal_codes_is_linked(country):
    assert true_pairs(country, "exact") - found_pairs(country) == set()


def test_nearly_equal_codes_are_linked_but_where_a_colleague_has_one_like_them():
    near = set().union(*(true_pairs(country, "near") for country in COUNTRIES))
    found = set().union(*(found_pairs(country) for country in COUNTRIES))
    assert len(near - found) <= 1 < 20 < len(near)


def test_true_pairs_whose_codes_differ_or_are_missing_are_not_linked():
    for kind in ("ambiguous", "different", "no_code", "no_school"):
        assert not set().union(*(true_pairs(country, kind) & found_pairs(country) for country in COUNTRIES)), kind
    set_aside = {(place(link["pre"]), place(link["post"])) for link in truth()["links"] if link["set_aside"]}
    assert not set_aside & set().union(*(found_pairs(country) for country in COUNTRIES))


def test_of_double_submissions_the_true_one_counts():
    frame = read()[1].frame
    counted = {
        (frame.at[row, "file"], int(frame.at[row, "row"]))
        for of_country in made().values()
        for wave in ("pre", "post")
        for row in of_country.panel.respondents[wave].dropna()
    }
    for double in truth()["doubles"]:
        places = [(double["file"], row) for row in double["rows"]]
        kept = [row for file, row in places if (file, row) in counted]
        if double["kind"] == "identical":
            assert len(kept) == 1
        else:
            assert kept == ([] if double["kept"] is None else [double["kept"]])


@pytest.mark.parametrize("country", COUNTRIES)
def test_schools_have_one_spelling_each(country):
    study, responses = read()
    letter = school_letters(study, responses.frame, country)
    schools = set(made()[country].panel.respondents["school"]) - {""}
    first = {row["school"] for row in questionnaire().schools_of(1) if row["country"] == country}
    assert schools == {letter[name] for name in first}


@cache
def covered() -> pd.DataFrame:
    change = pd.concat([one.precise("change").assign(country=key) for key, one in made().items()])
    true = pd.DataFrame(truth()["change"])[["country", "scale", "change_score"]]
    table = change.merge(true, on=["country", "scale"], validate="one_to_one")
    return table.assign(inside=table["change_score"].between(table["ci_low"], table["ci_high"]))


def test_every_country_and_scale_of_the_truth_has_an_estimate():
    assert len(covered()) == len(truth()["change"]) == 30
    assert covered()[["change", "se", "df"]].notna().all(axis=None)


def test_intervals_cover_the_true_change_about_as_often_as_they_say():
    """Of 30 intervals at 95 %, 26 or more cover with a chance of 98 %, if they were independent."""
    assert covered()["inside"].sum() >= 26


def test_estimates_lie_around_the_true_change():
    off = (covered()["change"] - covered()["change_score"]) / covered()["se"]
    assert abs(off.mean()) < 0.5 and covered()[["change", "change_score"]].corr().iloc[0, 1] > 0.8


def test_the_retrospective_survey_shows_the_response_shift_that_was_put_in():
    table = made()["EE"].precise("retrospective").set_index("comparison")
    assert set(table["scale"]) == {"pedagogy"}
    steps = truth()["parameters"]["retrospective"]["steps_lower_than_after"]
    without_ceiling = sum(int(step) * share for step, share in steps.items())
    gain = table.loc["post minus then", "change"]
    assert 0.75 * without_ceiling < gain < without_ceiling, "answers at the lowest step can't be put lower"
    assert table.loc["then minus pre", "ci_high"] < 0
    assert gain > table.loc["post minus pre", "change"]
