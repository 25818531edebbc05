import pandas as pd
import pytest
from drawn import WIDTHS, lines, nan, overlaps, points, spans, texts

from analysis.figures import scale_means

NAMES = [
    "scale",
    "label",
    "n_pre",
    "n_post",
    "mean_pre",
    "mean_pre_low",
    "mean_pre_high",
    "mean_post",
    "mean_post_low",
    "mean_post_high",
]
MEANS = pd.DataFrame(
    [
        ("a", "Visions", 90, 80, 3.1, 2.9, 3.3, 3.4, 3.2, 3.6),
        ("b", "Leadership", 90, 80, 2.5, 2.4, 2.6, 2.2, nan, nan),
        ("c", "Resources", nan, 80, nan, nan, nan, 4.0, 3.9, 4.1),
        ("d", "Practices", nan, nan, nan, nan, nan, nan, nan, nan),
    ],
    columns=NAMES,
)
RELIABILITY = pd.DataFrame(
    [("a", "pre", 0.81), ("a", "post", 0.84), ("b", "post", 0.7)], columns=["scale", "wave", "alpha"]
)


def test_means_and_intervals_of_both_waves_lie_where_the_frame_says():
    drawn = scale_means.figure(MEANS, 1, 5)
    assert points(drawn, "before") == [3.1, 2.5]
    assert points(drawn, "after") == [3.4, 2.2, 4.0]
    assert spans(drawn, "interval before") == [(2.9, 3.3), (2.4, 2.6)]
    assert spans(drawn, "interval after") == [(3.2, 3.6), (3.9, 4.1)]


def test_only_scales_with_both_means_are_joined():
    assert spans(scale_means.figure(MEANS, 1, 5), "step") == [(3.1, 3.4), (2.5, 2.2)]


def test_before_stands_above_after():
    drawn = scale_means.figure(MEANS, 1, 5)
    assert lines(drawn, "before")[0][1] < lines(drawn, "after")[0][1]


def test_the_axis_is_the_range_of_the_answers():
    drawn = scale_means.figure(MEANS, 1, 5)
    assert list(drawn.axes[0].get_xticks()) == [1, 2, 3, 4, 5]
    low, high = drawn.axes[0].get_xlim()
    assert 0.8 < low < 1 and 5 < high < 5.2


def test_suppressed_means_are_named():
    shown = texts(scale_means.figure(MEANS, 1, 5))
    assert "before: not shown" in shown
    assert "not shown" in shown


def test_alpha_of_both_waves_stands_beside_its_scale():
    drawn = scale_means.figure(MEANS, 1, 5, RELIABILITY)
    heights = {t.get_text(): t.get_position()[1] for t in drawn.axes[0].texts}
    assert heights["0.81 / 0.84"] == pytest.approx(heights["Visions"])
    assert heights["– / 0.70"] == pytest.approx(heights["Leadership"])


@pytest.mark.parametrize("frame", [MEANS, MEANS[:1], MEANS[:0], pd.concat([MEANS] * 4)])
@WIDTHS
def test_no_text_covers_another_or_leaves_the_page(frame, width):
    assert overlaps(scale_means.figure(frame, 0, 10, RELIABILITY, heading="Means", width=width, synthetic=True)) == []


def test_alt_text_gives_both_means():
    text = scale_means.alt_text(MEANS, 1, 5)
    assert "Visions: 3.10 before, 3.40 after; Leadership: 2.50 before, 2.20 after." in text
    assert "2 of 4 without both means." in text


def test_alt_text_of_many_scales_gives_ranges():
    text = scale_means.alt_text(pd.concat([MEANS] * 2), 1, 5)
    assert "Means run from 2.50 to 3.10 before and from 2.20 to 3.40 after; 2 of 4 are higher after." in text
