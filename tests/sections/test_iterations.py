"""Two iterations and schools by their part: the change in each, and differences that know what both share."""

import numpy as np
import pandas as pd
import pytest

from analysis import sections
from analysis.language import Language
from analysis.sections import iterations
from analysis.sections.parts import Heading, Table, Text
from analysis.sections.results import of_country
from analysis.staging import Staging
from analysis.statistics.mixed import mixed_change
from analysis.study.folder import read_study
from panels import HEADER, country_results, random_rows
from support import study_folder, write_csv

FIRST = {"A": (9, 5, 6), "B": (7, 5, 6), "C": (12, 6, 5), "D": (8, 5, 5)}
SECOND = {"A": (8, 5, 5), "B": (9, 6, 5), "E": (10, 5, 7), "F": (8, 6, 5)}


def study(folder, first=FIRST, second=SECOND, schools="", settings=""):
    """Results of a study whose second iteration may reuse codes of the first, since both count teachers alike."""
    exports = []
    for iteration, of in ((1, first), (2, second)):
        for wave, rows in zip(("pre", "post"), random_rows(iteration, of) if of else (), strict=False):
            file = f"raw/{wave}-{iteration}.csv"
            write_csv(folder / file, [HEADER, *[[f"{row[1]}{row[0]}".lower(), *row[1:]] for row in rows]])
            exports.append({"file": file, "wave": wave, "iteration": iteration})
    read = read_study(study_folder(folder, exports, settings=settings, countries={"EE": f'name = "Estonia"\n{schools}'}))
    staging = Staging(read)
    return of_country(staging.panel("EE"), sections.COUNTRY, Language("en"), staging.others("EE"))


def roles(**of):
    return "\n".join(f'[countries.EE.schools."{school}"]\n{lines}' for school, lines in of.items())


MENTORING, MENTORED = 'role = "mentoring"', 'role = "mentored"'
PARTS = roles(A=MENTORING, B=MENTORING, C=MENTORED, D=MENTORED)


def test_each_iteration_has_its_own_main_estimate(tmp_path):
    results = study(tmp_path)
    table = results.precise("iterations")
    assert list(table.columns) == ["iteration", *results.precise("change").columns]
    assert list(table["iteration"].unique()) == [1, 2]
    of_first = table[table["iteration"] == 1].drop(columns="iteration").reset_index(drop=True)
    pd.testing.assert_frame_equal(of_first, results.precise("change"), check_dtype=False)
    second = table[(table["iteration"] == 2) & (table["scale"] == "leadership")].iloc[0]
    pre, post = random_rows(2, SECOND)
    wide = pd.merge(pd.DataFrame(pre, columns=HEADER), pd.DataFrame(post, columns=HEADER), on=["code", "school"],
                    how="outer")
    direct = mixed_change(wide["l1_x"].to_numpy(float), wide["l1_y"].to_numpy(float), wide["school"].to_numpy(str))
    assert second["change"] == pytest.approx(direct.estimate) and second["se"] == pytest.approx(direct.se)


def test_the_difference_is_that_of_the_changes_with_all_schools_as_clusters(tmp_path):
    results = study(tmp_path)
    changes = results.precise("iterations").set_index(["iteration", "scale"])["change"]
    row = results.precise("iteration_difference").set_index("scale").loc["pedagogy"]
    assert row["estimate"] == pytest.approx(changes[2, "pedagogy"] - changes[1, "pedagogy"])
    assert (row["n_schools"], row["n_schools_both"]) == (6, 2)
    assert row["ci_low"] < row["estimate"] < row["ci_high"]


def test_teachers_in_both_iterations_are_those_of_one_code_at_one_school(tmp_path):
    results = study(tmp_path)
    codes = [{(row[0], row[1]) for row in (*pre, *post)} for pre, post in (random_rows(1, FIRST), random_rows(2, SECOND))]
    assert set(results.precise("iteration_difference")["n_both"]) == {len(codes[0] & codes[1])}


def test_few_teachers_in_both_iterations_are_not_counted(tmp_path):
    other = {"A": (2, 1, 1), "G": (8, 5, 5), "H": (9, 6, 5), "E": (10, 5, 7)}
    assert study(tmp_path, second=other).precise("iteration_difference")["n_both"].isna().all()


def test_schools_joined_in_one_iteration_are_joined_in_their_difference(tmp_path):
    second = {"A": (2, 0, 0), "B": (9, 6, 5), "E": (10, 5, 7), "F": (8, 6, 5)}
    results = study(tmp_path, second=second)
    first, later = iterations.by_iteration(results).values()
    scores = [iterations.scores_of(one.panel, "leadership").clustered() for one in (first, later)]
    found = iterations._difference(results.policy, (first, scores[0]), (later, scores[1]))
    assert found.n_clusters == 5


def test_one_iteration_shows_nothing(tmp_path):
    results = country_results(tmp_path, *random_rows(1, FIRST))
    assert not iterations.present(results) and not set(iterations.ESTIMATES) & set(results.tables)


def test_the_report_says_whether_iterations_differ_and_what_that_cannot_mean(tmp_path):
    results = study(tmp_path)
    blocks = list(iterations.main(results))
    texts = " ".join(block.markdown for block in blocks if isinstance(block, Text))
    assert isinstance(blocks[0], Heading)
    table = next(block for block in iterations.annex(results) if isinstance(block, Table))
    assert [row[0].rstrip("ᵃᵇᶜ") for row in table.rows[:4]] == [
        "Pedagogical practices", "Iteration 1", "Iteration 2", "Iteration 2 minus 1"]
    assert "On no scale does the change differ clearly between iterations" in texts
    assert "cannot be attributed" in texts and "2 schools of 6 took part in both iterations" in texts
    assert "in iteration 1" in texts and "four of five such studies" in texts


def test_the_change_of_a_part_is_the_main_estimate_on_its_schools(tmp_path):
    results = study(tmp_path, second=None, schools=PARTS)
    table = results.precise("change_by_role").set_index(["scale", "role"])
    pre, post = random_rows(1, FIRST)
    wide = pd.merge(pd.DataFrame(pre, columns=HEADER), pd.DataFrame(post, columns=HEADER), on=["code", "school"],
                    how="outer")
    sides = {}
    for side, schools in (("mentoring", "AB"), ("mentored", "CD")):
        own = wide[wide["school"].isin(list(schools))]
        sides[side] = mixed_change(own["l1_x"].to_numpy(float), own["l1_y"].to_numpy(float), own["school"].to_numpy(str))
        row = table.loc[("leadership", side)]
        assert (row["change"], row["se"], row["n_schools"]) == (
            pytest.approx(sides[side].estimate), pytest.approx(sides[side].se), 2)
        assert np.isnan(row["p"])
    contrast = table.loc[("leadership", "difference")]
    assert contrast["change"] == pytest.approx(sides["mentoring"].estimate - sides["mentored"].estimate)
    assert contrast["se"] == pytest.approx(np.hypot(sides["mentoring"].se, sides["mentored"].se))
    assert any(isinstance(block, Table) for block in iterations.annex(results))


def test_schools_of_one_part_alone_are_no_section(tmp_path):
    assert not iterations.present(study(tmp_path, second=None, schools=roles(A=MENTORING, B=MENTORING)))


def test_schools_by_their_part_in_one_iteration_have_no_file_of_iterations(tmp_path):
    results = study(tmp_path, second=None, schools=PARTS)
    assert [name for name in iterations.ESTIMATES if results.saves(name)] == ["change_by_role"]


def test_a_part_of_fewer_than_two_schools_is_not_compared(tmp_path):
    results = study(tmp_path, second=None, schools=roles(A=MENTORING, B=MENTORED, C=MENTORED, D=MENTORED))
    assert results.precise("change_by_role")["change"].isna().all()
    assert not [*iterations.main(results), *iterations.annex(results)]


def test_a_small_class_on_one_side_leaves_both(tmp_path):
    first = {"A": (9, 0, 5), "B": (7, 2, 6), "C": (12, 6, 5), "D": (8, 5, 5)}
    table = study(tmp_path, first=first, second=None, schools=PARTS).precise("change_by_role")
    rows = table[table["scale"] == "leadership"].set_index("role")
    assert rows.loc["mentoring", "n"] == 9 + 7 + 11 and rows.loc["mentored", "n"] == 12 + 8 + 10


def test_a_school_too_small_to_stand_alone_is_not_told_by_its_part(tmp_path):
    first = {"A": (9, 5, 6), "B": (7, 5, 6), "G": (3, 0, 0), "C": (12, 6, 5), "D": (8, 5, 5), "E": (9, 5, 5)}
    schools = roles(A=MENTORING, B=MENTORING, G=MENTORING, C=MENTORED, D=MENTORED, E=MENTORED)
    results = study(tmp_path, first=first, second=None, schools=schools)
    matched = results.precise("change_by_school").query("scale == 'leadership'").set_index("school")["n"]
    table = results.precise("change_by_role").query("scale == 'leadership'")
    covered = set("ABCDE") - set(matched.index)
    assert table["change"].isna().all() or covered & set("AB")


def test_advanced_schools_are_compared_with_less_advanced_ones(tmp_path):
    first = FIRST | {"E": (9, 6, 5), "G": (8, 5, 6)}
    both = {"A": f"{MENTORING}\nadvanced = true", "B": f"{MENTORING}\nadvanced = true", "C": MENTORED,
            "D": f"{MENTORED}\nadvanced = true", "E": MENTORED, "G": MENTORED}
    table = study(tmp_path, first=first, second=None, schools=roles(**both)).precise("change_by_role")
    rows = table[table["scale"] == "leadership"].set_index("role")
    assert rows.loc["advanced", "n_schools"] == 3 and rows.loc["less_advanced", "n_schools"] == 3


def test_schools_parted_twice_in_the_same_way_are_compared_once(tmp_path):
    schools = roles(A=f"{MENTORING}\nadvanced = true", B=f"{MENTORING}\nadvanced = true", C=MENTORED, D=MENTORED)
    table = study(tmp_path, second=None, schools=schools).precise("change_by_role")
    assert set(table["role"]) == {"mentoring", "mentored", "difference"}
