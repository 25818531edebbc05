import numpy as np
import pytest

from analysis.notes import note
from analysis.statistics.superiority import directions_of_change, superiority

PRE = np.array([1.0, 2, 3, 4, 2, 3, 5, np.nan])
POST = np.array([2.0, 2, 2, 5, 4, 3, 5, 4])
SCHOOL = np.array([0, 0, 1, 1, 2, 2, 2, 2])


def test_matched_respondents_are_counted_by_the_direction_of_their_change():
    assert directions_of_change(PRE, POST) == (3, 3, 1)


def test_superiority_is_the_share_improved_plus_half_the_ties():
    e = superiority(PRE, POST, SCHOOL)
    assert e.estimate == pytest.approx((3 + 3 / 2) / 7)
    assert (e.n, e.n_clusters) == (7, 3)


def test_p_tests_one_half():
    e = superiority([1, 2, 3, 4], [2, 1, 4, 3], [0, 0, 1, 2])
    assert e.estimate == 0.5 and e.p == pytest.approx(1.0)


def test_the_interval_stays_within_zero_and_one():
    e = superiority(PRE, POST, SCHOOL)
    assert 0 <= e.low <= e.estimate <= e.high <= 1


@pytest.mark.parametrize(("post", "share"), [([2, 3, 4], 1.0), ([1, 2, 3], 0.5), ([0, 1, 2], 0.0)])
def test_one_direction_alone_has_no_standard_error(post, share):
    e = superiority([1, 2, 3], post, [0, 1, 2])
    assert e.estimate == share and np.isnan([e.se, e.low, e.high, e.p]).all()
    assert e.note[-1] == note("one_direction")


def test_differences_by_rounding_alone_are_ties():
    assert directions_of_change([0.1 + 0.2, 0.3], [0.3, 0.1 + 0.2]) == (0, 2, 0)


@pytest.mark.parametrize("n", [0, 1])
def test_too_few_matched_are_noted(n):
    e = superiority(PRE[:n], POST[:n], SCHOOL[:n])
    assert not e.exists and e.note[-1] == note("few_matched", needed=2)
