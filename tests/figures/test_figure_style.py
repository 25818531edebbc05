import matplotlib
import pytest
from drawn import nan, texts
from matplotlib.colors import to_rgb

from analysis.figures import layout, marks, style


@style.context()
def sketch(words="თბილისი, Šiauliai, Võru $5 and $6", synthetic=False):
    page, top = layout.page(1.0, words, synthetic)
    panel = layout.rows(page, 1, 5, top, [0.3, 0.3])
    marks.draw_interval(panel.axes, panel.centres[0], 0.1, 0.4, style.POST)
    return page


def test_the_same_input_gives_the_same_bytes():
    first, second = sketch(synthetic=True), sketch(synthetic=True)
    assert style.svg(first) == style.svg(second) == style.svg(first)
    assert style.png(first) == style.png(second)


def test_an_svg_holds_no_time_and_no_font_is_asked_for():
    written = style.svg(sketch()).decode("utf-8")
    assert "dc:date" not in written
    assert "font-family" not in written
    assert "<text" not in written


def test_a_png_has_300_dots_an_inch_and_names_no_program(tmp_path):
    from PIL import Image

    _, path = style.save(sketch(), tmp_path / "kaart õ.1")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["kaart õ.1.png", "kaart õ.1.svg"]
    with Image.open(path) as image:
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.01)
        assert image.width == pytest.approx(style.WIDTH * 300, abs=1)
        assert "Software" not in image.info


def test_the_users_own_settings_change_nothing_and_stay():
    plain = style.svg(sketch())
    with matplotlib.rc_context({"font.family": ["serif"], "lines.linewidth": 9, "svg.fonttype": "none"}):
        assert style.svg(sketch()) == plain
        assert matplotlib.rcParams["lines.linewidth"] == 9


def test_dollar_signs_are_not_read_as_mathematics():
    assert not any(text.get_parse_math() for text in sketch().texts)


def test_every_letter_of_the_studys_languages_has_a_glyph(recwarn):
    style.png(sketch("აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ ąčęėįšųūž õäöüšž åø “”„ − –"))
    assert [str(w.message) for w in recwarn if "missing" in str(w.message)] == []


def test_synthetic_data_are_marked():
    assert "synthetic data" in texts(sketch(synthetic=True))
    assert "synthetic data" not in texts(sketch())


def test_before_and_after_differ_in_lightness_and_stand_out_from_white():
    def luminance(colour):
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    pre, post = luminance(style.PRE), luminance(style.POST)
    assert 1.05 / (pre + 0.05) > 3 and 1.05 / (post + 0.05) > 4.5
    assert (pre + 0.05) / (post + 0.05) > 1.5


def test_wrapped_lines_fit_and_keep_every_word():
    text = "Mokyklos skaitmeninės praktikos vizija " * 3 + "ü" * 90
    lines = layout.wrap(text, 1.5, style.TEXT).split("\n")
    assert all(layout.text_width(line, style.TEXT) <= 1.5 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_a_no_break_space_is_kept_together():
    width = layout.text_width("knowledge practices (n", style.TEXT)
    assert layout.wrap(
        "knowledge practices (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}8)", width, style.TEXT
    ).endswith("\n(n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}8)")


def test_limits_hold_zero_and_every_usual_interval():
    low, high = marks.limits([0.3, nan], [0.1, nan], [0.5, nan])
    assert low < 0 and high > 0.5
    assert marks.limits([], [], []) == (-0.5, 0.5)
    assert marks.limits([0.1, 0.2], [0.0, float("-inf")], [0.2, float("inf")])[1] < 0.3


@pytest.mark.parametrize(
    ("value", "text"), [(0.314, "0.31"), (-0.2, "−0.20"), (-0.001, "0.00"), (0, "0.00"), (nan, "")]
)
def test_numbers_have_two_decimals_and_a_true_minus(value, text):
    assert marks.number(value) == text
