"""No suppressed figure can be worked out from all that is published: an attacker tries, on studies with small schools."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis import (
    ceiling_table,
    change_by_school_table,
    change_table,
    design_table,
    false_links_table,
    item_answers_table,
    item_change_table,
    item_means_table,
    lost_by_school,
    participation_table,
    sensitivity_table,
)
from attacker import (
    answers_of_few_known,
    counts_from_pairs,
    hidden_counts_known,
    small_schools_known,
    sums_of_few_known,
    tops_of_few_known,
)
from panels import HEADER, random_rows, tiny_panel

MINIMUM = 5
STUDIES = {
    "one small school": {"A": (12, 3, 2), "B": (15, 4, 1), "C": (2, 1, 1), "D": (20, 0, 6)},
    "two not linked": {"A": (10, 1, 0), "B": (10, 0, 0), "C": (10, 1, 0), "D": (9, 0, 0)},
    "four not linked": {"A": (8, 1, 1), "B": (9, 0, 1), "C": (7, 1, 0), "D": (11, 0, 0)},
    "all linked": {"A": (6, 0, 0), "B": (7, 0, 0), "C": (5, 0, 0)},
    "only tiny schools": {"A": (3, 1, 0), "B": (2, 1, 1), "C": (4, 0, 2), "D": (1, 2, 1), "E": (3, 0, 1)},
    "few after": {"A": (9, 12, 0), "B": (4, 15, 1), "C": (3, 9, 0)},
    "many small": {name: (4 + number % 3, number % 2, number % 4) for number, name in enumerate("ABCDEFGHIJ")},
    "hardly anybody": {"A": (3, 0, 2), "B": (1, 0, 0), "C": (2, 1, 5)},
    "one left": {"A": (14, 1, 0), "B": (13, 0, 0), "C": (12, 0, 0)},
    "two schools, one small": {"A": (14, 6, 5), "B": (3, 2, 1)},
    "three schools, one small": {"A": (14, 6, 5), "B": (3, 2, 1), "C": (9, 3, 6)},
    "six schools, one small": {"A": (14, 6, 5), "B": (3, 0, 0), **dict.fromkeys("CDEF", (9, 3, 3))},
}


def published(folder, schools: dict, seed: int, missing: float, extreme: bool) -> tuple[dict, dict, pd.DataFrame, dict]:
    """The tables of a generated study as a reader gets them, each likert item's values as analysed, the truth, and how
    many have both scores of each scale in each school."""
    pre, post = random_rows(seed, schools, missing)
    if extreme:  # everybody gives one of the two highest answers
        for row in (*pre, *post):
            row[2:] = [cell and (min(int(cell), 2) if item == "p2" else max(int(cell), 4))
                       for item, cell in zip(HEADER[2:], row[2:], strict=True)]
    panel = tiny_panel(folder, pre, post)
    respondents = panel.respondents.assign(
        pre=panel.respondents["pre"].notna(), post=panel.respondents["post"].notna())
    truth = respondents.groupby("school").apply(lambda some: pd.Series({
        "n_pre": some["pre"].sum(), "n_post": some["post"].sum(), "n_matched": (some["pre"] & some["post"]).sum(),
        "n_pre_only": (some["pre"] & ~some["post"]).sum(), "n_post_only": (some["post"] & ~some["pre"]).sum(),
    }), include_groups=False).reset_index()
    participation = participation_table(panel)
    answers = item_answers_table(panel)
    tables = {
        "participation": participation,
        "lost_by_school": lost_by_school(participation),
        "change": change_table(panel),
        "sensitivity": sensitivity_table(panel),
        "item_answers": answers,
        "item_change": item_change_table(panel),
        "item_means": item_means_table(panel),
        "ceiling": ceiling_table(panel),
        "change_by_school": change_by_school_table(panel),
        "design": design_table(panel),
        "false_links": false_links_table(panel),
    }
    codebook = panel.study.codebook
    numbers = {}
    for item in set(tables["item_change"]["item"]):
        values = [value.number for value in codebook.values(item)]
        turned = codebook.items.loc[item, "reversed"]
        numbers[item] = [min(values) + max(values) - value for value in values] if turned else values
    both = panel.scores["pre"].notna() & panel.scores["post"].notna()
    linked = {scale: respondents.loc[both[scale], "school"].value_counts().to_dict() for scale in panel.compared_scales}
    return {name: table.reset_index(drop=True) for name, table in tables.items()}, numbers, truth, linked


def test_the_signed_rank_test_of_a_single_item_is_hidden_where_its_directions_are(tmp_path):
    tables, *_ = published(tmp_path, STUDIES["one left"], 8, 0.0, True)
    directions = tables["item_change"].set_index("item").loc["l1", "improved"]
    ranks = tables["sensitivity"].set_index(["scale", "method"])["p"].xs("wilcoxon", level="method")
    assert pd.isna(directions) and pd.isna(ranks["leadership"]) and pd.notna(ranks["pedagogy"])


@pytest.mark.parametrize(("missing", "extreme"), [(0.0, True), (0.03, False)], ids=["two answers only", "some skipped"])
@pytest.mark.parametrize("name", STUDIES)
def test_no_suppressed_figure_can_be_worked_out(tmp_path, name, missing, extreme):
    tables, numbers, truth, linked = published(tmp_path, STUDIES[name], len(name), missing, extreme)
    assert hidden_counts_known(tables, truth, MINIMUM) == []
    assert answers_of_few_known(tables, numbers, MINIMUM) == []
    assert sums_of_few_known(tables, MINIMUM) == []
    assert tops_of_few_known(tables, MINIMUM) == []
    assert small_schools_known(tables, linked, MINIMUM) == []
    if len(truth) < 6:
        assert counts_from_pairs(tables, truth, MINIMUM) == []


TRUTH = pd.DataFrame({
    "school": ["A", "B", "C", ""], "n_pre": [12, 6, 20, 38], "n_post": [11, 7, 19, 37], "n_matched": [9, 4, 17, 30],
    "n_pre_only": [3, 2, 3, 8], "n_post_only": [2, 3, 2, 7]})


def without(**rows_of_columns) -> dict[str, pd.DataFrame]:
    shown = TRUTH.astype(dict.fromkeys(TRUTH.columns[1:], "Int64"))
    for column, rows in rows_of_columns.items():
        shown.loc[rows, column] = pd.NA
    return {"participation": shown}


def test_the_attacker_finds_a_cell_that_is_hidden_alone():
    known = hidden_counts_known(without(n_matched=[1]), TRUTH, MINIMUM)
    assert "B n_matched: 4 to 4 (totals alone: 0 to 30)" in known


def test_the_attacker_finds_a_cell_that_another_table_gives_away():
    hidden = {column: [0, 1, 2] for column in TRUTH.columns[1:]}
    assert hidden_counts_known(without(**hidden), TRUTH, MINIMUM) == []
    shares = pd.DataFrame({"school": ["B"], "n_pre": [6], "n_pre_only": [np.nan], "share_lost": [2 / 6]})
    known = hidden_counts_known(without(**hidden) | {"lost_by_school": shares}, TRUTH, MINIMUM)
    assert [said.partition(" (")[0] for said in known] == ["B n_matched: 4 to 4", "B n_pre_only: 2 to 2"]


def test_the_attacker_must_be_taught_every_new_column_per_school():
    tables = without() | {"new": pd.DataFrame({"school": ["A"], "n_invited": [20]})}
    with pytest.raises(AssertionError, match="n_invited"):
        hidden_counts_known(tables, TRUTH, MINIMUM)


def test_the_attacker_finds_the_mean_of_a_few_by_subtraction():
    change = {"scale": "s", "n_pre": 22, "n_post": 20, "n_matched": 20, "mean_pre": 3.1, "mean_post": 3.5, "d_av": np.nan}
    matched = {"scale": "s", "method": "matched_t", "n": 20, "estimate": 0.42}
    tables = {"change": pd.DataFrame([change]), "sensitivity": pd.DataFrame([matched])}
    assert sums_of_few_known(tables, MINIMUM)
    tables["sensitivity"]["estimate"] = np.nan
    assert sums_of_few_known(tables, MINIMUM) == []


def test_the_attacker_finds_the_answers_of_a_few_by_directions():
    answers = pd.DataFrame([("i", wave, value, n) for wave, counts in (("pre", (6, 6)), ("post", (4, 6)))
                            for value, n in enumerate(counts, start=1)], columns=["item", "wave", "value", "n"])
    directions = pd.DataFrame([{"item": "i", "n": 10, "improved": 3, "same": 6, "worse": 1}])
    means = pd.DataFrame(columns=["item", "n", "mean_pre", "mean_post", "change"])
    tables = {"item_answers": answers, "item_change": directions, "item_means": means}
    assert answers_of_few_known(tables, {"i": [1.0, 2.0]}, MINIMUM) == [
        "i pre: 0 of the 2 not linked answered 1", "i pre: 2 of the 2 not linked answered 2"]
