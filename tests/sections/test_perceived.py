"""Perceived change beside the measured one: means against the middle of the answers, and where both disagree."""

import numpy as np
import pytest

from analysis.sections import perceived
from analysis.sections.parts import Figure, Table, Text
from analysis.statistics.cr2 import mean_cr2
from panels import HEADER, SCHOOLS, country_results, random_rows
from support import ANSWERS, ITEMS, SCALES

SCALE = ["felt", "Felt change in practice", "", "own", "", "pedagogy"]
BESIDE = [[*row, "perceived_change_of" if at == 0 else ""] for at, row in enumerate(SCALES)] + [SCALE]
MORE = [*ITEMS, ["f1", "felt", "likert", "more", "no", "", "I plan with others", ""],
        ["f2", "felt", "likert", "more", "no", "", "I try new tools", ""]]
LABELS = ["much less", "less", "about the same", "more", "much more"]
GIVEN = [*ANSWERS, *(["more", str(at), "", label, ""] for at, label in enumerate(LABELS, 1))]


def study(folder, lift=1.0, rise=0, schools=SCHOOLS, **study):
    """Results of a study whose teachers feel `lift` points of change and answer `rise` points higher, or at random."""
    pre, post = random_rows(1, schools)
    rng, told = np.random.default_rng(2), []
    for row in post:
        felt = np.clip(np.round(3 + lift + rng.normal(0, 0.8, 2)), 1, 5).astype(int)
        p1, p2, p3, l1 = rng.integers(1, 6, 4) if rise is None else row[2:]
        rise_of = rise or 0
        told.append([*row[:2], min(p1 + rise_of, 5), max(p2 - rise_of, 1), min(p3 + rise_of, 5), l1, *felt])
    results = country_results(folder, pre, told, post_header=[*HEADER, "f1", "f2"], scales=BESIDE, items=MORE,
                              answers=GIVEN, **study)
    return results, told


def text_of(results):
    return " ".join(block.markdown for block in perceived.main(results) if isinstance(block, Text))


def test_an_items_mean_has_the_cr2_interval_over_schools_of_all_who_answered(tmp_path):
    results, told = study(tmp_path, schools=dict.fromkeys("ABCD", (9, 5, 6)))
    table = results.precise("perceived")
    assert list(table.columns) == ["item", "n", "mean", "ci_low", "ci_high", "note"] and list(table["item"]) == ["f1", "f2"]
    expected = mean_cr2([row[6] for row in told], [row[1] for row in told])
    row = table.iloc[0]
    assert (row["n"], row["mean"], row["ci_low"], row["ci_high"]) == (
        len(told), pytest.approx(expected.estimate), pytest.approx(expected.low), pytest.approx(expected.high))


def test_a_scales_distance_is_from_the_middle_of_its_answers(tmp_path):
    results, _told = study(tmp_path)
    row = results.precise("perceived_scales").iloc[0]
    assert (row["scale"], row["measured"], row["middle"]) == ("felt", "pedagogy", 3)
    assert row["estimate"] == pytest.approx(row["mean"] - 3)
    assert row["n"] == results.panel.scores["post"]["felt"].notna().sum()


def test_the_text_names_the_middle_and_says_where_perceived_and_measured_change_disagree(tmp_path):
    said = text_of(study(tmp_path, lift=1.0, rise=None, schools=dict.fromkeys("ABCDEF", (9, 5, 6)))[0])
    assert "3 (“about the same”), means no change" in said
    assert "Teachers say that “Pedagogical practices” increased" in said
    assert "the measured scale shows no clear change" in said and "satisfaction" in said


def test_where_both_rose_nothing_disagrees(tmp_path):
    results, _ = study(tmp_path, lift=1.0, rise=2, schools=dict.fromkeys("ABCDEF", (9, 5, 6)))
    figure = next(block for block in perceived.main(results) if isinstance(block, Figure))
    assert "satisfaction" not in text_of(results)
    assert figure.title == "Perceived and measured change do not disagree"


def test_a_measured_rise_that_teachers_do_not_perceive_is_said(tmp_path):
    said = text_of(study(tmp_path, lift=0.0, rise=2, schools=dict.fromkeys("ABCDEF", (9, 5, 6)))[0])
    assert "Teachers do not clearly say that “Pedagogical practices” changed" in said and "the measured scale rose" in said


def test_the_figure_has_an_axis_for_each_kind_of_change(tmp_path):
    figure = next(block for block in perceived.main(study(tmp_path)[0]) if isinstance(block, Figure))
    for width in (6.3, 3.15):
        axes = figure.draw(width).axes
        assert len(axes) == 2 and axes[0].get_xlim() != axes[1].get_xlim()


def test_too_few_answers_are_suppressed(tmp_path):
    results, _ = study(tmp_path, schools={"A": (4, 9, 0), "B": (0, 9, 0)})
    assert results.precise("perceived")["mean"].isna().all() and not list(perceived.main(results))


def test_a_study_without_such_a_scale_shows_nothing(tmp_path):
    results = country_results(tmp_path, *random_rows(1, SCHOOLS))
    assert not perceived.present(results) and not set(perceived.ESTIMATES) & set(results.tables)


def test_the_annex_has_the_mean_of_every_item(tmp_path):
    tables = [block for block in perceived.annex(study(tmp_path)[0]) if isinstance(block, Table)]
    assert [row[0] for row in tables[0].rows] == ["I plan with others", "I try new tools"]
