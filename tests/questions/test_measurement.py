"""reliability.csv."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.questions.measurement import reliability_table
from panels import HEADER, random_rows, tiny_panel

COLUMNS = "scale wave n n_items alpha alpha_low alpha_high omega note".split()
SCHOOLS = {"A": (20, 5, 3), "B": (15, 6, 6)}


def alpha(rows):
    values = np.array([[row[2], 6 - row[3], row[4]] for row in rows if "" not in row[2:5]], float)
    k = values.shape[1]
    return k / (k - 1) * (1 - values.var(axis=0, ddof=1).sum() / values.sum(axis=1).var(ddof=1))


def test_alpha_is_of_complete_cases_after_reversing(tmp_path):
    pre, post = random_rows(1, SCHOOLS, missing=0.1)
    table = reliability_table(tiny_panel(tmp_path, pre, post))
    assert list(table.columns) == COLUMNS
    assert table[["scale", "wave"]].to_numpy().tolist() == [
        ["pedagogy", "pre"], ["pedagogy", "post"], ["leadership", "pre"], ["leadership", "post"]]
    for place, rows in enumerate((pre, post)):
        row = table.iloc[place]
        assert row["n"] == sum("" not in answers[2:5] for answers in rows) and row["n_items"] == 3
        assert row["alpha"] == pytest.approx(alpha(rows), rel=1e-12)
        assert row["alpha_low"] < row["alpha"] < row["alpha_high"]


def test_a_scale_of_one_item_has_neither_alpha_nor_omega_and_says_why(tmp_path):
    row = reliability_table(tiny_panel(tmp_path, *random_rows(1, SCHOOLS))).iloc[2]
    assert row["n_items"] == 1 and row[["alpha", "alpha_low", "alpha_high", "omega"]].isna().all()
    assert row["note"]


def test_a_scale_of_two_items_says_spearman_brown_in_the_note(tmp_path):
    header = [*HEADER[:4], "l1"]
    rows = [[row[:4] + row[5:] for row in wave] for wave in random_rows(1, SCHOOLS)]
    row = reliability_table(tiny_panel(tmp_path, *rows, header=header)).iloc[0]
    assert row["n_items"] == 2 and pd.isna(row["alpha"]) and "Spearman-Brown" in row["note"]


def test_too_few_complete_cases_are_not_shown(tmp_path):
    row = reliability_table(tiny_panel(tmp_path, *random_rows(1, {"A": (4, 0, 3)}))).iloc[0]
    assert row["n"] == 4 and pd.isna(row["alpha"]) and row["note"] == "Not shown: fewer than 5 respondents."


@pytest.mark.parametrize("rows", [[], [["a1", "S", 1, 2, 3, 4]], [[f"a{n}", "S", 3, 3, 3, 3] for n in range(9)]])
@pytest.mark.parametrize("minimum", [1, 5])
def test_no_shape_of_data_raises_and_what_is_empty_says_why(tmp_path, rows, minimum):
    table = reliability_table(tiny_panel(tmp_path, rows, [], settings=f"minimum_group = {minimum}"))
    assert len(table) == 4
    assert (table.loc[table["alpha"].isna(), "note"].fillna("") != "").all()


def test_a_scale_asked_in_one_wave_has_one_row(tmp_path):
    pre, post = random_rows(1, SCHOOLS)
    panel = tiny_panel(tmp_path, [row[:5] for row in pre], post, header=HEADER[:5], post_header=HEADER)
    assert reliability_table(panel)["scale"].tolist() == ["pedagogy", "pedagogy", "leadership"]
