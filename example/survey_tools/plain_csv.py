"""A CSV file as a spreadsheet saves it where the comma is the decimal mark."""

import csv
from pathlib import Path

import pandas as pd

from example.mess import WINDOWS_1257
from example.survey_tools.cells import columns_by_target, labelled_columns, write_csv


def write_plain_csv(rows: pd.DataFrame, export: dict, path: Path) -> None:
    """Semicolons, decimal commas, labels, times to the minute, options joined by a comma."""
    header = columns_by_target(export)
    columns = {
        header["submitted"]: list(rows["submitted"].dt.strftime("%Y-%m-%d %H:%M")),
        header["school"]: list(rows["school_written"]),
        header["code"]: list(rows["code"]),
        **labelled_columns(rows, export, lambda x: f"{x:.1f}".replace(".", ","), ", "),
    }
    encoding = "cp1257" if (export["country"], export["wave"]) == WINDOWS_1257 else "utf-8"
    write_csv(path, columns, ";", encoding, csv.QUOTE_MINIMAL)
