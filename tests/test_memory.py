"""Too little memory ends a command with a sentence: no traceback, and nothing that waits for ever."""

from __future__ import annotations

import errno
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from analysis.cli import main
from analysis.memory import NEEDED, RAN_OUT, in_words
from runs import tiny_study

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such limits")


@POSIX
@pytest.mark.parametrize("limit", [150_000_000, 300_000_000, 900_000_000, NEEDED - 1])
@pytest.mark.parametrize("command", ["check", "run"])
def test_a_limit_that_is_too_low_is_told_before_anything_is_read(tmp_path, command, limit):
    import resource

    def limited():
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    ended = subprocess.run([sys.executable, "-m", "analysis", command, str(tmp_path / "study")], preexec_fn=limited,
                           capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == (f"A program may take {limit / 1e9:.1f} GB of memory here, and 2 GB are needed; raise the limit "
                            "(ulimit -v unlimited) and try again.\n")


@pytest.mark.parametrize("error", [MemoryError(), OSError(errno.ENOMEM, "Cannot allocate memory")])
def test_memory_that_runs_out_is_no_fault_of_the_program(tmp_path, monkeypatch, error):
    def full(folder):
        raise error

    monkeypatch.setattr("analysis.checking.inspection.inspected", full)
    ended = CliRunner().invoke(main, ["check", str(tiny_study(tmp_path))])
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert " ".join(ended.stderr.split()) == RAN_OUT.replace("the machine", "The machine")
    assert in_words(error) == RAN_OUT and in_words(KeyError("x")) == "KeyError: …"
