"""The Word document's structure: what an author finds in it without retouching."""

from __future__ import annotations

import io
from base64 import b64encode

import nbformat
import pytest
from docx import Document
from lxml import etree
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from word_support import (
    ABOUT,
    IMPRINT,
    NAMES,
    W,
    body,
    deliverable,
    figure_cell,
    instructions,
    paragraphs,
    parts,
    png,
    report_notebook,
    style_of,
    table_cell,
    text_of,
)

from notebook_documents import document as made_document
from notebook_documents.about import KEY
from notebook_documents.exporters import WordReport
from notebook_documents.word import word_document

MM = 36_000


@pytest.fixture(scope="module")
def document() -> bytes:
    return word_document(report_notebook())


def test_the_title_and_headings_are_in_words_own_styles(document):
    found = [pair for pair in paragraphs(document) if pair[0] == "Title" or pair[0].startswith("Heading")]
    assert found == [("Title", "Estonia: Digital practice"), ("Heading 1", "In brief"), ("Heading 1", "What changed"),
                     ("Heading 2", "By school")]


def test_captions_count_by_fields_and_stand_above_tables_and_below_figures(document):
    content = list(body(document))
    captions = [each for each in content if each.tag == f"{W}p" and style_of(each) == "Caption"]
    assert [text_of(each) for each in captions] == ["Table 1. What was counted", "Figure 1. Means before and after"]
    assert [instructions(each) for each in captions] == [["SEQ Table \\* ARABIC"], ["SEQ Figure \\* ARABIC"]]
    table, figure = captions
    assert table.getnext().tag == f"{W}tbl"
    assert table.find(f"{W}pPr/{W}keepNext") is not None
    picture = figure.getprevious()
    assert picture.find(f".//{W}drawing") is not None
    assert picture.find(f"{W}pPr/{W}keepNext") is not None


def test_a_caption_s_label_is_a_bookmark_that_others_can_refer_to(document):
    start = body(document).xpath("//w:bookmarkStart[@w:name='_Ref_Table_1']", namespaces=NAMES)[0]
    within = []
    for each in start.itersiblings():
        if each.tag == f"{W}bookmarkEnd" and each.get(f"{W}id") == start.get(f"{W}id"):
            break
        within.append(text_of(each))
    assert "".join(within) == "Table 1"


def test_a_long_caption_of_a_figure_leaves_all_but_its_first_sentence_out_of_the_list_of_figures():
    cells = [new_markdown_cell("# T\n\n## A\n\n## B\n\n## C\n\n## D")]
    cells += [figure_cell(caption=f"Means {number}. n = 12. Data: the surveys.") for number in range(3)]
    found = paragraphs(word_document(report_notebook(*cells)))
    assert ("Caption", "Figure 2. Means 1") in found
    assert ("Figure Note", "n = 12. Data: the surveys.") in found
    assert [text for style, text in found if style == "table of figures"] == [
        "Figure 1. Means 0", "Figure 2. Means 1", "Figure 3. Means 2"]


def test_contents_and_lists_are_fields_with_entries_that_lead_to_their_places():
    cells = [new_markdown_cell("# T\n\n## A\n\n### B\n\n## C\n\n## D")]
    cells += [table_cell([["x"]], ["y"], caption=f"T{number}") for number in range(3)]
    made = body(word_document(report_notebook(*cells)))
    assert [each for each in instructions(made) if each.startswith("TOC")] == [
        'TOC \\o "1-2" \\h \\z \\u', 'TOC \\h \\z \\c "Table"']
    links = made.xpath("//w:hyperlink[@w:anchor]", namespaces=NAMES)
    assert [text_of(link) for link in links] == ["A", "B", "C", "D", "Table 1. T0", "Table 2. T1", "Table 3. T2"]
    for link in links:
        target = made.xpath(f"//w:bookmarkStart[@w:name='{link.get(W + 'anchor')}']/..", namespaces=NAMES)
        assert [text_of(each) for each in target] == [text_of(link)]
        assert f"PAGEREF {link.get(W + 'anchor')} \\h" in instructions(link)


def test_word_computes_the_pages_of_contents_as_it_opens_a_document_and_asks_nothing_where_there_are_none():
    cells = [new_markdown_cell("# T\n\n## A\n\n### B\n\n## C\n\n## D")]
    assert b"updateFields" in parts(word_document(report_notebook(*cells)))["word/settings.xml"]
    assert b"updateFields" not in parts(word_document(report_notebook()))["word/settings.xml"]


def test_a_short_document_has_no_contents_and_lists_leave_out_what_has_no_caption():
    assert "Contents" not in "".join(text for _, text in paragraphs(word_document(report_notebook())))
    cells = [new_markdown_cell("# T\n\n## A\n\n## B\n\n## C\n\n## D"),
             *(table_cell([["x"]], ["y"], caption="") for _ in range(4))]
    assert [each for each in instructions(body(word_document(report_notebook(*cells)))) if each.startswith("TOC")] == [
        'TOC \\o "1-2" \\h \\z \\u']


def test_fields_are_closed_in_the_order_they_were_opened(document):
    kinds = [each.get(f"{W}fldCharType") for each in body(document).iter(f"{W}fldChar")]
    depth = 0
    for kind in kinds:
        depth += {"begin": 1, "separate": 0, "end": -1}[kind]
        assert depth >= 0
    assert depth == 0
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end") > 0


def test_pictures_have_words_in_their_place_and_the_width_they_were_drawn_for():
    cells = figure_cell(), figure_cell(alt="", width=80), figure_cell(alt="", caption="")
    made = body(word_document(report_notebook(*cells)))
    said = made.xpath("//wp:docPr/@descr", namespaces=NAMES)
    assert said == ["Emblem of the Union: a blue flag", "Two bars, the second is longer",
                    "Figure 2: Means before and after", "Figure 3"]
    widths = [int(each) / MM for each in made.xpath("//wp:extent/@cx", namespaces=NAMES)]
    assert widths[1:] == pytest.approx([160, 80, 160], abs=0.01)


def test_a_picture_is_never_wider_than_the_text_nor_taller_than_the_page():
    made = body(word_document(report_notebook(figure_cell(width=400), figure_cell(picture=png(20, 400)))))
    extents = [(int(each.get("cx")) / MM, int(each.get("cy")) / MM) for each in made.iter(f"{{{NAMES['wp']}}}extent")]
    wide, tall = extents[1:]
    assert wide == pytest.approx((160, 80), abs=0.1)
    assert tall[1] < 297 - 46
    assert tall[0] == pytest.approx(tall[1] / 20, rel=0.01)


def test_a_plain_picture_is_as_wide_as_on_a_screen():
    data = {"image/png": b64encode(png(378, 100)).decode()}
    made = body(word_document(report_notebook(new_code_cell("", outputs=[new_output("display_data", data)]), about={})))
    assert int(next(made.iter(f"{{{NAMES['wp']}}}extent")).get("cx")) / MM == pytest.approx(100, abs=0.1)


def test_what_is_no_picture_leaves_its_words_and_caption():
    found = paragraphs(word_document(report_notebook(figure_cell(picture=b"not a picture"))))
    assert ("Figure", "Two bars, the second is longer") in found
    assert ("Caption", "Figure 1. Means before and after") in found


def test_the_first_page_names_who_paid_with_the_emblem_high_enough(document):
    content = list(body(document))
    emblem = next(each for each in content if each.find(f".//{W}drawing") is not None)
    height = int(emblem.find(f".//{{{NAMES['wp']}}}extent").get("cy")) / MM
    assert height >= 10
    assert [text for text in map(text_of, emblem.iter(f"{W}p")) if text] == [*IMPRINT["paragraphs"]]
    breaks = [each for each in content if each.find(f"{W}pPr/{W}pageBreakBefore") is not None]
    assert all(content.index(each) > content.index(emblem) for each in breaks)


def test_the_notice_stands_on_the_first_page_and_its_first_part_in_the_header(document):
    assert any(style == "Banner" and text.startswith("Synthetic data.") for style, text in paragraphs(document))
    headers = [text_of(etree.fromstring(blob)) for name, blob in parts(document).items() if name.startswith("word/header")]
    assert any("Synthetic data" in text for text in headers)
    real = word_document(report_notebook(about={**ABOUT, "notice": ["", ""]}))
    assert "ynthetic" not in "".join(text for _, text in paragraphs(real))


def test_every_page_has_its_number(document):
    footers = [etree.fromstring(blob) for name, blob in parts(document).items() if name.startswith("word/footer")]
    assert [instructions(each) for each in footers] == [["PAGE", "NUMPAGES"]] * 2
    assert text_of(footers[0]) == "Page 1 of 1"


def test_pages_are_a4_with_160_mm_of_text(document):
    section = Document(io.BytesIO(document)).sections[-1]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (section.page_width - section.left_margin - section.right_margin) / MM == pytest.approx(160, abs=0.1)


def test_properties_say_title_study_language_and_who_paid(document):
    said = Document(io.BytesIO(document)).core_properties
    assert (said.title, said.subject, said.language) == ("Estonia: Digital practice", "Digital practice", "en-GB")
    assert said.comments == IMPRINT["paragraphs"][0]
    assert said.author == "A workbench"
    notebook = report_notebook()
    notebook.metadata["authors"] = [{"name": "A. Tamm"}, {"name": "B. Kask"}]
    assert Document(io.BytesIO(word_document(notebook))).core_properties.author == "A. Tamm, B. Kask"


@pytest.mark.parametrize(("language", "tag"), [("en", "en-GB"), ("ka", "ka-GE"), ("no", "nb-NO"), ("pt-BR", "pt-BR")])
def test_the_text_is_in_the_report_s_language(language, tag):
    made = parts(word_document(report_notebook(about={**ABOUT, "language": language})))
    defaults = etree.fromstring(made["word/styles.xml"]).find(f"{W}docDefaults//{W}lang")
    assert defaults.get(f"{W}val") == tag


def test_georgian_letters_have_a_font_that_has_them_and_their_language():
    made = word_document(report_notebook(new_markdown_cell("# T\n\n## S\n\nScale “ციფრული სწავლება” rose")))
    run = next(each for each in body(made).iter(f"{W}r") if "ციფრული" in text_of(each))
    assert text_of(run) == "ციფრული სწავლება"
    assert run.find(f"{W}rPr/{W}lang").get(f"{W}val") == "ka-GE"
    assert run.find(f"{W}rPr/{W}rFonts").get(f"{W}hAnsi") == "Sylfaen"
    strong = body(word_document(report_notebook(new_markdown_cell("# T\n\n**ციფრული**"))))
    run = next(each for each in strong.iter(f"{W}r") if text_of(each) == "ციფრული")
    assert run.find(f"{W}rPr/{W}rFonts").get(f"{W}hAnsi") == "Sylfaen"


def test_a_cell_that_says_so_begins_a_page():
    cells = [new_markdown_cell("# T\n\n## A"), new_markdown_cell("## How\n\n## Who", metadata={"tags": ["new-page"]})]
    content = body(word_document(report_notebook(*cells)))
    breaks = [text_of(each) for each in content if each.find(f"{W}pPr/{W}pageBreakBefore") is not None]
    assert breaks == ["How"]


def test_a_reference_to_a_table_or_figure_is_a_field_that_word_renews(tmp_path):
    cells = [new_markdown_cell("# T\n\nSee @tbl-t, @fig-f, [there](#part) and @fig-nowhere.\n\n## Part"),
             table_cell([["x"]], ["y"]), figure_cell()]
    made = body(word_document(report_notebook(*cells)))
    text = next(each for each in made.iter(f"{W}p") if text_of(each).startswith("See"))
    assert text_of(text) == "See Table 1, Figure 1, there and @fig-nowhere."
    assert instructions(text) == ["REF _Ref_Table_1 \\h \\* MERGEFORMAT", "REF _Ref_Figure_1 \\h \\* MERGEFORMAT"]
    names = made.xpath("//w:bookmarkStart/@w:name", namespaces=NAMES)
    assert {"_Ref_Table_1", "_Ref_Figure_1", text.find(f"{W}hyperlink").get(f"{W}anchor")} <= set(names)
    chapter = body(word_document(report_notebook(*cells), deliverable(tmp_path / "deliverable.docx")))
    text = next(each for each in chapter.iter(f"{W}p") if text_of(each).startswith("See"))
    assert text_of(text).startswith("See Table 2, Figure 1") and "REF _Ref_Table_2" in instructions(text)[0]


def test_the_same_notebook_gives_the_same_bytes_at_another_time(document, monkeypatch):
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert word_document(report_notebook()) == document


def test_a_researchers_own_notebook_becomes_a_document_too():
    frame = ("<table><thead><tr><th></th><th>n</th></tr></thead><tbody><tr><th>a</th><td>1</td></tr></tbody></table>")
    notebook = report_notebook(
        new_markdown_cell("Some words before any heading"),
        new_code_cell("frame", outputs=[new_output("display_data", {"text/html": frame})]), figure_cell(alt=""), about={})
    del notebook.metadata[KEY]
    made = word_document(notebook)
    assert ("Normal", "Some words before any heading") in paragraphs(made)
    assert [text_of(each) for each in body(made).iter(f"{W}tc")] == ["", "n", "a", "1"]
    assert ("Title", "Report") in paragraphs(made)


def test_an_empty_notebook_becomes_a_document_that_opens():
    notebook = nbformat.v4.new_notebook()
    assert Document(io.BytesIO(word_document(notebook))).paragraphs[0].text == "Report"


def test_the_exporter_gives_what_the_writer_gives(document, tmp_path):
    made, resources = WordReport().from_notebook_node(report_notebook())
    assert made == document == made_document("docx", report_notebook())
    assert resources["output_extension"] == ".docx"
    template = deliverable(tmp_path / "deliverable.docx")
    made, _ = WordReport(template=str(template)).from_notebook_node(report_notebook())
    assert made == word_document(report_notebook(), template)
