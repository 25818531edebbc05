from itertools import pairwise

import pytest
from drawn import bars, height_of, nan, texts, ticks

from analysis.plots import HALF, Share, counts, shares, style

FIVE = [*zip(["never", "rarely", "sometimes", "often", "always"], style.answer_colours(5), strict=True)]
ITEM = [Share("Baseline", [0.1, 0.2, 0.3, 0.25, 0.15], "100", "We plan lessons together"),
        Share("Follow-up", [0, 0, 0.5, 0.25, 0.25], "80", "We plan lessons together")]
SERIES = [("pre", "baseline", style.PRE), ("post", "follow-up", style.POST)]


def placed(figure):
    """Start and length of every segment, the categories from the first on, top bar first in each."""
    return [bars(figure, label) for label, _colour in FIVE]


def test_bars_lie_side_by_side_from_zero():
    found = placed(shares(ITEM, FIVE, "Percent"))
    assert [own[0] for own in found] == [pytest.approx(bar) for bar in [(0, .1), (.1, .2), (.3, .3), (.6, .25), (.85, .15)]]


def test_around_the_middle_half_of_the_middle_category_lies_on_either_side():
    found = placed(shares(ITEM, FIVE, "Percent", centre=2))
    assert [own[0] for own in found] == [
        pytest.approx(bar) for bar in [(-.45, .1), (-.35, .2), (-.15, .3), (.15, .25), (.4, .15)]]
    assert [own[1] for own in found][2:] == [pytest.approx(bar) for bar in [(-.25, .5), (.25, .25), (.5, .25)]]


def test_an_even_number_of_categories_splits_between_the_two_middle_ones():
    four = FIVE[:2] + FIVE[3:]
    figure = shares([Share("Baseline", [.1, .2, .3, .4])], four, "Percent", centre=1.5)
    assert [bars(figure, label)[0][0] for label, _colour in four] == pytest.approx([-.3, -.2, 0, .3])


def test_both_sides_of_the_middle_are_counted_upwards():
    assert set(ticks(shares(ITEM, FIVE, "Percent", centre=2))) <= {str(10 * n) for n in range(11)}


def test_a_suppressed_bar_keeps_its_line_and_its_reason():
    for nothing in ([], [nan] * 5):
        figure = shares([ITEM[0], Share("Follow-up", nothing, "suppressed", ITEM[0].group)], FIVE, "Percent", column="n")
        assert all(len(own) == 1 for own in placed(figure))
        assert height_of(figure, "suppressed") == pytest.approx(height_of(figure, "Follow-up"))


def test_the_base_stands_at_the_right_and_the_legend_in_the_answers_order():
    shown = texts(shares(ITEM, FIVE, "Percent", column="n"))
    assert {"n", "100", "80"} <= set(shown) and shown.count("We plan lessons together") == 1
    assert [text for text in shown if text in dict(FIVE)] == [label for label, _colour in FIVE]


def test_a_segment_that_is_wide_enough_says_its_percent():
    shown = texts(shares([Share("a", [0.004, 0.496, 0.5, 0, 0])], FIVE, "Share", width=HALF))
    assert "50" in shown and "0" not in shown[:shown.index("50")]


def test_as_many_shares_as_categories_are_asked_for():
    with pytest.raises(ValueError, match="zip"):
        shares([Share("a", [0.5, 0.5])], FIVE, "Share")


def test_counts_are_as_long_as_their_numbers_and_say_them():
    figure = counts([("Kool", {"pre": 30, "post": 24}), ("Lyceum", {"pre": 12, "post": None})], SERIES, "Teachers")
    assert bars(figure, "baseline") == [(0, 30), (0, 12)]
    assert bars(figure, "follow-up") == [(0, 24)]
    assert {"30", "24", "12", "–"} <= set(texts(figure))


def test_very_many_rows_stay_on_a_page_without_numbers_at_the_bars():
    rows = [(f"School {at}", {"pre": 731, "post": 24}) for at in range(36)]
    figure = counts(rows, SERIES, "Teachers")
    assert figure.get_size_inches()[1] < 9.5
    assert "731" not in texts(figure) and len(bars(figure, "baseline")) == 36
    tops = sorted(bar.get_y() for bar in figure.axes[0].patches)
    assert all(above < below for above, below in pairwise(tops))
