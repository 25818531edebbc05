"""All exports as one frame: who is in it, what was asked, and how schools are spelled."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.errors import StudyError
from analysis.responses import read_responses
from analysis.study.folder import read_study
from support import ITEMS, PRE, study_folder, write_csv

BOTH = ({"file": "raw/pre.csv"}, {"file": "raw/post.csv", "wave": "post"})


def responses(folder, countries=None):
    return read_responses(read_study(folder), countries)


def issues(folder) -> list[str]:
    with pytest.raises(StudyError) as raised:
        responses(folder)
    return [str(issue) for issue in raised.value.issues]


def test_the_frame_has_a_row_per_respondent_and_wave_with_fixed_columns_and_types(tmp_path):
    folder = study_folder(tmp_path, BOTH)
    write_csv(folder / "raw" / "pre.csv", PRE)
    write_csv(folder / "raw" / "post.csv", [["code", "gender", "p1"], ["AB12", "Woman", "Agree"]])
    frame = responses(folder).frame
    assert list(frame.columns) == [
        "country",
        "respondents",
        "iteration",
        "wave",
        "school",
        "code",
        "submitted",
        "language",
        "file",
        "row",
        "p1",
        "p2",
        "p3",
        "l1",
        "gender",
        "tools",
        "years",
        "comment",
    ]
    assert frame["wave"].tolist() == ["pre", "pre", "post"] and frame["row"].tolist() == [2, 3, 2]
    assert frame["p1"].tolist() == [1, 2, 4] and frame["p2"].iloc[0] == 5, "raw, not reversed"
    assert np.isnan(frame["p3"].iloc[1]) and frame["gender"].tolist() == [None, None, "f"]
    assert frame["school"].tolist() == ["Rakvere", "Tartu", ""]
    assert frame["iteration"].dtype == np.int64 and frame["submitted"].dtype == "datetime64[us]"
    assert {frame[name].dtype for name in ("country", "code", "gender", "comment")} == {np.dtype(object)}


def test_a_frame_without_any_row_has_the_same_types(tmp_path):
    folder = study_folder(tmp_path)
    write_csv(folder / "raw" / "pre.csv", PRE)
    full = responses(folder).frame
    write_csv(folder / "raw" / "pre.csv", PRE[:1])
    empty = responses(folder)
    assert len(empty.frame) == 0 and empty.exports[0].rows == 0
    pd.testing.assert_series_equal(empty.frame.dtypes, full.dtypes)
    assert empty.asked["item"].tolist() == ["p1", "p2", "p3", "l1"]


def test_what_a_wave_asks_is_the_union_of_its_exports(tmp_path):
    folder = study_folder(tmp_path, [{"file": "raw/a.csv"}, {"file": "raw/b.csv"}])
    write_csv(folder / "raw" / "a.csv", [["code", "p1"], ["a", "1"]])
    write_csv(folder / "raw" / "b.csv", [["code", "p2", "p1"], ["b", "1", "2"]])
    read = responses(folder)
    assert sorted(read.asked["item"]) == ["p1", "p2"]
    assert read.exports[0].lacking == ("p2", "p3", "l1", "gender", "tools", "years", "comment")


def test_headers_nobody_asked_for_are_listed_and_not_in_the_frame(tmp_path):
    folder = study_folder(tmp_path)
    write_csv(
        folder / "raw" / "pre.csv",
        [["code", "IP address", "p1", "e-mail", ""], ["a", "10.0.0.1", "1", "x@y", ""]],
    )
    read = responses(folder)
    assert read.exports[0].unread == ("IP address", "e-mail")
    assert "10.0.0.1" not in read.frame.to_string() and "x@y" not in read.frame.to_string()


def test_rows_without_an_answer_to_a_scale_are_no_responses_and_counted(tmp_path):
    folder = study_folder(tmp_path)
    write_csv(
        folder / "raw" / "pre.csv",
        [["code", "p1", "gender"], ["a", "", "f"], ["b", "1", ""], ["c", "99", ""]],
    )
    read = responses(folder)
    assert read.frame["code"].tolist() == ["b"] and read.exports[0].dropped == {"empty rows": 2}
    assert (
        "raw/pre.csv (pre): 2 rows without any answer to a scale are not counted as responses."
        in read.warnings
    )


def test_respondents_without_scales_answer_by_any_item(tmp_path):
    folder = study_folder(
        tmp_path, [{"file": "raw/pre.csv"}, {"file": "raw/m.csv", "respondents": "mentors"}]
    )
    write_csv(folder / "raw" / "pre.csv", PRE)
    write_csv(folder / "raw" / "m.csv", [["code", "comment"], ["m1", "Good"], ["m2", ""]])
    frame = responses(folder).frame
    assert frame.loc[frame["respondents"] == "mentors", "comment"].tolist() == ["Good"]


def test_an_export_of_teachers_without_a_scale_item_is_an_error(tmp_path):
    folder = study_folder(tmp_path)
    write_csv(folder / "raw" / "pre.csv", [["code", "gender"], ["a", "f"]])
    assert issues(folder) == [
        "raw/pre.csv, row 1: none of the headers is an item of a scale; expected at least one for these "
        "respondents "
        "(teachers)."
    ]


def test_a_file_without_a_scale_item_names_the_headers_it_was_not_understood_by_and_the_remedy(tmp_path):
    folder = study_folder(tmp_path, [{"file": "raw/pre.csv", "columns": {"Kood": "code"}}])
    write_csv(folder / "raw" / "pre.csv", [["Kood", "gender", "Q1.", *"abcdef"], ["a", "f", *"1234567"]])
    assert issues(folder) == [
        "raw/pre.csv, row 1: none of the headers is an item of a scale; expected at least one for these "
        "respondents (teachers). Not understood: “Q1.”, “a”, “b”, “c”, “d” and 2 more; give an item this name in "
        'codebook/items.csv, or write "HEADER" = "ITEM" under [exports.columns] in study.toml.'
    ]


def test_an_export_of_leaders_without_a_scale_item_is_an_error_where_leaders_have_scales(tmp_path):
    leaders = {"respondents": "leaders"}
    folder = study_folder(
        tmp_path, [{"file": "raw/a.csv", **leaders}, {"file": "raw/b.csv", "wave": "post", **leaders}]
    )
    write_csv(folder / "raw" / "a.csv", [["code", "l1"], ["a", "1"]])
    write_csv(folder / "raw" / "b.csv", [["code", "comment"], ["a", "x"]])
    (said,) = issues(folder)
    assert said.startswith("raw/b.csv, row 1: none of the headers is an item of a scale")


def test_an_export_with_no_item_at_all_names_the_language_the_codebook_lacks(tmp_path):
    folder = study_folder(tmp_path, [{"file": "raw/pre.csv", "language": "ee"}])
    write_csv(folder / "raw" / "pre.csv", [["Kavandan tunde koos teistega"], ["1"]])
    (said,) = issues(folder)
    assert said.startswith("raw/pre.csv, row 1: none of the headers is an item of the codebook; expected items' ")
    assert (" 1 header is the text of an item in “et”; if that is the language of the export, write "
            "language = \"et\"") in said
    assert said.endswith("The codebook has no text_ee (it has en and et).")


def test_pre_and_post_side_by_side_are_two_blocks_of_one_file(tmp_path):
    folder = study_folder(
        tmp_path,
        [
            {"file": "raw/both.csv", "columns": {"P1 before": "p1", "P2": "p2"}},
            {"file": "raw/both.csv", "wave": "post", "columns": {"P1 after": "p1", "P2 after": "p2"}},
        ],
    )
    write_csv(
        folder / "raw" / "both.csv",
        [
            ["code", "P1 before", "P1 after", "P2", "P2 after", "note"],
            ["a", "1", "2", "3", "4", "z"],
            ["b", "", "5", "", "", ""],
        ],
    )
    read = responses(folder)
    assert read.frame[["wave", "code", "p1"]].values.tolist() == [
        ["pre", "a", 1],
        ["post", "a", 2],
        ["post", "b", 5],
    ]
    assert read.frame["p2"].tolist()[:2] == [3, 4]
    assert [record.unread for record in read.exports] == [("note",), ("note",)]
    assert [record.dropped for record in read.exports] == [{"empty rows": 1}, {}]


def test_a_header_with_an_items_name_gives_way_to_a_mapped_one_in_a_shared_file(tmp_path):
    folder = study_folder(
        tmp_path,
        [
            {"file": "raw/both.csv"},
            {"file": "raw/both.csv", "wave": "post", "columns": {"p1_post": "p1"}},
        ],
    )
    write_csv(folder / "raw" / "both.csv", [["code", "p1", "p1_post"], ["a", "1", "2"]])
    assert responses(folder).frame["p1"].tolist() == [1, 2]


def test_one_header_for_a_scale_item_of_two_waves_is_an_error(tmp_path):
    folder = study_folder(tmp_path, [{"file": "raw/both.csv"}, {"file": "raw/both.csv", "wave": "post"}])
    write_csv(folder / "raw" / "both.csv", [["code", "p1"], ["a", "1"]])
    assert issues(folder) == [
        "raw/both.csv, row 1, column “p1”: the header is read as “p1” twice, for pre and for post; name "
        "it in the "
        "[exports.columns] of the block it belongs to."
    ]


def twice(tmp_path, post, exports=BOTH):
    folder = study_folder(tmp_path, exports)
    write_csv(folder / "raw" / "pre.csv", [["code", "school", "submitted", "p1", "p2", "p3"], *ROWS])
    post(folder / "raw")
    return folder


ROWS = [[f"c{n}", "Tartu", f"2022-10-{n + 10}", n % 5 + 1, 5 - n % 4, 1 + n % 3] for n in range(8)]
SAME = "row by row, as if it were one file saved twice; expected each survey's own answers."


@pytest.mark.parametrize("copied", [
    lambda raw: (raw / "post.csv").write_bytes((raw / "pre.csv").read_bytes()),
    lambda raw: write_csv(raw / "post.csv", [["p2", "p1", "p3", "code", "school", "submitted"], *(
        [row[4], row[3], row[5], row[0], row[1], "2023-05-01"] for row in ROWS[::-1])], delimiter=";", encoding="utf-16"),
])
def test_one_file_for_both_surveys_is_an_error_even_if_saved_again_in_another_form(tmp_path, copied):
    (said,) = issues(twice(tmp_path, copied))
    assert said.startswith("raw/post.csv: the codes and answers are those of raw/pre.csv, ") and SAME in said


def test_one_answer_that_differs_tells_two_surveys_apart(tmp_path):
    changed = [*ROWS[:-1], [*ROWS[-1][:-1], 3]]
    folder = twice(tmp_path, lambda raw: write_csv(raw / "post.csv", [["code", "school", "p1", "p2", "p3"], *(
        [row[0], row[1], *row[3:]] for row in changed)]))
    assert len(responses(folder).frame) == 16


def test_a_handful_of_answers_may_be_equal_by_chance(tmp_path):
    folder = study_folder(tmp_path, BOTH)
    for wave in ("pre", "post"):
        write_csv(folder / "raw" / f"{wave}.csv", PRE)
    assert len(responses(folder).frame) == 4


def test_one_path_for_both_surveys_without_columns_of_their_own_is_one_error(tmp_path):
    exports = [{"file": "raw/pre.csv"}, {"file": "raw/pre.csv", "wave": "post"}]
    assert issues(twice(tmp_path, lambda raw: None, exports)) == [
        "raw/pre.csv: the file is given for pre and for post, and the same columns are read for both; expected each "
        "survey's own answers. Name the right file in study.toml, or, if it holds both surveys side by side, name each "
        "one's columns under its [exports.columns]."]


def test_a_code_in_the_place_of_a_school_is_an_error_that_does_not_tell_it(tmp_path):
    folder = study_folder(tmp_path, BOTH)
    write_csv(folder / "raw" / "pre.csv", [["code", "school", "p1"], ["XK71", "Tartu", "1"], ["b", "xk71", "1"]])
    write_csv(folder / "raw" / "post.csv", [["code", "school", "p1"], ["XK71", "Tartu", "1"]])
    assert issues(folder) == [
        "raw/pre.csv, row 3, column “school”: the cell that names the school holds a respondent's code; expected the "
        "school's name."]


def test_a_school_that_is_numbered_like_codes_is_a_school(tmp_path):
    folder = study_folder(tmp_path)
    write_csv(folder / "raw" / "pre.csv", [["code", "school", "p1"], ["7", "8", "1"], ["8", "7", "1"]])
    assert responses(folder).frame["school"].tolist() == ["8", "7"]


def test_only_the_countries_asked_for_are_read(tmp_path):
    folder = study_folder(
        tmp_path,
        [{"file": "raw/pre.csv"}, {"file": "raw/missing.csv", "country": "FI"}],
        countries={"EE": 'name = "Estonia"', "FI": 'name = "Finland"'},
    )
    write_csv(folder / "raw" / "pre.csv", PRE)
    assert set(responses(folder, ["EE"]).frame["country"]) == {"EE"}
    assert issues(folder) == ["raw/missing.csv: the file is missing."]


def test_a_country_that_is_not_declared_is_an_error_with_a_suggestion(tmp_path):
    study = read_study(
        study_folder(
            tmp_path, countries={"EST": 'name = "Estonia"'}, exports=[{"file": "a.csv", "country": "EST"}]
        )
    )
    with pytest.raises(StudyError, match=r"no country “ETS”; expected EST. Did you mean “EST”"):
        read_responses(study, ["ETS"])


def test_errors_of_every_export_come_all_at_once(tmp_path):
    folder = study_folder(tmp_path, [*BOTH, {"file": "raw/more.csv"}])
    write_csv(folder / "raw" / "pre.csv", [["code", "p1", "p2"], ["a", "6", "x"], ["b", "1", "1", "1"]])
    write_csv(folder / "raw" / "post.csv", [["code", "p1", "years"], ["a", "Maybe", "many"]])
    said = issues(folder)
    assert [one.split(":")[0] for one in said] == [
        "raw/pre.csv, row 3",
        "raw/pre.csv, row 2, column “p1”",
        "raw/pre.csv, row 2, column “p2”",
        "raw/post.csv, row 2, column “p1”",
        "raw/post.csv, row 2, column “years”",
        "raw/more.csv",
    ]


def schools(folder, *names):
    write_csv(folder / "raw" / "pre.csv", [["school", "p1"], *([name, "1"] for name in names)])
    read = responses(folder)
    return read.frame["school"].tolist(), [warning for warning in read.warnings if warning.startswith("EE:")]


def test_spellings_of_a_school_that_compare_equal_become_the_most_frequent_one(tmp_path):
    found, warnings = schools(study_folder(tmp_path), "JÕGEVA  kool", "Jõgeva kool", " Jo\u0303geva kool", "")
    assert found == ["Jõgeva kool"] * 3 + [""]
    assert warnings == ["EE: “Jõgeva kool” and “JÕGEVA kool” are taken as one school, “Jõgeva kool”."]


def test_a_tie_between_spellings_goes_to_the_first_in_the_alphabet(tmp_path):
    assert schools(study_folder(tmp_path), "tartu", "Tartu")[0] == ["Tartu", "Tartu"]


def test_declared_spellings_become_the_declared_name(tmp_path):
    folder = study_folder(
        tmp_path,
        countries={
            "EE": 'name = "E"\n[countries.EE.schools."Rakvere"]\nalso = ["Rakvere kool", "Never met"]'
        },
    )
    found, warnings = schools(folder, "RAKVERE kool", "rakvere", "Rakvera")
    assert found == ["Rakvere", "Rakvere", "Rakvera"]
    assert warnings == [
        "EE: this school is in the answers but not in study.toml, which is fine if the spelling is right: "
        "“Rakvera”.",
        "EE: the spelling “Never met” of “Rakvere” is declared in study.toml but stands in no answer.",
    ]


def test_a_school_whose_name_ends_in_a_full_stop_does_not_end_the_sentence_twice(tmp_path):
    folder = study_folder(tmp_path, countries={"EE": 'name = "E"\n[countries.EE.schools."Rakvere"]'})
    assert schools(folder, "Rakvere", "Narva güm.")[1] == [
        "EE: this school is in the answers but not in study.toml, which is fine if the spelling is right: "
        "“Narva güm”."
    ]


def test_schools_that_are_not_in_study_toml_are_one_line_without_guesses(tmp_path):
    folder = study_folder(tmp_path, countries={"EE": 'name = "E"\n[countries.EE.schools."Rakvere"]'})
    assert schools(folder, "Rakvere", "Narva", "Sindi", "Elva")[1] == [
        "EE: these schools are in the answers but not in study.toml, which is fine if the spelling is right: "
        "“Elva”, “Narva” and “Sindi”."
    ]


@pytest.mark.parametrize(("target", "said"), [(1, ["EE: 2 schools were found; the target is 1."]), (2, []), (3, [])])
def test_more_schools_than_were_aimed_at_are_a_warning(tmp_path, target, said):
    folder = study_folder(tmp_path, countries={"EE": f'name = "E"\ntarget_schools = {target}'})
    assert schools(folder, "Narva", "TARTU", "Tartu", "")[1][1:] == said


def test_schools_of_the_same_name_in_two_countries_stay_apart(tmp_path):
    folder = study_folder(
        tmp_path,
        [{"file": "raw/e.csv"}, {"file": "raw/f.csv", "country": "FI"}],
        countries={"EE": 'name = "Estonia"', "FI": 'name = "Finland"'},
    )
    write_csv(folder / "raw" / "e.csv", [["school", "p1"], ["Keskus", "1"]])
    write_csv(folder / "raw" / "f.csv", [["school", "p1"], ["KESKUS", "1"], ["KESKUS", "2"]])
    assert responses(folder).frame["school"].tolist() == ["Keskus", "KESKUS", "KESKUS"]


def test_a_file_without_code_or_school_is_read_and_said(tmp_path):
    folder = study_folder(tmp_path)
    write_csv(folder / "raw" / "pre.csv", [["p1"], ["1"]])
    read = responses(folder)
    assert read.frame["code"].tolist() == [""]
    assert read.warnings == [
        "raw/pre.csv (pre) has no code, so its answers can't be linked to the other wave.",
        "raw/pre.csv (pre) names no school, so its answers can't be clustered by school.",
    ]


def test_a_school_may_be_a_choice_of_the_codebook(tmp_path):
    items = [*ITEMS, ["school", "", "choice", "gender", "", "", "School", ""]]
    folder = study_folder(tmp_path, items=items)
    write_csv(folder / "raw" / "pre.csv", [["School", "p1"], ["Woman", "1"]])
    assert responses(folder).frame["school"].tolist() == ["f"]


def test_reading_does_not_depend_on_the_order_of_rows(tmp_path):
    folder = study_folder(tmp_path)
    rows = [[f"c{n}", "Tartu" if n % 3 else "TARTU", str(n % 5 + 1)] for n in range(20)]
    frames = []
    for order in (rows, rows[::-1]):
        write_csv(folder / "raw" / "pre.csv", [["code", "school", "p1"], *order])
        frames.append(responses(folder).frame.drop(columns="row").sort_values("code", ignore_index=True))
    pd.testing.assert_frame_equal(*frames)


def test_what_was_found_in_an_export_is_told_header_by_header_and_row_by_row(tmp_path):
    folder = study_folder(tmp_path, [{"file": "raw/pre.csv", "columns": {"T1": "tools:tablet", "Kood": "code"}}])
    write_csv(
        folder / "raw" / "pre.csv",
        [
            ["Kood", "submitted", "I teach alone", "T1", "ip"],
            ["a", "2023-03-31 14:05", "1", "Y", "x"],
            ["b", "2023-03-30 14:05", "1", "", "x"],
            ["c", "2023-05-01 14:05", "", "", "x"],
        ],
    )
    (record,) = responses(folder).exports
    assert record.recognised == {"code": "Kood", "submitted": "submitted", "p2": "I teach alone", "tools:tablet": "T1"}
    assert record.dropped == {"empty rows": 1} and record.rows == 2
    assert str(record.first_submitted) == "2023-03-30 14:05:00"
    assert str(record.last_submitted) == "2023-03-31 14:05:00"
