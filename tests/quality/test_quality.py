"""What is worth a look in a study's answers, and what the report on it may show."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis import sections
from analysis.language import Language
from analysis.quality import answers as quality
from analysis.quality import dates as quality_dates
from analysis.quality.findings import KINDS, findings, runs, swapped_surveys
from analysis.responses import read_responses
from analysis.sections.parts import Text
from analysis.sections.quality import OF_PEOPLE, QualityResults, kinds, main
from analysis.staging import Staging
from analysis.study.folder import read_study
from support import ITEMS, study_folder, write_csv
from written import readable_texts

NOW = pd.Timestamp("2026-11-22 12:00")
HEADER = ["code", "school", "submitted", "p1", "p2", "p3"]
TWO = [{"file": "raw/pre.csv"}, {"file": "raw/post.csv", "wave": "post"}]


def answers(n=12, month="2022-10", schools=("Tartu", "Narva")):
    """A survey of `n` teachers, one a day; of another month, with other answers."""
    later = month > "2022-10"
    return [[f"code{i:03d}", schools[i % len(schools)], f"{month}-{1 + i:02d} 10:00", 1 + (i + later) % 5, 5 - i % 4,
             1 + i % 3] for i in range(n)]


class Read:
    """A study with these surveys, read and linked."""

    def __init__(self, folder, pre, post=None, exports=TWO, **study):
        write_csv(folder / "raw" / "pre.csv", [HEADER, *pre])
        if post is not None:
            write_csv(folder / "raw" / "post.csv", [HEADER, *post])
        self.study = read_study(study_folder(folder, exports if post is not None else exports[:1], **study))
        self.staging = Staging(self.study)
        self.responses = self.staging.responses
        self.panels = quality.panels_of(self.staging)
        self.named = quality.panels_of(Staging(quality.with_school_names(self.study)))
        self.found = findings(self.study, self.responses, self.named, NOW)

    def finding(self, kind):
        """The only finding of a kind."""
        (found,) = [one for one in self.found if one.kind == kind]
        return found

    def kinds(self):
        return {one.kind for one in self.found}

    def counted(self):
        """`findings.csv` by survey and finding."""
        return self.results().precise("findings").set_index(["wave", "finding"])["n"]

    def results(self):
        """What the report on the data's quality shows."""
        return QualityResults(self.study, self.staging, NOW, sections.QUALITY, Language())


@pytest.fixture
def sound(tmp_path):
    return Read(tmp_path, answers(), answers(month="2023-05"))


def test_in_sound_answers_nothing_is_found(sound):
    assert sound.found == []


def test_a_date_in_the_future_is_found_with_its_row(tmp_path):
    pre = answers()
    pre[3][2] = "2027-01-01 10:00"
    found = Read(tmp_path, pre, answers(month="2023-05")).finding("future")
    assert (found.n, found.wave, found.rows) == (1, "pre", (("raw/pre.csv", 5),))
    assert found.message == "1 answer before is dated in the future: raw/pre.csv, row 5."


def test_a_date_of_tomorrow_is_not_the_future_since_exports_keep_no_time_zone():
    times = pd.Series(pd.to_datetime(["2026-11-22 23:00", "2026-11-23 11:00", "2026-11-23 13:00"]))
    assert quality_dates.future(times, NOW).tolist() == [False, False, True]


def test_an_answer_of_another_year_lies_far_from_the_others_and_does_not_set_their_range(tmp_path):
    pre = answers(20)
    pre[4][2] = "2020-10-05 10:00"
    found = Read(tmp_path, pre, answers(20, month="2023-05")).finding("far_from_others")
    assert found.rows == (("raw/pre.csv", 6),)
    assert found.message == ("1 answer before is dated far from the others, which came from 2022-10-01 to 2022-10-20: "
                             "raw/pre.csv, row 6.")


def test_latecomers_of_a_few_weeks_and_dates_of_small_surveys_are_not_far_from_the_others():
    times = pd.Series(pd.date_range("2022-10-01", periods=20).append(pd.DatetimeIndex(["2022-11-10"])))
    assert not quality_dates.far_from_others(times).any()
    few = pd.Series(pd.to_datetime(["2022-10-01"] * 8 + ["2012-10-01"]))
    assert not quality_dates.far_from_others(few).any()


def test_answers_dated_like_those_of_the_other_survey_are_found(tmp_path):
    pre, post = answers(24), answers(24, month="2023-05")
    for i in range(10):
        pre[i][2] = f"2023-05-{10 + i} 10:00"
    found = Read(tmp_path, pre, post).finding("within_other_wave")
    assert (found.n, found.wave) == (10, "pre") and "nearer to the survey after mentoring than" in found.message


def test_two_surveys_of_one_month_are_not_told_apart_by_date(tmp_path):
    assert "within_other_wave" not in Read(tmp_path, answers(), answers(month="2022-11")).kinds()


def test_a_teacher_whose_answer_before_came_after_the_other_is_found_with_both_rows(tmp_path):
    pre, post = answers(), answers(month="2023-05")
    pre[2][2] = "2023-06-01 10:00"
    found = Read(tmp_path, pre, post).finding("pre_after_post")
    assert (found.n, found.rows) == (1, (("raw/pre.csv", 4), ("raw/post.csv", 4)))


def test_a_respondent_of_both_language_versions_is_found(tmp_path):
    exports = [*TWO, {"file": "raw/et.csv", "language": "et"}]
    write_csv(tmp_path / "raw" / "et.csv", [HEADER, ["CODE 00l", "Tartu", "2022-10-20 10:00", 1, 2, 3],
                                            ["code002", "Tartu", "2022-10-20 10:00", 1, 2, 3]])
    found = Read(tmp_path, answers(), answers(month="2023-05"), exports).finding("two_exports")
    assert (found.n, found.wave) == (1, "pre")
    assert set(found.rows) == {("raw/pre.csv", 4), ("raw/et.csv", 3)} and "code002" not in found.message


def test_a_code_in_two_schools_is_found(tmp_path):
    pre = answers()
    pre[5][0] = "code000"
    found = Read(tmp_path, pre, answers(month="2023-05")).finding("code_in_two_schools")
    assert found.n == 1 and "links are made within a school only: raw/pre.csv, rows 2 and 7." in found.message


def test_answers_without_a_school_are_found_only_where_others_have_one(tmp_path):
    pre = answers()
    pre[1][1] = ""
    assert Read(tmp_path / "a", pre, answers(month="2023-05")).finding("no_school").rows == (("raw/pre.csv", 3),)
    nowhere = answers(schools=("",))
    assert "no_school" not in Read(tmp_path / "b", nowhere, answers(month="2023-05", schools=("",))).kinds()


def test_a_school_and_an_item_of_one_survey_only_are_found(tmp_path):
    post = answers(month="2023-05", schools=("Tartu", "Valga"))
    read = Read(tmp_path, answers(), post)
    said = {one.wave: one.message for one in read.found if one.kind == "school_in_one_wave"}
    assert said == {"pre": "one school has answers only before mentoring: “Narva”.",
                    "post": "one school has answers only after mentoring: “Valga”."}


def test_a_country_with_one_survey_is_found_and_its_schools_and_items_are_not(tmp_path):
    assert Read(tmp_path, answers()).kinds() == {"one_wave"}


def test_items_that_one_survey_did_not_ask_are_found_in_ranges(tmp_path):
    rows = [[*row[:4]] for row in answers(month="2023-05")]
    exports = [{"file": "raw/pre.csv"}, {"file": "raw/short.csv", "wave": "post"}]
    write_csv(tmp_path / "raw" / "short.csv", [HEADER[:4], *rows])
    read = Read(tmp_path, answers(), rows, exports)
    assert read.finding("item_in_one_wave").message == "asked only before mentoring: p2 and p3."
    assert runs(["mat1", "mat2", "mat3", "app1", "app2", "x", "q9", "q10", "q11"]) == [
        "mat1 to mat3", "app1", "app2", "x", "q9 to q11"]


def test_an_item_that_most_left_without_an_answer_is_found_and_an_open_question_is_not(tmp_path):
    header = [*HEADER, "comment"]
    exports = [{"file": f"raw/{wave}-long.csv", "wave": wave} for wave in ("pre", "post")]
    for wave in ("pre", "post"):
        rows = [[*row, ""] for row in answers(month="2022-10" if wave == "pre" else "2023-05")]
        for row in rows[:8] if wave == "post" else []:
            row[5] = ""
        write_csv(tmp_path / "raw" / f"{wave}-long.csv", [header, *rows])
    found = Read(tmp_path, [], [], exports).finding("mostly_missing")
    assert (found.n, found.wave) == (1, "post") and "p3 (8 of 12)" in found.message


def test_straight_liners_are_found(tmp_path):
    header = ["p1", "p2", "p3", "l1", "x1"]
    items = [*ITEMS, ["x1", "leadership", "likert", "agree", "no", "", "More", "Veel"]]
    rows = [[f"c{n}", *((2, 2, 2, 2, 2) if n < 6 else (1 + n % 3, 5, 1, 2, 3))] for n in range(20)]
    for wave in ("pre", "post"):
        rows[-1][1] = len(wave)
        write_csv(tmp_path / "raw" / f"{wave}.csv", [["code", *header], *rows])
    study = read_study(study_folder(tmp_path, TWO, items=items))
    (panel,) = quality.panels_of(Staging(study)).values()
    assert quality.straight_liners(panel) == {"pre": (6, 20), "post": (6, 20)}


def test_missing_answers_are_counted_by_export_the_worst_item_first(tmp_path):
    pre = answers()
    for row, item in ((0, 4), (1, 4), (2, 4), (5, 5)):
        pre[row][item] = ""
    read = Read(tmp_path, pre, answers(month="2023-05"))
    first = quality.missing_answers(read.study, read.responses, read.responses.exports[0])
    assert first.values.tolist() == [["p2", 12, 3, 0.25], ["p3", 12, 1, 1 / 12], ["p1", 12, 0, 0.0]]


def test_surveys_given_for_one_another_are_found_first_and_once(tmp_path):
    read = Read(tmp_path, answers(month="2023-05"), answers())
    found = read.finding("waves_swapped")
    assert read.found[0] is found and "pre_after_post" not in read.kinds() and found.n == 12
    assert found.message.startswith("the two surveys seem to be swapped: 12 of 12 matched teachers answered raw/pre.csv")
    assert [one.message for one in swapped_surveys(read.study, read.responses)] == [found.message]


def test_one_in_ten_pairs_in_the_right_order_does_not_hide_that_the_surveys_are_swapped(tmp_path):
    pre, post = answers(20, month="2023-05"), answers(20)
    for i in range(2):
        pre[i][2] = "2022-09-01 10:00"
    assert "waves_swapped" in Read(tmp_path / "a", pre, post).kinds()
    pre[2][2] = "2022-09-01 10:00"
    assert "pre_after_post" in Read(tmp_path / "b", pre, post).kinds() - {"waves_swapped"}


def test_fewer_than_five_dated_pairs_do_not_tell_that_surveys_are_swapped(tmp_path):
    assert "waves_swapped" not in Read(tmp_path, answers(4, month="2023-05"), answers(4)).kinds()


def numbered(folder, *years, limits=("", "")):
    items = [[*ITEMS[0], "min", "max"], *([*row, *(limits if row[0] == "years" else ("", ""))] for row in ITEMS[1:])]
    study_folder(folder, items=items)
    write_csv(folder / "raw" / "pre.csv", [["code", "p1", "years"], *([f"c{n}", 1, year] for n, year in enumerate(years))])
    study = read_study(folder)
    staging = Staging(study)
    return [one for one in findings(study, staging.responses, quality.panels_of(staging), NOW)
            if one.kind == "implausible_number"]


YEARS = [1, 2, 3, 5, 8, 10, 12, 14, 15, 18, 20, 25, 31, 40]


@pytest.mark.parametrize("year", [-3, 999, 1998, 99])
def test_a_number_of_years_that_no_teacher_has_is_worth_a_look(tmp_path, year):
    (found,) = numbered(tmp_path, *YEARS, year)
    assert (found.n, found.rows) == (1, (("raw/pre.csv", 16),)) and "which run from 1 to 40" in found.message


def test_one_in_three_who_wrote_the_year_they_began_is_found(tmp_path):
    (found,) = numbered(tmp_path, *YEARS, *range(1990, 1997))
    assert found.n == 7


def test_plausible_numbers_are_not_worth_a_look(tmp_path):
    assert numbered(tmp_path / "a", *YEARS, 47) == []
    assert numbered(tmp_path / "b", *[0] * 9, *[10] * 6) == []
    assert numbered(tmp_path / "c", -3, 2, 3, 9999) == [], "fewer than ten tell nothing"
    assert numbered(tmp_path / "d", *range(-9, 9)) == []


def test_the_report_hides_findings_on_few_respondents(tmp_path):
    pre = answers(24)
    for i in range(4):
        pre[i][2] = "2027-01-01 10:00"
    assert pd.isna(Read(tmp_path / "few", pre, answers(24, month="2023-05")).counted()["pre", "future"])
    pre[4][2] = "2027-01-01 10:00"
    assert Read(tmp_path / "enough", pre, answers(24, month="2023-05")).counted()["pre", "future"] == 5


def test_nothing_of_a_respondent_and_no_school_is_in_the_report(tiny_run):
    frame = read_responses(read_study(tiny_run.study)).frame
    secrets = {*frame["code"], *frame["comment"], *frame["school"],
               *(f"{time:%Y-%m-%d %H:%M}" for time in frame["submitted"])}
    assert len(secrets) > 100
    texts = readable_texts(tiny_run.reports / "data-quality")
    assert len(texts) > 10
    assert not [(name, secret) for name, text in texts.items() for secret in secrets if secret in text]


# The report


def test_every_kind_of_finding_has_its_words_in_the_report(sound):
    assert OF_PEOPLE < set(KINDS) == set(kinds(Language()))


def test_the_report_gives_a_missing_count_only_where_enough_answered_the_survey_and_the_item(tmp_path):
    pre = answers(12)
    for row in range(9):
        pre[row][4] = ""
    read = Read(tmp_path, pre, answers(4, month="2023-05"))
    table = read.results().precise("missing").set_index(["wave", "item"])
    assert (table.loc[("pre", "p1"), "missing"], table.loc[("pre", "p1"), "note"]) == (0, "")
    hidden = table.loc[[("pre", "p2"), ("post", "p1"), ("post", "p3")]]
    assert hidden[["missing", "share"]].isna().all(axis=None) and (hidden["note"] != "").all()
    assert table.loc["post", "n"].isna().all() and table.loc[("pre", "p2"), "n"] == 12


def test_a_repeated_submission_counts_once_in_the_reports_missing_answers(tmp_path):
    pre = [*answers(), answers()[0]]
    read = Read(tmp_path, pre, answers(month="2023-05"))
    assert set(read.results().precise("missing")["n"]) == {12}
    assert read.results().precise("links")["duplicate_identical"].tolist() == [1]


def test_the_months_of_a_survey_do_not_hang_on_its_first_and_last_answers(tmp_path):
    pre = answers(20)
    for row in range(4):
        pre[row][2], pre[-1 - row][2] = "2022-01-01 10:00", "2022-12-24 10:00"
    read = Read(tmp_path, pre, answers(4, month="2023-05"))
    table = read.results().precise("survey_answers").set_index("wave")
    assert table.loc["pre", ["n_read", "first_month", "last_month"]].tolist() == [20, "2022-10", "2022-10"]
    assert pd.isna(table.loc["post", "n_read"]) and table.loc["post", ["first_month", "last_month"]].tolist() == ["", ""]


def test_exports_of_one_survey_are_counted_together(tmp_path):
    exports = [*TWO, {"file": "raw/et.csv", "language": "et"}]
    write_csv(tmp_path / "raw" / "et.csv", [HEADER, ["z1", "Tartu", "", 1, 2, 3], ["z2", "Tartu", "", "", "", ""]])
    read = Read(tmp_path, answers(), answers(month="2023-05"), exports)
    table = read.results().precise("survey_answers")
    assert table.loc[table["wave"] == "pre", ["n_read", "n_left_out"]].values.tolist() == [[13, 1]]
    assert not {"n", "rows", "n_read"} & set(read.results().precise("exports").columns)


def test_headers_say_what_they_were_taken_for(tmp_path):
    write_csv(tmp_path / "raw" / "pre.csv", [["code", "e-mail", "I teach alone"], ["a1", "a@b.ee", 3]])
    study = read_study(study_folder(tmp_path))
    results = QualityResults(study, Staging(study), NOW, sections.QUALITY, Language())
    table = results.precise("headers")
    assert dict(zip(table["header"], table["item"], strict=True)) == {"code": "code", "I teach alone": "p2", "e-mail": ""}


def test_the_sentences_in_brief_hold_what_the_tables_show(sound):
    text = next(block.markdown for block in main(sound.results()) if isinstance(block, Text))
    assert text.splitlines()[0].startswith("- 24 answers of 1 country could be read")
    assert "between 100\u00a0% and 100\u00a0%" in text and text.splitlines()[-1] == "- Nothing else stood out."


def test_a_study_without_answers_has_its_tables_and_sentences(tmp_path):
    read = Read(tmp_path, [], [])
    assert "No answers have come in yet." in next(b.markdown for b in main(read.results()) if isinstance(b, Text))
    assert not read.panels and not read.found


def test_the_report_is_made_with_the_others_and_stands_in_the_index(tiny_run):
    folder = tiny_run.reports / "data-quality"
    assert {path.stem for path in folder.glob("tables/*.csv")} == {
        "exports", "headers", "survey_answers", "links", "missing", "findings"}
    assert 'href="data-quality/report.html"' in (tiny_run.reports / "index.html").read_text(encoding="utf-8")
