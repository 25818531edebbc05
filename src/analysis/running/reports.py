"""From a study folder to report folders: what is to be made, and one report made, whole or not at all."""

from __future__ import annotations

import json
import shutil
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import nbformat

from analysis.inputs import Inputs, declarations
from analysis.language import Language
from analysis.memory import in_words
from analysis.report import PRECISE, untranslated
from analysis.running.captions import write_captions
from analysis.running.data_sheets import write_workbook
from analysis.running.datapackage import write_datapackage
from analysis.running.execution import NotebookError, executed, without_traces
from analysis.running.front_matter import documents_of
from analysis.running.manifest import MANIFEST, digest, is_current, provenance, write_manifest
from analysis.running.placing import InUseError, building, keep_others_files, not_written, put_in_place, sole_run
from analysis.running.releases import Difference, differences, given_out
from analysis.study.codebook import READERS
from analysis.study.folder import Study
from analysis.study.private import PRIVATE, private_key, put_private
from analysis.texts import listed
from analysis.versions import PROJECT
from notebook_documents import document
from notebook_documents.about import KEY, about
from notebook_documents.blocks import blocks

NOTEBOOKS = PROJECT / "notebooks"
ACROSS = "across-countries"
BRIEF = "brief"
QUALITY = "data-quality"
MONITORING = "monitoring"


@dataclass(frozen=True)
class ReportSpec:
    """All that one worker needs to make one report; plain values and absolute paths, so it can be sent anywhere."""

    key: str
    name: str
    study: Path
    title: str
    notebook: Path
    parameters: dict[str, str]
    inputs: Inputs
    countries: tuple[str, ...]
    private_key: bytes = field(repr=False)
    folder: Path
    formats: tuple[str, ...]
    languages: tuple[str, ...]
    seed: int
    minimum: int = 1
    given_out: tuple[Path, ...] = ()
    about: dict = field(default_factory=dict)
    templates: dict[str, Path] = field(default_factory=dict)
    keeps_precise: bool = True


class ExchangedError(Exception):
    """Files that are not what they were when the report was begun, so nobody knows what it was made from."""


@dataclass(frozen=True)
class Result:
    """What became of one report: `status` is made, current or failed; `message` says why it failed.

    `kept` are files of the report's folder that no run made, or that somebody changed; `missing` the messages that each
    language lacks.
    """

    key: str
    name: str
    status: str
    seconds: float = 0.0
    message: str = ""
    detail: str = ""
    folder: Path = Path()
    differences: tuple[Difference, ...] = ()
    kept: tuple[str, ...] = ()
    missing: dict[str, frozenset[str]] = field(default_factory=dict)


def monitoring_spec(study: Study, formats: tuple[str, ...], language: str, today: str) -> ReportSpec:
    """The owner's report on a survey that is open, in `private/monitoring/` of the study folder."""
    *_, one = report_specs(study, study.folder, [], formats, True, (language,))
    folder = study.folder.resolve() / PRIVATE / MONITORING
    parameters = {**one.parameters, "today": today}
    return replace(one, key=MONITORING, name="Monitoring", notebook=NOTEBOOKS / "monitoring.ipynb", parameters=parameters,
                   folder=folder, minimum=1, given_out=(), keeps_precise=False)


def report_specs(study: Study, out: Path, countries: Iterable[str], formats: tuple[str, ...], across: bool,
                 languages: tuple[str, ...] = (READERS,)) -> list[ReportSpec]:
    """The reports of a study: one per country, and, if asked for, one across countries, with its brief where study.toml
    has one, and one on the data's quality.

    Documents are made in each of `languages`; those of the first have no suffix, and tables and figures are in it.
    """
    settings = study.settings
    base = out.resolve() / study.folder.resolve().name
    common = declarations(study.folder)
    funding = settings.funding.model_dump()
    about = {language: {"study": settings.title_in(language), "synthetic": settings.synthetic, "funding": funding}
             for language in languages}

    shared = {"study_folder": str(study.folder.resolve()), "language": languages[0]}

    private = private_key(study)

    def spec(key, name, notebook, parameters, place):
        every_country = tuple(settings.countries)
        files = [one.file for one in settings.exports if parameters.get("country") in (None, one.country)]
        templates = {language: file for language in languages
                     if (file := settings.template_of(parameters.get("country"), language))}
        inputs = Inputs.of(study.folder, {*common, *files, *templates.values()}, every_country, parameters.get("country"),
                           private)
        return ReportSpec(
            key, name, study.folder.resolve(), settings.title, NOTEBOOKS / notebook, {**shared, **parameters}, inputs,
            every_country, private, base / place, formats, languages, settings.seed, settings.minimum_group,
            given_out(study.folder, place), about,
            {language: study.folder.resolve() / file for language, file in templates.items()})

    specs = [
        spec(country, settings.countries[country].name, "country.ipynb", {"country": country}, f"countries/{country}")
        for country in countries
    ]
    if across:
        specs.append(spec(ACROSS, "Across countries", "across_countries.ipynb", {}, ACROSS))
        if settings.brief and len({export.country for export in settings.surveys}) > 1:
            specs.append(spec(BRIEF, "Policy brief", "brief.ipynb", {}, BRIEF))
        specs.append(spec(QUALITY, "Data quality", "data_quality.ipynb", {}, QUALITY))
    return specs


def run_report(spec: ReportSpec, on_step: Callable[[str], None] | None = None, force: bool = False) -> Result:
    """Make one report. Never raises: what went wrong stands in the result, and the previous report stays.

    Waits while another run is at work on the same report folder.
    """
    begun = time.perf_counter()
    step = on_step or (lambda step: None)

    def failed(message: str, detail: str = "") -> Result:
        return Result(spec.key, spec.name, "failed", time.perf_counter() - begun, message, detail or traceback.format_exc())

    try:
        with sole_run(spec.folder, lambda: step("waiting for another run")):
            return _made(spec, step, force, begun)
    except NotebookError as error:
        where = f" (under “{error.cell}”)" if error.cell else ""
        return failed(not_written(error.number, spec.folder) or f"{error}{where}", error.traceback)
    except (ExchangedError, InUseError) as error:
        return failed(str(error))
    except OSError as error:
        return failed(not_written(error.errno, spec.folder) or in_words(error))
    except Exception as error:
        return failed(in_words(error))


def _made(spec: ReportSpec, step: Callable[[str], None], force: bool, begun: float) -> Result:
    shown, made_of = _shown(spec), _digest(spec)
    documents = [f"report{_suffix(spec, language)}.{kind}" for language in spec.languages for kind in spec.formats]
    if not force and is_current(spec.folder, made_of, ["notebook.ipynb", *documents]):
        return Result(spec.key, spec.name, "current", folder=spec.folder)
    with building(spec.folder) as folder:
        missing: dict[str, frozenset[str]] = {}
        made = provenance(spec.title, shown, spec.inputs, spec.seed, made_of) | _documents(spec)
        for language in spec.languages:
            own = {**spec.parameters, "language": language}
            first = language == spec.languages[0]
            notebook = executed(spec.notebook, {**own, "output_folder": str(folder) if first else ""}, step)
            notebook = without_traces(notebook, {**shown, **own, "study_folder": spec.study.name, "output_folder": ""})
            step("Documents")
            say = Language(language)
            say.missing |= untranslated(notebook)
            parts = documents_of(notebook, spec.about[language], made, say)
            missing[language] = frozenset(say.missing)
            for part, each in parts.items():
                for kind in spec.formats:
                    template = spec.templates.get(language) if part == "report" else None
                    (folder / f"{part}{_suffix(spec, language)}.{kind}").write_bytes(document(kind, each, template))
            if first:
                notebook.metadata[KEY] = {**parts["report"].metadata[KEY], "compact": False, "elsewhere": {}}
                nbformat.write(notebook, folder / "notebook.ipynb")
                found = [block for each in parts.values() for block in blocks(each)]
                write_captions(folder, found)
                write_workbook(folder, found, about(parts["report"]).words)
        precise = {path.name: path.read_text(encoding="utf-8") for path in sorted((folder / PRECISE).glob("*.csv"))}
        shutil.rmtree(folder / PRECISE, ignore_errors=True)
        write_datapackage(folder, spec.title)
        kept = keep_others_files(spec.folder, folder)
        write_manifest(folder, made, kept)
        now = Inputs.of(spec.study, spec.inputs.files, spec.countries, spec.parameters.get("country"), spec.private_key)
        if changed := spec.inputs.changed(now):
            raise ExchangedError(f"{listed(changed)} changed while the report was made; run again.")
        differing = differences(folder, [spec.folder, *spec.given_out], spec.minimum)
        put_in_place(folder, spec.folder)
        _keep_precise(precise, spec)
    return Result(spec.key, spec.name, "made", time.perf_counter() - begun, folder=spec.folder, differences=differing,
                  kept=tuple(kept), missing=missing)


def is_up_to_date(spec: ReportSpec) -> bool:
    """Whether the report that lies in the spec's folder was made from just this, in whatever formats and languages."""
    try:
        there = json.loads((spec.folder / MANIFEST).read_text(encoding="utf-8"))
        as_made = replace(spec, formats=tuple(there["formats"]), languages=tuple(there["languages"]))
    except (OSError, ValueError, LookupError, TypeError):
        return False
    return is_current(spec.folder, _digest(as_made), ["notebook.ipynb"])


def _digest(spec: ReportSpec) -> str:
    return digest(spec.inputs, spec.notebook, _shown(spec) | _documents(spec))


def _shown(spec: ReportSpec) -> dict[str, str]:
    """The parameters without the machine's paths."""
    return {**spec.parameters, "study_folder": spec.study.name}


def _documents(spec: ReportSpec) -> dict[str, list[str]]:
    return {"formats": list(spec.formats), "languages": list(spec.languages)}


def _suffix(spec: ReportSpec, language: str) -> str:
    """What stands in a document's name for its language: nothing for the first."""
    return "" if language == spec.languages[0] else f".{language}"


def _keep_precise(tables: dict[str, str], spec: ReportSpec) -> None:
    """Put the tables at full precision into `private/precise/`, in place of those of the report before."""
    if spec.keeps_precise:
        folder = f"{PRIVATE}/precise/{spec.key}"
        shutil.rmtree(spec.study / folder, ignore_errors=True)
        for name, text in tables.items():
            put_private(text, spec.study, f"{folder}/{name}")
