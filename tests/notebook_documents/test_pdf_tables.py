"""Tables in the PDF: always within the margins, whole, and one table for those who do not see it."""

from __future__ import annotations

import re

import pytest
from pdf_support import PDF, ink_in_margins, notebook_of, pictures_of, table_cell

from notebook_documents.shapes import Table
from notebook_documents.typst_data import typst_table

ITEM = "Our school has a shared idea of what digital technology is for in learning"


def spans(rows: list[list[str]], text=(0,)) -> list[int]:
    """Over how many rows each row's first cell reaches; 0 where it has none."""
    (part,) = typst_table(Table(1, "", ["x", "y"], rows, [], list(text)))["parts"]
    return [row[0]["span"] if len(row) == 2 else 0 for row in part["rows"]]


def test_a_name_stands_for_the_rows_below_it_without_one():
    assert spans([["a", "1"], ["", "2"], ["", "3"], ["b", "4"], ["c", "5"], ["", "6"]]) == [3, 0, 0, 1, 2, 0]
    assert spans([["a", "1"], ["", "2"]], text=()) == [1, 1], "a number left out is no name"
    assert spans([["", "1"], ["a", "2"]]) == [1, 1]
    assert spans([["a", "1"], *[["", "2"]] * 30]) == [1] * 31, "too high for one page"
    assert spans([]) == []


@pytest.fixture(scope="module")
def long_and_wide():
    long = table_cell(["Item", "n", "Mean"], [[f"{ITEM} {row}", str(row), "3.21"] for row in range(1, 121)],
                      notes=["Note. Long."], caption="Long")
    wide = table_cell(["Scale", *(f"Mean{number}" for number in range(40))],
                      [["Leadership", *(f"{row}.{column:02}" for column in range(40))] for row in range(8)],
                      caption="Wide")
    grouped = table_cell(["Scale", "Method", "n"], [["Leadership" if row % 8 == 0 else "", f"method {row}", "1"]
                                                    for row in range(120)], text=(0, 1), caption="Grouped")
    return notebook_of(long, wide, grouped)


@pytest.fixture(scope="module")
def long_and_wide_pdf(long_and_wide):
    return PDF(long_and_wide)


def test_nothing_of_long_and_wide_tables_runs_over_the_margin(long_and_wide, tmp_path):
    pages = pictures_of(long_and_wide, tmp_path)
    assert not [number for number, page in enumerate(pages, start=1) if ink_in_margins(page)]
    assert {page.size for page in pages} == {(210, 297)}


def test_a_long_table_repeats_its_head_on_each_page_and_is_one_table(long_and_wide_pdf):
    pages = [text for text in long_and_wide_pdf.texts if ITEM in " ".join(text.split())]
    assert len(pages) >= 3 and all("Item" in text and "Mean" in text for text in pages)
    first = long_and_wide_pdf.tags.all("Table")[0]
    assert len(first.all("THead")) == 1 and len(first.all("TBody")[0].all("TR")) == 120


def test_parts_of_a_wide_table_say_so_and_lose_no_number(long_and_wide_pdf):
    text = long_and_wide_pdf.text
    assert "Table 2. Wide" in text and "Table 2, further columns. Wide" in text
    numbers = {f"{row}.{column:02}" for row in range(8) for column in range(40)}
    assert numbers <= set(text.split())


def test_rows_that_belong_together_stay_on_one_page(long_and_wide_pdf):
    pages = [text for text in long_and_wide_pdf.texts if "method" in text]
    assert len(pages) > 1
    for page in pages:
        numbers = [int(word) for before, word in zip(page.split(), page.split()[1:], strict=False) if before == "method"]
        assert numbers[0] % 8 == 0 and numbers[-1] % 8 == 7


@pytest.mark.parametrize("size", [2, 3, 4])
def test_the_name_of_a_group_never_ends_a_page_and_one_without_rows_is_shown(size):
    rows = [row for group in range(60) for row in ([f"Group {group}", ""], *[[f"row {group}", "1"]] * size)]
    pages = PDF(notebook_of(table_cell(["Name", "n"], [*rows, ["Nobody", ""]]))).texts
    shown = [re.findall("Group [0-9]+|row [0-9]+", text) for text in pages]
    assert len(pages) > 2 and all(found[-1].startswith("row") for found in shown if found)
    assert sum(found.count(row) for found in shown for row in {row for row, _n in rows}) == len(rows)
    assert "Nobody" in pages[-1]


def test_a_row_higher_than_a_page_breaks_instead_of_running_out_of_it(tmp_path):
    notebook = notebook_of(table_cell(["a", "b"], [["x", "words " * 2500], ["y", "short"]], text=(0, 1)))
    assert not any(map(ink_in_margins, pictures_of(notebook, tmp_path)))
    assert PDF(notebook).text.split().count("words") == 2500


def test_a_table_without_columns_or_rows_is_no_failure():
    pdf = PDF(notebook_of(table_cell([], [], text=()), table_cell(["Scale", "n"], [], caption="Nobody")))
    assert "Nobody" in pdf.text and len(pdf.tags.all("Table")) == 1
