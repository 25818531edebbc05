"""The report as one HTML file that needs nothing else: no code, pictures embedded, a table of contents."""

from __future__ import annotations

from pathlib import Path

from nbconvert.exporters import TemplateExporter
from nbformat import NotebookNode
from traitlets import default
from traitlets.config import Config

from .about import about, title_of
from .blocks import blocks
from .frames import text_columns
from .page import TEMPLATES, fixed_words, use_filters
from .shapes import Heading


class ReportHTMLExporter(TemplateExporter):
    """`jupyter nbconvert --to analysis_html notebook.ipynb`.

    Text of the study passes through Markdown with raw HTML escaped, so a label can't smuggle a script in.
    """

    export_from_notebook = "Report (HTML)"
    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self):
        return ".html"

    @property
    def default_config(self):
        return Config({"TemplateExporter": {"enabled": True}})

    @property
    def template_paths(self):
        return [str(TEMPLATES)]

    def _template_file_default(self):
        return "report.html.j2"

    def _create_environment(self):
        environment = super()._create_environment()
        use_filters(environment)
        environment.filters["text_columns"] = text_columns
        return environment

    def from_notebook_node(self, nb, resources=None, **kwargs):
        """The notebook's blocks in the template."""
        resources = self._init_resources(resources)
        found, said = blocks(nb), about(nb)
        title = next((block for block in found if isinstance(block, Heading)), None)
        shown = [block for block in found if block is not title]
        page = self.template.render(
            words=fixed_words(), title=title_of(found, said), anchor=title.anchor if title else "", blocks=shown,
            kinds=[type(block).__name__ for block in shown],
            contents=[block for block in shown if isinstance(block, Heading) and block.level == 2],
            study=said.study, synthetic=said.synthetic, funding=said.funding, language=said.language,
        )
        return page, resources


def write_html(notebook: NotebookNode, path: Path) -> None:
    """Write the executed notebook as one HTML file."""
    page, _ = ReportHTMLExporter().from_notebook_node(notebook)
    path.write_text(page, encoding="utf-8", newline="\n")
