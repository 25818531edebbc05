"""The spread of individual changes: in bands that hold enough teachers, and tell nobody's own change."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.questions.sensitivity import sensitivity_table
from analysis.questions.spread import changes_in_bands, joined_bands
from panels import made


def test_bands_of_individual_changes_hold_at_least_the_minimum(tmp_path):
    panel, rows = made(tmp_path)
    wide = rows.pivot(index=["school", "code"], columns="wave", values="pedagogy").dropna()
    change = (wide["post"] - wide["pre"]).to_numpy()
    bands = changes_in_bands(panel, "pedagogy")
    assert bands["share"].sum() == pytest.approx(1) and (bands["share"] * len(change) >= 5 - 1e-9).all()
    for band in bands.itertuples():
        inside = ((change >= band.low - 1e-9) & (change < band.high - 1e-9)).mean()
        assert band.share == pytest.approx(inside)


@pytest.mark.parametrize("counts", [[1], [5], [1, 1, 1], [5, 0, 5], [1, 9, 1, 9, 1], [0, 0, 7, 0, 0], [4, 4, 4, 4]])
def test_joined_bands_keep_everybody(counts):
    joined, edges = joined_bands(np.array(counts), np.arange(len(counts) + 1.0), 5)
    assert joined.sum() == sum(counts) and len(edges) == len(joined) + 1
    assert edges[0] == 0 and edges[-1] == len(counts)
    assert len(joined) == 1 or joined.min() >= 5


def test_the_outer_bands_do_not_tell_the_largest_change_of_one(tmp_path):
    panel, _ = made(tmp_path)
    for scale in panel.compared_scales:
        bands = changes_in_bands(panel, scale)
        assert len(bands) > 1 and [bands["low"].min(), bands["high"].max()] == [-4.125, 4.125]


def test_spreads_do_not_add_up_to_the_score_of_one_who_is_not_linked(tmp_path):
    panel, _ = made(tmp_path, {"A": (12, 1, 0), "B": (11, 0, 0), "C": (9, 0, 0)})
    assert changes_in_bands(panel, "leadership").empty


def test_spreads_are_of_the_teachers_of_the_other_figures_on_the_linked(tmp_path):
    def forget(pre, post):
        for row in (pre[0], post[0]):
            row[1] = ""

    schools = dict.fromkeys("ABC", (9, 6, 6))
    panel, _ = made(tmp_path, schools, edit=forget)
    bands = changes_in_bands(panel, "leadership")
    n = sensitivity_table(panel).query("scale == 'leadership' and method == 'matched_cr2'")["n"].item()
    counts = bands["share"] * n
    assert len(bands) > 1 and np.allclose(counts, counts.round())
