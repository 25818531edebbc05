"""Raw files as the survey tools write them: LimeSurvey, Microsoft Forms, Google Forms, SPSS and a plain CSV."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import xlsxwriter

from analysis.example.mess import SIDE_BY_SIDE, WINDOWS_1257
from analysis.example.population import DONT_KNOW
from analysis.example.questionnaire import RESERVED, questionnaire

FIXED_TIME = pd.Timestamp("2023-06-30 12:00:00")
"""Written wherever a file format holds the time of its making, so that the bytes stay the same."""

MS_FORMS_HEADERS = {
    "fi": ("Tunnus", "Aloitusaika", "Valmistumisaika", "Sähköposti", "Nimi"),
    "sv": ("ID", "Starttid", "Slutförandetid", "E-post", "Namn"),
}
MS_FORMS_ANONYMOUS = "anonymous"
SPSS_NO_ANSWER, SPSS_DONT_KNOW, SPSS_NOT_APPLICABLE = 99.0, 98.0, 97.0
SPSS_EPOCH = pd.Timestamp("1582-10-14")


def write_raw_files(sheets: pd.DataFrame, folder: Path) -> None:
    """Writes every export that study.toml names, from placed answer sheets."""
    writers = {"EE": _write_limesurvey, "FI": _write_microsoft_forms, "GE": _write_google_forms, "LT": _write_plain}
    for export in questionnaire().study["exports"]:
        if export["country"] == SIDE_BY_SIDE:
            continue
        rows = sheets[sheets["file"] == export["file"]].sort_values("row")
        writers[export["country"]](rows, export, folder / export["file"])
    _write_spss(sheets[sheets["country"] == SIDE_BY_SIDE], folder)


def _headers(export: dict) -> dict[str, str]:
    """Header of each item (and each reserved item) in this export, from study.toml and the codebook."""
    form = questionnaire()
    texts = {name: item[f"text_{export['language']}"] for name, item in form.items.items()}
    return texts | {target: header for header, target in export["columns"].items()}


def _asked(wave: str) -> list[str]:
    form = questionnaire()
    post_only = {scale for scale in form.scales if form.scales[scale]["instrument"].startswith("Knowledge")}
    return [
        name for name, item in form.items.items()
        if wave == "post" or (item["scale"] not in post_only and name not in ("hours", "comment"))
    ]  # fmt: skip


def _labels(answer_set: str, language: str) -> dict[str, str]:
    """Label by value; don't know and does not apply under "" and "n/a"."""
    missing = iter(("", "n/a"))
    labels: dict[str, str] = {}
    for row in questionnaire().answers[answer_set]:
        label = row[f"label_{language}"]
        if row["value"]:
            labels[row["value"]] = label
        elif label not in labels.values():
            labels[next(missing)] = label
    return labels


def _cells(
    rows: pd.DataFrame, item: str, answer: Callable[[str, str], str], number: Callable[[float], str], join: str
) -> list[str]:
    """A column of text cells: `answer(answer set, value)` writes one answer, `number` a number."""
    entry = questionnaire().items[item]
    kind, answer_set = entry["kind"], entry["answers"]
    if kind == "likert":
        return ["" if np.isnan(x) else answer(answer_set, _value(x)) for x in rows[item].astype(float)]
    if kind == "number":
        return ["" if np.isnan(x) else number(x) for x in rows[item].astype(float)]
    given = [x if isinstance(x, str) else "" for x in rows[item]]
    if kind == "choice":
        return [answer(answer_set, x) if x else "" for x in given]
    if kind == "multichoice":
        return [join.join(answer(answer_set, x) for x in cell.split(";")) if cell else "" for cell in given]
    return given


def _value(x: float) -> str:
    """The answer set's value of a likert answer, as `_labels` keys it."""
    return f"{x:g}" if x > 0 else "" if x == DONT_KNOW else "n/a"


def _write_csv(path: Path, columns: dict[str, list[str]], delimiter: str, encoding: str, quoting: int) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, quoting=quoting, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    path.write_bytes(buffer.getvalue().encode(encoding))


def _write_limesurvey(rows: pd.DataFrame, export: dict, path: Path) -> None:
    """Headers are question codes, answers are answer codes, one column per option of a multiple choice."""
    form = questionnaire()
    header = {target: name for name, target in export["columns"].items()}
    times = rows["submitted"].dt.strftime("%Y-%m-%d %H:%M:%S").fillna("")
    columns: dict[str, list[str]] = {
        "id": [str(row - 1) for row in rows["row"]],
        header["submitted"]: list(times),
        "lastpage": ["3"] * len(rows),
        header["language"]: list(rows["language"]),
        "seed": [str(1_000_003 * row % 899_999_981 + 10**9) for row in rows["row"]],
        "ipaddr": [f"192.0.2.{row % 250 + 1}" for row in rows["row"]],
        "school": list(rows["school_written"]),
        "code": list(rows["code"]),
    }
    codes = {
        (name, key): code
        for name in ("agree", "often", "subject", "role")
        for key, code in _limesurvey_codes(name).items()
    }
    for item in _asked(export["wave"]):
        if form.items[item]["kind"] == "multichoice":
            given = [cell.split(";") if isinstance(cell, str) else [] for cell in rows[item]]
            for value in form.values(form.items[item]["answers"]):
                columns[header[f"{item}:{value}"]] = ["Y" if value in cell else "" for cell in given]
        else:
            columns[item] = _cells(rows, item, lambda name, key: codes[name, key], "{:g}".format, "")
    _write_csv(path, columns, ",", "utf-8-sig", csv.QUOTE_ALL)


def _limesurvey_codes(answer_set: str) -> dict[str, str]:
    codes: dict[str, str] = {}
    missing = iter(("", "n/a"))
    for row in questionnaire().answers[answer_set]:
        if row["value"]:
            codes[row["value"]] = row["code"]
        elif row["code"].startswith(("A", "F")):
            codes[next(missing)] = row["code"]
    return codes


def _write_google_forms(rows: pd.DataFrame, export: dict, path: Path) -> None:
    """Headers are the questions, answers the labels; a time with AM or PM and the zone."""
    header = _headers(export)
    times = [
        f"{t.year}/{t.month:02d}/{t.day:02d} {(t.hour - 1) % 12 + 1}:{t:%M:%S} {'AM' if t.hour < 12 else 'PM'} GMT+4"
        for t in rows["submitted"]
    ]
    columns = {
        header["submitted"]: times,
        header["school"]: list(rows["school_written"]),
        header["code"]: list(rows["code"]),
    }
    columns |= _labelled(rows, export, "{:g}".format, ";")
    _write_csv(path, columns, ",", "utf-8", csv.QUOTE_ALL)


def _write_plain(rows: pd.DataFrame, export: dict, path: Path) -> None:
    """Semicolons, decimal commas, labels; several options of a multiple choice are joined by a comma."""
    header = _headers(export)
    columns = {
        header["submitted"]: list(rows["submitted"].dt.strftime("%Y-%m-%d %H:%M")),
        header["school"]: list(rows["school_written"]),
        header["code"]: list(rows["code"]),
    }
    columns |= _labelled(rows, export, lambda x: f"{x:.1f}".replace(".", ","), ", ")
    encoding = "cp1257" if (export["country"], export["wave"]) == WINDOWS_1257 else "utf-8"
    _write_csv(path, columns, ";", encoding, csv.QUOTE_MINIMAL)


def _labelled(rows: pd.DataFrame, export: dict, number: Callable[[float], str], join: str) -> dict[str, list[str]]:
    form, header = questionnaire(), _headers(export)
    labels = {name: _labels(name, export["language"]) for name in form.answers}
    return {
        header[item]: _cells(rows, item, lambda name, key: labels[name][key], number, join)
        for item in _asked(export["wave"])
    }


def _write_microsoft_forms(rows: pd.DataFrame, export: dict, path: Path) -> None:
    """A workbook with true dates and numbers; options of a multiple choice end with a semicolon each."""
    form, header = questionnaire(), _headers(export)
    columns = _labelled(rows, export, "{:g}".format, ";")
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": FIXED_TIME.to_pydatetime()})
        sheet = book.add_worksheet("Sheet1")
        date = book.add_format({"num_format": "m/d/yy h:mm:ss"})
        first = MS_FORMS_HEADERS[export["language"]]
        sheet.write_row(0, 0, [*first, header["school"], header["code"], *columns])
        for n, row in enumerate(rows.itertuples(), start=1):
            sheet.write_number(n, 0, n)
            minutes = 6 + n % 9
            sheet.write_datetime(n, 1, (row.submitted - pd.Timedelta(minutes=minutes)).to_pydatetime(), date)
            sheet.write_datetime(n, 2, row.submitted.to_pydatetime(), date)
            sheet.write_string(n, 3, MS_FORMS_ANONYMOUS)
            for place, text in ((5, row.school_written), (6, row.code)):
                if text:
                    sheet.write_string(n, place, text)
        for place, item in enumerate(_asked(export["wave"]), start=7):
            kind = form.items[item]["kind"]
            for n, cell in enumerate(columns[header[item]], start=1):
                if cell and kind == "number":
                    sheet.write_number(n, place, float(cell))
                elif cell:
                    sheet.write_string(n, place, cell + ";" if kind == "multichoice" else cell)


def _write_spss(sheets: pd.DataFrame, folder: Path) -> None:
    """Both waves side by side, value labels, 99 as user-missing and 98 and 97 labelled but not declared."""
    exports = [export for export in questionnaire().study["exports"] if export["country"] == SIDE_BY_SIDE]
    teachers = sheets.sort_values("row").drop_duplicates("teacher").set_index("teacher")
    data: dict[str, object] = {
        "nr": np.arange(1, len(teachers) + 1, dtype=float),
        "skole": teachers["school_written"].to_numpy(),
        "kode": teachers["code"].to_numpy(),
    }
    labels = {"nr": "Løpenummer", "skole": "Skole", "kode": "Egen kode"}
    value_labels: dict[str, dict[float, str]] = {}
    missing_ranges: dict[str, list[float]] = {}
    formats = {}
    for export in exports:
        wave = sheets[sheets["wave"] == export["wave"]].set_index("teacher").reindex(teachers.index)
        answered = wave["wave"].notna().to_numpy()
        header = {target: name for name, target in export["columns"].items()}
        name = header["submitted"]
        data[name] = ((wave["submitted"] - SPSS_EPOCH) / pd.Timedelta(seconds=1)).to_numpy(dtype=float)
        labels[name], formats[name] = "Levert", "DATETIME20"
        for item in _asked(export["wave"]):
            for name, column, names in _spss_columns(wave, item, header, answered):
                data[name] = column
                labels[name] = questionnaire().items[item]["text_no"]
                if names:
                    value_labels[name] = names
                    missing_ranges[name] = [SPSS_NO_ANSWER]
    path = folder / exports[0]["file"]
    pyreadstat.write_sav(
        pd.DataFrame(data), str(path), column_labels=labels, variable_value_labels=value_labels,
        missing_ranges=missing_ranges, variable_format=formats, file_label="",
    )  # fmt: skip
    _set_spss_creation_time(path)


def _spss_columns(wave: pd.DataFrame, item: str, header: dict[str, str], answered: np.ndarray):
    """Yields (variable, column, value labels) of an item; what was not asked of a teacher is system-missing."""
    form = questionnaire()
    entry = form.items[item]
    names = _labels(entry["answers"], "no") if entry["answers"] else {}
    if entry["kind"] == "likert":
        special = {SPSS_DONT_KNOW: names.pop(""), SPSS_NOT_APPLICABLE: names.pop("n/a"), SPSS_NO_ANSWER: "Ikke besvart"}
        codes = {-1.0: SPSS_DONT_KNOW, -2.0: SPSS_NOT_APPLICABLE}
        column = wave[item].astype(float).replace(codes).to_numpy(copy=True)
        column[answered & np.isnan(column)] = SPSS_NO_ANSWER
        yield header[item], column, {float(value): label for value, label in names.items()} | special
    elif entry["kind"] == "choice":
        rows = form.answers[entry["answers"]]
        codes = {row["value"]: float(row["code"]) for row in rows}
        column = wave[item].map(codes).to_numpy(dtype=float, copy=True)
        column[answered & np.isnan(column)] = SPSS_NO_ANSWER
        named = {codes[row["value"]]: row["label_no"] for row in rows}
        yield header[item], column, named | {SPSS_NO_ANSWER: "Ikke besvart"}
    elif entry["kind"] == "multichoice":
        given = [cell.split(";") if isinstance(cell, str) else None for cell in wave[item]]
        for value in form.values(entry["answers"]):
            ticks = [np.nan if cell is None else float(value in cell) for cell in given]
            yield header[f"{item}:{value}"], np.array(ticks), {}
    elif entry["kind"] == "number":
        yield header[item], wave[item].to_numpy(dtype=float), {}
    else:
        yield header[item], np.array([x if isinstance(x, str) else "" for x in wave[item]], dtype=object), {}


def _set_spss_creation_time(path: Path) -> None:
    """Replaces the file's creation date (9 bytes at offset 84) and time (8 bytes at 93) by a fixed one.

    They are fields of the SPSS file header record (`$FL2`), plain ASCII as "30 Jun 23" and "12:00:00";
    pyreadstat fills in the clock.
    """
    content = bytearray(path.read_bytes())
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    date = f"{FIXED_TIME.day:02d} {months[FIXED_TIME.month - 1]} {FIXED_TIME.year % 100:02d}"
    content[84:101] = f"{date}{FIXED_TIME:%H:%M:%S}".encode("ascii")
    path.write_bytes(content)

