"""The prose of a notebook's Markdown cells, paragraph by paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import _

_HEADING = re.compile(r"(#{1,6}\s+)(.*)", re.DOTALL)


def paragraphs(markdown: str) -> Iterator[str]:
    """The messages of a Markdown text: headings without their signs, paragraphs without their line breaks."""
    yield from (message for _sign, message in _parts(markdown))


def translated(markdown: str) -> str:
    """The same text in the language in use."""
    return "\n\n".join(sign + _(message) for sign, message in _parts(markdown))


def _parts(markdown: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"\n\s*\n", markdown.strip()):
        if heading := _HEADING.fullmatch(part):
            sign, part = heading.groups()
        else:
            sign = ""
        if part.strip():
            yield sign, part if re.search(r"^\s*([-*+>|`~]|\d+[.)])", part, re.MULTILINE) else " ".join(part.split())
