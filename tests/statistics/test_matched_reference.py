"""Every estimator on matched respondents against R, on every shape of change_data.csv."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.statistics.clustering import change_clustering
from analysis.statistics.effect_size import d_av, d_z
from analysis.statistics.paired import (
    cluster_means_t,
    matched_cr2,
    matched_t,
    partially_overlapping_t,
    wilcoxon,
)
from analysis.statistics.superiority import superiority

REFERENCE = Path(__file__).parents[1] / "reference"
DATA = pd.read_csv(REFERENCE / "change_data.csv")
R = pd.read_csv(REFERENCE / "matched.csv")
ESTIMATORS = {
    "matched_cr2": matched_cr2,
    "matched_t": matched_t,
    "school_means_t": cluster_means_t,
    "wilcoxon": wilcoxon,
    "partially_overlapping_t": partially_overlapping_t,
    "d_av": d_av,
    "d_z": d_z,
    "superiority": superiority,
}


def arguments(name):
    d = DATA[DATA.set == name]
    return d.pre, d.post, None if d.school.isna().all() else d.school.to_numpy()


ROWS = R[R.method.isin(ESTIMATORS)]
CLUSTERING = R[~R.method.isin(ESTIMATORS)]


@pytest.mark.parametrize("row", list(ROWS.itertuples()), ids=lambda r: f"{r.set}-{r.method}")
def test_estimator_equals_r(row):
    e = ESTIMATORS[row.method](*arguments(row.set))
    low, high = row.low, row.high
    if row.method == "superiority":
        low, high = max(low, 0.0), min(high, 1.0)
    expected = {"estimate": row.estimate, "se": row.se, "df": row.df, "low": low, "high": high, "p": row.p}
    for name, value in expected.items():
        if value == value:
            assert getattr(e, name) == pytest.approx(value, rel=1e-9, abs=1e-11), name


@pytest.mark.parametrize("row", list(CLUSTERING.itertuples()),
                         ids=lambda r: f"{r.set}-{r.method}")
def test_clustering_of_the_change_equals_r(row):
    c = change_clustering(*arguments(row.set))
    assert (c.icc if row.method == "change_icc" else c.design_effect) == pytest.approx(row.estimate, abs=1e-9)
