"""Pages of ours: one HTML file that needs nothing else, with one look, from templates that escape all text."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import mistune
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape
from mistune.renderers.html import HTMLRenderer

from analysis.words import _

from .shapes import Figure

TEMPLATES = Path(__file__).with_name("template")
LONG_WORD, LONG_TEXT = 30, 25  # characters


class PageRenderer(HTMLRenderer):
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


def use_filters(environment: Environment) -> None:
    """Make a Jinja environment ours: it escapes, and knows Markdown and pictures."""
    markdown = mistune.create_markdown(renderer=PageRenderer(), plugins=["strikethrough", "table"])
    environment.autoescape = True
    environment.filters |= {
        "markdown": lambda text: Markup(_accessible_tables(markdown(text))),
        "inline_markdown": lambda text: _inline(markdown, text),
        "without_markdown": lambda text: _inline(markdown, text).striptags(),
        "picture": picture,
        "grouped": grouped,
        "shape_class": shape_class,
    }
    environment.globals["emblem"] = Markup((TEMPLATES / "eu.svg").read_text(encoding="utf-8"))


def rendered(template: str, **values) -> str:
    """The page that a template makes of the values."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    use_filters(environment)
    return environment.get_template(template).render(words=fixed_words(), **values)


def fixed_words() -> dict[str, str]:
    """What the templates say themselves, in the language in use."""
    return {
        "skip": _("Skip to the content"),
        "contents": _("Contents"),
        "synthetic": _("Synthetic data."),
        "made_up": _("Every answer was made up by a program; nothing here says anything about real schools or teachers."),
        "table": _("Table"),
        "figure": _("Figure"),
        "note": _("Note."),
        "numbers": _("The numbers behind"),
        "nothing": _("Nothing to show."),
    }


def picture(figure: Figure) -> str:
    """The drawing as a data address, the PNG where there is none.

    An SVG inside an image element keeps its ids to itself and can run nothing; with letters drawn as outlines nothing
    is lost by it.
    """
    if figure.svg:
        return f"data:image/svg+xml;base64,{base64.b64encode(figure.svg.encode()).decode()}"
    return f"data:image/png;base64,{base64.b64encode(figure.png).decode()}"


def grouped(rows: list[list[str]]) -> list[tuple[int, list[str]]]:
    """Each row with the number of rows that its first cell names; 0 where the cell above names it, too."""
    counts: list[int] = []
    first = 0
    for position, row in enumerate(rows):
        if position and not row[0]:
            counts[first] += 1
            counts.append(0)
        else:
            first = position
            counts.append(1)
    return list(zip(counts, rows, strict=True))


def shape_class(cell: str) -> str:
    """The style of a cell whose words must be broken, or whose text needs room."""
    if max(map(len, cell.split()), default=0) > LONG_WORD:
        return " long"
    return " wide" if len(cell) > LONG_TEXT else ""


def _inline(markdown: mistune.Markdown, text: str) -> Markup:
    """A line of Markdown without lists or headings, so that “2022. A study” stays a title."""
    tokens = markdown.inline(" ".join(text.split()), {})
    return Markup(markdown.renderer(tokens, mistune.BlockState()))


def _accessible_tables(html: str) -> str:
    """Markdown's tables in regions that scroll, each named by its headings."""
    def region(found: re.Match) -> str:
        headings = ", ".join(re.findall(r"<th[^>]*>(.+?)</th>", found[0]))
        name = escape(Markup(f"{_('Table')}: {headings}").striptags())
        return f'<div class="scroll" role="region" aria-label="{name}" tabindex="0">{found[0]}</div>'

    html = re.sub(r"<table>.*?</table>", region, html, flags=re.DOTALL)
    html = re.sub(r"<th[^>]*></th>", "<td></td>", html)
    return re.sub(r"<th(?=[ >])", '<th scope="col"', html)
