"""Qualtrics: three rows of headers, its own columns, previews left out with a count, unfinished answers told."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from support import ITEMS, responses, study_folder, write_csv, write_sav, write_xlsx

OWN = ["StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished", "RecordedDate",
       "ResponseId", "RecipientLastName", "RecipientFirstName", "RecipientEmail", "ExternalReference",
       "LocationLatitude", "LocationLongitude", "DistributionChannel", "UserLanguage"]
NAMES = [*OWN, "code", "Q1_1", "Q1_2", "tools"]
TEXTS = ["Start Date", "End Date", "Response Type", "IP Address", "Progress", "Duration (in seconds)", "Finished",
         "Recorded Date", "Response ID", "Recipient Last Name", "Recipient First Name", "Recipient Email",
         "External Data Reference", "Location Latitude", "Location Longitude", "Distribution Channel", "User Language",
         "Your code,\nas before", "I plan lessons with others", "I teach alone", "Tools I use"]
IMPORT_IDS = [f'{{"ImportId":"{name}"}}' for name in NAMES]


def answer(n, p1="Agree", status="IP Address", finished="True", channel="anonymous", end="2023-03-02 09:00:00"):
    return ["2023-03-01 08:00:00", end, status, "192.0.2.1", "100", "60", finished, end, f"R_{n}AbC", "Kask", "Mari",
            "mari@example.org", "", "59.4", "24.7", channel, "EN", f"c{n}", p1, "Disagree", "Tablet,Board, interactive"]


WORDS = [
    answer(1),
    answer(2, status="Survey Preview", channel="preview"),
    answer(3, finished="False"),
    answer(4, status="Survey Test", channel="test", p1="lorem ipsum"),
    answer(5, p1="Strongly agree"),
]
VALUES = [
    answer(1, p1="4", status="0", finished="1"),
    answer(2, p1="1", status="1", finished="1", channel="preview"),
    answer(3, p1="4", status="0", finished="0"),
    answer(4, p1="77", status="2", finished="1"),
    answer(5, p1="5", status="0", finished="1"),
]
EXPORT = {"file": "raw/pre.csv", "columns": {"EndDate": "submitted"}}


def read(tmp_path, rows=WORDS, **written):
    folder = study_folder(tmp_path, [EXPORT])
    write_csv(folder / "raw" / "pre.csv", [NAMES, TEXTS, IMPORT_IDS, *rows], **written)
    return responses(folder)


@pytest.mark.parametrize("rows", [WORDS, VALUES])
def test_choice_texts_and_values_give_the_same_answers_without_previews(tmp_path, rows):
    found = read(tmp_path, rows, quoting=csv.QUOTE_ALL, newline="\n")
    frame, (record,) = found.frame, found.exports
    assert frame["code"].tolist() == ["c1", "c3", "c5"] and frame["p1"].tolist() == [4, 4, 5]
    assert frame["p2"].tolist() == [2, 2, 2] and frame["tools"].tolist() == ["tablet;board"] * 3
    assert frame["row"].tolist() == [4, 6, 8]
    assert record.dropped == {"preview answers": 1, "test answers": 1} and record.rows == 3
    assert record.recognised["p1"] == "Q1_1" and "IPAddress" in record.unread


def test_what_was_left_out_or_not_finished_is_told_with_counts(tmp_path):
    assert read(tmp_path).warnings[:4] == [
        "raw/pre.csv: what stands in rows 2 to 3 is Qualtrics' own (question texts and ImportIds), no answers; skipped.",
        "raw/pre.csv (pre): 1 preview answer that Qualtrics marks as such is left out.",
        "raw/pre.csv (pre): 1 test answer that Qualtrics marks as such is left out.",
        "raw/pre.csv (pre): 1 answer was not finished, Qualtrics says; read as far as it goes, without a time of "
        "submission.",
    ]


def test_an_answer_that_was_not_finished_has_no_time_of_submission(tmp_path):
    assert read(tmp_path).frame["submitted"].isna().tolist() == [False, True, False]


@pytest.mark.parametrize(("delimiter", "encoding"), [("\t", "utf-16"), ("\t", "utf-8"), (",", "utf-8-sig")])
def test_its_tsv_and_csv_are_read(tmp_path, delimiter, encoding):
    found = read(tmp_path, delimiter=delimiter, encoding=encoding)
    assert found.frame["p1"].tolist() == [4, 4, 5] and found.exports[0].delimiter == delimiter


@pytest.mark.parametrize("below", [[TEXTS], [TEXTS, IMPORT_IDS], [IMPORT_IDS]])
def test_its_workbook_has_texts_below_the_names_with_or_without_import_ids(tmp_path, below):
    folder = study_folder(tmp_path, [{"file": "raw/pre.xlsx", "columns": {"Q1_1": "p1"}}])
    write_xlsx(folder / "raw" / "pre.xlsx", [NAMES, *below, *WORDS])
    found = responses(folder)
    assert found.frame["p1"].tolist() == [4, 4, 5] and found.exports[0].dropped["preview answers"] == 1


def test_its_spss_file_names_and_labels_what_is_left_out(tmp_path):
    folder = study_folder(tmp_path, [{"file": "raw/pre.sav"}])
    write_sav(
        folder / "raw" / "pre.sav",
        {"ResponseId": ["R_1", "R_2", "R_3"], "Status": [0.0, 1.0, 0.0], "Finished": [1.0, 1.0, 0.0],
         "p1": [4.0, 4.0, np.nan], "p2": [1.0, 1.0, 2.0]},
        variable_value_labels={"Status": {0: "IP Address", 1: "Survey Preview"}, "Finished": {0: "False", 1: "True"}},
    )
    found = responses(folder)
    assert found.exports[0].dropped == {"preview answers": 1} and len(found.frame) == 2
    assert any("1 answer was not finished" in warning for warning in found.warnings)


def test_a_status_of_another_tool_is_nobodys_preview(tmp_path):
    folder = study_folder(tmp_path)
    write_csv(folder / "raw" / "pre.csv", [["Status", "Finished", "p1"], ["1", "0", "4"], ["preview", "False", "3"]])
    found = responses(folder)
    assert found.frame["p1"].tolist() == [4, 3] and found.exports[0].dropped == {}


def test_a_question_is_recognised_by_the_text_below_its_name(tmp_path):
    items = [[*row[:6], f"How often? - {row[6]}", row[7]] if row[0] == "p2" else row for row in ITEMS]
    folder = study_folder(tmp_path, [EXPORT], items=items)
    texts = ["How often? - I teach alone" if text == "I teach alone" else text for text in TEXTS]
    write_csv(folder / "raw" / "pre.csv", [NAMES, texts, IMPORT_IDS, *WORDS])
    assert responses(folder).exports[0].recognised["p2"] == "Q1_2"
