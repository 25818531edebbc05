"""The catalogue has every message of the code, and translations keep what a message consists of."""

from __future__ import annotations

import csv
import re
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from analysis.language import FOLDER
from analysis.language.catalogue import TEMPLATE, messages, read, renew, template

TRANSLATIONS = sorted(path.stem for path in FOLDER.glob("*.po"))


def forms(message) -> tuple[str, ...]:
    return message if isinstance(message, tuple) else (message,)


def names(text: str) -> set[str]:
    """The names in braces of a message."""
    return {name for _text, name, _format, _conversion in Formatter().parse(text) if name is not None}


def signs(text: str) -> list[str]:
    """References, codes and addresses of links, which no translation changes."""
    return sorted(re.findall(r"@(?:tbl|fig)-[\w-]*\w|`[^`]+`|\]\([^)]+\)", text))


def test_the_catalogue_for_translators_has_every_message_of_the_code():
    with TEMPLATE.open("rb") as stream:
        listed = {message.id for message in read_po(stream) if message.id}
    assert listed == {message.id for message in template() if message.id}, "run python -m analysis.language.catalogue"


def test_messages_are_found_wherever_they_are_said_or_marked():
    code = '''
say("One {n}", n=1)
results.say("Two" if x else "Three")
say.plural("{n} four", "{n} fours", 4)
Column("Five", text("label")), N_("Six"), say(TEXTS["seven"]), tell("Eight"), say("")
'''
    assert [message for message, _comment in messages(code)] == [
        "One {n}", "Two", "Three", ("{n} four", "{n} fours"), "Five", "Six"]


@pytest.mark.parametrize("said", ['say(f"One {n}")', 'say("One " + n)', 'say.plural("a", f"b{n}", 2)'])
def test_a_message_put_together_is_refused(said):
    with pytest.raises(ValueError, match="Line 1: a message put together"):
        list(messages(said))


def test_no_message_has_names_that_python_can_not_fill():
    for message in template():
        for text in forms(message.id):
            assert all(name.isidentifier() for name in names(text)), text


def test_renewing_keeps_translations_and_marks_those_of_reworded_messages_as_guesses(tmp_path):
    renew(tmp_path, ["lt"])
    path = tmp_path / "lt.po"
    text = path.read_text(encoding="utf-8")
    assert "machine-made draft, not reviewed by a native speaker" in text and "nplurals=3" in text
    text = text.replace('msgid "Adjusted p"\nmsgstr ""', 'msgid "Adjusted p"\nmsgstr "Koreguota p"')
    text = text.replace('msgid "How this report was made"\nmsgstr ""', 'msgid "How this report is made"\nmsgstr "Kaip"')
    path.write_text(text.replace("reviewed = no", "reviewed = yes"), encoding="utf-8")
    renew(tmp_path)
    renewed = read(path)
    assert "reviewed = yes" in renewed.header_comment
    assert renewed["Adjusted p"].string == "Koreguota p" and not renewed["Adjusted p"].fuzzy
    guess = renewed["How this report was made"]
    assert guess.string == "Kaip" and guess.fuzzy


def test_a_translation_begins_with_the_plural_forms_of_its_language(tmp_path):
    forms_of = {"et": 2, "fi": 2, "sv": 2, "ka": 1, "lt": 3, "no": 2}
    renew(tmp_path, forms_of)
    assert {code: read(tmp_path / f"{code}.po").num_plurals for code in forms_of} == forms_of


@pytest.mark.parametrize("code", TRANSLATIONS)
def test_a_translation_is_complete_and_keeps_names_references_and_codes(code):
    own = read(FOLDER / f"{code}.po")
    for message in template():
        if message.id:
            said = own.get(message.id)
            assert said and not said.fuzzy and all(forms(said.string)), f"{code} lacks {message.id!r}"
            many = forms(message.id)[-1]
            for text in forms(said.string):
                assert names(text) - {"n"} == names(many) - {"n"} and names(text) <= names(many), text
                assert signs(text) == signs(many), text


def test_the_glossary_has_every_term_once_in_every_language():
    with (FOLDER / "glossary.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["en", "et", "fi", "sv", "ka", "lt", "no", "reviewed"]
    assert len({row["en"] for row in rows}) == len(rows) and all(all(row.values()) for row in rows)
    assert {row["reviewed"] for row in rows} <= {"yes", "no"}
