"""What the terminal shows while reports are made: a line per report with its country, its step and the time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, ProgressColumn, SpinnerColumn, Task, TextColumn
from rich.text import Text

OUTCOMES = {"made": "made", "current": "up to date", "failed": "failed"}
STYLES = {"made": "green", "failed": "bold red"}


@contextmanager
def progress_display(names: dict[str, str], console: Console) -> Iterator[Callable[[str, str], None]]:
    """Show the reports `names` (key to name); yields a function that is told (key, step or outcome).

    In a terminal every report has a line that changes. Elsewhere (a file, a log) each new step is a line.
    """
    last: dict[str, str] = {}
    with Progress(_Spinner(), TextColumn("{task.description}", markup=False), _Step(), _Seconds(),
                  console=console, transient=True, disable=not console.is_terminal) as progress:
        tasks = {key: progress.add_task(name, step="waiting", total=1, start=False) for key, name in names.items()}

        def on_step(key: str, step: str) -> None:
            if last.get(key) == step:
                return
            last[key] = step
            if not console.is_terminal:
                console.print(f"{names[key]}: {OUTCOMES.get(step, step)}", markup=False, soft_wrap=True)
            progress.start_task(tasks[key])
            progress.update(tasks[key], step=step, completed=int(step in OUTCOMES))

        yield on_step


class _Spinner(SpinnerColumn):
    """Turns only where something is under way."""

    def render(self, task: Task):
        return super().render(task) if task.started and not task.finished else Text(" ")


class _Step(ProgressColumn):
    def render(self, task: Task) -> Text:
        step = task.fields["step"]
        style = STYLES.get(step, "" if task.started and not task.finished else "dim")
        return Text(OUTCOMES.get(step, step), style, no_wrap=True, overflow="ellipsis")


class _Seconds(ProgressColumn):
    def render(self, task: Task) -> Text:
        seconds = task.finished_time if task.finished else task.elapsed
        return Text("" if seconds is None else f"{seconds:.0f} s", "dim", justify="right")
