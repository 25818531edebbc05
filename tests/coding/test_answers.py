"""Answers: by code, value or label; everything else is an error that says what was expected."""

from __future__ import annotations

import pytest

from analysis.errors import StudyError
from analysis.responses import read_responses
from analysis.study.folder import read_study
from support import ANSWERS, ITEMS, SCALES, study_folder, write_csv, write_xlsx


def written(tmp_path, header, *rows, columns=None, language="en", **study):
    folder = study_folder(
        tmp_path, [{"file": "raw/pre.csv", "columns": columns or {}, "language": language}], **study
    )
    write_csv(folder / "raw" / "pre.csv", [header, *rows])
    return folder


def column(folder, item):
    return read_responses(read_study(folder)).frame[item].tolist()


def issues(folder) -> list[str]:
    with pytest.raises(StudyError) as raised:
        read_responses(read_study(folder))
    return [str(issue) for issue in raised.value.issues]


@pytest.mark.parametrize("text", ["4", "4.0", "4,0", "04", " 4 ", "A4", "a4", "Agree", "agree", "AGREE  "])
def test_an_answer_is_a_code_a_value_or_a_label(tmp_path, text):
    assert column(written(tmp_path, ["p1"], [text]), "p1") == [4]


@pytest.mark.parametrize("text", ["99", "99.0", "don't know", ""])
def test_missing_answers_are_missing(tmp_path, text):
    frame = read_responses(read_study(written(tmp_path, ["p1", "p2"], [text, "1"]))).frame
    assert frame["p1"].isna().tolist() == [True] and len(frame) == 1


@pytest.mark.parametrize("text", ["6", "0", "98", "3.5", "A6", "-1"])
def test_any_other_answer_is_an_error_that_says_what_was_expected(tmp_path, text):
    assert issues(written(tmp_path, ["p1", "p2"], ["1", "1"], [text, "1"])) == [
        f"raw/pre.csv, row 3, column “p1”: “{text}” is not an answer of the set “agree”; expected 1 (Strongly "
        "disagree), 2 (Disagree), 3 (Neither), 4 (Agree) or 5 (Strongly agree). If it means one of these, add a "
        "row to codebook/answers.csv with this text and its value; with an empty value if it counts as no answer."
    ]


def test_the_remedy_makes_a_text_count_as_no_answer(tmp_path):
    folder = written(tmp_path, ["p1", "p2"], ["N/A", "1"], answers=[*ANSWERS, ["agree", "", "N/A", "", ""]])
    assert read_responses(read_study(folder)).frame["p1"].isna().all()


def test_the_remedy_names_the_codebooks_own_file(tmp_path):
    folder = written(tmp_path, ["p1"], ["N/A"])
    for path in (folder / "codebook").iterdir():
        path.unlink()
    write_xlsx(folder / "codebook.xlsx", {"scales": SCALES, "items": ITEMS, "answers": ANSWERS})
    (said,) = issues(folder)
    assert "add a row to codebook.xlsx, sheet answers with this text" in said


def test_a_file_that_answers_by_code_is_told_the_codes(tmp_path):
    said = issues(written(tmp_path, ["p1", "p2"], ["A1", "2"], ["A9", "1"]))
    assert len(said) == 1 and "expected A1 = 1 (Strongly disagree), A2 = 2 (Disagree), " in said[0]


@pytest.mark.parametrize(
    ("text", "label"),
    [("Strongly", "Strongly agree"), ("Agree not", "Agree"), ("Disagreed strongly", "Disagree"), ("Agre", "Agree")],
)
def test_of_a_text_that_is_not_nearly_a_label_the_nearest_is_named_but_not_meant(tmp_path, text, label):
    (said,) = issues(written(tmp_path, ["p1"], [text]))
    assert "Did you mean" not in said and f"The nearest is “{label}”. If it means one of these, add a row" in said


def test_of_a_text_that_is_like_no_label_none_is_named(tmp_path):
    (said,) = issues(written(tmp_path, ["p1"], ["Quixotic"]))
    assert "nearest" not in said


def test_an_unknown_answer_in_several_columns_is_one_error_at_its_first_cell(tmp_path):
    folder = written(
        tmp_path, ["code", "p1", "p2", "p3"], ["a", "1", "1", "1"], ["b", "1", "N/A", "N/A"], ["c", "N/A", "N/A", "1"]
    )
    with pytest.raises(StudyError) as raised:
        read_responses(read_study(folder))
    (said,) = raised.value.issues
    assert (said.file, said.row, said.column) == ("raw/pre.csv", 3, "p2")
    assert said.message.startswith("4 times in 3 columns, this one first: “N/A” is not an answer of the set “agree”; ")


def test_one_text_unknown_in_two_sets_is_two_issues(tmp_path):
    said = issues(written(tmp_path, ["p1", "p2", "gender"], ["?", "?", "?"], ["1", "1", "?"]))
    assert len(said) == 2
    assert "row 2, column “p1”: 2 times in 2 columns, this one first: “?” is not an answer of the set “agree”" in said[0]
    assert "row 2, column “gender”: “?” is not an answer of the set “gender”" in said[1]
    assert said[1].endswith(" 2 times in all: rows 2 and 3.")


def test_a_text_unknown_in_every_option_column_is_one_error(tmp_path):
    (said,) = issues(written(tmp_path, ["p1", *OPTIONS], ["1", "N/A", "N/A", "N/A"], columns=OPTIONS))
    assert said.startswith(
        "raw/pre.csv, row 2, column “T1”: 3 times in 3 columns, this one first: “N/A” does not say whether this "
        "option of the set “tools” was chosen; "
    )


def test_a_mistyped_label_gets_a_suggestion(tmp_path):
    (said,) = issues(written(tmp_path, ["p1"], ["Stronly agree"]))
    assert said.endswith("Did you mean “Strongly agree”?")


def test_the_same_error_in_many_rows_is_one_error_with_their_numbers(tmp_path):
    (said,) = issues(written(tmp_path, ["p1"], *(["x"] for _ in range(10))))
    assert said.startswith("raw/pre.csv, row 2, column") and said.endswith(
        " 10 times in all: rows 2, 3, 4, 5 and 6 more."
    )


def test_many_errors_in_one_column_do_not_flood(tmp_path):
    said = issues(written(tmp_path, ["p1"], *([f"x{n}"] for n in range(50))))
    assert len(said) == 21 and said[-1] == "raw/pre.csv, row 22, column “p1”: and 30 more of this kind."


def test_codes_that_only_look_like_numbers_keep_apart(tmp_path):
    answers = [*ANSWERS, ["level", "low", "01", "", ""], ["level", "high", "1a", "", ""]]
    items = [*ITEMS, ["level", "", "choice", "level", "", "", "", ""]]
    folder = written(tmp_path, ["p1", "level"], ["1", "1"], ["1", "1A"], answers=answers, items=items)
    assert column(folder, "level") == ["low", "high"]


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("Tablet", "tablet"),
        ("Phone;Tablet", "tablet;phone"),
        ("Tablet; Phone;", "tablet;phone"),
        ("Tablet, Phone", "tablet;phone"),
        ("Board, interactive", "board"),
        ("Phone, Board, interactive, Tablet", "tablet;board;phone"),
        ("phone;board", "board;phone"),
        ("Tablet;Nothing of these", "tablet"),
        ("Nothing of these", None),
        ("", None),
    ],
)
def test_several_answers_in_one_cell_are_divided_at_semicolons_or_commas_outside_labels(
    tmp_path, text, chosen
):
    assert column(written(tmp_path, ["p1", "tools"], ["1", text]), "tools") == [chosen]


def test_an_unknown_one_among_several_answers_is_named(tmp_path):
    (said,) = issues(written(tmp_path, ["p1", "tools"], ["1", "Tablet, Pen"]))
    assert said.startswith(
        "raw/pre.csv, row 2, column “tools”: “Pen” is not an answer of the set “tools”; expected tablet "
        "(Tablet), "
    )


def test_a_cell_that_can_be_divided_in_two_ways_is_an_error(tmp_path):
    answers = [
        *ANSWERS,
        ["tools", "ab", "", "A, B", ""],
        ["tools", "c", "", "C", ""],
        ["tools", "a", "", "A", ""],
        ["tools", "b", "", "B", ""],
    ]
    (said,) = issues(written(tmp_path, ["p1", "tools"], ["1", "A, B, C"], answers=answers))
    assert "can be divided into answers in more than one way" in said


OPTIONS = {"T1": "tools:tablet", "T2": "tools:board", "T3": "tools:phone"}


@pytest.mark.parametrize(
    ("cells", "chosen"),
    [
        (["Yes", "No", "No"], "tablet"),
        (["Y", "", ""], "tablet"),
        (["1", "0", "1"], "tablet;phone"),
        (["Tablet", "", "Phone"], "tablet;phone"),
        (["x", "", "X"], "tablet;phone"),
        (["TRUE", "FALSE", "false"], "tablet"),
        (["N", "N", "N"], ""),
        (["Not selected", "", ""], ""),
        (["", "", ""], None),
    ],
)
def test_options_in_a_column_each_say_whether_they_were_chosen(tmp_path, cells, chosen):
    assert column(written(tmp_path, ["p1", *OPTIONS], ["1", *cells], columns=OPTIONS), "tools") == [chosen]


@pytest.mark.parametrize(("language", "yes", "no"), [("et", "Jah", "Ei"), ("lt", "Taip", "Ne"), ("fr-BE", "Oui", "Non")])
def test_an_option_is_chosen_in_the_exports_language(tmp_path, language, yes, no):
    folder = written(tmp_path, ["p1", *OPTIONS], ["1", yes, no, ""], columns=OPTIONS, language=language)
    assert column(folder, "tools") == ["tablet"]


def test_an_option_chosen_in_another_language_is_an_error_that_names_the_exports_words(tmp_path):
    (said,) = issues(written(tmp_path, ["p1", *OPTIONS], ["1", "Taip", "", ""], columns=OPTIONS, language="et"))
    assert "yes (jah), true, 1, x or y, or nothing, no (ei), false" in said


def test_an_option_that_says_something_else_is_an_error(tmp_path):
    (said,) = issues(written(tmp_path, ["p1", *OPTIONS], ["1", "Phone", "", ""], columns=OPTIONS))
    assert said.startswith(
        "raw/pre.csv, row 2, column “T1”: “Phone” does not say whether “Tablet” was chosen"
    )


def test_an_option_without_a_column_is_a_warning(tmp_path):
    folder = written(tmp_path, ["p1", "T1"], ["1", "Y"], columns={"T1": "tools:tablet"})
    assert any(
        "“tools” has no column for board and phone" in said
        for said in read_responses(read_study(folder)).warnings
    )


def test_words_keep_their_letters_and_lose_white_space_only(tmp_path):
    assert column(written(tmp_path, ["p1", "comment"], ["1", "  Väga \n hea! "]), "comment") == ["Väga hea!"]


def test_a_code_stays_as_it_was_written(tmp_path):
    assert column(written(tmp_path, ["p1", "code"], ["1", " 007 a "]), "code") == ["007 a"]


def limited(low="", high="", unit=""):
    return [[*ITEMS[0], "min", "max", "unit"],
            *([*row, *((low, high, unit) if row[0] == "years" else ("", "", ""))] for row in ITEMS[1:])]


@pytest.mark.parametrize(("limits", "cell", "sentence"), [
    (("0", "60", "years"), "61", "“61” is outside the limits of the codebook; expected a number from 0 to 60 (years)."),
    (("0", "60", ""), "-3", "“-3” is outside the limits of the codebook; expected a number from 0 to 60."),
    (("0", "", ""), "-0,5", "“-0,5” is outside the limits of the codebook; expected a number of at least 0."),
    (("", "60", ""), "1998", "a text of 4 digits is outside the limits of the codebook; expected a number of at most 60."),
    (("", "", ""), "9" * 13, "a text of 13 digits is too large to be read as a number; expected digits, with at most one "
                             "decimal mark."),
    (("", "", ""), "9" * 400, "a text of 400 digits is too large to be read as a number; expected digits, with at most one "
                              "decimal mark."),
])
def test_a_number_that_can_not_be_is_an_error(tmp_path, limits, cell, sentence):
    folder = written(tmp_path, ["p1", "years"], ["1", "5"], ["1", cell], items=limited(*limits))
    assert issues(folder) == [f"raw/pre.csv, row 3, column “years”: {sentence}"]


@pytest.mark.parametrize("cell", ["0", "60", "31,5"])
def test_a_number_within_its_limits_is_read(tmp_path, cell):
    folder = written(tmp_path, ["p1", "years"], ["1", cell], items=limited("0", "60"))
    assert column(folder, "years") == [float(cell.replace(",", "."))]


@pytest.mark.parametrize(("header", "cell"), [("p1", "N?ustun täielikult"), ("p1", "????? ????"), ("school", "J?geva"),
                                              ("school", "J\ufffdgeva"), ("gender", "\ufffd\ufffd")])
def test_an_answer_or_school_with_lost_letters_is_told_so(tmp_path, header, cell):
    (said,) = issues(written(tmp_path, ["p2", header], ["1", cell], language="et"))
    assert said.startswith(f"raw/pre.csv, row 2, column “{header}”: ")
    assert "Letters were lost when the file was saved; export it again as UTF-8" in said and "add a row" not in said


def test_an_open_answer_with_lost_letters_is_a_warning_of_its_row(tmp_path):
    read = read_responses(read_study(written(tmp_path, ["p1", "comment"], ["1", "fine"], ["1", "J\ufffdgeva"])))
    assert any(said.startswith("raw/pre.csv, in row 3 of “comment”: Letters were lost") for said in read.warnings)


@pytest.mark.parametrize(("text", "shown"), [
    ("Maria7", "a text of 6 letters and digits"), ("a@b", "a text of 3 letters and signs"),
    ("I would rather not say", "a text of 5 words"), ("Nõus", "a text of 4 letters"), ("4711", "a text of 4 digits"),
    ("N/A", "“N/A”"), ("Agre", "“Agre”"), ("k7", "a text of 2 letters and digits")])
def test_an_unknown_answer_is_shown_only_if_it_can_not_be_personal(tmp_path, text, shown):
    folder = written(tmp_path, ["code", "p1"], ["K7", "1"], ["b", text])
    (said,) = issues(folder)
    assert said.startswith(f"raw/pre.csv, row 3, column “p1”: {shown} is not an answer of the set “agree”")


def test_words_that_several_gave_are_shown_and_codes_that_several_gave_are_not(tmp_path):
    said = issues(written(tmp_path, ["p1"], *(["Quite so"], ["Maria7"]) * 2))
    assert "“Quite so” is not an answer" in said[0] and "a text of 6 letters and digits is not an answer" in said[1]


def test_an_address_in_the_place_of_a_school_is_an_error_that_does_not_tell_it(tmp_path):
    (said,) = issues(written(tmp_path, ["p1", "school"], ["1", "anna@example.ee"], ["1", "School @ Tartu"]))
    assert said == "raw/pre.csv, row 2, column “school”: a text of 15 letters and signs is no school; expected its name."
