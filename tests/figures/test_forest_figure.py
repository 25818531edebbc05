import pandas as pd
import pytest
from drawn import WIDTHS, nan, overlaps, points, spans, texts
from matplotlib.patches import Polygon

from analysis.figures import forest

NAMES = [
    "scale",
    "label",
    "country",
    "change",
    "ci_low",
    "ci_high",
    "n_pre",
    "n_post",
    "n_matched",
    "n_schools",
]
COUNTRIES = pd.DataFrame(
    [
        ("a", "Visions", "Estonia", 0.3, 0.1, 0.5, 100, 90, 70, 6),
        ("a", "Visions", "Finland", -0.1, -0.3, 0.1, 40, 30, 25, 4),
        ("a", "Visions", "Georgia", nan, nan, nan, nan, nan, nan, 5),
        ("a", "Visions", "Lithuania", 0.2, 0.0, 0.4, 90, 80, 60, 12),
        ("b", "Leadership", "Lithuania", 0.1, -0.1, 0.3, 90, 80, 60, 12),
        ("b", "Leadership", "Estonia", 0.0, -0.2, 0.2, 90, 80, 60, 6),
    ],
    columns=NAMES,
)
ONE = COUNTRIES[:4]
POOLED = pd.DataFrame(
    [("a", 4, 0.15, 0.05, 0.25, -0.4, 0.7), ("b", 2, nan, nan, nan, nan, nan)],
    columns=["scale", "k", "estimate", "ci_low", "ci_high", "prediction_low", "prediction_high"],
)


def diamonds(figure, panel=0):
    return [
        patch.get_xy()[:4, 0].tolist() for patch in figure.axes[panel].patches if isinstance(patch, Polygon)
    ]


def test_countries_are_drawn_where_the_frame_says_in_its_order():
    drawn = forest.figure(ONE)
    assert points(drawn, "change") == [0.3, -0.1, 0.2]
    assert spans(drawn, "interval") == [(0.1, 0.5), (-0.3, 0.1), (0.0, 0.4)]


def test_the_diamond_spans_the_pooled_interval_and_the_line_the_prediction():
    drawn = forest.figure(ONE, POOLED.iloc[0])
    assert diamonds(drawn) == [[0.05, 0.15, 0.25, 0.15]]
    assert spans(drawn, "prediction") == [(-0.4, 0.7)]


@pytest.mark.parametrize("pooled", [None, POOLED.iloc[1], {**POOLED.iloc[0], "k": 3}])
def test_three_countries_or_fewer_have_no_diamond(pooled):
    drawn = forest.figure(ONE, pooled)
    assert diamonds(drawn) == spans(drawn, "prediction") == []
    assert ("not pooled" in texts(drawn)) == (pooled is not None)


def test_teachers_are_counted_once():
    shown = texts(forest.figure(ONE))
    assert {"120", "45", "110", "–"} <= set(shown)


def test_a_suppressed_country_is_not_shown():
    drawn = forest.figure(ONE)
    heights = {t.get_text(): t.get_position()[1] for t in drawn.axes[0].texts}
    assert heights["not shown"] == pytest.approx(heights["Georgia"])


def test_the_grid_keeps_every_country_in_its_row_whatever_the_frames_order():
    drawn = forest.grid(COUNTRIES, POOLED)
    assert points(drawn, "change", 0) == [0.3, -0.1, 0.2]
    assert points(drawn, "change", 1) == [0.0, 0.1]
    assert (diamonds(drawn, 0), diamonds(drawn, 1)) == ([[0.05, 0.15, 0.25, 0.15]], [])
    assert drawn.axes[0].get_xlim() == drawn.axes[1].get_xlim()


@pytest.mark.parametrize("n", [1, 2, 4, 6, 14])
@WIDTHS
def test_no_text_covers_another_or_leaves_the_page(n, width):
    scales = pd.concat(
        [ONE.assign(scale=f"s{i}", label=f"Practices of the teaching community {i}") for i in range(n)]
    )
    pooled = pd.concat([POOLED[:1].assign(scale=f"s{i}") for i in range(n)])
    assert overlaps(forest.grid(scales, pooled, heading="Countries", width=width, synthetic=True)) == []
    assert overlaps(forest.figure(ONE, POOLED.iloc[0], "Visions of the school " * 6, width=width, synthetic=True)) == []


def test_alt_text_gives_countries_and_pooled_change():
    text = forest.alt_text(ONE, POOLED.iloc[0], "Visions")
    assert "Estonia: 0.30 [0.10, 0.50]" in text
    assert "All 4 countries together: 0.15 [0.05, 0.25]" in text
    assert "between −0.40 and 0.70." in text
    assert "together" not in forest.alt_text(ONE, POOLED.iloc[1])


def test_alt_text_of_the_grid_gives_the_pooled_changes():
    text = forest.grid_alt_text(COUNTRIES, POOLED)
    assert "in 4 countries on 2 scales" in text
    assert "Visions: 0.15 [0.05, 0.25]." in text
    assert "No scale is pooled" in forest.grid_alt_text(COUNTRIES, POOLED[1:])
