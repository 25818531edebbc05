"""All tables of a document in one Excel file."""

from __future__ import annotations

import csv
import io

import openpyxl
import pandas as pd
import pytest

from hostile import HOSTILE
from notebook_documents.about import Words
from notebook_documents.exporters import WorkbookReport
from notebook_documents.shapes import TABLE_MIME, Table
from notebook_documents.workbook import Columns, workbook
from page import notebook
from page import shown as shown_cell

CHANGE = pd.DataFrame({
    "scale": ["vision", "07"], "n_pre": pd.array([24, None], dtype="Int64"), "change": [0.123456789, -1.0],
    "df": [3.14159, float("inf")], "p": [0.00012, 0.5], "share": [0.25, None], "note": ["", "Too few."]})
SHOWN = [
    Table(1, "Change", ["Scale", "n", "Change"], [["Visionᵃ", "24", "0.12"], ["Seven", "–", "−1.00"]],
          ["Note. n = number.", "ᵃ Few."], [0], "change"),
    Table(2, "Change, again", ["Scale"], [["Vision"]], ["Note. n = number."], [0], "change"),
    Table(3, "Files", ["File"], [["a.csv"]], [], [0], "inputs"),
]


COLUMNS = Columns(frozenset({"school", "scale", "label", "note"}),
                  {"p|tau2.*": "0.000", "share.*": "0 %", "df": "0.0", "i2": "0"})


def written(shown=SHOWN, said: dict | None = None, **tables: pd.DataFrame) -> bytes:
    files = {name: io.StringIO(table.to_csv(index=False, quoting=csv.QUOTE_NONNUMERIC)) for name, table in tables.items()}
    data = {name: pd.read_csv(file, dtype=str, keep_default_na=False) for name, file in files.items()}
    return workbook(shown, data, Words(said or {}), COLUMNS)


def opened(*given, **tables):
    return openpyxl.load_workbook(io.BytesIO(written(*given, **tables)))


def cells(sheet) -> list[list]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_sheets_come_in_the_report_s_order_after_the_contents_and_the_printed_tables():
    book = opened(a_second=CHANGE, change=CHANGE)
    assert book.sheetnames == ["contents", "as in the report", "change", "a_second"]


def test_a_program_reads_a_sheet_as_it_reads_the_csv_file():
    read = pd.read_excel(io.BytesIO(written(change=CHANGE)), "change", engine="openpyxl", dtype={"scale": str, "df": float})
    same = pd.read_csv(io.StringIO(CHANGE.to_csv(index=False)), dtype={"scale": str})
    pd.testing.assert_frame_equal(read, same)


def test_numbers_have_formats_and_keep_their_precision():
    sheet = opened(change=CHANGE)["change"]
    assert [cell.number_format for cell in sheet[2]][1:6] == ["0", "0.00", "0.0", "0.000", "0 %"]
    assert sheet["C2"].value == 0.123456789 and sheet["A3"].value == "07" and sheet["D3"].value == "inf"


@pytest.mark.parametrize(("name", "given", "code"), [
    ("n_pre", ["3", "", "4"], "0"), ("change", ["3.0", "4.0"], "0.00"), ("p", ["1.0"], "0.000"), ("i2", ["12.5"], "0"),
    ("share_lost", ["0.5"], "0 %"), ("tau2_low", ["0.01"], "0.000"), ("school", ["1", "2"], ""), ("value", ["1", "x"], ""),
    ("value", ["01"], ""), ("n", ["", ""], ""), ("se", ["1e-05"], "0.00"), ("code", ["1_000"], ""), ("code", ["1１"], ""),
])
def test_a_column_s_format_follows_from_its_name_and_cells(name, given, code):
    assert COLUMNS.code(name, given) == code


def test_headers_are_bold_frozen_and_filter_the_rows():
    sheet = opened(change=CHANGE)["change"]
    assert all(cell.font.bold for cell in sheet[1])
    assert sheet.freeze_panes == "B2" and sheet.auto_filter.ref == "A1:G3" and sheet.print_title_rows == "$1:$1"
    assert all(8 <= sheet.column_dimensions[letter].width <= 61 for letter in "ABCDEFG")


def test_the_contents_link_to_sheets_and_printed_tables_and_hold_captions_and_notes():
    book = opened(change=CHANGE, other=CHANGE)
    sheet = book["contents"]
    assert cells(sheet) == [
        ["sheet", "in the report", "what", "rows", "notes"],
        ["change", "Table 1, 2", "Change; Change, again", 2, "Note. n = number.\nᵃ Few."],
        ["other", None, "", 2, ""],
    ]
    assert sheet["A2"].hyperlink.location == "'change'!A1"
    assert sheet["B2"].hyperlink.location == "'as in the report'!A1"
    assert sheet["A3"].hyperlink.location == "'other'!A1"


def test_the_printed_tables_stand_below_each_other_as_in_the_report():
    sheet = opened(change=CHANGE)["as in the report"]
    assert cells(sheet) == [
        ["Table 1. Change", None, None], ["Scale", "n", "Change"], ["Visionᵃ", "24", "0.12"], ["Seven", "–", "−1.00"],
        ["Note. n = number.", None, None], ["ᵃ Few.", None, None], [None] * 3,
        ["Table 2. Change, again", None, None], ["Scale", None, None], ["Vision", None, None],
        ["Note. n = number.", None, None], [None] * 3,
        ["Table 3. Files", None, None], ["File", None, None], ["a.csv", None, None],
    ]
    assert sheet["B3"].alignment.horizontal == "right" and sheet["A3"].alignment.horizontal == "left"
    assert {side for row in sheet.iter_rows() for cell in row for side in ("left", "right")
            if getattr(cell.border, side).style} == set()


def test_text_is_never_a_formula_a_link_or_an_error():
    words = pd.DataFrame({"label": list(HOSTILE), "value": list(HOSTILE)})
    book = opened([Table(1, text, [text], [[text]], [text], [0], "words") for text in HOSTILE], words=words)
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"s", "n"}
    assert not [cell for row in book["words"].iter_rows() for cell in row if cell.hyperlink]
    assert book["words"]["A1"].value == "label" and book["words"].max_row == len(HOSTILE) + 1


def test_the_same_tables_make_the_same_bytes():
    assert written(change=CHANGE) == written(change=CHANGE)


def test_long_names_and_long_cells_are_cut_to_what_excel_takes():
    long = "x" * 40
    book = opened([], **{f"{long}1": CHANGE, f"{long}2": CHANGE.assign(note="y" * 40_000), "Contents": CHANGE})
    assert book.sheetnames[2:] == ["x" * 31, "x" * 29 + "-2", "Contents-2"]
    assert len(book["x" * 29 + "-2"]["G2"].value) == 32_767


def test_a_document_without_tables_has_a_workbook_all_the_same():
    assert opened([]).sheetnames == ["contents", "as in the report"]


def test_the_sheets_speak_the_words_they_were_given():
    book = opened(SHOWN, {"contents": "Sisukord", "printed": "nagu aruandes", "table": "Tabel", "sheet": "leht"})
    assert book.sheetnames == ["sisukord", "nagu aruandes"]
    assert book["nagu aruandes"]["A1"].value == "Tabel 1. Change" and book["sisukord"]["A1"].value == "leht"


def test_the_exporter_gives_the_tables_that_a_notebook_shows():
    table = {"headings": ["a"], "rows": [["1"]], "notes": [], "text": [0]}
    made, resources = WorkbookReport().from_notebook_node(notebook(shown_cell({TABLE_MIME: table}, "#| tbl-cap: One")))
    assert resources["output_extension"] == ".xlsx"
    assert cells(openpyxl.load_workbook(io.BytesIO(made))["as in the report"]) == [["Table 1. One"], ["a"], ["1"]]
