"""SPSS files: value labels, user-missing codes, variable labels."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from support import issues, responses, study_folder, write_sav


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


def test_a_label_that_contradicts_the_codebook_is_an_error(tmp_path):
    folder = written(
        tmp_path, {"p1": [1.0, 2.0, 1.0]}, variable_value_labels={"p1": {1: "Nõustun täielikult"}}
    )
    assert issues(folder) == [
        "raw/pre.sav, row 2, column “p1”: the file labels 1 “Nõustun täielikult”, which the codebook "
        "gives the value 5, "
        "not 1; expected them to agree. 2 times in all: rows 2 and 4."
    ]


def test_a_number_that_the_file_labels_is_a_warning(tmp_path):
    folder = written(
        tmp_path, {"p1": [1.0, 1.0], "years": [3.0, 99.0]}, variable_value_labels={"years": {99: "Ei tea"}}
    )
    assert any(
        "“years” is a number, and 99, which the file labels “Ei tea”" in said
        for said in responses(folder).warnings
    )


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


def test_a_file_that_is_no_spss_file_is_an_error(tmp_path):
    folder = study_folder(tmp_path, [{"file": "raw/pre.sav"}])
    (folder / "raw" / "pre.sav").write_bytes(b"$FL2 and nothing of the kind")
    (said,) = issues(folder)
    assert said.startswith("raw/pre.sav: the SPSS file can't be read")


def test_a_path_with_spaces_and_other_letters_is_read(tmp_path):
    folder = written(tmp_path / "õ uuring ქ", {"p1": [1.0]})
    assert responses(folder).frame["p1"].tolist() == [1]


@pytest.mark.parametrize("suffix", ["sav", "zsav"])
def test_compressed_files_and_labels_in_the_files_language_are_read(tmp_path, suffix):
    folder = study_folder(tmp_path, [{"file": f"raw/pre.{suffix}", "language": "et"}])
    labels = {float(n): label for n, label in enumerate(["Ei nõustu üldse", "Ei nõustu", "Nõustun", "Ei tea"], start=11)}
    write_sav(
        folder / "raw" / f"pre.{suffix}",
        {"p1": [11.0, 13.0, 14.0], "p2": [1.0, 2.0, 3.0], "sugu": [1.0, 2.0, np.nan]},
        column_labels={"sugu": "Sugu", "p1": "Kavandan tunde koos teistega"},
        variable_value_labels={"p1": labels, "sugu": {1.0: "Naine", 2.0: "Mees"}},
        compress=suffix == "zsav",
    )
    read = responses(folder)
    assert read.frame["p1"].fillna(0).tolist() == [1, 4, 0] and read.frame["gender"].tolist() == ["f", "m", None]
    assert read.exports[0].recognised["gender"] == "sugu" and read.exports[0].encoding


def test_user_missing_values_are_missing_whatever_their_labels_say(tmp_path):
    folder = written(
        tmp_path,
        {"p1": [-9.0, 2.0, 99.0], "p2": [1.0, 1.0, 1.0], "gender": ["f", "-", "m"], "comment": ["", "  ", " a "]},
        missing_ranges={"p1": [{"lo": -99, "hi": -1}, 99], "gender": ["-"]},
        variable_value_labels={"p1": {-9.0: "Nõustun", 99.0: "Ei soovi vastata"}},
    )
    frame = responses(folder).frame
    assert frame["p1"].fillna(0).tolist() == [0, 2, 0] and frame["gender"].tolist() == ["f", None, "m"]
    assert frame["comment"].tolist() == [None, None, "a"]


def test_a_missing_value_that_the_file_does_not_declare_is_an_error(tmp_path):
    (said,) = issues(written(tmp_path, {"p1": [99.5, 2.0, 99.5], "p2": [1.0, 1.0, 1.0]}))
    assert "“99.5” is not an answer of the set “agree”" in said and "2 times in all: rows 2 and 4." in said


@pytest.mark.parametrize(
    ("value", "form", "expected"),
    [
        (dt.date(2023, 3, 31), "DATE11", dt.datetime(2023, 3, 31)),
        (dt.datetime(2023, 3, 31, 14, 5, 6), "DATETIME20", dt.datetime(2023, 3, 31, 14, 5, 6)),
    ],
)
def test_days_and_times_are_times_of_submission(tmp_path, value, form, expected):
    folder = written(tmp_path, {"p1": [1.0, 2.0], "submitted": [value, None]}, variable_format={"submitted": form})
    frame = responses(folder).frame
    assert frame["submitted"].iloc[0] == expected and frame["submitted"].isna().tolist() == [False, True]


def test_a_code_that_is_a_date_is_an_error(tmp_path):
    folder = written(tmp_path, {"p1": [1.0], "code": [dt.date(2023, 3, 1)]}, variable_format={"code": "DATE11"})
    (said,) = issues(folder)
    assert said.startswith("raw/pre.sav, row 2, column “code”: the code is a date; ")
