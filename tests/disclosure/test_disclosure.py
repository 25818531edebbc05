"""What an attacker with paper and pencil, or with all integer tables at hand, can't work out."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from analysis.disclosure.rules import PARTICIPATION_COUNTS, coarse, hidden_answers, hidden_cells, protected_participation
from analysis.questions.change import change_table
from analysis.questions.participation import participation_table
from analysis.questions.sensitivity import sensitivity_table
from panels import random_rows, tiny_panel
from support import ITEMS


def counts_of(free: np.ndarray) -> np.ndarray:
    """Participation counts from (linked, pre only, post only) in the last axis."""
    linked, before, after = np.moveaxis(free, -1, 0)
    return np.stack([linked + before, linked + after, linked, before, after], axis=-1)


def consistent_tables(values: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """Every table of counts with the same totals and the same visible cells, tables x schools x 5."""
    total = values.sum(axis=0)[2:]
    grid = np.array(list(itertools.product(*(range(most + 1) for most in total))))
    fitting = [
        grid[(hidden[school] | (counts_of(grid) == values[school])).all(axis=1)] for school in range(len(values))
    ]
    tables = fitting[0][:, None, :]
    for rows in fitting[1:-1]:
        tables = np.concatenate(
            [np.repeat(tables, len(rows), axis=0), np.tile(rows, (len(tables), 1))[:, None, :]], axis=1)
        tables = tables[(tables.sum(axis=1) <= total).all(axis=1)]
    last = total - tables.sum(axis=1)
    allowed = (last >= 0).all(axis=1) & (hidden[-1] | (counts_of(last) == values[-1])).all(axis=1)
    return counts_of(np.concatenate([tables[allowed], last[allowed][:, None, :]], axis=1))


def random_table(seed: int) -> tuple[np.ndarray, int]:
    rng = np.random.default_rng(seed)
    minimum = int(rng.integers(2, 4))
    free = rng.integers(0, minimum + 3, (rng.integers(2, 4), 3))
    free[rng.random(free.shape) < 0.25] = 0
    return counts_of(free), minimum


@pytest.mark.parametrize("seed", range(60))
def test_no_hidden_small_count_follows_from_what_is_shown(seed):
    values, minimum = random_table(seed)
    small = (values > 0) & (values < minimum)
    hidden = hidden_cells(values, values.sum(axis=0), minimum)
    assert hidden[small].all()
    tables = consistent_tables(values, hidden)
    by_totals = consistent_tables(values, np.ones_like(hidden))
    # An attacker who knows the rule: what is visible is not small, and something that is hidden is. Under a
    # minimum of 2 that says too much: the only small count is 1.
    could_be = (tables > 0) & (tables < minimum)
    known_rule = tables[~(could_be & ~hidden).any(axis=(1, 2)) & could_be.any(axis=(1, 2))]
    for school, column in np.argwhere(small):
        values_left = np.unique(tables[:, school, column])
        reach = np.ptp(by_totals[:, school, column])
        assert np.ptp(values_left) >= min(minimum, reach)
        assert reach == 0 or minimum == 2 or len(np.unique(known_rule[:, school, column])) > 1


@pytest.mark.parametrize("seed", range(20))
def test_counts_are_not_hidden_without_need(seed):
    values, _ = random_table(seed)
    assert not hidden_cells(values, values.sum(axis=0), 1).any()
    large = np.where(values > 0, values + 20, 0)
    assert not hidden_cells(large, large.sum(axis=0), 5).any()


def test_a_small_total_hides_its_column_only_and_the_sums_that_give_it_away():
    free = np.array([[20, 10, 1], [15, 12, 1], [18, 9, 0], [22, 8, 0]])
    values = counts_of(free)
    hidden = hidden_cells(values, values.sum(axis=0), 5)
    shown = dict(zip(PARTICIPATION_COUNTS, ~hidden.T, strict=True))
    assert shown["n_pre"].all() and shown["n_pre_only"].all() and shown["n_matched"].all()


def test_a_row_that_is_known_from_elsewhere_hides_no_other():
    free = np.array([[20, 10, 9], [15, 12, 8], [18, 9, 2], [0, 0, 1]])
    values = counts_of(free)
    known = np.array([False, False, False, True])
    hidden = hidden_cells(values, values.sum(axis=0), 5, known)
    assert hidden[2, 4] and hidden[:2, 4].any(), "else it is the total less the others"
    named = hidden_cells(values[:3], values[:3].sum(axis=0), 5)
    np.testing.assert_array_equal(hidden[:3], named)


def test_totals_and_large_counts_stay_and_notes_stand_where_cells_are_empty():
    free = np.array([[20, 10, 9], [15, 2, 8], [18, 9, 7]])
    values = counts_of(free)
    table = pd.DataFrame(np.vstack([values, values.sum(axis=0)]), columns=PARTICIPATION_COUNTS)
    table = table.assign(school=["A", "B", "C", ""], note="")
    made = protected_participation(table, 5)
    assert made.iloc[-1][PARTICIPATION_COUNTS].tolist() == values.sum(axis=0).tolist()
    empty = made[PARTICIPATION_COUNTS].isna().any(axis=1)
    assert (empty == (made["note"] != "")).all() and empty.sum() == 2
    shown = made[PARTICIPATION_COUNTS].notna().to_numpy()
    assert (made[PARTICIPATION_COUNTS].to_numpy()[shown] == table[PARTICIPATION_COUNTS].to_numpy()[shown]).all()


def test_small_counts_of_the_example_s_size_are_protected_quickly():
    rng = np.random.default_rng(1)
    values = counts_of(rng.poisson((9, 6, 3), (12, 3)))
    hidden = hidden_cells(values, values.sum(axis=0), 5)
    assert hidden.sum() < 0.6 * hidden.size


# Attacks on the tables of a country: a mean of fewer than five by arithmetic on published numbers


def published(folder, pre, post, **study):
    panel = tiny_panel(folder, pre, post, **study)
    change = change_table(panel).set_index("scale").loc["leadership"]
    rows = sensitivity_table(panel).query("scale == 'leadership'").set_index("method")
    return change, rows


def sums_of_all(change) -> float:
    return change["n_post"] * change["mean_post"] - change["n_pre"] * change["mean_pre"]


LINKED_MEANS = ["matched_cr2", "matched_t", "school_means_t"]


@pytest.mark.parametrize("only", [(1, 0), (0, 1), (4, 0), (2, 2), (0, 4)])
def test_no_mean_of_the_linked_beside_the_means_of_all_where_few_are_not_linked(tmp_path, only):
    change, rows = published(tmp_path, *random_rows(1, {"A": (9, *only), "B": (9, 0, 0), "C": (9, 0, 0)}))
    assert rows.loc[LINKED_MEANS, "estimate"].isna().all() and np.isnan(change["d_av"])
    assert rows.loc[LINKED_MEANS, "note"].str.contains("give away the fewer than 5 respondents").all()
    assert np.isfinite(change["change"])


def test_with_five_not_linked_their_mean_may_follow(tmp_path):
    change, rows = published(tmp_path, *random_rows(1, {"A": (9, 5, 0), "B": (9, 0, 0), "C": (9, 0, 0)}))
    assert rows.loc[LINKED_MEANS, "estimate"].notna().all() and np.isfinite(change["d_av"])


@pytest.mark.parametrize("without", [1, 2])
def test_linked_teachers_without_a_school_do_not_follow_from_means_with_and_without_them(tmp_path, without):
    pre, post = random_rows(1, {"A": (9, 0, 0), "B": (9, 0, 0), "C": (9, 0, 0)})
    for row in pre[:without] + post[:without]:
        row[1] = ""
    change, rows = published(tmp_path, pre, post)
    assert rows.loc[LINKED_MEANS, "estimate"].isna().all() and np.isnan(change["d_av"])
    assert np.isnan(sums_of_all(change)), "the main estimate is the plain mean change of the others"
    assert np.isnan(rows.loc["partially_overlapping_t", "estimate"])
    assert "whose school is not given" in change["note"]


def test_a_teacher_without_a_school_does_not_follow_from_unlinked_waves(tmp_path):
    pre, post = random_rows(1, {"A": (0, 12, 11)})
    post[0][1] = ""
    change, _ = published(tmp_path, pre, post)
    if np.isfinite(change["mean_pre"]):
        n_post, n_here = change["n_post"], change["n_post"] - 1
        guess = n_post * change["mean_post"] - n_here * (change["mean_pre"] + change["change"])
        assert guess != pytest.approx(post[0][5], abs=1e-6)


def test_a_single_unlinked_score_does_not_follow_from_the_second_moments(tmp_path):
    """d_av and the paired t give two equations for the linked ones' variances; the third is withheld."""
    change, rows = published(tmp_path, *random_rows(1, {"A": (9, 1, 8), "B": (9, 0, 8), "C": (9, 0, 0)}))
    assert np.isfinite(change["d_av"]) and np.isfinite(rows.loc["matched_t", "se"])
    assert np.isnan(rows.loc["partially_overlapping_t", ["estimate", "se", "df"]].astype(float)).all()
    assert "only before or only after" in rows.loc["partially_overlapping_t", "note"]


@pytest.mark.parametrize("incomplete", [1, 4])
def test_complete_answers_only_is_empty_where_few_are_incomplete(tmp_path, incomplete):
    pre, post = random_rows(1, {"A": (12, 4, 3), "B": (10, 4, 6)})
    for row in pre[:incomplete]:
        row[2] = ""
    panel = tiny_panel(tmp_path, pre, post)
    row = sensitivity_table(panel).query("scale == 'pedagogy'").set_index("method").loc["complete_answers_only"]
    assert np.isnan(row["estimate"])
    assert row["note"] == "Not shown: it differs from the main estimate by the answers of fewer than 5 respondents."


def test_no_statistic_rests_on_fewer_linked_teachers_with_a_school_than_the_minimum(tmp_path):
    pre, post = random_rows(1, {"A": (9, 6, 6)})
    for row in pre[:6] + post[:6]:
        row[1] = ""
    change, rows = published(tmp_path, pre, post)
    assert change["n_matched"] == 3 and np.isnan(change["d_av"])
    assert np.isnan(rows.loc["matched_cr2", "estimate"])


@pytest.mark.parametrize("minimum", [3, 8])
def test_the_minimum_is_the_study_s(tmp_path, minimum):
    pre, post = random_rows(1, {"A": (4, 3, 3), "B": (2, 4, 5), "C": (1, 5, 7)})
    panel = tiny_panel(tmp_path, pre, post, settings=f"minimum_group = {minimum}", items=ITEMS)
    assert change_table(panel)["d_av"].notna().all() == (minimum == 3)
    shown = participation_table(panel).iloc[:-1][PARTICIPATION_COUNTS].stack().dropna()
    assert ((shown == 0) | (shown >= minimum)).all()


@pytest.mark.parametrize("seed", range(60))
def test_no_small_count_of_answers_in_two_groups_is_confined_by_the_answers_shown(seed):
    """All ways to fill the hidden counts that agree with the groups' sizes and the answers of both together."""
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, [[9], [12]], (2, 4))
    hidden = hidden_answers(counts, 5)
    others = counts.sum(axis=1, keepdims=True) - counts
    small = ((counts > 0) & (counts < 5)) | ((others > 0) & (others < 5))
    assert not (small.any(axis=0) & ~hidden).any()

    def feasible(places, answer):
        both = counts[:, places].sum(axis=0)
        ways = [way for way in itertools.product(*(range(n + 1) for n in both)) if sum(way) == counts[0, places].sum()]
        return np.ptp([way[list(places).index(answer)] for way in ways])

    for answer in np.flatnonzero(small.any(axis=0)):
        assert feasible(np.flatnonzero(hidden), answer) >= min(5, feasible(np.arange(4), answer))


def test_an_answer_that_one_of_a_group_gave_is_not_hidden_with_one_that_nobody_of_the_group_gave():
    assert hidden_answers(np.array([[1, 0, 9, 20], [20, 6, 9, 15]]), 5).sum() >= 3


@pytest.mark.parametrize(("number", "step", "rounded"), [
    (20277, 10, 20000), (216, 10, 200), (19, 100, 0), (93, 100, 100), (0.859, 0.1, 0.9), (0.0246, 0.1, 0.0),
    (14.2, 0.1, 10)])
def test_coarse_numbers_have_one_digit_and_whole_steps(number, step, rounded):
    assert coarse(number, step) == rounded
