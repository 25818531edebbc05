"""Who left: differences before and shares lost."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import gammaln

from analysis.questions.attrition import WHO_LEFT_COLUMNS, lost_by_school, who_left_table
from analysis.questions.items import item_means_table
from analysis.questions.participation import participation_table
from analysis.statistics.attrition import standardised_mean_difference
from panels import random_rows, tiny_panel

SCHOOLS = {"A": (9, 5, 6), "B": (10, 6, 5), "C": (12, 5, 5), "D": (9, 7, 6)}
HEADER = ["code", "school", "p1", "p2", "p3", "l1", "gender", "years"]


def rows(seed, women_left=8, schools=SCHOOLS):
    pre, post = random_rows(seed, schools)
    linked = {row[0] for row in pre} & {row[0] for row in post}
    rng = np.random.default_rng(seed)
    left = 0
    for row in pre:
        if row[0] in linked:
            row += ["f" if rng.random() < 0.5 else "m", int(rng.integers(1, 40))]
        else:
            left += 1
            row += ["f" if left <= women_left else "m", int(rng.integers(1, 40))]
    return pre, [[*row, "", ""] for row in post], linked


def test_scores_numbers_and_answers_are_compared_with_hedges_g_and_cohens_h(tmp_path):
    pre, post, linked = rows(1)
    table = who_left_table(tiny_panel(tmp_path, pre, post, header=HEADER))
    assert list(table.columns) == WHO_LEFT_COLUMNS
    frame = pd.DataFrame(pre, columns=HEADER).assign(linked=lambda f: f["code"].isin(linked))
    years = [frame.loc[frame["linked"] == who, "years"] for who in (False, True)]
    a, b = map(len, years)
    pooled = np.sqrt(((a - 1) * years[0].var() + (b - 1) * years[1].var()) / (a + b - 2))
    # The approximate correction 1 - 3 / (4 df - 1) is Hedges' exact one to the third digit.
    g = (years[0].mean() - years[1].mean()) / pooled * (1 - 3 / (4 * (a + b - 2) - 1))
    shown = table.set_index(["variable", "value"])
    assert shown.loc[("years", ""), "difference"] == pytest.approx(g, abs=2e-4)
    assert shown.loc[("years", ""), ["n_left", "n_matched"]].tolist() == [a, b]
    shares = [(frame.loc[frame["linked"] == who, "gender"] == "f").mean() for who in (False, True)]
    h = 2 * np.arcsin(np.sqrt(shares[0])) - 2 * np.arcsin(np.sqrt(shares[1]))
    assert shown.loc[("gender", "f"), "difference"] == pytest.approx(h, rel=1e-12)


def test_an_answer_that_few_of_those_who_left_gave_is_hidden_with_its_complement(tmp_path):
    pre, post, _ = rows(2, women_left=3)
    table = who_left_table(tiny_panel(tmp_path, pre, post, header=HEADER))
    gender = table.loc[table["variable"] == "gender"]
    assert gender["difference"].isna().all()
    assert gender["note"].str.len().min() > 0


def test_fewer_who_left_than_the_minimum_are_not_compared(tmp_path):
    pre, post, _ = rows(3, schools={"A": (9, 2, 6), "B": (10, 2, 5)})
    table = who_left_table(tiny_panel(tmp_path, pre, post, header=HEADER))
    assert table["difference"].isna().all()


def test_shares_lost_by_school_come_from_what_participation_shows(tmp_path):
    pre, post, _ = rows(5, schools={"A": (9, 6, 6), "B": (10, 2, 5), "C": (9, 3, 6), "D": (8, 5, 7)})
    shown = participation_table(tiny_panel(tmp_path, pre, post, header=HEADER, settings='school_names = "show"\n'))
    lost = lost_by_school(shown).set_index("school")
    assert lost.loc["", "share_lost"] == pytest.approx(16 / 52)
    assert lost.loc["B", "share_lost"] != lost.loc["B", "share_lost"]
    visible = shown.set_index("school").dropna(subset=["n_pre", "n_pre_only"])
    for school in visible.index:
        assert lost.loc[school, "share_lost"] == pytest.approx(visible["n_pre_only"][school] / visible["n_pre"][school])


def test_few_who_answered_only_after_do_not_follow_from_the_scores_of_those_who_left(tmp_path):
    """g with mean and SD of all gives the linked ones' mean before; with their change, the mean after of the few."""
    pre, post, _ = rows(6, schools={"A": (9, 6, 1), "B": (10, 6, 0), "C": (12, 6, 1)})
    panel = tiny_panel(tmp_path, pre, post, header=HEADER)
    table = who_left_table(panel).set_index("variable")
    assert np.isnan(table.loc["pedagogy", "difference"])
    assert "give away" in table.loc["pedagogy", "note"]
    assert np.isfinite(table.loc["years", "difference"])


def before_by_g(g, n_left, n_linked, mean, sd):
    """The linked ones' mean before that Hedges' g leaves with the mean and SD of all."""
    df = n_left + n_linked - 2
    d = g / (np.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / np.sqrt(df / 2))
    share = n_left * n_linked / (n_left + n_linked)
    pooled = np.sqrt((df + 1) * sd**2 / (df + share * d**2))
    return mean - n_left / (n_left + n_linked) * d * pooled


def test_the_answers_before_of_one_who_skipped_a_question_afterwards_do_not_follow_from_the_means(tmp_path):
    """g gives the mean of all the linked, item_means.csv that of those who answered both times: one teacher is between."""
    pre, post, linked = rows(8, schools=dict.fromkeys("ABCD", (9, 5, 0)))
    skipped = next(row for row in post if row[0] in linked)
    skipped[5] = ""
    panel = tiny_panel(tmp_path, pre, post, header=HEADER)
    shown = who_left_table(panel).set_index("variable").loc["leadership"]
    both = item_means_table(panel).set_index("item").loc["l1"]
    answers = pd.Series([row[5] for row in pre], dtype=float)
    left = answers[[row[0] not in linked for row in pre]]
    exact = standardised_mean_difference(left, answers.drop(left.index)).estimate
    mean = before_by_g(exact, shown["n_left"], shown["n_matched"], answers.mean(), answers.std())
    truth = next(row[5] for row in pre if row[0] == skipped[0])
    told = mean * shown["n_matched"] - both["mean_pre"] * both["n"]
    assert told == pytest.approx(truth), "the attack works on the exact g"
    assert np.isnan(shown["difference"]) and "skipped an item" in shown["note"]


def test_with_many_teachers_a_difference_that_would_tell_of_one_is_rounded(tmp_path):
    pre, post, linked = rows(9, schools=dict.fromkeys("ABCDEF", (40, 30, 6)))
    next(row for row in post if row[0] in linked)[5] = ""
    shown = who_left_table(tiny_panel(tmp_path, pre, post, header=HEADER)).set_index("variable")
    assert shown.loc["leadership", "difference"] == round(shown.loc["leadership", "difference"], 1)
    assert "Rounded" in shown.loc["leadership", "note"] and "Rounded" not in shown.loc["pedagogy", "note"]
