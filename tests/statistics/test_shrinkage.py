"""Schools' means drawn towards the mean of all, against lme4 and metafor, and the laws they obey."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.statistics.shrinkage import shrunken_means

FOLDER = Path(__file__).parents[1] / "reference"
DATA = pd.read_csv(FOLDER / "change_data.csv").dropna(subset=["pre", "post", "school"])
R = pd.read_csv(FOLDER / "shrinkage.csv")


def changes(name):
    own = DATA[DATA["set"] == name]
    return (own["post"] - own["pre"]).to_numpy(), pd.factorize(own["school"], sort=True)[0]


@pytest.mark.parametrize("name", R["set"].unique())
def test_blups_agree_with_lme4_and_their_errors_with_metafor(name):
    reference, found = R[R["set"] == name], shrunken_means(*changes(name))
    assert found.size.tolist() == reference["n"].tolist()
    assert found.between == pytest.approx(reference["between"].iloc[0], rel=2e-5, abs=1e-12)
    assert found.within == pytest.approx(reference["within"].iloc[0], rel=1e-6)
    assert found.overall == pytest.approx(reference["overall"].iloc[0], rel=1e-6)
    assert found.overall_se == pytest.approx(reference["overall_se"].iloc[0], rel=1e-5)
    assert found.estimate == pytest.approx(reference["estimate"].to_numpy(), rel=1e-5)
    assert found.se == pytest.approx(reference["se"].to_numpy(), rel=1e-5)


def test_an_estimate_lies_between_the_schools_own_mean_and_that_of_all_and_small_schools_move_further():
    found = shrunken_means(*changes("twelve_schools"))
    low, high = np.minimum(found.own, found.overall), np.maximum(found.own, found.overall)
    assert ((low <= found.estimate) & (found.estimate <= high)).all() and found.between > 0
    order = np.argsort(found.size)
    assert (np.diff(found.weight[order]) >= 0).all()


def test_without_variance_between_schools_all_estimates_are_the_overall_mean_and_intervals_are_not_points():
    values = np.array([1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 1.5, -1.5])
    found = shrunken_means(values, np.repeat(range(4), 2))
    assert found.between == 0 and found.estimate == pytest.approx(np.zeros(4))
    assert (found.high - found.low > 0.5).all()


def test_shifting_every_value_shifts_every_estimate_and_the_order_of_rows_does_not_matter():
    values, cluster = changes("few_large")
    first, order = shrunken_means(values, cluster), np.random.default_rng(3).permutation(len(values))
    shifted = shrunken_means(values[order] + 2, cluster[order])
    assert shifted.estimate == pytest.approx(first.estimate + 2, abs=1e-6)
    assert shifted.se == pytest.approx(first.se, rel=1e-6)


@pytest.mark.parametrize(("values", "cluster", "reason"), [
    ([1, 2, 3, 4], [0, 0, 1, 1], "three schools"),
    ([1, 2, 3], [0, 1, 2], "No school has two values"),
    ([1, 1, 2, 2, 3, 3], [0, 0, 1, 1, 2, 2], "do not vary"),
])
def test_where_nothing_can_be_estimated_the_note_says_why(values, cluster, reason):
    found = shrunken_means(values, cluster)
    assert np.isnan(found.estimate).all() and reason in found.note[0] and np.isfinite(found.own).all()
