"""Running one notebook with parameters through Papermill, and leaving nothing private in what comes back."""

from __future__ import annotations

import os
import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import papermill
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from papermill.engines import NBClientEngine, papermill_engines
from papermill.inspection import inspect_notebook
from traitlets.config import Config

from analysis.errors import told, traced
from analysis.memory import RAN_OUT
from analysis.temporary import socket_in, temporary_folder
from notebook_documents.blocks import cell_options

ENGINE = "analysis"
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
SHOWN = ("display_data", "execute_result")
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
QUIET = "--IPKernelApp.log_level=CRITICAL"  # a kernel that is shut down would write into the progress display
KILLED = "the process that computed it was ended from outside, or the machine ran out of memory"
START_TIMEOUT = 180  # seconds; a busy machine may be slow


class NotebookError(Exception):
    """A notebook that did not run to its end; `cell` is the heading it stopped under.

    `number` is the system's error number, where it was the system that failed (a full disk).
    """

    def __init__(self, message: str, cell: str = "", traceback: str = ""):
        super().__init__(message)
        self.cell = cell
        self.traceback = traceback
        found = re.match(r"\w*Error: \[Errno (\d+)\]", message)
        self.number = int(found[1]) if found else None


class _Engine(NBClientEngine):
    """Papermill's own engine, telling under which heading it works."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, on_step=None, **kwargs):
        begin = nb_man.cell_start
        kwargs.pop("input_path", None)

        def cell_start(cell, cell_index=None, **more):
            if on_step:
                on_step(_heading_before(nb_man.nb, cell_index))
            return begin(cell, cell_index, **more)

        nb_man.cell_start = cell_start
        with _own_sockets() as config, _one_thread():
            return super().execute_managed_notebook(
                nb_man, kernel_name, config=config, extra_arguments=[QUIET], **kwargs)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Kernels that start in here use one thread each for linear algebra.

    Reports are made side by side, and small matrices lose by threads: the estimates of a report take a seventh of the
    time. One thread also adds in one order, so the last digits are the same every time.
    """
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _own_sockets() -> Iterator[Config]:
    """Where one kernel is talked to: sockets in a folder of its own.

    TCP ports that kernels pick as they start together can collide, and so can Jupyter's default sockets,
    which lie in the current directory. TCP remains for Windows and where the folder's path is too long.
    """
    with temporary_folder() as folder:
        address = socket_in(folder, "kernel")
        file = {"connection_file": f"{folder}/connection.json"}
        yield Config({"KernelManager": file | ({"transport": "ipc", "ip": address} if address else {})})


papermill_engines.register(ENGINE, _Engine)


def checked_parameters(notebook: Path, parameters: dict) -> None:
    """Raise `NotebookError` unless the notebook has every parameter and can take its value.

    Papermill itself only warns about a parameter that the notebook does not have.
    """
    known = inspect_notebook(str(notebook))
    for name, value in parameters.items():
        if name not in known:
            raise NotebookError(
                f"{notebook.name} has no parameter “{name}”; it has {', '.join(sorted(known))}.")
        if not isinstance(value, str | int | float | bool):
            raise NotebookError(f"{notebook.name}: parameter “{name}” must be text, a number or yes/no.")


def executed(notebook: Path, parameters: dict, on_step: Callable[[str], None] | None = None) -> NotebookNode:
    """The notebook after a run in a fresh kernel.

    Raises `NotebookError` if a cell failed; nothing is written then.
    """
    checked_parameters(notebook, parameters)
    node = nbformat.read(notebook, as_version=4)
    steps = ["reading"]

    def begin(step: str) -> None:
        steps.append(step)
        if on_step:
            on_step(step)

    try:
        return papermill.execute_notebook(
            node, None, parameters=parameters, engine_name=ENGINE, kernel_name="python3", progress_bar=False,
            start_timeout=START_TIMEOUT, on_step=begin,
        )
    except papermill.PapermillExecutionError as error:
        heading = _heading_before(node, error.cell_index or 0)
        trace = COLOURS.sub("", "\n".join(error.traceback))
        said = RAN_OUT if error.ename == "MemoryError" else told(error.ename, error.evalue)
        raise NotebookError(said, heading, traced(trace, error.evalue)) from error
    except DeadKernelError as error:
        raise NotebookError(KILLED, steps[-1], traceback.format_exc()) from error


def without_traces(notebook: NotebookNode, parameters: dict[str, str]) -> NotebookNode:
    """The executed notebook without streams, timings, widget states and paths of the machine it ran on.

    `parameters` says what the parameter cell shall show in place of what was passed.
    """
    notebook.metadata.pop("papermill", None)
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if cell.cell_type != "code":
            continue
        cell.outputs = [output for output in cell.outputs if output.output_type in SHOWN]
        if "injected-parameters" in cell.metadata.get("tags", []):
            shown = (f"{name} = {value!r}" for name, value in parameters.items())
            cell.source = "\n".join(["# Parameters", *shown])
            cell.id = "injected-parameters"
    return notebook


def _heading_before(notebook: NotebookNode, index: int) -> str:
    for cell in reversed(notebook.cells[: index + 1]):
        if cell.cell_type == "markdown":
            for line in reversed(cell.source.splitlines()):
                if line.startswith("#"):
                    return line.lstrip("# ").strip()
        elif cell.cell_type == "code" and (label := cell_options(cell.source).get("step")):
            return label
    return "reading"
