"""The catalogue of all fixed words: every message of the code, and the prose and captions of the notebooks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import nbformat
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import write_po

from analysis.statistics.careless import DEFINITION as STRAIGHT_LINER
from analysis.words.prose import paragraphs
from notebook_documents.about import ENGLISH
from notebook_documents.blocks import cell_options

PACKAGE = Path(__file__).parents[1]
NOTEBOOKS = PACKAGE.parents[1] / "notebooks"
TEMPLATE = Path(__file__).with_name("report.pot")
KEYWORDS = {"_": None, "plural": (1, 2)}
CAPTIONS = ("fig-cap", "tbl-cap")
HEADER = """\
# The fixed words of the reports. To translate them into Georgian, say, copy this file
# to ka.po in the same folder and fill in every msgstr; names in {braces} stay."""
NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
DEFINITIONS = (STRAIGHT_LINER, *ENGLISH.values())
"""Messages that stand where nothing is known of catalogues: with the statistics they describe, and the documents' own."""
UNTRANSLATED = ("explore.ipynb",)


def template() -> Catalog:
    """Every message with the files it stands in; no line numbers and no times, so that only words change it."""
    catalogue = Catalog(project="Mentoring survey workbench", header_comment=HEADER, fuzzy=False, charset="utf-8",
                        creation_date=NO_TIME, revision_date=NO_TIME)
    for path in sorted(PACKAGE.rglob("*.py")):
        for _, message, _, _ in extract_from_file("python", path, keywords=KEYWORDS):
            if message:
                catalogue.add(message, locations=[(path.relative_to(PACKAGE.parents[1]).as_posix(), 1)])
    for message in DEFINITIONS:
        catalogue.add(message)
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        if path.name not in UNTRANSLATED:
            for message in _of_notebook(path):
                catalogue.add(message, locations=[(f"notebooks/{path.name}", 1)])
    for message in catalogue:
        message.flags.discard("python-format")  # a percent sign here is one
    return catalogue


def _of_notebook(path: Path) -> Iterator[str]:
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            yield from paragraphs(cell.source)
        elif cell.cell_type == "code":
            options = cell_options(cell.source)
            yield from (options[name] for name in CAPTIONS if options.get(name))


def write_template(path: Path = TEMPLATE) -> None:
    with path.open("wb") as stream:
        write_po(stream, template(), width=100, sort_output=True, include_lineno=False)


if __name__ == "__main__":
    write_template()
