import pandas as pd
import pytest
from drawn import WIDTHS, bars, nan, overlaps, texts
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from analysis.figures import individual_changes, style

BINS = pd.DataFrame(
    [
        (-1.0, -0.125, "below −0.125", 0.2),
        (-0.125, 0.125, "−0.125 to 0.125", 0.3),
        (0.125, 1.5, "above 0.125", 0.5),
    ],
    columns=["low", "high", "label", "share"],
)
HIDDEN = BINS.assign(share=nan)


def test_bars_are_the_shares_with_the_largest_rise_on_top():
    drawn = individual_changes.figure(BINS.sample(frac=1, random_state=1))
    assert bars(drawn, "share") == [(0, 0.5), (0, 0.3), (0, 0.2)]
    assert {"50 %", "30 %", "20 %"} <= set(texts(drawn))


def test_rises_falls_and_no_change_have_their_own_colours():
    drawn = individual_changes.figure(BINS)
    shares = [bar for bar in drawn.axes[0].findobj(Rectangle) if bar.get_label() == "share"]
    colours = [to_hex(bar.get_facecolor()).upper() for bar in shares]
    assert colours == [style.ROSE.upper(), style.STAYED, style.FELL.upper()]


def test_the_number_of_teachers_stands_below():
    assert any("the 84 linked teachers" in text for text in texts(individual_changes.figure(BINS, n=84)))


def test_panels_share_one_axis_and_a_suppressed_one_is_not_shown():
    drawn = individual_changes.grid(
        {"A": BINS, "B": HIDDEN, "C": BINS[:0], "D": BINS.assign(share=[0.1, 0.1, 0.8])}
    )
    assert [bars(drawn, "share", i) for i in (1, 2)] == [[], []]
    assert texts(drawn).count("not shown") == 2
    assert {axes.get_xlim() for axes in drawn.axes} == {(0, 0.8)}
    assert bars(drawn, "share", 3) == [(0, 0.8), (0, 0.1), (0, 0.1)]


@pytest.mark.parametrize("n", [1, 2, 14])
@WIDTHS
def test_no_text_covers_another_or_leaves_the_page(n, width):
    panels = {f"Practices of the teaching community in the school {i}": BINS for i in range(n)} | {
        "Last": HIDDEN
    }
    drawn = individual_changes.grid(panels, dict.fromkeys(panels, 84), heading="Changes", width=width, synthetic=True)
    assert overlaps(drawn) == []
    assert overlaps(individual_changes.figure(BINS, "Visions", 84, width=width, synthetic=True)) == []


def test_alt_text_gives_every_bin():
    text = individual_changes.alt_text(BINS, "Visions", 84)
    assert text.startswith("84 linked teachers by their own change on Visions")
    assert "above 0.125: 50 %; −0.125 to 0.125: 30 %; below −0.125: 20 %." in text
    assert individual_changes.alt_text(HIDDEN).endswith("Not shown.")


def test_alt_text_of_the_grid_gives_the_shares_that_rose_and_fell():
    assert individual_changes.grid_alt_text({"A": BINS, "B": HIDDEN}).endswith(
        "A: 50 % rose, 20 % fell; B: not shown."
    )
    many = {f"S{i}": BINS.assign(share=[0.1, 0.4 - i / 100, 0.5 + i / 100]) for i in range(7)} | {"B": HIDDEN}
    assert "from 50 % (S0) to 56 % (S6). 1 of 8 not shown." in individual_changes.grid_alt_text(many)
