"""What Word insists on and other programs forgive: the order of elements, ids that are free, text that XML can hold."""

from __future__ import annotations

import io
import zipfile

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
    house_template,
    parts,
    report_notebook,
    table_cell,
    text_of,
)

from hostile import HOSTILE, LETTERS, MARKUP, NO_TEXT
from notebook_documents.shapes import FIGURE_MIME
from notebook_documents.word import word_document

ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd "
           "tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi "
           "adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc "
           "textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof "
           "snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText "
           "vertAlign rtl cs em lang eastAsianLayout specVanish oMath",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc "
             "tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign "
            "hideMark",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType "
              "pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid "
              "printerSettings",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat "
             "locked personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr",
    "tblStylePr": "pPr rPr tblPr trPr tcPr",
    "tblBorders": "top left start bottom right end insideH insideV",
    "pBdr": "top left bottom right between bar",
    "tblCellMar": "top left start bottom right end",
    "lvl": "start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy lvlJc pPr rPr",
    "abstractNum": "nsid multiLevelType tmpl name styleLink numStyleLink lvl",
    "numbering": "numPicBullet abstractNum num numIdMacAtCleanup",
    "numPr": "ilvl numId",
    "tbl": "bookmarkStart bookmarkEnd tblPr tblGrid tr",
    "tr": "tblPrEx trPr tc sdt",
    "tc": "tcPr p tbl sdt",
    "sdt": "sdtPr sdtEndPr sdtContent",
    "docPartObj": "docPartGallery docPartCategory docPartUnique",
    "settings": "writeProtection view zoom removePersonalInformation mirrorMargins documentProtection proofState "
                "stylePaneFormatFilter trackRevisions defaultTabStop autoHyphenation evenAndOddHeaders "
                "drawingGridHorizontalSpacing characterSpacingControl savePreviewPicture updateFields "
                "hdrShapeDefaults footnotePr endnotePr compat rsids mathPr themeFontLang clrSchemeMapping "
                "doNotAutoCompressPictures shapeDefaults decimalSymbol listSeparator docId defaultImageDpi",
}
"""The children that the schema of WordprocessingML allows in these elements, in its order (ECMA-376, part 1, annex A)."""

CELLS = (
    new_markdown_cell("# Title\n\n## One\n\n1. a\n   - b\n\n> c\n\n## Two\n\n### Three\n\n```\ncode\n```"),
    table_cell([["aᵃ", "1", "x"], ["", "2", "y"]], ["Name", "n", "Words"], text=(0, 2), notes=["Note. All.", "ᵃ Few."]),
    table_cell([["a", *["−0.12345"] * 12]], ["Scale", *(f"Heading{n}" for n in range(12))]),
    table_cell([["a", *["−0.12345"] * 40]], ["Scale", *(f"Heading{n}" for n in range(40))]),
    figure_cell(), figure_cell(caption="One. Two."), figure_cell(),
    new_markdown_cell("## Four\n\nciფრული [link](https://example.org) **b**"),
)


@pytest.fixture(scope="module", params=["own", "house", "deliverable"])
def document(request, tmp_path_factory) -> bytes:
    folder = tmp_path_factory.mktemp("templates")
    template = {"own": lambda: None, "house": lambda: house_template(folder / "house.docx"),
                "deliverable": lambda: deliverable(folder / "deliverable.docx")}[request.param]()
    return word_document(report_notebook(*CELLS), template)


def xml_parts(document: bytes):
    return {name: etree.fromstring(blob) for name, blob in parts(document).items() if name.endswith((".xml", ".rels"))}


def test_elements_stand_in_the_order_of_the_schema(document):
    seen = set()
    for name, root in xml_parts(document).items():
        if not name.startswith("word/") or "theme" in name:
            continue
        for element in root.iter(etree.Element):
            kind = etree.QName(element)
            if kind.namespace != NAMES["w"] or kind.localname not in ORDER:
                continue
            seen.add(kind.localname)
            allowed = ORDER[kind.localname].split()
            children = [etree.QName(each).localname for each in element if isinstance(each.tag, str)]
            assert set(children) <= set(allowed), (name, kind.localname)
            ranks = [allowed.index(each) for each in children]
            assert ranks == sorted(ranks), (name, kind.localname, children)
    assert {"pPr", "rPr", "tblPr", "tcPr", "sectPr", "style", "numbering"} <= seen


def test_single_properties_stand_once(document):
    for element in body(document).iter(f"{W}pPr", f"{W}rPr", f"{W}tblPr", f"{W}tcPr"):
        tags = [each.tag for each in element]
        assert len(tags) == len(set(tags))


def test_every_cell_ends_with_a_paragraph_and_rows_have_as_many_cells_as_the_grid(document):
    for table in body(document).iter(f"{W}tbl"):
        columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
        for row in table.findall(f"{W}tr"):
            cells = row.findall(f"{W}tc")
            assert len(cells) == columns
            assert all(cell[-1].tag == f"{W}p" for cell in cells)


def test_the_last_element_of_the_body_is_its_page_settings_after_a_paragraph(document):
    assert body(document)[-1].tag == f"{W}sectPr"
    assert body(document)[-2].tag == f"{W}p"


def test_ids_and_names_are_given_once(document):
    made = body(document)
    for path in ("//wp:docPr/@id", "//w:bookmarkStart/@w:id", "//w:bookmarkStart/@w:name"):
        found = made.xpath(path, namespaces=NAMES)
        assert len(found) == len(set(found)) > 0
    starts = made.xpath("//w:bookmarkStart/@w:id", namespaces=NAMES)
    assert sorted(starts) == sorted(made.xpath("//w:bookmarkEnd/@w:id", namespaces=NAMES))
    assert all(len(name) <= 40 for name in made.xpath("//w:bookmarkStart/@w:name", namespaces=NAMES))


def test_all_styles_lists_and_relations_that_are_named_exist(document):
    roots = xml_parts(document)
    styles = {each.get(f"{W}styleId") for each in roots["word/styles.xml"].findall(f"{W}style")}
    lists = set(roots["word/numbering.xml"].xpath("w:num/@w:numId", namespaces=NAMES)) | {"0"}
    abstract = set(roots["word/numbering.xml"].xpath("w:abstractNum/@w:abstractNumId", namespaces=NAMES))
    assert set(roots["word/numbering.xml"].xpath("w:num/w:abstractNumId/@w:val", namespaces=NAMES)) <= abstract
    relations = {each.get("Id") for each in roots["word/_rels/document.xml.rels"]}
    for root in (roots["word/document.xml"], roots["word/styles.xml"]):
        for name in ("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link"):
            assert {each.get(f"{W}val") for each in root.iter(f"{W}{name}")} <= styles
        assert set(root.xpath("//w:numPr/w:numId/@w:val", namespaces=NAMES)) <= lists
    used = roots["word/document.xml"].xpath("//@r:id | //@r:embed", namespaces=NAMES)
    assert set(used) <= relations


def test_every_part_has_a_content_type_and_every_inner_target_is_there(document):
    made = parts(document)
    types = etree.fromstring(made["[Content_Types].xml"])
    named = {each.get("PartName") for each in types if each.get("PartName")}
    endings = {each.get("Extension") for each in types if each.get("Extension")} - {"xml"}
    others = {f"/{name}" for name in made if name.rpartition(".")[2] not in endings and name != "[Content_Types].xml"}
    assert others - {"/customXml/item1.xml"} <= named <= {f"/{name}" for name in made}
    for name, root in xml_parts(document).items():
        if name.endswith(".rels"):
            base = name.replace("_rels/", "").rpartition("/")[0]
            for each in root:
                if each.get("TargetMode") != "External":
                    target = each.get("Target")
                    path = target[1:] if target.startswith("/") else f"{base}/{target}".lstrip("/")
                    while "/../" in f"/{path}":
                        left, _, right = path.partition("/../")
                        path = f"{left.rpartition('/')[0]}/{right}".lstrip("/")
                    assert path in made, (name, target)


def test_parts_have_fixed_dates(document):
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        assert {member.date_time for member in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.fixture(scope="module")
def hostile() -> bytes:
    texts = [*HOSTILE, *NO_TEXT]
    headings = "\n\n".join(f"## {text}".replace("\n", " ") for text in texts)
    cells = [
        new_markdown_cell("# " + " ".join(MARKUP).replace("\n", " ")),
        new_code_cell("", outputs=[new_output("display_data", {"text/markdown": "\n\n".join(texts)})]),
        new_code_cell("", outputs=[new_output("display_data", {"text/markdown": headings})]),
        *(figure_cell(alt=text, caption="c") for text in texts),
    ]
    notebook = report_notebook(*cells, about={**ABOUT, "subtitle": "".join(texts), "imprint": {
        **IMPRINT, "paragraphs": ["".join(texts)]}})
    tables = table_cell([[text, text] for text in texts], [LETTERS[0], MARKUP[0]], notes=texts)
    notebook.cells.append(tables)
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.source == "#| fig-cap: c":
            cell.outputs[0].data[FIGURE_MIME]["subject"] = "s\x00<&\">'\ud800"
    return word_document(notebook)


def test_hostile_text_stands_in_the_document_as_text(hostile):
    cells = [text_of(each) for each in body(hostile).iter(f"{W}tc")]
    for text in MARKUP:
        assert text.replace("\n", "") in cells
    assert cells.count("a NUL\ufffdbyte") == 2


def test_hostile_text_changes_no_relation_and_adds_no_field(hostile):
    targets = etree.fromstring(parts(hostile)["word/_rels/document.xml.rels"])
    outside = {each.get("Target") for each in targets if each.get("TargetMode") == "External"}
    assert outside <= {"http://example.org", "http://example.org/"}
    kinds = {" ".join(text.split()[:2]) for text in body(hostile).itertext(f"{W}instrText")}
    bookmarks = {each.get(f"{W}name") for each in body(hostile).iter(f"{W}bookmarkStart")}
    assert kinds <= {"SEQ Table", "SEQ Figure", "TOC \\o", "TOC \\h"} | {f"PAGEREF {name}" for name in bookmarks}


def test_a_document_with_hostile_text_opens(hostile):
    opened = Document(io.BytesIO(hostile))
    assert len(opened.core_properties.title) <= 255
    assert len(opened.inline_shapes) == len([*HOSTILE, *NO_TEXT]) + 1
