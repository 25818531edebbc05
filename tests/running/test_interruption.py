"""Runs that are cut off: the previous report stays whole, the next run works, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from analysis.atomic import locked, put_file
from analysis.running.execution import KILLED
from analysis.running.placing import put_in_place, remove_leftovers, unwritable
from analysis.running.reports import run_report
from here import run_here
from runs import PROJECT, files_of, spec, stand_in_notebook

POSIX = pytest.mark.skipif(os.name == "nt", reason="ends processes by signals that only POSIX systems have")
PATIENCE = 60  # seconds until a test gives up on what must come at last
DRIVER = """
import sys
from pathlib import Path

if __name__ == "__main__":
    from analysis.running.workers import run_reports
    from runs import spec

    base, keys = Path(sys.argv[1]), sys.argv[2].split(",")
    try:
        results = run_reports([spec(key, base / "report.ipynb", base, formats=()) for key in keys], len(keys), True)
    except KeyboardInterrupt:
        sys.exit("stopped")
    print([(result.status, result.message) for result in results])
"""
WITHOUT_KERNELS = """
import os
import time
from multiprocessing import current_process

def held(notebook, parameters, on_step):
    base, country = Path(parameters["study_folder"]).parent, parameters["country"]
    (base / f"at-{country}").write_text(str(os.getpid()), encoding="utf-8")
    while not (base / "go on").exists():
        time.sleep(0.05)
    on_step("The middle")
    return nbformat.read(notebook, as_version=4)

if current_process().name.startswith("SpawnProcess"):
    import nbformat
    from analysis.running import reports

    reports.executed = held
"""
"""Stands in the driver, which each worker imports, too: reports that are held up as `HOLDS` does, but by the worker."""
HOLDS = """
import time
base = Path(study_folder).parent
(base / f"at-{country}").touch()
while not (base / "go on").exists():
    time.sleep(0.05)
"""


@pytest.fixture
def base(tmp_path, monkeypatch) -> Path:
    """A folder with reports EE and FI made before, and a notebook that stops until the file `go on` is there."""
    (tmp_path / "t").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "t"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    for key in ("EE", "FI"):
        (tmp_path / "out" / key / "tables").mkdir(parents=True)
        (tmp_path / "out" / key / "tables" / "answers.csv").write_text("n\n5\n", encoding="utf-8")
    stand_in_notebook(tmp_path / "report.ipynb", HOLDS)
    return tmp_path


@contextmanager
def driver(base: Path, keys: str = "EE,FI", with_kernels: bool = False) -> Iterator[psutil.Popen]:
    """`run_reports` in a process group of its own, as a terminal starts it; none of its processes outlives the test."""
    head, rest = DRIVER.split("\n\n", 1)
    (base / "driver.py").write_text(f"{head}\n{'' if with_kernels else WITHOUT_KERNELS}\n{rest}", encoding="utf-8")
    paths = os.pathsep.join((str(PROJECT / "tests"), os.environ.get("PYTHONPATH", "")))
    run = psutil.Popen(
        [sys.executable, str(base / "driver.py"), str(base), keys], cwd=base, encoding="utf-8", start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | {"PYTHONPATH": paths})
    family = []
    try:
        yield run
        family = [run, *descendants(run)]
    finally:
        for process in family:
            if process.is_running():
                process.kill()


def descendants(run: psutil.Process) -> list[psutil.Process]:
    return run.children(recursive=True) if run.is_running() else []


def wait_for(happened, what: str):
    end = time.monotonic() + PATIENCE
    while not (found := happened()):
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.05)
    return found


def wait_until_at_work(base: Path, *keys: str) -> None:
    wait_for(lambda: all((base / f"at-{key}").exists() for key in keys), "the notebooks to be at work")


def kernels(run: psutil.Process) -> list[psutil.Process]:
    return [process for process in descendants(run) if "ipykernel_launcher" in " ".join(process.cmdline())]


def assert_as_before(base: Path) -> None:
    for key in ("EE", "FI"):
        assert files_of(base / "out" / key) == {"tables/answers.csv": b"n\n5\n"}


def assert_nothing_left(base: Path) -> None:
    assert sorted(path.name for path in (base / "out").iterdir()) == ["EE", "FI"]
    assert not list((base / "t").iterdir())


@POSIX
def test_after_the_run_is_killed_its_workers_and_kernels_end_and_the_next_run_clears_up(base):
    with driver(base, with_kernels=True) as run:
        wait_until_at_work(base, "EE", "FI")
        family = descendants(run)
        assert len(kernels(run)) == 2 and len(family) >= 5
        run.kill()
        run.wait()
        _, alive = psutil.wait_procs(family, timeout=PATIENCE)
        assert not alive
    assert_as_before(base)
    assert [path for path in (base / "out").iterdir() if ".building-" in path.name], "what a killed run leaves"
    (base / "go on").touch()
    result = run_report(spec("EE", base / "report.ipynb", base, formats=()), force=True)
    assert result.status == "made", result.message
    remove_leftovers(base / "out" / "FI")
    assert_nothing_left(base)


@POSIX
def test_after_a_worker_is_killed_its_report_is_made_again(base):
    with driver(base, "EE") as run:
        wait_until_at_work(base, "EE")
        worker = wait_for((base / "at-EE").read_text, "the worker's number")
        psutil.Process(int(worker)).kill()
        (base / "go on").touch()
        said, errors = run.communicate(timeout=PATIENCE)
        assert said == "[('made', '')]\n", errors
        assert (base / "at-EE").read_text() != worker
    assert_nothing_left(base)


@POSIX
def test_a_killed_kernel_fails_its_report_with_a_sentence(base):
    results = []
    one = spec("EE", base / "report.ipynb", base, formats=())
    thread = threading.Thread(target=lambda: results.append(run_report(one)))
    thread.start()
    wait_until_at_work(base, "EE")
    (kernel,) = kernels(psutil.Process())
    kernel.kill()
    thread.join()
    assert (results[0].status, results[0].message) == ("failed", f"{KILLED} (under “The middle”)")
    assert_as_before(base)
    assert_nothing_left(base)


@POSIX
@pytest.mark.parametrize(("end", "with_kernels"), [
    (lambda run: os.killpg(run, signal.SIGINT), True), (lambda run: os.kill(run, signal.SIGTERM), False)],
    ids=["ctrl-c", "sigterm"])
def test_who_stops_a_run_stops_all_its_processes_and_nothing_is_left(base, end, with_kernels):
    with driver(base, with_kernels=with_kernels) as run:
        wait_until_at_work(base, "EE", "FI")
        family = descendants(run)
        end(run.pid)
        time.sleep(0.3)
        (base / "go on").touch()
        said, errors = run.communicate(timeout=PATIENCE)
        assert (said, errors, run.returncode) == ("", "stopped\n", 1)
        assert not psutil.wait_procs(family, timeout=PATIENCE)[1]
    assert_as_before(base)
    assert_nothing_left(base)


def test_two_runs_at_once_make_whole_reports_one_after_the_other(base):
    with driver(base, "EE") as one:
        wait_until_at_work(base, "EE")
        at_work = {path.name for path in (base / "out").iterdir()}
        worker = wait_for((base / "at-EE").read_text, "the worker's number")
        with driver(base, "EE") as other:
            wait_for(lambda: len(descendants(other)) >= 2, "the second run's worker")
            time.sleep(1)
            assert {path.name for path in (base / "out").iterdir()} == at_work, "the second waits and clears nothing away"
            assert (base / "at-EE").read_text() == worker
            (base / "go on").touch()
            for run in (one, other):
                said, errors = run.communicate(timeout=PATIENCE)
                assert said == "[('made', '')]\n", errors
    assert_nothing_left(base)


def test_a_run_that_waits_finds_the_report_that_the_other_made(base):
    one = spec("EE", base / "report.ipynb", base, formats=())
    steps, results = [], []
    thread = threading.Thread(target=lambda: results.append(run_report(one)))
    thread.start()
    wait_until_at_work(base, "EE")

    def on_step(step):
        steps.append(step)
        (base / "go on").touch()

    assert run_report(one, on_step).status == "current" and set(steps) == {"waiting for another run"}
    thread.join()
    assert results[0].status == "made"
    assert_nothing_left(base)


@POSIX
def test_a_full_disk_fails_the_report_with_a_sentence_and_leaves_the_previous_one(base):
    stand_in_notebook(base / "report.ipynb",
                      "import resource", "resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000,) * 2)",
                      "(Path(output_folder) / 'tables' / 'large.csv').write_bytes(bytes(4_000_000))")
    result = run_report(spec("EE", base / "report.ipynb", base, formats=()))
    assert result.status == "failed" and result.message.startswith("there is no space left for")
    assert result.message.endswith("free some, then run again.")
    assert_as_before(base)
    assert_nothing_left(base)


@pytest.mark.parametrize("writer", ["write_manifest", "write_workbook", "document", "put_in_place"])
def test_a_disk_that_fills_up_while_documents_are_written_leaves_the_previous_report(base, monkeypatch, writer):
    def full(*arguments, **more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("analysis.running.reports.executed", lambda notebook, *_: nbformat_of(notebook))
    monkeypatch.setattr(f"analysis.running.reports.{writer}", full)
    formats = ("html",) if writer == "document" else ()
    result = run_report(spec("EE", base / "report.ipynb", base, formats=formats))
    assert result.status == "failed"
    assert result.message == f"there is no space left for {base / 'out' / 'EE'}; free some, then run again."
    assert_as_before(base)
    assert_nothing_left(base)


def nbformat_of(path: Path):
    import nbformat

    return nbformat.read(path, as_version=4)


def test_a_power_cut_between_the_two_renames_is_mended_by_the_next_run(base):
    folder = base / "out" / "EE"
    folder.rename(base / "out" / ".EE.previous-12345678")
    (base / "out" / ".EE.building-12345678").mkdir()
    (base / "out" / ".EE.lock").touch()
    remove_leftovers(folder)
    assert_as_before(base)
    assert_nothing_left(base)


def test_a_power_cut_after_the_two_renames_leaves_the_new_report(base):
    previous = base / "out" / ".EE.previous-12345678"
    (previous / "tables").mkdir(parents=True)
    remove_leftovers(base / "out" / "EE")
    assert_as_before(base)
    assert_nothing_left(base)


def test_the_leftovers_of_a_run_that_is_alive_are_not_touched(base):
    left = base / "out" / ".EE.building-12345678"
    left.mkdir()
    with locked(base / "out" / ".EE.lock"):
        remove_leftovers(base / "out" / "EE")
        assert left.exists()
    remove_leftovers(base / "out" / "EE")
    assert_nothing_left(base)


def test_one_countrys_leftovers_are_not_anothers(base):
    """A key may end like a name of the other's temporary folders, but it has no dot."""
    other = base / "out" / ".EE-previous.building-12345678"
    other.mkdir()
    remove_leftovers(base / "out" / "EE")
    assert other.exists()
    remove_leftovers(base / "out" / "EE-previous")
    assert_nothing_left(base)


def test_a_new_report_that_can_not_be_moved_leaves_the_previous_one(base, monkeypatch):
    made = base / "out" / ".EE.building-1"
    made.mkdir()
    rename = Path.rename

    def refuses_the_new(path, target):
        if path == made:
            raise OSError(28, "No space left on device")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuses_the_new)
    with pytest.raises(OSError, match="No space"):
        put_in_place(made, base / "out" / "EE")
    assert_as_before(base)


def test_a_folder_in_whose_place_a_file_stands_is_told_before_anything_is_made(tiny_run, tmp_path):
    (tmp_path / "reports").write_text("a file", encoding="utf-8")
    ended = run_here(tiny_run.study, tmp_path / "reports" / "here", "--country", "EE")
    assert ended.status == 2 and "a file stands in its place" in " ".join(ended.output.split())
    assert "Traceback" not in ended.output
    assert (tmp_path / "reports").read_text(encoding="utf-8") == "a file"


@pytest.mark.parametrize(
    ("number", "said"), [(13, "may not be written to"), (30, "may not be written to"), (28, "no space left")])
def test_a_folder_that_may_not_be_written_to_is_told(tmp_path, monkeypatch, number, said):
    def refused(path, *arguments, **more):
        raise OSError(number, os.strerror(number))

    one = spec("EE", stand_in_notebook(tmp_path / "report.ipynb"), tmp_path)
    monkeypatch.setattr(Path, "mkdir", refused)
    assert said in unwritable(tmp_path / "out")
    result = run_report(one)
    assert result.status == "failed" and said in result.message


def test_a_page_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    page = tmp_path / "index.html"
    put_file("before", page)
    (tmp_path / ".index.html.unfinished").write_text("of a killed run", encoding="utf-8")
    put_file("after", page)
    assert files_of(tmp_path) == {"index.html": b"after"}

    def full(path, *arguments, **more):
        path.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        put_file("lost", page)
    assert files_of(tmp_path) == {"index.html": b"after"}


def test_a_lock_is_held_by_one_at_a_time_and_removed(tmp_path):
    path, order = tmp_path / ".lock", []

    def take(name):
        with locked(path) as held:
            assert held
            order.append(("in", name))
            time.sleep(0.05)
            order.append(("out", name))

    threads = [threading.Thread(target=take, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(order) == 8
    assert all(came == ("in", name) and went == ("out", name)
               for came, went in zip(order[::2], order[1::2], strict=True) for name in came[1])
    assert not path.exists()
