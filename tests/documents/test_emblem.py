"""The EU's emblem as a picture: from the drawing, in its proportions and colours."""

from __future__ import annotations

import io

from PIL import Image, ImageChops

from analysis.documents.emblem import DRAWING, emblem_png


def picture() -> Image.Image:
    return Image.open(io.BytesIO(DRAWING.with_name("eu.png").read_bytes()))


def test_the_picture_is_what_the_drawing_gives():
    made = Image.open(io.BytesIO(emblem_png())).convert("RGB")
    kept = picture().convert("RGB")
    assert made.size == kept.size
    difference = ImageChops.difference(made.resize((90, 60)), kept.resize((90, 60)))
    assert max(high for _low, high in difference.getextrema()) <= 12


def test_the_picture_is_two_to_three_and_sharp_in_print():
    width, height = picture().size
    assert 2 * width == 3 * height
    assert width / 27 * 25.4 >= 300


def test_twelve_gold_stars_stand_on_blue():
    made = picture().convert("RGB")
    assert made.getpixel((3, 3)) == (0, 0x33, 0x99)
    assert made.getpixel((made.width // 2, made.height // 2)) == (0, 0x33, 0x99)
    gold = [[made.getpixel((x, y))[0] > 200 for x in range(made.width)] for y in range(made.height)]
    seen: set[tuple[int, int]] = set()
    stars = 0
    for y, row in enumerate(gold):
        for x, is_gold in enumerate(row):
            if is_gold and (x, y) not in seen:
                stars += 1
                todo = [(x, y)]
                while todo:
                    at = todo.pop()
                    if at in seen or not gold[at[1]][at[0]]:
                        continue
                    seen.add(at)
                    todo += [(at[0] + dx, at[1] + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    assert stars == 12
