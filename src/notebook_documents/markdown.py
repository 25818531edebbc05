"""Markdown read once for all writers that do not speak it: tokens of mistune, and what stands in them."""

from __future__ import annotations

from functools import cache

import mistune

SAFE = ("http://", "https://", "mailto:")
"""Where links may lead, beside places in the document."""


@cache
def _parser() -> mistune.Markdown:
    return mistune.create_markdown(renderer=None, plugins=["strikethrough", "table"])


def tokens(markdown: str) -> list[dict]:
    """The text's blocks as mistune's tokens; nothing is run, raw HTML stays text."""
    return [token for token in _parser()(markdown) if token["type"] != "blank_line"]


def inline_tokens(markdown: str) -> list[dict]:
    """A line of Markdown without lists or headings, so that “2022. A study” stays a title."""
    return _parser().inline(" ".join(markdown.split()), {})


def text_of(found: list[dict]) -> str:
    """What a reader sees of the tokens, without marks."""
    return "".join(" " if token["type"] in ("softbreak", "linebreak", "blank_line")
                   else text_of(token["children"]) if "children" in token else token.get("raw", "") for token in found)


def plain_text(markdown: str) -> str:
    """The text without its marks, on one line."""
    return " ".join(text_of(inline_tokens(markdown)).split())


def picture_text(token: dict) -> str:
    """In place of a picture that lies elsewhere: its description and address."""
    return f"{text_of(token['children']) or 'picture'} ({token['attrs']['url'].partition(',')[0][:100]})"


def table_of(token: dict) -> tuple[list[str], list[list[str]], list[int]]:
    """Headings, rows, and positions of the columns that hold words (all that are not set to the right)."""
    head, *bodies = token["children"]
    rows = [head, *(row for body in bodies for row in body["children"])]
    headings, *cells = ([text_of(cell["children"]) for cell in row["children"]] for row in rows)
    return headings, cells, [at for at, cell in enumerate(head["children"]) if cell["attrs"]["align"] != "right"]
