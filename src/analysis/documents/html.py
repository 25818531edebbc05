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

from .blocks import Heading, blocks

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
        """The notebook's blocks in the template; `resources["about"]` may carry title, banner and funding."""
        resources = self._init_resources(resources)
        found = blocks(nb)
        about = resources.get("about", {})
        page = self.template.render(
            blocks=found, contents=[block for block in found if isinstance(block, Heading) and block.level == 2],
            kinds=[type(block).__name__ for block in found], title=about.get("title") or _title(found),
            synthetic=about.get("synthetic", False), funding=about.get("funding"), study=about.get("study", ""),
            emblem=Markup((TEMPLATE / "eu.svg").read_text(encoding="utf-8")),
        )
        return page, resources


def write_html(notebook: NotebookNode, path: Path, about: dict) -> None:
    """Write the report as HTML; `about` has the keys study, synthetic and funding."""
    page, _ = ReportHTMLExporter().from_notebook_node(notebook, resources={"about": about})
    path.write_text(page, encoding="utf-8", newline="\n")


def _title(found) -> str:
    return next((block.text for block in found if isinstance(block, Heading)), "Report")


def _inline(rendered: str) -> str:
    return rendered.strip().removeprefix("<p>").removesuffix("</p>")
