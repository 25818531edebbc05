import pandas as pd
import pytest
from drawn import WIDTHS, bars, nan, overlaps, texts

from analysis.figures import answer_distribution, style

FIVE = [(1.0, "never"), (2.0, "seldom"), (3.0, "at times"), (4.0, "often"), (5.0, "always")]
FOUR = FIVE[:4]


def answers(counts):
    """Rows of item_answers.csv from {(item, wave): counts of each value}; None is suppressed."""
    rows = []
    for (item, wave), numbers in counts.items():
        for k, (value, label) in enumerate(FIVE[: 5 if numbers is None else len(numbers)]):
            n = nan if numbers is None else numbers[k]
            share = nan if numbers is None else n / sum(numbers)
            rows.append((item, wave, value, label, n, share))
    return pd.DataFrame(rows, columns=["item", "wave", "value", "label", "n", "share"])


ITEMS = [("i1", "We plan lessons together."), ("i2", "ვიყენებ ციფრულ რესურსებს გაკვეთილზე"), ("i3", "Third")]
ROWS = answers(
    {("i1", "pre"): [10, 20, 30, 25, 15], ("i1", "post"): [0, 0, 50, 25, 25], ("i2", "post"): None}
)


def test_bars_are_the_shares_side_by_side_with_half_the_middle_on_either_side():
    drawn = answer_distribution.figure(ROWS, ITEMS, FIVE)
    assert bars(drawn, "before") == [
        pytest.approx(bar) for bar in [(-0.45, 0.1), (-0.35, 0.2), (-0.15, 0.3), (0.15, 0.25), (0.4, 0.15)]
    ]
    assert bars(drawn, "after")[2:] == [
        pytest.approx(bar) for bar in [(-0.25, 0.5), (0.25, 0.25), (0.5, 0.25)]
    ]


def test_an_even_number_of_answers_splits_between_the_two_middle_ones():
    drawn = answer_distribution.figure(answers({("i1", "pre"): [1, 2, 3, 4]}), ITEMS[:1], FOUR)
    assert [start for start, _ in bars(drawn, "before")] == pytest.approx([-0.3, -0.2, 0, 0.3])


def test_rows_in_another_order_draw_the_same():
    shuffled = ROWS.sample(frac=1, random_state=1)
    first, second = (answer_distribution.figure(rows, ITEMS, FIVE) for rows in (ROWS, shuffled))
    assert bars(first, "before") == bars(second, "before")


def test_an_item_asked_once_has_one_bar_and_one_never_asked_says_so():
    shown = texts(answer_distribution.figure(ROWS, ITEMS, FIVE))
    assert shown.count("before") == 1
    assert shown.count("after") == 2
    assert "not asked" in shown


def test_a_suppressed_bar_is_not_shown_and_has_no_n():
    drawn = answer_distribution.figure(ROWS[ROWS["item"] == "i2"], ITEMS[1:2], FIVE)
    assert bars(drawn, "after") == []
    assert "not shown" in texts(drawn)
    assert "–" in texts(drawn)


def test_the_base_stands_at_the_right_and_the_legend_in_the_answers_order():
    shown = texts(answer_distribution.figure(ROWS, ITEMS, FIVE))
    assert shown.count("100") == 2
    assert [text for text in shown if text in dict(FIVE).values()] == [label for _, label in FIVE]


def test_an_unknown_value_is_refused_by_name():
    with pytest.raises(ValueError, match=r"item i1, lacking \['5.0'\]"):
        answer_distribution.figure(ROWS, ITEMS, FOUR)


def test_answers_below_and_above_the_middle_have_mirrored_colours():
    for k in (2, 3, 4, 5, 11):
        colours = style.answer_colours(k)
        assert len(set(colours)) == k
        assert (style.NEUTRAL in colours) == bool(k % 2)


@WIDTHS
def test_no_text_covers_another_or_leaves_the_page(width):
    long = [
        (f"i{j}", f"{j} " + "In our school we have a shared vision of digital technology " * 3)
        for j in range(12)
    ]
    rows = answers({(item, wave): [9, 8, 7, 6, 5] for item, _ in long for wave in ("pre", "post")})
    wordy = [(value, f"{label}, that is several times in every school year or so") for value, label in FIVE]
    assert overlaps(answer_distribution.figure(rows, long, wordy, heading="Answers", width=width, synthetic=True)) == []
    assert overlaps(answer_distribution.figure(ROWS, ITEMS, FIVE, width=width, synthetic=True)) == []


def test_alt_text_gives_the_share_above_the_middle():
    text = answer_distribution.alt_text(ROWS, ITEMS, FIVE)
    assert "“often” or “always”" in text
    assert "We plan lessons together: 40 % before, 50 % after" in text
    assert "Third: not shown." in text


def test_alt_text_of_many_items_gives_ranges():
    items = [(f"i{j}", f"Item {j}") for j in range(8)]
    rows = answers(
        {
            (f"i{j}", wave): [50 - j - up, 0, 0, 0, 50 + j + up]
            for j in range(8)
            for wave, up in (("pre", 0), ("post", 10))
        }
    )
    assert "50 to 57 % before; 60 to 67 % after; higher after on 8 of 8" in answer_distribution.alt_text(
        rows, items, FIVE
    )
