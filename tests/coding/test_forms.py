"""Google Forms and Microsoft Forms: question texts as headers, labels as answers, several answers in one cell."""

from __future__ import annotations

import csv
import datetime as dt

import pytest

from support import ITEMS, responses, study_folder, write_csv, write_xlsx

GOOGLE_TIME = {"en": "Timestamp", "et": "Ajatempel"}


def google(tmp_path, language, header, *rows):
    export = {"file": "raw/pre.csv", "language": language, "columns": {GOOGLE_TIME[language]: "submitted"}}
    folder = study_folder(tmp_path, [export])
    header = [GOOGLE_TIME[language], *header]
    write_csv(folder / "raw" / "pre.csv", [header, *rows], newline="\n", quoting=csv.QUOTE_ALL)
    return responses(folder)


def test_google_forms_in_the_forms_language(tmp_path):
    read = google(
        tmp_path,
        "et",
        ["Email Address", "code", "Kavandan tunde koos teistega", "Sugu", "Kasutatavad vahendid", "Midagi veel?"],
        ["2023/03/31 2:05:00 PM EET", "a@b.ee", "AB12", "Nõustun", "Naine", "Tahvel, puutetundlik, Telefon", "Ei, aitäh"],
        ["2023/03/31 2:07:00 PM EET", "c@d.ee", "CD34", "Ei nõustu", "Mees", "Tahvel;Telefon", ""],
    )
    first, second = read.frame.to_dict("records")
    assert (first["p1"], first["gender"], first["tools"], first["comment"]) == (4, "f", "board;phone", "Ei, aitäh")
    assert second["tools"] == "tablet;phone" and second["submitted"] == dt.datetime(2023, 3, 31, 14, 7)
    assert read.exports[0].unread == ("Email Address",) and "a@b.ee" not in read.frame.to_string()


def test_a_grid_question_is_read_by_its_whole_header_and_suggested_by_its_row(tmp_path):
    items = [[*row[:6], f"How far do you agree? [{row[6]}]", row[7]] if row[0] == "p1" else row for row in ITEMS]
    folder = study_folder(tmp_path, items=items)
    header = ["Timestamp", "How far do you agree? [I plan lessons with others]", "How far do you agree? [I teach alone]"]
    write_csv(folder / "raw" / "pre.csv", [header, ["3/31/2023 14:05:00", "Agree", "Disagree"]], quoting=csv.QUOTE_ALL)
    read = responses(folder)
    assert read.frame["p1"].tolist() == [4] and read.frame["p2"].isna().all()
    assert read.exports[0].suggested == {"Timestamp": "submitted", header[2]: "p2"}


MICROSOFT = {
    "en": ["ID", "Start time", "Completion time", "Email", "Name"],
    "et": ["ID", "Algusaeg", "Lõpetamise aeg", "E-post", "Nimi"],
}
QUESTIONS = {
    "en": ["I plan lessons with others", "I\u00a0teach alone", "Tools I use", "Anything else?"],
    "et": ["Kavandan tunde koos teistega", "Õpetan üksi", "Kasutatavad vahendid", "Midagi veel?"],
}
ANSWERED = {
    "en": ["Agree", "Don’t know", "Board, interactive;Tablet;", "Fine"],
    "et": ["Nõustun", "Ei tea", "Tahvel, puutetundlik;Tahvel;", "Fine"],
}


@pytest.mark.parametrize("language", ["en", "et"])
def test_microsoft_forms_keeps_names_and_addresses_to_itself(tmp_path, language):
    own, columns = MICROSOFT[language], {MICROSOFT[language][2]: "submitted"}
    folder = study_folder(tmp_path, [{"file": "raw/pre.xlsx", "language": language, "columns": columns}])
    start, end = dt.datetime(2023, 3, 31, 14, 0, 1), dt.datetime(2023, 3, 31, 14, 9, 2)
    answered = [3, start, end, "mari.kask@example.org", "Mari Kask", *ANSWERED[language]]
    write_xlsx(folder / "raw" / "pre.xlsx", {"Sheet1": [[*own, *QUESTIONS[language]], answered]})
    read = responses(folder)
    (record,) = read.frame.to_dict("records")
    assert (record["p1"], record["tools"], record["comment"]) == (4, "tablet;board", "Fine")
    assert record["submitted"] == end and read.frame["p2"].isna().all()
    assert read.exports[0].unread == (own[0], own[1], own[3], own[4])
    assert not any(secret in read.frame.to_string() for secret in ("Kask", "example.org"))


def test_microsoft_forms_completion_time_is_suggested(tmp_path):
    folder = study_folder(tmp_path, [{"file": "raw/pre.xlsx"}])
    when = dt.datetime(2023, 3, 31, 14, 0)
    row = [1, when, when, "x@y.z", "N", *ANSWERED["en"]]
    write_xlsx(folder / "raw" / "pre.xlsx", [[*MICROSOFT["en"], *QUESTIONS["en"]], row])
    assert responses(folder).exports[0].suggested == {"Completion time": "submitted"}
