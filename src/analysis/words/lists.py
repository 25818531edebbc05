"""Lists within sentences, in the language in use."""

from __future__ import annotations

from collections.abc import Iterable

from . import _


def listed(texts: Iterable[object], limit: int = 12) -> str:
    """The texts as a list in a sentence: `a, b and c`; past `limit` as `a, b and 5 more`."""
    shown = [str(text) for text in texts]
    if len(shown) > limit:
        shown = [*shown[:limit], _("{n} more", n=len(shown) - limit)]
    if len(shown) < 2:
        return "".join(shown)
    return _("{list} and {last}", list=", ".join(shown[:-1]), last=shown[-1])
