"""A PDF read back: its tags, its pages as pictures, and notebooks to make one from."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import typst
from nbformat import NotebookNode, v4
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from notebook_documents.about import KEY
from notebook_documents.pdf import pdf_document, typst_files
from notebook_documents.shapes import FIGURE_MIME, TABLE_MIME
from notebook_documents.typeface import font_folder

DOTS = 25.4


@dataclass
class Tag:
    """An element of the structure tree; `role` is its type without the slash."""

    role: str
    alt: str = ""
    language: str = ""
    scope: str = ""
    inside: list[Tag] = field(default_factory=list)

    def all(self, role: str) -> list[Tag]:
        return [tag for tag in self.walk() if tag.role == role]

    def walk(self) -> Iterator[Tag]:
        yield self
        for tag in self.inside:
            yield from tag.walk()


class PDF:
    """The PDF that a notebook gives."""

    def __init__(self, notebook: NotebookNode):
        self.bytes = pdf_document(notebook)
        self.reader = PdfReader(io.BytesIO(self.bytes))
        self.root = self.reader.trailer["/Root"]
        self.texts = [page.extract_text() for page in self.reader.pages]
        self.text = "\n".join(self.texts)
        self.tags = Tag("Root", inside=list(_tags(self.root["/StructTreeRoot"]["/K"])))

    @property
    def outline(self) -> list[tuple[int, str]]:
        """Level from 1, and title of each bookmark."""
        return list(_bookmarks(self.reader.outline, 1))

    def fonts(self) -> dict[str, bool]:
        """Every font's name without the letters of its subset, and whether it is embedded."""
        found = {}
        for page in self.reader.pages:
            for font in page["/Resources"].get("/Font", {}).values():
                descendant = font["/DescendantFonts"][0]
                name = font["/BaseFont"].split("+")[-1].lstrip("/").removesuffix("-Identity-H")
                found[name] = "/FontFile2" in descendant["/FontDescriptor"] or "/FontFile3" in descendant["/FontDescriptor"]
        return found


def notebook_of(*cells: NotebookNode, **said: object) -> NotebookNode:
    notebook = v4.new_notebook(cells=list(cells))
    if said:
        notebook.metadata[KEY] = said
    return notebook


def text_cell(markdown: str) -> NotebookNode:
    return v4.new_markdown_cell(markdown)


def table_cell(headings: list[str], rows: list[list[str]], notes=(), text=(0,), caption: str = "A table") -> NotebookNode:
    data = {"headings": headings, "rows": rows, "notes": list(notes), "text": list(text), "name": "a"}
    return v4.new_code_cell(f"#| tbl-cap: {caption}", outputs=[v4.new_output("display_data", {TABLE_MIME: data})])


def picture_cell(source: str = "", width: int = 640, height: int = 480, svg: str = "", **shown) -> NotebookNode:
    stream = io.BytesIO()
    Image.new("RGB", (width, height), "#8888cc").save(stream, "PNG")
    data = {"image/png": base64.b64encode(stream.getvalue()).decode()}
    data |= {"image/svg+xml": svg} if svg else {}
    data |= {FIGURE_MIME: shown} if shown else {}
    return v4.new_code_cell(source, outputs=[v4.new_output("display_data", data)])


def pictures_of(notebook: NotebookNode, folder: Path) -> list[Image.Image]:
    """Every page as a grey picture of one dot a millimetre."""
    for name, written in typst_files(notebook).items():
        (folder / name).write_bytes(written)
    pages = typst.compile(folder / "main.typ", root=folder, font_paths=[font_folder()], ignore_system_fonts=True,
                          format="png", ppi=DOTS)
    return [Image.open(io.BytesIO(page)).convert("L") for page in ([pages] if isinstance(pages, bytes) else pages)]


def ink_in_margins(page: Image.Image) -> bool:
    """Whether anything but header and page number stands in the 25 mm around the text, 2 mm of which forgive letters."""
    wide, high = page.size
    strips = [(0, 0, 23, high), (wide - 23, 0, wide, high), (0, 0, wide, 11), (0, high - 23, wide, high - 20),
              (0, high - 13, wide, high)]
    return any(page.crop(strip).getextrema()[0] < 250 for strip in strips)


def _tags(kids) -> Iterator[Tag]:
    kids = kids.get_object() if hasattr(kids, "get_object") else kids
    for kid in kids if isinstance(kids, ArrayObject) else [kids]:
        element = kid.get_object()
        if isinstance(element, DictionaryObject) and "/S" in element:
            attributes = element.get("/A", ArrayObject())
            each = attributes if isinstance(attributes, ArrayObject) else [attributes]
            scope = next((one.get_object()["/Scope"] for one in each if "/Scope" in one.get_object()), "")
            yield Tag(str(element["/S"]).lstrip("/"), str(element.get("/Alt", "")), str(element.get("/Lang", "")),
                      str(scope).lstrip("/"), list(_tags(element.get("/K", ArrayObject()))))


def _bookmarks(outline, level: int) -> Iterator[tuple[int, str]]:
    for entry in outline:
        if isinstance(entry, list):
            yield from _bookmarks(entry, level + 1)
        else:
            yield level, entry.title
