"""With every message in another alphabet, a report shows no English word but the study's own and what is a symbol."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from matplotlib import pyplot
from matplotlib.text import Text as Drawn
from nbformat import v4

from analysis import plots, sections
from analysis.language import Language
from analysis.language.catalogue import read, renew, write
from analysis.report import Report
from analysis.running.front_matter import documents_of, front_matter
from analysis.sections.across.brief import BriefResults
from analysis.sections.methods import REFERENCES
from analysis.sections.parts import Figure, Heading, Table, Text
from analysis.sections.quality import QualityResults
from analysis.sections.results import of_country
from analysis.staging import Staging
from analysis.study.folder import read_study
from notebook_documents.shapes import TABLE_MIME
from panels import tiny_panel
from runs import PROJECT

LETTERS = str.maketrans("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "აბცდეფგჰიჯკლმნოპქრსტუვწხყზ" * 2)
KEPT = re.compile(r"(\{[^}]*\}|@(?:tbl|fig)-[\w-]*\w|`[^`]*`|\]\([^)]*\))")
SYMBOLS = set("CI SE SD df CFI RMSEA SRMR ICC REML CR d_av Holm csv toml json xlsx html docx pdf utf".split())
"""What stands in every language: symbols of statistics, and formats of files."""


def pseudo(text: str) -> str:
    """The message in Georgian letters; names in braces, references, codes and links as they are."""
    return "".join(part if KEPT.fullmatch(part) else part.translate(LETTERS) for part in KEPT.split(text))


@pytest.fixture(scope="module")
def georgian(tmp_path_factory):
    """A language that says every message of the catalogue in Georgian letters."""
    folder = tmp_path_factory.mktemp("language")
    renew(folder, ["ka"])
    catalogue = read(folder / "ka.po")
    for message in catalogue:
        if message.id:
            message.string = (pseudo(message.id[-1]),) if isinstance(message.id, tuple) else pseudo(message.id)
    write(catalogue, folder / "ka.po")
    return Language("ka", folder)


@pytest.fixture(scope="module")
def reports(georgian):
    """All reports on the example, some countries' with their figures, in that language."""
    study = read_study(PROJECT / "data" / "example", "ka")
    staging = Staging(study)
    countries = {key: of_country(staging.panel(key), sections.COUNTRY, georgian)
                 for key in study.settings.countries}
    return {
        "quality": Report(QualityResults(study, staging, pd.Timestamp("2024-01-01"), sections.QUALITY, georgian),
                          sections.QUALITY),
        "across": Report(BriefResults(study, countries, sections.BRIEF, georgian), sections.BRIEF),
        **{key: Report(countries[key], sections.COUNTRY) for key in ("EE", "NO")},
    }


def texts_of(block) -> list[str]:
    """All that a reader sees of a block, or hears where it is a figure."""
    if isinstance(block, Text):
        return [block.markdown]
    if isinstance(block, Heading):
        return [block.text]
    if isinstance(block, Table):
        return [block.title, *block.headings, *block.notes, *(cell for row in block.rows for cell in row)]
    assert isinstance(block, Figure)
    drawn = block.draw(plots.FULL)
    shown = [text.get_text() for text in drawn.findobj(Drawn) if text.get_visible()]
    pyplot.close(drawn)
    return [block.title, block.caption, block.alt, *shown]


def own_texts(report: Report) -> set[str]:
    """What the study itself says in Latin letters, and names of files and columns."""
    results, book = report.results, report.results.study.codebook
    frames = [results.table(name) for name in results.tables]
    return {*book.scales["instrument"], *book.scales["source"], *results.study.settings.setting.values(),
            *results.study.settings.brief.values(),
            *REFERENCES.values(), *(f"{name}.csv" for name in results.tables),
            *(column for frame in frames for column in frame.columns),
            *(str(value) for name in ("exports", "headers") if name in results.tables
              for value in results.table(name).to_numpy().ravel())} - {""}


def english_in(text: str, own: set[str]) -> list[str]:
    text = re.sub(r"@(?:tbl|fig)-[\w-]*\w|`[^`]*`|https?://\S+", " ", text)
    for known in sorted(own, key=len, reverse=True):
        text = text.replace(known, " ") if " " in known or "." in known else re.sub(rf"\b{re.escape(known)}\b", " ", text)
    return [word for word in re.findall(r"[A-Za-z][A-Za-z_]+", text) if word not in SYMBOLS]


@pytest.mark.parametrize("name", ["EE", "NO", "across", "quality"])
def test_no_english_word_is_left_where_every_message_is_translated(name, reports):
    report = reports[name]
    own = own_texts(report)
    left = [f"{section}: {' '.join(words)} in “{text[:160]}”" for section in report.sections for part in ("main", "annex")
            for block in report.blocks(section, part) for text in texts_of(block) if (words := english_in(text, own))]
    titles = [shown._repr_mimebundle_()["text/plain"] for shown in (report.title(), report.annex_title())]
    left += [title for title in titles if english_in(title, own)]
    assert not left, "\n".join(left)
    missing = {message for message in report.results.say.missing if not message.startswith(("[setting]", "[brief]"))}
    assert not missing


def test_two_reports_in_two_languages_are_made_in_one_process(tmp_path, georgian):
    made = tiny_panel(tmp_path, [["a1", "S", 1, 2, 3, 4]])
    first, second = (of_country(made, sections.COUNTRY, say) for say in (georgian, Language()))
    headings = [next(iter(sections.measures.main(one))).text for one in (first, second, first)]
    assert headings == [pseudo("Measures"), "Measures", pseudo("Measures")]


def test_what_documents_say_beside_a_notebook_is_in_the_catalogue(georgian):
    made = {"time": "2026-05-04T03:02:01+00:00", "python": "3.11", "seed": 1, "parameters": {}, "packages": {},
            "inputs": {}, "project": {"version": "0.1", "commit": "abc"}}
    about = {"study": "", "synthetic": True, "funding": {"emblem": "eu"}}
    annex = documents_of(v4.new_notebook(), about, made, georgian)["annex"]
    said = front_matter(**about, say=georgian)
    shown = [*said["words"].values(), *said["notice"], said["imprint"]["alt"], annex.cells[0].source]
    shown += [text for cell in annex.cells[1:] for text in (
        cell.source.removeprefix("#| tbl-cap: "), *cell.outputs[0].data[TABLE_MIME]["headings"])]
    own = {"UTC", "Python", "HMAC", "SHA", "abc"}
    assert not [text for text in shown if english_in(re.sub(r"\{\w+\}", " ", text), own)]
