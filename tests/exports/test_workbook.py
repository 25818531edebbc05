"""Excel: typed cells, dates where codes were, and the sheet that holds the answers."""

from __future__ import annotations

import datetime as dt

from support import PRE, complaints, responses, study_folder, write_xlsx


def written(tmp_path, sheets):
    folder = study_folder(tmp_path, [{"file": "raw/pre.xlsx"}])
    write_xlsx(folder / "raw" / "pre.xlsx", sheets)
    return folder


def test_typed_cells_are_read_as_what_they_are(tmp_path):
    when = dt.datetime(2023, 3, 31, 14, 5, 6)
    rows = [
        ["code", "submitted", "p1", "p2", "years", "tools", "comment"],
        [12, when, 3, "Agree", 2.5, "Tablet;Phone;", 7],
        ["007", "", "5", 99, 10, "", True],
    ]
    read = responses(written(tmp_path, rows))
    first, second = read.frame.to_dict("records")
    assert (first["code"], first["p1"], first["p2"], first["years"]) == ("12", 3, 4, 2.5)
    assert (first["tools"], first["comment"], first["submitted"]) == ("tablet;phone", "7", when)
    assert second["code"] == "007" and second["p1"] == 5 and second["comment"] == "true"
    assert read.notices[0] == (
        "raw/pre.xlsx (pre): 1 code is a number in the workbook, where zeros that a code may begin with are lost (row 2); "
        "compare with the survey tool's own export."
    )
    assert read.exports[0].sheet == "Sheet1" and read.exports[0].encoding == ""


def test_a_code_that_excel_made_a_date_is_a_fault(tmp_path):
    (said,) = complaints(written(tmp_path, [["code", "p1"], [dt.date(2023, 3, 1), 1]]))
    assert said.startswith("raw/pre.xlsx, row 2, column “code”: the code is a date (2023-03-01")
    assert "01MAR" in said


def test_an_answer_that_excel_made_a_date_is_a_fault(tmp_path):
    (said,) = complaints(written(tmp_path, [["code", "p1"], ["a", dt.date(2023, 5, 3)]]))
    assert said.startswith("raw/pre.xlsx, row 2, column “p1”: the cell is a date")


def test_the_sheet_with_recognised_headers_is_taken(tmp_path):
    read = responses(written(tmp_path, {"Notes": [["hello"]], "Empty": [], "Form1": PRE}))
    assert read.exports[0].sheet == "Form1" and len(read.frame) == 2


def test_two_sheets_that_could_be_the_answers_are_a_fault(tmp_path):
    assert complaints(written(tmp_path, {"A": PRE, "B": PRE})) == [
        "raw/pre.xlsx: the workbook has 2 sheets that could be the answers, “A” and “B”; expected one."
    ]


def test_rows_are_numbered_as_excel_shows_them(tmp_path):
    read = responses(written(tmp_path, [["p1"], [], [2], [], [3]]))
    assert read.frame["row"].tolist() == [3, 5]


def test_a_cell_beyond_the_last_header_is_a_fault(tmp_path):
    assert complaints(written(tmp_path, [["code", "p1"], ["a", 1], ["b", 2, "stray"]])) == [
        "raw/pre.xlsx, row 3: the row has 3 cells, more than the header's 2."
    ]


def test_an_empty_workbook_is_a_fault(tmp_path):
    (said,) = complaints(written(tmp_path, {"A": [], "B": []}))
    assert said.startswith("raw/pre.xlsx: the workbook is empty")


def test_decimal_commas_typed_as_text_are_numbers(tmp_path):
    read = responses(written(tmp_path, [["p1", "years"], [1, "3,5"], [1, 2.25]]))
    assert read.frame["years"].tolist() == [3.5, 2.25] and read.exports[0].decimal == ","
