import pandas as pd
from drawn import WIDTHS, nan, overlaps, points, spans, texts

from analysis.figures import school_change

ROWS = pd.DataFrame(
    [("a", "A", 0.4, 0.3, 0.1, 0.5, 0.2), ("a", "B", -0.2, 0.0, -0.2, 0.2, 0.2), ("a", "C", nan, nan, nan, nan, nan)],
    columns=["scale", "school", "mean_change", "estimate", "ci_low", "ci_high", "overall"])


def test_own_means_estimates_and_intervals_lie_where_the_frame_says():
    drawn = school_change.figure(ROWS, {"a": "Visions"})
    assert points(drawn, "own mean") == [0.4, -0.2]
    assert points(drawn, "estimate") == [0.3, 0.0]
    assert spans(drawn, "interval") == [(0.1, 0.5), (-0.2, 0.2)]
    assert [line.get_xdata()[0] for line in drawn.axes[0].lines if line.get_label() == "overall"] == [0.2]


def test_a_hidden_school_has_no_mark_and_says_so():
    shown = texts(school_change.figure(ROWS, {"a": "Visions"}))
    assert "not shown" in shown and shown.count("C") == 1


def test_alt_text_gives_the_range_of_each_scale():
    assert "Visions: 0.00 to 0.30 in 2 schools." in school_change.alt_text(ROWS, {"a": "Visions"})


@WIDTHS
def test_no_text_covers_another_or_leaves_the_page_with_three_schools_or_thirty(width):
    many = pd.concat([ROWS.assign(scale=scale, school=[f"{s}{n}" for s in "ABC"])
                      for scale in "xyz" for n in range(10)], ignore_index=True)
    names = dict.fromkeys("axyz", "Practices of the teaching community and its knowledge")
    for rows in (ROWS, many):
        assert overlaps(school_change.figure(rows, names, heading="Schools", width=width, synthetic=True)) == []
