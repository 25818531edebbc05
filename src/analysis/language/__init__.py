"""The language of a report: its fixed words, its numbers, its lists.

The code says every message in English, through a `Language` that is always called `say`: `say("…")`, `say.plural(…)`.
`report.pot` lists them all, and `<language>.po` beside it holds a translation (`analysis.language.catalogue` renews both).
What is not translated stays English and is counted (`Language.missing`). Two languages can be spoken in one process: there
is no language in use. Numbers, lists and dates follow the language, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from math import copysign
from pathlib import Path

import pandas as pd
from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_interval
from babel.lists import format_list

ENGLISH = "en"
FOLDER = Path(__file__).parent
MINUS = "\u2212"
NO_BREAK = "\u00a0"
DASH = "–"
LOCALES = {"en": "en_GB", "no": "nb"}
"""Codes of languages, as catalogues and codebooks have them, for which babel has another name."""
QUOTES = {"et": "„“", "lt": "„“", "ka": "„“", "fi": "””", "sv": "””", "no": "«»", "nb": "«»"}
REVIEWED = "reviewed = yes"
"""What the header of a catalogue says once a native speaker has gone through it."""


def plain(text: str) -> str:
    """Text that others wrote with every Markdown sign escaped, on one line."""
    return re.sub(r"([\\`*_{}\[\]<>#|~$])", r"\\\1", " ".join(str(text).split()))


def N_(message: str) -> str:
    """Marks a message that is said later, so that the catalogue has it."""
    return message


class Language:
    """What a report says in one language; `code` is that of the catalogue and of the codebook's columns.

    `missing` collects the messages that the catalogue lacks, or whose translation takes other values; they stay English.
    `draft`: whether the catalogue's translations are not yet reviewed by a native speaker.
    """

    def __init__(self, code: str = ENGLISH, folder: Path = FOLDER):
        self.code = code
        self.missing: set[str] = set()
        self._catalogue, self._known, self.draft = _translations(code, folder)
        try:
            self.locale = Locale.parse(LOCALES.get(code, code))
        except (UnknownLocaleError, ValueError):
            self.locale = Locale.parse(LOCALES[ENGLISH])
        self._mark = self.locale.number_symbols["latn"]["decimal"]

    @property
    def name(self) -> str:
        """The language's own name."""
        return self.locale.get_language_name() or self.code

    def __call__(self, message: str, **values: object) -> str:
        """The message in this language, its {names} filled with `values`."""
        if not message:
            return ""
        self._look_up(message)
        return self._filled(self._catalogue.gettext(message), message, values)

    def plural(self, one: str, many: str, n: int, **values: object) -> str:
        """The form that goes with the number, which fills {n}; languages may have more forms than two."""
        values = {"n": n, **values}
        self._look_up(one)
        said = self._catalogue.ngettext(one, many, n)
        return self._filled(said, one if n == 1 else many, values, one)

    def number(self, value: float, digits: int = 2, signed: bool = False) -> str:
        """A number for reading: fixed decimals, a true minus sign, a dash where there is none."""
        if value is None or pd.isna(value):
            return DASH
        text = f"{abs(value):.{digits}f}"
        sign = "" if float(text) == 0 else MINUS if value < 0 else "+" if signed else ""
        return sign + text.replace(".", self._mark)

    def proportion(self, value: float, digits: int = 2) -> str:
        """A number that can't exceed 1, such as a reliability: in English without a zero before the point (APA)."""
        text = self.number(value, digits)
        return text.replace("0.", ".", 1) if self.code == ENGLISH and text.lstrip(MINUS).startswith("0.") else text

    def p(self, value: float) -> str:
        """A p value to three places; what rounds to 0 or 1 is said to lie below or above."""
        if value is None or pd.isna(value):
            return DASH
        if value < 0.001:
            return f"<{NO_BREAK}{self.proportion(0.001, 3)}"
        return f">{NO_BREAK}{self.proportion(0.999, 3)}" if value >= 0.9995 else self.proportion(value, 3)

    def p_is(self, value: float) -> str:
        """A p value after its letter: `p = .012`, `p < .001`."""
        text = self.p(value)
        return f"p{NO_BREAK}{text}" if text[0] in "<>" else f"p{NO_BREAK}={NO_BREAK}{text}"

    def interval(self, low: float, high: float, digits: int = 2, signed: bool = False) -> str:
        """An interval in words, `0.12 to 0.45`, never broken over two lines; a dash where there is none.

        An end below zero that rounds to zero keeps its sign: `−0.33 to −0.00` excludes zero.
        """
        if pd.isna(low) or pd.isna(high):
            return DASH
        ends = [self.number(end, digits, signed) for end in (low, high)]
        ends = [end if end[0] == MINUS or copysign(1, value) > 0 else MINUS + end
                for end, value in zip(ends, (low, high), strict=True)]
        return self("{low} to {high}", **dict(zip(("low", "high"), ends, strict=True))).replace(" ", NO_BREAK)

    def percent(self, share: float, digits: int = 0) -> str:
        """A share (0 to 1) in percent, with its sign."""
        return DASH if share is None or pd.isna(share) else f"{self.number(100 * share, digits)}{NO_BREAK}%"

    def count(self, n: float) -> str:
        """A whole number; a dash where there is none."""
        return DASH if n is None or pd.isna(n) else f"{int(n)}".replace("-", MINUS)

    def list(self, texts: Iterable[object], limit: int = 12) -> str:
        """The texts as a list in a sentence: `a, b and c`; past `limit` as `a, b and 5 more`."""
        shown = [str(text) for text in texts]
        if len(shown) > limit:
            shown = [*shown[:limit], self("{n} more", n=len(shown) - limit)]
        return format_list(shown, "standard", self.locale)

    def either(self, texts: Iterable[object]) -> str:
        """The texts as a choice in a sentence: `a, b or c`."""
        return format_list([str(text) for text in texts], "or", self.locale)

    def quoted(self, text: str) -> str:
        """The text in the language's quotation marks."""
        opening, closing = QUOTES.get(self.code, "“”")
        return f"{opening}{text}{closing}"

    def date(self, when) -> str:
        """A day as the language writes it."""
        return format_date(when, "long", locale=self.locale)

    def months(self, first, last) -> str:
        """From the month of one day to that of another, as the language writes it: `September – October 2021`."""
        return format_interval(first, last, "yMMMM", locale=self.locale)

    def _look_up(self, message: str) -> None:
        if self.code != ENGLISH and message not in self._known:
            self.missing.add(message)

    def _filled(self, said: str, english: str, values: dict[str, object], message: str = "") -> str:
        if not values:
            return said
        try:
            return said.format(**values)
        except (LookupError, ValueError):
            self.missing.add(message or english)
            return english.format(**values)


def spoken(folder: Path = FOLDER) -> list[str]:
    """The languages that there is a catalogue for, English first."""
    return [ENGLISH, *sorted(path.stem for path in folder.glob("*.po"))]


@cache
def _translations(code: str, folder: Path) -> tuple[NullTranslations, frozenset[str], bool]:
    """The catalogue of a language, the messages it translates, and whether it is a draft."""
    path = folder / f"{code}.po"
    if code == ENGLISH or not path.is_file():
        return NullTranslations(), frozenset(), False
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as stream:
        catalogue = read_po(stream, locale=LOCALES.get(code, code))
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    ids = (message.id if isinstance(message.id, str) else message.id[0] for message in catalogue
           if message.id and not message.fuzzy
           and (message.string if isinstance(message.string, str) else all(message.string)))
    return GNUTranslations(compiled), frozenset(ids), REVIEWED not in catalogue.header_comment
