"""Puts this folder on the import path, so that every test finds `support`; runs that many tests look at."""

from __future__ import annotations

import pytest

from runs import PROJECT, Run, analysis, tiny_study


@pytest.fixture(scope="session")
def tiny_run(tmp_path_factory) -> Run:
    """The tiny study, run once: outside of the project, from another folder, with spaces and letters in paths."""
    here = tmp_path_factory.mktemp("Tööd ja päevad")
    study = tiny_study(here / "minu uuring ქ")
    cwd = here / "somewhere else"
    cwd.mkdir()
    ended = analysis("run", study, "--out", here / "väljund", "--jobs", "2", cwd=cwd, MPLBACKEND="agg")
    return Run(study, here / "väljund" / study.name, ended.returncode, ended.stdout + ended.stderr, cwd)


@pytest.fixture(scope="session")
def example_run(tmp_path_factory) -> Run:
    """Finland of the example study, run once."""
    here = tmp_path_factory.mktemp("example")
    ended = analysis("run", "--country", "FI", "--out", here, cwd=here)
    return Run(PROJECT / "data" / "example", here / "example", ended.returncode, ended.stdout + ended.stderr, here)
