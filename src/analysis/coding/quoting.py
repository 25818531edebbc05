"""What a message may show of a cell: never a respondent's code or an open answer that stands in the wrong column."""

from __future__ import annotations

import re
from collections.abc import Iterable

from analysis.numerals import counted
from analysis.texts import normal

ALIKE = 0.75
"""How like a known answer a text must be to be shown for what it is, a misspelt answer."""

SHORT = 3
"""Characters that identify nobody, unless they are a code of the file."""

LONGEST = 60
_MARKED_NUMBER = re.compile(r"[+-]?(?=[0-9]*[., ])[0-9]{1,3}(?:[., ]?[0-9]{3})*(?:[.,][0-9]+)?")


class Quoting:
    """Shows a cell's text if it can't be personal, else its shape; `codes` are the respondents' codes of the file.

    Shown are texts that are short, numbers with marks in them or nearly a known answer, and words that stand in several
    rows. Never shown are codes of the file and anything with an @.
    """

    def __init__(self, codes: Iterable[str] = ()):
        self._codes = frozenset(filter(None, map(normal, codes)))

    def harmless(self, text: str, rows: int = 1, likeness: float = 0.0) -> bool:
        """Whether the text may be shown; it stands in so many rows, and is so like a known answer (0 to 1)."""
        if "@" in text or normal(text) in self._codes:
            return False
        if likeness >= ALIKE or len(text) <= SHORT or _MARKED_NUMBER.fullmatch(text):
            return True
        return rows > 1 and len(text) <= LONGEST and not any(map(str.isdigit, text))

    def shown(self, text: str, rows: int = 1, likeness: float = 0.0) -> str:
        """The text in quotation marks, or its shape."""
        return f"“{text}”" if self.harmless(text, rows, likeness) else shape(text)


def shape(text: str) -> str:
    """What a text consists of: `a text of 7 letters and digits`, `a text of 12 words`."""
    words = text.split()
    if len(words) > 1:
        return f"a text of {counted(len(words), 'word')}"
    kinds = [("letter", any(map(str.isalpha, text))), ("digit", any(map(str.isdigit, text))),
             ("sign", any(not letter.isalnum() for letter in text))]
    first, *others = [kind for kind, there in kinds if there] or ["sign"]
    return f"a text of {counted(len(text), first)}" + "".join(f" and {kind}s" for kind in others)
