"""Markdown in Word: emphasis, links, lists, quotes and code in real styles; everything else stays text."""

from __future__ import annotations

import pytest
from lxml import etree
from nbformat.v4 import new_code_cell, new_output
from word_support import NAMES, W, body, paragraphs, parts, report_notebook, style_of, text_of

from notebook_documents.markdown import plain_text
from notebook_documents.word import word_document


def made(markdown: str) -> bytes:
    shown = new_output("display_data", {"text/markdown": markdown})
    return word_document(report_notebook(new_code_cell("", outputs=[shown]), about={}))


def text_paragraphs(markdown: str) -> list[tuple[str, str]]:
    return [pair for pair in paragraphs(made(markdown)) if pair[0] != "Title"]


def test_emphasis_and_code_have_the_styles_of_that_name():
    runs = body(made("**strong** _soft_ `code` plain")).xpath("//w:r[w:rPr/w:rStyle]", namespaces=NAMES)
    assert [(text_of(run), run.find(f"{W}rPr/{W}rStyle").get(f"{W}val")) for run in runs] == [
        ("strong", "Strong"), ("soft", "Emphasis"), ("code", "HTMLCode")]


def test_nested_lists_are_lists_of_word_level_by_level():
    assert text_paragraphs("- one\n  - two\n    - three\n\n- four\n\n  more of it") == [
        ("List Bullet", "one"), ("List Bullet 2", "two"), ("List Bullet 3", "three"), ("List Bullet", "four"),
        ("List Continue", "more of it")]


def test_every_ordered_list_begins_at_one():
    document = made("1. one\n2. two\n\nBetween\n\n1. again\n   1. inner")
    numbers = [(style_of(each), each.find(f"{W}pPr/{W}numPr/{W}numId").get(f"{W}val"))
               for each in body(document).iter(f"{W}p") if each.find(f"{W}pPr/{W}numPr") is not None]
    assert [style for style, _ in numbers] == ["ListNumber", "ListNumber", "ListNumber", "ListNumber2"]
    ids = [number for _, number in numbers]
    assert ids[0] == ids[1]
    assert len({ids[0], ids[2], ids[3]}) == 3
    numbering = etree.fromstring(parts(document)["word/numbering.xml"])
    for number in set(ids):
        begins = numbering.xpath(f"w:num[@w:numId='{number}']/w:lvlOverride/w:startOverride/@w:val", namespaces=NAMES)
        assert begins == ["1"]


def test_links_lead_to_pages_and_mail_and_to_nothing_else():
    document = made("[page](https://example.org/?a=1&b=2) [mail](mailto:a@example.org) [bad](javascript:alert(1)) [file](file:///x)")
    links = list(body(document).iter(f"{W}hyperlink"))
    assert [text_of(link) for link in links] == ["page", "mail"]
    targets = etree.fromstring(parts(document)["word/_rels/document.xml.rels"])
    outside = [each.get("Target") for each in targets if each.get("TargetMode") == "External"]
    assert outside == ["https://example.org/?a=1&b=2", "mailto:a@example.org"]
    assert "bad file" in "".join(text for _, text in paragraphs(document))


@pytest.mark.parametrize(("markdown", "expected"), [
    ("a \\*b\\* \\# c", ("Normal", "a *b* # c")),
    ("a <b>b</b> &lt; c", ("Normal", "a <b>b</b> &lt; c")),
    ("> quoted", ("Quote", "quoted")),
    ("```\nx = 1\n```", ("HTML Preformatted", "x = 1")),
    ("![A picture](x.png)", ("Normal", "A picture (x.png)")),
    ("<div>\nraw\n</div>", ("HTML Preformatted", "<div>raw</div>")),
    ("a\nb", ("Normal", "a b")),
])
def test_signs_and_the_rest_stay_text(markdown, expected):
    assert text_paragraphs(markdown) == [expected]


def test_a_table_of_markdown_is_a_table():
    document = made("| Name | n |\n|---|---|\n| a *b* | 1 |\n\nAfter")
    cells = [[text_of(cell) for cell in table.iter(f"{W}tc")] for table in body(document).iter(f"{W}tbl")]
    assert cells == [["Name", "n", "a b", "1"]]
    assert ("Normal", "After") in paragraphs(document)


def test_a_heading_without_its_marks_stands_in_contents_and_properties():
    assert plain_text("**Bold** `code` [link](http://x.org) a \\* b") == "Bold code link a * b"
