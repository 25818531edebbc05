import pytest
from drawn import WIDTHS, height_of, texts

from analysis.plots import Box, flow

ROWS = [[Box("invited", 205)], [Box("baseline", 188), Box("follow-up", 142)],
        [Box("first only", 71), Box("matched", 117), Box("second only", 25)], [Box("analysed"), Box("not", 3, out=True)]]


@WIDTHS
def test_rows_stand_one_below_the_other_and_the_boxes_of_a_row_beside_each_other(width):
    figure = flow(ROWS, width=width)
    steps = [[height_of(figure, box.text) for box in row] for row in ROWS]
    assert steps == [pytest.approx([row[0]] * len(row)) for row in steps]
    assert [row[0] for row in steps] == sorted(row[0] for row in steps)


def test_a_number_stands_beside_its_text():
    figure = flow(ROWS)
    assert height_of(figure, "188") == height_of(figure, "baseline")


def test_a_box_without_a_number_shows_none_and_zero_is_a_number():
    assert len(texts(flow([[Box("analysed")]]))) == 1
    assert "0" in texts(flow([[Box("analysed", 0)]]))


def arrows(rows):
    return sum(type(artist).__name__ == "FancyArrowPatch" for artist in flow(rows).artists)


def test_arrows_lead_to_what_comes_of_a_box_and_not_past_a_neighbour():
    assert arrows(ROWS[:2]) == 2
    assert arrows(ROWS[1:3]) == 4
    assert arrows([ROWS[2], [Box("all")]]) == 3
