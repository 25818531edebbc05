"""The writers as nbconvert knows them: `jupyter nbconvert --to report_docx notebook.ipynb`."""

from __future__ import annotations

from pathlib import Path

from nbconvert.exporters import Exporter
from traitlets import Unicode

from . import document


class _Report(Exporter):
    kind = ""

    def _file_extension_default(self):
        return f".{self.kind}"

    def from_notebook_node(self, nb, resources=None, **kwargs):
        """The bytes of the document."""
        notebook, resources = super().from_notebook_node(nb, resources, **kwargs)
        return document(self.kind, notebook, self._template()), resources

    def _template(self) -> Path | None:
        return None


class HTMLReport(_Report):
    kind = "html"
    export_from_notebook = "Report (HTML)"
    output_mimetype = "text/html"


class WordReport(_Report):
    """With a template: `--WordReport.template=our.docx`."""

    kind = "docx"
    export_from_notebook = "Report (Word)"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    template = Unicode("", help="A .docx whose styles, and text if it has any, the document takes over.").tag(config=True)

    def _template(self) -> Path | None:
        return Path(self.template) if self.template else None


class PDFReport(_Report):
    kind = "pdf"
    export_from_notebook = "Report (PDF)"
    output_mimetype = "application/pdf"


class WorkbookReport(_Report):
    kind = "xlsx"
    export_from_notebook = "Tables (Excel)"
    output_mimetype = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
