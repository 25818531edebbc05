"""How teachers differ: who scored lower, about the same and higher at follow-up."""

from __future__ import annotations

import numpy as np
import pytest

from panels import made


def test_shares_are_of_matched_teachers_whose_change_reaches_the_smallest_change(tmp_path):
    results, rows = made(tmp_path, settings="smallest_change_of_interest = 0.5")
    wide = rows.pivot(index=["school", "code"], columns="wave", values="pedagogy").dropna()
    change = (wide["post"] - wide["pre"]).to_numpy()
    row = results.precise("individual_changes").set_index("scale").loc["pedagogy"]
    assert row["n"] == len(change) and row["threshold"] == 0.5 and row["threshold_kind"] == "smallest_change"
    assert row["higher"] == pytest.approx((change >= 0.5 - 1e-9).mean())
    assert row["lower"] == pytest.approx((change <= -0.5 + 1e-9).mean())
    assert row[["lower", "about_same", "higher"]].sum() == pytest.approx(1)


def test_without_a_smallest_change_the_reliable_change_is_the_threshold(tmp_path):
    results, rows = made(tmp_path)
    table = results.precise("individual_changes").set_index("scale")
    answers = rows.query("wave == 'pre'")[["p1", "p2", "p3"]].astype(float)
    k, total = 3, answers.sum(axis=1)
    alpha = k / (k - 1) * (1 - answers.var().sum() / total.var())
    expected = 1.96 * np.sqrt(2) * answers.mean(axis=1).std() * np.sqrt(1 - alpha)
    assert table.loc["pedagogy", "threshold"] == pytest.approx(expected)
    assert table.loc["leadership", "note"] == "no_threshold" and np.isnan(table.loc["leadership", "higher"])


def test_under_ten_matched_teachers_no_directions_are_shown(tmp_path):
    results, _ = made(tmp_path, {"A": (5, 6, 6), "B": (4, 6, 6)}, settings="smallest_change_of_interest = 0.5")
    assert results.precise("individual_changes")[["lower", "about_same", "higher"]].isna().all(axis=None)
