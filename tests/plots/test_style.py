import os
import subprocess
import sys
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from drawn import texts
from matplotlib.colors import to_rgb

from analysis.plots import FORMATS, Interval, intervals, rendered, style
from analysis.plots.text import text_width, wrap

PROJECT = Path(__file__).parents[2]


def sketch(words="თბილისი, Šiauliai, Võru $5 and $6", synthetic="synthetic data"):
    rows = [Interval(words, 0.2, 0.1, 0.4, "0.20", band=0.1)]
    return intervals(rows, words, "Change", band_label=words, synthetic=synthetic)


def written(figure, kind, **settings):
    return rendered(figure, (kind,), **settings)[kind]


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_input_gives_the_same_bytes(kind):
    first, second = sketch(), sketch()
    assert written(first, kind) == written(second, kind) == written(first, kind)


def test_another_process_gives_the_same_bytes():
    program = ("import hashlib, sys; sys.path.insert(0, 'tests/plots'); from test_style import sketch, rendered\n"
               "for t in (True, False):\n"
               "    for k, v in rendered(sketch(), truetype=t).items():\n"
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
    assert not any(word in drawn for word in ("dc:date", "font-family", "<text"))


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


def test_no_chart_leaves_a_state_in_pyplot():
    program = "import sys; sys.path.insert(0, 'tests/plots'); from test_style import sketch; sketch()\n" \
              "print('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, encoding="utf-8",
                          check=True).stdout.strip() == "False"


def test_dollar_signs_are_not_read_as_mathematics():
    figure = sketch()
    assert sum("$5 and $6" in text for text in texts(figure)) == 3
    assert not any(text.get_parse_math() for text in figure.texts)


def test_every_letter_of_the_studys_languages_has_a_glyph(recwarn):
    written(sketch("აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ ąčęėįšųūž õäöüšž åø “”„ − –"), "png")
    assert [str(w.message) for w in recwarn if "missing" in str(w.message)] == []


def test_synthetic_data_are_marked():
    assert "synthetic data" in texts(sketch())
    assert "synthetic data" not in texts(sketch(synthetic=""))


def luminance(colour):
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def lightness(colour):
    """CIE L*, which tells two colours apart in grey."""
    return 116 * np.cbrt(luminance(colour)) - 16 if luminance(colour) > 0.008856 else 903.3 * luminance(colour)


def as_deuteranope(colour):
    """The colour as someone without green cones sees it (Machado, Oliveira & Fernandes 2009), sRGB 0 to 1."""
    linear = np.array([c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)])
    cones = [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    seen = np.clip(np.array(cones) @ linear, 0, 1)
    return np.where(seen <= 0.0031308, 12.92 * seen, 1.055 * seen ** (1 / 2.4) - 0.055)


def test_baseline_and_follow_up_stand_out_from_white():
    assert 1.05 / (luminance(style.PRE) + 0.05) > 3 and 1.05 / (luminance(style.POST) + 0.05) > 4.5


@pytest.mark.parametrize("pair", [
    (style.PRE, style.POST), (style.POST, style.INK), (style.FELL, style.ROSE), (style.ROSE, style.STAYED),
    (style.FELL, style.STAYED),
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


@pytest.mark.parametrize("k", [2, 3, 4, 5, 11])
def test_every_answer_has_its_own_colour_and_only_a_middle_one_is_neutral(k):
    colours = style.answer_colours(k)
    assert len(set(colours)) == k
    assert (style.NEUTRAL in colours) == bool(k % 2)


def test_wrapped_lines_fit_and_keep_every_word():
    text = "Mokyklos skaitmeninės praktikos vizija " * 3 + "ü" * 90
    lines = wrap(text, 1.5, style.TEXT).split("\n")
    assert all(text_width(line, style.TEXT) <= 1.5 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_a_no_break_space_is_kept_together():
    width = text_width("knowledge practices (n", style.TEXT)
    assert wrap("knowledge practices (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}8)", width, style.TEXT).endswith(
        "\n(n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}8)")
