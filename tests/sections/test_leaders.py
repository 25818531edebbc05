"""School leaders: their change and answers, the gap to their own teachers, and the countries side by side."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.report import across_report, country_report
from analysis.sections import leaders
from analysis.sections.parts import Figure, Heading, Table, Text
from analysis.sections.results import Results
from panels import HEADER, country_results, random_rows
from support import SCALES, study_folder, write_csv

REFERENCE = Path(__file__).parents[1] / "reference"
SHARED = [[*SCALES[0], "respondents"], [*SCALES[1], "teachers; leaders"], [*SCALES[2], "teachers; leaders"]]
SCHOOLS = dict.fromkeys("ABCDEF", (7, 2, 2))
LEADERS = dict.fromkeys("ABCDEF", (2, 0, 0))


def programme(folder, answers, scales=SHARED, settings="", across=False):
    """Results on the rows by country and then by respondents, each of baseline and follow-up."""
    exports = []
    for country, kinds in answers.items():
        for kind, waves in kinds.items():
            for wave, rows in zip(("pre", "post"), waves, strict=True):
                file = f"raw/{country}-{kind}-{wave}.csv"
                write_csv(folder / file, [HEADER, *rows])
                exports.append({"country": country, "respondents": kind, "wave": wave, "file": file})
    countries = {key: f'name = "Land {key}"' for key in answers}
    study_folder(folder, exports, scales=scales, settings=settings, countries=countries)
    return across_report(folder) if across else country_report(folder, next(iter(answers)))


def estonia(folder, teachers, own, **study) -> Results:
    return programme(folder, {"EE": {"teachers": teachers, "leaders": own}}, **study).results


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Results:
    return estonia(tmp_path_factory.mktemp("leaders"), random_rows(1, SCHOOLS), random_rows(2, LEADERS))


def shown(blocks, kind):
    return [block for block in blocks if isinstance(block, kind)]


def means(rows, place) -> pd.Series:
    frame = pd.DataFrame(rows, columns=HEADER)
    return frame[place].astype(float).groupby(frame["school"]).mean()


def test_leaders_change_is_the_change_of_leaders_alone_and_none_of_their_scales_is_primary(made):
    own = country_results_of_leaders(made)
    table = made.precise("leaders_change")
    assert table["n_matched"].tolist() == [12, 12] and set(table["family"]) == {"exploratory"}
    pd.testing.assert_frame_equal(table[["change", "se", "p"]], own[["change", "se", "p"]])
    assert set(made.precise("change")["family"]) == {"primary"} and (made.precise("change")["n_matched"] > 12).all()


def country_results_of_leaders(made: Results) -> pd.DataFrame:
    folder = made.study.folder / "alone"
    return country_results(folder, *random_rows(2, LEADERS)).precise("change")


def test_the_gap_is_r_s_t_test_of_the_schools_differences(tmp_path):
    answers = pd.read_csv(REFERENCE / "perception_gap_answers.csv")
    expected = pd.read_csv(REFERENCE / "perception_gap.csv").iloc[0]
    rows = {who: [[f"{who[0]}{at:03d}x", school, 1 + at % 5, 2, 3, score]
                  for at, (school, score) in enumerate(zip(own["school"], own["score"], strict=True))]
            for who, own in answers.groupby("who")}
    found = estonia(tmp_path, (rows["teacher"], []), (rows["leader"], []))
    row = found.precise("perception_gap").set_index(["scale", "wave"]).loc[("leadership", "pre")]
    assert row[["n_schools", "n_leaders", "n_teachers"]].tolist() == [6, 13, 47]
    assert row[list(expected.index)].astype(float).to_dict() == pytest.approx(expected.to_dict(), rel=1e-12)


def test_the_gap_is_leaders_minus_teachers_of_the_same_school_in_each_survey(made):
    table = made.precise("perception_gap").set_index(["scale", "wave"])
    assert len(table) == 4
    for wave, teachers, own in zip(("pre", "post"), random_rows(1, SCHOOLS), random_rows(2, LEADERS), strict=True):
        difference = means(own, "l1") - means(teachers, "l1")
        assert table.loc[("leadership", wave), "gap"] == pytest.approx(difference.mean())


def test_a_gap_is_adjusted_over_its_table_and_rounded_by_the_number_of_leaders(made):
    precise, published = made.precise("perception_gap"), made.table("perception_gap")
    assert (precise["p_adjusted"] >= precise["p"]).all()
    assert published["gap"].tolist() == precise["gap"].round(1).tolist()
    assert (precise["gap"].round(1) != precise["gap"]).all()


@pytest.mark.parametrize(("teachers", "own", "note"), [
    (dict.fromkeys("ABC", (7, 2, 2)), dict.fromkeys("ABC", (4, 0, 0)), "takes_schools(n=4)"),
    (SCHOOLS, dict.fromkeys("ABCD", (1, 0, 0)), "too_few(minimum=5)"),
    (SCHOOLS, {"A": (2, 0, 0)} | dict.fromkeys("BCDEF", (1, 0, 0)), "too_few(minimum=10)"),
    (SCHOOLS | {"G": (8, 0, 0)}, LEADERS, ""),
    (dict.fromkeys("ABCD", (7, 2, 2)), dict.fromkeys("ABCDG", (3, 0, 0)), "takes_schools(n=4)"),
    (SCHOOLS, LEADERS | {"G": (5, 0, 0)}, ""),
])
def test_a_gap_takes_four_schools_enough_leaders_and_nobody_left_out_who_are_few(tmp_path, teachers, own, note):
    found = estonia(tmp_path, random_rows(1, teachers), random_rows(2, own)).precise("perception_gap")
    if note == "":
        assert found["gap"].notna().all() and (found["n_leaders"] == 12).all()
    else:
        assert found["gap"].isna().all() and found["n_leaders"].isna().all()
        assert set(found["note"]) == {note}


def test_schools_with_few_teachers_are_in_no_gap(tmp_path):
    teachers, own = random_rows(1, {**SCHOOLS, "F": (3, 0, 0)}), random_rows(2, dict.fromkeys("ABCDEF", (3, 0, 0)))
    row = estonia(tmp_path, teachers, own).precise("perception_gap").set_index(["scale", "wave"]).loc[("leadership", "pre")]
    difference = means(own[0], "l1") - means(teachers[0], "l1")
    assert row["n_schools"] == 4, "one more school covers F"
    assert any(row["gap"] == pytest.approx(difference.drop(["F", cover]).mean()) for cover in "ABCDE")


def test_no_base_of_a_gap_differs_by_a_few_from_one_that_is_published(tmp_path):
    rng = np.random.default_rng(7)
    for at in range(4):
        teachers = {school: (int(rng.integers(3, 9)), 0, 0) for school in "ABCDEFGH"}
        own = {school: (int(rng.integers(0, 4)), 0, 0) for school in "ABCDEFGH"}
        found = estonia(tmp_path / str(at), random_rows(at, teachers), random_rows(at + 50, own))
        table = found.precise("perception_gap").dropna(subset=["gap"])
        for _at, row in table.iterrows():
            for name, change in (("n_leaders", "leaders_change"), ("n_teachers", "change")):
                base = found.precise(change).set_index("scale").loc[row["scale"], f"n_{row['wave']}"]
                assert base - row[name] == 0 or base - row[name] >= 5


def test_the_report_has_a_short_part_and_the_annex_the_answers(made):
    main, annex = list(leaders.main(made)), list(leaders.annex(made))
    assert not shown(main, Table)
    assert [row[0] for row in shown(annex, Table)[0].rows] == ["Pedagogical practices", "Leadership"]
    assert "@tbl-perception_gap" in shown(main, Text)[0].markdown
    assert [figure.name for figure in shown(annex, Figure)] == ["leaders-answers-pedagogy", "leaders-answers-single-items"]
    assert re.search(r"\d+\u00a0% to \d+\u00a0% answered “Agree” / “Strongly agree”", shown(annex, Figure)[0].title)
    assert len(list(leaders.methods(made))) == 1


def test_a_clear_gap_is_named_with_its_interval(tmp_path):
    teachers, own = random_rows(1, SCHOOLS), random_rows(2, LEADERS)
    for at, row in enumerate(own[0]):
        row[5] = 5 if at else 4
    text = shown(leaders.main(estonia(tmp_path, teachers, own)), Text)[0].markdown
    assert re.search(r"“Leadership” \(baseline\): \+\d\.\d \[", text) and "Pedagogical practices” (" not in text


def test_too_few_leaders_have_a_sentence_and_nothing_else(tmp_path):
    found = estonia(tmp_path, random_rows(1, SCHOOLS), random_rows(2, {"A": (2, 0, 0), "B": (2, 0, 0)}))
    heading, text = leaders.main(found)
    assert isinstance(heading, Heading) and "too few" in text.markdown and not re.search(r"\d", text.markdown)
    assert list(leaders.annex(found)) == []
    tables = [found.table(name) for name in leaders.ESTIMATES]
    assert all(table.select_dtypes("float").drop(columns="df", errors="ignore").isna().all(axis=None) for table in tables)


def test_a_study_without_leaders_has_no_such_section_and_no_such_table(tmp_path):
    report = programme(tmp_path, {"EE": {"teachers": random_rows(1, SCHOOLS)}}, scales=SCALES)
    assert not set(leaders.ESTIMATES) & set(report.results.tables)
    assert not list(report.blocks("leaders")) and not list(report.blocks("leaders", "annex"))


def test_across_countries_leaders_stand_by_country_and_are_pooled_from_four_on(tmp_path):
    answers = {key: {"teachers": random_rows(at, SCHOOLS), "leaders": random_rows(at + 20, LEADERS)}
               for at, key in enumerate(("EE", "FI", "GE", "LT"))}
    answers["NO"] = {"teachers": random_rows(9, SCHOOLS)}
    report = programme(tmp_path, answers, across=True)
    table = report.results.precise("leaders_by_country")
    assert table["country"].unique().tolist() == ["EE", "FI", "GE", "LT"]
    estonian = report.results.countries["EE"].precise("leaders_change")
    assert table.loc[table["country"] == "EE", "change"].tolist() == estonian["change"].tolist()
    pooled = report.results.precise("leaders_pooled").set_index("scale")
    assert pooled.loc["pedagogy", "k"] == 4 and set(pooled["family"]) == {"exploratory"}
    assert pooled["change"].notna().tolist() == (pooled["k"] == 4).tolist()
    (shown_table,) = shown(report.blocks("leaders"), Table)
    assert [row[0].rstrip("ᵃᵇᶜ") for row in shown_table.rows[:6]] == [
        "Pedagogical practices", "Land EE", "Land FI", "Land GE", "Land LT", "Pooled"]
    assert set(report.results.precise("change_by_country")["country"]) == {"EE", "FI", "GE", "LT", "NO"}
