"""Schools' means drawn towards the mean of all, against metafor averaged over the spread, and the laws they obey."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

from analysis.notes import note
from analysis.statistics.shrinkage import shrunken_means

FOLDER = Path(__file__).parents[1] / "reference"
DATA = pd.read_csv(FOLDER / "change_data.csv").dropna(subset=["pre", "post", "school"])
R = pd.read_csv(FOLDER / "shrinkage.csv")


def changes(name):
    own = DATA[DATA["set"] == name]
    return (own["post"] - own["pre"]).to_numpy(), pd.factorize(own["school"], sort=True)[0]


@pytest.mark.parametrize("name", R["set"].unique())
def test_estimates_and_limits_agree_with_metafor_averaged_over_the_spread(name):
    reference, found = R[R["set"] == name], shrunken_means(*changes(name))
    assert found.size.tolist() == reference["n"].tolist()
    assert found.own == pytest.approx(reference["own"].to_numpy(), rel=1e-9)
    assert found.overall == pytest.approx(reference["overall"].iloc[0], abs=1e-9)
    for column in ("estimate", "low", "high"):
        assert getattr(found, column) == pytest.approx(reference[column].to_numpy(), abs=1e-9), column


def test_small_clusters_are_drawn_further_and_every_cluster_towards_the_mean():
    found = shrunken_means(*changes("twelve_schools"))
    order = np.argsort(found.size)
    assert (np.diff(found.weight[order]) >= 0).all() and found.weight.min() > 0 and found.weight.max() < 1
    far = np.abs(found.own - found.overall) > 0.05
    assert far.sum() >= 6 and ((np.abs(found.estimate - found.overall) < np.abs(found.own - found.overall)) | ~far).all()


def test_clusters_that_hardly_differ_are_not_put_on_one_point_and_small_ones_have_wider_intervals():
    found = shrunken_means(*changes("zero_school_variance"))
    assert R.loc[R["set"] == "zero_school_variance", "between"].max() == 0  # lme4 would give all the same
    assert np.ptp(found.estimate) > 0.01
    width = (found.high - found.low)[np.argsort(found.size, kind="stable")]
    assert width[0] > width[-1]


def test_clusters_far_apart_keep_their_own_means_with_the_t_interval_of_the_pooled_variance():
    values = np.add.outer([0.0, 1e5, 2.5e5, 7e5], [-1.0, 0.5, 2.0, -0.5, 0.2]).ravel()
    found = shrunken_means(values, np.repeat(range(4), 5))
    assert found.estimate == pytest.approx(found.own, abs=1e-3)
    within = np.var([-1.0, 0.5, 2.0, -0.5, 0.2], ddof=1)
    assert found.high - found.own == pytest.approx(np.full(4, t.ppf(0.975, 16) * np.sqrt(within / 5)), rel=1e-6)


def test_shifting_and_stretching_every_value_does_the_same_to_estimates_and_the_order_of_rows_does_not_matter():
    values, cluster = changes("few_large")
    first, order = shrunken_means(values, cluster), np.random.default_rng(3).permutation(len(values))
    other = shrunken_means(2 + 3 * values[order], cluster[order])
    for column in ("estimate", "low", "high"):
        assert getattr(other, column) == pytest.approx(2 + 3 * getattr(first, column), abs=1e-8)


@pytest.mark.parametrize(("values", "cluster", "reason"), [
    ([1, 2, 3, 4], [0, 0, 1, 1], note("takes_schools", n=3)),
    ([1, 2, 3], [0, 1, 2], note("one_per_school")),
    ([1, 1, 2, 2, 3, 3], [0, 0, 1, 1, 2, 2], note("constant_within_schools")),
])
def test_where_nothing_can_be_estimated_the_note_says_why(values, cluster, reason):
    found = shrunken_means(values, cluster)
    assert np.isnan([found.estimate, found.low, found.high]).all() and np.isfinite(found.own).all()
    assert found.note == (reason,)
