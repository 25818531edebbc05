"""Open answers that a person coded: columns of categories beside the answers."""

from __future__ import annotations

import pytest

from support import ITEMS, issues, responses, study_folder, write_csv, write_sav


def coded(tmp_path, *rows, header=("code", "p1", "comment", "comment_code"), columns=None, **study):
    folder = study_folder(tmp_path, [{"file": "raw/pre.csv", "columns": columns or {}}], **study)
    write_csv(folder / "raw" / "pre.csv", [list(header), *rows])
    return folder


@pytest.mark.parametrize(
    ("cell", "categories"),
    [
        ("time", "time"),
        ("time;support", "time;support"),
        (" support ;  lack of  time; ", "support;lack of time"),
        ("time;Time;support", "Time;support"),
        (";", ""),
        ("", None),
    ],
)
def test_a_column_of_categories_holds_them_joined_by_semicolons(tmp_path, cell, categories):
    frame = responses(coded(tmp_path, ["a", "1", "Too little time", cell])).frame
    assert frame["comment_code"].tolist() == [categories] and frame["comment"].tolist() == ["Too little time"]


def test_the_columns_of_categories_come_last_and_only_where_an_export_has_them(tmp_path):
    folder = study_folder(tmp_path, [{"file": "raw/pre.csv"}, {"file": "raw/post.csv", "wave": "post"}])
    write_csv(folder / "raw" / "pre.csv", [["code", "p1", "comment"], ["a", "1", "Well"]])
    write_csv(folder / "raw" / "post.csv", [["code", "p1"], ["a", "1"]])
    assert "comment_code" not in responses(folder).frame.columns
    write_csv(folder / "raw" / "post.csv", [["code", "p1", "Comment_Code"], ["a", "1", "praise"]])
    read = responses(folder)
    assert read.frame.columns[-1] == "comment_code" and read.frame["comment_code"].tolist() == [None, "praise"]
    assert read.exports[1].recognised["comment_code"] == "Comment_Code" and not read.exports[1].unread
    assert "comment_code" not in set(read.asked["item"]) and "comment" in read.exports[1].lacking


def test_study_toml_may_name_the_column_of_categories(tmp_path):
    folder = coded(
        tmp_path, ["1", "praise"], header=["p1", "Kategooria"], columns={"Kategooria": "comment_code"}
    )
    assert responses(folder).frame["comment_code"].tolist() == ["praise"]


def test_an_item_of_that_name_is_itself(tmp_path):
    items = [*ITEMS, ["comment_code", "", "number", "", "", "", "", ""]]
    frame = responses(coded(tmp_path, ["a", "1", "x", "7"], items=items)).frame
    assert frame["comment_code"].tolist() == [7.0]


def test_only_open_answers_have_columns_of_categories(tmp_path):
    folder = coded(tmp_path, ["1", "x"], header=["p1", "p2_code"])
    assert responses(folder).exports[0].unread == ("p2_code",)
    columns = {"p2_code": "p2_code"}
    (said,) = issues(coded(tmp_path, ["1", "x"], header=["p1", "p2_code"], columns=columns))
    assert "the codebook has no item “p2_code”" in said


def test_spellings_of_a_category_that_compare_equal_become_the_most_frequent_one(tmp_path):
    rows = [["a", "1", "", "Lack of time"], ["b", "1", "", "lack of TIME;praise"], ["c", "1", "", "Lack of time;Praise"]]
    found = [responses(coded(tmp_path, *order)).frame["comment_code"].tolist() for order in (rows, rows[::-1])]
    assert found[0] == ["Lack of time", "Lack of time;Praise", "Lack of time;Praise"] == found[1][::-1]


def test_a_row_with_nothing_but_a_category_answers_no_scale(tmp_path):
    read = responses(coded(tmp_path, ["a", "", "", "praise"], ["b", "1", "", ""]))
    assert read.frame["code"].tolist() == ["b"] and read.exports[0].dropped == {"empty rows": 1}


def test_categories_of_an_spss_file_are_its_value_labels(tmp_path):
    folder = study_folder(tmp_path, [{"file": "raw/pre.sav"}])
    write_sav(
        folder / "raw" / "pre.sav",
        {"p1": [1.0, 2.0], "comment_code": [2.0, 1.0]},
        variable_value_labels={"comment_code": {1: "praise", 2: "lack of time"}},
    )
    assert responses(folder).frame["comment_code"].tolist() == ["lack of time", "praise"]
