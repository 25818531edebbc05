"""The table of effect sizes: what the statistics give on the matched respondents, and nothing that tells single answers."""

from __future__ import annotations

import pytest

from analysis.sections.effect_sizes import EFFECT_SIZES
from analysis.sections.estimates import arrays, matched_in_school, scores_of
from panels import made


def test_every_effect_size_is_that_of_the_matched_respondents(tmp_path):
    results, _rows = made(tmp_path, settings="minimum_group = 1")
    table = results.precise("effect_sizes").set_index(["scale", "effect_size"])
    for scale in results.panel.compared_scales:
        sample = matched_in_school(scores_of(results.panel, scale))
        for one in EFFECT_SIZES:
            found = one.estimate(*arrays(sample, results.policy))
            row = table.loc[(scale, one.name)]
            assert (row["estimate"], row["ci_low"], row["ci_high"]) == pytest.approx(
                (found.estimate, found.low, found.high), nan_ok=True)
            assert row["n"] == found.n_matched == 34


def test_few_matched_respondents_have_no_effect_size(tmp_path):
    table = made(tmp_path, settings="minimum_group = 50")[0].precise("effect_sizes")
    assert table["estimate"].isna().all() and (table["note"] != "").all()


def test_that_everybody_rose_is_not_told(tmp_path):
    def edit(pre, post):
        for at, rows in ((1, pre), (4, post)):
            for place, row in enumerate(rows):
                row[2:5] = [at + place % 2, 6 - at, at]

    table = made(tmp_path, edit=edit)[0].precise("effect_sizes").set_index(["scale", "effect_size"])
    row = table.loc[("pedagogy", "superiority")]
    assert row["n"] >= 5 and row[["estimate", "ci_low"]].isna().all() and row["note"] == "no_variation"
