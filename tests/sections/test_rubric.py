"""Levels that raters gave schools: means over enough schools, never one school's own."""

import numpy as np
import pandas as pd
import pytest

from analysis import sections
from analysis.language import Language
from analysis.sections import rubric
from analysis.sections.parts import Figure, Heading, Table, Text
from analysis.sections.results import of_country
from analysis.staging import Staging
from analysis.study.folder import read_study
from panels import HEADER, country_results, random_rows
from support import ITEMS, study_folder, write_csv

SCALES = [["scale", "label_en", "label_et", "instrument", "source", "respondents"],
          ["pedagogy", "Pedagogical practices", "", "own", "", ""], ["leadership", "Leadership", "", "own", "", ""],
          ["levels", "Levels", "", "own", "", "raters"]]
RUBRIC = [*ITEMS, *([f"r{number}", "levels", "likert", "agree", "no", "", text, ""] for number, text in
                    enumerate(("Level: Leadership", "Digital resources"), 1))]
LEVELS = {"A": [(2, 2), (1, 2)], "B": [(3, 4), (2, 2)], "C": [(1, 1), (3, 2)], "D": [(2, 3), (4, 4)], "E": [(4, 4), (2, 3)]}


def study(folder, levels=LEVELS, rise=1, after=None, minimum=5, raters=("R1", "R2")):
    """Results of a study with two raters of each school; `levels`: by school the ratings of both raters by element."""
    exports = []
    for wave, rows in zip(("pre", "post"), random_rows(1, dict.fromkeys("ABCDE", (8, 5, 5))), strict=True):
        write_csv(folder / "raw" / f"{wave}.csv", [HEADER, *rows])
        exports.append({"file": f"raw/{wave}.csv", "wave": wave})
    for wave, up in (("pre", 0), ("post", rise)):
        given = (after or levels) if wave == "post" else levels
        rows = [[rater, school, *(min(5, pair[at] + up) for pair in of)]
                for school, of in given.items() for at, rater in enumerate(raters)]
        write_csv(folder / "raw" / f"rubric-{wave}.csv", [["code", "school", "r1", "r2"], *rows])
        exports.append({"file": f"raw/rubric-{wave}.csv", "wave": wave, "respondents": "raters"})
    staging = Staging(read_study(study_folder(folder, exports, scales=SCALES, items=RUBRIC,
                                              settings=f"minimum_group = {minimum}")))
    return of_country(staging.panel("EE"), sections.COUNTRY, Language("en"), staging.others("EE"))


AFTER = LEVELS | {"A": [(3, 2), (1, 2)], "B": [(3, 5), (3, 2)]}


def test_levels_are_means_of_schools_and_their_change_has_a_t_interval(tmp_path):
    row = study(tmp_path, after=AFTER, rise=0).precise("rubric").set_index("item").loc["r1"]
    before, after = (np.array([np.mean(of[0]) for of in given.values()]) for given in (LEVELS, AFTER))
    change = after - before
    assert (row["n_schools"], row["n"], row["df"]) == (5, 20, 4)
    assert row[["mean_pre", "mean_post", "change"]].tolist() == pytest.approx(
        [before.mean(), after.mean(), change.mean()])
    half = 2.7764451051978 * change.std(ddof=1) / np.sqrt(5)
    assert row[["ci_low", "ci_high"]].tolist() == pytest.approx([change.mean() - half, change.mean() + half])


def test_the_range_is_told_in_whole_levels(tmp_path):
    row = study(tmp_path, after=AFTER, rise=0).precise("rubric").set_index("item").loc["r2"]
    assert row[["low_pre", "high_pre"]].tolist() == [1, 4]


def test_only_schools_rated_both_times_count(tmp_path):
    after = {school: of for school, of in AFTER.items() if school != "E"}
    row = study(tmp_path, after=after, rise=0, minimum=2).precise("rubric").set_index("item").loc["r1"]
    assert row["n_schools"] == 4
    assert row["mean_pre"] == pytest.approx(np.mean([np.mean(LEVELS[school][0]) for school in "ABCD"]))


def test_a_mean_of_three_schools_is_not_shown(tmp_path):
    three = {school: LEVELS[school] for school in "ABC"}
    results = study(tmp_path, levels=three)
    assert results.precise("rubric")["mean_pre"].isna().all() and results.precise("rubric_agreement")["icc"].isna().all()
    assert set(results.precise("rubric")["note"]) == {"few_rated(n=4)"}
    assert not list(rubric.main(results))


SAME_LEVEL, SAME_RISE = (
    {school: [pair, LEVELS[school][1][::-1]] for school, pair in zip("ABCDE", pairs, strict=True)}
    for pairs in (((1, 3), (2, 2), (3, 1), (2, 2), (1, 3)), ((2, 3), (4, 4), (2, 1), (3, 3), (5, 4))))


@pytest.mark.parametrize(("levels", "after"), [(SAME_LEVEL, LEVELS), (LEVELS, SAME_RISE)], ids=["level", "change"])
def test_schools_that_are_on_one_level_or_change_alike_are_not_shown(tmp_path, levels, after):
    row = study(tmp_path, levels=levels, after=after, rise=0).precise("rubric").iloc[0]
    assert pd.isna(row["mean_pre"]) and pd.isna(row["change"]) and row["note"] == "no_variation"


def test_no_table_tells_a_schools_own_level(tmp_path):
    results = study(tmp_path, after=AFTER, rise=0)
    assert "school" not in {*results.table("rubric").columns, *results.table("rubric_agreement").columns}
    blocks = [*rubric.main(results), *rubric.annex(results)]
    cells = {cell for block in blocks if isinstance(block, Table) for row in block.rows for cell in row}
    assert not cells & set(results.panel.school_names)


def test_an_element_stands_beside_the_teachers_scale_of_its_name(tmp_path):
    results = study(tmp_path, after=AFTER, rise=0)
    assert results.precise("rubric").set_index("item")["scale"].to_dict() == {"r1": "leadership", "r2": ""}
    table = next(block for block in rubric.annex(results) if isinstance(block, Table) and block.name == "rubric")
    change = results.table("change").set_index("scale").at["leadership", "change"]
    assert table.rows[0][-1].startswith(results.say.number(change, 2, signed=True)) and table.rows[1][-1] == "–"


def test_the_profile_says_what_rose_after_adjustment(tmp_path):
    rising = LEVELS | {"A": [(3, 3), (1, 2)], "B": [(5, 5), (2, 3)], "C": [(2, 2), (3, 2)], "D": [(4, 4), (4, 3)],
                       "E": [(5, 5), (2, 3)]}
    results = study(tmp_path, after=rising, rise=0)
    (heading, paragraph), (_heading, figure, *_tables) = rubric.main(results), rubric.annex(results)
    assert isinstance(heading, Heading) and isinstance(paragraph, Text) and isinstance(figure, Figure)
    assert figure.title == "Levels rose on Leadership"
    axes = figure.draw(6.3).axes[0]
    drawn = [line.get_xdata()[0] for line in axes.lines if line.get_label() == "estimate"]
    assert drawn == figure.numbers["mean_post"].tolist() and axes.get_xlim() == (1, 5)
    assert "5 schools" in paragraph.markdown and "(intraclass correlation" in paragraph.markdown


def test_agreement_is_of_the_ratings_of_each_survey(tmp_path):
    table = study(tmp_path, after=AFTER, rise=0).precise("rubric_agreement")
    assert table[["item", "wave"]].apply(tuple, axis=1).tolist() == [
        (item, wave) for item in ("r1", "r2") for wave in ("pre", "post")]
    ratings = pd.DataFrame([of[0] for of in LEVELS.values()]).to_numpy()
    between = 2 * ratings.mean(axis=1).var(ddof=1)
    within = (ratings.var(axis=1, ddof=1)).mean()
    assert table.iloc[0]["icc"] == pytest.approx((between - within) / (between + within))


def test_a_study_without_raters_has_no_such_section(tmp_path):
    results = country_results(tmp_path, *random_rows(1, dict.fromkeys("AB", (8, 5, 5))))
    assert rubric not in results.sections and not set(rubric.ESTIMATES) & set(results.tables)
