"""The quality of a study's data: how exports were read, who answered, what is missing, what is worth a look."""

from __future__ import annotations

import pandas as pd

from ..numerals import DASH
from ..quality_findings import KINDS_OF_FINDINGS, WHEN
from .shape import Notes, Readable, Reader, percentage, whole

_ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "cp1252": "Windows-1252", "cp1257": "Windows-1257"}
_KINDS = {".sav": "SPSS", ".zsav": "SPSS", ".xlsx": "Excel", ".xlsm": "Excel", ".xlsb": "Excel", ".xls": "Excel",
          ".ods": "OpenDocument"}
_MARKS = {",": "comma", ";": "semicolon", ".": "point"}


def _exports(table: pd.DataFrame, labels: dict) -> Readable:
    rows = [[row.export, f"{labels.get(row.country, row.country)}, {_survey(row)}", row.language, _how_read(row),
             whole(row.recognised), whole(row.unread), whole(row.lacking)] for row in table.itertuples()]
    return Readable(["File", "Survey", "Language", "Read as", "Columns", "Not read", "Not asked"], rows,
                    ["Columns: those that were read; not asked: items of the codebook."], text=(0, 1, 2, 3))


def _survey(row) -> str:
    whose = "" if row.respondents == "teachers" else f", {row.respondents}"
    return WHEN[row.wave] + whose + (f", iteration {row.iteration}" if row.iteration > 1 else "")


def _how_read(row) -> str:
    kind = next((name for ending, name in _KINDS.items() if row.export.casefold().endswith(ending)), "")
    encoding = "" if kind else _ENCODINGS.get(row.encoding.casefold(), row.encoding)
    decimal = row.decimal and f"decimal {_MARKS.get(row.decimal, row.decimal)}"
    return ", ".join(filter(None, (kind, encoding, _MARKS.get(row.delimiter, row.delimiter), decimal)))


def _headers(table: pd.DataFrame, labels: dict) -> Readable:
    unread = table.loc[table["item"] == ""]
    by_export = unread.groupby("export", sort=False)["header"]
    rows = [[export, ", ".join(dict.fromkeys(headers))] for export, headers in by_export]
    return Readable(["File", "Columns that were not read"], rows, text=(0, 1))


def _survey_answers(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes, previous = [], Notes(), None
    for row in table.itertuples():
        name = labels.get(row.country, row.country)
        rows.append([("" if name == previous else name), _survey(row) + notes.mark(row.note), whole(row.n_read),
                     whole(row.n_left_out), row.first_month or DASH, row.last_month or DASH])
        previous = name
    return Readable(["Country", "Survey", "Answers", "Left out", "From", "To"], rows, notes.sentences, text=(0, 1))


def _missing(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes, previous = [], Notes(), None
    for row in table.itertuples():
        name = labels.get(row.country, row.country)
        rows.append([("" if name == previous else name), WHEN[row.wave],
                     labels.get(row.item, row.item) + notes.mark(row.note), whole(row.n), whole(row.missing),
                     percentage(row.share)])
        previous = name
    return Readable(["Country", "Survey", "Item", "n", "No answer", "(%)"], rows, notes.sentences, text=(0, 1, 2))


def _links(table: pd.DataFrame, labels: dict) -> Readable:
    rows = [[_country(row, labels), whole(row.n_pre), whole(row.n_post), whole(row.n_matched),
             percentage(row.share_pre), percentage(row.share_post)] for row in table.itertuples()]
    return Readable(["Country", "Before", "After", "Linked", "Of before (%)", "Of after (%)"], rows)


def _link_details(table: pd.DataFrame, labels: dict) -> Readable:
    kinds = {"near": "By near codes", "ambiguous": "Not clear", "duplicate_identical": "Repeated",
             "duplicate_conflicting": "Contradicting", "no_code": "Without a code"}
    rows = [[_country(row, labels), *(whole(getattr(row, kind)) for kind in kinds)] for row in table.itertuples()]
    return Readable(["Country", *kinds.values()], rows)


def _country(row, labels: dict) -> str:
    return labels.get(row.country, row.country) + (f", iteration {row.iteration}" if row.iteration > 1 else "")


def _findings(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes, previous = [], Notes(), None
    for kind, of_kind in table.groupby("finding", sort=False):
        for row in of_kind.itertuples():
            said = KINDS_OF_FINDINGS[kind]
            rows.append(["" if kind == previous else said[0].upper() + said[1:],
                         labels.get(row.country, row.country) + notes.mark(row.note), WHEN.get(row.wave, "both"),
                         whole(row.n)])
            previous = kind
    return Readable(["What", "Country", "Survey", "n"], rows, notes.sentences, text=(0, 1, 2))


READERS: dict[str, Reader] = {
    "exports": _exports,
    "headers": _headers,
    "survey_answers": _survey_answers,
    "missing": _missing,
    "links": _links,
    "link_details": _link_details,
    "findings": _findings,
}
