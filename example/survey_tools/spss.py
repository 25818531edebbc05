"""An SPSS file with both waves side by side, value labels and user-missing codes."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

from example.population import DONT_KNOW, NOT_APPLICABLE
from example.questionnaire import questionnaire
from example.survey_tools.cells import MISSING, asked, by_key, columns_by_target, question

CREATED = datetime(2023, 6, 30, 12, 0, 0)
NO_ANSWER, NO_ANSWER_LABEL = 99.0, "Ikke besvart"
MISSING_CODES = {DONT_KNOW: 98.0, NOT_APPLICABLE: 97.0}
EPOCH = pd.Timestamp("1582-10-14")


def write_spss(sheets: pd.DataFrame, exports: list[dict], path: Path) -> None:
    """One case per teacher; `exports` are the blocks of study.toml that read the file, one per wave.

    99 (no answer) is declared as user-missing; 98 and 97 (don't know, does not apply) only have labels, so
    that the codebook must know them. A wave that a teacher did not answer is system-missing.
    """
    teachers = sheets.sort_values("row").drop_duplicates("teacher").set_index("teacher")
    data: dict[str, np.ndarray] = {
        "nr": np.arange(1, len(teachers) + 1, dtype=float),
        "skole": teachers["school_written"].to_numpy(dtype=object),
        "kode": teachers["code"].to_numpy(dtype=object),
    }
    labels = {"nr": "Løpenummer", "skole": "Skole", "kode": "Egen kode"}
    value_labels, formats = {}, {}
    for export in exports:
        wave = sheets[sheets["wave"] == export["wave"]].set_index("teacher").reindex(teachers.index)
        header = columns_by_target(export)
        submitted = header["submitted"]
        data[submitted] = ((wave["submitted"] - EPOCH) / pd.Timedelta(seconds=1)).to_numpy(dtype=float)
        labels[submitted], formats[submitted] = "Levert", "DATETIME20"
        for item in asked(export):
            for name, column, names in _variables(wave, item, header):
                data[name] = column
                labels[name] = question(item, export["language"])
                if names:
                    value_labels[name] = names
    pyreadstat.write_sav(
        pd.DataFrame(data),
        str(path),
        column_labels=labels,
        variable_value_labels=value_labels,
        missing_ranges={name: [NO_ANSWER] for name in value_labels},
        variable_format=formats,
    )
    _set_creation_time(path)


def _variables(
    wave: pd.DataFrame, item: str, header: dict[str, str]
) -> Iterator[tuple[str, np.ndarray, dict[float, str]]]:
    """Variable name, values and value labels of an item; several variables for a multiple choice."""
    form = questionnaire()
    answer_set = form.items[item]["answers"]
    answered = wave["wave"].notna().to_numpy()
    match form.items[item]["kind"]:
        case "likert":
            names = by_key(answer_set, "label_no")
            missing = dict(zip(MISSING_CODES.values(), (names.pop(key) for key in MISSING), strict=True))
            column = wave[item].astype(float).replace(MISSING_CODES).to_numpy(copy=True)
            column[answered & np.isnan(column)] = NO_ANSWER
            labels = {float(value): label for value, label in names.items()}
            yield header[item], column, labels | missing | {NO_ANSWER: NO_ANSWER_LABEL}
        case "choice":
            codes = {value: float(code) for value, code in by_key(answer_set, "code").items()}
            column = wave[item].map(codes).to_numpy(dtype=float, copy=True)
            column[answered & np.isnan(column)] = NO_ANSWER
            labels = {codes[value]: label for value, label in by_key(answer_set, "label_no").items()}
            yield header[item], column, labels | {NO_ANSWER: NO_ANSWER_LABEL}
        case "multichoice":
            given = [cell.split(";") if isinstance(cell, str) else None for cell in wave[item]]
            for value in form.values(answer_set):
                ticks = [np.nan if cell is None else float(value in cell) for cell in given]
                yield header[f"{item}:{value}"], np.array(ticks), {}
        case "number":
            yield header[item], wave[item].to_numpy(dtype=float), {}
        case "text":
            texts = [x if isinstance(x, str) else "" for x in wave[item]]
            yield header[item], np.array(texts, dtype=object), {}


def _set_creation_time(path: Path) -> None:
    """Replaces the file's creation date (9 bytes at offset 92) and time (8 bytes at 101) by a fixed one.

    They are fields of the header record (`$FL2`), plain ASCII as in "30 Jun 23" and "12:00:00", which the
    writer fills in from the clock. Month names are written out: `strftime` follows the locale.
    """
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    date = f"{CREATED.day:02d} {months[CREATED.month - 1]} {CREATED.year % 100:02d}"
    content = bytearray(path.read_bytes())
    content[92:109] = f"{date}{CREATED:%H:%M:%S}".encode("ascii")
    path.write_bytes(content)
