"""Files that are broken, empty or not what their name says: one sentence each, never a traceback."""

from __future__ import annotations

import pytest

from analysis.errors import StudyError
from analysis.responses import read_responses
from analysis.study.folder import read_study
from support import PRE, study_folder, write_csv, write_sav, write_xlsx


def issues(folder) -> list[str]:
    with pytest.raises(StudyError) as raised:
        read_responses(read_study(folder))
    return [str(issue) for issue in raised.value.issues]


def workbook(tmp_path):
    return write_xlsx(tmp_path / "other.xlsx", PRE).read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("pre.csv", b"", "the file is empty; expected a header and a row per answer."),
        ("pre.csv", b"\xef\xbb\xbf \r\n", "the file is empty; expected a header and a row per answer."),
        ("pre.csv", b"\x89PNG\r\n\x1a\n\0\0\0", "the name ends in .csv but the file is a picture."),
        ("pre.csv", b"%PDF-1.7", "the name ends in .csv but the file is a PDF document."),
        (
            "pre.csv",
            bytes(range(256)) * 4,
            "this is not a text file (it holds NUL bytes); expected a CSV file.",
        ),
        ("pre.csv", b"$FL2@(#)", "the name ends in .csv but the file is an SPSS file."),
        ("pre.csv", b"\x1f\x8b\x08", "the name ends in .csv but the file is a compressed file."),
        ("pre.xlsx", b"code,p1\n", "the name ends in .xlsx but the file is not a workbook."),
        ("pre.xlsx", b"", "the file is empty; expected a header and a row per answer."),
        (
            "pre.xls",
            b"PK\x03\x04....",
            "the name ends in .xls but the file is an Excel workbook or another zip file.",
        ),
        ("pre.sav", b"code,p1\n", "the name ends in .sav but the file is not an SPSS file."),
        (
            "pre.docx",
            b"PK\x03\x04",
            "expected a file whose name ends in .csv, .ods, .sav, .tsv, .txt, .xls, .xlsb, .xlsm, "
            ".xlsx or .zsav.",
        ),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_one_sentence(tmp_path, name, content, sentence):
    folder = study_folder(tmp_path, [{"file": f"raw/{name}"}])
    (folder / "raw" / name).write_bytes(content)
    assert issues(folder) == [f"raw/{name}: {sentence}"]


def test_a_workbook_called_csv_is_one_sentence(tmp_path):
    folder = study_folder(tmp_path)
    (folder / "raw" / "pre.csv").write_bytes(workbook(tmp_path))
    assert issues(folder) == [
        "raw/pre.csv: the name ends in .csv but the file is an Excel workbook or another zip file."
    ]


def test_a_damaged_workbook_is_one_sentence(tmp_path):
    folder = study_folder(tmp_path, [{"file": "raw/pre.xlsx"}])
    whole = workbook(tmp_path)
    (folder / "raw" / "pre.xlsx").write_bytes(whole[: len(whole) // 2])
    (said,) = issues(folder)
    assert said.startswith("raw/pre.xlsx: the workbook can't be opened (")


def test_a_damaged_spss_file_is_one_sentence(tmp_path):
    folder = study_folder(tmp_path, [{"file": "raw/pre.sav"}])
    path = write_sav(folder / "raw" / "pre.sav", {"p1": [1.0, 2.0], "code": ["a", "b"]})
    path.write_bytes(path.read_bytes()[:150])
    (said,) = issues(folder)
    assert said.startswith("raw/pre.sav: the SPSS file can't be read (")


def test_a_missing_file_is_named_with_the_one_that_may_be_meant(tmp_path):
    folder = study_folder(tmp_path, [{"file": "raw/estonia_pre.csv"}])
    write_csv(folder / "raw" / "estonia-pre.csv", PRE)
    assert issues(folder) == ["raw/estonia_pre.csv: the file is missing. Did you mean “estonia-pre.csv”?"]


@pytest.mark.parametrize("name", ["pre.csv", "Pre.csv", "pree.csv"])
def test_a_missing_file_that_lies_in_raw_is_named_with_its_folder(tmp_path, name):
    folder = study_folder(tmp_path, [{"file": name}])
    write_csv(folder / "raw" / "pre.csv", PRE)
    assert issues(folder) == [f"{name}: the file is missing. Did you mean “raw/pre.csv”?"]


def test_a_folder_in_the_place_of_a_file_is_one_sentence(tmp_path):
    folder = study_folder(tmp_path)
    (folder / "raw" / "pre.csv").mkdir()
    assert issues(folder) == ["raw/pre.csv: this is a folder; expected a file."]


def test_letters_that_are_no_text_in_any_encoding_are_one_sentence(tmp_path):
    folder = study_folder(tmp_path)
    (folder / "raw" / "pre.csv").write_bytes(b"school,p1\n\x81\x8d\x90\x9d\xff\xfe,1\n")
    (said,) = issues(folder)
    assert said.startswith("raw/pre.csv: the file's encoding")


def test_a_utf8_file_with_a_broken_byte_is_not_read_as_something_else(tmp_path):
    folder = study_folder(tmp_path)
    (folder / "raw" / "pre.csv").write_bytes("school,p1\nJõgeva,1\n".encode() + b"P\xc3,2\n")
    (said,) = issues(folder)
    assert said.startswith("raw/pre.csv: the file's encoding can't be found out")


@pytest.mark.parametrize("name", ["study.toml", "codebook/items.csv", "raw/pre.csv"])
@pytest.mark.parametrize(
    "content",
    [b"", b"\0\1\2\3", b"\xff\xfe\xff", "პ".encode("utf-16"), b"[[[[", b'"', b"\r\n\r\n", b";" * 99],
)
def test_rubbish_in_any_file_ends_in_errors_that_name_it(tmp_path, name, content):
    folder = study_folder(tmp_path)
    write_csv(folder / "raw" / "pre.csv", PRE)
    (folder / name).write_bytes(content)
    said = issues(folder)
    assert said and all(one.startswith(name) for one in said[:1]) and len(said) < 20
