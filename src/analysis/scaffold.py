"""The study folder that `analysis new` makes: empty where the user fills in, explained where not."""

from __future__ import annotations

import shutil
from pathlib import Path

TEMPLATE = Path(__file__).with_name("new_study")


def write_new_study(folder: Path) -> None:
    """Copy the template of a study into `folder`, which must be empty or not there."""
    shutil.copytree(TEMPLATE, folder, dirs_exist_ok=True)
    for name in ("raw", "private"):
        (folder / name).mkdir(exist_ok=True)
