"""How texts are compared and shown: one rule for headers, labels, spellings and sentences."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz import fuzz, process

from survey_exports.texts import INVISIBLE, listed, normal, one_full_stop, quoted, suggestion

__all__ = ["LETTERS_LOST", "letters_lost", "listed", "nearest", "normal", "one_full_stop", "plain_number", "quoted",
           "suggestion", "trimmed"]

_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_LOST_LETTER = re.compile(r"(?<![^\s(\"'])(?=\S{4})[^\W\d_]*\?[^\W\d_](?:[-?]|[^\W\d_])*(?![^\s.,:;!?)\"'])")
_LOST_WORD = re.compile(r"(?<!\S)\?{2,}[.,:;!)]?(?!\S)")

LETTERS_LOST = "Letters were lost when the file was saved; export it again as UTF-8, in Excel “CSV UTF-8”."
"""What to say where `letters_lost`."""


def trimmed(text: str) -> str:
    """`text` in Unicode form NFC, every run of white space one space, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text.translate(INVISIBLE)).split())


def plain_number(text: str) -> float | None:
    """The number that `text` is, with a dot or a comma as decimal mark and nothing else in it; else None."""
    text = text.strip()
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def letters_lost(text: str) -> bool:
    """Whether signs stand in the text for letters that an encoding lacks: `?petan`, `???? ???`, or U+FFFD."""
    if "\ufffd" in text:
        return True
    if "?" not in text or "://" in text:
        return False
    words = len(_LOST_WORD.findall(text))
    return bool(_LOST_LETTER.search(text)) or words > 1 or (words == 1 and not any(map(str.isalpha, text)))


def nearest(found: str, known: Iterable[str]) -> tuple[str, float]:
    """The known text that is most like `found`, and how like it is, from 0 to 1 (for equal ones); of the first if
    several are equally like it."""
    texts = list(known)
    best = process.extractOne(normal(found), [normal(text) for text in texts], scorer=fuzz.ratio)
    return (texts[best[2]], best[1] / 100) if best else ("", 0.0)
