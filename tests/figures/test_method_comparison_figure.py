import pandas as pd
import pytest
from drawn import WIDTHS, nan, overlaps, points, spans, texts

from analysis.figures import method_comparison

ROWS = pd.DataFrame(
    [
        ("a", "mixed_cr2", 120, 0.26, 0.05, 0.47),
        ("a", "wilcoxon", 84, 0.25, nan, nan),
        ("a", "school_means_t", 84, nan, nan, nan),
        ("a", "exact_codes_only", nan, nan, nan, nan),
        ("a", "Schools left out in turn", 120, nan, 0.2, 0.3),
        ("b", "school_means_t", 60, -0.1, -0.3, 0.1),
        ("b", "mixed_cr2", 90, -0.2, -0.4, 0.0),
    ],
    columns=["scale", "method", "n", "estimate", "ci_low", "ci_high"],
)
ONE = ROWS[:5]
LABELS = {"a": "Visions", "b": "Leadership"}


def test_estimates_and_intervals_lie_where_the_frame_says():
    drawn = method_comparison.figure(ONE)
    assert points(drawn, "estimate") == [0.26, 0.25]
    assert spans(drawn, "interval") == [(0.05, 0.47)]


def test_the_dashed_line_continues_the_main_estimate():
    assert points(method_comparison.figure(ONE), "main") == [0.26]
    assert points(method_comparison.figure(ONE[1:]), "main") == []


def test_a_row_with_both_ends_and_no_estimate_is_a_range():
    drawn = method_comparison.figure(ONE)
    assert spans(drawn, "range") == [(0.2, 0.3)]
    assert "range 0.20 to 0.30" in texts(drawn)


def test_empty_rows_say_whether_they_are_suppressed_or_not_estimable():
    drawn = method_comparison.figure(ONE)
    heights = {t.get_text(): t.get_position()[1] for t in drawn.axes[0].texts}
    assert heights["not estimable"] == pytest.approx(heights["School means, t"])
    assert heights["not shown"] == pytest.approx(heights["Main, exact codes only"])


def test_a_row_whose_note_says_not_shown_is_not_called_not_estimable():
    hidden = ONE.assign(note="Not shown: it differs from the main estimate by the answers of fewer than 5 respondents.")
    assert "not estimable" not in texts(method_comparison.figure(hidden))


def test_the_callers_names_of_the_methods_are_used():
    assert "Peamine" in texts(method_comparison.figure(ONE, titles={"mixed_cr2": "Peamine"}))


def test_the_grid_keeps_every_method_in_its_row_and_marks_the_missing_ones():
    drawn = method_comparison.grid(ROWS, LABELS)
    assert points(drawn, "estimate", 0) == [0.26, 0.25]
    assert points(drawn, "estimate", 1) == [-0.2, -0.1]
    assert [text for text in texts(drawn) if text in LABELS.values()] == ["Visions", "Leadership"]
    assert sum(text.get_text() == "not shown" for text in drawn.axes[1].texts) == 3


@pytest.mark.parametrize("n", [1, 3, 14])
@WIDTHS
def test_no_text_covers_another_or_leaves_the_page(n, width):
    frame = pd.concat([ONE.assign(scale=f"s{i}") for i in range(n)])
    names = {f"s{i}": f"Practices of the teaching community {i}" for i in range(n)}
    assert overlaps(method_comparison.grid(frame, names, heading="Methods", width=width, synthetic=True)) == []
    assert overlaps(method_comparison.figure(ONE, "Visions", width=width, synthetic=True)) == []


def test_alt_text_gives_the_main_estimate_and_the_range():
    text = method_comparison.alt_text(ONE, "Visions")
    assert "Main: mixed model, all answers: 0.26 [0.05, 0.47]. Estimates run from 0.25 to 0.26." in text
    assert "3 of 5 without an estimate." in text


def test_alt_text_of_the_grid_gives_each_scales_range():
    assert "Visions: 0.25 to 0.26; Leadership: −0.20 to −0.10." in method_comparison.grid_alt_text(
        ROWS, LABELS
    )
    many = pd.concat([ONE.assign(scale=f"s{i}") for i in range(6)] + [ROWS[5:]])
    text = method_comparison.grid_alt_text(many, LABELS)
    assert (
        "They differ most on Leadership, −0.20 to −0.10. On 7 of 7 scales all estimates have the same sign."
        in text
    )
