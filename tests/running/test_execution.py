"""Notebooks run with checked parameters, and come back without traces of the machine."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import papermill
import pytest

from analysis.running import execution
from analysis.running.execution import NotebookError, checked_parameters, executed, without_traces
from runs import PROJECT, stand_in_notebook

COUNTRY = PROJECT / "notebooks" / "country.ipynb"


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        (
            {"contry": "EE"},
            "country.ipynb has no parameter “contry”; it has country, language, output_folder, study_folder.",
        ),
        ({"country": ["EE"]}, "country.ipynb: parameter “country” must be text, a number or yes/no."),
    ],
)
def test_a_parameter_that_the_notebook_can_not_take_is_an_error_before_a_kernel_starts(
    monkeypatch, parameters, sentence
):
    monkeypatch.setattr(papermill, "execute_notebook", lambda *args, **more: pytest.fail("a kernel was started"))
    with pytest.raises(NotebookError) as raised:
        executed(COUNTRY, parameters)
    assert str(raised.value) == sentence


def test_every_parameter_that_reports_pass_is_one_of_the_notebooks():
    checked_parameters(COUNTRY, {"study_folder": "a", "country": "EE", "output_folder": "b"})
    checked_parameters(COUNTRY.with_name("across_countries.ipynb"), {"study_folder": "a", "output_folder": "b"})
    checked_parameters(COUNTRY.with_name("explore.ipynb"), {"study_folder": "a", "country": "EE"})


def test_a_run_tells_its_steps_and_keeps_no_trace_of_the_machine(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    out = tmp_path / "out"
    out.mkdir()
    notebook = stand_in_notebook(tmp_path / "report.ipynb", "import sys\nprint(1, file=sys.stderr)", "country * 2")
    steps: list[str] = []
    node = executed(notebook, {"study_folder": str(tmp_path), "country": "EE", "output_folder": str(out)}, steps.append)
    assert list(dict.fromkeys(steps)) == ["reading", "The report", "The middle"]
    assert str(tmp_path) in json.dumps(node) and "a stream" in json.dumps(node)

    clean = without_traces(node, {"study_folder": "study", "country": "EE", "output_folder": ""})
    text = json.dumps(clean)
    assert str(tmp_path) not in text and "papermill" not in clean.metadata
    outputs = [output for cell in clean.cells for output in cell.get("outputs", [])]
    assert [output["data"]["text/plain"] for output in outputs] == ["'EE'", "'EEEE'"]
    injected = next(cell for cell in clean.cells if "injected-parameters" in cell.metadata.get("tags", []))
    assert injected.source == "# Parameters\nstudy_folder = 'study'\ncountry = 'EE'\noutput_folder = ''"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "report.ipynb"], "no socket is left"


def test_a_cell_that_fails_is_told_with_the_heading_it_stands_under(tmp_path):
    notebook = stand_in_notebook(tmp_path / "report.ipynb", "1 / 0", "never = 1")
    with pytest.raises(NotebookError) as raised:
        executed(notebook, {"output_folder": str(tmp_path)})
    assert str(raised.value) == "ZeroDivisionError: division by zero"
    assert raised.value.cell == "The middle" and "1 / 0" in raised.value.traceback


def test_kernels_have_sockets_of_their_own_unless_the_path_is_too_long(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("TMPDIR", "/tmp")
    with execution._own_sockets() as one, execution._own_sockets() as other:
        if os.name != "nt":
            assert one["KernelManager"]["ip"] != other["KernelManager"]["ip"]
            assert Path(one["KernelManager"]["ip"]).is_absolute()
        assert one["KernelManager"]["connection_file"] != other["KernelManager"]["connection_file"]
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    with execution._own_sockets() as config:
        assert "transport" not in config["KernelManager"]
    assert not list(deep.iterdir())


def test_a_notebook_that_runs_out_of_memory_says_so(tmp_path):
    notebook = stand_in_notebook(tmp_path / "report.ipynb", "raise MemoryError")
    with pytest.raises(NotebookError, match="the machine ran out of memory; close other programs"):
        executed(notebook, {"output_folder": str(tmp_path)})
