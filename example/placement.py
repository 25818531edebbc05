"""Where each submission stands in the raw files, and the frame a correct reading of them gives."""

import numpy as np
import pandas as pd

from example.mess import SIDE_BY_SIDE
from example.questionnaire import questionnaire

FIRST_ROW = 2
"""The row below the header, counted as a spreadsheet does."""


def placed(sheets: pd.DataFrame) -> pd.DataFrame:
    """The sheets with `file` and `row`; waves side by side in one file share a teacher's row."""
    sheets = sheets.copy()
    files = {
        (export["country"], export["wave"], export["language"]): export["file"]
        for export in questionnaire().study["exports"]
    }
    keys = zip(sheets["country"], sheets["wave"], sheets["language"], strict=True)
    sheets["file"] = [files[key] for key in keys]
    sheets["row"] = sheets.groupby("file").cumcount() + FIRST_ROW
    joined = sheets["country"] == SIDE_BY_SIDE
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
    frame = sheets[["country"]].copy()
    frame["respondents"] = "teachers"
    frame["iteration"] = 1
    for column in ("wave", "school", "code", "submitted", "language", "file", "row"):
        frame[column] = sheets[column]
    frame["code"] = frame["code"].str.strip()
    frame["language"] = frame["language"].where(frame["country"].isin(_with_language_column()), "")
    answers = {}
    for item, entry in form.items.items():
        if entry["kind"] in ("likert", "number"):
            values = sheets[item].astype(float)
            answers[item] = values.mask(values < 0, np.nan)
        else:
            values = sheets[item].astype(object)
            answers[item] = values.where(values.notna(), None)
    frame = pd.concat([frame, pd.DataFrame(answers)], axis=1)
    frame["teacher"] = sheets["teacher"]
    return frame


def _with_language_column() -> set[str]:
    exports = questionnaire().study["exports"]
    return {export["country"] for export in exports if "language" in export["columns"].values()}
