"""Tables as authors of a deliverable want them: editable, rules only above and below, headings that repeat."""

from __future__ import annotations

import re

from lxml import etree

from ..shapes import Table
from .place import TWIPS_A_MM, Pages
from .styles import Styles
from .widths import Fit, fit, text_width
from .xml import Runs, one_line, paragraph, w

SIZES = {8.5: "Table Text", 7.5: "Table Text Small"}
"""Sizes of type in points and the styles that have them."""
CELL_MARGIN = 57
MARK = re.compile(r"^(.*?)\s*(\[[a-z]{1,2}\])$", re.DOTALL)
NOTE_MARK = re.compile(r"^(\[[a-z]{1,2}\])\s+(.*)$", re.DOTALL)
KEPT_WHOLE = 12
"""A table of up to that many rows stays on one page."""
LONGEST_GROUP = 16
TALLEST = 1500
"""Signs in a cell from which on its row may break over pages."""


def layout(table: Table, pages: Pages) -> Fit:
    """The columns' widths, the size of type, and whether the table needs a turned page."""
    return fit(table.headings, table.rows, table.text, pages.text_width(), pages.text_width(turned=True), tuple(SIZES),
               2 * CELL_MARGIN / TWIPS_A_MM + 0.2)


def table_elements(table: Table, laid: Fit, styles: Styles, runs: Runs) -> list[etree._Element]:
    """The table, in parts where it is too wide for a page, and its notes."""
    made: list[etree._Element] = []
    for number, (positions, widths) in enumerate(laid.parts):
        if number:
            made.append(paragraph(styles["Table Note"], runs(f"Table {table.number}, further columns"), w("keepNext")))
        made.append(_one_table(table, positions, widths, laid.size, styles, runs))
    made += _notes(table.notes, styles, runs)
    return made


def _notes(notes: list[str], styles: Styles, runs: Runs) -> list[etree._Element]:
    made, general = [], True
    for note in notes:
        marked = NOTE_MARK.match(note)
        if marked:
            content = [*runs(marked[1], superscript=True), *runs(f" {marked[2]}")]
        else:
            content = [*(runs("Note. ", styles["Emphasis"]) if general else []), *runs(note)]
            general = False
        made.append(paragraph(styles["Table Note"], content))
    made.append(paragraph(styles["Table Note"], []))
    return made


def _one_table(table: Table, positions: list[int], widths: list[float], size: float, styles: Styles,
               runs: Runs) -> etree._Element:
    twips = [round(width * TWIPS_A_MM) for width in widths]
    caption = one_line(table.caption) or f"Table {table.number}"
    said = f"{len(table.rows)} rows; columns: {', '.join(one_line(table.headings[each]) for each in positions)}"
    made = w(
        "tbl",
        w("tblPr", w("tblStyle", val=styles["Report Table"]), w("tblW", w=sum(twips), type="dxa"),
          w("tblLayout", type="fixed"),
          w("tblLook", val="0420", firstRow=1, lastRow=0, firstColumn=0, lastColumn=0, noHBand=0, noVBand=1),
          w("tblCaption", val=caption), w("tblDescription", val=said)),
        w("tblGrid", *(w("gridCol", w=width) for width in twips)))
    style = styles[SIZES[size]]
    indents = [0 if each in table.text else _mark_room(table.rows, each, size) for each in positions]
    ends = [each in table.text for each in positions]
    head = w("tr", w("trPr", w("cantSplit"), w("tblHeader")))
    for position, width, is_text in zip(positions, twips, ends, strict=True):
        head.append(_cell(width, [_line(style, runs(table.headings[position]), is_text, 0, True)]))
    made.append(head)
    for number, row in enumerate(table.rows):
        keep = _stays_with_next(table, number)
        properties = [] if max(map(len, row), default=0) > TALLEST else [w("cantSplit")]
        line = w("tr", *([w("trPr", *properties)] if properties else []))
        for position, width, is_text, indent in zip(positions, twips, ends, indents, strict=True):
            line.append(_cell(width, _values(row[position], style, is_text, indent, keep, runs)))
        made.append(line)
    return made


def _stays_with_next(table: Table, number: int) -> bool:
    """Whether a row is kept on the page of the next: in short tables, in groups, and at both ends."""
    rows = table.rows
    if number == len(rows) - 1:
        return bool(table.notes)
    if len(rows) <= KEPT_WHOLE or number == 0 or number == len(rows) - 2:
        return True
    following = rows[number + 1]
    if following[0] or len(following) < 2:
        return False
    begin = next((each for each in range(number, -1, -1) if rows[each][0]), 0)
    end = next((each for each in range(number + 1, len(rows)) if rows[each][0]), len(rows))
    return end - begin <= LONGEST_GROUP


def _mark_room(rows: list[list[str]], position: int, size: float) -> int:
    """Twentieths of a point that the widest mark of a note takes in a column; numbers without one keep away so far."""
    marks = {found[2] for row in rows for line in row[position].split("\n")[-1:] if (found := MARK.match(line))}
    return round(max((text_width(mark, size * 0.62) for mark in marks), default=0) * TWIPS_A_MM)


def _values(cell: str, style: str, is_text: bool, indent: int, keep: bool, runs: Runs) -> list[etree._Element]:
    """The paragraphs of a cell; each line of a number is one, so that a mark on one does not push the others aside."""
    if is_text:
        return [_line(style, runs(cell), True, 0, keep)]
    made = []
    for line in cell.split("\n"):
        marked = MARK.match(line)
        if marked and marked[1]:
            made.append(_line(style, [*runs(marked[1]), *runs(marked[2], superscript=True)], False, 0, keep))
        else:
            made.append(_line(style, runs(line), False, indent, keep))
    return made


def _line(style: str, content: list[etree._Element], is_text: bool, indent: int, keep: bool) -> etree._Element:
    properties = [] if is_text else [w("jc", val="right")]
    if indent:
        properties.append(w("ind", right=indent))
    if keep:
        properties.append(w("keepNext"))
    return paragraph(style, content, *properties)


def _cell(width: int, content: list[etree._Element]) -> etree._Element:
    return w("tc", w("tcPr", w("tcW", w=width, type="dxa")), *content)
