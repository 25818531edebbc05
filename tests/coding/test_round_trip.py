"""Whatever the format, the same answers are read: random small studies in every format."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.responses import read_responses
from analysis.study.folder import read_study
from support import ANSWERS, study_folder, write_csv, write_sav, write_xlsx

LABELS = {row[1] or "": row[4] for row in ANSWERS[1:7]}
LIKERT = ["p1", "p2", "p3", "l1"]
COLUMNS = ["code", "school", *LIKERT, "gender", "years"]

respondent = st.fixed_dictionaries(
    {
        "code": st.text("abcõäöüABC123", min_size=1, max_size=5),
        "school": st.sampled_from(["Jõgeva", "Tartu", "Võru", ""]),
        **{item: st.sampled_from(["1", "2", "3", "4", "5", ""]) for item in LIKERT},
        "gender": st.sampled_from(["f", "m", ""]),
        "years": st.sampled_from(["", *(f"{n / 4:g}" for n in range(0, 160, 3))]),
    }
)


def texts(respondents):
    return [COLUMNS, *([one[name] for name in COLUMNS] for one in respondents)]


def labelled(respondents):
    def said(item, value):
        return LABELS[value] if item in LIKERT and value else {"f": "Naine", "m": "Mees"}.get(value, value)

    return [COLUMNS, *([said(name, one[name]) for name in COLUMNS] for one in respondents)]


def with_comma(rows):
    return [rows[0], *([*row[:-1], row[-1].replace(".", ",")] for row in rows[1:])]


def typed(rows):
    numbers = {rows[0].index(name) for name in (*LIKERT, "years")}
    return [
        rows[0],
        *([float(c) if i in numbers and c else c for i, c in enumerate(row)] for row in rows[1:]),
    ]


def spss(path, rows):
    columns = {name: [row[i] for row in rows[1:]] for i, name in enumerate(rows[0])}
    for name in (*LIKERT, "years"):
        columns[name] = [float(cell) if cell else None for cell in columns[name]]
    columns = {
        name: pd.Series(cells, dtype=float if name in (*LIKERT, "years") else str)
        for name, cells in columns.items()
    }
    return write_sav(
        path, columns, variable_value_labels={name: {1: LABELS["1"], 5: LABELS["5"]} for name in LIKERT}
    )


WRITERS = {
    "values.csv": lambda path, found: write_csv(path, texts(found)),
    "labels.csv": lambda path, found: write_csv(path, with_comma(labelled(found)), ";", "utf-8-sig"),
    "utf16.csv": lambda path, found: write_csv(path, labelled(found), "\t", "utf-16"),
    "legacy.csv": lambda path, found: write_csv(path, with_comma(labelled(found)), ";", "cp1257"),
    "typed.xlsx": lambda path, found: write_xlsx(path, typed(texts(found))),
    "labels.xlsx": lambda path, found: write_xlsx(path, labelled(found)),
    "spss.sav": lambda path, found: spss(path, texts(found)),
}


def frame(folder):
    return read_responses(read_study(folder)).frame.drop(columns="file")


@settings(max_examples=4, deadline=None)
@given(st.lists(respondent, min_size=1, max_size=30))
def test_every_format_gives_the_same_answers(respondents):
    with tempfile.TemporaryDirectory() as place:
        frames = {}
        for name, write in WRITERS.items():
            folder = study_folder(Path(place) / name, [{"file": f"raw/{name}", "language": "et"}])
            write(folder / "raw" / name, respondents)
            frames[name] = frame(folder)
        for name in WRITERS:
            pd.testing.assert_frame_equal(frames[name], frames["values.csv"], obj=name)
        expected = [one for one in respondents if any(one[item] for item in LIKERT)]
        found = frames["values.csv"]
        assert found["code"].tolist() == [one["code"] for one in expected]
        for item in LIKERT:
            assert found[item].fillna(0).tolist() == [float(one[item] or 0) for one in expected]
