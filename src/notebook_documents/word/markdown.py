"""Markdown as paragraphs of Word: emphasis, links, lists, quotes and code in real styles; raw HTML stays text."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lxml import etree

from ..markdown import inline_tokens, picture_text, table_of, text_of, tokens
from .styles import Styles
from .xml import Runs, W, add_properties, paragraph, w

Elements = list[etree._Element]
CHARACTERS = {"strong": "Strong", "emphasis": "Emphasis", "strikethrough": "Strikethrough"}
DEEPEST = 3
"""Levels of lists that Word has styles for."""


class Markdown:
    """Makes paragraphs from Markdown.

    `link` makes runs a link, given the address, the text, and what makes the runs in a character style; `table` gives
    the elements of a table from its headings, rows, and the positions of columns that hold words.
    """

    def __init__(self, styles: Styles, runs: Runs, link: Callable[[str, str, Callable[[str], Elements]], Elements],
                 table: Callable[[list[str], list[list[str]], list[int]], Elements]):
        self._styles = styles
        self._runs = runs
        self._link = link
        self._table = table

    def paragraphs(self, markdown: str) -> Elements:
        return list(self._blocks(tokens(markdown), "Normal", 0))

    def inline(self, markdown: str) -> Elements:
        """The runs of a text that is one paragraph, such as a heading."""
        return self._inline(inline_tokens(markdown))

    def _blocks(self, found: list[dict], style: str, level: int) -> Iterator[etree._Element]:
        for token in found:
            kind = token["type"]
            if kind in ("paragraph", "block_text", "heading"):
                yield paragraph(self._styles[style], self._inline(token["children"]))
            elif kind == "list":
                yield from self._list(token, min(level + 1, DEEPEST))
            elif kind == "block_quote":
                yield from self._blocks(token["children"], "Quote", level)
            elif kind in ("block_code", "block_html"):
                yield paragraph(self._styles["HTML Preformatted"], self._runs(token["raw"].rstrip("\n")))
            elif kind == "table":
                yield from self._table(*table_of(token))
            elif kind == "thematic_break":
                yield paragraph(self._styles[style], [])
            elif text := text_of([token]).strip():
                yield paragraph(self._styles[style], self._runs(text))

    def _list(self, token: dict, level: int) -> Iterator[etree._Element]:
        """The first paragraph of an item has the list's style, what follows in it stands below without a mark."""
        suffix = "" if level == 1 else f" {level}"
        ordered = token["attrs"]["ordered"]
        marked, below = (self._styles[f"List {kind}{suffix}"] for kind in ("Number" if ordered else "Bullet", "Continue"))
        number = self._styles.new_list(level) if ordered else None
        for item in token["children"]:
            for position, made in enumerate(self._blocks(item["children"], f"List Continue{suffix}", level)):
                style = made.find(f"{{{W}}}pPr/{{{W}}}pStyle")
                if position == 0 and style is not None and style.get(f"{{{W}}}val") == below:
                    style.set(f"{{{W}}}val", marked)
                    if number is not None:
                        add_properties(made, w("numPr", w("ilvl", val=level - 1), w("numId", val=number)))
                yield made

    def _inline(self, found: list[dict], style: str = "") -> Elements:
        return [run for token in found for run in self._of(token, style)]

    def _of(self, token: dict, style: str) -> Elements:
        match token["type"]:
            case "softbreak":
                return self._runs(" ", style)
            case "linebreak":
                return self._runs("\n", style)
            case "image":
                return self._runs(picture_text(token), style)
            case "codespan":
                return self._runs(token["raw"], self._styles["HTML Code"])
            case "strong" | "emphasis" | "strikethrough" as kind:
                return self._inline(token["children"], self._styles[CHARACTERS[kind]])
            case "link":
                said = token["children"]
                return self._link(token["attrs"]["url"], text_of(said), lambda link: self._inline(said, link or style))
        return self._inline(token["children"], style) if "children" in token else self._runs(token.get("raw", ""), style)
