"""The report as one HTML file that needs nothing else: no code, images embedded, a table of contents."""

from __future__ import annotations

import base64
from pathlib import Path

import mistune
from markupsafe import Markup
from nbconvert.exporters import TemplateExporter
from nbformat import NotebookNode
from traitlets import default
from traitlets.config import Config

from .about import about, title_of
from .blocks import blocks
from .shapes import Heading

TEMPLATE = Path(__file__).with_name("template")


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
        return [str(TEMPLATE)]

    def _template_file_default(self):
        return "report.html.j2"

    def _create_environment(self):
        environment = super()._create_environment()
        environment.autoescape = True
        markdown = mistune.create_markdown(escape=True)
        environment.filters["markdown"] = lambda text: Markup(markdown(text))
        environment.filters["inline_markdown"] = lambda text: Markup(_inline(markdown(text)))
        environment.filters["without_markdown"] = lambda text: Markup(markdown(text)).striptags()
        environment.filters["data_uri"] = lambda png: f"data:image/png;base64,{base64.b64encode(png).decode()}"
        return environment

    def from_notebook_node(self, nb, resources=None, **kwargs):
        """The notebook's blocks in the template."""
        resources = self._init_resources(resources)
        found, said = blocks(nb), about(nb)
        page = self.template.render(
            blocks=found, contents=[block for block in found if isinstance(block, Heading) and block.level == 2],
            kinds=[type(block).__name__ for block in found], title=title_of(found, said), synthetic=said.synthetic,
            funding=said.funding, study=said.study, language=said.language,
            emblem=Markup((TEMPLATE / "eu.svg").read_text(encoding="utf-8")),
        )
        return page, resources


def write_html(notebook: NotebookNode, path: Path) -> None:
    """Write the executed notebook as one HTML file."""
    page, _ = ReportHTMLExporter().from_notebook_node(notebook)
    path.write_text(page, encoding="utf-8", newline="\n")


def _inline(rendered: str) -> str:
    return rendered.strip().removeprefix("<p>").removesuffix("</p>")
