"""Delimited text: encoding, delimiter, rows and decimal mark are found out."""

from __future__ import annotations

import csv

import pytest

from support import ANSWERS, ITEMS, PRE, issues, responses, study_folder, write_csv

ESTONIAN = [
    ["code", "school", "Kavandan tunde koos teistega", "Õpetan üksi", "Midagi veel?"],
    ["õ1", "Jõgeva", "Ei nõustu", "Nõustun", "Šokolaad, “žürii”"],
    ["b2", "Tartu", "Ei seda ega teist", "Ei tea", ""],
]


def estonian(tmp_path):
    return study_folder(tmp_path, [{"file": "raw/pre.csv", "language": "et"}])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1257", "cp1252"]
)
def test_encoding_and_delimiter_are_found_out(tmp_path, delimiter, encoding):
    folder = estonian(tmp_path)
    write_csv(folder / "raw" / "pre.csv", ESTONIAN, delimiter, encoding)
    read = responses(folder)
    assert read.frame["p1"].tolist() == [2, 3] and read.frame["p2"].iloc[0] == 4
    assert read.frame["comment"].tolist() == ["Šokolaad, “žürii”", None]
    assert read.frame["code"].iloc[0] == "õ1" and read.frame["school"].iloc[0] == "Jõgeva"
    assert read.exports[0].delimiter == delimiter
    assert read.exports[0].encoding.startswith(encoding.removesuffix("-sig"))


def test_lithuanian_labels_tell_cp1257_from_its_neighbours(tmp_path):
    answers = [
        [*row, text]
        for row, text in zip(
            ANSWERS,
            [
                "label_lt",
                "Visiškai nesutinku",
                "Nesutinku",
                "Nei taip, nei ne",
                "Sutinku",
                "Visiškai sutinku",
                "Nežinau",
                "",
                "",
                "",
                "",
                "",
                "",
            ],
            strict=True,
        )
    ]
    folder = study_folder(tmp_path, [{"file": "raw/pre.csv", "language": "lt"}], answers=answers)
    rows = [["school", "p1", "p2"], ["Šiaulių mokykla", "Visiškai sutinku", "Nežinau"]]
    write_csv(folder / "raw" / "pre.csv", rows, ";", "cp1257")
    read = responses(folder)
    assert read.frame["school"].tolist() == ["Šiaulių mokykla"] and read.frame["p1"].tolist() == [5]
    assert read.exports[0].encoding == "cp1257"


def test_a_files_old_mac_letters_are_read_where_they_are_labels(tmp_path):
    folder = estonian(tmp_path)
    write_csv(
        folder / "raw" / "pre.csv",
        [["code", "p1", "p2"], ["a", "Ei nõustu üldse", "Nõustun"]],
        ";",
        "mac_roman",
    )
    assert responses(folder).frame["p1"].tolist() == [1]


def test_an_encoding_that_stays_open_and_matters_is_an_error(tmp_path):
    folder = study_folder(tmp_path, [{"file": "raw/pre.csv", "language": "xx"}])
    write_csv(folder / "raw" / "pre.csv", [["school", "p1"], ["Šiauliai", "1"]], encoding="cp1257")
    (said,) = issues(folder)
    assert said.startswith("raw/pre.csv: the file's encoding can't be found out") and "CSV UTF-8" in said


def test_an_open_encoding_does_no_harm_in_columns_that_nobody_reads(tmp_path):
    folder = study_folder(tmp_path)
    write_csv(folder / "raw" / "pre.csv", [["Vardas", "p1"], ["Šarūnas", "1"]], encoding="cp1257")
    assert responses(folder).frame["p1"].tolist() == [1]


def test_letters_in_either_unicode_form_are_the_same_texts(tmp_path):
    folder = estonian(tmp_path)
    import unicodedata

    rows = [[unicodedata.normalize("NFD", cell) for cell in row] for row in ESTONIAN]
    write_csv(folder / "raw" / "pre.csv", rows)
    frame = responses(folder).frame
    assert frame["p1"].tolist() == [2, 3] and frame["school"].tolist() == ["Jõgeva", "Tartu"]


def test_georgian_headers_and_labels_are_recognised_in_either_case(tmp_path):
    items = [
        [*row, text] for row, text in zip(ITEMS, ["text_ka", "ვგეგმავ გაკვეთილებს", *[""] * 7], strict=True)
    ]
    answers = [
        [*row, text]
        for row, text in zip(ANSWERS, ["label_ka", *[""] * 3, "ვეთანხმები", *[""] * 8], strict=True)
    ]
    folder = study_folder(tmp_path, [{"file": "raw/pre.csv", "language": "ka"}], items=items, answers=answers)
    write_csv(
        folder / "raw" / "pre.csv", [["ვგეგმავ გაკვეთილებს".upper()], ["ვეთანხმები"], ["ვეთანხმები".upper()]]
    )
    assert responses(folder).frame["p1"].tolist() == [4, 4]


def test_headers_and_answers_differ_in_case_and_white_space_only(tmp_path):
    folder = study_folder(tmp_path)
    write_csv(folder / "raw" / "pre.csv", [[" I  PLAN lessons\u00a0with\nothers "], [" strongly\u00a0AGREE"]])
    assert responses(folder).frame["p1"].tolist() == [5]


def test_a_quoted_line_break_is_one_row_and_blank_lines_count(tmp_path):
    folder = study_folder(tmp_path)
    write_csv(folder / "raw" / "pre.csv", [["p1", "comment"], ["1", "two\nlines"], [], ["", ""], ["2", ""]])
    assert responses(folder).frame["row"].tolist() == [2, 5]


def test_excels_first_line_with_the_delimiter_is_no_row(tmp_path):
    folder = study_folder(tmp_path)
    (folder / "raw" / "pre.csv").write_text("sep=;\r\ncode;p1\r\na;3\r\n", encoding="utf-8")
    frame = responses(folder).frame
    assert frame["p1"].tolist() == [3] and frame["row"].tolist() == [2]


def test_delimiters_in_quoted_headers_do_not_mislead(tmp_path):
    items = [*ITEMS[:2], [*ITEMS[2][:6], "One, two, three; four", ""], *ITEMS[3:]]
    folder = study_folder(tmp_path, items=items)
    write_csv(
        folder / "raw" / "pre.csv",
        [["code", "One, two, three; four"], ["a", "1"]],
        ";",
        quoting=csv.QUOTE_ALL,
    )
    assert responses(folder).frame["p2"].tolist() == [1]


def test_rows_of_another_length_are_errors(tmp_path):
    folder = study_folder(tmp_path)
    write_csv(
        folder / "raw" / "pre.csv", [["code", "p1"], ["a", "1", ""], ["b"], ["c", "1"], ["d", "1", "x"]]
    )
    assert issues(folder) == [
        "raw/pre.csv, row 2: the row has 3 cells, more than the header's 2. 2 times in all: rows 2 and 5.",
        "raw/pre.csv, row 3: the row has 1 cell, fewer than the header's 2.",
    ]


@pytest.mark.parametrize(
    ("text", "row", "why"),
    [
        ('code,p1\na,"1\nb,2\n', 2, "a quotation mark is opened and not closed"),
        ('code,p1\na,1\nb,"1"2\n', 3, "a quotation mark stands inside a cell"),
    ],
)
def test_broken_quotation_marks_are_errors_with_their_row(tmp_path, text, row, why):
    folder = study_folder(tmp_path)
    (folder / "raw" / "pre.csv").write_text(text, encoding="utf-8")
    (said,) = issues(folder)
    assert said.startswith(f"raw/pre.csv, row {row}: ") and why in said


@pytest.mark.parametrize(
    ("cells", "mark", "years"),
    [
        (["3,5", "2"], ",", [3.5, 2]),
        (["3.5", "2"], ".", [3.5, 2]),
        (["1,250", "0,5"], ",", [1.25, 0.5]),
        (["10", "2"], "", [10, 2]),
        (["-1.25", "+2.0"], ".", [-1.25, 2]),
        (["0,125", "0,250"], ",", [0.125, 0.25]),
    ],
)
def test_the_decimal_mark_is_found_out(tmp_path, cells, mark, years):
    folder = study_folder(tmp_path)
    write_csv(folder / "raw" / "pre.csv", [["p1", "years"], *(["1", cell] for cell in cells)], ";")
    read = responses(folder)
    assert read.frame["years"].tolist() == years and read.exports[0].decimal == mark


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (
            ["3,5", "2.5", "4.5"],
            "row 2, column “years”: “3,5” has another decimal mark than the file's other numbers; "
            "expected one mark in one file.",
        ),
        (
            ["1,250"],
            "row 2, column “years”: “1,250” may have a decimal mark or one that parts thousands, and no "
            "other "
            "number of the file tells which; expected the number without the mark, or with another count "
            "of decimals.",
        ),
        (
            ["1.234,5"],
            "row 2, column “years”: “1.234,5” is not a number; expected digits, with at most one decimal "
            "mark.",
        ),
        (
            ["1 000"],
            "row 2, column “years”: “1 000” is not a number; expected digits, with at most one decimal mark.",
        ),
        (
            ["1e3"],
            "row 2, column “years”: “1e3” is not a number; expected digits, with at most one decimal mark.",
        ),
    ],
)
def test_a_number_that_may_be_another_is_an_error(tmp_path, cells, message):
    folder = study_folder(tmp_path)
    write_csv(folder / "raw" / "pre.csv", [["p1", "years"], *(["1", cell] for cell in cells)], ";")
    assert issues(folder) == [f"raw/pre.csv, {message}"]


@pytest.mark.parametrize("texts", [0, 1])
def test_qualtrics_rows_below_the_header_are_no_answers(tmp_path, texts):
    folder = study_folder(tmp_path)
    rows = [
        ["Q1", "code"],
        ["I plan lessons with others", "Your code"][:2],
        ['{"ImportId":"QID1"}', '{"ImportId":"x"}'],
    ]
    rows = rows if texts else [["p1", "code"], rows[2]]
    write_csv(folder / "raw" / "pre.csv", [*rows, ["4", "a"]])
    read = responses(folder)
    assert read.frame["p1"].tolist() == [4] and read.frame["row"].tolist() == [len(rows) + 1]
    assert "Qualtrics' own" in read.warnings[0]


def test_a_header_and_no_row_is_no_error(tmp_path):
    folder = study_folder(tmp_path)
    write_csv(folder / "raw" / "pre.csv", PRE[:1])
    assert responses(folder).exports[0].rows == 0


def raw(tmp_path, data: bytes):
    folder = estonian(tmp_path)
    (folder / "raw" / "pre.csv").write_bytes(data)
    return folder


TEXT = "\r\n".join(";".join(row) for row in ESTONIAN).replace("“", "").replace("”", "") + "\r\n"


@pytest.mark.parametrize(
    ("data", "encoding", "line"),
    [
        (TEXT.encode("utf-8") + b"\xc3", "UTF-8", 4),
        (TEXT.encode("utf-8").replace(b"Tartu", b"T\xf5rva"), "UTF-8", 3),
        (TEXT.encode("utf-8-sig").replace(b"Tartu", b"T\xf5rva"), "UTF-8", 3),
        (TEXT.encode("utf-16")[:-1], "UTF-16", 3),
    ],
)
def test_unicode_that_is_cut_off_or_mixed_is_an_error_with_its_line(tmp_path, data, encoding, line):
    assert issues(raw(tmp_path, data)) == [
        f"raw/pre.csv: the file is {encoding}, but line {line} has bytes that are no letters there: it was cut off, or "
        "put together from files of two encodings; expected the survey tool's own export."
    ]


@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_lines_end_in_any_of_the_three_ways(tmp_path, newline):
    assert responses(raw(tmp_path, TEXT.replace("\r\n", newline).encode("utf-8"))).frame["row"].tolist() == [2, 3]


@pytest.mark.parametrize("notes", ["Küsitlus;;;;\r\n\r\nKoostas;Mari;;;\r\n", "Küsitlus\r\n\r\nKoostas Mari\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1257", "utf-16"])
def test_notes_above_the_header_are_not_read_and_told(tmp_path, notes, encoding):
    read = responses(raw(tmp_path, (notes + TEXT).encode(encoding)))
    assert read.frame["row"].tolist() == [5, 6] and read.frame["p1"].tolist() == [2, 3]
    assert "raw/pre.csv: rows 1 to 3 above the header are not read." in read.warnings


def test_doubled_quotation_marks_are_one(tmp_path):
    folder = study_folder(tmp_path)
    write_csv(folder / "raw" / "pre.csv", [["p1", "comment"], ["1", 'say "yes", she said']], quoting=csv.QUOTE_ALL)
    assert '""yes""' in (folder / "raw" / "pre.csv").read_text("utf-8")
    assert responses(folder).frame["comment"].tolist() == ['say "yes", she said']
