"""What is copied into a study folder for its owner: a template to fill in, a notebook to explore with."""

from __future__ import annotations

import shutil
from pathlib import Path

from analysis.study.private import PRIVATE, private_folder, put_private
from analysis.versions import PROJECT

EXPLORING = "explore.ipynb"
TEMPLATE = Path(__file__).with_name("new_study")


def write_new_study(folder: Path) -> None:
    """Copy the template of a study into `folder`, which must be empty or not there."""
    shutil.copytree(TEMPLATE, folder, dirs_exist_ok=True)
    (folder / "raw").mkdir(exist_ok=True)
    private_folder(folder)


def exploring_notebook(study: Path) -> Path:
    """The owner's own exploring notebook in the study's private folder, copied there at first.

    What a notebook shows is saved with it, and may single out people: so it must not lie among the project's.
    """
    notebook = study / PRIVATE / EXPLORING
    if not notebook.exists():
        text = (PROJECT / "notebooks" / EXPLORING).read_text(encoding="utf-8")
        put_private(text.replace("../data/example", ".."), study, f"{PRIVATE}/{EXPLORING}")
    return notebook
