import pandas as pd
import pytest
from drawn import WIDTHS, bars, nan, overlaps, texts
from matplotlib.patches import Rectangle

from analysis.figures import participation

SCHOOLS = pd.DataFrame(
    [
        ("Rakvere", 30, 24, 20),
        ("თბილისის №53 საჯარო სკოლა", 12, nan, nan),
        ("Kool", nan, nan, nan),
        ("", 60, 50, 33),
    ],
    columns=["school", "n_pre", "n_post", "n_matched"],
)


def test_bars_are_as_long_as_the_counts():
    drawn = participation.figure(SCHOOLS)
    assert bars(drawn, "before") == [(0, 30), (0, 12)]
    assert bars(drawn, "after") == [(0, 24)]
    assert bars(drawn, "before, linked") == bars(drawn, "after, linked") == [(0, 20)]


def test_a_bar_whose_linked_part_is_suppressed_is_an_outline():
    drawn = participation.figure(SCHOOLS)
    outlined = [bar for bar in drawn.axes[0].findobj(Rectangle)
                if bar.get_label() in ("before", "after") and bar.get_facecolor()[:3] == (1, 1, 1)]
    assert [bar.get_width() for bar in outlined] == [12]
    assert "linked part not shown" in texts(drawn)


def test_the_total_is_written_and_not_drawn_beside_the_schools():
    drawn = participation.figure(SCHOOLS)
    assert {"Total", "60", "50", "33"} <= set(texts(drawn))
    assert max(width for _, width in bars(drawn, "before")) == 30


def test_without_schools_the_total_is_drawn():
    drawn = participation.figure(SCHOOLS[3:])
    assert bars(drawn, "before") == [(0, 60)]
    assert "Total" not in texts(drawn)


def test_a_suppressed_school_is_not_shown():
    drawn = participation.figure(SCHOOLS)
    heights = {t.get_text(): t.get_position()[1] for t in drawn.axes[0].texts}
    assert heights["not shown"] == pytest.approx(heights["Kool"])


def test_targets_are_written_where_declared():
    assert "Target: 205 teachers in 6 schools" in texts(participation.figure(SCHOOLS, 6, 205))
    assert "Target: 205 teachers" in texts(participation.figure(SCHOOLS, None, 205))
    assert not any("Target" in text for text in texts(participation.figure(SCHOOLS)))


def forty():
    return pd.DataFrame(
        [(f"School with a rather long name in the town number {i}", i + 5, i + 4, i + 1) for i in range(40)],
        columns=SCHOOLS.columns,
    )


@pytest.mark.parametrize("frame", [SCHOOLS, SCHOOLS[:1], SCHOOLS[3:], forty()])
@WIDTHS
def test_no_text_covers_another_or_leaves_the_page(frame, width):
    assert overlaps(participation.figure(frame, 6, 205, heading="Who answered", width=width, synthetic=True)) == []


def test_alt_text_counts_schools_and_respondents():
    text = participation.alt_text(SCHOOLS, 6, 205)
    assert text == (
        "Respondents in 3 schools: 60 before, 50 after, 33 linked. The target was 205 teachers in 6 schools."
    )
    assert participation.alt_text(SCHOOLS[3:].assign(n_matched=nan)) == (
        "Respondents: 60 before, 50 after, not shown linked."
    )
