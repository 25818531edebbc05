"""The notebooks run through Papermill on any study, with nothing but their parameters."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from analysis.running.execution import executed
from here import in_this_process
from runs import PROJECT, files_of

NOTEBOOKS = PROJECT / "notebooks"


@pytest.mark.parametrize(("name", "parameters"), [
    ("explore.ipynb", {"country": "FI"}),
    ("across_countries.ipynb", {"output_folder": ""}),
    ("country.ipynb", {"country": "EE", "output_folder": ""}),
    ("data_quality.ipynb", {"output_folder": ""}),
])
def test_a_notebook_runs_and_without_an_output_folder_writes_nothing(tiny_run, tmp_path, monkeypatch, name, parameters):
    monkeypatch.chdir(tmp_path)
    before = files_of(tiny_run.study).keys()
    with nullcontext() if name == "explore.ipynb" else in_this_process():
        node = executed(NOTEBOOKS / name, {"study_folder": str(tiny_run.study), **parameters})
    outputs = [output for cell in node.cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output.output_type == "error"]
    figures = [output for output in outputs if "image/png" in output.get("data", {})]
    assert bool(figures) == (name != "data_quality.ipynb"), "which has tables only"
    assert [output for output in outputs if "text/html" in output.get("data", {})]
    assert not [output["text"] for output in outputs if output.output_type == "stream"], "no warning is printed"
    assert files_of(tiny_run.study).keys() == before and not list(tmp_path.iterdir())


def test_an_author_gets_the_chosen_figures_with_captions_and_numbers(tiny_run, tmp_path):
    chosen = {"country": "EE", "figures": "change", "language": "et", "sizes": "half", "formats": "pdf png",
              "output_folder": str(tmp_path / "figures")}
    with in_this_process():
        node = executed(NOTEBOOKS / "deliverable_figures.ipynb", {"study_folder": str(tiny_run.study), **chosen})
    assert {path.name for path in (tmp_path / "figures").iterdir()} == {
        "change-EE-et-half.pdf", "change-EE-et-half.png", "change-EE-et.csv", "captions.csv", "captions.txt"}
    shown = [output.get("data", {}) for cell in node.cells for output in cell.get("outputs", [])]
    assert any("image/png" in data for data in shown)
    assert "95 %" in (tmp_path / "figures" / "captions.txt").read_text(encoding="utf-8")
