"""The quality of a study's data: how exports were read, who answered, what is missing, what is worth a look."""

from __future__ import annotations

import pandas as pd

from ..numerals import DASH
from ..words import _
from .shape import Notes, Readable, Reader, percentage, wave_name, whole

_ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "cp1252": "Windows-1252", "cp1257": "Windows-1257"}
_KINDS = {".sav": "SPSS", ".zsav": "SPSS", ".xlsx": "Excel", ".xlsm": "Excel", ".xlsb": "Excel", ".xls": "Excel",
          ".ods": "OpenDocument"}


def finding_words() -> dict[str, str]:
    """What each kind of `analysis.quality_findings.KINDS` counts, for reading."""
    return {
        "one_wave": _("countries with answers to one survey only"),
        "school_in_one_wave": _("schools that answered only one of the surveys"),
        "schools_alike": _("pairs of schools whose names are alike"),
        "item_in_one_wave": _("items that only one of the surveys asked"),
        "mostly_missing": _("items that at least half of a survey's respondents left without an answer"),
        "no_school": _("answers without a school"),
        "code_in_two_schools": _("codes that stand in more than one school"),
        "two_exports": _("respondents who answered one survey in two exports, such as two language versions"),
        "future": _("answers dated in the future"),
        "far_from_others": _("answers dated far from the others of their survey"),
        "within_other_wave": _("answers dated nearer to the other survey than to their own"),
        "waves_swapped": _("matched teachers whose two surveys seem to be swapped"),
        "implausible_number": _("numbers far from the others, or negative ones among positive"),
        "pre_after_post": _("linked teachers whose answer before is dated later than the one after"),
        "straight_liners": _("teachers who gave one answer to a whole page, reversed questions included"),
    }


def when(wave: str) -> str:
    """The survey's name for reading, also of the retrospective one; of none in particular: both."""
    if wave == "then":
        return _("looking back")
    return wave_name(wave) if wave else _("both")


def _exports(table: pd.DataFrame, labels: dict) -> Readable:
    rows = [[row.export, f"{labels.get(row.country, row.country)}, {_survey(row)}", row.language, _how_read(row),
             whole(row.recognised), whole(row.unread), whole(row.lacking)] for row in table.itertuples()]
    headings = [_("File"), _("Survey"), _("Language"), _("Read as"), _("Columns"), _("Not read"), _("Not asked")]
    return Readable(headings, rows, [_("Columns: those that were read; not asked: items of the codebook.")],
                    text=(0, 1, 2, 3))


def _survey(row) -> str:
    whose = {"leaders": _("leaders"), "mentors": _("mentors")}.get(row.respondents, "")
    return ", ".join(filter(None, (when(row.wave), whose, _iteration(row))))


def _iteration(row) -> str:
    return _("iteration {n}", n=row.iteration) if row.iteration > 1 else ""


def _how_read(row) -> str:
    kind = next((name for ending, name in _KINDS.items() if row.export.casefold().endswith(ending)), "")
    encoding = "" if kind else _ENCODINGS.get(row.encoding.casefold(), row.encoding)
    delimiter = {",": _("comma"), ";": _("semicolon"), "tab": _("tab")}.get(row.delimiter, row.delimiter)
    decimal = {",": _("decimal comma"), ".": _("decimal point")}.get(row.decimal, "")
    return ", ".join(filter(None, (kind, encoding, delimiter, decimal)))


def _headers(table: pd.DataFrame, labels: dict) -> Readable:
    unread = table.loc[table["item"] == ""]
    by_export = unread.groupby("export", sort=False)["header"]
    rows = [[export, ", ".join(dict.fromkeys(headers))] for export, headers in by_export]
    return Readable([_("File"), _("Columns that were not read")], rows, text=(0, 1))


def _survey_answers(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes, previous = [], Notes(), None
    for row in table.itertuples():
        name = labels.get(row.country, row.country)
        rows.append([("" if name == previous else name), _survey(row) + notes.mark(row.note), whole(row.n_read),
                     whole(row.n_left_out), row.first_month or DASH, row.last_month or DASH])
        previous = name
    return Readable([_("Country"), _("Survey"), _("Answers"), _("Left out"), _("From"), _("To")], rows, notes.sentences,
                    text=(0, 1))


def _missing(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes, previous = [], Notes(), None
    for row in table.itertuples():
        name = _country(row, labels)
        rows.append([("" if name == previous else name), when(row.wave),
                     labels.get(row.item, row.item) + notes.mark(row.note), whole(row.n), whole(row.missing),
                     percentage(row.share)])
        previous = name
    return Readable([_("Country"), _("Survey"), _("Item"), _("n"), _("No answer"), _("(%)")], rows, notes.sentences,
                    text=(0, 1, 2))


def _links(table: pd.DataFrame, labels: dict) -> Readable:
    rows = [[_country(row, labels), whole(row.n_pre), whole(row.n_post), whole(row.n_matched),
             percentage(row.share_pre), percentage(row.share_post)] for row in table.itertuples()]
    return Readable(
        [_("Country"), _("Before"), _("After"), _("Linked"), _("Of before (%)"), _("Of after (%)")], rows)


def _link_details(table: pd.DataFrame, labels: dict) -> Readable:
    kinds = {"near": _("By near codes"), "ambiguous": _("Not clear"), "duplicate_identical": _("Repeated"),
             "duplicate_conflicting": _("Contradicting"), "no_code": _("Without a code")}
    rows = [[_country(row, labels), *(whole(getattr(row, kind)) for kind in kinds)] for row in table.itertuples()]
    return Readable([_("Country"), *kinds.values()], rows)


def _country(row, labels: dict) -> str:
    return ", ".join(filter(None, (labels.get(row.country, row.country), _iteration(row))))


def _findings(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes, previous, words = [], Notes(), None, finding_words()
    for kind, of_kind in table.groupby("finding", sort=False):
        for row in of_kind.itertuples():
            said = words[kind][:1].upper() + words[kind][1:]
            rows.append(["" if kind == previous else said, labels.get(row.country, row.country) + notes.mark(row.note),
                         when(row.wave), whole(row.n)])
            previous = kind
    return Readable([_("What"), _("Country"), _("Survey"), _("n")], rows, notes.sentences, text=(0, 1, 2))


READERS: dict[str, Reader] = {
    "exports": _exports,
    "headers": _headers,
    "survey_answers": _survey_answers,
    "missing": _missing,
    "links": _links,
    "link_details": _link_details,
    "findings": _findings,
}
