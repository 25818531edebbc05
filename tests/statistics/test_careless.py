import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics.careless import straight_liners

nan = np.nan
rows = st.lists(st.sampled_from([1.0, 2.0, 3.0, nan]), min_size=1, max_size=12)
LAW = settings(deadline=None, derandomize=True)


@pytest.mark.parametrize("row, marked", [
    ([4, 4, 4, 4, 4, 4], True),
    ([3, 3, 3, 3, 3, 3], True),
    ([4, 4, 4, 4, 4, 3], False),
    ([4, 4, nan, 4, 4, 4], True),
    ([4, 4, nan, nan, 4, 4], False),
    ([4, 4, 4, 4, 4, nan], False),
    ([nan, nan, nan, nan, nan, nan], False),
])
def test_a_straight_liner_gives_five_equal_answers_or_more_to_questions_worded_both_ways(row, marked):
    assert straight_liners([row], [False, False, False, False, False, True])[0] == marked


@pytest.mark.parametrize("reversed_items", [[False] * 6, [True] * 6])
def test_on_a_page_worded_one_way_nobody_is_a_straight_liner(reversed_items):
    assert not straight_liners(np.full((3, 6), 5.0), reversed_items).any()


def test_a_page_without_items_or_respondents_marks_nobody():
    assert straight_liners(np.empty((4, 0)), []).tolist() == [False] * 4
    assert straight_liners(np.empty((0, 6)), [True] * 6).tolist() == []


def test_items_and_marks_of_reversal_must_be_as_many():
    with pytest.raises(ValueError, match="6 items"):
        straight_liners(np.ones((2, 6)), [True])


@LAW
@given(rows, st.permutations(range(12)))
def test_the_order_of_the_items_does_not_make_a_straight_liner(row, order):
    row = np.resize(row, 12)
    reversed_items = np.arange(12) % 3 == 0
    shuffled = straight_liners([row[order]], reversed_items[order])
    assert (straight_liners([row], reversed_items) == shuffled).all()
