"""What a run leaves for the data's owner in the study folder's `private/`: the linking review, the key to the letters."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd

from analysis.disclosure.formulas import without_formulas
from analysis.errors import StudyError
from analysis.linking.decisions import REVIEW_FILE, decisions_text, read_decisions
from analysis.pseudonyms import school_letters
from analysis.responses import Responses
from analysis.running.linking_review import review_table
from analysis.study.folder import Study
from analysis.study.inside import leads_out
from analysis.study.private import put_private

SCHOOLS_FILE = "private/schools.csv"
BYTE_ORDER_MARK = "\ufeff"  # by which Excel knows UTF-8


def write_private_files(study: Study, responses: Responses) -> list[str]:
    """Write the linking review and the key to the schools' letters; `responses` must be of all countries.

    Returns a sentence on each file that could not be written, which is no failure: the reports don't need them. A
    review that was changed since it was read stays as it is.
    """
    review = review_table(study, responses)
    usual = ";" if any(export.delimiter == ";" for export in responses.exports) else ","
    delimiter = delimiter_of(study.folder / REVIEW_FILE, usual)
    warnings = []
    if len(review) or (study.folder / REVIEW_FILE).exists():
        if _changed(study, responses):
            warnings.append(f"{REVIEW_FILE} was changed during the run, so it was left as it is; run again to renew it.")
        else:
            warnings += write_private_table(study.folder, REVIEW_FILE, review, delimiter)
    if study.settings.school_names == "hide":
        rows = [(country, school, letter) for country in study.settings.countries
                for school, letter in school_letters(study, responses.frame, country).items()]
        if rows:
            key = pd.DataFrame(rows, columns=["country", "school", "letter"])
            warnings += write_private_table(study.folder, SCHOOLS_FILE, key, delimiter)
    return warnings


def _changed(study: Study, responses: Responses) -> bool:
    countries = study.settings.countries
    try:
        now = read_decisions(study.folder, countries)
    except StudyError:
        return True
    return decisions_text(now, countries) != decisions_text(responses.decisions.rows, countries)


def write_private_table(folder: Path, file: str, table: pd.DataFrame, delimiter: str) -> list[str]:
    """Write the table to `file` (`private/...`) of a study folder, or return a sentence on why it could not be written."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows(without_formulas(table.astype(object).where(table.notna(), "")).itertuples(index=False))
    path, content = folder / file, BYTE_ORDER_MARK + text.getvalue()
    if leads_out(folder, path):
        return [f"{file} was not written, since it leads out of the study folder."]
    try:
        if not path.is_file() or path.read_bytes() != content.encode():
            put_private(content, folder, file)
    except OSError as error:
        return [f"{file} could not be written ({error.strerror or error}). The reports don't need it; if it is open in "
                "another program, close it there and run again."]
    return []


def delimiter_of(path: Path, usual: str) -> str:
    """What parts the cells: as in the file that is there, else the usual one."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            header = file.readline()
        return max(",;\t", key=header.count)
    except OSError:
        return usual
