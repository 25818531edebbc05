"""Reports made side by side in worker processes."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.managers import SyncManager
from queue import Empty, Queue
from threading import Event, current_thread, main_thread

from analysis import temporary
from analysis.running.execution import KILLED
from analysis.running.placing import remove_leftovers
from analysis.running.reports import Result, run_report
from analysis.temporary import end_with_parent, socket_in, temporary_folder


def run_reports(specs: list, jobs: int, force: bool, on_step: Callable[[str, str], None] | None = None,
                make: Callable[..., Result] = run_report) -> list[Result]:
    """Make the reports in `jobs` worker processes; `on_step(key, step)` is told what each is at.

    A spec has a key, a name and a folder; `make(spec, on_step, force)` makes what it describes.

    When a worker process dies, the pool can't say whose it was: reports without a result then run again, each
    in a pool of its own, and only the one whose worker dies again has failed.
    """
    with temporary_folder() as folder:
        address = socket_in(folder, "manager") or (None if os.name == "nt" else ("127.0.0.1", 0))
        manager = SyncManager(address, ctx=get_context("spawn"))
        manager.start(end_with_parent)
        with manager:
            line = _Line(manager.Queue(), manager.Event())
            try:
                results = _run_in_pool(specs, jobs, force, line, on_step, make)
                for spec in specs:
                    if results[spec.key] is None:
                        results |= _run_in_pool([spec], 1, force, line, on_step, make)
            finally:
                temporary.remove_leftovers()
                for spec in specs:
                    remove_leftovers(spec.folder)
    return [results[spec.key] or Result(spec.key, spec.name, "failed", message=f"{KILLED}.") for spec in specs]


@dataclass(frozen=True)
class _Line:
    """What workers and the parent tell each other: the steps they are at, and that they shall stop."""

    steps: Queue
    stop: Event


class _StoppedError(Exception):
    """Raised in a worker at its next step after the user has stopped the run."""


def _run_in_pool(specs, jobs: int, force: bool, line: _Line, on_step, make=run_report) -> dict[str, Result | None]:
    """The results by key; None where the pool broke before there was one."""
    workers = max(1, min(jobs, len(specs)))
    with ProcessPoolExecutor(workers, get_context("spawn"), end_with_parent) as pool:
        with _handling(signal.SIG_IGN, signal.SIGINT):  # workers inherit this, and leave Ctrl-C to the parent
            futures = {spec.key: pool.submit(_run_in_worker, spec, line, force, make) for spec in specs}
        interrupted: list[int] = []
        with _handling(lambda number, frame: interrupted.append(number), signal.SIGINT, signal.SIGTERM):
            while not all(future.done() for future in futures.values()) or not line.steps.empty():
                _pass_on(line, on_step)
                if interrupted:
                    break
        if interrupted:
            line.stop.set()
            pool.shutdown(cancel_futures=True)
            raise KeyboardInterrupt
    return {key: None if isinstance(future.exception(), BrokenProcessPool) else future.result()
            for key, future in futures.items()}


@contextmanager
def _handling(handler, *signals: signal.Signals) -> Iterator[None]:
    """What the signals do in here; without an effect outside of the main thread, which gets none."""
    if current_thread() is not main_thread():
        yield
        return
    before = {number: signal.signal(number, handler) for number in signals}
    try:
        yield
    finally:
        for number, former in before.items():
            signal.signal(number, former)


def _run_in_worker(spec, line: _Line, force: bool, make: Callable[..., Result] = run_report) -> Result:
    def on_step(step: str) -> None:
        if line.stop.is_set():
            raise _StoppedError
        line.steps.put((spec.key, step))

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    on_step("starting")
    result = make(spec, on_step, force)
    line.steps.put((spec.key, result.status))
    return result


def _pass_on(line: _Line, on_step) -> None:
    try:
        key, step = line.steps.get(timeout=0.1)
    except Empty:
        return
    if on_step:
        on_step(key, step)
