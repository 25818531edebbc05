"""JupyterLab as `analysis explore` starts it, with nobody's own settings, and its notebook in a browser."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from browser import Page, chromium

NOTEBOOK = "[...window.jupyterapp?.shell.widgets('main') ?? []].find(one => one.sessionContext)"
IDLE = f"{NOTEBOOK}?.sessionContext.session?.kernel?.status == 'idle'"
SELECT = "[...document.querySelectorAll('.widget-dropdown')].find(one => one.innerText.startsWith('{label}'))" \
         ".querySelector('select')"


@contextmanager
def exploring(study: Path, folder: Path) -> Iterator[str]:
    """The address that `analysis explore` prints; ended with it. `folder`: for Jupyter's own files."""
    folder.mkdir()
    (folder / "jupyter_lab_config.py").write_text("c.LabApp.expose_app_in_browser = True\n", encoding="utf-8")
    environment = os.environ | {"JUPYTER_CONFIG_DIR": str(folder), "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
                                "JUPYTER_DATA_DIR": str(folder / "data"), "JUPYTERLAB_SETTINGS_DIR": str(folder / "user"),
                                "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces")}
    command = [sys.executable, "-m", "analysis", "explore", str(study), "--no-browser"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        try:
            yield re.search(r"http://127\.0\.0\.1:\S+", process.stdout.readline())[0]
        finally:
            process.terminate()


@contextmanager
def notebook(study: Path, folder: Path, there: str = ".explorer img") -> Iterator[Page]:
    """The exploring notebook in a browser, all its cells run until `there` is."""
    with exploring(study, folder / "jupyter") as address, chromium(folder / "browser") as page:
        page.send("Page.navigate", url=address)
        page.wait(IDLE, "an idle kernel")  # cells that are run before are lost
        page.run(f"jupyterapp.shell.activateById({NOTEBOOK}.id)")
        page.wait("jupyterapp.shell.currentWidget", "the notebook")
        page.run("jupyterapp.commands.execute('notebook:run-all-cells') && true")
        page.wait(f"document.querySelector(`{there}`) && {IDLE}", "the widgets")
        yield page


def choose(label: str, at: int) -> str:
    """JavaScript that chooses a drop-down's option by its place."""
    return (f"(select => {{select.selectedIndex = {at}; select.dispatchEvent(new Event('change', {{bubbles: true}}))}})"
            f"({SELECT.format(label=label)})")
