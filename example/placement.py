"""Where each submission stands in the raw files, and the frame a correct reading of them gives."""

import numpy as np
import pandas as pd

from example.mess import SIDE_BY_SIDE
from example.questionnaire import questionnaire
from example.survey_tools.cells import respondents_of

FIRST_ROW = 2
"""The row below the header, counted as a spreadsheet does."""


def placed(sheets: pd.DataFrame) -> pd.DataFrame:
    """The sheets with `file` and `row`; waves side by side in one file share a teacher's row."""
    sheets = sheets.copy()
    files = {}
    for export in questionnaire().study["exports"]:
        key = (export["country"], respondents_of(export), export.get("iteration", 1), export.get("wave"))
        for found in (key, (*key, export.get("language"))):
            files.setdefault(found, export["file"])
    about = ["country", "respondents", "iteration", "wave"]
    keys = sheets[about].itertuples(index=False, name=None)
    sheets["file"] = [
        files.get((*key, language), files[key]) for key, language in zip(keys, sheets["language"], strict=True)
    ]
    sheets["row"] = sheets.groupby("file").cumcount() + FIRST_ROW
    joined = (sheets["country"] == SIDE_BY_SIDE) & (sheets["respondents"] == "teachers")
    order = {teacher: n for n, teacher in enumerate(sheets.loc[joined, "teacher"].unique())}
    sheets.loc[joined, "row"] = sheets.loc[joined, "teacher"].map(order).astype(int) + FIRST_ROW
    return sheets


def as_responses(sheets: pd.DataFrame) -> pd.DataFrame:
    """What reading the files gives: a row per submission with answers, canonical schools, raw codes.

    The columns are those of `analysis.responses`' frame and, last, `teacher`: the true identity. `language`
    is filled only where the export has a column for it.
    """
    form = questionnaire()
    sheets = sheets[sheets["teacher"] != ""].reset_index(drop=True)
    frame = sheets[["country", "respondents", "iteration"]].copy()
    for column in ("wave", "school", "code", "submitted", "language", "file", "row"):
        frame[column] = sheets[column]
    frame["code"] = frame["code"].str.strip()
    frame["language"] = frame["language"].where(frame["file"].isin(_with_language_column()), "")
    answers = {}
    for item, entry in form.items.items():
        given = sheets[item] if item in sheets else pd.Series(np.nan, index=sheets.index)
        if entry["kind"] in ("likert", "number"):
            values = given.astype(float)
            answers[item] = values.mask(values < 0, np.nan)
        else:
            values = given.astype(object)
            answers[item] = values.where(values.notna(), None)
    codes = sheets["advice_code"].astype(object)
    answers["advice_code"] = codes.where(codes.notna(), None)
    frame = pd.concat([frame, pd.DataFrame(answers)], axis=1)
    frame["teacher"] = sheets["teacher"]
    return frame


def _with_language_column() -> set[str]:
    exports = questionnaire().study["exports"]
    return {export["file"] for export in exports if "language" in export.get("columns", {}).values()}
