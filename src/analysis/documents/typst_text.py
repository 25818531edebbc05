"""Text and Markdown as data for the Typst template; nothing of it is ever read as Typst's own markup.

Inline content is a list of strings and of dictionaries with a `kind`: strong, emph, strike, code, link, break.
Block content is a list of dictionaries with a `kind`: paragraph, list, code, quote, rule, table.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import mistune

from .typeface import ems

BREAK = "\u200b"
"""Marks where a line may end within a word; the template makes an empty space of it, which no copied text shows."""

WIDEST_WORD = 30.0
WIDEST_CODE = 45.0
_SPACES = re.compile("[ \t\n\r\v\f\x1c-\x1f\x85\u2028\u2029]+")
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff\u200b]")
_SAFE_LINK = re.compile(r"(https?://|mailto:)\S", re.IGNORECASE)
_MANY_MARKS = 3
_STYLES = {"strong": "strong", "emphasis": "emph", "strikethrough": "strike"}


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


def plain(markdown: str) -> str:
    """What a reader sees of the Markdown, as one line."""
    return clean(_text_of(_tokens(markdown)))


def inline(markdown: str, anchors: frozenset[str] = frozenset(), widest: float = WIDEST_WORD) -> list:
    """The Markdown of a heading as inline content, its words broken from so many ems on."""
    found = []
    for token in _tokens(markdown):
        found += [" "] if found else []
        found += (_inlines(token["children"], anchors, widest) if "children" in token
                  else [breakable(_text_of([token]), widest)])
    return found


def content(markdown: str, anchors: frozenset[str] = frozenset()) -> list[dict]:
    """The Markdown as block content; a link within the document leads to one of its `anchors`, or is plain text."""
    return _blocks(_tokens(markdown), anchors)


@cache
def _parser():
    return mistune.create_markdown(renderer=None, plugins=["strikethrough", "table"])


def _tokens(markdown: str) -> list[dict]:
    return [token for token in _parser()(markdown) if token["type"] != "blank_line"]


def _blocks(tokens: list[dict], anchors: frozenset[str]) -> list[dict]:
    found = []
    for token in tokens:
        match token["type"]:
            case "blank_line":
                continue
            case "paragraph" | "block_text":
                found.append({"kind": "paragraph", "body": _inlines(token["children"], anchors)})
            case "heading":
                body = _inlines(token["children"], anchors)
                found.append({"kind": "paragraph", "body": [{"kind": "strong", "body": body}]})
            case "list":
                attributes = token["attrs"]
                items = [_blocks(item["children"], anchors) for item in token["children"]]
                found.append({"kind": "list", "ordered": attributes["ordered"], "start": attributes.get("start", 1),
                              "items": items})
            case "block_quote":
                found.append({"kind": "quote", "body": _blocks(token["children"], anchors)})
            case "thematic_break":
                found.append({"kind": "rule"})
            case "block_code":
                lines = token["raw"].rstrip("\n").split("\n")
                found.append({"kind": "code", "text": "\n".join(_code_line(line) for line in lines)})
            case "table":
                found.append(_table(token))
            case _:
                found.append({"kind": "paragraph", "body": [breakable(_text_of([token]))]})
    return found


def _table(token: dict) -> dict:
    head, *body = token["children"]
    rows = [row["children"] for part in body for row in part["children"]]
    headings, *rows = ([_text_of(cell["children"]) for cell in row] for row in (head["children"], *rows))
    words = [at for at, cell in enumerate(head["children"]) if cell["attrs"]["align"] != "right"]
    return {"kind": "table", "headings": headings, "rows": rows, "text": words}


def _code_line(line: str) -> str:
    spread = line.expandtabs(4)
    return " " * (len(spread) - len(spread.lstrip())) + breakable(spread.strip(), WIDEST_CODE)


def _inlines(tokens: list[dict], anchors: frozenset[str], widest: float = WIDEST_WORD) -> list:
    found = []
    for token in tokens:
        match token["type"]:
            case "strong" | "emphasis" | "strikethrough" as kind:
                found.append({"kind": _STYLES[kind], "body": _inlines(token["children"], anchors, widest)})
            case "image":
                found.append(breakable(_picture(token), widest))
            case "codespan":
                found.append({"kind": "code", "text": breakable(token["raw"], widest / 1.2)})
            case "link":
                found += _link(token, anchors, widest)
            case "linebreak":
                found.append({"kind": "break"})
            case "softbreak":
                found.append(" ")
            case _:
                found.append(breakable(_text_of([token]), widest))
    return found


def _link(token: dict, anchors: frozenset[str], widest: float) -> list:
    body, address = _inlines(token["children"], anchors, widest), token["attrs"]["url"]
    if _SAFE_LINK.match(address):
        return [{"kind": "link", "url": clean(address), "body": body}]
    if address.startswith("#") and address[1:] in anchors:
        return [{"kind": "link", "anchor": address[1:], "body": body}]
    return body


def _picture(token: dict) -> str:
    """A picture that lies elsewhere: its description and address."""
    address = token["attrs"]["url"]
    return f"{_text_of(token['children']) or 'picture'} ({address.partition(',')[0][:100]})"


def _text_of(tokens: list[dict]) -> str:
    parts = []
    for token in tokens:
        if token["type"] in ("softbreak", "linebreak", "blank_line"):
            parts.append(" ")
        elif "children" in token:
            parts.append(_text_of(token["children"]))
        else:
            parts.append(token.get("raw", ""))
    return "".join(parts)


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
