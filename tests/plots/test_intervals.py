import pytest
from drawn import height_of, heights, nan, points, spans, texts, ticks
from matplotlib.patches import Polygon

from analysis.plots import HALF, Interval, interval_panels, intervals

ROWS = [
    Interval("Visions", 0.31, 0.12, 0.5, "0.31 [0.12, 0.50]"), Interval("Resources", nan, nan, nan, "suppressed"),
    Interval("Leadership", -0.2, -0.45, 0.05, "−0.20 [−0.45, 0.05]"),
]
KEYS = {"point": "estimate", "diamond": "pooled", "outer": "prediction", "arrow": "leaves the axis", "hollow": "other",
        "other": "own mean", "guide": "main", "range": "range"}


def drawn(rows=ROWS, **settings):
    return intervals(rows, "Change in scale points", "Change [95 % CI]", **settings)


def bands(figure):
    return [band.get_window_extent() for band in figure.axes[0].findobj() if band.get_label() == "band"]


def test_points_and_intervals_lie_where_the_rows_say_in_their_order():
    assert points(drawn(), "estimate") == [0.31, -0.2]
    assert spans(drawn(), "interval") == [(0.12, 0.50), (-0.45, 0.05)]


@pytest.mark.parametrize("width", [HALF, 2 * HALF])
def test_each_mark_stands_in_its_own_row_below_or_beside_its_label(width):
    figure = drawn(width=width)
    marks = heights(figure, "estimate")
    labels = [height_of(figure, row.label) for row in ROWS]
    assert labels[0] <= marks[0] + 0.01 < labels[1] < labels[2] <= marks[1] + 0.01


def test_a_row_without_an_estimate_keeps_its_line_and_its_reason():
    figure = drawn()
    assert height_of(figure, "suppressed") == pytest.approx(height_of(figure, "Resources"))


def test_a_smallest_change_of_all_rows_is_one_band_labelled_on_the_axis():
    rows = [Interval(row.label, row.estimate, row.low, row.high, row.text, band=0.2) for row in ROWS]
    figure = drawn(rows, band_label="too small to matter")
    (band,) = [patch for patch in figure.axes[0].patches if patch.get_label() == "band"]
    assert (band.get_x(), band.get_width()) == (-0.2, 0.4)
    assert {"−0.2", "0.2"} <= set(ticks(figure))
    assert "too small to matter" in texts(figure)


def test_a_smallest_change_too_narrow_for_two_labels_is_labelled_at_zero():
    rows = [Interval("A", 4, 3, 5, "4,00", band=0.1), Interval("B", -3, -4, -2, "−3,00", band=0.1)]
    assert "±0,1" in ticks(drawn(rows, width=HALF))


def test_bands_follow_the_row_where_each_has_its_own():
    rows = [Interval("A", 0.1, 0, 0.2, band=0.3), Interval("B", 0.1, 0, 0.2, band=0.1), Interval("C", 0.1, 0, 0.2)]
    found = [band for band in drawn(rows).axes[0].collections if band.get_label() == "band"]
    assert [band.get_paths()[0].vertices[:, 0].max() for band in found] == [0.3, 0.1]


def test_one_very_long_interval_ends_in_arrows_that_the_legend_explains_and_does_not_squeeze_the_others():
    rows = [Interval(f"s{i}", 0.2, 0.1, 0.3) for i in range(4)] + [Interval("w", 0.2, -9, 9, "0.20 [−9.00, 9.00]")]
    figure = drawn(rows, keys=KEYS)
    low, high = figure.axes[0].get_xlim()
    assert -0.5 < low < 0 < 0.3 < high < 0.5
    assert spans(figure, "interval")[-1] == (low, high)
    assert points(figure, "arrow") == [low, high]
    assert {"0.20 [−9.00, 9.00]", "leaves the axis"} <= set(texts(figure))
    assert "leaves the axis" not in texts(drawn(keys=KEYS))


def test_an_endless_interval_ends_in_arrows_too():
    rows = [Interval("a", 0.1, 0.0, 0.2), Interval("b", 0.2, float("-inf"), float("inf"))]
    figure = drawn(rows)
    assert figure.axes[0].get_xlim()[1] < 0.3
    assert points(figure, "arrow") == list(figure.axes[0].get_xlim())


def test_a_diamond_spans_the_pooled_interval_and_a_line_the_prediction():
    figure = drawn([*ROWS, Interval("All", 0.15, 0.05, 0.25, "0.15", mark="diamond", outer=(-0.4, 0.7))], keys=KEYS)
    (diamond,) = [patch for patch in figure.axes[0].patches if isinstance(patch, Polygon)]
    assert diamond.get_xy()[:4, 0].tolist() == [0.05, 0.15, 0.25, 0.15]
    assert spans(figure, "outer") == [(-0.4, 0.7)]
    assert {"pooled", "prediction"} <= set(texts(figure))


def test_a_range_has_no_point_and_hollow_and_second_points_are_not_filled():
    rows = [Interval("main", 0.26, 0.05, 0.47, guide=True), Interval("other", 0.25, 0.1, 0.4, mark="hollow"),
            Interval("left out", nan, 0.2, 0.3, "0.20 to 0.30", mark="range"), Interval("school", 0.1, 0, 0.2, other=0.3)]
    figure = drawn(rows, keys=KEYS)
    assert points(figure, "estimate") == [0.26, 0.25, 0.1]
    assert spans(figure, "interval")[2] == (0.2, 0.3)
    assert points(figure, "other") == [0.3]
    assert points(figure, "guide") == [0.26]
    faces = [line.get_markerfacecolor() for line in figure.axes[0].lines if line.get_label() in ("estimate", "other")]
    assert faces.count("white") == 2


def test_the_axis_holds_zero():
    low, high = drawn([Interval("a", 3, 2.9, 3.1)]).axes[0].get_xlim()
    assert low < 0 and high > 3.1 and points(drawn([Interval("a", 3, 2.9, 3.1)]), "zero") == [0]


def test_the_axis_writes_decimals_as_the_rows_do():
    assert any("," in tick for tick in ticks(drawn([Interval("a", 0.31, 0.12, 0.5, "0,31 [0,12; 0,50]")])))
    assert not any("," in tick for tick in ticks(drawn()))


def test_a_group_is_named_once_above_its_first_row():
    rows = [Interval(label, 0.1, 0, 0.2, group=group) for label, group in (("a", "One"), ("b", "One"), ("c", "Two"))]
    figure = drawn(rows)
    assert texts(figure).count("One") == 1
    assert height_of(figure, "One") < height_of(figure, "a") < height_of(figure, "b") < height_of(figure, "Two")


def test_no_row_at_all_is_an_empty_chart():
    assert points(drawn([]), "estimate") == []


def test_panels_have_the_same_rows_and_one_axis_whatever_the_order_of_their_rows():
    panels = {"Visions": ROWS, "Leadership": [ROWS[2], Interval("Visions", 0.9, 0.8, 1.0)]}
    figure = interval_panels(panels, "Change")
    assert points(figure, "estimate", 0) == [0.31, -0.2]
    assert points(figure, "estimate", 1) == [0.9, -0.2]
    assert heights(figure, "estimate", 0) == pytest.approx(heights(figure, "estimate", 1))
    assert figure.axes[0].get_xlim() == figure.axes[1].get_xlim()
    assert texts(figure).count("suppressed") == 1
