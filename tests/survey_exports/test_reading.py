"""Any file of a survey tool as a raw table, without a study."""

from __future__ import annotations

import ast
import datetime as dt
from pathlib import Path

import pytest

import survey_exports
from survey_exports import files
from survey_exports.files import read_table
from survey_exports.issues import Issue, ReadingError
from survey_exports.qualtrics import unfinished, without_others
from survey_exports.table import Expected, cell_text
from survey_exports.texts import normal
from writers import write_csv, write_ods, write_openpyxl, write_sav, write_xlsx

ROWS = [["Sinu kood", "Õpetan üksi", "aastaid"], ["õ1", "Nõustun", "7"], ["b2", "", "12"]]
EXPECTED = Expected(frozenset(map(normal, ROWS[0])), frozenset({"nõustun"}), frozenset({"õpetan üksi"}), "et")


def cells(table):
    return [table.headers, *([cell_text(column[n]) for column in table.cells] for n in range(len(table.rows)))]


def read(path):
    return read_table(path, f"raw/{path.name}", EXPECTED)


def refused(path) -> str:
    with pytest.raises(ReadingError) as raised:
        read(path)
    (issue,) = raised.value.issues
    return str(issue)


def test_nothing_of_the_analysis_is_imported():
    imported = set()
    for path in Path(survey_exports.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                imported.add(node.module)
            elif isinstance(node, ast.Import):
                imported |= {one.name for one in node.names}
    packages = {name.partition(".")[0] for name in imported}
    assert "survey_exports" in packages and not packages & {"analysis", "notebook_documents"}


@pytest.mark.parametrize("written", [
    lambda folder: write_csv(folder / "a.csv", ROWS, ";", "cp1257"),
    lambda folder: write_csv(folder / "a.tsv", ROWS, "\t", "utf-16"),
    lambda folder: write_csv(folder / "a.txt", [["A note"], *ROWS], "|"),
    lambda folder: write_xlsx(folder / "a.xlsx", {"Notes": [["x"], ["y"]], "Answers": [["A note"], *ROWS]}),
    lambda folder: write_openpyxl(folder / "a.xlsm", {"Answers": ROWS}),
    lambda folder: write_ods(folder / "a.ods", {"Answers": ROWS}),
    lambda folder: write_sav(folder / "a.sav", {
        "V1": ["õ1", "b2"], "V2": ["Nõustun", ""], "V3": [7.0, 12.0]}, column_labels=ROWS[0]),
], ids=["older encoding", "UTF-16", "note above", "Excel", "with macros", "OpenDocument", "SPSS"])
def test_the_same_answers_are_the_same_table_in_every_format(tmp_path, written):
    table = read(written(tmp_path))
    assert cells(table)[1:] == ROWS[1:]
    assert table.headers == ROWS[0] or table.questions == ROWS[0]
    assert table.rows.tolist() == ([3, 4] if table.warnings else [2, 3]) and not table.issues


def test_a_cell_of_a_workbook_keeps_its_type(tmp_path):
    table = read(write_xlsx(tmp_path / "a.xlsx", [ROWS[0], ["x", dt.datetime(2023, 3, 1, 9, 30), 7.5]]))
    assert [type(column[0]) for column in table.cells] == [str, dt.datetime, float]


def test_labels_and_user_missing_values_of_spss_are_read(tmp_path):
    path = write_sav(tmp_path / "a.sav", {"V1": [1.0, 9.0, None]}, variable_value_labels={"V1": {1.0: "Ei", 9.0: "Ei tea"}},
                     missing_ranges={"V1": [9]})
    table = read(path)
    assert table.cells[0].tolist() == [1.0, "", ""] and table.value_labels == {0: {1.0: "Ei", 9.0: "Ei tea"}}


def test_rows_of_another_length_and_merged_cells_are_issues_and_the_others_are_read(tmp_path):
    table = read(write_csv(tmp_path / "a.csv", [*ROWS, ["c3", "", "1", "2"]]))
    assert table.issues == [Issue("the row has 4 cells, more than the header's 3.", "raw/a.csv", 4)]
    assert cells(table) == ROWS
    merged = read(write_openpyxl(tmp_path / "a.xlsx", {"Answers": ROWS}, ["B2:B3"]))
    assert [(issue.row, issue.column) for issue in merged.issues] == [(2, "Õpetan üksi")]
    assert merged.issues[0].message.startswith("the cells B2 to B3 are merged")


def test_two_sheets_that_could_be_the_answers_and_a_file_in_two_encodings_are_refused(tmp_path):
    sheets = write_xlsx(tmp_path / "a.xlsx", {"One": ROWS, "Two": ROWS})
    assert refused(sheets) == (
        "raw/a.xlsx: the workbook has 2 sheets that could be the answers, “One” and “Two”; expected one.")
    both = tmp_path / "a.csv"
    both.write_bytes("õ,õ,õ,Õpetan üksi\n".encode() + "õ".encode("cp1257"))
    assert "line 2 has bytes that are no letters there" in refused(both)


def test_a_header_may_end_in_the_language_of_its_cells(tmp_path):
    path = write_csv(tmp_path / "a.csv", [["label_lt"], ["Nežinau, ar ėjo"]], encoding="cp1257")
    table = read_table(path, "a.csv", Expected(frozenset({"label_lt"})))
    assert table.cells[0].tolist() == ["Nežinau, ar ėjo"] and table.encoding == "cp1257"


def test_previews_of_qualtrics_are_left_out_and_unfinished_answers_known(tmp_path):
    rows = [["ResponseId", "Status", "Finished", "Õpetan üksi"], ["R_1", "IP Address", "True", "1"],
            ["R_2", "Survey Preview", "True", "1"], ["R_3", "IP Address", "False", "2"]]
    table = read(write_csv(tmp_path / "a.csv", rows))
    assert without_others(table) == {"preview answers": 1}
    assert table.rows.tolist() == [2, 4] and unfinished(table).tolist() == [False, True]


@pytest.fixture
def read_files(monkeypatch):
    """The names of the files that a reader was asked for."""
    asked = []
    for suffix, reader in files._READERS.items():
        def counted(path, file, expected, reader=reader):
            asked.append(path.name)
            return reader(path, file, expected)
        monkeypatch.setitem(files._READERS, suffix, counted)
    return asked


def test_the_same_bytes_are_read_once_and_no_table_changes_another(tmp_path, read_files):
    path = write_csv(tmp_path / "a.csv", ROWS)
    first = read(path)
    first.keep([True, False])
    first.warnings.append("mine")
    again = read(path)
    assert read_files == ["a.csv"] and cells(again) == ROWS and again.warnings == []


def test_other_bytes_in_the_same_place_are_read_again(tmp_path, read_files):
    read(write_csv(tmp_path / "a.csv", ROWS))
    table = read(write_csv(tmp_path / "a.csv", [*ROWS[:-1], ["c3", "", "1"]]))
    assert read_files == ["a.csv", "a.csv"] and table.cells[0].tolist() == ["õ1", "c3"]
