from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics.ceiling import ceiling

FOLDER = Path(__file__).parents[1] / "reference"
nan = np.nan
scores = st.lists(st.tuples(*[st.sampled_from([1.0, 3.5, 5.0, nan])] * 2), max_size=30)
LAW = settings(deadline=None, derandomize=True)


def test_shares_at_the_maximum_agree_with_r():
    answers = pd.read_csv(FOLDER / "ceiling_answers.csv")
    expected = pd.read_csv(FOLDER / "ceiling.csv").iloc[0]
    got = ceiling(answers["A3"], answers["A5"].where(answers["A5"] != 3), 6)
    assert (got.n, got.n_matched) == (expected["n"], expected["n_matched"])
    np.testing.assert_allclose([got.share, got.share_could_not_rise],
                               expected[["share", "share_could_not_rise"]], rtol=1e-12)
    assert got.n != got.n_matched


@pytest.mark.parametrize("at_maximum, flagged", [(3, False), (4, True)])
def test_more_than_fifteen_percent_at_the_maximum_is_flagged(at_maximum, flagged):
    pre = np.r_[np.full(at_maximum, 5.0), np.full(20 - at_maximum, 3.0)]
    assert ceiling(pre, pre, 5).flagged is flagged


def test_a_mean_of_items_at_the_maximum_is_at_the_maximum_in_spite_of_rounding():
    top = sum([0.1] * 10) / 10
    assert top < 0.1
    assert ceiling([top], [0.05], 0.1).n_at_maximum == 1


def test_respondents_without_an_answer_before_do_not_count():
    got = ceiling([nan, nan], [5, 4], 5)
    assert (got.n, got.n_matched, got.flagged) == (0, 0, False)
    assert np.isnan(got.share) and np.isnan(got.share_could_not_rise)
    assert got.note


def test_a_score_above_the_maximum_is_refused():
    with pytest.raises(ValueError, match="maximum"):
        ceiling([5.5], [5], 5)


@LAW
@given(scores)
def test_who_stood_at_the_maximum_did_not_rise(pairs):
    pre, post = np.array(pairs, dtype=float).reshape(-1, 2).T
    got = ceiling(pre, post, 5)
    rose = np.count_nonzero(post > pre)
    assert got.n_could_not_rise + rose <= got.n_matched <= got.n
    assert got.n_could_not_rise <= got.n_at_maximum
