"""LimeSurvey: CSV as its own writer makes it (mark of UTF-8, every cell quoted, CRLF), in each of its headings."""

from __future__ import annotations

import csv

import pytest

from support import ANSWERS, ITEMS, issues, responses, study_folder, write_csv

OWN = ["id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp", "ipaddr", "refurl"]
OWN_CELLS = ["7", "2023-03-02 09:00:00", "4", "en", "1042", "2023-03-02 08:00:00", "2023-03-02 09:00:00", "192.0.2.7",
             "https://example.org/s?x=1"]
RENAMED = {"p1": "G1Q1_SQ001", "p2": "G1Q1_SQ002", "gender": "G2Q1"}
LIME_ITEMS = [[RENAMED.get(row[0], row[0]), *row[1:]] for row in ITEMS]
LIME_ANSWERS = [*ANSWERS, ["gender", "other", "-oth-", "Other", "Muu"], ["tools", "other", "", "Other", "Muu"],
                ["agree", "", "N/A", "", ""], ["tools", "", "N/A", "", ""]]
OPTIONS = {"tools[tablet]": "tools:tablet", "tools[board]": "tools:board", "tools[phone]": "tools:phone",
           "tools[other]": "tools:other"}


def exported(tmp_path, header, *rows, columns=None, language="en", items=LIME_ITEMS):
    export = {"file": "raw/pre.csv", "language": language, "columns": columns or {}}
    folder = study_folder(tmp_path, [export], items=items, answers=LIME_ANSWERS)
    written = [[*OWN, *header], *([*OWN_CELLS, *row] for row in rows)]
    write_csv(folder / "raw" / "pre.csv", written, encoding="utf-8-sig", quoting=csv.QUOTE_ALL)
    return folder


def test_codes_as_expression_manager_writes_them_are_the_items_names(tmp_path):
    read = responses(exported(tmp_path, ["code", "G1Q1_SQ001", "G1Q1_SQ002"], ["AB12", "A4", "A2"]))
    assert read.frame[["G1Q1_SQ001", "G1Q1_SQ002"]].values.tolist() == [[4, 2]]
    assert read.exports[0].unread == tuple(OWN)


def test_codes_in_brackets_are_the_items_names_where_the_codebook_writes_them_so(tmp_path):
    items = [[row[0].replace("_SQ", "[SQ") + "]" if "_SQ" in row[0] else row[0], *row[1:]] for row in LIME_ITEMS]
    read = responses(exported(tmp_path, ["G1Q1[SQ001]", "G1Q1[SQ002]"], ["A4", "A2"], items=items))
    assert read.frame[["G1Q1[SQ001]", "G1Q1[SQ002]"]].values.tolist() == [[4, 2]]


def test_codes_in_brackets_are_suggested_line_by_line_and_not_guessed(tmp_path):
    header = ["G1Q1[SQ001]", "G1Q1[SQ002]", "tools[tablet]", "l1"]
    read = responses(exported(tmp_path, header, ["A4", "A2", "Y", "A1"]))
    assert read.frame["G1Q1_SQ001"].isna().all()
    assert read.exports[0].suggested == {
        "submitdate": "submitted",
        "G1Q1[SQ001]": "G1Q1_SQ001",
        "G1Q1[SQ002]": "G1Q1_SQ002",
        "tools[tablet]": "tools:tablet",
    }
    columns = read.exports[0].suggested | {"startlanguage": "language"}
    frame = responses(exported(tmp_path / "again", header, ["A4", "A2", "Y", "A1"], columns=columns)).frame
    assert frame[["G1Q1_SQ001", "G1Q1_SQ002", "tools", "language"]].values.tolist() == [[4, 2, "tablet", "en"]]


@pytest.mark.parametrize(
    "headers",
    [
        ["G1Q1[SQ001]. How often? [I plan lessons with others]", "G1Q1[SQ002]. How often? [I teach alone]"],
        ["How often? [I plan lessons with others]", "How often? [I teach alone]"],
        ["How_often?_[I_plan_lessons_with_others]", "How_often?_[I_teach_alone]"],
    ],
)
def test_code_and_text_together_and_texts_below_a_question_are_suggested(tmp_path, headers):
    (said,) = issues(exported(tmp_path, headers, ["Agree", "Disagree"]))
    assert f'"{headers[0]}" = "G1Q1_SQ001", "{headers[1]}" = "G1Q1_SQ002"' in said
    columns = dict(zip(headers, ["G1Q1_SQ001", "G1Q1_SQ002"], strict=True))
    folder = exported(tmp_path / "again", headers, ["Agree", "Disagree"], columns=columns)
    assert responses(folder).frame["G1Q1_SQ001"].tolist() == [4]


def test_full_question_texts_and_full_answers_in_the_surveys_language(tmp_path):
    header = ["Kavandan tunde koos teistega", "Õpetan üksi", "Sugu"]
    read = responses(exported(tmp_path, header, ["Nõustun täielikult", "Ei nõustu", "Muu"], language="et"))
    assert read.frame[["G1Q1_SQ001", "G1Q1_SQ002", "G2Q1"]].values.tolist() == [[5, 2, "other"]]


def test_other_is_an_answer_of_the_codebook_and_its_words_are_not_read(tmp_path):
    read = responses(exported(tmp_path, ["l1", "G2Q1", "G2Q1[other]"], ["A1", "-oth-", "Neither of them"]))
    assert read.frame["G2Q1"].tolist() == ["other"] and "G2Q1[other]" in read.exports[0].unread
    assert "Neither of them" not in read.frame.to_string()


@pytest.mark.parametrize(("text", "hint"), [("N/A", "not shown or not answered"), ("-oth-", "“other” was chosen")])
def test_limesurveys_own_texts_are_explained_where_the_codebook_lacks_them(tmp_path, text, hint):
    folder = study_folder(tmp_path)
    write_csv(folder / "raw" / "pre.csv", [["p1", "p2"], ["1", "1"], [text, "1"]])
    (said,) = issues(folder)
    assert f"“{text}” is not an answer" in said and hint in said and "add a row to codebook/answers.csv" in said


def test_not_available_is_missing_where_the_codebook_says_so(tmp_path):
    read = responses(exported(tmp_path, ["G1Q1_SQ001", "l1"], ["N/A", "A1"]))
    assert read.frame["G1Q1_SQ001"].isna().all()


@pytest.mark.parametrize(
    ("cells", "chosen"),
    [
        (["Y", "", "Y", ""], "tablet;phone"),
        (["Yes", "No", "No", ""], "tablet"),
        (["No", "No", "No", "Drawing board"], "other"),
        (["", "", "", ""], None),
        (["N/A", "N/A", "N/A", ""], None),
        (["1", "0", "0", "0"], "tablet"),
    ],
)
def test_a_column_per_option_and_the_words_beside_other(tmp_path, cells, chosen):
    frame = responses(exported(tmp_path, ["l1", *OPTIONS], ["A1", *cells], columns=OPTIONS)).frame
    assert frame["tools"].tolist() == [chosen]


def test_words_in_the_column_of_another_option_are_an_error(tmp_path):
    (said,) = issues(exported(tmp_path, ["l1", *OPTIONS], ["A1", "Drawing board", "", "", ""], columns=OPTIONS))
    assert "column “tools[tablet]”: a text of 2 words does not say whether" in said


def test_its_last_line_without_anything_and_its_quoted_equal_sign_do_no_harm(tmp_path):
    folder = exported(tmp_path, ["G1Q1_SQ001", "comment"], ["A4", "'=1+1 says\nit all, \"really\""])
    path = folder / "raw" / "pre.csv"
    path.write_bytes(path.read_bytes() + b"\r\n")
    frame = responses(folder).frame
    assert len(frame) == 1 and frame["comment"].tolist() == ["'=1+1 says it all, \"really\""]


def test_an_answer_that_was_not_submitted_has_no_time(tmp_path):
    folder = exported(tmp_path, ["l1"], ["A1"], ["A2"], columns={"submitdate": "submitted"})
    path = folder / "raw" / "pre.csv"
    path.write_text(path.read_text("utf-8-sig").replace("2023-03-02 09:00:00", "", 1), "utf-8-sig")
    assert responses(folder).frame["submitted"].isna().tolist() == [True, False]
