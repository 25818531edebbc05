"""retrospective.csv: both gains and the response shift, never pooled."""

import numpy as np
import pytest

from analysis.responses import read_responses
from analysis.scales import panel
from analysis.sections.retrospective import COLUMNS
from analysis.study.folder import read_study
from panels import HEADER, country_results, random_rows, results_of
from support import study_folder, write_csv

SCHOOLS = dict.fromkeys("ABCD", (10, 4, 4))


def with_then(folder, then_of):
    pre, post = random_rows(1, SCHOOLS)
    then = [[*row[:2], *then_of(row[2:])] for row in post]
    for wave, rows in (("pre", pre), ("post", post), ("then", then)):
        write_csv(folder / "raw" / f"{wave}.csv", [HEADER, *rows])
    read = read_study(study_folder(
        folder, [{"file": f"raw/{wave}.csv", "wave": wave} for wave in ("pre", "post", "then")]))
    return results_of(panel(read, read_responses(read), "EE")), pre, post


def lower(answers):
    """One point less of what each scale measures; p2 is reversed."""
    p1, p2, p3, l1 = answers
    return [max(p1 - 1, 1), min(p2 + 1, 5), max(p3 - 1, 1), max(l1 - 1, 1)]


def test_both_gains_and_the_shift_stand_side_by_side(tmp_path):
    teachers, _, post = with_then(tmp_path, lower)
    table = teachers.precise("retrospective")
    assert list(table.columns) == COLUMNS
    assert list(table["comparison"].unique()) == ["post minus pre", "post minus then", "then minus pre"]
    rows = table.set_index(["scale", "comparison"])
    gain = np.mean([row[5] - max(row[5] - 1, 1) for row in post])
    assert rows.loc[("leadership", "post minus then"), "n_matched"] == len(post)
    assert rows.loc[("leadership", "post minus then"), "change"] == pytest.approx(gain, abs=1e-9)


def test_the_retrospective_wave_leaves_the_main_estimate_alone(tmp_path):
    teachers, pre, post = with_then(tmp_path / "with", lower)
    alone = country_results(tmp_path / "without", pre, post)
    with_wave, without = (each.precise("change").set_index("scale") for each in (teachers, alone))
    np.testing.assert_array_equal(with_wave["change"], without["change"])
    rows = teachers.precise("retrospective").set_index(["scale", "comparison"])
    assert rows.loc[("pedagogy", "post minus pre"), "change"] == with_wave.loc["pedagogy", "change"]


def test_the_retrospective_answers_belong_to_the_teacher_who_gave_them(tmp_path):
    teachers, _, post = with_then(tmp_path, lambda answers: [*answers[:3], 6 - answers[3]])
    np.testing.assert_array_equal(teachers.panel.scores["then"]["pedagogy"], teachers.panel.scores["post"]["pedagogy"])
    assert teachers.panel.scores["then"]["pedagogy"].notna().sum() == len(post)


def test_without_a_retrospective_wave_the_table_is_empty(tmp_path):
    assert country_results(tmp_path, *random_rows(2, SCHOOLS)).precise("retrospective").empty
