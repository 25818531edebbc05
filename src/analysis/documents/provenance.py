"""The last page of a report: what it was made from, with what, and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from analysis.words import _

from .about import About
from .shapes import Block, Heading, Paragraph, Table

ANCHOR = "how-this-report-was-made"


def heading() -> str:
    return _("How this report was made")


def provenance_blocks(about: About, first_table: int) -> Iterator[Block]:
    """The blocks of that page, its tables numbered from `first_table`; none where nothing is known."""
    made = about.provenance
    if not made:
        return
    yield Heading(2, heading(), ANCHOR)
    when = datetime.fromisoformat(made["time"])
    project = made["project"]
    version = _("{version}, commit {commit}", **project) if project["commit"] else project["version"]
    parameters = ", ".join(f"{name} = {value}" for name, value in made["parameters"].items() if value != "")
    text = _(
        "This report was made on {date} at {time} UTC by the mentoring survey workbench, version {version}, with Python "
        "{python}. The seed for resampling was {seed}; the parameters were {parameters}. The same files and versions give "
        "the same numbers, tables and figures; the command “analysis verify” computes them again and compares.",
        date=f"{when:%Y-%m-%d}", time=f"{when:%H:%M}", version=version, python=made["python"], seed=made["seed"],
        parameters=_plain(parameters))
    if made.get("linking_decisions"):
        decided = _("What a person decided on single links entered, too.")
        text = f"{text} {decided}"
    yield Paragraph(text)
    yield Table(first_table, _("Files this report was made from"), [_("File"), "HMAC-SHA-256"],
                [[file, digest] for file, digest in made["inputs"].items()], [], [0, 1], "inputs")
    yield Table(first_table + 1, _("Packages it was computed with"), [_("Package"), _("Version")],
                [[name, number] for name, number in made["packages"].items()], [], [0, 1], "packages")


def _plain(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|~$" else sign for sign in text)
