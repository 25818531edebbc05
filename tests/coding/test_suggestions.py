"""What headers that are not read may mean: told, line by line, and never read by it."""

from __future__ import annotations

import pytest

from support import ITEMS, issues, responses, study_folder, write_csv


def exported(tmp_path, header, language="en", **study):
    folder = study_folder(tmp_path, [{"file": "raw/pre.csv", "language": language}], **study)
    write_csv(folder / "raw" / "pre.csv", [["l1", *header], ["1"] * (len(header) + 1)])
    return folder


def suggested(tmp_path, *header, **study):
    return responses(exported(tmp_path, header, **study)).exports[0].suggested


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("P-1", "p1"),
        ("p1. I plan lessons with others", "p1"),
        ("1. I plan lessons with others", "p1"),
        ("How often? - I plan lessons with others", "p1"),
        ("I plan lessons with other", "p1"),
        ("Kavandan tunde koos teistega", "p1"),
        ("tools[tablet]", "tools:tablet"),
        ("Which do you use? [Board, interactive]", "tools:board"),
        ("RecordedDate", "submitted"),
        ("Your personal code", "code"),
        ("Sinu kool", "school"),
    ],
)
def test_a_header_that_is_nearly_known_is_suggested_and_not_read(tmp_path, header, target):
    read = responses(exported(tmp_path, [header]))
    assert read.exports[0].suggested == {header: target} and header in read.exports[0].unread
    assert target not in read.exports[0].recognised


@pytest.mark.parametrize("header", ["IP address", "E-mail", "Name", "id", "Comment on p1 and p2", "Codes of conduct"])
def test_other_headers_are_not_suggested(tmp_path, header):
    assert suggested(tmp_path, header) == {}


def test_two_headers_for_one_item_suggest_nothing(tmp_path):
    assert suggested(tmp_path, "Before: I teach alone", "After: I teach alone") == {}


def test_of_several_times_of_one_tool_the_submission_is_suggested(tmp_path):
    assert suggested(tmp_path, "RecordedDate", "EndDate", "StartDate") == {"EndDate": "submitted"}


def test_an_item_that_is_read_is_not_suggested_again(tmp_path):
    assert suggested(tmp_path, "p1", "I plan lessons with other") == {}


def test_texts_that_two_items_share_are_not_suggested(tmp_path):
    items = [[*row[:6], "Same words for both", ""] if row[0] in ("p1", "p2") else row for row in ITEMS]
    assert suggested(tmp_path, "How often? - Same words for both", items=items) == {}


def test_many_suggestions_are_counted_in_the_error(tmp_path):
    folder = study_folder(tmp_path)
    write_csv(folder / "raw" / "pre.csv", [["P-1", "P-2", "P-3", "L-1", "Your code"], ["1"] * 5])
    (said,) = issues(folder)
    assert said.endswith(
        'If these headers are meant, write under [exports.columns] in study.toml: "P-1" = "p1", "P-2" = "p2", '
        '"P-3" = "p3" and so on; `analysis check` lists all 5.'
    )


def test_quotation_marks_and_line_breaks_in_a_header_are_written_as_toml_wants_them(tmp_path):
    folder = study_folder(tmp_path, items=[*ITEMS[:2], [*ITEMS[2][:6], 'I "teach" alone', ""], *ITEMS[3:]])
    write_csv(folder / "raw" / "pre.csv", [["Often?\nI \"teach\" alone"], ["1"]])
    (said,) = issues(folder)
    assert said.endswith('"Often? I \\"teach\\" alone" = "p2".')
