"""Text and Markdown as data for the Typst template; nothing of it is ever read as Typst's own markup.

Content is a list of strings and of dictionaries with a `kind`: the token's type in mistune, with `body`, `text`, `url` or
`anchor`.
"""

from __future__ import annotations

import re
import unicodedata

from .markdown import SAFE, inline_tokens, picture_text, table_of, text_of, tokens
from .typeface import ems

BREAK = "\u200b"
"""Marks where a line may end within a word; the template makes an empty space of it, which no copied text shows."""

WIDEST_WORD = 30.0
WIDEST_CODE = 45.0
_SPACES = re.compile("[ \t\n\r\v\f\x1c-\x1f\x85\u2028\u2029]+")
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff\u200b]")
_MANY_MARKS = 3


def clean(text: str) -> str:
    """One line of text that any PDF reader can show and copy.

    Signs that no text may hold (control characters, half a surrogate pair, noncharacters, private ones) become “�”.
    Marks that would turn the direction of what follows, and marks without width, are left out.
    """
    shown = _DIRECTIONS.sub("", _SPACES.sub(" ", text))
    return "".join("\ufffd" if _is_no_text(sign) else sign for sign in _few_marks(shown))


def breakable(text: str, widest: float = WIDEST_WORD) -> str:
    """The cleaned text with a `BREAK` in words wider than so many ems: after their signs, where need be anywhere."""
    words = clean(text).split(" ")
    return " ".join(word if len(word) < widest / 1.1 or ems(word) <= widest else _broken(word, widest)
                    for word in words)


def inline(markdown: str, anchors: frozenset[str] = frozenset(), widest: float = WIDEST_WORD) -> list:
    """The Markdown of a heading as inline content, its words broken from so many ems on."""
    return _nodes(inline_tokens(markdown), anchors, widest)


def content(markdown: str, anchors: frozenset[str] = frozenset()) -> list[dict]:
    """The Markdown as block content; a link within the document leads to one of its `anchors`, or is plain text."""
    return [node if isinstance(node, dict) else {"kind": "paragraph", "body": [node]}
            for node in _nodes(tokens(markdown), anchors, WIDEST_WORD)]


def _nodes(found: list[dict], anchors: frozenset[str], widest: float) -> list:
    return [node for token in found if token["type"] != "blank_line" for node in _node(token, anchors, widest)]


def _node(token: dict, anchors: frozenset[str], widest: float) -> list:
    body = _nodes(token["children"], anchors, widest) if "children" in token else []
    match token["type"]:
        case "table":
            headings, rows, words = table_of(token)
            return [{"kind": "table", "headings": headings, "rows": rows, "text": words}]
        case "list":
            return [{"kind": "list", "body": body, "ordered": token["attrs"]["ordered"],
                     "start": token["attrs"].get("start", 1)}]
        case "heading":
            return [{"kind": "paragraph", "body": [{"kind": "strong", "body": body}]}]
        case "block_code":
            lines = token["raw"].rstrip("\n").split("\n")
            return [{"kind": "block_code", "text": "\n".join(map(_code_line, lines))}]
        case "codespan":
            return [{"kind": "codespan", "text": breakable(token["raw"], widest / 1.2)}]
        case "image":
            return [breakable(picture_text(token), widest)]
        case "link":
            address = token["attrs"]["url"]
            if address.casefold().startswith(SAFE):
                return [{"kind": "link", "url": clean(address), "body": body}]
            return [{"kind": "link", "anchor": address[1:], "body": body}] if address[1:] in anchors else body
        case "softbreak":
            return [" "]
        case "linebreak" | "thematic_break" as kind:
            return [{"kind": kind}]
        case kind if "children" in token:
            return [{"kind": "paragraph" if kind == "block_text" else kind, "body": body}]
    return [breakable(text_of([token]), widest)]


def _code_line(line: str) -> str:
    spread = line.expandtabs(4)
    return " " * (len(spread) - len(spread.lstrip())) + breakable(spread.strip(), WIDEST_CODE)


def _broken(word: str, widest: float) -> str:
    pieces = [""]
    for part in re.split(r"(?<=[/\\._\-=&?:,;@|])", word):
        if ems(pieces[-1] + part) <= widest:
            pieces[-1] += part
            continue
        pieces.append("")
        for sign in part:
            if pieces[-1] and ems(pieces[-1] + sign) > widest:
                pieces.append("")
            pieces[-1] += sign
    return BREAK.join(piece for piece in pieces if piece)


def _is_no_text(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cs", "Co") or ord(sign) & 0xFFFE == 0xFFFE or "\ufdd0" <= sign <= "\ufdef"


def _few_marks(text: str) -> str:
    """At most a few combining marks on one letter: more would run into the lines above."""
    if text.isascii():
        return text
    kept, run = [], 0
    for sign in text:
        run = run + 1 if unicodedata.combining(sign) else 0
        if run <= _MANY_MARKS:
            kept.append(sign)
    return "".join(kept)
