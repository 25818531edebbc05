import numpy as np
import pytest
from drawn import height_of, nan, texts
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from analysis.plots import HALF, heat_map
from analysis.plots.heat_map import colour_of

VALUES = np.array([[0.5, -0.25, nan], [0.0, 0.124, 0.3]])
TEXTS = np.array([["+0.50", "−0.25", "–"], ["0.00", "+0.12", "+0.30"]])
ROWS, COLUMNS = ["We plan lessons together", "We share a vision"], ["Estonia", "Lithuania", "Georgia"]


def cells(figure, label="cell"):
    return [cell for cell in figure.axes[0].findobj(Rectangle) if cell.get_label() == label]


def test_a_cell_has_its_number_and_its_colour():
    figure = heat_map(ROWS, COLUMNS, VALUES, TEXTS, limit=0.5)
    places = {text.get_text(): text.get_position() for text in figure.axes[0].texts}
    filled = {(round(cell.get_x() + 0.5, 2), round(cell.get_y() + cell.get_height() / 2, 4)): to_hex(cell.get_facecolor())
              for cell in cells(figure)}
    assert len(filled) == 5
    for text, value in (("+0.50", 0.5), ("−0.25", -0.25), ("0.00", 0.0), ("+0.12", 0.124)):
        x, y = places[text]
        assert filled[(round(x, 2), round(y, 4))] == colour_of(value, 0.5)


def test_a_cell_without_a_number_has_no_colour_of_the_map():
    (empty,) = cells(heat_map(ROWS, COLUMNS, VALUES, TEXTS), "none")
    assert empty.get_x() == 2 and len(set(empty.get_facecolor()[:3])) == 1


def luminance(colour):
    return sum(weight * int(colour[i:i + 2], 16) for weight, i in ((0.21, 1), (0.72, 3), (0.07, 5)))


@pytest.mark.parametrize("sign", [1, -1])
def test_the_further_from_zero_the_darker_and_the_less_certain_the_fainter(sign):
    steps = [luminance(colour_of(sign * size, 1.0)) for size in (0.1, 0.3, 0.6, 1.0)]
    assert steps == sorted(steps, reverse=True)
    faint = [luminance(colour_of(sign * 0.6, 1.0, certain)) for certain in (0.1, 0.4, 1.0)]
    assert faint == sorted(faint, reverse=True)
    assert colour_of(0.6, 1.0) != colour_of(-0.6, 1.0)


def test_certainty_is_taken_cell_by_cell():
    plain, faint = (heat_map(ROWS, COLUMNS, VALUES, TEXTS, certain=certain) for certain in (None, np.eye(2, 3)))
    changed = [one.get_facecolor() != other.get_facecolor() for one, other in zip(cells(plain), cells(faint), strict=True)]
    assert changed == [False, True, False, False, True]


def test_the_key_ends_at_the_largest_value_or_the_given_limit():
    assert {"0.50", "−0.50"} <= set(texts(heat_map(ROWS, COLUMNS, VALUES, TEXTS)))
    assert {"0.75", "−0.75"} <= set(texts(heat_map(ROWS, COLUMNS, VALUES, TEXTS, limit=0.75)))
    assert "0.75" in texts(heat_map(ROWS, COLUMNS, VALUES * nan, TEXTS, limit=0.75))


def test_long_names_of_columns_stand_upright_and_groups_above_their_rows():
    values, groups = np.zeros((2, 6)), ["One", "Two"]
    figure = heat_map(ROWS, ["Nepriklausomybė"] * 6, values, values.astype(str), groups=groups, width=HALF)
    assert {text.get_rotation() for text in figure.texts if text.get_text() == "Nepriklausomybė"} == {90}
    assert height_of(figure, "One") < height_of(figure, ROWS[0]) < height_of(figure, "Two") < height_of(figure, ROWS[1])
