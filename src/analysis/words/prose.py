"""The prose of a notebook's Markdown cells, paragraph by paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import _

_HEADING = re.compile(r"(#{1,6}\s+)(.*)", re.DOTALL)
_GAP = re.compile(r"(\n[^\S\n]*\n\s*)")
_STRUCTURED = re.compile(r"^\s*([-*+>|`~]|\d+[.)])", re.MULTILINE)


def paragraphs(markdown: str) -> Iterator[str]:
    """The messages of a Markdown text: headings without their signs, paragraphs without their line breaks."""
    for part in _GAP.split(markdown.strip())[::2]:
        if message := _sign_and_message(part)[1]:
            yield message


def translated(markdown: str) -> str:
    """The same text in the language in use; what is not translated stays to the letter."""
    parts = _GAP.split(markdown)
    return "".join(part if number % 2 else _said(part) for number, part in enumerate(parts))


def _said(part: str) -> str:
    sign, message = _sign_and_message(part)
    said = _(message)
    return part if said == message else sign + said


def _sign_and_message(part: str) -> tuple[str, str]:
    heading = _HEADING.fullmatch(part.strip())
    sign, text = heading.groups() if heading else ("", part)
    return sign, text.strip("\n") if _STRUCTURED.search(text) else " ".join(text.split())
