"""Codes that a spreadsheet program may have changed: told by row, never guessed, never quoted."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.coding.codes import code_warnings
from support import responses, study_folder, write_csv, write_xlsx


def warnings(*cells, in_workbook=False, language="et"):
    return code_warnings(np.array(cells, dtype=object), np.arange(2, len(cells) + 2), in_workbook, language)


@pytest.mark.parametrize(
    "code",
    ["2023-03-01", "2023-03-01 00:00:00", "01.03.2023", "3/1/2023", "1/3/23", "01-Mar", "1-mar-23", "Mar-01", "01. märts",
     "5-juuni", "Dets-05", "12 Dec"],
)
def test_a_code_that_looks_like_a_date_is_told_with_its_row(code):
    (said,) = warnings("AB12", code, "CD34")
    assert said == (
        "1 code looks like a date, as Excel makes of codes such as 01MAR or 3-5 (row 3); compare with the survey "
        "tool's own export"
    )


@pytest.mark.parametrize("code", ["01MAR", "3-5", "MA03NA0", "12-AB", "Mari-12x", "2023", "1.5", "", "12 ema", "12E5"])
def test_a_code_as_it_was_typed_is_not_told(code):
    assert warnings("AB12", code, "CD34") == []


def test_codes_with_a_power_of_ten_are_told():
    (said,) = warnings("1E+05", "1,2E+15", "ab")
    assert said.startswith("2 codes are numbers with a power of ten") and "(rows 2 and 3)" in said


def test_digits_fewer_than_most_are_told_unless_a_code_begins_with_a_zero():
    (said,) = warnings("1234", "5678", "9012", "345", "67")
    assert said.startswith("2 codes have fewer digits than most, so that zeros at the beginning may be lost (rows 5 and 6)")
    assert warnings("1234", "5678", "0012", "345") == [] == warnings("1234", "567", "89", "0")


def test_numbers_of_a_workbook_are_told_only_where_lengths_differ():
    assert warnings(12.0, 345.0, in_workbook=True)[0].startswith("2 codes are numbers in the workbook")
    assert warnings(12.0, 34.0, in_workbook=True) == [] == warnings(12.0, 345.0)


@pytest.mark.parametrize("language", ["xx", "sr-Latn", "ka"])
def test_a_language_without_known_months_has_the_english_ones(language):
    assert len(warnings("01-Mar", language=language)) == 1


def test_no_warning_of_an_export_quotes_a_code(tmp_path):
    folder = study_folder(tmp_path, [{"file": "raw/pre.csv"}, {"file": "raw/pre.xlsx", "wave": "post"}])
    rows = [["code", "p1"], ["01-Mar", "1"], ["7", "1"], *([f"{n}", "2"] for n in range(1234, 1240))]
    write_csv(folder / "raw" / "pre.csv", rows)
    typed = [[int(code) if code.isdigit() else code, 1] for code, _ in rows[1:]]
    write_xlsx(folder / "raw" / "pre.xlsx", [rows[0], *typed])
    said = [warning for warning in responses(folder).warnings if "compare with" in warning]
    assert [warning.partition(":")[0] for warning in said] == ["raw/pre.csv (pre)"] * 2 + ["raw/pre.xlsx (post)"] * 2
    assert not any(code in warning for warning in said for code, _ in rows[1:] if code != "7")
