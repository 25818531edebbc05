"""Tables as authors of a deliverable want them: editable, rules only above and below, headings that repeat."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from lxml import etree

from analysis.words import _

from ..shapes import Table
from .place import TWIPS_A_MM, Pages
from .styles import Styles
from .widths import GAP, Fit, fit, follows_numbers
from .xml import Runs, one_line, paragraph, w

SIZES = {8.5: "Table Text", 7.5: "Table Text Small"}
"""Sizes of type in points and the styles that have them."""
CELL_MARGIN = 57
KEPT_WHOLE = 12
"""A table of up to that many rows stays on one page."""
LONGEST_GROUP = 16
TALLEST = 1500
"""Signs in a cell from which on its row may break over pages."""
NOTE = "Note. "


def layout(table: Table, pages: Pages, turning: bool = True) -> Fit:
    """The columns' widths, the size of type, and, unless `turning` is out of question, whether it needs a turned page."""
    upright = pages.text_width()
    turned = pages.text_width(turned=True) if turning else upright
    return fit(table, upright, turned, tuple(SIZES), 2 * CELL_MARGIN / TWIPS_A_MM)


def table_elements(table: Table, number: int, laid: Fit, styles: Styles, runs: Runs) -> list[etree._Element]:
    """The table, in parts where it is too wide for a page, and its notes."""
    made: list[etree._Element] = []
    for part, (positions, widths) in enumerate(laid.parts):
        if part:
            further = _("Table {number}, further columns", number=number)
            made.append(paragraph(styles["Table Note"], runs(further), w("keepNext")))
        made.append(_Part(table, positions, widths, laid, styles, runs).element())
    return made + _notes(table.notes, styles, runs)


def _notes(notes: list[str], styles: Styles, runs: Runs) -> list[etree._Element]:
    made = []
    for note in notes:
        content = _raised(note, runs)
        if note.startswith(NOTE):
            content = [*runs(_("Note."), styles["Emphasis"]), *runs(f" {note[len(NOTE):]}")]
        keep = [w("keepNext")] if note is not notes[-1] else []
        made.append(paragraph(styles["Table Note"], content, *keep))
    return [*made, paragraph(styles["After Table"], [])]


def _raised(text: str, runs: Runs) -> list[etree._Element]:
    """Runs in which raised letters, the marks of notes, are letters that Word raises, for fonts that lack the signs."""
    found = []
    for position, piece in enumerate(re.split("([ʰ-ʸᴬ-ᵛᶜᶠᶻⁱⁿ]+)", text)):
        raised = position % 2 == 1
        found += runs(unicodedata.normalize("NFKC", piece) if raised else piece, superscript=raised)
    return found


class _Part:
    """One table of Word: some columns of a table."""

    def __init__(self, table: Table, positions: Sequence[int], widths: Sequence[float], laid: Fit, styles: Styles,
                 runs: Runs):
        self._table = table
        self._columns = [(position, int(width * TWIPS_A_MM), position in table.text)
                         for position, width in zip(positions, widths, strict=True)]
        self._gap = round(GAP * TWIPS_A_MM)
        self._after_numbers = {position for position in positions if follows_numbers(table, position)}
        self._broken = laid.broken
        self._frame = styles["Report Table"]
        self._style = styles[SIZES[laid.size]]
        self._runs = runs

    def element(self) -> etree._Element:
        table, headings = self._table, self._table.headings
        caption = one_line(table.caption) or (_("Table {number}", number=table.number) if table.number else _("Table"))
        names = ", ".join(one_line(headings[position]) for position, *_rest in self._columns)
        said = _("{n} rows; columns: {names}", n=len(table.rows), names=names)
        width = sum(width for _at, width, _text in self._columns)
        made = w(
            "tbl",
            w("tblPr", w("tblStyle", val=self._frame), w("tblW", w=width, type="dxa"), w("tblLayout", type="fixed"),
              w("tblLook", val="0420", firstRow=1, lastRow=0, firstColumn=0, lastColumn=0, noHBand=0, noVBand=1),
              w("tblCaption", val=caption), w("tblDescription", val=said)),
            w("tblGrid", *(w("gridCol", w=width) for _at, width, _text in self._columns)))
        made.append(self._row(headings, True, [w("cantSplit"), w("tblHeader")]))
        for number, row in enumerate(table.rows):
            tall = max(map(len, row), default=0) > TALLEST
            made.append(self._row(row, stays_with_next(table, number), [] if tall else [w("cantSplit")]))
        return made

    def _row(self, cells: list[str], keep: bool, properties: list[etree._Element]) -> etree._Element:
        row = w("tr", *([w("trPr", *properties)] if properties else []))
        for position, width, is_text in self._columns:
            cell = cells[position]
            if position in self._broken:
                cell = cell.replace(" [", "\n[")
            gap = self._gap if position in self._after_numbers else 0
            lines = [self._line(line, is_text, gap, keep) for line in ([cell] if is_text else cell.split("\n"))]
            row.append(w("tc", w("tcPr", w("tcW", w=width, type="dxa")), *lines))
        return row

    def _line(self, text: str, is_text: bool, gap: int, keep: bool) -> etree._Element:
        properties = [] if is_text else [w("jc", val="right")]
        if gap:
            properties.append(w("ind", left=gap))
        if keep:
            properties.append(w("keepNext"))
        return paragraph(self._style, _raised(text, self._runs), *properties)


def stays_with_next(table: Table, number: int) -> bool:
    """Whether a row is kept on the page of the next: in short tables, in groups, and at both ends.

    A group is a row with a name in its first cell and the rows below it that have none.
    """
    rows = table.rows
    if number == len(rows) - 1:
        return bool(table.notes)
    if len(rows) <= KEPT_WHOLE or number == 0 or number == len(rows) - 2:
        return True
    if len(table.headings) < 2 or rows[number + 1][0]:
        return False
    begin = next((each for each in range(number, -1, -1) if rows[each][0]), 0)
    end = next((each for each in range(number + 1, len(rows)) if rows[each][0]), len(rows))
    return end - begin <= LONGEST_GROUP
