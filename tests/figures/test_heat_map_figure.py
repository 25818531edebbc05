import pandas as pd
from drawn import WIDTHS, nan, overlaps, texts
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from analysis.figures import heat_map

ITEMS = [("i1", "We plan lessons together.", "Visions"), ("i2", "ვიყენებ ციფრულ რესურსებს გაკვეთილზე", "Visions"),
         ("i3", "Third", "Leadership")]
COUNTRIES = [("EE", "Estonia"), ("LT", "Lithuania")]
CHANGES = pd.DataFrame(
    [("i1", "EE", 0.5), ("i1", "LT", -0.25), ("i2", "EE", 0.0), ("i2", "LT", nan), ("i3", "EE", 0.124)],
    columns=["item", "country", "change"])


def cells(figure, label):
    return [bar for bar in figure.axes[0].findobj(Rectangle) if bar.get_label() == label]


def test_a_cell_has_its_number_and_its_colour():
    drawn = heat_map.figure(CHANGES, ITEMS, COUNTRIES, 0.5)
    places = {text.get_text(): text.get_position() for text in drawn.axes[0].texts}
    filled = {(round(bar.get_x() + 0.5, 2), round(bar.get_y() + bar.get_height() / 2, 4)): to_hex(bar.get_facecolor())
              for bar in cells(drawn, "change")}
    for text, change in (("0.50", 0.5), ("−0.25", -0.25), ("0.00", 0.0), ("0.12", 0.124)):
        x, y = places[text]
        assert filled[(round(x, 2), round(y, 4))] == heat_map.colour_of(change, 0.5)


def test_what_is_not_shown_or_was_not_asked_is_hatched_and_has_no_number():
    drawn = heat_map.figure(CHANGES, ITEMS, COUNTRIES, 0.5)
    hatched = cells(drawn, "not shown")
    assert len(hatched) == 2 and all(bar.get_hatch() and bar.get_x() == 1 for bar in hatched)
    assert "not shown" in texts(drawn)


def test_a_rise_and_a_fall_differ_in_hue_and_the_stronger_is_the_darker():
    def luminance(change):
        colour = heat_map.colour_of(change, 1.0)
        return sum(weight * int(colour[i:i + 2], 16) for weight, i in ((0.21, 1), (0.72, 3), (0.07, 5)))

    for sign in (1, -1):
        steps = [luminance(sign * size) for size in (0.1, 0.3, 0.6, 1.0)]
        assert steps == sorted(steps, reverse=True)
    assert heat_map.colour_of(0.6, 1.0) != heat_map.colour_of(-0.6, 1.0)


def test_the_strongest_colour_is_that_of_the_strongest_change_rounded_up_to_a_quarter():
    assert heat_map.limit_of(pd.DataFrame({"change": [0.1, -0.8, nan]})) == 1.0
    assert heat_map.limit_of(pd.DataFrame({"change": [0.75]})) == 0.75
    assert heat_map.limit_of(pd.DataFrame({"change": [nan]})) == 0.5


def test_alt_text_names_the_lowest_and_the_highest_and_counts_what_is_missing():
    text = heat_map.alt_text(CHANGES, ITEMS, COUNTRIES)
    assert "Lowest −0.25 (We plan lessons together, Lithuania)" in text
    assert "highest 0.50 (We plan lessons together, Estonia)" in text and "2 cells not shown" in text


@WIDTHS
def test_no_text_covers_another_or_leaves_the_page(width):
    countries = [(f"C{i}", name) for i, name in enumerate(["Estonia", "Finland", "Georgia", "Lithuania", "Norway"])]
    items = [(f"i{j}", f"{j} " + "In our school we share a vision of digital practice " * 2, f"Scale {j // 4} " * 6)
             for j in range(12)]
    rows = pd.DataFrame([(item, key, -0.12 * (i + 1)) for item, *_ in items for i, (key, _) in enumerate(countries)],
                        columns=["item", "country", "change"])
    assert overlaps(heat_map.figure(rows, items, countries, 1.0, heading="Items", width=width, synthetic=True)) == []
    assert overlaps(heat_map.figure(CHANGES, ITEMS, COUNTRIES, 0.5, width=width)) == []
