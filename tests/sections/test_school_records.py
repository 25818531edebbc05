"""What a school is told of itself: the country's own numbers, and of the school nothing that tells of few."""

from __future__ import annotations

import numpy as np
import pytest

from analysis import sections
from analysis.language import Language
from analysis.sections.results import of_country
from analysis.sections.school_records import featured, school_records
from analysis.staging import Staging
from analysis.statistics.shrinkage import shrunken_means
from analysis.study.folder import read_study
from panels import HEADER, SCHOOLS, random_rows
from support import study_folder, write_csv

SHOWN = 'school_names = "show"\n'
PUBLIC = SHOWN + "minimum_group = 1\n"


def staged(folder, schools=SCHOOLS, settings=SHOWN, hubs=None, edit=None, seed=1, **export):
    pre, post = random_rows(seed, schools)
    if edit:
        edit(pre, post)
    for wave, rows in (("pre", pre), ("post", post)):
        write_csv(folder / "raw" / f"{wave}.csv", [HEADER, *rows])
    declared = "\n".join(f'[countries.EE.schools."{school}"]\nhub = "{hub}"' for school, hub in (hubs or {}).items())
    return Staging(read_study(study_folder(
        folder, [{"file": f"raw/{wave}.csv", "wave": wave, **export} for wave in ("pre", "post")],
        settings=settings, countries={"EE": f'name = "Estonia"\n{declared}'})))


def records(folder, *arguments, **study):
    return {record["name"]: record for record in school_records(staged(folder, *arguments, **study), "EE")}


def country(staging):
    return of_country(staging.panel("EE"), sections.COUNTRY, Language())


def cells(record, scale):
    return next((one["waves"] for one in record["scales"] if one["scale"] == scale), {})


def test_counts_are_those_of_the_countrys_participation_or_a_lower_bound_that_says_nothing_more(tmp_path):
    staging = staged(tmp_path)
    table = country(staging).table("participation").set_index("school")
    suppressed = 0
    for record in school_records(staging, "EE"):
        row = table.loc[record["name"]]
        for name, found in record["n"].items():
            if row.notna()[f"n_{name}"]:
                assert found == (row[f"n_{name}"], True)
            else:
                suppressed += 1
                assert found == (row["n_matched"], False)
    assert suppressed


def test_the_countrys_means_are_those_of_its_table_as_published(tmp_path):
    staging = staged(tmp_path)
    change = country(staging).table("change").set_index("scale")
    found = [(scale, wave, cell["country"]) for record in school_records(staging, "EE")
             for scale in change.index for wave, cell in cells(record, scale).items()]
    assert len(found) > 8
    assert all(mean == change.at[scale, f"mean_{wave}"] for scale, wave, mean in found)


def test_in_a_public_study_the_estimates_are_the_partially_pooled_means_of_all_scores(tmp_path):
    staging = staged(tmp_path, settings=PUBLIC)
    panel = staging.panel("EE")
    for wave in ("pre", "post"):
        scores = panel.scores[wave]["pedagogy"].dropna()
        fit = shrunken_means(scores, panel.cluster[scores.index])
        for at, record in enumerate(school_records(staging, "EE")):
            cell = cells(record, "pedagogy")[wave]
            assert cell["n"] == fit.size[at]
            shown = [cell[name] for name in ("mean", "low", "high")]
            assert shown == pytest.approx([fit.estimate[at], fit.low[at], fit.high[at]], abs=0.0051)


def test_a_class_that_is_small_within_the_school_leaves_its_means(tmp_path):
    def apart(pre, post):
        for row in pre:
            if row[1] != "A" and row[0] not in {other[0] for other in post}:
                row[5] = 1  # of B 2 teachers answered at baseline only, of C 4
    staging = staged(tmp_path, {"A": (9, 6, 6), "B": (11, 2, 0), "C": (12, 4, 0)}, edit=apart)
    answers = staging.panel("EE")
    school, both = answers.respondents["school"], answers.respondents[["pre", "post"]].notna().all(axis=1)
    values = answers.answers["pre"]["l1"].dropna()
    units = [values[who[values.index]] for who in (school == "A", (school == "B") & both, (school == "C") & both)]
    fit = shrunken_means(np.concatenate(units), np.repeat([0, 1, 2], [15, 11, 12]))
    found = [cells(record, "leadership")["pre"] for record in school_records(staging, "EE")]
    assert [cell["mean"] for cell in found] == pytest.approx(fit.estimate, abs=0.0501)
    assert [cell["n"] for cell in found] == [15, 10, 10], "no difference to a total is a small count"


def test_items_stand_by_their_means_with_the_highest_and_the_lowest_apart(tmp_path):
    staging = staged(tmp_path, settings=PUBLIC)
    panel = staging.panel("EE")
    for record in school_records(staging, "EE"):
        here = (panel.respondents["school"] == record["name"]).to_numpy()
        means = panel.answers["post"].loc[here, ["p1", "p2", "p3", "l1"]].mean()
        assert {item["item"]: item["mean"] for item in record["items"]} == pytest.approx(means.to_dict(), abs=0.0051)
        high, low = featured(record["items"])
        assert len(high) == len(low) == 2
        assert min(item["mean"] for item in high) >= max(item["mean"] for item in low)
        assert not {item["item"] for item in high} & {item["item"] for item in low}


def test_an_item_to_which_nearly_all_gave_the_same_answer_is_not_shown(tmp_path):
    def agreed(pre, post):
        for at, row in enumerate(row for row in post if row[1] == "A"):
            row[2] = 4 if at == 0 else 5
    with_it = records(tmp_path / "one", edit=agreed)
    assert "p1" not in {item["item"] for item in with_it["A"]["items"]}
    assert "p1" in {item["item"] for item in with_it["C"]["items"]}
    public = records(tmp_path / "two", edit=agreed, settings=PUBLIC)
    assert public["A"]["items"][0]["item"] == "p1"


def test_a_survey_or_a_school_with_too_few_answers_is_not_shown(tmp_path):
    found = records(tmp_path, {"A": (9, 5, 6), "B": (2, 9, 0), "C": (12, 5, 5), "D": (4, 0, 0), "E": (3, 3, 3)})
    assert [found[school]["waves"] for school in "ABCDE"] == [["pre", "post"], ["pre"], ["pre", "post"], [], []]
    assert found["B"]["n"]["post"] is None and found["B"]["n"]["matched"] is None
    assert all(not found[school]["scales"] and not found[school]["items"] for school in "DE")
    assert all(set(one["waves"]) == {"pre"} for one in found["B"]["scales"])


def test_a_record_has_no_spread_no_direction_and_no_count_of_few(tmp_path):
    for record in records(tmp_path).values():
        each = [cell for one in record["scales"] for cell in one["waves"].values()] + record["items"]
        assert {name for cell in each for name in cell} == {
            "n", "mean", "low", "high", "digits", "country", "country_digits", "item", "answers"}
        assert all(cell["n"] >= 5 for cell in each)
        assert all(number is None or number[0] >= 5 for number in record["n"].values())


def test_with_fewer_than_three_schools_the_mean_stands_without_an_interval(tmp_path):
    found = records(tmp_path, {"A": (12, 0, 0), "B": (12, 0, 0)}, settings=PUBLIC)
    cell = cells(found["A"], "pedagogy")["pre"]
    assert cell["low"] is None and cell["high"] is None and 1 < cell["mean"] < 5


def test_a_hub_rests_on_the_samples_of_its_schools(tmp_path):
    hubs = {"A": "Tartu", "B": "Tartu", "E": "Narva"}
    staging = staged(tmp_path, {**SCHOOLS, "E": (4, 0, 0)}, PUBLIC, hubs=hubs)
    found = {record["name"]: record for record in school_records(staging, "EE")}
    hub, panel = found["Tartu"], staging.panel("EE")
    assert hub["hub"] and hub["schools"] == ["A", "B"]
    assert hub["n"] == {name: (sum(found[school]["n"][name][0] for school in "AB"), True) for name in hub["n"]}
    scores = panel.scores["pre"]["leadership"].dropna()
    units = panel.respondents["school"][scores.index].map({"A": 0, "B": 0, "C": 1, "D": 2, "E": 3})
    fit = shrunken_means(scores, units)
    assert cells(hub, "leadership")["pre"]["mean"] == pytest.approx(fit.estimate[0], abs=0.0051)
    protected = records(tmp_path / "protected", {**SCHOOLS, "E": (4, 0, 0)}, hubs=hubs)
    assert protected["Tartu"]["waves"] and not protected["Narva"]["waves"]
    small = records(tmp_path / "small", {**SCHOOLS, "E": (4, 0, 0)}, hubs={"A": "Tartu", "E": "Tartu"})
    alone = {item["item"]: item["mean"] for item in small["A"]["items"]}
    assert {item["item"]: item["mean"] for item in small["Tartu"]["items"]} == alone, "E is not told from A's page"
    assert not small["Tartu"]["n"]["pre"][1]


@pytest.mark.parametrize(("language", "expected"), [("et", "et"), ("de", "en"), ("fi", "en")])
def test_the_language_is_that_of_the_schools_exports_where_the_codebook_has_it(tmp_path, language, expected):
    assert {one["language"] for one in records(tmp_path, language=language).values()} == {expected}
