"""A real survey with published results: all 26 published paired t-tests come out of the tables."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import analysis
from analysis.statistics.multiplicity import holm
from faculty_workshop import write_study

SOURCE = Path(__file__).parents[2] / "shared" / "real" / "faculty-workshop"
pytestmark = pytest.mark.skipif(not SOURCE.is_dir(), reason="the faculty workshop's files are not here")


@pytest.fixture(scope="module")
def paired(tmp_path_factory):
    folder = tmp_path_factory.mktemp("studies") / "faculty-workshop"
    write_study(SOURCE, folder)
    table = analysis.read_study(folder).panel("AZ").change(method="all")
    return table.loc[table["method"] == "matched_t"].set_index("scale")


@pytest.fixture(scope="module")
def published():
    return pd.read_csv(SOURCE / "pre-post-results.csv").set_index("question_id")


def test_all_26_published_tests_come_out(paired, published):
    assert len(published) == 26
    assert set(paired.index) == set(published.index)
    ours = paired.loc[published.index]
    np.testing.assert_allclose(ours["estimate"], published["mean_delta"], atol=1e-6)
    np.testing.assert_allclose(ours["estimate"] / ours["se"], -published["t"], rtol=1e-6)
    np.testing.assert_array_equal(ours["df"], published["df"])
    np.testing.assert_allclose(ours["p"], published["p"], rtol=1e-6)


def test_holm_over_all_26_is_the_published_one(paired, published):
    np.testing.assert_allclose(holm(paired.loc[published.index, "p"].to_numpy()), published["adj_p"], rtol=1e-6)
