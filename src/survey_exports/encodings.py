"""The encoding of a text file, found out: Unicode by its form, older ones by evidence."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import lru_cache

from survey_exports.issues import Issue, ReadingError
from survey_exports.table import Expected
from survey_exports.texts import normal

USUAL = ("cp1257", "cp1252", "cp1250", "iso8859_13", "iso8859_15", "iso8859_4")
"""Encodings of Windows and Unix programs in northern Europe, the likeliest first."""

RARE = ("cp775", "cp850", "mac_roman")
"""Encodings of DOS and of the old Mac OS, believed only where more texts are recognised in them."""

_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16",
}
_UTF8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_LETTERS = {
    "da": "æøåé", "de": "äöüß", "en": "", "es": "áéíñóúü", "et": "äõöüšž", "fi": "äåöšž", "fr": "àâæçéèêëîïôœùûüÿ",
    "is": "áæéíðóöúýþ", "it": "àèéìòù", "lt": "ąčęėįšųūž", "lv": "āčēģīķļņšūž", "nb": "æøåéèêóòôà", "nl": "éëïóöü",
    "nn": "æøåéèêóòôà", "no": "æøåéèêóòôà", "pl": "ąćęłńóśźż", "pt": "áâãàçéêíóôõúü", "sv": "äåöéà",
}
_MARKS = set("“”„‚‘’–—…«»§°·©®™€\u00a0\u00ad")


def unicode_text(data: bytes, file: str) -> tuple[str, str] | None:
    """The text and its encoding if the bytes are UTF-8, UTF-16 or UTF-32; None if they are in an older encoding.

    Raises `ReadingError` where they are Unicode but for an error in them. Without a mark of it, UTF-8 is told by letters
    of several bytes being more than the bytes that are none: in the older encodings hardly any bytes look like such a
    letter.
    """
    marked = next((encoding for mark, encoding in _BOMS.items() if data.startswith(mark)), "")
    if not marked and b"\0" in data:
        return _unmarked_utf16(data)
    encoding = marked or "utf-8"
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError as error:
        letters, others = len(_UTF8_LETTER.findall(data)), len(_HIGH_BYTE.findall(_UTF8_LETTER.sub(b"", data)))
        if not marked and letters <= others:
            return None
        line = data[: error.start].decode(encoding, errors="ignore").count("\n") + 1
        raise ReadingError(Issue(
            f"the file is {encoding.removesuffix('-sig').upper()}, but line {line} has bytes that are no letters there: "
            "it was cut off, or put together from files of two encodings; expected the survey tool's own export.", file,
        )) from None


def _unmarked_utf16(data: bytes) -> tuple[str, str] | None:
    """The bytes as UTF-16 without a byte order mark, in the order that makes line ends of them."""
    for encoding in ("utf-16-le", "utf-16-be"):
        text = data.decode(encoding, errors="replace")
        kinds = set(map(unicodedata.category, set(text)))
        if not {"\0", "\ufffd"} & set(text) and not {"Cn", "Co"} & kinds and {"\n", "\r"} & set(text):
            return text, encoding
    return None


def redecoded(text: str, encoding: str) -> str | None:
    """A text read as Latin-1, read again in `encoding`; None where it holds no letters there."""
    try:
        again = text.encode("latin-1").decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if any(0x7F <= ord(letter) <= 0x9F for letter in again) else again


@lru_cache(maxsize=4096)
def readings(text: str) -> frozenset[str]:
    """The compared forms that a text read as Latin-1 has in any of the older encodings."""
    if text.isascii():
        return frozenset({normal(text)})
    found = (redecoded(text, encoding) for encoding in (*USUAL, *RARE))
    return frozenset(normal(again) for again in found if again is not None)


def likeliest(columns: Mapping[str, Collection[str]], expected: Expected) -> list[str]:
    """The older encodings that explain the cells best, several if the evidence doesn't tell them apart.

    `columns` holds the distinct cells with other than ASCII letters under each header (header included),
    read as Latin-1. A cell is explained by being a text of the codebook, or else by the letters of its
    language.
    """

    def score(encoding: str) -> tuple[int, int] | None:
        known = fitting = 0
        for header, cells in columns.items():
            name = redecoded(header, encoding)
            if name is None:
                return None
            language = expected.language or name.rpartition("_")[2]
            letters = _LETTERS.get(language.casefold()[:2], "")
            for cell in cells:
                text = redecoded(cell, encoding)
                if text is None:
                    return None
                key = normal(text)
                recognised = key in expected.texts or key in expected.headers
                known += recognised
                fitting += recognised or all(
                    letter.isascii() or letter.casefold() in letters or letter in _MARKS for letter in text
                )
        return known, fitting

    scores = {encoding: found for encoding in (*USUAL, *RARE) if (found := score(encoding)) is not None}
    most_known = max((known for encoding, (known, _) in scores.items() if encoding in USUAL), default=-1)
    rare = [encoding for encoding in RARE if scores.get(encoding, (-1,))[0] > most_known]
    scores = {encoding: scores[encoding] for encoding in rare or USUAL if encoding in scores}
    return [encoding for encoding, found in scores.items() if found == max(scores.values())]
