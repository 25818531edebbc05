import numpy as np
import pytest

from analysis.notes import note
from analysis.statistics.effect_size import d_av

SLEEP_1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
SLEEP_2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]


def test_d_av_of_students_sleep_data():
    assert d_av(SLEEP_1, SLEEP_2).estimate == pytest.approx(0.8321811, abs=5e-8)


def test_d_av_is_signed():
    assert d_av(SLEEP_2, SLEEP_1).estimate == pytest.approx(-0.8321811, abs=5e-8)


def with_moments(m1, m2, s1, s2, r, n):
    z = np.random.default_rng(1).normal(size=(n, 2))
    z -= z.mean(axis=0)
    z = z @ np.linalg.inv(np.linalg.cholesky(np.cov(z.T))).T
    return m1 + s1 * z[:, 0], m2 + s2 * (r * z[:, 0] + (1 - r**2) ** 0.5 * z[:, 1])


def test_respondents_as_clusters_give_the_published_example_of_bonetts_interval():
    # statpsych::ci.stdmean.ps(.05, 110.4, 102.1, 15.3, 14.6, .75, 25), unweighted standardiser
    post, pre = with_moments(110.4, 102.1, 15.3, 14.6, 0.75, 25)
    e = d_av(pre, post)
    assert e.estimate == pytest.approx(0.5550319, abs=5e-8)
    assert (e.se, e.low, e.high) == pytest.approx((0.1609934, 0.2394905, 0.8705732), abs=5e-8)
    assert e.df == np.inf


def test_linearised_interval_agrees_with_bonetts_where_clusters_are_pairs_of_independent_respondents():
    rng = np.random.default_rng(6)
    level = rng.normal(3, 1, 4000)
    pre, post = level + rng.normal(0, 0.5, 4000), level + 0.4 + rng.normal(0, 0.5, 4000)
    paired = d_av(pre, post, np.arange(4000) // 2)
    assert paired.se == pytest.approx(d_av(pre, post).se, rel=0.05)


def test_the_estimate_does_not_depend_on_the_clusters():
    assert d_av(SLEEP_1, SLEEP_2, np.arange(10) // 3).estimate == d_av(SLEEP_1, SLEEP_2).estimate


@pytest.mark.parametrize(("pre", "post", "reason"), [
    ([], [], note("few_matched", needed=3)),
    ([1.0, 2.0], [2.0, 3.5], note("few_matched", needed=3)),
    ([2.0] * 4, [3.0] * 4, note("constant_within_surveys")),
])
def test_what_cannot_be_standardised_has_a_reason(pre, post, reason):
    e = d_av(pre, post)
    assert not e.exists and e.note[-1] == reason


def test_equal_changes_still_have_an_interval_since_the_unit_is_uncertain():
    pre = np.array([1.0, 2.0, 3.5, 4.0, 2.5, 3.0])
    e = d_av(pre, pre + 0.5, [0, 0, 1, 1, 2, 2])
    assert e.estimate == pytest.approx(0.5 / pre.std(ddof=1)) and e.se > 0
