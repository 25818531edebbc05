"""Reports made in this process: cells without a kernel, one report after the other without workers.

That kernels and workers do the same is held by the tests of execution and interruption and by the tiny run; what other
tests look at is the same either way, and starting those processes takes longer than making a report.
"""

from __future__ import annotations

import base64
import contextlib
import sys
import warnings
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from ipykernel.ipkernel import IPythonKernel
from IPython.core.displayhook import CapturingDisplayHook
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from nbformat import NotebookNode, v4
from papermill.engines import Engine, papermill_engines
from traitlets.config import Config

from analysis.cli import main
from analysis.running import execution, workers
from analysis.running.reports import run_report
from runs import Run


class Here(Engine):
    """Executes a notebook in an IPython shell of this process, with the outputs that a kernel would send."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, on_step=None, **_settings):
        nb_man.nb.metadata["language_info"] = dict(IPythonKernel.language_info)
        with _shell() as shell:
            for index, cell in enumerate(nb_man.nb.cells):
                if on_step:
                    on_step(execution._heading_before(nb_man.nb, index))
                nb_man.cell_start(cell, index)
                if cell.cell_type == "code":
                    cell.outputs = _outputs(shell, cell.source)
                    cell.execution_count = shell.execution_count - 1
                nb_man.cell_complete(cell, index)
                if any(output.output_type == "error" for output in cell.get("outputs", [])):
                    break


@contextlib.contextmanager
def _shell() -> Iterator[InteractiveShell]:
    main_module, hook = sys.modules["__main__"], sys.excepthook
    InteractiveShell.clear_instance()
    try:
        shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
        shell.display_pub = CapturingDisplayPublisher()
        yield shell
    finally:
        InteractiveShell.clear_instance()
        sys.modules["__main__"], sys.excepthook = main_module, hook


def _outputs(shell: InteractiveShell, source: str) -> list[NotebookNode]:
    """What a kernel would send of a cell: its streams, what it shows, what it comes to, its error."""
    shell.display_pub.outputs.clear()
    last: list[dict] = []
    shell.display_trap.hook = CapturingDisplayHook(shell, last)
    with warnings.catch_warnings(record=True) as warned, capture_output(display=False) as said:
        _usual_filters()
        result = shell.run_cell(source, store_history=True)
    told = "".join(f"{warning.category.__name__}: {warning.message}\n" for warning in warned)
    streams = {"stdout": said.stdout if result.success else "", "stderr": said.stderr + told}
    outputs = [v4.new_output("stream", name=name, text=text) for name, text in streams.items() if text]
    outputs += [v4.new_output("display_data", _as_text(shown["data"]), metadata=shown.get("metadata") or {})
                for shown in shell.display_pub.outputs]
    outputs += [v4.new_output("execute_result", _as_text(shown["data"]), metadata=shown.get("metadata") or {},
                              execution_count=result.execution_count) for shown in last]
    if error := result.error_before_exec or result.error_in_exec:
        trace = shell.InteractiveTB.structured_traceback(type(error), error, error.__traceback__)
        outputs.append(v4.new_output("error", ename=type(error).__name__, evalue=str(error), traceback=trace))
    return outputs


def _usual_filters() -> None:
    """Those that a kernel starts with; pytest has others."""
    warnings.resetwarnings()
    for category in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
        warnings.simplefilter("ignore", category)
    warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")


def _as_text(data: dict) -> dict:
    return {kind: base64.b64encode(content).decode() if isinstance(content, bytes) else content
            for kind, content in data.items()}


@contextlib.contextmanager
def in_this_process() -> Iterator[None]:
    """No kernel and no worker is started in here."""
    def one_by_one(specs, jobs, force, on_step=None, make=run_report):
        on_step = on_step or (lambda key, step: None)
        results = []
        for spec in specs:
            results.append(make(spec, partial(on_step, spec.key), force))
            on_step(spec.key, results[-1].status)
        return results

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(papermill_engines._engines, execution.ENGINE, Here)
        patch.setattr(workers, "run_reports", one_by_one)
        patch.setattr("analysis.running.verification.run_reports", one_by_one)
        yield


def run_here(study: Path, out: Path, *options: str) -> Run:
    """The command `run` in this process; its output ends with the warnings that another process would have printed."""
    with in_this_process(), warnings.catch_warnings(record=True) as warned:
        _usual_filters()
        ended = CliRunner().invoke(main, ["run", str(study), "--out", str(out), *options])
    told = "".join(f"{warning.category.__name__}: {warning.message}\n" for warning in warned)
    return Run(study, out / study.name, ended.exit_code, ended.output + told, out)
