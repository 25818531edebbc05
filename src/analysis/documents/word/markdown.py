"""Markdown as paragraphs of Word: emphasis, links, lists, quotes and code in real styles; raw HTML stays text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import mistune
from lxml import etree

from .styles import Styles
from .xml import R, Runs, W, add_properties, paragraph, w

SAFE = ("http://", "https://", "mailto:")
TableMaker = Callable[[list[str], list[list[str]]], list[etree._Element]]
DEEPEST = 3
"""Levels of lists that Word has styles for."""


@cache
def _parser() -> mistune.Markdown:
    return mistune.create_markdown(renderer=None, plugins=["table"])


def plain_text(markdown: str) -> str:
    """The text without its marks, on one line."""
    return " ".join("".join(_texts(_parser()(markdown))).split())


def _texts(nodes: list[dict]) -> Iterator[str]:
    for node in nodes:
        if node["type"] in ("softbreak", "linebreak", "blank_line"):
            yield " "
        elif "children" in node:
            yield from _texts(node["children"])
        else:
            yield node.get("raw", "")


def _cells(row: dict) -> list[str]:
    return ["".join(_texts(cell["children"])) for cell in row["children"]]


class Markdown:
    """Makes paragraphs from Markdown.

    `link` gives the relationship id of an address, `table` the elements of a table from its headings and rows.
    """

    def __init__(self, styles: Styles, runs: Runs, link: Callable[[str], str], table: TableMaker):
        self._styles = styles
        self._runs = runs
        self._link = link
        self._table = table

    def paragraphs(self, markdown: str) -> list[etree._Element]:
        return list(self._blocks(_parser()(markdown), "Normal", 0))

    def inline(self, markdown: str) -> list[etree._Element]:
        """The runs of a text that is one paragraph, such as a heading."""
        found = []
        for node in _parser()(markdown):
            if found and node["type"] != "blank_line":
                found += self._runs(" ")
            found += self._inline(node["children"]) if "children" in node else self._runs(node.get("raw", ""))
        return found

    def _blocks(self, nodes: list[dict], style: str, level: int) -> Iterator[etree._Element]:
        for node in nodes:
            kind = node["type"]
            if kind in ("paragraph", "block_text", "heading"):
                yield paragraph(self._styles[style], self._inline(node["children"]))
            elif kind == "list":
                yield from self._list(node, level + 1)
            elif kind == "block_quote":
                yield from self._blocks(node["children"], "Quote", level)
            elif kind in ("block_code", "block_html"):
                yield paragraph(self._styles["HTML Preformatted"], self._runs(node["raw"].rstrip("\n")))
            elif kind == "table":
                head, *bodies = node["children"]
                rows = [row for body in bodies for row in body["children"]]
                yield from self._table(_cells(head), [_cells(row) for row in rows])
            elif kind == "thematic_break":
                yield paragraph(self._styles[style], [])
            elif "children" in node:
                yield from self._blocks(node["children"], style, level)
            elif node.get("raw", "").strip():
                yield paragraph(self._styles[style], self._runs(node["raw"]))

    def _list(self, node: dict, level: int) -> Iterator[etree._Element]:
        level = min(level, DEEPEST)
        suffix = "" if level == 1 else f" {level}"
        ordered = node["attrs"]["ordered"]
        style = f"List {'Number' if ordered else 'Bullet'}{suffix}"
        number = self._styles.new_list(level) if ordered else None
        for item in node["children"]:
            first = True
            for made in self._blocks(item["children"], f"List Continue{suffix}", level):
                if first:
                    _restyle(made, self._styles[f"List Continue{suffix}"], self._styles[style], number, level)
                    first = False
                yield made

    def _inline(self, nodes: list[dict], style: str = "") -> list[etree._Element]:
        found = []
        for node in nodes:
            kind = node["type"]
            if kind == "softbreak":
                found += self._runs(" ", style)
            elif kind == "linebreak":
                found += self._runs("\n", style)
            elif kind in ("strong", "emphasis"):
                found += self._inline(node["children"], self._styles[kind])
            elif kind == "codespan":
                found += self._runs(node["raw"], self._styles["HTML Code"])
            elif kind == "link":
                found += self._linked(node)
            elif kind == "image":
                found += self._runs(f"[{''.join(_texts(node['children'])) or node['attrs']['url']}]", style)
            elif "children" in node:
                found += self._inline(node["children"], style)
            else:
                found += self._runs(node.get("raw", ""), style)
        return found

    def _linked(self, node: dict) -> list[etree._Element]:
        url = node["attrs"]["url"]
        if not url.casefold().startswith(SAFE):
            return self._inline(node["children"])
        link = w("hyperlink", *self._inline(node["children"], self._styles["Hyperlink"]), history=1)
        link.set(f"{{{R}}}id", self._link(url))
        return [link]


def _restyle(made: etree._Element, plain: str, wanted: str, number: int | None, level: int) -> None:
    style = made.find(f"{{{W}}}pPr/{{{W}}}pStyle")
    if style is None or style.get(f"{{{W}}}val") != plain:
        return
    style.set(f"{{{W}}}val", wanted)
    if number is not None:
        add_properties(made, w("numPr", w("ilvl", val=level - 1), w("numId", val=number)))
