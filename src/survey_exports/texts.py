"""How texts are compared, and shown in sentences."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2060\ufeff\u00ad"))
_TYPOGRAPHIC = (
    INVISIBLE
    | dict.fromkeys(map(ord, "“”„‟«»″〝〞〟"), '"')
    | dict.fromkeys(map(ord, "‘’‚‛‹›′ʹʻʼ´"), "'")
    | dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
)
_TWO_STOPS = re.compile(r"(?<!\.)\.”\.(?=\s|$)")


def normal(text: str) -> str:
    """`text` as it is compared: form NFKC, case folded, every run of white space one space, quotation marks,
    apostrophes and dashes of every shape as a typewriter has them.

    Never upper case: `str.upper` turns Georgian letters into Mtavruli, which are other letters.
    """
    if text.isascii():
        return " ".join(text.casefold().split())
    folded = unicodedata.normalize("NFKC", text.translate(_TYPOGRAPHIC)).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


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
