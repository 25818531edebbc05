"""SPSS files: value labels, user-missing codes, variable labels."""

from __future__ import annotations

import datetime as dt

import numpy as np

from support import complaints, responses, study_folder, write_sav


def written(tmp_path, columns, **labels):
    folder = study_folder(tmp_path, [{"file": "raw/pre.sav", "language": "et"}])
    write_sav(folder / "raw" / "pre.sav", columns, **labels)
    return folder


def test_variables_are_recognised_by_name_and_by_label(tmp_path):
    folder = written(
        tmp_path,
        {"p1": [1.0, 2.0], "Q2": [3.0, np.nan], "code": [12.0, 13.0], "school": ["Võru  ", ""]},
        column_labels={"Q2": "Õpetan üksi", "p1": "anything"},
    )
    read = responses(folder)
    assert read.frame["p1"].tolist() == [1, 2] and read.frame["p2"].iloc[0] == 3
    assert read.frame["code"].tolist() == ["12", "13"] and read.frame["school"].tolist() == ["Võru", ""]
    assert read.frame["row"].tolist() == [2, 3]


def test_user_missing_codes_and_ranges_are_missing(tmp_path):
    folder = written(
        tmp_path,
        {
            "p1": [1.0, 98.0, 7.0],
            "p2": [1.0, 2.0, 3.0],
            "years": [5.0, 999.0, 6.0],
            "comment": ["a", "NA", "b"],
        },
        missing_ranges={"p1": [98, {"lo": 6, "hi": 9}], "years": [999], "comment": ["NA"]},
    )
    frame = responses(folder).frame
    assert frame["p1"].tolist()[0] == 1 and frame["p1"].isna().tolist() == [False, True, True]
    assert frame["years"].isna().tolist() == [False, True, False] and frame["comment"].tolist() == [
        "a",
        None,
        "b",
    ]


def test_value_labels_win_where_the_codes_are_none_of_the_codebook(tmp_path):
    folder = written(
        tmp_path,
        {"p1": [5.0], "gender": [2.0], "school": [1.0]},
        variable_value_labels={
            "gender": {1: "Mees", 2: "Naine"},
            "school": {1: "Võru"},
            "p1": {5: "täitsa nõus"},
        },
    )
    record = responses(folder).frame.iloc[0]
    assert (record["p1"], record["gender"], record["school"]) == (5, "f", "Võru")


def test_a_label_that_contradicts_the_codebook_is_a_fault(tmp_path):
    folder = written(
        tmp_path, {"p1": [1.0, 2.0, 1.0]}, variable_value_labels={"p1": {1: "Nõustun täielikult"}}
    )
    assert complaints(folder) == [
        "raw/pre.sav, row 2, column “p1”: the file labels 1 “Nõustun täielikult”, which the codebook "
        "gives the value 5, "
        "not 1; expected them to agree. 2 times in all: rows 2 and 4."
    ]


def test_a_number_that_the_file_labels_is_a_notice(tmp_path):
    folder = written(
        tmp_path, {"p1": [1.0, 1.0], "years": [3.0, 99.0]}, variable_value_labels={"years": {99: "Ei tea"}}
    )
    assert any(
        "“years” is a number, and 99, which the file labels “Ei tea”" in said
        for said in responses(folder).notices
    )


def test_times_are_times(tmp_path):
    when = dt.datetime(2023, 3, 31, 14, 5)
    folder = written(
        tmp_path, {"p1": [1.0], "submitted": [when]}, variable_format={"submitted": "DATETIME20"}
    )
    assert responses(folder).frame["submitted"].iloc[0] == when


def test_an_option_per_variable_is_a_multichoice_item(tmp_path):
    folder = study_folder(
        tmp_path, [{"file": "raw/pre.sav", "columns": {"t1": "tools:tablet", "t2": "tools:phone"}}]
    )
    write_sav(
        folder / "raw" / "pre.sav",
        {"p1": [1.0, 1.0, 1.0], "t1": [1.0, 0.0, np.nan], "t2": [1.0, 0.0, np.nan]},
        variable_value_labels={"t1": {0: "Not selected", 1: "Tablet"}},
    )
    assert responses(folder).frame["tools"].tolist() == ["tablet;phone", "", None]


def test_a_file_that_is_no_spss_file_is_a_fault(tmp_path):
    folder = study_folder(tmp_path, [{"file": "raw/pre.sav"}])
    (folder / "raw" / "pre.sav").write_bytes(b"$FL2 and nothing of the kind")
    (said,) = complaints(folder)
    assert said.startswith("raw/pre.sav: the SPSS file can't be read")


def test_a_path_with_spaces_and_other_letters_is_read(tmp_path):
    folder = written(tmp_path / "õ uuring ქ", {"p1": [1.0]})
    assert responses(folder).frame["p1"].tolist() == [1]
