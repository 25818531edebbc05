"""What a language says, and how it writes numbers, lists and dates."""

from __future__ import annotations

from datetime import date

import pytest
from nbformat import v4

from analysis.language import MINUS, NO_BREAK, Language, spoken
from analysis.report import Report, untranslated
from analysis.sections import measures
from panels import tiny_results

CATALOGUE = r'''# reviewed = no
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && (n%100<10 || n%100>=20) ? 1 : 2);\n"

msgid "Change on {scale}"
msgstr "Pokytis: {scale}"

msgid "Spoilt {name}"
msgstr "Sugadinta {kita}"

#, fuzzy
msgid "Guessed"
msgstr "Spėta"

msgid "Untold"
msgstr ""

msgid "{n} teacher"
msgid_plural "{n} teachers"
msgstr[0] "{n} mokytojas"
msgstr[1] "{n} mokytojai"
msgstr[2] "{n} mokytojų"
'''
NUMBERS = {
    "en": ("1234.50", ".012", "< .001"), "et": ("1234,50", "0,012", "< 0,001"), "fi": ("1234,50", "0,012", "< 0,001"),
    "sv": ("1234,50", "0,012", "< 0,001"), "ka": ("1234,50", "0,012", "< 0,001"), "lt": ("1234,50", "0,012", "< 0,001"),
    "no": ("1234,50", "0,012", "< 0,001"),
}
LISTS = {
    "en": ("a, b and c", "a or b"), "et": ("a, b ja c", "a või b"), "fi": ("a, b ja c", "a tai b"),
    "sv": ("a, b och c", "a eller b"), "ka": ("a, b და c", "a ან b"), "lt": ("a, b ir c", "a ar b"),
    "no": ("a, b og c", "a eller b"),
}
DAYS = {
    "en": "30 June 2023", "et": "30. juuni 2023", "fi": "30. kesäkuuta 2023", "sv": "30 juni 2023",
    "ka": "30 ივნისი, 2023", "lt": "2023 m. birželio 30 d.", "no": "30. juni 2023",
}
QUOTED = {"en": "“x”", "et": "„x“", "fi": "”x”", "sv": "”x”", "ka": "„x“", "lt": "„x“", "no": "«x»"}


@pytest.fixture
def lithuanian(tmp_path):
    (tmp_path / "lt.po").write_text(CATALOGUE, encoding="utf-8")
    return Language("lt", tmp_path)


def test_a_catalogue_says_the_words_and_what_it_lacks_stays_english_and_is_counted(lithuanian):
    assert lithuanian("Change on {scale}", scale="Vadovavimas") == "Pokytis: Vadovavimas"
    assert lithuanian("Nobody translated this {n}", n=3) == "Nobody translated this 3"
    assert lithuanian("Untold") == "Untold" and lithuanian("") == ""
    assert lithuanian.missing == {"Nobody translated this {n}", "Untold"}


def test_english_misses_nothing():
    say = Language()
    assert say("Change on {scale}", scale="{odd}") == "Change on {odd}"
    assert [say.plural("{n} teacher", "{n} teachers", n) for n in (1, 2)] == ["1 teacher", "2 teachers"]
    assert not say.missing


def test_a_language_has_the_plurals_it_needs(lithuanian):
    said = [lithuanian.plural("{n} teacher", "{n} teachers", n) for n in (1, 2, 10, 21)]
    assert said == ["1 mokytojas", "2 mokytojai", "10 mokytojų", "21 mokytojas"]
    assert not lithuanian.missing


def test_a_translation_whose_names_do_not_fit_gives_way_to_english_and_is_counted(lithuanian):
    assert lithuanian("Spoilt {name}", name="x") == "Spoilt x"
    assert lithuanian.missing == {"Spoilt {name}"}


def test_a_guessed_translation_is_none(lithuanian):
    assert lithuanian("Guessed") == "Guessed"
    assert lithuanian.missing == {"Guessed"}


def test_two_languages_are_spoken_at_once(lithuanian):
    english = Language()
    said = [say("Change on {scale}", scale=1) for say in (lithuanian, english, lithuanian)]
    assert said == ["Pokytis: 1", "Change on 1", "Pokytis: 1"]


def test_a_catalogue_is_a_draft_until_its_header_says_it_was_reviewed(tmp_path, lithuanian):
    assert lithuanian.draft and not Language().draft
    (tmp_path / "et.po").write_text(CATALOGUE.replace("reviewed = no", "reviewed = yes"), encoding="utf-8")
    assert not Language("et", tmp_path).draft
    assert spoken(tmp_path) == ["en", "et", "lt"]


@pytest.mark.parametrize("code", NUMBERS)
def test_numbers_have_the_language_s_decimal_mark(code):
    say = Language(code)
    number, p, small = NUMBERS[code]
    assert (say.number(1234.5), say.p(0.012), say.p(0.0002).replace(NO_BREAK, " ")) == (number, p, small)
    assert say.number(-1234.5) == MINUS + number and say.number(1234.5, signed=True) == f"+{number}"
    assert say.percent(0.256) == f"26{NO_BREAK}%"
    assert {say.number(None), say.p(float("nan")), say.count(None), say.interval(0, float("nan"))} == {"–"}


@pytest.mark.parametrize("code", LISTS)
def test_lists_choices_days_and_quotations_are_the_language_s(code):
    say = Language(code)
    assert (say.list("abc"), say.either("ab")) == LISTS[code]
    assert [say.list(few) for few in ("", "a")] == ["", "a"]
    assert say.date(date(2023, 6, 30)) == DAYS[code]
    assert say.quoted("x") == QUOTED[code]


def test_a_long_list_ends_with_how_many_more():
    assert Language().list("abcde", limit=3) == "a, b, c and 2 more"


def test_what_a_report_s_language_lacks_is_known_from_its_executed_notebook(tmp_path, monkeypatch):
    outputs = []
    monkeypatch.setattr("IPython.display.display", lambda shown, metadata: outputs.append(
        v4.new_output("display_data", shown._repr_mimebundle_(), metadata=metadata)))
    results = tiny_results(tmp_path, measures, pre=[["a1", "S", 1, 2, 3, 4]], language="eo")
    Report(results, [measures]).show("measures")
    notebook = v4.new_notebook(cells=[v4.new_code_cell(outputs=outputs)])
    assert {"Measures", "Scale"} <= untranslated(notebook)
    assert all(not output.metadata for output in notebook.cells[0].outputs)


def test_an_end_of_an_interval_that_rounds_to_zero_shows_on_which_side_of_zero_it_lies():
    say = Language("en")
    interval = [say.interval(*ends).replace(NO_BREAK, " ") for ends in ((-0.33, -0.004), (-0.33, -0.0), (0.004, 0.33))]
    assert interval == [f"{MINUS}0.33 to {MINUS}0.00"] * 2 + ["0.00 to 0.33"]
    assert say.number(-0.004) == "0.00"
