"""How texts are compared and shown: one rule for headers, labels, spellings and sentences."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz import fuzz, process

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2060\ufeff\u00ad"))
_TYPOGRAPHIC = (
    _INVISIBLE
    | dict.fromkeys(map(ord, "“”„‟«»″〝〞〟"), '"')
    | dict.fromkeys(map(ord, "‘’‚‛‹›′ʹʻʼ´"), "'")
    | dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
)
_TWO_STOPS = re.compile(r"(?<!\.)\.”\.(?=\s|$)")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_LOST_LETTER = re.compile(r"(?<![^\s(\"'])(?=\S{4})[^\W\d_]*\?[^\W\d_](?:[-?]|[^\W\d_])*(?![^\s.,:;!?)\"'])")
_LOST_WORD = re.compile(r"(?<!\S)\?{2,}[.,:;!)]?(?!\S)")

LETTERS_LOST = "Letters were lost when the file was saved; export it again as UTF-8, in Excel “CSV UTF-8”."
"""What to say where `letters_lost`."""


def trimmed(text: str) -> str:
    """`text` in Unicode form NFC, every run of white space one space, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text.translate(_INVISIBLE)).split())


def normal(text: str) -> str:
    """`text` as it is compared: form NFKC, case folded, every run of white space one space, quotation marks,
    apostrophes and dashes of every shape as a typewriter has them.

    Never upper case: `str.upper` turns Georgian letters into Mtavruli, which are other letters.
    """
    if text.isascii():
        return " ".join(text.casefold().split())
    folded = unicodedata.normalize("NFKC", text.translate(_TYPOGRAPHIC)).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


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


def listed(texts: Iterable[object], last: str = "and", limit: int = 12) -> str:
    """The texts as a list in a sentence: `a, b and c`; past `limit` as `a, b and 5 more`."""
    shown = [str(text) for text in texts]
    if len(shown) > limit:
        shown = [*shown[:limit], f"{len(shown) - limit} more"]
        last = "and"
    return f"{', '.join(shown[:-1])} {last} {shown[-1]}" if len(shown) > 1 else "".join(shown)


def quoted(texts: Iterable[object]) -> list[str]:
    """Each text in quotation marks."""
    return [f"“{text}”" for text in texts]


def one_full_stop(sentence: str) -> str:
    """The sentence, where the full stop of a text quoted at its end gives way to the sentence's own."""
    return _TWO_STOPS.sub("”.", sentence)


def suggestion(found: str, known: Iterable[str], nearness: float = 0.6) -> str:
    """` Did you mean “...”?` with the known text nearest to `found`, or nothing."""
    by_normal = {normal(text): text for text in known}
    near = difflib.get_close_matches(normal(found), by_normal, n=1, cutoff=nearness)
    return f" Did you mean “{by_normal[near[0]]}”?" if near else ""


def nearest(found: str, known: Iterable[str]) -> tuple[str, float]:
    """The known text that is most like `found`, and how like it is, from 0 to 1 (for equal ones); of the first if
    several are equally like it."""
    texts = list(known)
    best = process.extractOne(normal(found), [normal(text) for text in texts], scorer=fuzz.ratio)
    return (texts[best[2]], best[1] / 100) if best else ("", 0.0)
