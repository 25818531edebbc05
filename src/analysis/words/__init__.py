"""The fixed words of reports, in the language of their reader.

The code says them in English, each within `_`; `report.pot` lists them all, and a partner translates a copy of it,
`<language>.po` beside it (any editor for gettext catalogues shows English left and the translation right). What is
not translated stays English. CSV tables keep English words, so that programs can rely on them.
"""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

ENGLISH = "en"
FOLDER = Path(__file__).parent
_spoken: NullTranslations = NullTranslations()


def use(language: str, folder: Path | None = None) -> str:
    """Say the fixed words in `language` from now on, or in English where no catalogue is there; returns which."""
    global _spoken
    folder = folder or FOLDER
    there = (folder / f"{language}.po").is_file()
    _spoken = _translations(language, folder) if there else NullTranslations()
    return language if there else ENGLISH


def _(message: str, **values: object) -> str:
    """The message in the language in use, its {names} filled with `values`.

    A translation whose names do not fit stays out, and the English message stands in.
    """
    said = _spoken.gettext(message) if message else message
    return _filled(said, message, values)


def plural(one: str, many: str, number: int, **values: object) -> str:
    """The form that goes with the number, which fills {n}; languages may have more forms than two."""
    values = {"n": number, **values}
    return _filled(_spoken.ngettext(one, many, number), one if number == 1 else many, values)


def _filled(said: str, english: str, values: dict[str, object]) -> str:
    if not values:
        return said
    try:
        return said.format(**values)
    except (LookupError, ValueError):
        return english.format(**values)


@cache
def _translations(language: str, folder: Path) -> NullTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with (folder / f"{language}.po").open("rb") as stream:
        catalogue = read_po(stream, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
