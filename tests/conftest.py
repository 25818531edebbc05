"""Puts this folder on the import path, so that every test finds `support`; runs that many tests look at."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.atomic import locked
from here import run_here
from runs import PROJECT, Run, analysis, tiny_study

LONG = ("running/test_report_documents.py", "disclosure/test_canaries.py", "running/test_interruption.py",
        "test_hostile_texts.py", "test_notebooks.py", "running/test_reports.py", "test_exploring.py",
        "test_explore_in_browser.py", "language/test_pseudo_translation.py", "test_numbers_in_prose.py")
"""Files whose tests take long, in the order in which they begin, so that no process is left with one of them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order = {Path(__file__).parent / name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: order.get(item.path, len(order)))


@pytest.fixture(scope="session")
def tiny_run(tmp_path_factory) -> Run:
    """The tiny study, run once: outside of the project, from another folder, with spaces and letters in paths."""
    def run(here: Path) -> Run:
        study = tiny_study(here / "minu uuring ქ")
        cwd = here / "somewhere else"
        cwd.mkdir()
        ended = analysis("run", study, "--out", here / "väljund", "--jobs", "2", cwd=cwd, MPLBACKEND="agg")
        return Run(study, here / "väljund" / study.name, ended.returncode, ended.stdout + ended.stderr, cwd)

    return made_once(tmp_path_factory, "Tööd ja päevad", run)


@pytest.fixture(scope="session")
def example_run(tmp_path_factory) -> Run:
    """Finland of the example study, run once."""
    def run(here: Path) -> Run:
        return run_here(PROJECT / "data" / "example", here, "--country", "FI")

    return made_once(tmp_path_factory, "example", run)


def made_once(tmp_path_factory, name: str, run: Callable[[Path], Run]) -> Run:
    """What `run` makes in a folder of that name; processes that share the tests make it once between them."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    here, record = base / name, base / f"{name}.pickle"
    with locked(base / f"{name}.lock"):
        if not record.exists():
            here.mkdir()
            record.write_bytes(pickle.dumps(run(here)))
        return pickle.loads(record.read_bytes())
