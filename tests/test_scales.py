"""From answers to scores: reversed items, minimum answered, and scales that one wave asks only."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.errors import StudyError
from analysis.language import Language
from analysis.notes import note
from analysis.responses import read_responses
from analysis.scales import panel, score, scored_items
from analysis.sections.results import of_country
from analysis.study.folder import read_study
from analysis.study.populations import Population
from panels import HEADER, tiny_panel
from support import ITEMS, SCALES, study_folder, write_csv

NAN = np.nan


@pytest.mark.parametrize(
    ("answers", "minimum", "expected"),
    [
        ([1, 2, 4, 5], 0.5, 3.0),
        ([1, 2, NAN, NAN], 0.5, 1.5),
        ([1, NAN, NAN, NAN], 0.5, NAN),
        ([4, NAN, NAN, NAN], 0.25, 4.0),
        ([1, 2, 3, NAN], 1.0, NAN),
        ([1, 2, 3, 4], 1.0, 2.5),
        ([NAN] * 4, 0.01, NAN),
        ([2, NAN, 4], 2 / 3, 3.0),
        ([2, NAN, NAN], 1 / 3, 2.0),
    ],
)
def test_a_score_is_the_mean_of_the_answered_items_if_enough_were_answered(answers, minimum, expected):
    result = score(pd.DataFrame([answers]), minimum)
    np.testing.assert_array_equal(result, [expected])


def test_a_scale_without_items_has_no_score():
    assert score(pd.DataFrame(index=[3, 7]), 0.5).isna().all()


def test_reversed_items_are_mirrored_within_their_answer_set_before_scoring(tmp_path):
    made = tiny_panel(tmp_path, [["a1", "S", 2, 1, 3, 4]], [["a1", "S", 2, 5, 3, 4]])
    assert made.answers["pre"]["p2"].tolist() == [5] and made.answers["post"]["p2"].tolist() == [1]
    assert made.scores["pre"]["pedagogy"].tolist() == [pytest.approx((2 + 5 + 3) / 3)]
    assert made.scores["post"]["pedagogy"].tolist() == [pytest.approx((2 + 1 + 3) / 3)]
    assert made.scores["pre"]["leadership"].tolist() == [4]


def test_dont_know_counts_as_not_answered(tmp_path):
    made = tiny_panel(tmp_path, [["a1", "S", 2, 99, 3, "Don't know"]], [])
    assert made.scores["pre"]["pedagogy"].tolist() == [2.5]
    assert np.isnan(made.scores["pre"]["leadership"].iloc[0])
    assert not made.complete["pre"]["pedagogy"].iloc[0]


def test_who_answered_once_has_no_scores_in_the_other_wave(tmp_path):
    made = tiny_panel(tmp_path, [["a1", "S", 2, 2, 3, 4]], [["b1", "S", 2, 2, 3, 4]])
    assert made.respondents["kind"].tolist() == ["pre_only", "post_only"]
    assert np.isfinite(made.scores["pre"]["leadership"]).tolist() == [True, False]
    assert np.isfinite(made.scores["post"]["leadership"]).tolist() == [False, True]


def test_a_scale_of_one_wave_is_scored_there_not_compared_and_the_notice_says_so(tmp_path):
    made = tiny_panel(
        tmp_path, [["a1", "S", 2, 1, 3]], [["a1", "S", 2, 5, 3, 4]], header=HEADER[:5], post_header=HEADER
    )
    assert made.compared_scales == ["pedagogy"]
    assert made.scores["pre"]["leadership"].isna().all()
    assert made.scores["post"]["leadership"].tolist() == [4]
    assert made.notices == (note("follow_up_only", scale="leadership"),)


def test_scales_of_which_the_same_is_to_be_said_stand_in_one_sentence(tmp_path):
    notices = tuple(note("follow_up_only", scale=scale) for scale in ("pedagogy", "leadership"))
    made = replace(tiny_panel(tmp_path, []), notices=(*notices, note("iterations_read", iteration=1)))
    assert of_country(made, [], Language()).notices("follow_up_only", "baseline_only") == (
        "Asked only at follow-up, so described but not compared: “Pedagogical practices” and “Leadership”.")


def test_items_of_one_wave_do_not_enter_the_score_of_either(tmp_path):
    made = tiny_panel(
        tmp_path, [["a1", "S", 1, 4, 3]], [["a1", "S", 2, 5, 4]],
        header=["code", "school", "p1", "p2", "l1"], post_header=["code", "school", "p1", "p3", "l1"],
    )
    assert made.items["pedagogy"] == ["p1"]
    assert made.scores["pre"]["pedagogy"].tolist() == [1] and made.scores["post"]["pedagogy"].tolist() == [2]
    assert made.notices == (note("shared_items", scale="pedagogy", used=1, items=3),)


def test_a_scale_that_shares_no_item_between_the_waves_is_not_compared(tmp_path):
    made = tiny_panel(
        tmp_path, [["a1", "S", 1, 3]], [["a1", "S", 2, 4]],
        header=["code", "school", "p1", "l1"], post_header=["code", "school", "p3", "l1"],
    )
    assert made.items["pedagogy"] == [] and made.compared_scales == ["leadership"]
    assert made.notices == (note("no_shared_item", scale="pedagogy"),)


def test_scored_items_are_those_of_both_waves_or_of_the_only_one(tmp_path):
    codebook = tiny_panel(tmp_path, []).study.codebook
    both = {"pre": frozenset({"p1", "p2"}), "post": frozenset({"p2", "p3"})}
    assert scored_items(codebook, "pedagogy", both) == ["p2"]
    assert scored_items(codebook, "pedagogy", both | {"post": frozenset()}) == ["p1", "p2"]
    assert scored_items(codebook, "pedagogy", {"pre": frozenset(), "post": frozenset()}) == []


def test_a_scale_of_numbers_is_scored(tmp_path):
    items = [*ITEMS, ["hours", "time", "number", "", "no", "", "Hours a week", ""]]
    scales = [*SCALES, ["time", "Time", "", "own", ""]]
    made = tiny_panel(
        tmp_path, [["a1", "S", "2.5", 3]], [["a1", "S", "4", 3]],
        header=["code", "school", "hours", "l1"], items=items, scales=scales,
    )
    assert made.scores["pre"]["time"].tolist() == [2.5] and "time" in made.compared_scales


def test_schools_are_clusters_and_an_empty_one_is_minus_one(tmp_path):
    made = tiny_panel(tmp_path, [["a1", "S", 1, 1, 1, 1], ["b1", "", 1, 1, 1, 1], ["c1", "T", 1, 1, 1, 1]], [])
    by_school = dict(zip(made.respondents["school"], made.cluster, strict=True))
    assert by_school == {"": -1, "A": 0, "B": 1}


def test_without_a_school_column_there_are_no_clusters_and_codes_still_link(tmp_path):
    made = tiny_panel(
        tmp_path, [["a1", 1, 1, 1, 1]], [["a1", 2, 2, 2, 2]], header=["code", "p1", "p2", "p3", "l1"])
    assert made.cluster is None and made.linked.counts["exact"] == 1


def test_without_a_code_column_nobody_is_linked(tmp_path):
    made = tiny_panel(
        tmp_path, [["S", 1, 1, 1, 1]], [["S", 2, 2, 2, 2]], header=["school", "p1", "p2", "p3", "l1"])
    assert made.linked.counts["no_code"] == 2 and made.linked.counts["exact"] == 0


def test_leaders_and_other_iterations_are_left_out_and_counted_in_a_notice(tmp_path):
    exports = [
        {"file": "raw/a.csv"}, {"file": "raw/b.csv", "respondents": "leaders"},
        {"file": "raw/c.csv", "iteration": 2},
    ]
    study = read_study(study_folder(tmp_path, exports))
    for name, rows in (("a", 3), ("b", 2), ("c", 1)):
        write_csv(tmp_path / "raw" / f"{name}.csv", [HEADER, *([f"{n}x", "S", 1, 1, 1, 1] for n in range(rows))])
    made = panel(study, read_responses(study), "EE")
    assert len(made.respondents) == 3
    assert made.notices[:1] == (note("iterations_read", iteration=1),)
    second = panel(study, read_responses(study), "EE", Population(iteration=2))
    assert len(second.respondents) == 1


def test_files_of_context_join_by_school_or_code_in_any_declared_spelling(tmp_path):
    items = [*ITEMS, *([name, "", "number", "", "no", "", name.title(), ""] for name in ("sessions", "logins"))]
    write_csv(tmp_path / "raw" / "pre.csv",
              [["code", "school", "p1"], ["AB1O", "Tartu", 1], ["cd22", "TARTU K", 2], ["ef33", "", 3]])
    write_csv(tmp_path / "raw" / "schools.csv", [["school", "sessions"], ["tartu k", 7], ["Narva", 3]])
    write_csv(tmp_path / "raw" / "log.csv", [["code", "logins"], ["ab10", 40], ["ef33", 2]])
    declared = 'name = "E"\n[countries.EE.schools.Tartu]\nalso = ["Tartu K"]\nrole = "mentored"\nhub = "South"'
    exports = [{"file": "raw/pre.csv"}, *({"file": f"raw/{name}.csv", "kind": "context"} for name in ("schools", "log"))]
    study = read_study(study_folder(
        tmp_path, exports, items=items, countries={"EE": declared}, settings='school_names = "show"'))
    responses = read_responses(study)
    made = panel(study, responses, "EE")
    context = made.context.set_axis(made.answers["pre"]["p1"])
    assert context.loc[[1, 2], "sessions"].tolist() == [7, 7] and np.isnan(context.at[3, "sessions"])
    assert context.loc[[1, 3], "logins"].tolist() == [40, 2] and np.isnan(context.at[2, "logins"])
    assert made.schools.loc["Tartu", ["role", "hub"]].tolist() == ["mentored", "South"]
    assert [one for one in responses.warnings if "join" in one] == [
        "raw/schools.csv: 1 of 2 rows join no respondent by their school."]


@pytest.mark.parametrize(("rows", "said"), [
    ([["school", "sessions"], ["Tartu", 1], ["TARTU", 2]], "this school has a row already"),
    ([["code", "sessions"], ["abl0", 1], ["ab1o", 2]], "this code has a row already"),
    ([["place", "sessions"], ["Tartu", 1]], "expected a column with the school or the respondent's code"),
])
def test_a_file_of_context_that_cannot_be_joined_is_named(tmp_path, rows, said):
    items = [*ITEMS, ["sessions", "", "number", "", "no", "", "Sessions", ""]]
    write_csv(tmp_path / "raw" / "pre.csv", [["code", "school", "p1"], ["AB1O", "Tartu", 1]])
    write_csv(tmp_path / "raw" / "context.csv", rows)
    exports = [{"file": "raw/pre.csv"}, {"file": "raw/context.csv", "kind": "context"}]
    with pytest.raises(StudyError, match=said):
        read_responses(read_study(study_folder(tmp_path, exports, items=items)))
