"""No single person leaves the study folder: not in a table, a figure, a page, or the executed notebook."""

from __future__ import annotations

import getpass
import json
import re
from pathlib import Path

import pytest

from analysis.responses import read_responses
from analysis.study.folder import read_study
from runs import PROJECT
from written import readable_texts

COUNTRIES = {"example_run": "FI", "tiny_run": "EE"}


@pytest.fixture(scope="module", params=["example_run", "tiny_run"])
def run(request):
    """The run, the country's texts by file, and the country's answers."""
    made = request.getfixturevalue(request.param)
    country = COUNTRIES[request.param]
    frame = read_responses(read_study(made.study), [country]).frame
    texts = readable_texts(made.reports / "countries" / country)
    if (made.reports / "across-countries").exists():
        texts |= readable_texts(made.reports / "across-countries")
    assert len(texts) > 20 and "tables.xlsx/xl/sharedStrings.xml" in texts and "notebook.ipynb" in texts
    return made, texts, frame


def words(texts) -> set[str]:
    return {word for text in texts.values() for word in re.findall(r"\w+", text.casefold())}


def test_no_code_of_a_respondent_is_in_any_file(run):
    _, texts, frame = run
    codes = {code.casefold() for code in frame["code"] if len(code) > 4}
    assert len(codes) > 20
    said = words(texts)
    assert not {code for code in codes if code in said}
    spaced = {code for code in codes if not code.isalnum()}
    assert not [code for code in spaced for text in texts.values() if code in text.casefold()]


def test_no_free_text_is_in_any_file(run):
    made, texts, frame = run
    kinds = read_study(made.study).codebook.items["kind"]
    remarks = {text.strip() for item in kinds.index[kinds == "text"] for text in frame[item].dropna()}
    assert len(remarks) > 3
    for remark in remarks:
        assert not [name for name, text in texts.items() if remark in text], remark


def test_no_place_on_the_machine_is_in_any_file(run):
    made, texts, _ = run
    user = re.escape(getpass.getuser())
    for name, text in texts.items():
        for place in (made.study, made.reports, made.cwd, PROJECT, Path.home()):
            for form in {str(place), place.as_posix(), json.dumps(str(place))[1:-1]}:
                assert form not in text, (name, form)
        assert not re.search(rf"(?:/home/|/Users/|\\Users\\|/){user}[/\\]", text), name


def test_no_time_of_a_submission_is_in_any_file(run):
    _, texts, frame = run
    times = {form.format(time) for time in frame["submitted"].dropna()
             for form in ("{:%Y-%m-%d %H:%M}", "{:%Y-%m-%dT%H:%M}")}
    assert len(times) > 20
    assert not [(name, time) for time in times for name, text in texts.items() if time in text]


def test_no_respondents_row_of_answers_is_in_any_file(run):
    made, texts, frame = run
    codebook = read_study(made.study).codebook
    likert = [item for item, kind in codebook.items["kind"].items() if kind == "likert"]
    rows = set()
    for _, row in frame[likert].iterrows():
        answers = row.dropna()
        if len(answers) >= 4:
            for number in ("{:.0f}", "{:.1f}"):
                rows.add(" ".join(map(number.format, answers)))
    assert len(rows) > 20
    for name, text in texts.items():
        if name.endswith(".svg"):
            continue
        digits = " ".join(re.findall(r"\d+(?:\.\d+)?", text))
        found = [row for row in rows if len(row.split()) >= 8 and f" {row} " in f" {digits} "]
        assert not found, (name, found)


def test_no_table_has_a_row_per_respondent(run):
    made, _, frame = run
    respondents = set(frame.groupby("wave").size()) | {len(frame)}
    tables = list(made.reports.rglob("tables/*.csv"))
    assert tables
    for path in tables:
        header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
        assert not set(header) & {"code", "respondent", "teacher", "row", "file", "submitted", "pre", "post"}, path
        rows = len(path.read_text(encoding="utf-8").splitlines()) - 1
        assert rows not in respondents or path.stem in ("item_answers", "sensitivity"), path
