"""Self-generated codes: how teachers build them, and the slips they make when they write them again.

A code is: two letters of the mother's first name, the day of birth in two digits, two letters of
the place of birth, the number of siblings.
"""

import unicodedata

import numpy as np
import pandas as pd

from example.questionnaire import questionnaire

_LOOK_ALIKES = str.maketrans({"o": "0", "i": "1", "l": "1"})


def comparable(code: str) -> str:
    """The code without differences of case, outer space, Unicode form and o/0, i/l/1."""
    return unicodedata.normalize("NFKC", code).casefold().strip().translate(_LOOK_ALIKES)


def one_edit_apart(a: str, b: str) -> bool:
    """Whether one letter put in, left out or replaced, or two neighbours swapped, makes a into b."""
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    rest_a, rest_b = a[start:], b[start:]
    swapped = len(rest_a) > 1 and rest_a[1::-1] + rest_a[2:] == rest_b
    return swapped or rest_a[1:] == rest_b[1:] or rest_a[1:] == rest_b or rest_a == rest_b[1:]


def true_codes(
    teachers: pd.DataFrame, rng: np.random.Generator, taken: frozenset[tuple[str, str]] = frozenset()
) -> list[str]:
    """One code per teacher, distinct within a school even after normalising; few repeat between schools.

    `taken` are schools with normalised codes that others have already.
    """
    taken = set(taken)
    codes = []
    for school, language in zip(teachers["school"], teachers["language"], strict=True):
        code = _draw_code(language, rng)
        while (school, comparable(code)) in taken:
            code = _draw_code(language, rng)
        taken.add((school, comparable(code)))
        codes.append(code)
    return codes


def _draw_code(language: str, rng: np.random.Generator) -> str:
    elements = questionnaire().code_elements
    mothers, places = elements[language, "mother"], elements[language, "birthplace"]
    mother, place = mothers[rng.integers(len(mothers))], places[rng.integers(len(places))]
    letters = (mother[:2], place[:2])
    if language != "ka":  # upper case of Georgian is another script that hardly any font has
        letters = (letters[0].upper(), letters[1].upper())
    day, siblings = rng.integers(1, 32), min(rng.poisson(1.4), 9)
    return f"{letters[0]}{day:02d}{letters[1]}{siblings}"


def slip_is_possible(code: str, slip: str) -> bool:
    """Whether the slip would change the code at all."""
    if slip == "case":
        return code != code.lower() and not _is_georgian(code)
    if slip == "look_alike":
        return any(letter in "01OIL" for letter in code)
    if slip == "decomposed":
        return unicodedata.normalize("NFD", code) != code
    return True


def written(code: str, slip: str, taken: set[str], rng: np.random.Generator) -> str:
    """The code as written with a slip; `taken` are the normalised codes that it must not hit."""
    if slip == "case":
        return code.lower()
    if slip == "space":
        return f" {code}" if rng.random() < 0.3 else f"{code} "
    if slip == "decomposed":
        return unicodedata.normalize("NFD", code)
    if slip == "look_alike":
        swap = {"0": "O", "O": "0", "1": "I", "I": "1", "L": "1"}
        place = next(k for k, letter in enumerate(code) if letter in swap)
        return code[:place] + swap[code[place]] + code[place + 1 :]
    if slip == "missing":
        return ""
    while True:
        result = _mistyped(code, rng)
        if slip == "different":
            result = _mistyped(_mistyped(result, rng), rng)
        near = one_edit_apart(comparable(code), comparable(result))
        is_new = comparable(result) not in taken and comparable(result) != comparable(code)
        if is_new and near == (slip == "mistyped"):
            return result


def _mistyped(code: str, rng: np.random.Generator) -> str:
    place = int(rng.integers(len(code)))
    kind = rng.random()
    if kind < 0.2:
        return code[:place] + code[place + 1 :]
    if kind < 0.4 and place + 1 < len(code):
        return code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    alphabet = "23456789" if code[place].isdigit() else _letters(code)
    return code[:place] + alphabet[rng.integers(len(alphabet))] + code[place + 1 :]


def _letters(code: str) -> str:
    return "აბგდევზთიკლმნ" if _is_georgian(code) else "ABEHKMNRSTUV"


def _is_georgian(code: str) -> bool:
    return any("\u10d0" <= letter <= "\u10ff" for letter in code)
