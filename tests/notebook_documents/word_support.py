"""Notebooks to make Word documents from, templates as authors have them, and what stands in a .docx."""

from __future__ import annotations

import io
import zipfile
from base64 import b64encode
from pathlib import Path

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.shared import Pt, RGBColor
from lxml import etree
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from notebook_documents.about import KEY
from notebook_documents.shapes import FIGURE_MIME, TABLE_MIME
from page import FLAG

NAMES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
W = f"{{{NAMES['w']}}}"
IMPRINT = {"paragraphs": ["This project has received funding from the Union.", "Only the author's view."], "emblem": FLAG,
           "alt": "Emblem of the Union: a blue flag"}
ABOUT = {"subtitle": "Digital practice", "notice": ["Synthetic data.", "Every answer was made up."], "language": "en",
         "imprint": IMPRINT, "creator": "A workbench"}


def png(width: int = 40, height: int = 20) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(stream, "PNG")
    return stream.getvalue()


def table_cell(rows: list[list[str]], headings: list[str], caption: str = "What was counted", text=(0,), notes=()):
    data = {TABLE_MIME: {"headings": headings, "rows": rows, "notes": list(notes), "text": list(text), "name": "t"}}
    return new_code_cell(f"#| tbl-cap: {caption}", outputs=[new_output("display_data", data)])


def figure_cell(alt: str = "Two bars, the second is longer", caption: str = "Means before and after", width: float = 160,
                picture: bytes | None = None):
    data = {"image/png": b64encode(picture or png()).decode(), FIGURE_MIME: {"alt": alt, "name": "f", "width": width}}
    return new_code_cell(f"#| fig-cap: {caption}", outputs=[new_output("display_data", data)])


def report_notebook(*cells, about: dict | None = None):
    """A small report: title, sections, paragraphs, a table and a figure, unless other cells are given."""
    cells = cells or (
        new_markdown_cell("# Estonia: Digital practice\n\n## In brief\n\nTeachers **rose** by _much_.\n\n- one\n- two"),
        new_markdown_cell("## What changed\n\n### By school\n\nText with a [link](https://example.org)."),
        table_cell([["A", "1.00", "0.31 [0.12, 0.50]"], ["B", "12.00", "–"]], ["School", "Mean", "Change [95 % CI]"],
                   notes=["Note. CI = confidence interval.", "ᵃ Few schools."]),
        figure_cell(),
    )
    notebook = new_notebook(cells=list(cells))
    notebook.metadata[KEY] = ABOUT if about is None else about
    return notebook


def parts(document: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        return {name: package.read(name) for name in package.namelist()}


def body(document: bytes) -> etree._Element:
    return etree.fromstring(parts(document)["word/document.xml"]).find(f"{W}body")


def paragraphs(document: bytes) -> list[tuple[str, str]]:
    """Name of the style and text of every paragraph outside of tables."""
    opened = Document(io.BytesIO(document))
    names = {style.style_id: style.name for style in opened.styles}
    found = []
    for each in opened.element.body.iter(f"{W}p"):
        if not any(above.tag == f"{W}tbl" for above in each.iterancestors()):
            style = each.find(f"{W}pPr/{W}pStyle")
            found.append((names[style.get(f"{W}val")] if style is not None else "Normal", text_of(each)))
    return found


def text_of(element: etree._Element) -> str:
    return "".join(element.itertext(f"{W}t"))


def instructions(element: etree._Element) -> list[str]:
    return [" ".join(each.split()) for each in element.itertext(f"{W}instrText")]


def style_of(element: etree._Element) -> str:
    return element.find(f"{W}pPr/{W}pStyle").get(f"{W}val")


def house_template(path: Path) -> Path:
    """A template that holds styles only: own fonts, colours, numbered headings, narrow page."""
    document = Document()
    document.styles["Normal"].font.name = "Georgia"
    document.styles["Heading 1"].font.color.rgb = RGBColor(0xC0, 0x00, 0x60)
    document.styles["Caption"].font.size = Pt(8)
    document.styles.add_style("Table Note", WD_STYLE_TYPE.PARAGRAPH).font.italic = True
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(
        f'<w:abstractNum xmlns:w="{NAMES["w"]}" w:abstractNumId="77"><w:multiLevelType w:val="multilevel"/>' + "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Heading{level + 1}"/>'
            f'<w:lvlText w:val="{".".join(f"%{each + 1}" for each in range(level + 1))}"/><w:lvlJc w:val="left"/></w:lvl>'
            for level in range(3)) + "</w:abstractNum>"))
    numbering.append(parse_xml(
        f'<w:num xmlns:w="{NAMES["w"]}" w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    for level in range(3):
        numbered = document.styles[f"Heading {level + 1}"].element.get_or_add_pPr().get_or_add_numPr()
        numbered.get_or_add_ilvl().val = level
        numbered.get_or_add_numId().val = 77
    document.save(str(path))
    return path


def deliverable(path: Path, marker: str | None = "{{report}}", table_of_contents: bool = True) -> Path:
    """A deliverable as a consortium has it: a cover, contents, a table and caption of its own, Estonian style ids."""
    document = Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = "D4.2 Effects of mentoring"
    document.add_paragraph("D4.2 Report on the pilots", style="Title")
    document.add_table(2, 2).cell(0, 0).text = "Work package"
    if table_of_contents:
        contents = document.add_paragraph()
        for inner in ('<w:fldChar {} w:fldCharType="begin"/>', '<w:instrText {}> TOC \\o "1-3" \\h </w:instrText>',
                      '<w:fldChar {} w:fldCharType="separate"/>', '<w:fldChar {} w:fldCharType="end"/>'):
            contents.add_run()._r.append(parse_xml(inner.format(f'xmlns:w="{NAMES["w"]}"')))
    document.add_heading("Introduction", 1)
    caption = document.add_paragraph("Table ", style="Caption")
    caption._p.append(parse_xml(f'<w:fldSimple xmlns:w="{NAMES["w"]}" w:instr=" SEQ Table \\* ARABIC ">'
                                "<w:r><w:t>1</w:t></w:r></w:fldSimple>"))
    if marker:
        document.add_paragraph(marker)
    document.add_heading("Conclusions", 1)
    document.add_paragraph("The end.")
    _rename(document, {"Heading1": "Pealkiri1", "Heading2": "Pealkiri2", "Caption": "Pealdis", "Normal": "Normaallaad"})
    document.save(str(path))
    return path


def _rename(document, ids: dict[str, str]) -> None:
    """Give styles the ids that Word in another language gives them."""
    for element in (*document.styles.element.iter(), *document.element.iter()):
        kind = etree.QName(element).localname if isinstance(element.tag, str) else ""
        name = f"{W}styleId" if kind == "style" else f"{W}val"
        if kind in ("style", "pStyle", "basedOn", "next", "link") and element.get(name) in ids:
            element.set(name, ids[element.get(name)])
