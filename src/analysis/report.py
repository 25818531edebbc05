"""The report that a notebook makes: each section shown in its place, its tables and figures saved beside it."""

from __future__ import annotations

import html
from base64 import b64encode
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from types import ModuleType

import pandas as pd
from nbformat import NotebookNode

from analysis import plots, sections
from analysis.disclosure.formulas import without_formulas
from analysis.disclosure.policy import as_published
from analysis.language import Language, plain
from analysis.sections.across.brief import BriefResults
from analysis.sections.monitoring import MonitoringResults
from analysis.sections.parts import Block, Figure, Heading, Table, Text
from analysis.sections.quality import QualityResults
from analysis.sections.results import AcrossResults, Results, of_country
from analysis.staging import Staging
from analysis.study.folder import read_study
from notebook_documents.shapes import FIGURE_MIME, TABLE_MIME

PRECISE = ".precise"
"""Where in the folder of a report that is being made its tables at full precision lie, until they move to private/."""
UNTRANSLATED = "untranslated"
"""Where the metadata of what a notebook shows name the messages that its language lacks."""


class Report:
    """A report that a notebook fills, section by section: `report.show("change")`; an empty folder saves nothing."""

    def __init__(self, results: Results, modules: Iterable[ModuleType], folder: str | Path = ""):
        self.results = results
        self._modules = {module.__name__.rsplit(".", 1)[-1]: module for module in modules}
        self._folder = Path(folder) if str(folder) else None

    @property
    def sections(self) -> list[str]:
        """The names of the sections, in reading order."""
        return list(self._modules)

    def title(self) -> Shown:
        """The report's title: the country, or all countries, and the study."""
        name = self.results.name or self.results.say("Across countries")
        return self._shown(Heading(f"{name}: {self.results.title}", 1))

    def annex_title(self) -> Shown:
        """The title of the technical annex."""
        return self._shown(Heading(self.results.say("Technical annex"), 1))

    def show(self, section: str) -> None:
        """Show a section's part of the main report, and save its tables."""
        self._display(section, "main")

    def annex(self, section: str) -> None:
        """Show a section's part of the technical annex, and save its tables."""
        self._display(section, "annex")

    def blocks(self, section: str, part: str = "main") -> Iterator[Block]:
        """What a section shows in a part: main or annex."""
        module = self._modules[section]
        if hasattr(module, part) and module in self.results.sections:
            yield from getattr(module, part)(self.results)

    def _display(self, section: str, part: str) -> None:
        from IPython.display import display

        for name in getattr(self._modules[section], "ESTIMATES", {}):
            if self.results.saves(name):
                self._save(name)
        for block in self.blocks(section, part):
            shown = self._shown(block)
            display(shown, metadata={UNTRANSLATED: sorted(self.results.say.missing)} if self.results.say.missing else None)

    def _save(self, name: str) -> None:
        if self._folder:
            write_csv(self._folder / "tables" / f"{name}.csv", self.results.table(name))
            write_csv(self._folder / PRECISE / f"{name}.csv", self.results.precise(name))

    def _shown(self, block: Block) -> Shown:
        if isinstance(block, Text):
            return Shown({"text/markdown": self._as_written(block.markdown), "text/plain": block.markdown})
        if isinstance(block, Heading):
            heading = f"{'#' * block.level} {self._as_written(block.text)}"
            return Shown({"text/markdown": heading, "text/plain": block.text})
        if isinstance(block, Table):
            data = {"name": block.name, "subject": block.title, "headings": block.headings, "rows": block.rows,
                    "notes": block.notes, "text": block.words}
            return Shown({TABLE_MIME: data, "text/html": _as_html(block), "text/plain": block.title})
        return self._figure(block)

    def _as_written(self, markdown: str) -> str:
        """The Markdown in which the study's own texts (labels, titles, names) stand as written, not as Markdown."""
        for text in self._marked:
            markdown = markdown.replace(text, plain(text))
        return markdown

    @cached_property
    def _marked(self) -> list[str]:
        """The study's texts that Markdown would take for more than text, the longest first."""
        book, settings = self.results.study.codebook, self.results.study.settings
        texts = {self.results.title, *(book.label(scale) for scale in book.scales.index),
                 *(book.text(item) for item in book.items.index)}
        for country in settings.countries.values():
            texts |= {country.name_in(self.results.say.code), *country.schools}
        if self.results.panel is not None:
            texts |= set(self.results.panel.respondents["school"])
        return sorted((text for text in texts if text and plain(text) != text), key=lambda text: (-len(text), text))

    def _figure(self, figure: Figure) -> Shown:
        files = plots.rendered(figure.draw(plots.FULL))
        if self._folder:
            folder = self._folder / "figures"
            folder.mkdir(parents=True, exist_ok=True)
            for kind, content in files.items():
                (folder / f"{figure.name}.{kind}").write_bytes(content)
            write_csv(folder / f"{figure.name}.csv", self.results.policy.rounded(figure.numbers))
        about = {"name": figure.name, "subject": figure.title, "details": figure.caption, "alt": figure.alt,
                 "width": plots.FULL * plots.MILLIMETRES}
        return Shown({"image/svg+xml": files["svg"].decode(), "image/png": b64encode(files["png"]).decode(),
                      FIGURE_MIME: about, "text/plain": figure.alt})


class Shown:
    """One thing shown in a notebook, with what the documents need to know about it."""

    def __init__(self, data: dict):
        self._data = data

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self._data


def untranslated(notebook: NotebookNode) -> set[str]:
    """The messages that the language of an executed notebook lacks; its outputs name them no more."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ()) if "metadata" in output]
    return {message for output in outputs for message in output.metadata.pop(UNTRANSLATED, ())}


def country_report(study_folder: str, country: str, language: str = "en", folder: str = "") -> Report:
    """The report of one country, from its study folder; reads, matches, protects."""
    study = read_study(study_folder, language)
    staging = Staging(study)
    say = Language(study.codebook.language)
    results = of_country(staging.panel(country), sections.COUNTRY, say, staging.others(country))
    return Report(results, sections.COUNTRY, folder)


def across_report(study_folder: str, language: str = "en", folder: str = "") -> Report:
    """The report across countries, from a study folder."""
    return _across(AcrossResults, sections.ACROSS, study_folder, language, folder)


def brief_report(study_folder: str, language: str = "en", folder: str = "") -> Report:
    """The policy brief across countries, from a study folder."""
    return _across(BriefResults, sections.BRIEF, study_folder, language, folder)


def _across(kind: type[AcrossResults], modules: list[ModuleType], study_folder: str, language: str, folder: str) -> Report:
    study = read_study(study_folder, language)
    staging, say = Staging(study), Language(study.codebook.language)
    countries = {country: of_country(staging.panel(country), sections.COUNTRY, say, staging.others(country))
                 for country in staging.countries}
    return Report(kind(study, countries, modules, say), modules, folder)


def quality_report(study_folder: str, language: str = "en", folder: str = "", today: str = "") -> Report:
    """The report on the quality of a study's data, from its folder; `today` is a day such as 2023-06-30, or empty: now."""
    study = read_study(study_folder, language)
    day = pd.Timestamp(today) if today else pd.Timestamp.now()
    results = QualityResults(study, Staging(study), day, sections.QUALITY, Language(study.codebook.language))
    return Report(results, sections.QUALITY, folder)


def monitoring_report(study_folder: str, language: str = "en", folder: str = "", today: str = "") -> Report:
    """The owner's report while a survey is open; `today` is a day such as 2023-06-30, or empty: now."""
    study = read_study(study_folder, language)
    day = pd.Timestamp(today) if today else pd.Timestamp.now()
    results = MonitoringResults(study, day, sections.MONITORING, Language(study.codebook.language))
    return Report(results, sections.MONITORING, folder)


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """A table as every CSV file of a report is written: UTF-8, no formulas, no p of 0, Unix line ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    without_formulas(as_published(table)).to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def _as_html(table: Table) -> str:
    head = "".join(f"<th>{html.escape(heading)}</th>" for heading in table.headings)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in table.rows)
    notes = "".join(f"<p><small>{html.escape(note)}</small></p>" for note in table.notes)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{notes}"
