"""Verifying: the same bytes, the same numbers, or neither; and why."""

from __future__ import annotations

import json
import shutil

import pytest
from click.testing import CliRunner

from analysis.cli import main
from analysis.running.verification import DIFFERENT, IDENTICAL, SAME_NUMBERS, compared, other_number
from here import in_this_process
from runs import PROJECT


def report(folder, change="0.31", label="Pedagogy", svg="<svg/>", numbers="0.31", inputs=None, packages=None,
           key_id="one"):
    for name, text in (("tables/change.csv", f"scale,change\n{label},{change}\n"), ("figures/change.svg", svg),
                       ("figures/change.csv", f"scale,change\n{label},{numbers}\n")):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    manifest = {"inputs": inputs or {"raw/a.csv": "0"}, "packages": packages or {"numpy": "2.0"}, "python": "3.11.2",
                "project": {"version": "1", "commit": ""}, "key_id": key_id, "files": {}}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return manifest


@pytest.fixture
def compare(tmp_path):
    def run(then: dict, now: dict):
        manifest = report(tmp_path / "then", **then)
        report(tmp_path / "now", **now)
        return compared(tmp_path / "then", manifest, tmp_path / "now")
    return run


def test_the_same_bytes_are_identical(compare):
    found = compare({}, {})
    assert (found.outcome, found.tables, found.figures, found.issues) == (IDENTICAL, 1, 1, [])


def test_numbers_within_the_tolerance_are_the_same_but_not_identical(compare):
    assert compare({"change": "0.31"}, {"change": "0.3100000000001"}).outcome == SAME_NUMBERS


@pytest.mark.parametrize("now", ["0.31000001", "", "-0.31", "nan"])
def test_another_number_is_a_difference_that_is_named(compare, now):
    found = compare({}, {"change": now})
    assert found.outcome == DIFFERENT
    assert found.issues == [f"tables/change.csv: row 2, column “change”: “0.31” then, “{now}” now."]


def test_a_figure_drawn_otherwise_counts_by_the_numbers_behind_it(compare):
    found = compare({}, {"svg": "<svg><path/></svg>"})
    assert (found.outcome, found.issues) == (SAME_NUMBERS, ["figures/change: the same numbers, drawn otherwise."])
    assert compare({}, {"svg": "<svg><path/></svg>", "numbers": "0.4"}).outcome == DIFFERENT


def test_another_label_is_a_difference(compare):
    assert compare({}, {"label": "Leadership"}).outcome == DIFFERENT


def test_changed_inputs_are_a_difference_and_versions_are_told(compare):
    found = compare({}, {"inputs": {"raw/a.csv": "1", "raw/b.csv": "2"}, "packages": {"numpy": "2.1"}})
    assert found.outcome == DIFFERENT
    assert found.issues == ["input raw/a.csv: has changed.", "input raw/b.csv: was not there then.",
                             "made with numpy 2.0, computed now with 2.1."]


def test_with_another_key_inputs_and_tables_by_school_are_said_not_to_be_checked(tmp_path):
    manifest = report(tmp_path / "then")
    report(tmp_path / "now", key_id="another", inputs={"raw/a.csv": "1"})
    for folder, school in (("then", "A"), ("now", "B")):
        (tmp_path / folder / "tables" / "participation.csv").write_text(f"school,n_pre\n{school},9\n", encoding="utf-8")
    found = compared(tmp_path / "then", manifest, tmp_path / "now")
    assert (found.outcome, found.tables) == (IDENTICAL, 1)
    assert found.issues == ["the report was made with another key than the study's private/key: whether its inputs and "
                             "tables by school (participation) are the same can't be told."]


def test_a_table_that_is_there_once_only_is_a_difference(tmp_path):
    manifest = report(tmp_path / "then")
    report(tmp_path / "now")
    (tmp_path / "now" / "tables" / "change.csv").unlink()
    found = compared(tmp_path / "then", manifest, tmp_path / "now")
    assert found.outcome == DIFFERENT and found.issues == ["tables/change.csv: is not there any more."]


def test_rows_that_one_file_lacks_differ(tmp_path):
    for name, text in (("one.csv", "a\n1\n"), ("other.csv", "a\n1\n2\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert other_number(tmp_path / "one.csv", tmp_path / "other.csv") == "row 3, column “a”: “” then, “2” now."


def test_a_report_is_reproduced_and_one_that_somebody_altered_is_not(tiny_run, tmp_path):
    reports = tmp_path / "received"
    for country in ("EE", "FI"):
        shutil.copytree(tiny_run.reports / "countries" / country, reports / "countries" / country)
    table = reports / "countries" / "FI" / "tables" / "linking.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("exact,", "exact,9"), encoding="utf-8")
    before = {path: path.read_bytes() for path in reports.rglob("*") if path.is_file()}
    with in_this_process():
        ended = CliRunner().invoke(main, ["verify", str(reports), "--study", str(tiny_run.study)])
    assert ended.exit_code == 1, ended.output
    assert "countries/EE: reproduced byte for byte" in ended.output
    assert "countries/FI: NOT reproduced" in ended.output
    assert "tables/linking.csv: was altered after the report was made." in ended.output
    assert {path: path.read_bytes() for path in reports.rglob("*") if path.is_file()} == before


def test_a_study_that_came_without_its_key_is_verified_as_far_as_it_can_be_and_gets_none(tiny_run, tmp_path):
    study, reports = tmp_path / tiny_run.study.name, tmp_path / "received"
    shutil.copytree(tiny_run.study, study, ignore=shutil.ignore_patterns("private"))
    shutil.copytree(tiny_run.reports / "countries" / "EE", reports / "countries" / "EE")
    with in_this_process():
        ended = CliRunner().invoke(main, ["verify", str(reports), "--study", str(study)])
    assert ended.exit_code == 0, ended.output
    assert "countries/EE: reproduced" in ended.output and "another key" in ended.output
    assert not (study / "private").exists()


def test_a_folder_without_reports_is_one_sentence(tmp_path):
    ended = CliRunner().invoke(main, ["verify", str(tmp_path), "--study", str(PROJECT / "data" / "example")])
    assert ended.exit_code == 2
    assert "there is no report in" in ended.stderr and "Traceback" not in ended.output
