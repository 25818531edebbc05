import numpy as np
import pytest

from analysis.notes import note
from analysis.statistics.clustering import change_clustering


def test_schools_that_change_alike_have_no_design_effect():
    change = np.array([0.0, 1.0, 0.0, 1.0, 0.0, 1.0])
    c = change_clustering(np.zeros(6), change, [0, 0, 1, 1, 2, 2])
    assert (c.icc, c.design_effect) == (0.0, 1.0)


def test_schools_that_change_as_one_have_the_design_effect_of_their_size():
    c = change_clustering(np.zeros(6), [0.0, 0.0, 0.0, 1.0, 1.0, 1.0], [0, 0, 0, 1, 1, 1])
    assert (c.icc, c.design_effect) == pytest.approx((1.0, 3.0))


@pytest.mark.parametrize("cluster", [None, [0, 0, 0], [0, 1, 2]])
def test_without_schools_of_several_matched_there_is_a_reason(cluster):
    c = change_clustering([1.0, 2.0, 3.0], [2.0, 2.0, 5.0], cluster)
    assert np.isnan(c.icc) and c.note


def test_equal_changes_have_a_reason():
    c = change_clustering([1.0, 2.0, 3.0], [2.0, 3.0, 4.0], [0, 0, 1])
    assert np.isnan(c.icc) and c.note == (note("same_change"),)
