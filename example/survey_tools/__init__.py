"""Raw files as the survey tools write them, one module per tool."""

from pathlib import Path

import pandas as pd

from example.mess import SIDE_BY_SIDE
from example.questionnaire import questionnaire
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


def write_raw_files(sheets: pd.DataFrame, folder: Path) -> None:
    """Writes every export that study.toml names into `folder`, from placed answer sheets."""
    exports = questionnaire().study["exports"]
    for export in exports:
        if export["country"] in WRITERS:
            rows = sheets[sheets["file"] == export["file"]].sort_values("row")
            WRITERS[export["country"]](rows, export, folder / export["file"])
    side_by_side = [export for export in exports if export["country"] == SIDE_BY_SIDE]
    rows = sheets[sheets["country"] == SIDE_BY_SIDE]
    write_spss(rows, side_by_side, folder / side_by_side[0]["file"])
