"""A report's figures as a whole: texts large enough at both widths, captions, and the numbers behind each."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from analysis.exhibits.catalogue import ACROSS, COUNTRY, caption, titles
from analysis.exhibits.participation import invited_teachers
from analysis.figures import layout, style
from analysis.questions.across import panels
from analysis.responses import read_responses
from analysis.study.folder import read_study
from analysis.study.settings import Country
from figures.drawn import overlaps, smallest_text
from notebook_documents.blocks import cell_options
from runs import PROJECT


@pytest.fixture(scope="module")
def exhibits():
    """Every figure of Estonia and of all countries, with Georgian labels."""
    study = read_study(PROJECT / "data" / "example", "ka")
    every = panels(study, read_responses(study))
    return [*(exhibit for make in COUNTRY.values() for exhibit in make(every["EE"])),
            *(exhibit for make in ACROSS.values() for exhibit in make(study, every))]

ONLY_AFTER = {"answers-maturation", "answers-scaffolding", "answers-appropriation"}


@pytest.mark.parametrize("width", [style.FULL, style.HALF], ids=["full", "half"])
def test_no_text_is_under_seven_points_covers_another_or_leaves_the_page(exhibits, width):
    for exhibit in exhibits:
        drawn = exhibit.draw(width)
        assert smallest_text(drawn) >= 7 and overlaps(drawn) == [], exhibit.name
        assert drawn.get_size_inches()[0] == pytest.approx(width)
        assert width == style.HALF or drawn.get_size_inches()[1] < layout.TALLEST + 0.6, exhibit.name


def test_names_are_distinct_and_every_kind_is_there(exhibits):
    names = [exhibit.name for exhibit in exhibits]
    assert len(set(names)) == len(names) and {exhibit.kind for exhibit in exhibits} == {*COUNTRY, *ACROSS}


def test_captions_say_where_the_data_come_from_and_that_they_are_invented(exhibits):
    for exhibit in exhibits:
        text = caption(exhibit)
        assert text.startswith(titles()[exhibit.kind]) and "Digital practice before and after mentoring" in text
        surveys = "survey after mentoring" if exhibit.name in ONLY_AFTER else "surveys before and after mentoring"
        assert text.endswith(f", {surveys}. Synthetic data.") and len(exhibit.alt) >= 15


def test_the_numbers_behind_a_figure_have_a_row_for_reading_each_or_a_cell(exhibits):
    for exhibit in exhibits:
        assert len(exhibit.numbers) and exhibit.table.rows, exhibit.name
        assert all(len(row) == len(exhibit.table.headings) for row in exhibit.table.rows), exhibit.name


def test_titles_are_those_of_the_notebooks():
    found = set()
    for name in ("country", "across_countries"):
        cells = json.loads((PROJECT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
        found |= {cell_options("".join(cell["source"])).get("fig-cap") for cell in cells}
    assert set(titles().values()) == found - {None}


def test_a_figures_numbers_are_in_the_tables_of_the_report(example_run):
    folder = example_run.reports / "countries" / "FI"
    known = {round(number, 9) for path in (folder / "tables").glob("*.csv") for number in numbers_in(path)}
    files = [path for path in (folder / "figures").glob("*.csv")
             if re.match(r"change|answers|methods|participation|participant", path.name)]
    assert len(files) > 10
    for path in files:
        assert not [number for number in numbers_in(path) if round(number, 9) not in known], path.name


def numbers_in(path):
    frame = pd.read_csv(path).select_dtypes("number").to_numpy(float)
    return frame[np.isfinite(frame)]


def test_teachers_invited_are_known_only_where_every_school_says_so():
    both = {"A": {"invited": 20}, "B": {"invited": 15}}
    assert invited_teachers(Country(name="X", schools=both), 2) == 35
    assert invited_teachers(Country(name="X", schools=both), 3) is None
    assert invited_teachers(Country(name="X", schools=both | {"C": {}}), 2) is None
    assert invited_teachers(Country(name="X"), 0) is None
