"""What a researcher calls in a notebook is what the reports are made of."""

from __future__ import annotations

import pandas as pd
import pytest

import analysis
from analysis.errors import StudyError
from runs import tiny_study


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return analysis.read_study(tiny_study(tmp_path_factory.mktemp("api") / "study"))


@pytest.fixture(scope="module")
def estonia(study):
    return study.panel("EE")


def test_every_noun_gives_the_table_of_the_report(estonia):
    given = {
        "participation": estonia.participation(), "linking": estonia.linkage(), "reliability": estonia.reliability(),
        "item_reliability": estonia.reliability(by="item"), "attrition": estonia.attrition(),
        "item_change": estonia.items(), "change": estonia.change(), "change_by_school": estonia.change(by="school"),
        "sensitivity": estonia.change(method="all"),
    }
    for name, frame in given.items():
        pd.testing.assert_frame_equal(frame, estonia.results.table(name))


def test_a_wrong_name_is_answered_with_those_there_are(study, estonia):
    with pytest.raises(StudyError, match="expected EE or FI"):
        study.panel("Narnia")
    with pytest.raises(StudyError, match="expected scale or school"):
        estonia.change(by="schol")
    with pytest.raises(StudyError, match="years"):
        estonia.where("age > 30")


def test_a_subgroup_that_would_tell_of_a_few_by_subtraction_is_refused(estonia):
    with pytest.raises(StudyError, match="leaves out too few"):
        estonia.where("years >= 5")


def test_a_subgroup_is_analysed_like_the_whole(estonia):
    young = estonia.where("years < 15").change()
    assert list(young.columns) == list(estonia.change().columns)
    assert (young["n_matched"] < estonia.change()["n_matched"]).all()


def test_the_long_frame_has_a_row_per_score(estonia):
    long = estonia.tidy()
    assert {"respondent", "wave", "scale", "score", "school", "years"} <= set(long.columns)
    assert not long.duplicated(["respondent", "wave", "scale"]).any()
    assert len(long) == sum(int(frame.notna().sum().sum()) for frame in (estonia.panel.scores[w] for w in ("pre", "post")))


def test_a_country_shows_how_many_and_which_scales_and_no_respondent(study, estonia):
    shown = study._repr_html_() + estonia._repr_html_()
    assert "24 at baseline" in shown and "EE00" not in shown and "Private remark" not in shown


def test_the_figures_are_those_of_the_reports(study, estonia):
    assert all(figure.axes for figure in (estonia.plot.change(), study.plot.forest()))


def test_a_report_is_made_and_its_folder_returned(study, tmp_path):
    folder = study.report("EE", to="html", out=tmp_path)
    assert {"report.html", "annex.html", "manifest.json"} <= {path.name for path in folder.iterdir()}


def test_a_figure_shows_itself_in_a_notebook(estonia):
    content, shown = estonia.plot.change(width=3.0)._repr_png_()
    assert content.startswith(b"\x89PNG") and shown == {"width": 288}
