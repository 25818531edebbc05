"""Change by what files of context tell: groups and slopes that no few, and no single school, can be read from."""

import numpy as np
import pandas as pd
import pytest

from analysis.disclosure.policy import Policy
from analysis.responses import read_responses
from analysis.scales import panel
from analysis.sections import dosage
from analysis.sections.parts import Figure, Heading, Table, Text
from analysis.statistics.cr2 import mean_cr2, regression_cr2
from analysis.statistics.multiplicity import benjamini_hochberg
from analysis.study.folder import read_study
from panels import random_rows, results_of
from support import ANSWERS, ITEMS, study_folder, write_csv

HEADER = ["code", "school", "p1", "p2", "p3", "l1"]
SCHOOLS = dict.fromkeys("ABCDEFGH", (12, 5, 5))
SESSIONS = dict(zip("ABCDEFGH", (3, 5, 7, 9, 11, 13, 15, 17), strict=True))
COURSES = dict(zip("ABCDEFGH", ("blended", "blended", "blended", "online", "online", "online", "person", "person"),
                   strict=True))
CONTEXT_ITEMS = [*ITEMS, ["sessions", "", "number", "", "no", "", "Sessions at the school", ""],
                 ["course", "", "choice", "course", "no", "", "Kind of course", ""],
                 ["uses", "", "number", "", "no", "", "Uses of tools", ""]]
COURSE_ANSWERS = [*ANSWERS, *(["course", value, "", value.title(), ""] for value in ("blended", "online", "person"))]


def rising(pre, post):
    """The post answers of l1 go up with the school's sessions."""
    return pre, [[*row[:5], min(5, max(1, row[5] + (SESSIONS[row[1]] - 10) // 4))] for row in post]


def study(folder, courses=COURSES, sessions=SESSIONS, schools=SCHOOLS, uses=None, edit=None, settings="", seed=1,
          declared=""):
    pre, post = random_rows(seed, schools)
    if edit:
        pre, post = edit(pre, post)
    exports = [{"file": "raw/pre.csv", "wave": "pre"}, {"file": "raw/post.csv", "wave": "post"}]
    for wave, rows in (("pre", pre), ("post", post)):
        write_csv(folder / "raw" / f"{wave}.csv", [HEADER, *rows])
    tables = {"schools": [["school", "sessions", "course"], *([name, sessions[name], courses[name]] for name in sessions)]
              } if sessions else {}
    if uses:
        tables["log"] = [["code", "uses"], *([row[0], uses(at)] for at, row in enumerate(pre))]
    for name, rows in tables.items():
        write_csv(folder / "raw" / f"{name}.csv", rows)
        exports.append({"file": f"raw/{name}.csv", "kind": "context"})
    read = read_study(study_folder(folder, exports, items=CONTEXT_ITEMS, answers=COURSE_ANSWERS, settings=settings,
                                   countries={"EE": f'name = "Estonia"\n{declared}'}))
    return results_of(panel(read, read_responses(read), "EE"))


def changes(results, scale="leadership"):
    """Change and real context of the matched, by the letters' context in the panel."""
    panel_ = results.panel
    frame = panel_.context.assign(change=panel_.scores["post"][scale] - panel_.scores["pre"][scale], school=panel_.cluster)
    return frame.dropna(subset=["change"])


def test_a_group_has_the_mean_change_of_its_matched_teachers_and_the_difference_is_that_from_all_others(tmp_path):
    results = study(tmp_path)
    table = results.precise("change_by_group")
    assert list(table.columns) == dosage.GROUP_COLUMNS
    row = table.set_index(["scale", "value"]).loc[("leadership", "online")]
    matched = changes(results)
    own = matched[matched["course"] == "online"]
    mean = mean_cr2(own["change"], own["school"])
    assert (row["n"], row["n_schools"]) == (36, 3)
    assert row[["change", "se", "df"]].tolist() == pytest.approx([mean.estimate, mean.se, mean.df])
    apart = regression_cr2(matched["change"], np.column_stack([np.ones(len(matched)), matched["course"] == "online"]),
                           matched["school"])[1]
    assert row["difference"] == pytest.approx(own["change"].mean() - matched.loc[matched["course"] != "online",
                                                                               "change"].mean())
    assert row[["difference_low", "difference_high", "p"]].tolist() == pytest.approx([apart.low, apart.high, apart.p])


def test_p_of_the_differences_is_adjusted_over_all_groups(tmp_path):
    table = study(tmp_path).precise("change_by_group")
    assert len(table) == 6
    np.testing.assert_allclose(table["p_adjusted"], benjamini_hochberg(table["p"]))


def test_an_answer_of_one_school_is_no_group(tmp_path):
    alone = COURSES | {"G": "online", "H": "person"}
    table = study(tmp_path, courses=alone).precise("change_by_group")
    assert "person" not in set(table["value"])
    assert set(table["value"]) == {"other answers", "online"} and (table["n_schools"] >= 3).all()


def test_groups_that_tell_a_small_school_by_subtraction_are_suppressed(tmp_path):
    small = SCHOOLS | {"C": (3, 6, 6), "D": (4, 6, 6)}
    table = study(tmp_path, schools=small).precise("change_by_group")
    assert table["change"].isna().all() and table["note"].str.contains("small_cells").all()


@pytest.mark.parametrize(("size", "shown"), [(4, False), (6, True)])
def test_groups_that_tell_a_few_of_the_mentored_schools_by_subtraction_are_suppressed(tmp_path, size, shown):
    """The courses of mentored teachers: those of all schools with the course less those of the mentoring schools."""
    role = "\n".join(f'[countries.EE.schools.{name}]\nrole = "{"mentored" if name in "ABD" else "mentoring"}"'
                     for name in SCHOOLS)
    table = study(tmp_path, schools=SCHOOLS | {"D": (size, 5, 5)}, declared=role).precise("change_by_group")
    assert table["change"].notna().all() == shown


@pytest.mark.parametrize(("table", "shown"), [
    ([[9, 0], [0, 7]], True), ([[9, 3], [0, 7]], False), ([[9, 3], [3, 7]], True), ([[9, 2], [2, 7]], False),
    ([[6, 0, 0], [0, 6, 4]], False), ([[9, 2, 2], [2, 9, 2]], False), ([[9, 3, 2], [2, 9, 3]], True)])
def test_two_partitions_are_shown_where_no_cut_between_their_groups_is_small(table, shown):
    pairs = [(row, column) for row, line in enumerate(table) for column, n in enumerate(line) for _ in range(n)]
    one, other = np.array(pairs).T
    assert Policy(5).crossed(one, other) is shown
    assert Policy(1).crossed(one, other)


@pytest.mark.parametrize("seed", range(40))
def test_partitions_are_shown_where_every_cut_that_can_be_drawn_holds_nobody_or_enough(seed):
    rng = np.random.default_rng(seed)
    shape = rng.integers(1, 4), rng.integers(1, 5)
    table = rng.integers(1, 12, shape) * rng.integers(0, 2, shape)
    table[0, 0] += 5
    pairs = np.array([(row, column) for (row, column), n in np.ndenumerate(table) for _ in range(n)])
    one, other = pairs.T
    sides = [np.array(side, bool) for side in np.ndindex(*[2] * sum(table.shape))]
    cuts = [int((side[one] != side[table.shape[0] + other]).sum()) for side in sides]
    assert Policy(5).crossed(one, other) is all(cut == 0 or cut >= 5 for cut in cuts)


def test_a_number_of_context_is_a_predictor_with_its_source_and_whether_it_tells_schools_apart(tmp_path):
    table = study(tmp_path, uses=lambda at: at % 17).precise("association")
    assert set(table["predictor"]) == {"sessions", "uses"} and set(table["source"]) == {"context"}
    between = table.set_index("predictor")["note"].str.contains("between_schools")
    assert between["sessions"].all() and not between["uses"].any()


def test_the_slope_on_a_number_of_schools_has_the_degrees_of_freedom_of_schools(tmp_path):
    results = study(tmp_path)
    row = results.precise("association").set_index("scale").loc["leadership"]
    matched = changes(results)
    X = np.column_stack([np.ones(len(matched)), matched["sessions"]])
    slope = regression_cr2(matched["change"], X, matched["school"])[1]
    assert row[["slope", "se", "df"]].tolist() == pytest.approx([slope.estimate, slope.se, slope.df])
    assert row["df"] < len(SCHOOLS)


def test_two_schools_tell_no_slope(tmp_path):
    two = {name: SCHOOLS[name] for name in "AB"}
    table = study(tmp_path, schools=two).precise("association")
    assert table["slope"].isna().all() and table["note"].str.contains("takes_schools").all()


def test_each_point_along_a_dose_is_a_mean_of_enough_teachers_of_two_schools(tmp_path):
    results = study(tmp_path, edit=rising)
    rows = results.precise("change_by_dose")
    assert set(rows["scale"]) == {"leadership"} and len(rows) == 4
    assert (rows["n"] >= results.policy.minimum).all() and (rows["n_schools"] >= 2).all()
    matched = changes(results)
    first = matched[matched["sessions"] <= 5]
    assert rows.iloc[0][["predictor_mean", "change"]].tolist() == pytest.approx([4, first["change"].mean()])
    assert rows["n"].sum() == len(matched)


def test_without_a_clear_slope_the_first_number_of_context_is_drawn_on_the_first_primary_scale(tmp_path):
    results = study(tmp_path, uses=lambda at: at % 17, settings='primary_scales = ["leadership"]')
    rows = results.precise("change_by_dose")
    assert set(zip(rows["predictor"], rows["scale"], strict=True)) == {("sessions", "leadership")}


def test_points_that_tell_those_without_the_number_are_not_drawn(tmp_path):
    few = study(tmp_path / "few", sessions=None, uses=lambda at: at % 17 if at > 2 else "")
    assert few.precise("association")["slope"].notna().all() and few.precise("change_by_dose").empty
    assert len(study(tmp_path / "all", sessions=None, uses=lambda at: at % 17).precise("change_by_dose")) >= 3


def test_the_chart_draws_rounded_numbers_and_says_what_goes_with_the_change(tmp_path):
    results = study(tmp_path, edit=rising)
    (heading, paragraph), (_heading, figure, *_tables) = dosage.main(results), dosage.annex(results)
    assert isinstance(heading, Heading) and isinstance(paragraph, Text) and isinstance(figure, Figure)
    assert figure.title == "The change on Leadership is associated with “Sessions at the school”"
    assert "6 comparisons of a group" in paragraph.markdown
    assert "differences between 8 schools" in paragraph.markdown
    points = [tuple(line.get_xydata()[0]) for axes in figure.draw(6.3).axes for line in axes.lines
              if line.get_label() == "points"]
    assert points[0] == tuple(results.table("change_by_dose")[["predictor_mean", "change"]].iloc[0])
    assert [block.name for block in dosage.annex(results) if isinstance(block, Table)] == ["change_by_group"]


def test_no_number_of_a_school_stands_in_any_table(tmp_path):
    sessions = {name: 1000.37 + 111 * at for at, name in enumerate("ABCDEFGH")}
    results = study(tmp_path, sessions=sessions)
    for name in ("association", "change_by_group", "change_by_dose"):
        found = pd.to_numeric(results.precise(name).stack(), errors="coerce").dropna()
        assert not any(np.isclose(found, number).any() for number in sessions.values())


def test_a_study_without_context_has_no_such_section(tmp_path):
    results = study(tmp_path, sessions=None)
    assert dosage not in results.sections and not set(dosage.ESTIMATES) & set(results.tables)
