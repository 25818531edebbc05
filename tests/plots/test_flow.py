from drawn import height_of, texts

from analysis.plots import Box, flow

BOXES = [Box("invited", 205), Box("answered at baseline", 188, [("baseline only", 71), ("set aside", 3)]),
         Box("matched", 117), Box("analysed on two scales")]


def test_the_steps_stand_one_below_the_other_with_their_numbers_beside():
    figure = flow(BOXES)
    steps = [height_of(figure, box.text) for box in BOXES]
    assert steps == sorted(steps)
    assert [height_of(figure, str(n)) for n in (205, 188, 117)] == steps[:3]


def test_those_who_left_stand_beside_the_arrow_below_their_step():
    figure = flow(BOXES)
    assert height_of(figure, "answered at baseline") < height_of(figure, "baseline only") < height_of(figure, "matched")
    assert height_of(figure, "set aside") == height_of(figure, "3")


def test_a_step_without_a_number_shows_none_and_zero_is_a_number():
    assert len(texts(flow([Box("analysed")]))) == 1
    assert "0" in texts(flow([Box("analysed", 0)]))


def test_there_is_an_arrow_to_every_step_and_to_everyone_who_left():
    arrows = [artist for artist in flow(BOXES).artists if type(artist).__name__ == "FancyArrowPatch"]
    assert len(arrows) == len(BOXES) - 1 + 1
