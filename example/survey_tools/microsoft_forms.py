"""Microsoft Forms' Excel download: questions as headers, labels as answers, true dates and numbers."""

from datetime import datetime
from pathlib import Path

import pandas as pd
import xlsxwriter

from example.questionnaire import questionnaire
from example.survey_tools.cells import asked, columns_by_target, labelled_columns

CREATED = datetime(2023, 6, 30, 12, 0, 0)
"""The workbook's time of creation, fixed so that the bytes stay the same."""

# Number, start, completion, e-mail, name.
OWN_HEADERS = {
    "fi": ("Tunnus", "Aloitusaika", "Valmistumisaika", "Sähköposti", "Nimi"),
    "sv": ("ID", "Starttid", "Slutförandetid", "E-post", "Namn"),
}


def write_microsoft_forms(rows: pd.DataFrame, export: dict, path: Path) -> None:
    """One sheet; nothing is written for an empty answer; each option of a multiple choice ends with `;`."""
    form, header = questionnaire(), columns_by_target(export)
    columns = labelled_columns(rows, export, "{:g}".format, ";")
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": CREATED})
        sheet = book.add_worksheet("Sheet1")
        date = book.add_format({"num_format": "m/d/yy h:mm:ss"})
        own = OWN_HEADERS[export["language"]]
        sheet.write_row(0, 0, [*own, header["school"], header["code"], *columns])
        for n, row in enumerate(rows.itertuples(), start=1):
            started = row.submitted - pd.Timedelta(minutes=6 + n % 9)
            sheet.write_number(n, 0, n)
            sheet.write_datetime(n, 1, started.to_pydatetime(), date)
            sheet.write_datetime(n, own.index(header["submitted"]), row.submitted.to_pydatetime(), date)
            sheet.write_string(n, 3, "anonymous")
            for place, text in ((len(own), row.school_written), (len(own) + 1, row.code)):
                if text:
                    sheet.write_string(n, place, text)
        for place, (item, cells) in enumerate(
            zip(asked(export), columns.values(), strict=True), start=len(own) + 2
        ):
            kind = form.items[item]["kind"]
            for n, cell in enumerate(cells, start=1):
                if cell and kind == "number":
                    sheet.write_number(n, place, float(cell))
                elif cell:
                    sheet.write_string(n, place, cell + ";" if kind == "multichoice" else cell)
