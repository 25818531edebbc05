"""The last page of a report: what it was made from, with what, and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from .about import About
from .shapes import Block, Heading, Paragraph, Table

HEADING = "How this report was made"


def provenance_blocks(about: About, first_table: int) -> Iterator[Block]:
    """The blocks of that page, its tables numbered from `first_table`; none where nothing is known."""
    made = about.provenance
    if not made:
        return
    yield Heading(2, HEADING, "how-this-report-was-made")
    when = datetime.fromisoformat(made["time"])
    project = made["project"]
    commit = f", commit {project['commit']}" if project["commit"] else ""
    parameters = ", ".join(f"{name} = {value}" for name, value in made["parameters"].items() if value != "")
    yield Paragraph(
        f"This report was made on {when:%Y-%m-%d} at {when:%H:%M} UTC by the mentoring survey workbench, "
        f"version {project['version']}{commit}, with Python {made['python']}. The seed for resampling was "
        f"{made['seed']}; the parameters were {_plain(parameters)}. The same files and versions give the same numbers, "
        "tables and figures; the command “analysis verify” computes them again and compares.")
    yield Table(first_table, "Files this report was made from", ["File", "SHA-256"],
                [[file, digest] for file, digest in made["inputs"].items()], [], [0, 1], "inputs")
    yield Table(first_table + 1, "Packages it was computed with", ["Package", "Version"],
                [[name, version] for name, version in made["packages"].items()], [], [0, 1], "packages")


def _plain(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|~$" else sign for sign in text)
