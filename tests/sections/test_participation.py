"""participation.csv, rates, the number analysed, and what is said of them."""

from __future__ import annotations

from string import ascii_uppercase

import pandas as pd
import pytest

from analysis.plots import HALF
from analysis.sections import attrition, change, matching, participation
from analysis.sections.parts import Figure, Text
from panels import HEADER, random_rows, tiny_results

COLUMNS = "school n_pre n_post n_matched n_pre_only n_post_only note".split()
SHOW = 'school_names = "show"\n'
LARGE = {"Tartu": (9, 6, 7), "Rakvere": (12, 5, 8), "Õru": (6, 5, 9)}


def results_of(folder, pre, post, **study):
    return tiny_results(folder, change, participation, matching, attrition, pre=pre, post=post, **study)


def table_of(folder, schools=LARGE, **study):
    return results_of(folder, *random_rows(1, schools), settings=SHOW, **study).table("participation")


def text_of(results):
    return " ".join(block.markdown for block in participation.main(results) if isinstance(block, Text))


def figures_of(results):
    shown = [*participation.main(results), *participation.annex(results)]
    return {block.name: block for block in shown if isinstance(block, Figure)}


def test_the_columns_are_the_contract_s_and_the_total_is_the_last_row(tmp_path):
    table = table_of(tmp_path)
    assert list(table.columns) == COLUMNS
    assert table["school"].tolist() == ["Rakvere", "Tartu", "Õru", ""]


def test_hidden_schools_stand_in_the_order_of_their_letters(tmp_path):
    many = {f"School {number}": (5, 5, 5) for number in range(28)}
    table = results_of(tmp_path, *random_rows(1, many)).table("participation")
    assert table["school"].tolist() == [*ascii_uppercase, "AA", "AB", ""]


def test_counts_are_distinct_respondents_by_school(tmp_path):
    table = table_of(tmp_path).set_index("school")
    for school, (matched, before, after) in LARGE.items():
        assert table.loc[school, COLUMNS[1:-1]].tolist() == [
            matched + before, matched + after, matched, before, after]
    assert table.loc["", COLUMNS[1:-1]].tolist() == [43, 51, 27, 16, 24]
    assert (table["note"] == "").all()


def test_a_small_count_is_empty_with_another_to_cover_it(tmp_path):
    table = table_of(tmp_path, LARGE | {"Võru": (7, 2, 0)}).set_index("school")
    assert pd.isna(table.loc["Võru", "n_pre_only"]) and table.loc["Võru", "note"] == "small_cells"
    assert table.loc[""].notna().all() and table.loc["", "n_pre_only"] == 18
    assert table["n_pre_only"].isna().sum() > 1, "not to be had by subtraction"


def test_schools_with_few_matched_are_joined(tmp_path):
    table = table_of(tmp_path, LARGE | {"Võru": (2, 6, 7), "Abja": (4, 5, 5)})
    assert table["school"].tolist() == ["Tartu", "Õru", "other schools", ""], "Rakvere covers the two"
    assert table.set_index("school").loc["other schools", COLUMNS[1:-1]].tolist() == [34, 38, 18, 16, 20]


def test_who_gave_no_school_has_a_row_before_the_total(tmp_path):
    pre, post = random_rows(1, LARGE)
    for row in pre[-6:] + post[-9:]:
        row[1] = ""
    table = results_of(tmp_path, pre, post).table("participation")
    assert table["school"].tolist()[-2:] == ["(not given)", ""]


def test_without_any_school_there_is_the_total_only_and_it_says_so(tmp_path):
    rows = [[row[:1] + row[2:] for row in wave] for wave in random_rows(1, LARGE)]
    found = results_of(tmp_path, *rows, header=[HEADER[0], *HEADER[2:]])
    table = found.table("participation")
    assert table["school"].tolist() == [""] and table["note"].tolist() == ["no_school_named"]
    assert table["n_pre"].tolist() == [43]
    assert list(figures_of(found)) == ["participant-flow"]


def test_totals_are_shown_however_small(tmp_path):
    total = table_of(tmp_path, {"S": (1, 1, 0)}).iloc[-1]
    assert total[COLUMNS[1:-1]].tolist() == [2, 1, 1, 1, 0]


def test_without_answers_the_total_is_zero_and_the_text_says_so(tmp_path):
    found = results_of(tmp_path, [], [])
    table = found.table("participation")
    assert table["school"].tolist() == [""] and table[COLUMNS[1:-1]].to_numpy().tolist() == [[0] * 5]
    assert text_of(found) == "No answers have come in yet." and not figures_of(found)


def test_rates_are_of_those_who_answered_and_response_rates_only_where_every_invitation_is_known(tmp_path):
    invited = "\n".join(f'[countries.EE.schools."{school}"]\ninvited = 50' for school in LARGE)
    rates = results_of(tmp_path / "a", *random_rows(1, LARGE), countries={"EE": f'name = "Estonia"\n{invited}'})
    assert rates.precise("rates").set_index("rate")["share"].to_dict() == pytest.approx(
        {"pre_of_invited": 43 / 150, "post_of_invited": 51 / 150, "matched_of_pre": 27 / 43, "matched_of_post": 27 / 51})
    assert "Of 150 teachers invited, 43 (29\u00a0%)" in text_of(rates)
    unknown = results_of(tmp_path / "b", *random_rows(1, LARGE))
    assert unknown.precise("rates")["rate"].tolist() == ["matched_of_pre", "matched_of_post"]
    assert "no response rate" in text_of(unknown)


def test_the_number_analysed_is_said_where_it_is_less_than_all(tmp_path):
    pre, post = random_rows(1, LARGE)
    assert "rests on all 67 respondents" in text_of(results_of(tmp_path / "all", pre, post))
    matched = {row[0] for row in pre} & {row[0] for row in post}
    for row in [row for row in pre if row[0] not in matched][:6]:
        row[2:5] = ["", "", ""]
    found = results_of(tmp_path / "some", pre, post)
    analysed = found.table("analysed").set_index("scale")
    assert analysed.loc["pedagogy", participation.ANALYSED_COLUMNS[2:]].tolist() == [67, 6, 61, 27]
    rows = found.table("change").set_index("scale").loc["pedagogy"]
    assert analysed.loc["pedagogy", "n_analysed"] == rows["n_pre"] + rows["n_post"] - rows["n_matched"]
    assert "rests on 61 to 67 of all 67 respondents" in text_of(found)
    flow = figures_of(found)["participant-flow"].numbers.set_index(["step", "scale"])["n"]
    assert (flow["analysed", "pedagogy"], flow["analysed", "leadership"], flow["matched", ""]) == (61, 67, 27)


def test_of_a_left_out_class_is_said_that_it_was_left_out(tmp_path):
    pre, post = random_rows(1, LARGE | {"": (0, 0, 3)})
    found = results_of(tmp_path, pre, post)
    analysed = found.table("analysed")
    assert (analysed["n_respondents"] - analysed["n_not_analysed"] == analysed["n_analysed"]).all()
    assert text_of(found).count("too small to publish") == 1
    flow = figures_of(found)["participant-flow"]
    assert "Not analysed: no score, no school, or in a class too small to publish: 3" in flow.alt


def test_without_a_left_out_class_none_is_mentioned(tmp_path):
    assert "too small" not in text_of(results_of(tmp_path, *random_rows(1, LARGE)))


@pytest.mark.parametrize("extra", [{}, {"Võru": (7, 2, 0)}])
def test_the_figures_are_drawn_from_what_is_published(tmp_path, extra):
    found = results_of(tmp_path, *random_rows(1, LARGE | extra))
    figures = figures_of(found)
    published = found.table("participation").iloc[:-1]
    pd.testing.assert_frame_equal(figures["participation"].numbers, published[["school", "n_pre", "n_post", "n_matched"]])
    assert ("suppressed" in figures["participation"].caption) == bool(extra)
    for figure in figures.values():
        figure.draw(HALF)


def test_attrition_by_school_is_that_of_what_participation_shows(tmp_path):
    found = results_of(tmp_path, *random_rows(5, {"A": (9, 6, 6), "B": (10, 2, 5), "C": (9, 3, 6), "D": (8, 5, 7)}))
    shown, lost = (found.precise(name).set_index("school") for name in ("participation", "attrition_by_school"))
    assert lost.loc["", "share_unmatched"] == pytest.approx(16 / 52)
    assert shown["n_pre_only"].isna().any()
    for school, row in shown.iterrows():
        if pd.isna(row["n_pre_only"]):
            assert pd.isna(lost.loc[school, "share_unmatched"]) and lost.loc[school, "note"] == "small_cells"
        else:
            assert lost.loc[school, "share_unmatched"] == pytest.approx(row["n_pre_only"] / row["n_pre"])


def test_a_school_where_everybody_answered_again_is_as_telling_as_a_small_count(tmp_path):
    table = table_of(tmp_path, LARGE | {"Võru": (7, 0, 6)}).set_index("school")
    assert pd.isna(table.loc["Võru", "n_pre_only"]) and pd.isna(table.loc["Võru", "n_pre"])
