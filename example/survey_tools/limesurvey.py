"""LimeSurvey's CSV export with question codes as headers and answer codes as answers."""

import csv
from pathlib import Path

import pandas as pd

from example.questionnaire import questionnaire
from example.survey_tools.cells import asked, by_key, columns_by_target, text_column, write_csv

CODE_PREFIX = {"agree": "A", "often": "F", "compared": "C"}


def write_limesurvey(rows: pd.DataFrame, export: dict, path: Path) -> None:
    """UTF-8 with BOM, every cell quoted, one column of Y or nothing per option of a multiple choice.

    LimeSurvey's own columns (id, lastpage, seed, ipaddr) are there, the addresses from the range for
    documentation. Categories of open answers stand beside them, as if a coder had put them into the file.
    """
    form = questionnaire()
    header = columns_by_target(export)
    columns: dict[str, list[str]] = {
        "id": [str(row - 1) for row in rows["row"]],
        header["submitted"]: list(rows["submitted"].dt.strftime("%Y-%m-%d %H:%M:%S").fillna("")),
        "lastpage": ["3"] * len(rows),
        header["language"]: list(rows["language"]),
        "seed": [str(10**9 + 1_000_003 * row % 899_999_981) for row in rows["row"]],
        "ipaddr": [f"192.0.2.{row % 250 + 1}" for row in rows["row"]],
        "school": list(rows["school_written"]),
        "code": list(rows["code"]),
    }
    codes = {name: by_key(name, "code", CODE_PREFIX.get(name, "")) for name in form.answers}
    for item in asked(export):
        answer_set = form.items[item]["answers"]
        if form.items[item]["kind"] == "multichoice":
            given = [cell.split(";") if isinstance(cell, str) else [] for cell in rows[item]]
            for value in form.values(answer_set):
                columns[header[f"{item}:{value}"]] = ["Y" if value in cell else "" for cell in given]
        else:
            columns[item] = text_column(rows, item, codes.get(answer_set, {}), "{:g}".format)
        if (categories := f"{item}_code") in rows and rows[categories].notna().any():
            columns[categories] = list(rows[categories].fillna(""))
    write_csv(path, columns, ",", "utf-8-sig", csv.QUOTE_ALL)
