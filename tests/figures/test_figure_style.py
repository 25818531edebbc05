import os
import subprocess
import sys
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from drawn import nan, texts
from matplotlib.colors import to_rgb

from analysis.figures import layout, marks, style

PROJECT = Path(__file__).parents[2]


@style.context()
def sketch(words="თბილისი, Šiauliai, Võru $5 and $6", synthetic=False):
    page, top = layout.page(style.FULL, 1.0, words, synthetic)
    panel = layout.rows(page, 1, 5, top, [0.3, 0.3])
    marks.draw_interval(panel.axes, panel.centres[0], 0.1, 0.4, style.POST)
    return page


def written(figure, kind, **settings):
    return style.rendered(figure, (kind,), **settings)[kind]


@pytest.mark.parametrize("kind", style.FORMATS)
def test_the_same_input_gives_the_same_bytes(kind):
    first, second = sketch(synthetic=True), sketch(synthetic=True)
    assert written(first, kind) == written(second, kind) == written(first, kind)


def test_another_process_gives_the_same_bytes():
    program = ("import hashlib, sys; sys.path.insert(0, 'tests/figures'); from test_figure_style import sketch, style\n"
               "for t in (True, False):\n"
               "    for k, v in style.rendered(sketch(synthetic=True), truetype=t).items():\n"
               "        print(k, hashlib.sha256(v).hexdigest())")
    said = [subprocess.run([sys.executable, "-c", program], cwd=PROJECT, env=os.environ | {"PYTHONHASHSEED": seed},
                           capture_output=True, encoding="utf-8", check=True).stdout for seed in ("1", "2")]
    assert said[0] == said[1] and len(said[0].splitlines()) == 6


def test_a_pdf_holds_no_time_no_program_and_its_fonts():
    from pypdf import PdfReader

    for truetype, kind in ((False, "/Type3"), (True, "/Type0")):
        page = PdfReader(BytesIO(written(sketch(), "pdf", truetype=truetype)))
        assert not (page.metadata or {})
        fonts = [font.get_object() for font in page.pages[0]["/Resources"]["/Font"].values()]
        assert fonts and {font["/Subtype"] for font in fonts} == {kind}
        assert "Šiauliai" in page.pages[0].extract_text()


def test_an_svg_holds_no_time_and_no_font_is_asked_for():
    drawn = written(sketch(), "svg").decode("utf-8")
    assert "dc:date" not in drawn
    assert "font-family" not in drawn
    assert "<text" not in drawn


def test_a_png_has_300_dots_an_inch_and_names_no_program():
    from PIL import Image

    with Image.open(BytesIO(written(sketch(), "png"))) as image:
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.01)
        assert image.width == pytest.approx(160 / 25.4 * 300, abs=1)
        assert "Software" not in image.info


def test_the_users_own_settings_change_nothing_and_stay():
    plain = written(sketch(), "svg")
    with matplotlib.rc_context({"font.family": ["serif"], "lines.linewidth": 9, "svg.fonttype": "none"}):
        assert written(sketch(), "svg") == plain
        assert matplotlib.rcParams["lines.linewidth"] == 9


def test_dollar_signs_are_not_read_as_mathematics():
    assert not any(text.get_parse_math() for text in sketch().texts)


def test_every_letter_of_the_studys_languages_has_a_glyph(recwarn):
    written(sketch("აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ ąčęėįšųūž õäöüšž åø “”„ − –"), "png")
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


def lightness(colour):
    """CIE L*, which tells two colours apart in grey."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    luminance = 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    return 116 * np.cbrt(luminance) - 16 if luminance > 0.008856 else 903.3 * luminance


def as_deuteranope(colour):
    """The colour as someone without green cones sees it (Machado, Oliveira & Fernandes 2009), sRGB 0 to 1."""
    linear = np.array([c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)])
    cones = [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    seen = np.clip(np.array(cones) @ linear, 0, 1)
    return np.where(seen <= 0.0031308, 12.92 * seen, 1.055 * seen ** (1 / 2.4) - 0.055)


@pytest.mark.parametrize("pair", [
    (style.PRE, style.POST), (style.PRE, style.PRE_LIGHT), (style.POST, style.POST_LIGHT), (style.FELL, style.ROSE),
    (style.ROSE, style.STAYED), (style.FELL, style.STAYED),
])
def test_colours_that_stand_side_by_side_differ_in_grey_and_for_deuteranopes(pair):
    assert abs(lightness(pair[0]) - lightness(pair[1])) > 12
    assert np.linalg.norm(as_deuteranope(pair[0]) - as_deuteranope(pair[1])) > 0.2


@pytest.mark.parametrize("k", [4, 5, 7])
def test_neighbouring_answers_differ_in_grey_and_for_deuteranopes(k):
    colours = style.answer_colours(k)
    for first, second in pairwise(colours):
        mirrored = colours.index(second) == k // 2 and k % 2 == 0
        assert mirrored or abs(lightness(first) - lightness(second)) > 5
        assert np.linalg.norm(as_deuteranope(first) - as_deuteranope(second)) > 0.08


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
