"""The explorer: every view is what its code gives, protected as in a report, counted, and kept for the next time."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import nbformat
import pandas as pd
import pytest

from analysis import read_study
from analysis.explorer import COMPARING, TABS, Explorer
from analysis.study.populations import Population
from notebook_documents.blocks import blocks
from runs import tiny_study


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return read_study(tiny_study(tmp_path_factory.mktemp("explorer") / "study"))


@pytest.fixture
def explorer(study):
    return Explorer(study, "EE")


def of(explorer: Explorer, name: str):
    return explorer._controls[name]


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("owner", [False, True])
def test_the_code_for_a_view_gives_its_numbers_and_its_figures(study, explorer, tab, owner):
    view = replace(explorer.view, tab=tab, owner=owner)
    *lines, table = view.code.splitlines()
    shown = []
    names = {"study": study, "display": shown.append}
    exec("\n".join(lines), names)
    pd.testing.assert_frame_equal(eval(table, names), explorer.table(view))
    assert len(shown) == len(explorer.figures(view)) == explorer.page(view).count("<img")
    assert len(view.code.splitlines()) <= 10


def test_subgroup_population_and_assumptions_stand_in_the_code(explorer):
    view = replace(explorer.view, where='gender == "f"', smallest_change=0.3, minimum_group=8,
                   population=Population("leaders", 2))
    assert view.here == ('study.panel("EE", "leaders", 2).assuming(smallest_change=0.3, minimum_group=8)'
                         '.where("gender == \\"f\\"")')
    assert "minimum_group" not in replace(view, owner=True).here, "nothing is suppressed for the owner"


def test_a_subgroup_that_cannot_be_asked_is_a_sentence_in_place_of_the_view(explorer):
    said = explorer.page(replace(explorer.view, where="hat > 3"))
    assert "can&#x27;t be asked here" in said and "years" in said and "<img" not in said


def test_what_a_country_lacks_gives_way_and_what_it_has_stays_chosen(explorer):
    explorer._widget  # noqa: B018
    of(explorer, "scale").value = "leadership"
    of(explorer, "country").value = "FI"
    assert explorer.view.country == "FI" and explorer.view.scale == of(explorer, "scale").value == "leadership"


def test_comparisons_are_counted_once_each_and_descriptions_are_none(explorer):
    explorer._widget  # noqa: B018
    scales = len(explorer.here(explorer.view).panel.compared_scales)
    assert explorer.comparisons == scales
    explorer._tabs.selected_index = list(TABS).index("participation")
    explorer._tabs.selected_index = list(TABS).index("change")
    assert explorer.comparisons == scales
    of(explorer, "country").value = "FI"
    assert explorer.comparisons == 2 * scales and "participation" not in COMPARING
    assert str(2 * scales) in explorer._counted.value and 'study.panel("FI")' in explorer._record.text


def test_a_number_that_is_none_is_told_and_changes_nothing_else(explorer):
    explorer._widget  # noqa: B018
    before = explorer.view
    of(explorer, "smallest_change").value = "much"
    assert "number of scale points" in explorer._page.value and explorer.view == before
    of(explorer, "smallest_change").value = "0,3"
    assert explorer.view.smallest_change == 0.3


def test_without_widgets_the_picture_and_its_words_stand_in_their_place(explorer):
    bundle = explorer._repr_mimebundle_()
    assert {"application/vnd.jupyter.widget-view+json", "image/png", "image/svg+xml"} <= bundle.keys()
    output = nbformat.v4.new_output("display_data", bundle)
    (figure,) = blocks(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("explorer", outputs=[output])]))
    assert figure.png.startswith(b"\x89PNG") and "Pedagogical practices" in figure.alt


def test_every_country_is_computed_ahead(explorer):
    asyncio.run(explorer._compute_ahead())
    for country in explorer.study.countries:
        for tab in TABS:
            view = replace(explorer.view, country=country, tab=tab)
            assert (view.here, view.figures) in explorer._drawn or not explorer.figures(view)


def test_a_view_goes_into_a_notebook_of_ones_own_that_runs(explorer, monkeypatch):
    explorer._widget  # noqa: B018
    explorer._own.click()
    of(explorer, "country").value = "FI"
    explorer._own.click()
    place = explorer.study.study.folder / "private" / "my-report.ipynb"
    cells = nbformat.read(place, 4).cells
    assert [cell.cell_type for cell in cells] == ["markdown", "code"] + ["markdown", "code"] * 2
    assert "comparisons were looked at before" in cells[2].source
    monkeypatch.chdir(place.parent)
    names = {"display": lambda _figure: None}
    for cell in cells:
        if cell.cell_type == "code":
            exec(cell.source, names)
    assert names["here"].panel.country == "FI"
