"""How texts are compared: one rule for headers, labels and spellings."""

from __future__ import annotations

import unicodedata

import pytest

from analysis.texts import normal, trimmed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Don’t know", "don't know"),
        ("Don´t know", "Don't know"),
        ("“Yes”", '"yes"'),
        ("„Jah“", '"jah"'),
        ("« oui »", '" oui "'),
        ("1–2 years", "1-2 years"),
        ("1−2", "1‑2"),
        ("a\u00a0b\u2009c\u202fd", "a b c d"),
        (" two\r\n lines ", "two lines"),
        ("zero\u200bwidth", "zerowidth"),
        (unicodedata.normalize("NFD", "Jõgeva šokolaad"), "JÕGEVA ŠOKOLAAD"),
        ("ვეთანხმები", "ვეთანხმები".upper()),
        ("straße", "STRASSE"),
        ("wait…", "wait..."),
    ],
)
def test_texts_that_differ_in_form_case_spaces_quotes_or_dashes_compare_equal(one, other):
    assert normal(one) == normal(other)


@pytest.mark.parametrize(("one", "other"), [("Õpetan", "Opetan"), ("a b", "ab"), ("1-2", "12"), ("it's", "its")])
def test_other_texts_do_not(one, other):
    assert normal(one) != normal(other)


def test_a_trimmed_text_keeps_its_letters_quotes_and_dashes():
    assert trimmed(" “Õpetan” –\n  üksi\u200b ") == "“Õpetan” – üksi"
