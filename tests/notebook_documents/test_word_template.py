"""The deliverable's own .docx as template: its text and looks stay, the report takes its place in it."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from docx import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from lxml import etree
from nbformat.v4 import new_markdown_cell
from word_support import (
    ABOUT,
    IMPRINT,
    NAMES,
    W,
    body,
    deliverable,
    house_template,
    instructions,
    paragraphs,
    parts,
    report_notebook,
    text_of,
)

from notebook_documents.word import TemplateError, checked_template, word_document

RELATIONSHIPS = NAMES["r"]


def styles_of(document: bytes) -> dict[str, etree._Element]:
    found = etree.fromstring(parts(document)["word/styles.xml"]).findall(f"{W}style")
    return {style.find(f"{W}name").get(f"{W}val").casefold(): style for style in found}


def test_a_template_without_text_lends_its_styles_and_page(tmp_path):
    template = house_template(tmp_path / "house.docx")
    made = word_document(report_notebook(), template)
    styles = styles_of(made)
    assert styles["normal"].find(f"{W}rPr/{W}rFonts").get(f"{W}ascii") == "Georgia"
    assert styles["heading 1"].find(f"{W}rPr/{W}color").get(f"{W}val") == "C00060"
    assert styles["table note"].find(f"{W}rPr/{W}i") is not None
    section = Document(io.BytesIO(made)).sections[-1]
    assert section.page_width == Document(str(template)).sections[-1].page_width
    assert paragraphs(made)[0] == ("Title", "Estonia: Digital practice")


def test_styles_that_a_template_lacks_are_added_without_a_font_of_their_own(tmp_path):
    styles = styles_of(word_document(report_notebook(), house_template(tmp_path / "house.docx")))
    for name in ("table text", "figure", "report table", "banner", "funding"):
        assert name in styles
        assert styles[name].find(f".//{W}rFonts") is None


def test_headings_of_lists_are_not_numbered_nor_in_the_contents(tmp_path):
    cells = [new_markdown_cell("# T\n\n## A\n\n## B\n\n## C\n\n## D")]
    made = body(word_document(report_notebook(*cells), house_template(tmp_path / "house.docx")))
    contents = next(each for each in made.iter(f"{W}p") if text_of(each) == "Contents")
    assert contents.find(f"{W}pPr/{W}numPr/{W}numId").get(f"{W}val") == "0"
    assert contents.find(f"{W}pPr/{W}outlineLvl").get(f"{W}val") == "9"


def test_a_deliverable_keeps_its_text_and_has_the_report_as_a_chapter_at_the_marker(tmp_path):
    made = word_document(report_notebook(), deliverable(tmp_path / "deliverable.docx"))
    found = paragraphs(made)
    headings = [text for style, text in found if style == "Heading 1"]
    assert headings == ["Introduction", "Estonia: Digital practice", "Conclusions"]
    assert ("Heading 2", "In brief") in found
    assert ("Heading 3", "By school") in found
    assert [text for style, text in found if style == "Title"] == ["D4.2 Report on the pilots"]
    assert not any("{{report}}" in text for _, text in found)
    headers = [blob for name, blob in parts(made).items() if re.match(r"word/header\d", name)]
    assert len(headers) == 1
    assert "D4.2" in text_of(etree.fromstring(headers[0]))


def test_without_a_marker_the_report_comes_last(tmp_path):
    found = paragraphs(word_document(report_notebook(), deliverable(tmp_path / "deliverable.docx", marker=None)))
    headings = [text for style, text in found if style == "Heading 1"]
    assert headings == ["Introduction", "Conclusions", "Estonia: Digital practice"]


def test_styles_are_found_by_name_whatever_language_word_spoke(tmp_path):
    made = word_document(report_notebook(), deliverable(tmp_path / "deliverable.docx"))
    styles = styles_of(made)
    assert styles["heading 1"].get(f"{W}styleId") == "Pealkiri1"
    assert styles["table text"].find(f"{W}basedOn").get(f"{W}val") == "Normaallaad"
    names = [style.find(f"{W}name").get(f"{W}val").casefold()
             for style in etree.fromstring(parts(made)["word/styles.xml"]).findall(f"{W}style")]
    assert len(names) == len(set(names))


def test_numbers_of_tables_go_on_from_the_deliverables_own(tmp_path):
    found = paragraphs(word_document(report_notebook(), deliverable(tmp_path / "deliverable.docx")))
    assert ("Caption", "Table 2. What was counted") in found
    assert ("Caption", "Figure 1. Means before and after") in found


def test_a_deliverables_own_contents_are_refreshed_and_ours_left_out(tmp_path):
    cells = [new_markdown_cell("# T\n\n## A\n\n## B\n\n## C\n\n## D")]
    made = word_document(report_notebook(*cells), deliverable(tmp_path / "deliverable.docx"))
    assert [each for each in instructions(body(made)) if each.startswith("TOC")] == ['TOC \\o "1-3" \\h']
    settings = etree.fromstring(parts(made)["word/settings.xml"])
    assert settings.find(f"{W}updateFields") is not None
    without = deliverable(tmp_path / "without.docx", table_of_contents=False)
    assert b"updateFields" not in parts(word_document(report_notebook(), without))["word/settings.xml"]


def test_what_the_deliverable_says_of_funding_is_not_said_twice(tmp_path):
    path = deliverable(tmp_path / "deliverable.docx")
    document = Document(str(path))
    document.paragraphs[0].insert_paragraph_before(IMPRINT["paragraphs"][0])
    document.save(str(path))
    found = paragraphs(word_document(report_notebook(), path))
    assert [text for _, text in found].count(IMPRINT["paragraphs"][0]) == 1


def test_text_in_another_language_than_the_deliverables_says_so(tmp_path):
    path = deliverable(tmp_path / "deliverable.docx")
    document = Document(str(path))
    for language in document.styles.element.iter(f"{W}lang"):
        language.set(f"{W}val", "et-EE")
    document.save(str(path))
    made = body(word_document(report_notebook(), path))
    run = next(each for each in made.iter(f"{W}r") if text_of(each) == "In brief")
    assert run.find(f"{W}rPr/{W}lang").get(f"{W}val") == "en-GB"
    own = next(each for each in made.iter(f"{W}r") if text_of(each) == "Introduction")
    assert own.find(f"{W}rPr/{W}lang") is None


def test_the_author_a_template_names_stays(tmp_path):
    path = house_template(tmp_path / "house.docx")
    document = Document(str(path))
    document.core_properties.author = "The consortium"
    document.save(str(path))
    assert Document(io.BytesIO(word_document(report_notebook(), path))).core_properties.author == "The consortium"


def test_bookmarks_and_pictures_get_numbers_that_are_free(tmp_path):
    first = tmp_path / "first.docx"
    first.write_bytes(word_document(report_notebook()))
    made = body(word_document(report_notebook(), first))
    for ids in (made.xpath("//wp:docPr/@id", namespaces=NAMES), made.xpath("//w:bookmarkStart/@w:id", namespaces=NAMES),
                made.xpath("//w:bookmarkStart/@w:name", namespaces=NAMES)):
        assert len(ids) == len(set(ids)) > 2


def retyped(path, old: bytes, new: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(stream, "w") as changed:
        for name in package.namelist():
            changed.writestr(name, package.read(name).replace(old, new))
    return stream.getvalue()


def test_what_is_no_docx_is_told_in_a_sentence(tmp_path):
    whole = house_template(tmp_path / "whole.docx").read_bytes()
    broken = {
        "text.docx": b"Just text",
        "empty.docx": b"",
        "old.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "cut.docx": whole[:len(whole) // 2],
        "zip.docx": retyped(tmp_path / "whole.docx", b"officeDocument\"", b"nothing\""),
        "xml.docx": retyped(tmp_path / "whole.docx", b"</w:body>", b""),
        "dotx.docx": retyped(tmp_path / "whole.docx", b"document.main+xml", b"template.main+xml"),
        "docm.docx": retyped(tmp_path / "whole.docx",
                             b"vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                             b"vnd.ms-word.document.macroEnabled.main+xml"),
    }
    for name, content in broken.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(TemplateError, match=re.escape(name)) as told:
            checked_template(tmp_path / name)
        assert str(told.value).endswith(".")
        assert "\n" not in str(told.value)
    with pytest.raises(TemplateError, match="no such file"):
        checked_template(tmp_path / "missing.docx")


def with_reference(kind: str, target: str, external: bool = True):
    def change(document) -> None:
        document.part.relate_to(target, f"{RELATIONSHIPS}/{kind}", is_external=external)
    return change


def with_field(*pieces: str):
    """A field whose instruction stands in several pieces, as Word writes what was typed with pauses."""
    def change(document) -> None:
        run = document.add_paragraph().add_run()._r
        run.append(parse_xml(f'<w:fldChar xmlns:w="{NAMES["w"]}" w:fldCharType="begin"/>'))
        for piece in pieces:
            run.append(parse_xml(f'<w:instrText xmlns:w="{NAMES["w"]}">{piece}</w:instrText>'))
        run.append(parse_xml(f'<w:fldChar xmlns:w="{NAMES["w"]}" w:fldCharType="end"/>'))
    return change


def with_part(name: str, content_type: str, kind: str):
    def change(document) -> None:
        part = Part(PackURI(name), content_type, b"<x/>", document.part.package)
        document.part.relate_to(part, f"{RELATIONSHIPS}/{kind}")
    return change


HOSTILE = {
    "another template": (with_reference("attachedTemplate", "https://example.org/evil.dotm"), "attachedTemplate: “https://e"),
    "a linked picture": (with_reference("image", "file://///server/share/a.png"), "outside of it (image"),
    "a linked frame": (with_reference("frame", "https://example.org/"), "outside of it (frame"),
    "a linked object": (with_reference("oleObject", "file:///c:/a.xls"), "macros or other programs"),
    "a link to a file": (with_reference("hyperlink", "file:///c:/windows/system32/calc.exe"), "outside of it (hyperlink"),
    "a script link": (with_reference("hyperlink", "javascript:alert(1)"), "outside of it (hyperlink"),
    "a document within": (with_part("/word/chunk.html", "text/html", "aFChunk"), "outside of it (aFChunk"),
    "macros": (with_part("/word/vbaProject.bin", "application/vnd.ms-office.vbaProject", "vbaProject"), "macros"),
    "a control": (with_part("/word/activeX/activeX1.xml", "application/vnd.ms-office.activeX+xml", "control"), "macros"),
    "a picture by field": (with_field("INCLUDE", 'PICTURE "https://example.org/a.png"'), "(INCLUDEPICTURE)"),
    "a program by field": (with_field(" DDEAUTO c:\\windows\\cmd.exe"), "(DDEAUTO)"),
}


@pytest.mark.parametrize("threat", HOSTILE)
def test_a_template_that_fetches_or_runs_something_is_refused_in_a_sentence(tmp_path, threat):
    change, told = HOSTILE[threat]
    path = tmp_path / "ours.docx"
    document = Document()
    change(document)
    document.save(str(path))
    with pytest.raises(TemplateError, match=re.escape(told)) as refused:
        checked_template(path)
    assert str(refused.value).startswith("ours.docx ") and str(refused.value).endswith(".")


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "[Content_Types].xml", "_rels/.rels"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_template_with_entities_is_refused_before_any_of_it_is_read(tmp_path, part, encoding):
    path = tmp_path / "ours.docx"
    secret = tmp_path / "secret.txt"
    secret.write_text("a secret", encoding="utf-8")
    whole = house_template(tmp_path / "whole.docx")
    with zipfile.ZipFile(whole) as package, zipfile.ZipFile(path, "w") as changed:
        for name in package.namelist():
            content = package.read(name)
            if name == part:
                root = content.decode().partition("?>")[2]
                content = (f'<?xml version="1.0" encoding="{encoding}"?>'
                           f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>{root}').encode(encoding)
            changed.writestr(name, content)
    with pytest.raises(TemplateError, match=re.escape(f"declares XML entities (in {part})")):
        checked_template(path)


def test_links_for_readers_may_stand_in_a_template(tmp_path):
    path = tmp_path / "ours.docx"
    document = Document()
    for address in ("https://example.org/link/include", "mailto:us@example.org"):
        with_reference("hyperlink", address)(document)
    with_field('HYPERLINK "https://example.org/LINK"')(document)
    document.save(str(path))
    checked_template(path)


@pytest.mark.parametrize("marker", ["{{ report }}", "{{Report}}", "{{\u00a0REPORT}}"])
def test_the_marker_may_have_spaces_and_capitals(tmp_path, marker):
    found = paragraphs(word_document(report_notebook(), deliverable(tmp_path / "deliverable.docx", marker=marker)))
    headings = [text for style, text in found if style == "Heading 1"]
    assert headings == ["Introduction", "Estonia: Digital practice", "Conclusions"]


def test_a_template_that_unpacks_to_too_much_is_not_opened(tmp_path):
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package, package.open("word/document.xml", "w") as member:
        for _ in range(310):
            member.write(bytes(1_000_000))
    with pytest.raises(TemplateError, match="unpacks to more"):
        checked_template(path)


@pytest.mark.parametrize("build", [
    lambda document: [document.add_paragraph("{{report}}") for _ in range(2)],
    lambda document: document.add_paragraph("Here: {{report}}"),
    lambda document: setattr(document.add_table(1, 1).cell(0, 0), "text", "{{report}}"),
])
def test_a_marker_in_a_place_that_can_not_hold_a_report_is_told(tmp_path, build):
    path = tmp_path / "marked.docx"
    document = Document()
    build(document)
    document.save(str(path))
    with pytest.raises(TemplateError, match=re.escape("{{report}}")):
        checked_template(path)
    with pytest.raises(TemplateError):
        word_document(report_notebook(), path)


def test_a_template_without_styles_lists_or_page_settings_will_do(tmp_path):
    path = tmp_path / "bare.docx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("[Content_Types].xml", (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/document.xml" ContentType='
            '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'))
        package.writestr("_rels/.rels", (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
            'Target="document.xml"/></Relationships>'))
        package.writestr("document.xml", f'<w:document xmlns:w="{NAMES["w"]}"><w:body><w:p/></w:body></w:document>')
    cells = [new_markdown_cell("# T\n\n1. one\n2. two\n\n- three")]
    found = paragraphs(word_document(report_notebook(*cells, about={**ABOUT, "notice": ["", ""]}), path))
    assert found[0] == ("Title", "T")
    assert ("List Number", "one") in found
    assert ("List Bullet", "three") in found
