import pandas as pd
import pytest
from drawn import WIDTHS, lines, nan, overlaps, points, spans, texts

from analysis.figures import change_by_scale

LONG = (
    "კოლეგებთან ერთად ციფრული პრაქტიკის განვითარება და სკოლის საერთო ხედვის ჩამოყალიბება მენტორობის პროცესში"
)


def change(*rows):
    names = ["scale", "label", "change", "ci_low", "ci_high", "n_pre", "n_post", "n_matched"]
    return pd.DataFrame(list(rows), columns=names)


FOUR = change(
    ("a", "Visions", 0.31, 0.12, 0.50, 90, 80, 60),
    ("b", "Leadership", -0.2, -0.45, 0.05, 90, 80, 60),
    ("c", "Resources", nan, nan, nan, nan, nan, nan),
    ("d", "Practices", nan, nan, nan, 90, 80, 3),
)


def test_points_and_intervals_lie_where_the_frame_says_in_its_order():
    drawn = change_by_scale.figure(FOUR)
    assert points(drawn, "change") == [0.31, -0.2]
    assert spans(drawn, "interval") == [(0.12, 0.50), (-0.45, 0.05)]


def test_each_row_stands_beside_its_label():
    drawn = change_by_scale.figure(FOUR)
    heights = {t.get_text(): t.get_position()[1] for t in drawn.axes[0].texts}
    assert [y[0] for _, y in lines(drawn, "change")] == [heights["Visions"], heights["Leadership"]]


def test_numbers_are_printed_with_a_true_minus():
    shown = texts(change_by_scale.figure(FOUR))
    assert "0.31 [0.12, 0.50]" in shown
    assert "−0.20 [−0.45, 0.05]" in shown


def test_a_suppressed_row_is_not_shown_and_one_with_counts_is_not_estimable():
    drawn = change_by_scale.figure(FOUR)
    heights = {t.get_text(): t.get_position()[1] for t in drawn.axes[0].texts}
    assert heights["not shown"] == pytest.approx(heights["Resources"])
    assert heights["not estimable"] == pytest.approx(heights["Practices"])


def test_the_band_is_plus_and_minus_the_smallest_change():
    drawn = change_by_scale.figure(FOUR, 0.2)
    (band,) = [c for c in drawn.axes[0].collections if c.get_label() == "band"]
    assert set(band.get_paths()[0].vertices[:, 0]) == {-0.2, 0.2}
    assert "change too small to matter" in texts(drawn)


def test_bands_follow_the_scale_where_each_has_its_own_and_are_left_out_where_none_is_declared():
    drawn = change_by_scale.figure(FOUR, {"b": 0.3, "a": 0.1})
    bands = [c for c in drawn.axes[0].collections if c.get_label() == "band"]
    assert [band.get_paths()[0].vertices[:, 0].max() for band in bands] == [0.1, 0.3]


def test_one_very_long_interval_ends_in_arrows_and_does_not_squeeze_the_others():
    wide = change(
        *[(f"s{i}", f"s{i}", 0.2, 0.1, 0.3, 9, 9, 9) for i in range(4)], ("w", "wide", 0.2, -9, 9, 9, 9, 9)
    )
    drawn = change_by_scale.figure(wide)
    low, high = drawn.axes[0].get_xlim()
    assert -0.5 < low < 0 < 0.3 < high < 0.5
    assert spans(drawn, "interval")[-1] == (low, high)
    assert points(drawn, "arrow") == [low, high]
    assert "0.20 [−9.00, 9.00]" in texts(drawn)


@pytest.mark.parametrize("frame", [FOUR, FOUR[:1], FOUR[2:3], FOUR[:0], FOUR.assign(label=LONG)])
@WIDTHS
def test_no_text_covers_another_or_leaves_the_page(frame, width):
    assert overlaps(change_by_scale.figure(frame, 0.2, heading=LONG, width=width, synthetic=True)) == []


def test_alt_text_gives_every_number_of_few_scales():
    text = change_by_scale.alt_text(FOUR, 0.2)
    assert "Visions: 0.31 [0.12, 0.50]; Leadership: −0.20 [−0.45, 0.05]." in text
    assert "2 of 4 not shown or not estimable." in text
    assert "under 0.20 points" in text


def test_alt_text_gives_the_range_and_the_sides_of_many_scales():
    many = change(
        *[(f"s{i}", f"S{i}", i / 10 - 0.3, i / 10 - 0.45, i / 10 - 0.15, 9, 9, 9) for i in range(9)]
    )
    text = change_by_scale.alt_text(many)
    assert "From −0.30 (S0) to 0.50 (S8); 4 of 9 intervals lie above zero, 2 below, 3 include it." in text
