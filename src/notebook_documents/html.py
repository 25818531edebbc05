"""The document as one HTML file that needs nothing else: no code, pictures embedded, a table of contents.

Its templates escape all text, and Markdown passes with raw HTML escaped, so no label can smuggle a script in.
"""

from __future__ import annotations

import base64
import re
from functools import cache
from pathlib import Path

import mistune
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape
from mistune.renderers.html import HTMLRenderer
from nbformat import NotebookNode

from .about import About, Words, about, title_of
from .blocks import blocks
from .frames import text_columns
from .shapes import Figure, Heading, grouped, heads_group, split_caption

TEMPLATES = Path(__file__).with_name("templates")
LONG_WORD, LONG_TEXT = 30, 25  # characters


def html_document(notebook: NotebookNode) -> bytes:
    """The executed notebook as a page."""
    found, said = blocks(notebook), about(notebook)
    title, shown = title_of(found, said)
    anchor = next((block.anchor for block in found if isinstance(block, Heading)), "")
    contents = [block for block in shown if isinstance(block, Heading) and block.level == 2]
    page = rendered(TEMPLATES / "report.html.j2", said, title=title, anchor=anchor, blocks=shown, contents=contents,
                    kinds=[type(block).__name__ for block in shown])
    return page.encode()


def rendered(template: Path, said: About, **values: object) -> str:
    """The page that a template makes; it may extend `page.html.j2`, which needs a `title` (Markdown)."""
    environment = Environment(loader=FileSystemLoader([template.parent, TEMPLATES]), autoescape=True)
    environment.filters |= {
        "markdown": lambda text: Markup(_accessible_tables(_markdown()(text), said.words)),
        "inline_markdown": _inline,
        "without_markdown": lambda text: _inline(text).striptags(),
        "picture": _picture,
        "drawing": _drawing,
        "groups": lambda rows: list(zip(grouped(rows), rows, strict=True)),
        "heads_group": heads_group,
        "shape_class": _shape_class,
        "split_caption": split_caption,
        "text_columns": text_columns,
    }
    return environment.get_template(template.name).render(about=said, words=said.words, **values)


class _Renderer(HTMLRenderer):
    """Markdown to HTML in which nothing comes from elsewhere, runs, or takes part in the page's outline."""

    def __init__(self):
        super().__init__(escape=True)

    def heading(self, text, level, **attrs):
        """Headings inside a paragraph are no parts of the document."""
        return f"<p><strong>{text}</strong></p>\n"

    def image(self, text, url, title=None):
        """The picture if it lies in the text itself, else its description and address."""
        if url.startswith(("data:image/png;base64,", "data:image/jpeg;base64,", "data:image/svg+xml;base64,")):
            return f'<img src="{escape(url)}" alt="{escape(Markup(text).striptags())}">'
        return f"{text or 'picture'} ({escape(url)})"


@cache
def _markdown() -> mistune.Markdown:
    return mistune.create_markdown(renderer=_Renderer(), plugins=["strikethrough", "table"])


def _inline(text: str) -> Markup:
    """A line of Markdown without lists or headings, so that “2022. A study” stays a title."""
    tokens = _markdown().inline(" ".join(text.split()), {})
    return Markup(_markdown().renderer(tokens, mistune.BlockState()))


def _drawing(svg: str) -> str:
    """A data address: an SVG inside an image element keeps its ids to itself and can run nothing."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _picture(figure: Figure) -> str:
    """The drawing, in which letters are outlines, so that nothing is lost by it; the PNG where there is none."""
    return _drawing(figure.svg) if figure.svg else f"data:image/png;base64,{base64.b64encode(figure.png).decode()}"


def _shape_class(cell: str) -> str:
    """The style of a cell whose words must be broken, or whose text needs room."""
    if max(map(len, cell.split()), default=0) > LONG_WORD:
        return " long"
    return " wide" if len(cell) > LONG_TEXT else ""


def _accessible_tables(html: str, words: Words) -> str:
    """Markdown's tables in regions that scroll, each named by its headings."""
    def region(found: re.Match) -> str:
        headings = ", ".join(re.findall(r"<th[^>]*>(.+?)</th>", found[0]))
        name = escape(Markup(f"{words['table']}: {headings}").striptags())
        return f'<div class="scroll" role="region" aria-label="{name}" tabindex="0">{found[0]}</div>'

    html = re.sub(r"<table>.*?</table>", region, html, flags=re.DOTALL)
    html = re.sub(r"<th[^>]*></th>", "<td></td>", html)
    return re.sub(r"<th(?=[ >])", '<th scope="col"', html)
