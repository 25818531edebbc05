"""No text of any kind of chart covers another or leaves the page, at either width, in any language."""

import numpy as np
import pytest
from drawn import WIDTHS, nan, overlaps

from analysis.plots import (
    Box,
    Interval,
    Share,
    counts,
    flow,
    heat_map,
    interval_panels,
    intervals,
    panels_a_page,
    shares,
    style,
)

LABELS = {
    "short": ["Visions", "Pedagogy", "Resources"],
    "Lithuanian": ["Mokytojų bendruomenės praktikos ir bendradarbiavimas už mokyklos ribų", "Lyderystė",
                   "Mes kartu planuojame pamokas ir " * 4],
    "Georgian": ["მასწავლებელთა საზოგადოების პრაქტიკა და თანამშრომლობა სკოლის გარეთ", "ხელმძღვანელობა",
                 "ციფრული რესურსები " * 5],
    "one word": ["Skaitmeninėspraktikosvizija" * 3, "ü" * 60, "a"],
}
LONG = "ცვლილება შკალის ქულებში, განმეორებითი გამოკითხვა მინუს საწყისი, " * 2
KEYS = {name: f"{LONG} {name}" for name in ("point", "arrow", "hollow", "range", "diamond", "outer", "guide", "other")}


def rows(labels, **settings):
    return [Interval(label, e, e - h, e + h, "+0,31 [0,11 – 0,51]" if e == e else "ვერ ფასდება", band=0.2, **settings)
            for label, e, h in zip(labels, (0.3, nan, -0.1), (0.2, nan, 9), strict=True)]


def words(n):
    return [(f"{LONG[:60]}{at}", colour) for at, colour in enumerate(style.answer_colours(n))]


CHARTS = {
    "intervals": lambda labels, page: intervals(rows(labels), LONG, LONG[:40], band_label=LONG, keys=KEYS, **page),
    "short column": lambda labels, page: intervals(rows(labels), "Change", "n", **page),
    "groups": lambda labels, page: intervals(
        [row for label in labels for row in rows(["pre", "b", "post"], group=label)], "x", "y", **page),
    "panels": lambda labels, page: interval_panels(
        {f"{label} {at}": rows(labels) for label in labels for at in range(4)}, LONG, keys=KEYS, **page),
    "likert": lambda labels, page: shares(
        [Share(wave, [0.1, 0.2, 0.3, 0.25, 0.15] if wave else [], "123", label) for label in labels for wave in ("b", "")],
        words(5), LONG, centre=2, column="n", **page),
    "shares": lambda labels, page: shares([Share(label, [0.05, 0.55, 0.4], "n = 12") for label in labels], words(3), LONG,
                                          **page),
    "map": lambda labels, page: heat_map(
        labels, ["Estonia", "Suomi ja Ruotsi", "საქართველო", "Lietuva", "Norge"], np.full((3, 5), 0.25),
        np.full((3, 5), "+0,25"), legend=LONG, groups=labels, **page),
    "one column": lambda labels, page: heat_map(labels, [LONG], np.full((3, 1), nan), np.full((3, 1), "–"), **page),
    "counts": lambda labels, page: counts(
        [(label, {"a": 1234, "b": None}) for label in labels], [("a", LONG[:50], style.PRE), ("b", "b", style.POST)], LONG,
        **page),
    "flow": lambda labels, page: flow(
        [[Box(label, 1234) for label in labels], [Box(LONG, 12), Box(labels[0])], [Box(LONG)]], **page),
}


@pytest.mark.parametrize("language", LABELS)
@pytest.mark.parametrize("kind", CHARTS)
@WIDTHS
def test_no_text_covers_another_or_leaves_the_page(kind, language, width):
    for synthetic in ("", "სინთეზური მონაცემები"):
        assert overlaps(CHARTS[kind](LABELS[language], {"width": width, "synthetic": synthetic})) == []


@pytest.mark.parametrize("kind", CHARTS)
@WIDTHS
def test_a_chart_is_as_wide_as_asked_for(kind, width):
    assert CHARTS[kind](LABELS["short"], {"width": width}).get_size_inches()[0] == pytest.approx(width)


@pytest.mark.parametrize("n", [3, 12, 30])
def test_panels_that_belong_on_a_page_fit_on_one(n):
    labels = [f"School {at}" for at in range(n)]
    own = [Interval(label, 0.1, 0, 0.2) for label in labels]
    figure = interval_panels({f"Scale {at}": own for at in range(panels_a_page(n))}, "Change")
    assert figure.get_size_inches()[1] < 8.6
