"""Decisions in private/linking-review.csv: read, checked against each other, and found again in the answers."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import StudyError
from analysis.linking.decisions import REVIEW_FILE, decisions_text, read_decisions
from analysis.responses import read_responses
from analysis.running.manifest import digest
from analysis.running.reports import ReportSpec, report_specs
from analysis.scales import panel
from analysis.study.folder import read_study
from reviews import POST, PRE, TIMED, a_study, decide, read, reviewed, save
from support import ITEMS, study_folder, write_csv


def links(folder: Path) -> set[tuple[int, int]]:
    """The links made, as rows of the two files."""
    study, responses = read(folder)
    linked = panel(study, responses, "EE").respondents.dropna()
    rows = responses.frame["row"]
    return {(int(rows[pair.pre]), int(rows[pair.post])) for pair in linked.itertuples()}


def issues(folder: Path) -> list[str]:
    with pytest.raises(StudyError) as raised:
        read(folder)
    return [str(issue) for issue in raised.value.issues]


def test_without_decisions_the_rules_link(tmp_path):
    assert links(a_study(tmp_path)) == {(4, 3), (7, 5)}


def test_yes_links_an_ambiguous_pair_and_no_undoes_a_near_link(tmp_path):
    decide(a_study(tmp_path), {("2", "2"): "yes", ("4", "3"): "no"})
    assert links(tmp_path) == {(2, 2), (7, 5)}


def test_no_to_one_of_two_candidates_lets_the_other_link(tmp_path):
    decide(a_study(tmp_path), {("3", "2"): "NO "})
    assert links(tmp_path) == {(2, 2), (4, 3), (7, 5)}


def test_yes_on_one_of_several_submissions_makes_it_count(tmp_path):
    decide(a_study(tmp_path), {("6", ""): "Yes"})
    assert links(tmp_path) == {(4, 3), (7, 5), (6, 4)}


def test_no_on_one_of_two_submissions_makes_the_other_count(tmp_path):
    decide(a_study(tmp_path), {("6", ""): "no"})
    assert links(tmp_path) == {(4, 3), (7, 5), (5, 4)}


def test_no_undoes_a_link_of_equal_codes_whose_constant_answers_contradict(tmp_path):
    header = [*TIMED, "gender"]
    exports = [{"file": "raw/pre.csv"}, {"file": "raw/post.csv", "wave": "post"}]
    study_folder(tmp_path, exports, items=ITEMS)
    for wave, gender in (("pre", "f"), ("post", "m")):
        write_csv(tmp_path / "raw" / f"{wave}.csv", [header, ["ab12cd", "Rakvere", 1, 2, 3, 4, "", gender]])
    rows = reviewed(tmp_path)
    assert [(row["kind"], row["reason"]) for row in rows] == [
        ("exact", "matched by equal codes, although gender differs")]
    assert links(tmp_path) == {(2, 2)}
    decide(tmp_path, {("2", "2"): "no"}, rows)
    assert links(tmp_path) == set()
    assert [(row["decision"], row["reason"]) for row in reviewed(tmp_path)] == [("no", "not matched, as decided")]


@pytest.mark.parametrize("word", ["1", "ja", "y"])
def test_another_word_than_yes_or_no_is_told_with_its_row_and_column(tmp_path, word):
    decide(a_study(tmp_path), {("4", "3"): word})
    told = issues(tmp_path)
    assert len(told) == 1
    assert told[0].startswith(f"{REVIEW_FILE}, row ")
    assert f"column “decision”: expected yes, no or nothing; found “{word}”" in told[0]


def test_a_code_in_the_place_of_a_decision_is_told_by_its_shape(tmp_path):
    decide(a_study(tmp_path), {("4", "3"): "ab12cd"})
    (told,) = issues(tmp_path)
    assert told.endswith("expected yes, no or nothing; found a text of 6 letters and digits.")


@pytest.mark.parametrize(
    ("decisions", "told"),
    [
        ({("2", "2"): "yes", ("3", "2"): "yes"}, "links one of these answers to another one; expected one link."),
        ({("5", ""): "yes", ("6", ""): "yes"}, "says that another answer under the same code counts; expected one."),
    ],
)
def test_decisions_that_contradict_each_other_are_told(tmp_path, decisions, told):
    decide(a_study(tmp_path), decisions)
    assert len(issues(tmp_path)) == 1 and told in issues(tmp_path)[0]


def test_the_same_row_twice_with_two_decisions_is_told(tmp_path):
    rows = reviewed(a_study(tmp_path))
    first = next(row for row in rows if row["row_pre"] == "4")
    save(tmp_path, [{**first, "decision": "yes"}, {**first, "decision": "no"}])
    assert issues(tmp_path) == [
        f"{REVIEW_FILE}, row 3, column “decision”: the same answers have another decision in row 2; expected one."]


def test_a_link_to_an_answer_that_does_not_count_is_told(tmp_path):
    rows = reviewed(a_study(tmp_path))
    single = next(row for row in rows if row["row_pre"] == "5")
    other = next(row for row in rows if row["row_pre"] == "4")
    pair = {**other, "row_pre": "5", "check": f"{single['check']} {other['check'].split()[1]}", "decision": "yes"}
    save(tmp_path, [pair, {**single, "decision": "no"}])
    assert [text.partition(": ")[2] for text in issues(tmp_path)] == [
        "row 3 says that one of these answers does not count."]


def test_a_link_across_schools_is_told(tmp_path):
    rows = reviewed(a_study(tmp_path))
    one, other = (next(row for row in rows if row["row_pre"] == number) for number in ("4", "7"))
    pair = {**one, "row_post": other["row_post"], "check": f"{one['check'].split()[0]} {other['check'].split()[1]}"}
    save(tmp_path, [{**pair, "decision": "yes"}])
    assert "links are made within a school only" in issues(tmp_path)[0]


@pytest.mark.parametrize(
    ("column", "cell"), [("country", "XX"), ("iteration", "one"), ("row_pre", ""), ("check", "bcdf"), ("check", "")])
def test_a_cell_that_says_which_answers_are_meant_and_is_spoilt_is_told(tmp_path, column, cell):
    rows = reviewed(a_study(tmp_path))
    row = next(row for row in rows if row["row_pre"] == "4")
    save(tmp_path, [{**row, "decision": "yes", column: cell}])
    assert issues(tmp_path)[0].startswith(f"{REVIEW_FILE}, row 2, column “{column}”: ")
    save(tmp_path, [{**row, column: cell}])
    assert links(tmp_path) == {(4, 3), (7, 5)}, "a row without a decision is not looked at"


def test_a_column_that_is_missing_is_told(tmp_path):
    rows = reviewed(a_study(tmp_path))
    save(tmp_path, [{name: cell for name, cell in row.items() if name != "check"} for row in rows])
    assert issues(tmp_path) == [
        f"{REVIEW_FILE}, row 1: the column “check” is missing; expected the columns that “analysis run” wrote."]


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1257"])
def test_what_a_spreadsheet_makes_of_the_file_can_be_read(tmp_path, delimiter, encoding):
    rows = reviewed(a_study(tmp_path))
    for row in rows:
        row["decision"] = {"2": "YES", "4": "No"}.get(row["row_pre"], "")
        row["code_pre"] = row["code_post"] = "12"
    write_csv(tmp_path / REVIEW_FILE, [list(rows[0]), *(list(row.values()) for row in rows)], delimiter, encoding)
    assert links(tmp_path) == {(2, 2), (7, 5)}


def test_a_decision_follows_its_answers_to_other_rows(tmp_path):
    decide(a_study(tmp_path), {("2", "2"): "yes", ("6", ""): "yes"})
    new = ["tt11tt", "Tartu", 1, 1, 1, 1, ""]
    a_study(tmp_path, [new, *PRE[::-1]], [new, *POST])
    assert links(tmp_path) == {(2, 2), (8, 3), (6, 4), (3, 6), (4, 5)}
    kept = [row for row in reviewed(tmp_path) if row["decision"]]
    assert sorted((row["row_pre"], row["row_post"]) for row in kept) == [("4", ""), ("8", "3")]


def test_a_decision_on_one_of_two_submissions_does_not_pass_to_the_other_when_rows_move(tmp_path):
    decide(a_study(tmp_path), {("6", ""): "yes"})
    a_study(tmp_path, [["tt11tt", "Tartu", 1, 1, 1, 1, ""], *PRE])
    assert (7, 4) in links(tmp_path)


def test_a_decision_whose_answers_are_gone_is_kept_told_and_not_followed(tmp_path):
    decide(a_study(tmp_path), {("2", "2"): "yes"})
    a_study(tmp_path, PRE[1:])
    _, responses = read(tmp_path)
    assert any("no longer in the exports" in warning and REVIEW_FILE in warning for warning in responses.warnings)
    kept = [row for row in reviewed(tmp_path) if row["decision"]]
    assert [(row["decision"], row["code_pre"]) for row in kept] == [("yes", "“ab12cd”")]
    assert kept[0]["reason"] == "the answers are no longer in the exports, so the decision is not followed"
    a_study(tmp_path)
    assert (2, 2) in links(tmp_path), "when the answers come back, the decision holds again"


def test_a_decision_holds_after_the_codebook_reads_the_answers_otherwise(tmp_path):
    decide(a_study(tmp_path), {("2", "2"): "yes"})
    write_csv(tmp_path / "codebook" / "items.csv", [row for row in ITEMS if row[0] != "p3"])
    assert (2, 2) in links(tmp_path)


def test_decisions_of_one_country_are_not_asked_for_in_another(tmp_path):
    decide(a_study(tmp_path, countries={"EE": 'name = "Estonia"', "FI": 'name = "Finland"'}), {("2", "2"): "yes"})
    study = read_study(tmp_path)
    assert read_responses(study, []).decisions.rows == ()
    rows = read_decisions(tmp_path, study.settings.countries)
    assert decisions_text(rows, ["FI"]) == "" != decisions_text(rows, ["EE"]) == decisions_text(rows, ["EE", "FI"])


def test_the_text_follows_the_decisions_and_nothing_else(tmp_path):
    def text() -> str:
        return decisions_text(read_decisions(tmp_path, ["EE"]), ["EE"])

    rows = reviewed(a_study(tmp_path))
    assert text() == ""
    decide(tmp_path, {("2", "2"): "yes", ("4", "3"): "no"}, rows)
    once = text()
    save(tmp_path, [{**row, "reason": "x", "code_pre": "1"} for row in rows[::-1]], delimiter=";")
    assert text() == once
    decide(tmp_path, {("4", "3"): "yes"}, rows)
    assert text() != once


def test_a_report_is_made_afresh_when_a_decision_of_its_country_changes(tmp_path):
    def specs() -> dict[str, ReportSpec]:
        study = read_study(tmp_path)
        return {spec.key: spec for spec in report_specs(study, tmp_path / "out", ["EE", "FI"], ("html",), True)}

    rows = reviewed(a_study(tmp_path, countries={"EE": 'name = "Estonia"', "FI": 'name = "Finland"'}))
    before = specs()
    assert {spec.inputs.decisions for spec in before.values()} == {""}
    decide(tmp_path, {("4", "3"): "no"}, rows)
    decided = specs()
    assert decided["FI"].inputs.decisions == "" != decided["EE"].inputs.decisions
    made_of = {key: digest(spec.inputs, spec.notebook, {}) for key, spec in before.items()}
    assert {key: digest(spec.inputs, spec.notebook, {}) == made_of[key] for key, spec in decided.items()} == {
        "EE": False, "FI": True, "across-countries": False, "data-quality": False}


def test_the_report_tells_how_many_decisions_there_are(tmp_path):
    decide(a_study(tmp_path), {("2", "2"): "yes", ("6", ""): "yes"})
    made = panel(*read(tmp_path), "EE")
    assert made.linked.decided == 2
    assert isinstance(made.linked.pairs, pd.DataFrame)
