"""The report as a Word document: editable tables, real styles, fields that Word renumbers, the deliverable's template."""

from __future__ import annotations

from pathlib import Path

from docx import Document
from lxml import etree
from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import Unicode, default

from ..about import about, title_of
from ..blocks import blocks
from ..shapes import Heading
from .front import contents_elements, funding_elements, set_header_and_footer, title_elements
from .markdown import plain_text
from .package import TemplateError, checked_template, document_bytes, empty_document, opened_template
from .place import Pages, insertion_point
from .properties import language_of, language_tag, set_properties, update_fields_on_opening
from .story import Numbers, Story, add_blocks, bookmark
from .styles import Styles
from .xml import Runs, W

__all__ = ["ReportWordExporter", "TemplateError", "checked_template", "word_document", "write_word"]


class ReportWordExporter(Exporter):
    """`jupyter nbconvert --to analysis_docx notebook.ipynb`; with a template `--ReportWordExporter.template=our.docx`."""

    export_from_notebook = "Report (Word)"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    template = Unicode("", help="A .docx whose styles, and text if it has any, the document takes over.").tag(config=True)

    @default("file_extension")
    def _file_extension_default(self):
        return ".docx"

    def from_notebook_node(self, nb, resources=None, **kwargs):
        """The bytes of the document."""
        nb, resources = super().from_notebook_node(nb, resources, **kwargs)
        return word_document(nb, Path(self.template) if self.template else None), resources


def write_word(notebook: NotebookNode, path: Path, template: Path | None = None) -> None:
    """Write the executed notebook as a Word document.

    Raises `TemplateError` where the template can't be used.
    """
    path.write_bytes(word_document(notebook, template))


def word_document(notebook: NotebookNode, template: Path | None = None) -> bytes:
    """The bytes of the .docx; the same notebook and template give the same.

    A template that holds text keeps it, and the report becomes a chapter of it: at the paragraph `{{report}}`, else
    at the end. One that holds none lends its styles and page. Raises `TemplateError` where it can't be used.
    """
    document = opened_template(template) if template else empty_document()
    said, found = about(notebook), blocks(notebook)
    title = title_of(found, said)
    place = insertion_point(document, template.name if template else "")
    styles = Styles(document)
    pages = Pages(place, styles["Section Break"])
    story = Story(document, pages, styles, Runs(styles["Georgian"], _language(document, said.language, bool(template))))
    chapter = place.has_text
    before = list(place.before.itersiblings(preceding=True))
    numbers = Numbers(before if chapter else [])

    heading = next((block for block in found if isinstance(block, Heading)), None)
    rest, shift = [block for block in found if block is not heading], 0 if chapter else 1
    first = title_elements(story, said, title, 1 if chapter else 0, bookmark(Heading(1, title, ""), len(found)))
    if not (chapter and _says(before, said.funding.statement)):
        first += funding_elements(story, said)
    contents = []
    if not chapter:
        set_header_and_footer(document, story, said, plain_text(title))
        contents = contents_elements(story, rest, shift, numbers)
    pages.add(first + contents)
    add_blocks(story, rest, shift, numbers, new_page=bool(contents))
    if chapter and any("TOC" in text.split() for text in document.element.body.itertext(f"{{{W}}}instrText")):
        update_fields_on_opening(document)
    authors = [str(author.get("name", "")) for author in notebook.metadata.get("authors", []) if isinstance(author, dict)]
    set_properties(document, said, plain_text(title), ", ".join(filter(None, authors)))
    return document_bytes(document)


def _language(document: Document, language: str, template: bool) -> str:
    """The tag that every run carries: none where the document's language is the report's, which a new one's is made."""
    element, wanted = language_of(document), language_tag(language)
    if not template:
        element.set(f"{{{W}}}val", wanted)
    same = element.get(f"{{{W}}}val", "").split("-")[0].casefold() == wanted.split("-")[0].casefold()
    return "" if same else wanted


def _says(before: list[etree._Element], statement: str) -> bool:
    text = " ".join("".join("".join(element.itertext(f"{{{W}}}t")) for element in before).split())
    return bool(statement) and " ".join(statement.split()) in text
