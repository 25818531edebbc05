"""Headers: by study.toml, by name, by text; two for one item are an error."""

from __future__ import annotations

import pytest

from support import ITEMS, issues, responses, study_folder, write_csv


def written(tmp_path, header, row=None, columns=None, **study):
    folder = study_folder(tmp_path, [{"file": "raw/pre.csv", "columns": columns or {}}], **study)
    write_csv(folder / "raw" / "pre.csv", [header, row or ["1"] * len(header)])
    return folder


def test_study_toml_comes_before_name_and_name_before_text(tmp_path):
    items = [*ITEMS[:3], [*ITEMS[3][:6], "l1", "l1"], *ITEMS[4:]]
    folder = written(tmp_path, ["p1", "l1", "x"], ["1", "2", "3"], {"p1": "p2", "x": "p1"}, items=items)
    record = responses(folder).frame.iloc[0]
    assert (record["p2"], record["l1"], record["p1"]) == (1, 2, 3)


@pytest.mark.parametrize(
    ("header", "columns", "sentence"),
    [
        (
            ["p1", "I plan lessons with others"],
            {},
            "raw/pre.csv, row 1: 2 headers are read as “p1”, “p1” and “I plan lessons with others”; "
            "expected one.",
        ),
        (["p1", "P1 "], {}, "raw/pre.csv, row 1, column “p1”: the header stands 2 times; expected it once."),
        (
            ["p1", "x"],
            {"x": "p1"},
            "raw/pre.csv, row 1: 2 headers are read as “p1”, “x” and “p1”; expected one.",
        ),
        (
            ["p1", "x", "tools"],
            {"x": "tools:phone"},
            "raw/pre.csv, row 1: 2 headers are read as “tools”, “x” and “tools”; expected one.",
        ),
        (
            ["p1", "Koodi"],
            {"Kood": "code"},
            "raw/pre.csv, row 1: there is no header “Kood”, which study.toml says is “code”. "
            "Did you mean “Koodi”?",
        ),
        (
            ["p1", "x", "x"],
            {"x": "p2"},
            "raw/pre.csv, row 1, column “x”: the header stands 2 times; expected it once.",
        ),
    ],
)
def test_headers_that_are_not_clear_are_errors(tmp_path, header, columns, sentence):
    assert issues(written(tmp_path, header, columns=columns)) == [sentence]


def test_a_header_that_nobody_reads_may_stand_twice(tmp_path):
    assert responses(written(tmp_path, ["p1", "x", "x"])).exports[0].unread == ("x", "x")


def test_a_text_of_two_items_is_an_error_only_where_it_is_needed(tmp_path):
    items = [*ITEMS[:2], [*ITEMS[2][:6], ITEMS[1][6], ""], *ITEMS[3:]]
    assert len(responses(written(tmp_path / "names", ["p1", "p2"], items=items)).frame) == 1
    assert issues(written(tmp_path / "text", ["p3", ITEMS[1][6]], items=items)) == [
        "raw/pre.csv, row 1, column “I plan lessons with others”: this text belongs to several items of "
        "the codebook, "
        "“p1” and “p2”; say in [exports.columns] which it is."
    ]


def test_a_text_of_two_items_is_read_where_study_toml_says_which_it_is(tmp_path):
    items = [*ITEMS[:2], [*ITEMS[2][:6], ITEMS[1][6], ""], *ITEMS[3:]]
    folder = written(tmp_path, [ITEMS[1][6]], columns={ITEMS[1][6]: "p2"}, items=items)
    assert responses(folder).frame["p2"].tolist() == [1]


def test_texts_of_another_language_are_not_recognised(tmp_path):
    read = responses(written(tmp_path, ["p1", "Õpetan üksi"]))
    assert read.exports[0].unread == ("Õpetan üksi",) and "p2" in read.exports[0].lacking


def test_a_column_without_a_header_is_named_by_its_place(tmp_path):
    assert responses(written(tmp_path, ["p1", ""])).exports[0].unread == ("(column 2, without a header)",)


def test_headers_that_another_block_of_the_file_names_are_not_listed_as_unread(tmp_path):
    folder = study_folder(
        tmp_path,
        [
            {"file": "raw/both.csv", "columns": {"when before": "submitted"}},
            {
                "file": "raw/both.csv",
                "wave": "post",
                "columns": {"when after": "submitted", "p1 after": "p1"},
            },
        ],
    )
    write_csv(
        folder / "raw" / "both.csv",
        [["p1", "p1 after", "when before", "when after", "ip"], ["1", "2", "2023-01-01", "2023-06-01", "x"]],
    )
    assert [record.unread for record in responses(folder).exports] == [("ip",), ("ip",)]


@pytest.mark.parametrize("header", ["?petan ?ksi", "???? ????", "\ufffdpetan \ufffdksi"])
def test_headers_with_lost_letters_are_told_so(tmp_path, header):
    folder = study_folder(tmp_path, [{"file": "raw/pre.csv", "language": "et"}])
    write_csv(folder / "raw" / "pre.csv", [["code", header, "Proovin uusi vahendeid"], ["a", "1", "2"]])
    assert issues(folder) == [
        f"raw/pre.csv, row 1, column “{header}”: 1 header can't be understood, such as this one: Letters were lost when "
        "the file was saved; export it again as UTF-8, in Excel “CSV UTF-8”."]


def test_a_header_with_lost_letters_that_study_toml_names_is_read(tmp_path):
    folder = study_folder(tmp_path, [{"file": "raw/pre.csv", "columns": {"?petan ?ksi": "p2"}}])
    write_csv(folder / "raw" / "pre.csv", [["code", "?petan ?ksi"], ["a", "1"]])
    assert responses(folder).frame["p2"].tolist() == [1]


@pytest.mark.parametrize("header", ["Really?", "How many ??", "Who? When?", "see https://a.ee/?id=3", "Miks? (kui soovid)"])
def test_a_question_mark_is_no_lost_letter(tmp_path, header):
    folder = study_folder(tmp_path)
    write_csv(folder / "raw" / "pre.csv", [["code", "p1", header], ["a", "1", "x"]])
    assert responses(folder).exports[0].unread == (header,)
