"""Excel: typed cells, dates where codes were, and the sheet that holds the answers."""

from __future__ import annotations

import datetime as dt

import pytest
import xlsxwriter

from support import PRE, issues, responses, study_folder, write_ods, write_openpyxl, write_xlsx


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
    assert read.warnings[0] == (
        "raw/pre.xlsx (pre): 1 code is a number in the workbook, where zeros that a code may begin with are lost (row 2); "
        "compare with the survey tool's own export."
    )
    assert read.exports[0].sheet == "Sheet1" and read.exports[0].encoding == ""


def test_a_code_that_excel_made_a_date_is_an_error(tmp_path):
    (said,) = issues(written(tmp_path, [["code", "p1"], [dt.date(2023, 3, 1), 1]]))
    assert said.startswith("raw/pre.xlsx, row 2, column “code”: the code is a date; ")
    assert "01MAR" in said


def test_an_answer_that_excel_made_a_date_is_an_error(tmp_path):
    (said,) = issues(written(tmp_path, [["code", "p1"], ["a", dt.date(2023, 5, 3)]]))
    assert said.startswith("raw/pre.xlsx, row 2, column “p1”: the cell is a date")


def test_the_sheet_with_recognised_headers_is_taken(tmp_path):
    read = responses(written(tmp_path, {"Notes": [["hello"]], "Empty": [], "Form1": PRE}))
    assert read.exports[0].sheet == "Form1" and len(read.frame) == 2


def test_two_sheets_that_could_be_the_answers_are_an_error(tmp_path):
    assert issues(written(tmp_path, {"A": PRE, "B": PRE})) == [
        "raw/pre.xlsx: the workbook has 2 sheets that could be the answers, “A” and “B”; expected one."
    ]


def test_rows_are_numbered_as_excel_shows_them(tmp_path):
    read = responses(written(tmp_path, [["p1"], [], [2], [], [3]]))
    assert read.frame["row"].tolist() == [3, 5]


def test_a_cell_beyond_the_last_header_is_an_error(tmp_path):
    assert issues(written(tmp_path, [["code", "p1"], ["a", 1], ["b", 2, "stray"]])) == [
        "raw/pre.xlsx, row 3: the row has 3 cells, more than the header's 2."
    ]


def test_an_empty_workbook_is_an_error(tmp_path):
    (said,) = issues(written(tmp_path, {"A": [], "B": []}))
    assert said.startswith("raw/pre.xlsx: the workbook is empty")


def test_decimal_commas_typed_as_text_are_numbers(tmp_path):
    read = responses(written(tmp_path, [["p1", "years"], [1, "3,5"], [1, 2.25]]))
    assert read.frame["years"].tolist() == [3.5, 2.25] and read.exports[0].decimal == ","


NOTES = [["Survey on digital practice"], ["Exported on", dt.date(2023, 4, 1)], [], ["Do not pass on"]]


def test_notes_above_the_header_are_not_read_and_told(tmp_path):
    read = responses(written(tmp_path, [*NOTES, *PRE]))
    assert read.frame["p1"].tolist() == [1, 2] and read.frame["row"].tolist() == [6, 7]
    assert "raw/pre.xlsx: rows 1 to 4 above the header are not read." in read.warnings


def test_a_row_of_questions_above_the_names_is_no_header(tmp_path):
    above = ["", "", "How often do you do the following?", "", "", ""]
    read = responses(written(tmp_path, [above, *PRE]))
    assert read.frame["p1"].tolist() == [1, 2] and "raw/pre.xlsx: row 1 above the header is not read." in read.warnings


def test_sheets_that_are_not_read_are_told(tmp_path):
    items = [["Question", "Text"], ["p1", "I plan lessons with others"], ["p2", "I teach alone"]]
    read = responses(written(tmp_path, {"Questions": items, "Answers": PRE, "Chart": [["Mean", 3]]}))
    assert read.exports[0].sheet == "Answers" and len(read.frame) == 2
    assert (
        "raw/pre.xlsx: the sheets “Questions” and “Chart” are not read; the answers stand in “Answers”." in read.warnings
    )


def test_several_sheets_without_a_known_header_are_named(tmp_path):
    assert issues(written(tmp_path, {"One": [["a"]], "Two": [["b"]]})) == [
        "raw/pre.xlsx: the workbook has 2 sheets that could be the answers, “One” and “Two”; expected one."
    ]


def test_empty_columns_are_nothing_and_a_column_without_a_header_is_told(tmp_path):
    rows = [[*row[:2], "", "", *row[2:]] for row in PRE]
    assert responses(written(tmp_path / "empty", rows)).exports[0].unread == ()
    rows[1][3] = "stray"
    assert responses(written(tmp_path / "stray", rows)).exports[0].unread == ("(column 4, without a header)",)


@pytest.mark.parametrize("suffix", ["xlsx", "xlsm"])
def test_workbooks_of_another_writer_with_and_without_macros_are_read(tmp_path, suffix):
    folder = study_folder(tmp_path, [{"file": f"raw/pre.{suffix}"}])
    write_openpyxl(folder / "raw" / f"pre.{suffix}", {"Form1": PRE})
    assert responses(folder).frame["p1"].tolist() == [1, 2]


def test_open_document_sheets_are_read_with_their_types(tmp_path):
    folder = study_folder(tmp_path, [{"file": "raw/pre.ods"}])
    rows = [["code", "submitted", "p1", "years", "comment"], ["007", dt.datetime(2023, 3, 31, 14, 5), 4, 2.5, "Õ “x”"]]
    write_ods(folder / "raw" / "pre.ods", {"Notes": [["x"], ["y"]], "Answers": [*rows, ["b", None, "Agree", None, None]]})
    first, second = responses(folder).frame.to_dict("records")
    assert (first["code"], first["submitted"]) == ("007", dt.datetime(2023, 3, 31, 14, 5))
    assert (first["p1"], first["years"], first["comment"], second["p1"]) == (4, 2.5, "Õ “x”", 4)


def merged(tmp_path, *ranges, rows=PRE):
    folder = study_folder(tmp_path, [{"file": "raw/pre.xlsx"}])
    write_openpyxl(folder / "raw" / "pre.xlsx", {"Sheet1": rows}, ranges)
    return folder


def test_merged_cells_of_a_column_that_is_read_are_an_error(tmp_path):
    assert issues(merged(tmp_path, "B2:B3")) == [
        "raw/pre.xlsx, row 2, column “school”: the cells B2 to B3 are merged, so that only the first of them has a value; "
        "take them apart and fill in each."
    ]


def test_merged_cells_in_notes_and_in_columns_that_nobody_reads_are_none(tmp_path):
    rows = [["A title over all", "", "", ""], *([*row, cell] for row, cell in zip(PRE, ["note", "x", ""], strict=True))]
    assert len(responses(merged(tmp_path, "A1:D1", "G3:G4", rows=rows)).frame) == 2


def test_a_school_that_excel_made_a_date_is_an_error(tmp_path):
    (said,) = issues(written(tmp_path, [["school", "p1"], [dt.date(2023, 5, 3), 1]]))
    assert said.startswith("raw/pre.xlsx, row 2, column “school”: the cell is a date; ")


def test_dates_where_codes_were_are_one_error_with_their_rows(tmp_path):
    rows = [["code", "p1"], *([dt.date(2023, 3, 1), 1] for _ in range(3)), ["ab", 2]]
    (said,) = issues(written(tmp_path, rows))
    assert said.endswith(" 3 times in all: rows 2, 3 and 4.")


def test_errors_of_excel_are_empty_cells_and_told(tmp_path):
    folder = study_folder(tmp_path, [{"file": "raw/pre.xlsx"}])
    with xlsxwriter.Workbook(str(folder / "raw" / "pre.xlsx")) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(PRE):
            sheet.write_row(row, 0, cells)
        sheet.write_formula("D2", "=NA()", None, "#N/A")
    read = responses(folder)
    assert read.frame["p2"].isna().tolist() == [True, False]
    assert "raw/pre.xlsx: 1 cell (D2) holds an error of Excel, such as #N/A; read as empty." in read.warnings


def test_a_workbook_with_a_password_is_an_error_that_says_so(tmp_path):
    folder = study_folder(tmp_path, [{"file": "raw/pre.xlsx"}])
    (folder / "raw" / "pre.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    assert issues(folder) == [
        "raw/pre.xlsx: the name ends in .xlsx but the file is an old Excel workbook, or one with a password."
    ]
