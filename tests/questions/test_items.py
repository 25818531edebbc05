"""item_answers.csv, numbers.csv and item_change.csv."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.questions.items import (
    background_answers,
    item_answers_table,
    item_change_table,
    item_means_table,
    numbers_table,
    scales_overview,
)
from panels import HEADER, random_rows, tiny_panel
from support import ANSWERS, ITEMS

ANSWER_COLUMNS = "item wave value label n share".split()
CHANGE_COLUMNS = (
    "item scale n improved same worse superiority superiority_low superiority_high p p_adjusted note"
).split()
SCHOOLS = {"A": (9, 5, 5), "B": (7, 2, 6), "C": (12, 4, 1)}
BACKGROUND = [*HEADER, "gender", "tools", "years", "comment"]


def with_background(folder, n=8, **study):
    rows = [
        [f"a{t}", "S", 1 + t % 5, 2, 3, 4, "fm"[t % 3 == 0], ["tablet;phone", "tablet", ""][t % 3], 3 * t, "Hello Ann"]
        for t in range(n)
    ]
    rows[1][6] = ""
    return tiny_panel(folder, rows, [], header=BACKGROUND, post_header=HEADER, **study)


def test_item_answers_have_a_row_per_value_zeros_too_as_asked(tmp_path):
    pre, post = random_rows(1, SCHOOLS, missing=0.1)
    table = item_answers_table(tiny_panel(tmp_path, pre, post))
    assert list(table.columns) == ANSWER_COLUMNS
    for place, item in enumerate(HEADER[2:], start=2):
        for wave, rows in (("pre", pre), ("post", post)):
            given = pd.Series([row[place] for row in rows if row[place] != ""])
            of_item = table.loc[(table["item"] == item) & (table["wave"] == wave)]
            assert of_item["value"].tolist() == ["1", "2", "3", "4", "5"]
            assert of_item["n"].tolist() == [int((given == value).sum()) for value in range(1, 6)]
            assert of_item["share"].tolist() == pytest.approx((of_item["n"] / len(given)).tolist())
    assert table["label"].iloc[:5].tolist() == [row[3] for row in ANSWERS[1:6]]


def test_choice_and_multichoice_are_counted_and_text_never_appears(tmp_path):
    table = item_answers_table(with_background(tmp_path))
    gender = table.query("item == 'gender'").set_index("value")
    assert gender["n"].to_dict() == {"f": 4, "m": 3} and gender.loc["f", "share"] == pytest.approx(4 / 7)
    tools = table.query("item == 'tools'").set_index("value")
    assert tools["n"].to_dict() == {"tablet": 6, "board": 0, "phone": 3}
    assert tools.loc["phone", "share"] == pytest.approx(3 / 6), "an empty cell is no answer"
    assert "comment" not in set(table["item"]) and "Ann" not in table.to_csv()
    assert set(background_answers(with_background(tmp_path / "b"), table)["item"]) == {"gender", "tools"}


def test_numbers_have_n_mean_and_sd(tmp_path):
    table = numbers_table(with_background(tmp_path))
    row = table.iloc[0]
    years = pd.Series([3.0 * t for t in range(8)])
    assert (row["item"], row["wave"], row["n"]) == ("years", "pre", 8)
    assert [row["mean"], row["sd"]] == pytest.approx([years.mean(), years.std()])
    assert len(table) == 1, "asked before only"


def test_few_answers_are_not_shown(tmp_path):
    panel = with_background(tmp_path, n=4)
    assert item_answers_table(panel)[["n", "share"]].isna().all(axis=None)
    numbers = numbers_table(panel).iloc[0]
    assert numbers[["n", "mean", "sd"]].isna().all()
    assert numbers["note"] == "Not shown: fewer than 5 respondents."


def test_answers_that_all_fall_into_one_category_are_not_shown(tmp_path):
    table = item_answers_table(with_background(tmp_path)).query("wave == 'pre'")
    assert table.query("item == 'p2'")["n"].isna().all()
    assert table.query("item == 'p1'")["n"].notna().all()


def test_improved_same_and_worse_are_within_linked_respondents_after_reversing(tmp_path):
    pre, post = random_rows(1, SCHOOLS, missing=0.05)
    table = item_change_table(tiny_panel(tmp_path, pre, post))
    assert list(table.columns) == CHANGE_COLUMNS
    assert table["item"].tolist() == HEADER[2:] and table["scale"].tolist() == ["pedagogy"] * 3 + ["leadership"]
    before = {tuple(row[:2]): row[2:] for row in pre}
    after = {tuple(row[:2]): row[2:] for row in post}
    for place, row in enumerate(table.itertuples()):
        steps = np.array([after[key][place] - before[key][place] for key in before.keys() & after.keys()
                          if "" not in (before[key][place], after[key][place])])
        steps = -steps if row.item == "p2" else steps
        assert (row.n, row.improved, row.same, row.worse) == (
            len(steps), (steps > 0).sum(), (steps == 0).sum(), (steps < 0).sum())
        assert row.superiority == pytest.approx((np.sign(steps).mean() + 1) / 2)
        assert row.superiority_low < row.superiority < row.superiority_high
    np.testing.assert_allclose(table["p_adjusted"], stats.false_discovery_control(table["p"]), rtol=1e-12)


def test_items_without_p_do_not_count_in_the_family_of_items(tmp_path):
    pre, post = random_rows(1, SCHOOLS)
    for row in pre:
        row[2] = ""
    table = item_change_table(tiny_panel(tmp_path, pre, post)).set_index("item")
    assert pd.isna(table.loc["p1", "p_adjusted"]) and table.loc["p1", "note"]
    rest = table.drop(index="p1")
    np.testing.assert_allclose(rest["p_adjusted"], stats.false_discovery_control(rest["p"]), rtol=1e-12)


def test_items_of_one_wave_are_not_in_item_change(tmp_path):
    pre, post = random_rows(1, SCHOOLS)
    panel = tiny_panel(tmp_path, [row[:4] + row[5:] for row in pre], post,
                       header=[*HEADER[:4], "l1"], post_header=HEADER)
    assert item_change_table(panel)["item"].tolist() == ["p1", "p2", "l1"]
    assert set(item_answers_table(panel).query("item == 'p3'")["wave"]) == {"post"}


def test_an_item_on_which_nobody_moved_is_not_shown(tmp_path):
    rows = [[f"a{n}", "ST"[n % 2], 1 + n % 5, 2, 3, 4] for n in range(12)]
    table = item_change_table(tiny_panel(tmp_path, rows, [*rows, *([f"b{n}", *rows[0][1:]] for n in range(5))]))
    assert table[["improved", "same", "worse", "superiority", "p"]].isna().all(axis=None)
    assert (table["note"] == "Not shown: all answers fall into one category.").all()


def test_item_change_of_a_yes_or_no_item_does_not_give_few_unlinked_respondents_away(tmp_path):
    """Of two values, improved minus worse is the linked respondents' sum of changes: a mean like d_av's."""
    answers = [*ANSWERS, ["yes", "0", "", "No", ""], ["yes", "1", "", "Yes", ""]]
    items = [row if row[0] != "l1" else [*row[:3], "yes", *row[4:]] for row in ITEMS]
    rng = np.random.default_rng(3)
    rows = [[f"a{n}", "ST"[n % 2], *rng.integers(1, 6, 3), rng.integers(0, 2)] for n in range(20)]
    later = [[*row[:2], *rng.integers(1, 6, 3), rng.integers(0, 2)] for row in rows[:18]]
    table = item_change_table(tiny_panel(tmp_path, rows, later, items=items, answers=answers)).set_index("item")
    assert table.loc["l1", ["improved", "same", "worse", "superiority"]].isna().all()
    assert "give away" in table.loc["l1", "note"]
    assert table.loc["p1", ["improved", "same", "worse"]].notna().all()


def test_means_of_linked_respondents_are_hidden_where_a_wave_has_few_others(tmp_path):
    pre, post = random_rows(1, {"A": (9, 2, 5), "B": (7, 1, 6)})
    table = item_means_table(tiny_panel(tmp_path, pre, post)).set_index("item")
    assert table[["mean_pre", "mean_post"]].isna().all(axis=None)
    assert table["change"].notna().all() and table["note"].str.contains("No means: ").all()


def test_item_means_are_of_linked_respondents(tmp_path):
    pre, post = random_rows(1, {"A": (9, 5, 5), "B": (7, 0, 6)})
    row = item_means_table(tiny_panel(tmp_path, pre, post)).set_index("item").loc["l1"]
    linked = {row[0] for row in pre} & {row[0] for row in post}
    means = [np.mean([row[5] for row in rows if row[0] in linked]) for rows in (pre, post)]
    assert row[["n", "mean_pre", "mean_post", "change"]].tolist() == pytest.approx(
        [16, *means, means[1] - means[0]])


def test_item_means_are_hidden_where_few_are_not_linked(tmp_path):
    pre, post = random_rows(1, {"A": (9, 2, 0), "B": (7, 0, 2)})
    table = item_means_table(tiny_panel(tmp_path, pre, post))
    assert table[["mean_pre", "mean_post", "change"]].isna().all(axis=None)
    assert (table["note"].str.startswith("Not shown: ")).all()


@pytest.mark.parametrize("rows", [[], [["a1", "S", 1, 2, 3, 4]]])
@pytest.mark.parametrize("minimum", [1, 5])
def test_no_or_one_answer_raises_nothing(tmp_path, rows, minimum):
    panel = tiny_panel(tmp_path, rows, rows, settings=f"minimum_group = {minimum}")
    assert list(item_answers_table(panel).columns) == ANSWER_COLUMNS
    assert list(item_change_table(panel).columns) == CHANGE_COLUMNS and numbers_table(panel).empty


def test_the_scales_overview_says_what_was_asked_when(tmp_path):
    pre, post = random_rows(1, SCHOOLS)
    panel = tiny_panel(tmp_path, [row[:5] for row in pre], post, header=HEADER[:5], post_header=HEADER)
    overview = scales_overview(panel).set_index("scale")
    assert overview["surveys"].to_dict() == {"pedagogy": ["pre", "post"], "leadership": ["post"]}
    assert overview["items"].to_dict() == {"pedagogy": 3, "leadership": 1}
    assert overview.loc["pedagogy", "example"] == "I plan lessons with others"


def test_a_small_school_s_answers_do_not_follow_from_the_interval_of_an_item(tmp_path):
    """Its sum could be solved for from the exact mean, standard error and degrees of freedom."""
    pre, post = random_rows(1, {"A": (9, 0, 0), "B": (9, 0, 0), "C": (2, 0, 0)})
    panel = tiny_panel(tmp_path, pre, post)
    for table, columns in ((item_change_table(panel), ["superiority_low", "superiority_high", "p"]),
                           (item_means_table(panel), ["ci_low", "ci_high"])):
        shown = table.dropna(subset=columns)
        assert len(shown) and (shown[columns] == shown[columns].round(2)).all(axis=None)
        assert shown["note"].str.contains("rounded to 2 decimals").all()


def test_with_larger_schools_the_interval_of_an_item_is_exact(tmp_path):
    panel = tiny_panel(tmp_path, *random_rows(1, {"A": (9, 0, 0), "B": (9, 0, 0), "C": (6, 0, 0)}))
    shown = item_change_table(panel).dropna(subset=["p"])
    assert (shown["p"] != shown["p"].round(2)).all()
    assert not shown["note"].str.contains("rounded").any()


def test_a_mean_does_not_tell_that_everybody_gave_one_answer(tmp_path):
    """item_answers.csv hides a question to which all gave one answer, and a mean without spread would say which."""
    pre, post = random_rows(12, dict.fromkeys("ABC", (9, 6, 6)))
    for row in pre:
        row[5] = 5
    panel = tiny_panel(tmp_path, pre, post)
    assert item_answers_table(panel).query("item == 'l1' and wave == 'pre'")["n"].isna().all()
    shown = item_means_table(panel).set_index("item")
    assert shown.loc["l1", ["mean_pre", "mean_post", "change", "ci_low"]].isna().all()
    assert "one category" in shown.loc["l1", "note"] and shown.loc["p1", "change"] == shown.loc["p1", "change"]
