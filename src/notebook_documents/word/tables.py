"""Tables as authors of a deliverable want them: editable, rules only above and below, headings that repeat."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from lxml import etree

from ..columns import GAP, HIGH_ROW, Layout, follows_numbers
from ..shapes import Table, grouped, heads_group
from .styles import Styles
from .xml import Runs, paragraph, w

SIZES = {8.5: "Table Text", 7.5: "Table Text Small"}
"""Sizes of type in points and the styles that have them."""
PADDING = 2.0
"""Millimetres left and right of a cell's text, together, as the style “Report Table” has them."""
TWIPS_A_MM = 1440 / 25.4


def table_element(table: Table, laid: Layout, columns: Sequence[int], widths: Sequence[float], styles: Styles, runs: Runs,
                  name: str, described: str) -> etree._Element:
    """Some columns of a table as one of Word's; `name` and `described` are for those who do not see it."""
    twips = [int(width * TWIPS_A_MM) for width in widths]
    style = styles[SIZES[laid.size]]

    def row(cells: list[str], keep: bool, *properties: etree._Element) -> etree._Element:
        if heads_group(cells):
            across = w("tcPr", w("tcW", w=sum(twips), type="dxa"), w("gridSpan", val=len(columns)))
            named = paragraph(style, runs(cells[0], bold=True), w("keepNext"))
            return w("tr", *([w("trPr", *properties)] if properties else []), w("tc", across, named))
        return w("tr", *([w("trPr", *properties)] if properties else []), *(
            w("tc", w("tcPr", w("tcW", w=wide, type="dxa")), *cell(cells[at], at, keep))
            for at, wide in zip(columns, twips, strict=True)))

    def cell(text: str, at: int, keep: bool) -> Iterator[etree._Element]:
        words = at in table.text
        for line in [text] if words else laid.cell(text, at).split("\n"):
            properties = [] if words else [w("jc", val="right")]
            properties += [w("ind", left=round(GAP * TWIPS_A_MM))] if follows_numbers(table, at) else []
            properties += [w("keepNext")] if keep else []
            yield paragraph(style, _raised(line, runs), *properties)

    keeps = kept_with_next(table, laid)
    return w(
        "tbl",
        w("tblPr", w("tblStyle", val=styles["Report Table"]), w("tblW", w=sum(twips), type="dxa"),
          w("tblLayout", type="fixed"),
          w("tblLook", val="0420", firstRow=1, lastRow=0, firstColumn=0, lastColumn=0, noHBand=0, noVBand=1),
          w("tblCaption", val=name), w("tblDescription", val=described)),
        w("tblGrid", *(w("gridCol", w=wide) for wide in twips)),
        row(table.headings, True, w("cantSplit"), w("tblHeader")),
        *(row(cells, keep, *([w("cantSplit")] if high <= HIGH_ROW else []))
          for cells, keep, high in zip(table.rows, keeps, laid.heights, strict=True)))


def kept_with_next(table: Table, laid: Layout) -> list[bool]:
    """For each row whether it is kept on the page of the next: in short tables, in groups, and at both ends."""
    last = len(table.rows) - 1
    if laid.whole:
        return [True] * last + [bool(table.notes)] * (last >= 0)
    keeps = [at in (0, last - 1) for at in range(last + 1)]
    for first, count in enumerate(grouped(table.rows)):
        if count > 1 and len(table.headings) > 1 and laid.kept(first, count):
            keeps[first:first + count - 1] = [True] * (count - 1)
    return keeps[:last] + [bool(table.notes)] * (last >= 0)


def notes_elements(notes: list[str], note: str, styles: Styles, runs: Runs) -> Iterator[etree._Element]:
    """The notes below a table, the word “Note.” in italics, and room below them."""
    for text in notes:
        begin = note if text.startswith(f"{note} ") else ""
        content = [*runs(begin, styles["Emphasis"]), *_raised(text.removeprefix(begin), runs)]
        yield paragraph(styles["Table Note"], content, *([w("keepNext")] if text is not notes[-1] else []))
    yield paragraph(styles["After Table"], [])


def _raised(text: str, runs: Runs) -> list[etree._Element]:
    """Runs in which raised letters, the marks of notes, are letters that Word raises, for fonts that lack the signs."""
    found = []
    for position, piece in enumerate(re.split("([ʰ-ʸᴬ-ᵛᶜᶠᶻⁱⁿ]+)", text)):
        raised = position % 2 == 1
        found += runs(unicodedata.normalize("NFKC", piece) if raised else piece, raised=raised)
    return found
