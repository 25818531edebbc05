"""One executed notebook, many documents: the notebook becomes a list of blocks, and each format has a writer.

Knows nothing of what a notebook is about: title page, fixed words and language come with the notebook's metadata
(`about.About`). Every writer is an nbconvert exporter, too (`exporters`).
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode

WRITERS = {"html": "html:html_document", "docx": "word:word_document", "pdf": "pdf:pdf_document",
           "xlsx": "workbook:workbook_document"}
"""Format to the module and function that makes it; a module is loaded only when it is needed."""


def document(kind: str, notebook: NotebookNode, template: Path | None = None) -> bytes:
    """The executed notebook as a document of a kind; `template` is the .docx whose styles, and text, Word takes over.

    The same notebook and template give the same bytes.
    """
    module, function = WRITERS[kind].split(":")
    write = getattr(import_module(f"{__name__}.{module}"), function)
    return write(notebook, template) if kind == "docx" else write(notebook)
