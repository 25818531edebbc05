"""PDF documents: tagged, complete, readable in every language of the study, and nothing over the margin."""

from __future__ import annotations

import io

import nbformat
import pytest
from nbformat import v4
from pdf_support import PDF, ink_in_margins, notebook_of, picture_cell, pictures_of, table_cell, text_cell
from PIL import Image

from hostile import HOSTILE, NO_TEXT
from notebook_documents.exporters import PDFReport
from notebook_documents.pdf import PDFError, drawing_png, pdf_document
from page import FLAG

MADE = "2026-05-04T03:02:01+00:00"
IMPRINT = {"paragraphs": ["Paid for by #somebody.", "Only *our* view."], "emblem": FLAG, "alt": "A blue flag of somebody"}
NOTICE = ["Synthetic data.", "All was made up by a program."]
LETTERS = "Õpetajad žürii õäöü Åland äö Švietimo ėįųū æøå ქართული კითხვარი τ² − ≤ ≥ → – “word” ½ ₀ χ²"
SVG = ('<svg xmlns="http://www.w3.org/2000/svg" width="400pt" height="100pt" viewBox="0 0 400 100">'
       '<path d="M0 0 L400 0 L400 100 L0 100 z" style="fill: #1f5f99"/></svg>')


@pytest.fixture(scope="module")
def report():
    """A small report with all that a report can have."""
    return notebook_of(
        text_cell("# Eesti: [pilot] study"), text_cell("## Means\n\n" + LETTERS + "\n\n- one\n  1. **deep**\n- two"),
        picture_cell("#| fig-cap: Scale means", svg=SVG, alt="Two means, one higher", subject="Leadership", width=160),
        text_cell("### Tables"),
        table_cell(["Scale", "n", "Mean"], [["Leadership", "12", "3.21"], ["", "11", "−3.00"], ["ხედვა", "9", "2.50ᵃ"]],
                   notes=["Note. CI = confidence interval.", "ᵃ Few answers."], caption="Means of scales"),
        text_cell("## Methods\n\nSee [means](#means) and [the site](https://example.org/a).\n\n## Limits\n\nMany."),
        v4.new_markdown_cell("## Colophon\n\nWords.", metadata={"tags": ["new-page"]}),
        subtitle="A study", notice=NOTICE, imprint=IMPRINT, made=MADE, language="en", creator="A workbench")


@pytest.fixture(scope="module")
def pdf(report):
    return PDF(report)


def test_the_document_is_tagged_and_says_its_title_language_author_and_date(pdf):
    assert pdf.root["/MarkInfo"]["/Marked"] and pdf.root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.root["/Lang"] == "en"
    said = pdf.reader.metadata
    assert (said.title, said.subject, said.author) == ("Eesti: [pilot] study", "A study", "A workbench")
    assert said.creation_date.isoformat() == "2026-05-04T03:02:01+00:00"
    assert "<pdfuaid:part>1</pdfuaid:part>" in pdf.root["/Metadata"].get_data().decode()


def test_headings_are_tags_and_bookmarks_in_order_without_the_title(pdf):
    assert pdf.outline == [(1, "Means"), (2, "Tables"), (1, "Methods"), (1, "Limits"), (1, "Colophon")]
    roles = [tag.role for tag in pdf.tags.walk()]
    assert roles.count("Title") == 1 and roles.count("H2") == 1
    assert roles.count("H1") == 5, "the four sections and the contents"


def test_contents_name_every_section_with_its_page(pdf):
    assert len(pdf.tags.all("TOCI")) == 5
    lines = pdf.texts[0].splitlines()
    assert any(line.startswith("Means") and line.rstrip().endswith("2") for line in lines)


def test_tables_have_header_cells_captions_above_and_names_that_stand_for_their_rows(pdf):
    table = pdf.tags.all("Table")[0]
    assert [tag.role for tag in table.inside][:3] == ["Caption", "THead", "TBody"]
    assert [(cell.role, cell.scope) for cell in table.all("THead")[0].all("TH")] == [("TH", "Column")] * 3
    rows = table.all("TBody")[0].all("TR")
    assert [len(row.all("TD")) for row in rows] == [3, 2, 3]
    assert pdf.text.index("Table 1. Means of scales") < pdf.text.index("3.21") < pdf.text.index("ᵃ Few answers.")


def test_figures_have_alternative_text_and_a_caption_below(pdf):
    alts = [figure.alt for figure in pdf.tags.all("Figure")]
    assert alts == ["A blue flag of somebody", "Two means, one higher"]
    assert "Figure 1. Scale means: Leadership" in pdf.text


def test_a_drawing_stays_a_drawing(pdf, report):
    pictures = [image for page in pdf.reader.pages for image in page.images]
    assert not pictures
    without = notebook_of(picture_cell("#| fig-cap: Dots"))
    assert [image.name for page in PDF(without).reader.pages for image in page.images]


def test_only_the_typefaces_that_come_with_the_workbench_are_used_and_all_are_embedded(pdf):
    names = ["DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique"]
    assert pdf.fonts() == dict.fromkeys(names, True)


def test_letters_of_all_languages_can_be_read_back(pdf):
    words = " ".join(pdf.text.split())
    assert LETTERS in words
    assert "\ufffd" not in words


def test_georgian_words_are_told_to_screen_readers_as_georgian():
    spoken = PDF(notebook_of(text_cell("# One\n\nკითხვარი"), text_cell("## Two\n\nwords")))
    assert "ka" in [tag.language for tag in spoken.tags.walk()]
    silent = PDF(notebook_of(text_cell("# One\n\nküsimustik"), text_cell("## Two\n\nwords")))
    assert "ka" not in [tag.language for tag in silent.tags.walk()]


def test_pages_are_a4_numbered_and_have_the_title_above_from_the_second_on(pdf):
    total = len(pdf.texts)
    for number, (page, text) in enumerate(zip(pdf.reader.pages, pdf.texts, strict=True), start=1):
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
        assert f"{number} / {total}" in text
        assert text.count("Eesti: [pilot] study") == 1


def test_the_notice_is_told_on_every_page_and_the_imprint_on_the_first(pdf, report):
    assert all("Synthetic data." in text for text in pdf.texts)
    first = " ".join(pdf.texts[0].split())
    assert "made up by a program" in first
    assert "Paid for by #somebody." in first and "Only *our* view." in first
    report = notebook_of(text_cell("# Real"), subtitle="A study")
    real = PDF(report)
    assert "ynthetic" not in real.text and not real.tags.all("Figure")


def test_the_emblem_is_higher_than_a_centimetre_and_two_thirds_as_high_as_wide(report, tmp_path):
    page = pictures_of(report, tmp_path)[0]
    dark = page.crop((25, 200, 80, 272)).point(lambda grey: 255 if grey < 100 else 0)
    left, top, right, bottom = dark.getbbox()
    assert right - left == pytest.approx(30, abs=1.5) and bottom - top == pytest.approx(20, abs=1.5)


def test_a_cell_that_says_so_begins_a_page(pdf):
    assert "Colophon" in pdf.texts[-1] and "Colophon" not in pdf.texts[-2]


def test_links_lead_to_sections_and_web_addresses_only():
    pdf = PDF(notebook_of(text_cell("# T\n\n## Means\n\n[a](#means) [b](https://example.org/) [c](javascript:alert(1)) "
                                    "[d](file:///etc/passwd) [e](#nowhere)")))
    links = [note.get_object() for page in pdf.reader.pages for note in page.get("/Annots", [])]
    assert sorted(str(link.get("/A", {}).get("/URI", "inside")) for link in links) == ["https://example.org/", "inside"]
    assert all(word in pdf.text.split() for word in "abcde")


def test_the_same_notebook_gives_the_same_bytes(report, pdf):
    assert pdf_document(report) == pdf.bytes


def test_texts_that_would_do_harm_as_markup_are_only_texts():
    texts = [text for text in (*HOSTILE, *NO_TEXT) if len(text) < 200]
    table = table_cell([f"{text} a" for text in texts[:4]], [[text, "1", text, "2"] for text in texts],
                       notes=texts, text=(0, 2), caption=texts[0])
    cells = [text_cell(f"## {text}\n\n{text}\n\n- **{text}** `{text}` [{text}]({text})") for text in texts]
    notebook = notebook_of(text_cell(f"# {texts[0]}"), *cells, table, subtitle=texts[1], notice=texts[5:7],
                           language=texts[4], imprint={"paragraphs": texts[2:4], "emblem": FLAG, "alt": texts[7]},
                           creator=texts[8])
    notebook.metadata["authors"] = [{"name": text} for text in texts]
    pdf = PDF(notebook)
    shown = " ".join(pdf.text.split())
    assert '#import "x.typ": * #read("/etc/passwd") #panic() $x^2$ @label <label>' in shown
    assert "{{ 7 * 7 }} {% include '/etc/passwd' %}" in shown and "root:" not in shown
    assert pdf.reader.metadata.title == texts[0] and pdf.root["/Lang"] == "en"


@pytest.mark.parametrize("text", ["W" * 300, "many words " * 60, "0123456789abcdef" * 20,
                                  "https://example.org/" + "a-very/long_path?" * 30])
def test_no_word_is_long_enough_to_run_over_the_margin(text, tmp_path):
    notebook = notebook_of(
        text_cell(f"# {text}"), text_cell(f"## {text}\n\n{text}\n\n- {text}\n  - **{text}**\n\n> `{text}`"),
        text_cell(f"```\n{text}\n```"),
        table_cell([text, "n", "Mean"], [["a", text, "1"], [text, "2", text]], notes=[text], caption=text),
        picture_cell(f"#| fig-cap: {text}"), subtitle=f"{text} study", notice=[text, text],
        imprint={"paragraphs": [text, text], "emblem": FLAG})
    assert not [number for number, page in enumerate(pictures_of(notebook, tmp_path), start=1) if ink_in_margins(page)]


def test_figures_are_no_wider_than_the_text_no_higher_than_a_page_and_never_blown_up(tmp_path):
    pages = pictures_of(notebook_of(picture_cell(width=4000, height=400), picture_cell(width=300, height=3000),
                                    picture_cell(width=48, height=48)), tmp_path)
    assert not any(map(ink_in_margins, pages))
    last = pages[-1].crop((0, 24, 210, 270)).point(lambda grey: 255 if 120 < grey < 170 else 0)
    left, _top, right, _bottom = last.getbbox()
    assert len(pages) <= 3 and right - left < 60


def test_a_researchers_own_notebook_becomes_a_document(tmp_path):
    frame = ('<table><thead><tr><th></th><th>value</th></tr></thead><tbody><tr><th>mean</th><td>1.5</td></tr></tbody>'
             '</table>')
    notebook = notebook_of(
        text_cell("# Mine\n\n#### Deep\n\n| a | b |\n|---|--:|\n| x | 1 |"), picture_cell(),
        nbformat.v4.new_code_cell("frame", outputs=[nbformat.v4.new_output("execute_result", {"text/html": frame},
                                                                           execution_count=1)]),
        text_cell("# Second\n\nwords"))
    pdf = PDF(notebook)
    assert pdf.reader.metadata.title == "Mine" and pdf.reader.metadata.author is None
    assert [figure.alt for figure in pdf.tags.all("Figure")] == ["Figure 1"]
    assert "Figure 1" in pdf.text and "Table 1" in pdf.text and len(pdf.tags.all("Table")) == 2
    assert len(pdf.texts) == 1 and "frame" not in pdf.text
    assert [title for _level, title in pdf.outline] == ["Deep", "Second"]


def test_the_exporter_gives_what_the_writer_gives(report, pdf):
    made, resources = PDFReport().from_notebook_node(report)
    assert made == pdf.bytes and resources["output_extension"] == ".pdf"


def test_references_to_tables_and_figures_lead_to_them():
    pdf = PDF(notebook_of(text_cell("# T\n\nSee @tbl-a and @fig-one."), table_cell(["x"], [["1"]]),
                          picture_cell("#| label: fig-one")))
    links = [note.get_object() for page in pdf.reader.pages for note in page.get("/Annots", [])]
    assert len(links) == 2 and "able\u00a01 and Figure\u00a01." in pdf.text


def test_a_drawing_as_a_picture_has_the_dots_of_its_width():
    picture = Image.open(io.BytesIO(drawing_png(FLAG, 25.4)))
    assert picture.size == (300, 200) and picture.convert("RGB").getpixel((9, 9)) == (0, 0x33, 0x99)


@pytest.mark.parametrize(("cell", "expected"), [
    (nbformat.v4.new_code_cell("", outputs=[nbformat.v4.new_output("display_data", {"image/png": "bm8="})]),
     "Figure 1 is no PNG picture"),
    (picture_cell(svg="<svg no"), "The PDF could not be made: failed to parse SVG"),
])
def test_a_picture_that_is_none_is_one_sentence(cell, expected):
    with pytest.raises(PDFError, match=f"^{expected}.*\\.$"):
        pdf_document(notebook_of(cell))


def test_a_notebook_without_anything_is_a_page(tmp_path):
    pdf = PDF(notebook_of())
    assert len(pdf.texts) == 1 and pdf.reader.metadata.title == "Report"
