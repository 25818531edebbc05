"""The codebook: what it tells, and every contradiction in it."""

from __future__ import annotations

import pytest

from analysis.errors import StudyError
from analysis.study.folder import read_study
from support import ANSWERS, ITEMS, SCALES, study_folder, write_csv, write_xlsx


def issues(folder) -> list[str]:
    with pytest.raises(StudyError) as raised:
        read_study(folder)
    return [str(issue) for issue in raised.value.issues]


def changed(rows, row, column, text):
    """The rows with one cell changed; the row as a spreadsheet counts."""
    rows = [list(cells) for cells in rows]
    rows[row - 1][rows[0].index(column)] = text
    return rows


def without(rows, column):
    place = rows[0].index(column)
    return [cells[:place] + cells[place + 1 :] for cells in map(list, rows)]


def book(tmp_path, **tables):
    return read_study(study_folder(tmp_path, **tables)).codebook


def test_a_codebook_tells_its_scales_items_and_values(tmp_path):
    codebook = book(tmp_path)
    assert codebook.items_of("pedagogy") == ["p1", "p2", "p3"]
    assert (
        codebook.label("pedagogy", "et") == "Õpetamispraktikad"
        and codebook.label("pedagogy", "fi") == "pedagogy"
    )
    assert codebook.text("p1") == "I plan lessons with others" and codebook.text("p1", "fi") == "p1"
    assert [value.value for value in codebook.values("p1")] == ["1", "2", "3", "4", "5"]
    assert codebook.values("p1")[0].labels == {"en": "Strongly disagree", "et": "Ei nõustu üldse"}
    assert codebook.values("gender")[0].number is None
    assert (
        codebook.range("p1") == (1, 5)
        and codebook.range("gender") is None
        and codebook.range("years") is None
    )
    assert codebook.items.at["p2", "reversed"] and not codebook.items.at["p1", "reversed"]
    assert codebook.items.at["gender", "constant"] and codebook.languages == ["en", "et"]


def test_a_codebook_may_be_one_workbook(tmp_path):
    folder = study_folder(tmp_path)
    for path in (folder / "codebook").iterdir():
        path.unlink()
    sheets = {
        "scales": SCALES,
        "Items": ITEMS,
        "answers": [[int(c) if c in "12345" and c else c for c in row] for row in ANSWERS],
        "notes": [["x"]],
    }
    write_xlsx(folder / "codebook" / "codebook.xlsx", sheets)
    study = read_study(folder)
    assert study.codebook.answers.equals(book(tmp_path / "csv").answers)
    assert study.codebook.items.equals(book(tmp_path / "csv2").items)
    assert study.warnings == ("codebook/codebook.xlsx: the sheet “notes” is not read.",)


def test_a_codebook_in_both_forms_is_an_error(tmp_path):
    folder = study_folder(tmp_path)
    write_xlsx(folder / "codebook" / "codebook.xlsx", {"scales": SCALES, "items": ITEMS, "answers": ANSWERS})
    (said,) = issues(folder)
    assert said.startswith("codebook: the codebook is there more than once (codebook/codebook.xlsx, ")


def test_a_workbook_without_a_sheet_is_an_error(tmp_path):
    folder = study_folder(tmp_path)
    for path in (folder / "codebook").iterdir():
        path.unlink()
    write_xlsx(folder / "codebook.xlsx", {"scales": SCALES, "item": ITEMS, "answers": ANSWERS})
    assert issues(folder) == ["codebook.xlsx: the sheet “items” is missing. Did you mean “item”?"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1257", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_codebook_that_excel_saved_again_reads_the_same(tmp_path, encoding, delimiter):
    folder = study_folder(tmp_path / "excel")
    for name, rows in (("scales", SCALES), ("items", ITEMS), ("answers", ANSWERS)):
        write_csv(folder / "codebook" / f"{name}.csv", rows, delimiter, encoding)
    saved, plain = read_study(folder).codebook, book(tmp_path / "plain")
    assert saved.items.equals(plain.items) and saved.answers.equals(plain.answers)


def test_older_encodings_are_told_apart_by_each_languages_letters(tmp_path):
    rows = [["scale", "label_lt"], ["pedagogy", "Mokymo būdai: ė, š, ž"], ["leadership", "Vadovavimas"]]
    folder = study_folder(tmp_path)
    write_csv(folder / "codebook" / "scales.csv", rows, encoding="cp1257")
    assert read_study(folder).codebook.label("pedagogy", "lt") == "Mokymo būdai: ė, š, ž"


def test_reserved_items_may_have_a_row_and_are_no_items(tmp_path):
    items = [*ITEMS, ["Code", "", "text", "", "", "", "Your code", "Sinu kood"]]
    codebook = book(tmp_path, items=items)
    assert "code" in codebook.reserved.index and "code" not in codebook.items.index
    assert codebook.text("code", "et") == "Sinu kood"


def test_several_rows_may_share_a_value(tmp_path):
    codebook = book(tmp_path, answers=[*ANSWERS, ["agree", "5.0", "A6", "Fully agree", ""]])
    assert [value.value for value in codebook.values("p1")] == ["1", "2", "3", "4", "5"]


def test_an_empty_reversed_is_no_where_there_is_nothing_to_reverse(tmp_path):
    assert not book(tmp_path, items=changed(ITEMS, 6, "reversed", "")).items.at["gender", "reversed"]


def test_the_columns_constant_code_instrument_and_source_are_optional(tmp_path):
    codebook = book(
        tmp_path,
        items=without(ITEMS, "constant"),
        answers=without(ANSWERS, "code"),
        scales=without(without(SCALES, "source"), "instrument"),
    )
    assert not codebook.items["constant"].any()


A, I, S = "codebook/answers.csv", "codebook/items.csv", "codebook/scales.csv"  # noqa: E741


@pytest.mark.parametrize(
    ("row", "column", "text", "sentence"),
    [
        (
            2,
            "kind",
            "lickert",
            f"{I}, row 2, column “kind”: expected likert, choice, multichoice, number or text; found "
            "“lickert”. Did you mean “likert”?",
        ),
        (
            2,
            "scale",
            "pedagogi",
            f"{I}, row 2, column “scale”: there is no scale “pedagogi”. Did you mean “pedagogy”?",
        ),
        (
            2,
            "answers",
            "",
            f"{I}, row 2, column “answers”: a likert item needs an answer set; found nothing.",
        ),
        (
            2,
            "answers",
            "agre",
            f"{I}, row 2, column “answers”: there is no answer set “agre”. Did you mean “agree”?",
        ),
        (
            8,
            "answers",
            "agree",
            f"{I}, row 8, column “answers”: a number item has no answer set; expected nothing, "
            "found “agree”.",
        ),
        (2, "reversed", "maybe", f"{I}, row 2, column “reversed”: expected yes or no; found “maybe”."),
        (2, "reversed", "", f"{I}, row 2, column “reversed”: expected yes or no; found nothing."),
        (
            8,
            "reversed",
            "yes",
            f"{I}, row 8, column “reversed”: only likert items are reversed; “years” is number.",
        ),
        (2, "constant", "1", f"{I}, row 2, column “constant”: expected yes or no; found “1”."),
        (3, "item", "P1", f"{I}, row 3, column “item”: “P1” stands in row 2 already."),
        (3, "item", "", f"{I}, row 3, column “item”: expected the name of the item; found nothing."),
        (
            3,
            "item",
            "wave",
            f"{I}, row 3, column “item”: “wave” is a column of the analysis itself; call the item "
            "something else.",
        ),
        (
            3,
            "item",
            "a:b",
            f"{I}, row 3, column “item”: “a:b” has a colon, which stands between an item and an answer; "
            "leave it out.",
        ),
        (
            8,
            "item",
            "school",
            f"{I}, row 8, column “kind”: “school” is a reserved item; expected text or choice.",
        ),
        (
            6,
            "scale",
            "pedagogy",
            f"{I}, row 6, column “scale”: an item of a scale is likert or number; “gender” is choice.",
        ),
        (
            8,
            "scale",
            "leadership",
            f"{I}, row 8, column “scale”: “years” runs any number and “l1” from 1 to 5, but "
            "both belong to the scale “leadership”, whose score is the mean of its items.",
        ),
    ],
)
def test_a_faulty_item_is_one_sentence(tmp_path, row, column, text, sentence):
    said = issues(study_folder(tmp_path, items=changed(ITEMS, row, column, text)))
    assert said == [sentence]


@pytest.mark.parametrize(
    ("added", "sentence"),
    [
        (
            ["agree", "4", "A9", "Disagree", ""],
            f"{A}, row 14, column “label_en”: “Disagree” means two values in the set "
            "“agree”: “2” (row 3, label_en) and “4”.",
        ),
        (
            ["agree", "6", "1", "Six", ""],
            f"{A}, row 14, column “code”: “1” means two values in the set “agree”: “1” "
            "(row 2, value) and “6”.",
        ),
        (
            ["agree", "", "3.0", "Nothing", ""],
            f"{A}, row 14, column “code”: “3.0” means two values in the set “agree”: "
            "“3” (row 4, value) and missing.",
        ),
        (
            ["agree", "often", "", "Often", ""],
            f"{A}, row 14, column “value”: expected a number, as likert items use the "
            "set “agree”; found “often”.",
        ),
        (["agree", "", "", "", ""], f"{A}, row 14: expected a value, a code or a label; found none."),
        (
            ["", "1", "", "x", ""],
            f"{A}, row 14, column “answers”: expected the name of the answer set; found nothing.",
        ),
        (
            ["tools", "a;b", "", "x", ""],
            f"{A}, row 14, column “value”: “a;b” has a semicolon, which stands between "
            "several answers; leave it out.",
        ),
    ],
)
def test_a_faulty_answer_is_one_sentence(tmp_path, added, sentence):
    assert issues(study_folder(tmp_path, answers=[*ANSWERS, added])) == [sentence]


def test_the_same_label_in_two_languages_may_mean_different_values(tmp_path):
    answers = [*ANSWERS, ["agree", "6", "", "Six", "Agree"]]
    assert book(tmp_path, answers=answers).range("p1") == (1, 6)


def test_items_of_one_scale_must_run_over_one_range(tmp_path):
    answers = [*ANSWERS, *(["ten", str(n), "", "", ""] for n in range(11))]
    assert issues(study_folder(tmp_path, items=changed(ITEMS, 4, "answers", "ten"), answers=answers)) == [
        f"{I}, row 4, column “scale”: “p3” runs from 0 to 10 and “p1” from 1 to 5, but both belong to the "
        "scale "
        "“pedagogy”, whose score is the mean of its items."
    ]


def test_a_scale_without_items_is_an_error(tmp_path):
    scales = [*SCALES, ["empty", "", "", "", ""]]
    assert issues(study_folder(tmp_path, scales=scales)) == [
        f"{S}, row 4, column “scale”: the scale “empty” has no item in the codebook."
    ]


def test_unknown_and_missing_columns_are_errors(tmp_path):
    scales = [["scale", "lable_en"], *(row[:2] for row in SCALES[1:])]
    assert issues(study_folder(tmp_path, scales=scales, items=without(ITEMS, "kind"))) == [
        f"{S}, row 1, column “lable_en”: unknown column; expected scale, instrument, source, respondents, "
        "perceived_change_of and label_xx per language. Did you mean “label_en”?",
        f"{I}: the column “kind” is missing; expected item, scale, kind, answers, reversed, constant, "
        "min, max, unit and text_xx per language.",
    ]


def test_a_missing_codebook_file_is_an_error(tmp_path):
    folder = study_folder(tmp_path)
    (folder / "codebook" / "answers.csv").unlink()
    assert issues(folder) == [f"{A}: the file is missing."]


def test_a_missing_codebook_is_an_error(tmp_path):
    folder = study_folder(tmp_path)
    for path in (folder / "codebook").iterdir():
        path.unlink()
    (said,) = issues(folder)
    assert said.startswith("codebook: the codebook is missing; expected codebook/scales.csv")


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "the file is a picture"),
        (b"item\0scale\0\xff\xd8", "NUL"),
        (
            b'item,scale,kind,answers,reversed\np1,"pedagogy,likert\n',
            "a quotation mark is opened and not closed",
        ),
        (
            b"item,scale,kind,answers,reversed\np1,pedagogy,likert\n",
            "the row has 3 cells, fewer than the header's 5",
        ),
    ],
)
def test_a_codebook_file_that_is_no_table_is_one_sentence(tmp_path, content, part):
    folder = study_folder(tmp_path)
    (folder / "codebook" / "items.csv").write_bytes(content)
    assert any(said.startswith(I) and part in said for said in issues(folder))


def test_all_contradictions_come_at_once(tmp_path):
    items = changed(changed(ITEMS, 2, "kind", "x"), 9, "answers", "agree")
    said = issues(study_folder(tmp_path, items=items, answers=[*ANSWERS, ["agree", "x", "", "", ""]]))
    assert len(said) == 3


def in_other_languages(rows, words):
    """The rows without English, in Estonian and then in Lithuanian."""
    return [
        [*cells, f"{words}_lt" if place == 0 else f"LT {cells[-1]}"]
        for place, cells in enumerate(without(rows, f"{words}_en"))
    ]


def without_english(tmp_path):
    return study_folder(
        tmp_path,
        scales=in_other_languages(without(without(SCALES, "instrument"), "source"), "label"),
        items=in_other_languages(ITEMS, "text"),
        answers=in_other_languages(ANSWERS, "label"),
    )


def test_without_english_the_first_language_stands_in_for_readers(tmp_path):
    codebook = read_study(without_english(tmp_path)).codebook
    assert codebook.label("pedagogy") == "Õpetamispraktikad" and codebook.text("p2") == "Õpetan üksi"
    assert codebook.text("p2", "lt") == "LT Õpetan üksi" and codebook.text("p2", "fi") == "p2"
    assert [value.label for value in codebook.values("gender")] == ["Naine", "Mees"]


def test_a_single_text_without_english_is_shown_in_a_language_that_has_it(tmp_path):
    codebook = book(
        tmp_path,
        scales=changed(SCALES, 2, "label_en", ""),
        items=changed(changed(ITEMS, 2, "text_en", ""), 2, "text_et", ""),
        answers=changed(ANSWERS, 2, "label_en", ""),
    )
    assert codebook.label("pedagogy") == "Õpetamispraktikad" and codebook.label("leadership") == "Leadership"
    assert codebook.text("p1") == "p1"
    assert [value.label for value in codebook.values("p1")][:2] == ["Ei nõustu üldse", "Disagree"]


def test_an_answer_without_any_label_is_shown_by_its_value(tmp_path):
    answers = changed(changed(ANSWERS, 2, "label_en", ""), 2, "label_et", "")
    assert book(tmp_path, answers=answers).values("p1")[0].label == "1"


def test_a_codebook_without_english_is_a_warning(tmp_path):
    assert read_study(without_english(tmp_path)).warnings == (
        "The codebook has no text_en and label_en columns: reports show the texts in “et”. Add these columns "
        "for English.",
    )


def test_a_table_of_the_codebook_without_english_is_a_warning(tmp_path):
    study = read_study(study_folder(tmp_path, answers=without(ANSWERS, "label_en")))
    assert study.warnings == (
        "The codebook's answers have no label_en column: reports show the texts in “et”. Add this column for "
        "English.",
    )


def test_a_quoted_text_with_a_full_stop_does_not_end_the_sentence_twice(tmp_path):
    (said,) = issues(study_folder(tmp_path, items=changed(ITEMS, 6, "constant", "Not.")))
    assert said == "codebook/items.csv, row 6, column “constant”: expected yes or no; found “Not”."


def test_a_codebook_with_english_throughout_is_no_notice(tmp_path):
    assert read_study(study_folder(tmp_path)).warnings == ()


@pytest.mark.parametrize(("column", "cell", "sentence"), [
    ("min", "few", "expected a number or nothing; found “few”."),
    ("max", "-1", "expected a number that is not below min (0); found -1.")])
def test_limits_that_are_none_are_errors(tmp_path, column, cell, sentence):
    items = [[*ITEMS[0], "min", "max"], *([*row, "", ""] for row in ITEMS[1:])]
    years = items[7]
    assert years[0] == "years"
    years[-2:] = ["0", "60"]
    years[items[0].index(column)] = cell
    assert issues(study_folder(tmp_path, items=items)) == [f"{I}, row 8, column “{column}”: {sentence}"]


def test_limits_of_another_kind_of_item_are_an_error(tmp_path):
    items = [[*ITEMS[0], "unit"], [*ITEMS[1], "points"], *([*row, ""] for row in ITEMS[2:])]
    assert issues(study_folder(tmp_path, items=items)) == [
        f"{I}, row 2, column “unit”: only number items have one; “p1” is likert."]


@pytest.mark.parametrize("label", ["???? ?????", "N\ufffdustun"])
def test_a_codebook_with_lost_letters_is_told_so(tmp_path, label):
    answers = [*ANSWERS[:4], [*ANSWERS[4][:-1], label], *ANSWERS[5:]]
    assert issues(study_folder(tmp_path, answers=answers)) == [
        f"{A}, row 5, column “label_et”: Letters were lost when the file was saved; export it again as UTF-8, in Excel "
        "“CSV UTF-8”."]


def test_a_question_mark_inside_a_word_is_a_lost_letter_where_several_cells_have_one(tmp_path):
    lost = [*ANSWERS[:4], *([*row[:-1], row[-1].replace("õ", "?")] for row in ANSWERS[4:6]), *ANSWERS[6:]]
    (said,) = issues(study_folder(tmp_path / "two", answers=lost))
    assert said.startswith(f"{A}, row 5, column “label_et”: Letters were lost") and said.endswith("The same in 1 more row.")
    once = [*ANSWERS[:4], [*ANSWERS[4][:-1], "either?or"], *ANSWERS[5:]]
    assert read_study(study_folder(tmp_path / "one", answers=once)).codebook is not None
