"""Where in study.toml an error stands, and the remedy for a common slip."""

from __future__ import annotations

import pytest

from support import COUNTRY, EXPORT, issues, study_folder, with_settings

HEAD = 'title = "x"\n\n'


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("minimum_answered = 0,5", "Use a decimal point: 0.5."),
        ("smallest_change_of_interest = {pedagogy = 0,25}", "Use a decimal point: 0.25."),
        ("codes = “assigned”", 'Use straight quotes (" "), and a plain text editor instead of Word.'),
        ("codes = „assigned“ # codes", 'Use straight quotes (" "), and a plain text editor instead of Word.'),
        ('codes = "assigned”', 'Use straight quotes (" "), and a plain text editor instead of Word.'),
        ("codes = ’assigned’", 'Use straight quotes (" "), and a plain text editor instead of Word.'),
        ('file = "raw\\pre.csv"', "In a path write / instead of \\."),
        ('file = "C:\\Users\\pre.csv"', "In a path write / instead of \\."),
    ],
)
@pytest.mark.parametrize("end", ["\n", "", "\r\n"])
def test_a_common_slip_in_the_toml_is_told_with_its_remedy(tmp_path, line, remedy, end):
    folder = study_folder(tmp_path)
    (folder / "study.toml").write_bytes(f"{HEAD}{line}{end}".encode())
    (said,) = issues(folder)
    assert said.startswith("study.toml") and said.endswith(f" {remedy}")


@pytest.mark.parametrize("line", ['codes = "a “b” c" d', "codes 3", 'codes = [1, 2 # “0,5”'])
def test_another_error_in_the_toml_is_told_without_a_guess(tmp_path, line):
    (said,) = issues(with_settings(tmp_path, f"{HEAD}{line}\nseed = 1\n"))
    assert "Word" not in said and "decimal point" not in said


def test_a_backslash_that_makes_a_special_letter_of_a_files_name_is_an_error(tmp_path):
    said = issues(with_settings(tmp_path, HEAD + COUNTRY + EXPORT.replace("raw/pre", "raw\\test")))
    assert said == [
        "study.toml, row 8: [[exports]] block 1, file: write / instead of \\, which makes a special letter of the "
        "one after it."
    ]


def test_an_error_in_a_file_with_long_texts_and_dotted_keys_has_its_row(tmp_path):
    text = (
        'title = """\nseed = 1\n[[exports]]\n"""\nfunding.emblem = "us"\n'
        '[ countries . "EE" ] # the first\nname = "E"\ntarget_schools = 0\n'
        + EXPORT
        + 'columns."Õ = a" = "q"\n'
    )
    assert [one.partition(": ")[0] for one in issues(with_settings(tmp_path, text))] == [
        "study.toml, row 5",
        "study.toml, row 8",
        "study.toml, row 14",
    ]


def test_errors_of_study_toml_come_in_the_order_of_its_rows(tmp_path):
    text = HEAD + COUNTRY + EXPORT.replace("EE", "XX") + EXPORT.replace("pre", "later", 1)
    said = issues(with_settings(tmp_path, text))
    assert [one.partition(":")[0] for one in said] == ["study.toml, row 6", "study.toml, row 12"]


def test_a_missing_key_has_the_row_of_its_block(tmp_path):
    text = HEAD + COUNTRY + EXPORT + EXPORT.replace('wave = "pre"\n', "")
    assert issues(with_settings(tmp_path, text)) == [
        "study.toml, row 10: [[exports]] block 2 (raw/pre.csv), wave: this key is missing."
    ]


def test_an_error_in_a_table_on_one_line_has_the_row_of_that_line(tmp_path):
    text = HEAD + 'countries = {EE = {name = ""}}\n' + EXPORT
    assert issues(with_settings(tmp_path, text)) == [
        "study.toml, row 3: countries.EE.name: expected a text that is not empty; found “”."
    ]


def test_a_block_without_a_file_is_named_by_its_number(tmp_path):
    text = HEAD + COUNTRY + EXPORT.replace('file = "raw/pre.csv"\n', "")
    assert issues(with_settings(tmp_path, text)) == [
        "study.toml, row 5: [[exports]] block 1, file: this key is missing."
    ]
