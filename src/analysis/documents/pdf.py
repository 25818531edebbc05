"""The report as a PDF: tagged for screen readers (PDF/UA-1), set by Typst from the notebook's blocks.

All text goes to Typst as data, never as markup; the only fonts are matplotlib's, so a report looks the same everywhere.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import typst
from nbconvert.exporters import Exporter
from nbconvert.utils.exceptions import ConversionException
from nbformat import NotebookNode
from traitlets import default

from .about import About, about
from .blocks import blocks
from .shapes import Figure
from .typeface import font_folder
from .typst_document import picture_file, typst_document
from .typst_text import clean

TEMPLATE = Path(__file__).with_name("template")
STANDARDS = ["ua-1"]
AUTHOR = "Mentoring survey workbench"
PNG = b"\x89PNG\r\n\x1a\n"


class PDFError(ConversionException):
    """A notebook that no PDF can be made of, and why."""


class ReportPDFExporter(Exporter):
    """`jupyter nbconvert --to analysis_pdf notebook.ipynb`."""

    export_from_notebook = "Report (PDF)"
    output_mimetype = "application/pdf"

    @default("file_extension")
    def _file_extension_default(self):
        return ".pdf"

    def from_notebook_node(self, nb, resources=None, **kwargs):
        """The notebook's blocks as the bytes of a PDF. Raises `PDFError`."""
        notebook, resources = super().from_notebook_node(nb, resources, **kwargs)
        return pdf_of(notebook), resources


def write_pdf(notebook: NotebookNode, path: Path) -> None:
    """Write the executed notebook as one PDF file. Raises `PDFError`; nothing is written then."""
    path.write_bytes(pdf_of(notebook))


def pdf_of(notebook: NotebookNode) -> bytes:
    """The same bytes for the same notebook: the date in it is the one its metadata tell. Raises `PDFError`."""
    files = typst_files(notebook)
    with TemporaryDirectory(prefix="analysis-", ignore_cleanup_errors=True) as folder:
        for name, written in files.items():
            (Path(folder) / name).write_bytes(written)
        return _compiled(Path(folder))


def _compiled(folder: Path) -> bytes:
    """What Typst makes of `main.typ` in the folder; it can read nothing outside of it."""
    try:
        return typst.compile(folder / "main.typ", root=folder, font_paths=_fonts(), pdf_standards=STANDARDS)
    except typst.TypstError as error:
        hints = "".join(f" ({hint})" for hint in error.hints)
        raise PDFError(f"The PDF could not be made: {error.message}{hints}.") from error


def typst_files(notebook: NotebookNode) -> dict[str, bytes]:
    """The files that Typst makes the document from, by name."""
    found, said = blocks(notebook), about(notebook)
    document = typst_document(found, said, _authors(notebook, said))
    pictures = dict(_picture(block) for block in found if isinstance(block, Figure))
    return {
        "main.typ": (TEMPLATE / "report.typ").read_bytes(),
        "eu.svg": (TEMPLATE / "eu.svg").read_bytes(),
        "data.json": json.dumps(document, ensure_ascii=False).encode(),
        **pictures,
    }


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_folder())])


def _authors(notebook: NotebookNode, said: About) -> list[str]:
    """The authors that the notebook's metadata name; the workbench for its own reports."""
    names = [clean(str(author.get("name", ""))) for author in notebook.metadata.get("authors", [])]
    return [name for name in names if name] or ([AUTHOR] if said.provenance else [])


def _picture(block: Figure) -> tuple[str, bytes]:
    if not block.svg and not block.png.startswith(PNG):
        raise PDFError(f"Figure {block.number} is no PNG picture, so the PDF could not be made.")
    return picture_file(block), block.svg.encode() if block.svg else block.png
