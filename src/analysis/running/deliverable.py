"""A study's reports as one Word document: a chapter each, numbered through, with methods and references once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import nbformat
from nbformat import NotebookNode, v4

from analysis.errors import Issue, StudyError
from analysis.language import Language, plain
from analysis.running.front_matter import documents_of, front_matter
from analysis.running.manifest import MANIFEST
from analysis.running.placing import put_document
from analysis.running.reports import ACROSS, ReportSpec, is_up_to_date, report_specs
from analysis.running.workers import run_reports
from analysis.study.folder import Study
from analysis.temporary import temporary_folder
from analysis.texts import listed
from notebook_documents import document
from notebook_documents.about import KEY
from notebook_documents.blocks import NEW_PAGE, REFERENCE
from notebook_documents.shapes import FIGURE_MIME, TABLE_MIME

METHODS = 'report.annex("methods")'
"""The cell of a report's notebook that shows its methods and references."""


def write_deliverable(study: Study, out: Path, language: str, jobs: int,
                      on_step: Callable[[str, str], None] | None = None) -> tuple[Path, Path | None]:
    """`deliverable.docx` (`deliverable.ka.docx`) of the study: the report across countries, the countries', the methods.

    Returns its path, and the one to which a former document went that somebody had edited. Notebooks in another than the
    reports' first language are run anew. Raises `StudyError` where reports are missing or not up to date.
    """
    answered = {export.country for export in study.settings.exports}
    countries = [key for key in study.settings.countries if key in answered]

    def specs(folder: Path, languages: list[str]) -> list[ReportSpec]:
        made = {one.key: one for one in report_specs(study, folder, countries, (), True, tuple(languages))}
        return [made[key] for key in (ACROSS, *countries)]

    made = specs(out, study.settings.languages)
    if old := [one.name for one in made if not is_up_to_date(one)]:
        raise StudyError([Issue(f"no current report of {listed(old)} in “{out}”; run “analysis run” first.")])
    first, base = language == study.settings.languages[0], made[0].folder.parent
    with temporary_folder() as folder:
        if not first:
            made = [replace(one, keeps_precise=False, given_out=()) for one in specs(folder, [language])]
            failed = [result for result in run_reports(made, jobs, True, on_step) if result.status == "failed"]
            if failed:
                raise StudyError([Issue(f"{one.name}: {one.message}") for one in failed])
        notebook = assembled(study, made, language)
    content = document("docx", notebook, made[0].templates.get(language))
    path = base / f"deliverable{'' if first else f'.{language}'}.docx"
    return path, put_document(content, path)


def assembled(study: Study, specs: list[ReportSpec], language: str) -> NotebookNode:
    """The executed notebooks of these reports as one: their main reports as chapters, then methods and references."""
    say, about = Language(language), specs[0].about[language]
    cells, methods, references = [v4.new_markdown_cell(f"# {plain(about['study'])}")], [], set()
    elsewhere: dict[str, str] = {}
    times = []
    for spec in specs:
        manifest = json.loads((spec.folder / MANIFEST).read_text(encoding="utf-8"))
        times.append(manifest["time"])
        parts = documents_of(nbformat.read(spec.folder / "notebook.ipynb", as_version=4), about, manifest, say)
        name = say("Across countries") if spec.key == ACROSS else study.settings.countries[spec.key].name_in(language)
        cells += _cells(parts["report"], spec.key, name)
        elsewhere |= {_prefixed(f"@{label}", spec.key)[1:]: called
                      for label, called in parts["report"].metadata[KEY]["elsewhere"].items()}
        texts = [output["data"]["text/markdown"] for cell in parts["annex"].cells if cell.source.startswith(METHODS)
                 for output in cell.outputs]
        of_report, entries = (text for text in texts if not text.startswith("#"))
        _merge(methods, of_report.split("\n\n"))
        references.update(entries.split("\n"))
    methods.append(say("This document holds the study's main reports; annex tables and figures are in each report's "
                       "technical annex."))
    if say.draft:
        methods[-1] += " " + say("Its {language} texts are a machine-made draft, not reviewed by a native speaker.",
                                 language=say.name)
    for heading, text in ((say("Methods"), "\n\n".join(methods)), (say("References"), "\n".join(sorted(references)))):
        cells.append(v4.new_markdown_cell(f"# {heading}\n\n{text}", metadata={"tags": [NEW_PAGE]}))
    front = front_matter(**about, say=say, made=max(times))
    return v4.new_notebook(cells=cells, metadata={KEY: front | {"elsewhere": elsewhere}})


def _cells(report: NotebookNode, key: str, title: str) -> Iterator[NotebookNode]:
    """The cells with labels and references of the chapter's own, and in place of the report's title the chapter's.

    Captions of a country name it, for the lists of figures and tables.
    """
    of = "" if key == ACROSS else f"{title}: "
    for cell in deepcopy(report.cells):
        cell.id = f"{key}-{cell.id}"
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            for kind in (TABLE_MIME, FIGURE_MIME):
                if kind in data:
                    shown = data[kind]
                    shown |= {"name": f"{key}-{shown['name']}", "subject": of + _prefixed(shown["subject"], key)}
                    if "details" in shown:
                        shown["details"] = _prefixed(shown["details"], key)
            if "text/markdown" in data:
                data["text/markdown"] = _prefixed(data["text/markdown"], key)
                if title:
                    data["text/markdown"], title = f"# {plain(title)}", ""
                    cell.metadata["tags"] = [*cell.metadata.get("tags", []), NEW_PAGE]
        yield cell


def _prefixed(text: str, key: str) -> str:
    return REFERENCE.sub(lambda label: "@" + f"-{key}-".join(label[1].split("-", 1)), text)


def _merge(merged: list[str], texts: list[str]) -> None:
    """Put each text that is new into `merged`, behind the one that it follows."""
    place = 0
    for text in texts:
        if text not in merged:
            merged.insert(place, text)
        place = merged.index(text) + 1
