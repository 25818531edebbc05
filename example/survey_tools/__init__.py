"""Raw files as the survey tools write them, one module per tool."""

import csv
from pathlib import Path

import pandas as pd

from example.mess import SIDE_BY_SIDE
from example.questionnaire import questionnaire
from example.survey_tools.cells import respondents_of, write_csv
from example.survey_tools.google_forms import write_google_forms
from example.survey_tools.limesurvey import write_limesurvey
from example.survey_tools.microsoft_forms import write_microsoft_forms
from example.survey_tools.plain_csv import write_plain_csv
from example.survey_tools.spss import write_spss

WRITERS = {
    "EE": write_limesurvey,
    "FI": write_microsoft_forms,
    "GE": write_google_forms,
    "LT": write_plain_csv,
}


def write_raw_files(sheets: pd.DataFrame, contexts: dict[str, pd.DataFrame], folder: Path) -> None:
    """Writes every export that study.toml names into `folder`, from placed answer sheets and from contexts by file.

    Teachers answer in their country's tool, all others in LimeSurvey.
    """
    for file, context in contexts.items():
        columns = {item: list(cells.astype(str)) for item, cells in context.items()}
        write_csv(folder / file, columns, ",", "utf-8", csv.QUOTE_MINIMAL)
    side_by_side = []
    for export in (export for export in questionnaire().study["exports"] if export["file"] not in contexts):
        rows = sheets[sheets["file"] == export["file"]].sort_values("row")
        if respondents_of(export) != "teachers":
            write_limesurvey(rows, export, folder / export["file"])
        elif export["country"] == SIDE_BY_SIDE:
            side_by_side.append(export)
        else:
            WRITERS[export["country"]](rows, export, folder / export["file"])
    file = side_by_side[0]["file"]
    write_spss(sheets[sheets["file"] == file], side_by_side, folder / file)
