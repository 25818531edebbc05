"""Monitoring: counts against targets while the survey is open, for the owner, from the first answer on."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis import sections
from analysis.language import Language
from analysis.sections.monitoring import MonitoringResults
from analysis.sections.parts import Table
from analysis.statistics.planning import expected_half_width
from analysis.study.folder import read_study
from panels import SCHOOLS, random_rows
from support import study_folder, write_csv

DECLARED = """name = "Estonia"
target_teachers = 60
target_schools = 5
fieldwork = { pre = [2023-05-01, 2023-05-10] }
[countries.EE.schools.A]
invited = 40
[countries.EE.schools.Silent]
invited = 20"""
HEADER = ["code", "school", "p1", "p2", "p3", "l1", "submitted"]


def monitored(folder, post=True, today="2023-05-05"):
    pre_rows, post_rows = random_rows(2, SCHOOLS)
    exports = [{"file": "raw/pre.csv", "wave": "pre"}]
    write_csv(folder / "raw" / "pre.csv", [HEADER, *([*row, "2023-05-02 10:00"] for row in pre_rows)])
    if post:
        exports.append({"file": "raw/post.csv", "wave": "post"})
        write_csv(folder / "raw" / "post.csv", [HEADER, *([*row, "2023-09-02 10:00"] for row in post_rows)])
    study = read_study(study_folder(folder, exports, countries={"EE": DECLARED}))
    return MonitoringResults(study, pd.Timestamp(today), sections.MONITORING, Language())


def test_answers_are_held_against_targets_and_what_is_expected_by_today(tmp_path):
    progress = monitored(tmp_path).table("progress").set_index("wave")
    counts = progress.loc["pre", ["n", "target", "expected_by_today", "schools", "target_schools"]]
    assert counts.tolist() == [46, 60, 30, 4, 5]
    assert progress.at["pre", "share_of_target"] == pytest.approx(46 / 60)
    assert pd.isna(progress.at["post", "expected_by_today"])


def test_schools_stand_under_their_names_and_silent_ones_are_to_be_reminded(tmp_path):
    schools = monitored(tmp_path).table("by_school").set_index("school")
    assert list(schools.index) == ["A", "Silent", "B", "C", "D"]
    assert schools.loc["A", ["invited", "n_pre", "n_post", "n_matched", "remind"]].tolist() == [40, 14, 12, 9, "post"]
    assert schools.at["Silent", "remind"] == "post" and schools.at["B", "remind"] == ""


def test_the_expected_width_is_that_of_the_changes_so_far_and_smaller_at_the_target(tmp_path):
    results = monitored(tmp_path)
    row = results.table("expected_width").set_index("scale").loc["pedagogy"]
    panel = results.panels["EE"]
    changes = (panel.scores["post"] - panel.scores["pre"])["pedagogy"].dropna()
    assert row["n_matched"] == len(changes) and row["assumed"] == "no"
    assert row["half_width_at_target"] < row["half_width_now"]


def test_it_works_with_the_first_answers_to_one_survey(tmp_path):
    results = monitored(tmp_path, post=False)
    widths = results.table("expected_width")
    assert (widths["assumed"] == "yes").all() and widths["half_width_now"].isna().all()
    assert widths["half_width_at_target"].notna().all()
    shown = [block.name for block in sections.MONITORING[0].main(results) if isinstance(block, Table)]
    assert shown[:3] == ["progress", "by_school", "expected_width"]


# R: qt(.975, schools - 1) * sqrt((1 + (matched / schools - 1) * .05) / matched)
@pytest.mark.parametrize(("matched", "schools", "expected"), [
    (120, 6, 0.327686), (6, 6, 1.049436), (61, 5, 0.444004), (120, 1, float("inf"))])
def test_the_expected_half_width_is_that_of_r(matched, schools, expected):
    assert expected_half_width(matched, schools, 1.0, 0.05) == pytest.approx(expected, abs=1e-6)
