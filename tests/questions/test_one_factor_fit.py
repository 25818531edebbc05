"""one_factor_fit.csv."""

import numpy as np

from analysis.questions.one_factor_fit import FIT_COLUMNS, one_factor_fit_table
from analysis.statistics.reliability import reliability
from panels import random_rows, tiny_panel

SCHOOLS = {"A": (20, 5, 3), "B": (15, 6, 6)}
HEADER = ["code", "school", "p1", "p2", "p3", "p4", "l1"]
SCALES = [["scale", "label_en"], ["pedagogy", "Pedagogical practices"], ["leadership", "Leadership"]]
ITEMS = [["item", "scale", "kind", "answers", "reversed", "text_en"],
         *[[name, "pedagogy", "likert", "agree", "no", name] for name in HEADER[2:6]],
         ["l1", "leadership", "likert", "agree", "no", "l1"]]


def four_items(folder, schools=SCHOOLS):
    rng = np.random.default_rng(1)
    waves = [[[*row[:5], int(rng.integers(1, 6)), row[5]] for row in wave] for wave in random_rows(1, schools)]
    return tiny_panel(folder, *waves, header=HEADER, scales=SCALES, items=ITEMS), waves


def test_the_fit_is_that_of_the_items_answered_by_everyone(tmp_path):
    panel, waves = four_items(tmp_path)
    table = one_factor_fit_table(panel)
    assert list(table.columns) == FIT_COLUMNS
    assert table[["scale", "wave"]].to_numpy().tolist() == [
        ["pedagogy", "pre"], ["pedagogy", "post"], ["leadership", "pre"], ["leadership", "post"]]
    for position, rows in enumerate(waves):
        fit, row = reliability(np.array([row[2:6] for row in rows], float)).fit, table.iloc[position]
        np.testing.assert_allclose(row[["n", "chisq", "df", "cfi", "rmsea", "srmr"]].astype(float),
                                   [fit.n, fit.chisq, fit.df, fit.cfi, fit.rmsea, fit.srmr], rtol=1e-7)


def test_scales_without_a_fit_say_why(tmp_path):
    table = one_factor_fit_table(tiny_panel(tmp_path, *random_rows(1, SCHOOLS))).set_index(["scale", "wave"])
    assert table[["chisq", "cfi"]].isna().all(axis=None) and table["note"].str.len().gt(0).all()
    assert "One item alone" in table.loc[("leadership", "pre"), "note"]


def test_too_few_complete_cases_are_not_shown(tmp_path):
    panel, _ = four_items(tmp_path, {"A": (3, 1, 1)})
    assert one_factor_fit_table(panel)["note"].eq("Not shown: fewer than 5 respondents.").all()
