"""The API: nouns that give the reports' frames, errors that name what there is, nothing of a respondent unasked."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.figure import Figure

import analysis
from analysis import StudyError, read_study
from here import in_this_process
from runs import tiny_study
from support import PRE, study_folder, write_csv

COLUMNS = {
    "participation": ["school", "n_pre", "n_post", "n_matched", "n_pre_only", "n_post_only", "note"],
    "linkage": ["kind", "n"],
    "reliability": ["scale", "wave", "n", "n_items", "alpha", "alpha_low", "alpha_high", "omega", "note"],
    "items": ["item", "scale", "n", "improved", "same", "worse", "superiority", "superiority_low", "superiority_high", "p",
              "p_adjusted", "note"],
}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return read_study(tiny_study(tmp_path_factory.mktemp("api") / "study"))


@pytest.fixture(scope="module")
def estonia(study):
    return study.panel("EE")


def test_all_that_a_researcher_starts_with_is_a_study(study):
    assert set(analysis.__all__) == {"StudyError", "read_study"}
    assert study.countries == ["EE", "FI"], "those with answers"


def test_a_country_is_found_by_its_key_and_by_its_name(study, estonia):
    pd.testing.assert_frame_equal(study.panel("Estonia [pilot]").change(), estonia.change())


@pytest.mark.parametrize("asked", ["Eesti", "ee", "LT"])
def test_another_country_is_an_error_that_names_those_there_are(study, asked):
    with pytest.raises(StudyError, match=r"expected EE \(Estonia \[pilot\]\) or FI \(Suomi & Åland\)") as raised:
        study.panel(asked)
    assert f"“{asked}”" in str(raised.value)


def test_a_population_without_answers_is_an_error_that_names_those_there_are(study):
    with pytest.raises(StudyError, match="no answers of leaders in iteration 1; expected teachers, iteration 1"):
        study.panel("EE", "leaders")


@pytest.mark.parametrize(("ask", "said"), [
    (lambda study: study.panel("EE").change(by="schol"), "by=“schol” is not known; expected scale or school"),
    (lambda study: study.panel("EE").change(method="some"), "method=“some” is not known; expected main or all"),
    (lambda study: study.panel("EE").reliability(by="items"), "by=“items” is not known; expected scale or item"),
    (lambda study: study.plot.forest("pedagogi"), "expected pedagogy or leadership. Did you mean “pedagogy”?"),
])
def test_a_mistyped_choice_is_an_error_that_names_the_choices(study, ask, said):
    with pytest.raises(StudyError) as raised:
        ask(study)
    assert said in str(raised.value)


@pytest.mark.parametrize("noun", COLUMNS)
def test_a_noun_gives_the_table_of_the_contract(estonia, noun):
    assert list(getattr(estonia, noun)().columns) == COLUMNS[noun]


def test_every_noun_gives_the_table_of_the_report(estonia):
    given = {
        "participation": estonia.participation(), "linking": estonia.linkage(), "reliability": estonia.reliability(),
        "item_reliability": estonia.reliability(by="item"), "attrition": estonia.attrition(),
        "item_change": estonia.items(), "change": estonia.change(), "change_by_school": estonia.change(by="school"),
        "sensitivity": estonia.change(method="all"),
    }
    for name, frame in given.items():
        pd.testing.assert_frame_equal(frame, estonia.results.table(name))


def test_numbers_are_those_of_the_report_and_the_owner_s_are_unrounded(study, estonia, tiny_run):
    published = pd.read_csv(tiny_run.reports / "countries" / "EE" / "tables" / "change.csv")
    assert list(estonia.change()["change"]) == list(published["change"])
    exact = study.panel("EE", owner=True).change()["change"]
    assert (exact.round(1) == estonia.change()["change"]).all() and (exact != exact.round(2)).any()


def test_the_owner_sees_the_one_who_did_not_answer_again(study, estonia):
    assert study.panel("EE", owner=True).change()["n_pre"].tolist() == [24, 24]
    assert estonia.change()["n_pre"].tolist() == [23, 23]


def test_where_asks_background_questions_and_schools(estonia):
    women = estonia.where('gender == "f"')
    assert women.participation().iloc[-1]["n_pre"] == 12 and estonia.participation().iloc[-1]["n_pre"] == 24
    assert women.where("years >= 15").participation().iloc[-1]["n_pre"] == 6
    school = sorted(set(estonia.tidy()["school"]))[0]
    assert estonia.where(f"school == {school!r}").participation().iloc[-1]["n_pre"] == 6


def test_where_names_what_can_be_asked_for(estonia):
    with pytest.raises(StudyError, match="it may name gender, years and school"):
        estonia.where("age > 40")


def test_where_does_not_tell_few_respondents_apart(study, estonia):
    assert study.panel("EE", owner=True).where("years > 3").participation().iloc[-1]["n_pre"] == 23
    for query in ("years > 3", "years > 6", "years == 3"):
        with pytest.raises(StudyError, match="too few respondents"):
            estonia.where(query)


def test_tidy_has_a_row_per_respondent_wave_and_scale(estonia):
    tidy = estonia.tidy()
    assert list(tidy.columns) == ["respondent", "scale", "score", "wave", "gender", "years", "school"]
    assert not tidy.duplicated(["respondent", "wave", "scale"]).any() and tidy["score"].notna().all()
    wide = tidy.loc[tidy["scale"] == "leadership"].pivot(index="respondent", columns="wave", values="score").dropna()
    change = estonia.change().set_index("scale").loc["leadership"]
    assert len(wide) == change["n_matched"]
    assert (wide["post"] - wide["pre"]).mean() == pytest.approx(change["change"], abs=0.05)


def test_plots_are_the_figures_of_the_reports(study, estonia):
    for figure in (estonia.plot.change(), estonia.plot.schools(), study.plot.forest(), study.plot.forest("leadership")):
        assert isinstance(figure, Figure)
    assert estonia.plot.change(width=3.15).get_size_inches()[0] == pytest.approx(3.15)


def test_a_figure_shows_itself_in_a_notebook(estonia):
    content, shown = estonia.plot.change(width=3.0)._repr_png_()
    assert content.startswith(b"\x89PNG") and shown == {"width": 288}


def test_all_countries_together_have_their_tables(study):
    assert list(dict.fromkeys(study.change()["country"])) == ["EE", "FI"]
    assert list(study.pooled()["k"]) == [2, 2]


def test_what_is_shown_of_a_study_or_country_has_no_row_of_a_respondent(study, estonia):
    for shown in (study._repr_html_(), estonia._repr_html_()):
        assert len(shown) < 1000 and "<script>" not in shown
        for row in study.responses.frame.itertuples():
            assert row.code not in shown and row.school not in shown
    assert "24 at baseline, 23 at follow-up, 23 matched" in estonia._repr_html_()
    assert "Suomi &amp; Åland" in study._repr_html_()


def test_a_country_in_which_nobody_answered_again_is_shown_and_has_no_change(tmp_path):
    folder = study_folder(tmp_path / "study", [{"file": "raw/pre.csv"}])
    write_csv(folder / "raw" / "pre.csv", PRE)
    country = read_study(folder).panel("EE", owner=True)
    assert country.change().empty and "2 at baseline" in country._repr_html_()


def test_a_report_is_made_from_the_study_and_a_wrong_format_is_named(study, tmp_path):
    with in_this_process():
        folder = study.report("FI", out=tmp_path)
    assert {"report.html", "annex.html", "manifest.json"} <= {path.name for path in folder.iterdir()}
    assert folder == tmp_path / "study" / "countries" / "FI"
    with pytest.raises(StudyError, match="to=“odt” is not known; expected html, docx or pdf"):
        study.report("FI", to="html,odt", out=tmp_path)


def test_a_report_that_fails_says_why(study, tmp_path):
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    with pytest.raises(StudyError, match="a file stands in its place"):
        study.report("FI", out=tmp_path / "out")
