"""Text and Markdown on their way into the PDF: data that can be shown and copied."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hostile import HOSTILE, NO_TEXT
from notebook_documents.markdown import plain_text
from notebook_documents.typeface import ems
from notebook_documents.typst_text import BREAK, breakable, clean, content, inline


@pytest.mark.parametrize("text", [*HOSTILE, *NO_TEXT])
def test_what_is_shown_has_no_sign_that_a_pdf_may_not_hold(text):
    shown = clean(text)
    assert not {unicodedata.category(sign) for sign in shown} & {"Cc", "Cs", "Co"}
    assert not set("\u202e\u2066\ufeff\ufffe\n\t") & set(shown)


def test_a_sign_that_is_no_text_leaves_a_mark_of_its_place():
    assert clean("a\x00b\x1b\ud800c") == "a\ufffdb\ufffd\ufffdc"
    assert clean("a\tb\r\nc\u2028d") == "a b c d"


def test_spaces_that_do_not_break_stay():
    assert clean("0.31\u00a0to\u202f0.45") == "0.31\u00a0to\u202f0.45"


def test_letters_keep_their_marks_but_no_tower_of_them():
    assert clean("e\u0301\u0323 š ķ") == "e\u0301\u0323 š ķ"
    assert len(clean("e" + "\u0301" * 50)) == 4


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=120), st.floats(3, 40))
def test_breaks_lose_nothing_and_leave_no_piece_wider_than_asked(text, widest):
    shown = breakable(text, widest)
    assert shown.replace(BREAK, "") == clean(text)
    for word in shown.split(" "):
        for piece in word.split(BREAK):
            assert ems(piece) <= widest or len(piece) < widest / 1.1 or len(piece) == 1


def test_long_addresses_break_after_their_signs():
    assert breakable("https://example.org/some/long/address", 9).split(BREAK) == [
        "https://example.", "org/some/long/", "address"]


def test_markdown_becomes_blocks():
    found = content("one *two* **three**\n`x` ~~y~~\n\n- a\n  1. b\n\n> q\n\n```\n  c#\n```\n\n---")
    assert [node["kind"] for node in found] == ["paragraph", "list", "block_quote", "block_code", "thematic_break"]
    assert found[0]["body"] == ["one ", {"kind": "emphasis", "body": ["two"]}, " ", {"kind": "strong", "body": ["three"]},
                                " ", {"kind": "codespan", "text": "x"}, " ", {"kind": "strikethrough", "body": ["y"]}]
    inner = found[1]["body"][0]["body"][1]
    assert inner["ordered"] and inner["start"] == 1
    assert inner["body"] == [{"kind": "list_item", "body": [{"kind": "paragraph", "body": ["b"]}]}]
    assert found[3]["text"] == "  c#"


def test_markdown_tables_are_tables_with_numbers_to_the_right():
    (found,) = content("| a | b |\n|---|--:|\n| **x** | 1 |")
    assert (found["headings"], found["rows"], found["text"]) == (["a", "b"], [["x", "1"]], [0])


def test_html_and_pictures_from_elsewhere_are_shown_as_text():
    assert content("<b>bold</b>")[0]["body"][0].startswith("<b>")
    assert content("![a chart](http://example.org/x.png)")[0]["body"] == ["a chart (http://example.org/x.png)"]


@pytest.mark.parametrize(("address", "linked"), [
    ("https://example.org", True), ("mailto:a@example.org", True), ("#means", True), ("#other", False),
    ("javascript:alert(1)", False), ("file:///etc/passwd", False), ("report.typ", False), ("", False),
])
def test_links_go_to_the_web_and_to_sections_only(address, linked):
    (found,) = content(f"[here]({address})", frozenset({"means"}))
    assert isinstance(found["body"][0], dict) == linked
    assert "here" in (found["body"][0]["body"] if linked else found["body"])


def test_a_title_is_one_line_without_markup():
    assert plain_text("Eesti: *Digital* `x` [study](http://a.b)\nnext") == "Eesti: Digital x study next"
    assert inline("2022. A study") == ["2022. A study"]
    assert inline("a **b**") == ["a ", {"kind": "strong", "body": ["b"]}]
