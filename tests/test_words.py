"""The fixed words: English unless a catalogue says them otherwise."""

from __future__ import annotations

from string import Formatter

import pytest
from babel.messages.pofile import read_po

from analysis import words
from analysis.report import Report
from analysis.running.reports import report_specs
from analysis.study.folder import read_study
from analysis.words import _, plural
from analysis.words.prose import paragraphs, translated
from analysis.words.template import TEMPLATE, template
from runs import PROJECT

CATALOGUE = r'''msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && (n%100<10 || n%100>=20) ? 1 : 2);\n"

msgid "Change on {scale}"
msgstr "Pokytis: {scale}"

msgid "What changed"
msgstr "Kas pasikeitė"

msgid "Spoilt {name}"
msgstr "Sugadinta {kita}"

msgid "{n} teacher"
msgid_plural "{n} teachers"
msgstr[0] "{n} mokytojas"
msgstr[1] "{n} mokytojai"
msgstr[2] "{n} mokytojų"
'''


@pytest.fixture
def lithuanian(tmp_path):
    (tmp_path / "lt.po").write_text(CATALOGUE, encoding="utf-8")
    assert words.use("lt", tmp_path) == "lt"
    yield
    words.use("en")


def test_english_is_spoken_where_no_catalogue_is_there(tmp_path):
    assert words.use("ka", tmp_path) == "en"
    assert _("Change on {scale}", scale="{odd}") == "Change on {odd}"
    assert [plural("{n} teacher", "{n} teachers", n) for n in (1, 2)] == ["1 teacher", "2 teachers"]


def test_a_catalogue_says_the_words_and_leaves_the_rest_in_english(lithuanian):
    assert _("Change on {scale}", scale="Vadovavimas") == "Pokytis: Vadovavimas"
    assert _("Nobody translated this {n}", n=3) == "Nobody translated this 3"
    assert _("") == ""


def test_a_language_has_the_plurals_it_needs(lithuanian):
    said = [plural("{n} teacher", "{n} teachers", n) for n in (1, 2, 10, 21)]
    assert said == ["1 mokytojas", "2 mokytojai", "10 mokytojų", "21 mokytojas"]


def test_a_translation_whose_names_do_not_fit_gives_way_to_english(lithuanian):
    assert _("Spoilt {name}", name="x") == "Spoilt x"


def test_prose_is_translated_paragraph_by_paragraph(lithuanian):
    markdown = "## What changed\n\nA paragraph over\ntwo lines.\n\n- a list\n- of two"
    assert list(paragraphs(markdown)) == ["What changed", "A paragraph over two lines.", "- a list\n- of two"]
    assert translated(markdown) == "## Kas pasikeitė\n\nA paragraph over\ntwo lines.\n\n- a list\n- of two"


def test_a_report_speaks_the_language_its_study_was_read_in(tmp_path, monkeypatch):
    (tmp_path / "lt.po").write_text(CATALOGUE, encoding="utf-8")
    monkeypatch.setattr(words, "FOLDER", tmp_path)
    example = PROJECT / "data" / "example"
    try:
        Report(read_study(example, "lt"))
        assert _("What changed") == "Kas pasikeitė"
        (spec,) = report_specs(read_study(example, "lt"), tmp_path, ["LT"], (), False, {"LT": []})
        assert spec.about["language"] == "lt" and spec.parameters["language"] == "lt"
        Report(read_study(example, "et"))
        assert _("What changed") == "What changed"
        (spec,) = report_specs(read_study(example, "et"), tmp_path, ["LT"], (), False, {"LT": []})
        assert spec.about["language"] == "en" and spec.parameters["language"] == "et"
    finally:
        words.use("en")


@pytest.mark.parametrize("markdown", ["- one\n\n  still one\n\n- two", "    code\n\n    more\n", "# A\n\n\nb\n  c", ""])
def test_text_that_is_not_translated_stays_to_the_letter(markdown, lithuanian):
    assert translated(markdown) == markdown


def test_the_catalogue_for_translators_lists_every_fixed_word():
    with TEMPLATE.open("rb") as stream:
        listed = {message.id for message in read_po(stream) if message.id}
    assert listed == {message.id for message in template() if message.id}


def test_no_fixed_word_is_said_with_names_that_python_can_not_fill():
    for message in template():
        for said in (message.id if isinstance(message.id, tuple) else (message.id,)):
            names = [name for _text, name, _format, _conversion in Formatter().parse(said) if name is not None]
            assert all(name.isidentifier() or not name for name in names), said
