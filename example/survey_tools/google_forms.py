"""Google Forms' CSV download: questions as headers, labels as answers."""

import csv
from pathlib import Path

import pandas as pd

from example.survey_tools.cells import columns_by_target, labelled_columns, write_csv


def write_google_forms(rows: pd.DataFrame, export: dict, path: Path) -> None:
    """UTF-8 without BOM, every cell quoted, times as `2022/10/03 2:05:00 PM GMT+4`, options joined by `;`."""
    header = columns_by_target(export)
    columns = {
        header["submitted"]: [_time(submitted) for submitted in rows["submitted"]],
        header["school"]: list(rows["school_written"]),
        header["code"]: list(rows["code"]),
        **labelled_columns(rows, export, "{:g}".format, ";"),
    }
    write_csv(path, columns, ",", "utf-8", csv.QUOTE_ALL)


def _time(time: pd.Timestamp) -> str:
    half = "AM" if time.hour < 12 else "PM"
    return f"{time:%Y/%m/%d} {(time.hour - 1) % 12 + 1}:{time:%M:%S} {half} GMT+4"
