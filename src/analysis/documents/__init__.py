"""One executed notebook, many documents: the notebook becomes a list of blocks, and each format has a writer.

Every writer is an nbconvert exporter, so `jupyter nbconvert --to` finds it, too: analysis_html, analysis_docx and
analysis_pdf.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode

WRITERS = {"html": "html:write_html", "docx": "word:write_word", "pdf": "pdf:write_pdf"}
"""Format, as `--to` takes it, to the module and function that writes it; a module is loaded only when it is needed."""


def write_document(kind: str, notebook: NotebookNode, path: Path, word_template: Path | None = None) -> None:
    """Write the executed notebook as a document of the kind; `word_template` is the .docx whose styles Word uses."""
    module, function = WRITERS[kind].split(":")
    writer = getattr(import_module(f"{__name__}.{module}"), function)
    writer(notebook, path, **({"template": word_template} if kind == "docx" else {}))
