"""The document as a PDF: tagged for screen readers (PDF/UA-1), set by Typst from the notebook's blocks.

All text goes to Typst as data, never as markup; the only fonts are matplotlib's, so a document looks the same everywhere.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import typst
from nbconvert.utils.exceptions import ConversionException
from nbformat import NotebookNode

from .about import about, authors
from .blocks import blocks
from .shapes import Figure
from .typeface import font_folder
from .typst_data import EMBLEM, picture_file, typst_data
from .typst_text import clean

TEMPLATE = Path(__file__).with_name("templates") / "report.typ"
STANDARDS = ["ua-1"]
PNG = b"\x89PNG\r\n\x1a\n"


class PDFError(ConversionException):
    """A notebook that no PDF can be made of, and why."""


def pdf_document(notebook: NotebookNode) -> bytes:
    """The same bytes for the same notebook: the date in it is the one its metadata tell. Raises `PDFError`."""
    return compiled(typst_files(notebook), pdf_standards=STANDARDS)


def typst_files(notebook: NotebookNode) -> dict[str, bytes]:
    """The files that Typst makes the document from, by name."""
    found, said = blocks(notebook), about(notebook)
    names = [clean(name) for name in authors(notebook)] or [said.creator]
    document = typst_data(found, said, [name for name in names if name])
    files = {"main.typ": TEMPLATE.read_bytes(), "data.json": json.dumps(document, ensure_ascii=False).encode()}
    if said.imprint.emblem:
        files[EMBLEM] = said.imprint.emblem.encode()
    return files | dict(_picture(block) for block in found if isinstance(block, Figure))


def drawing_png(svg: str, width: float, dots: float = 300) -> bytes:
    """A drawing as a picture, `width` in millimetres, with so many dots an inch."""
    main = f'#set page(width: {width}mm, height: auto, margin: 0mm)\n#image("{EMBLEM}", width: 100%)'
    return compiled({"main.typ": main.encode(), EMBLEM: svg.encode()}, format="png", ppi=dots)


def compiled(files: dict[str, bytes], **how: object) -> bytes:
    """What Typst makes of `main.typ`; it can read nothing but the files. Raises `PDFError`."""
    with TemporaryDirectory(prefix=f"analysis-{os.getpid()}-", ignore_cleanup_errors=True) as folder:
        for name, written in files.items():
            (Path(folder) / name).write_bytes(written)
        try:
            return typst.compile(Path(folder) / "main.typ", root=folder, font_paths=_fonts(), **how)
        except typst.TypstError as error:
            hints = "".join(f" ({hint})" for hint in error.hints)
            raise PDFError(f"The PDF could not be made: {error.message}{hints}.") from error


def set_by(template: Path, data: dict, **how: object) -> bytes | list[bytes]:
    """What Typst makes of a template of its own with the data, which it reads as JSON in `sys.inputs.data`.

    `format="png"` gives a picture, or a list of one per page. One compiler per template is kept. Raises `PDFError`.
    """
    try:
        return _compiler(template).compile(sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, **how)
    except typst.TypstError as error:
        raise PDFError(f"The PDF could not be made: {error.message}.") from error


@cache
def _compiler(template: Path) -> typst.Compiler:
    return typst.Compiler(template, root=template.parent, font_paths=_fonts())


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_folder())])


def _picture(block: Figure) -> tuple[str, bytes]:
    if not block.svg and not block.png.startswith(PNG):
        raise PDFError(f"Figure {block.number} is no PNG picture, so the PDF could not be made.")
    return picture_file(block), block.svg.encode() if block.svg else block.png
