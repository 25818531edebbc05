from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.notes import note
from analysis.statistics.cr2 import mean_cr2, regression_cr2

REFERENCE = Path(__file__).parents[1] / "reference"
DATA = pd.read_csv(REFERENCE / "change_data.csv")
R = pd.read_csv(REFERENCE / "regression.csv")
ONE_SCHOOL_DECIDES = {("three_schools", "pre_and_parity", 0), ("three_schools", "pre_and_parity", 2)}


def matched(name):
    d = DATA[DATA.set == name].dropna(subset=["pre", "post"])
    return d, (d.post - d.pre).to_numpy()


def design(name, d):
    one = np.ones(len(d))
    if name == "pre":
        return np.c_[one, d.pre], d.school
    if name == "pre_and_parity":
        return np.c_[one, d.pre, d.school % 2], d.school
    if name == "teacher":
        return np.c_[1000 * one, d.teacher / 7, d.pre], d.teacher
    return np.c_[d.pre, pd.get_dummies(d.school).to_numpy(float)], d.school


@pytest.mark.parametrize("row", list(R.itertuples()), ids=lambda r: f"{r.set}-{r.design}-{r.column}")
def test_regression_equals_clubsandwich_on_lm(row):
    d, change = matched(row.set)
    X, cluster = design(row.design, d)
    e = regression_cr2(change, X, cluster.to_numpy())[row.column]
    assert e.estimate == pytest.approx(row.estimate, rel=1e-9)
    if (row.set, row.design, row.column) in ONE_SCHOOL_DECIDES:
        assert np.isnan(e.se) and e.note == (note("one_school_decides"),)
    else:
        assert (e.se, e.df, e.p) == pytest.approx((row.se, row.df, row.p), rel=1e-9)


def dense_cr2(y, X, cluster):
    M = np.linalg.inv(X.T @ X)
    residual = y - X @ M @ X.T @ y
    H = np.eye(len(y)) - X @ M @ X.T
    scores, forms = [], []
    for c in np.unique(cluster):
        j = cluster == c
        values, vectors = np.linalg.eigh(H[np.ix_(j, j)])
        A = (vectors * np.where(values > 1e-10, np.maximum(values, 1e-10) ** -0.5, 0)) @ vectors.T
        scores.append(M @ X[j].T @ A @ residual[j])
        forms.append(H[:, j] @ A @ X[j] @ M)
    forms = np.stack(forms)
    df = []
    for k in range(X.shape[1]):
        P = forms[:, :, k] @ forms[:, :, k].T
        df.append(np.trace(P) ** 2 / (P**2).sum())
    return (np.stack(scores) ** 2).sum(axis=0) ** 0.5, np.array(df)


def test_regression_equals_its_dense_form():
    rng = np.random.default_rng(4)
    cluster = rng.permutation(np.repeat(np.arange(7), [2, 9, 4, 1, 6, 3, 8]))
    X = np.c_[np.ones(33), rng.normal(size=(33, 2)), rng.normal(size=7)[cluster]]
    y = rng.normal(size=33) + rng.normal(size=7)[cluster]
    se, df = dense_cr2(y, X, cluster)
    estimates = regression_cr2(y, X, cluster)
    assert [e.se for e in estimates] == pytest.approx(se, rel=1e-9)
    assert [e.df for e in estimates] == pytest.approx(df, rel=1e-9)


@pytest.mark.parametrize("cluster", [None, np.zeros(5, int)])
def test_without_two_clusters_the_mean_has_the_one_sample_t_test(cluster):
    values = np.array([0.3, 1.2, -0.4, 0.8, 0.5])
    e = mean_cr2(values, cluster)
    assert e.se == pytest.approx(values.std(ddof=1) / 5**0.5)
    assert e.df == pytest.approx(4)
    assert e.note[0] == note("schools_unknown" if cluster is None else "one_school")


def test_p_tests_the_null_value():
    values, cluster = np.array([0.4, 0.9, 1.0, 0.6, 0.5, 0.9]), np.array([0, 0, 1, 1, 2, 2])
    assert mean_cr2(values, cluster, null=0.5).p == pytest.approx(mean_cr2(values - 0.5, cluster).p)


def test_equal_clusters_give_the_t_test_of_their_means():
    values, cluster = np.random.default_rng(3).normal(size=24), np.repeat(np.arange(6), 4)
    means = values.reshape(6, 4).mean(axis=1)
    e = mean_cr2(values, cluster)
    assert (e.se, e.df) == pytest.approx((means.std(ddof=1) / 6**0.5, 5))


def test_values_that_do_not_vary_have_no_standard_error():
    e = mean_cr2([0.1 + 0.2, 0.3, 0.3, 0.3], [0, 0, 1, 1])
    assert e.estimate == pytest.approx(0.3)
    assert np.isnan([e.se, e.df, e.low, e.high, e.p]).all()
    assert e.note == (note("no_variation_left"),)


def test_missing_values_are_left_out():
    assert mean_cr2([1.0, np.nan, 2.0, 4.0], [0, 0, 1, 2]) == mean_cr2([1.0, 2.0, 4.0], [0, 1, 2])


@pytest.mark.parametrize("values", [[], [2.0], [np.nan]])
def test_too_few_values_are_an_answer_not_an_error(values):
    e = mean_cr2(values, np.zeros(len(values), int))
    assert np.isnan(e.se) and e.note[-1] in (note("too_few_to_estimate"), note("too_few_for_error"))


def test_predictors_that_cannot_be_told_apart_have_no_estimate():
    X = np.c_[np.ones(6), np.full(6, 2.0)]
    for e in regression_cr2(np.arange(6.0), X, np.arange(6) // 2):
        assert not e.exists and e.note == (note("predictors_alike"),)


def test_clusters_with_the_same_mean_have_no_standard_error():
    e = mean_cr2([0.1, 0.7, 0.4, 0.3, 0.5, 0.4], [0, 0, 0, 1, 1, 1])
    assert e.estimate == pytest.approx(0.4) and np.isnan(e.se)
    assert e.note == (note("schools_alike"),)
