"""From a study folder to report folders: what is to be made, and one report made, whole or not at all."""

from __future__ import annotations

import shutil
import time
import traceback
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from .captions import write_captions
from .documents import write_document
from .documents.about import KEY as ABOUT
from .documents.blocks import blocks
from .execution import NotebookError, executed, without_traces
from .manifest import PROJECT, digest, is_current, provenance, sha256, write_manifest
from .study import Study
from .workbook import write_workbook

NOTEBOOKS = PROJECT / "notebooks"
ACROSS = "across-countries"


class InUseError(Exception):
    """A report folder that the system won't let go, as Windows does with open files."""


@dataclass(frozen=True)
class ReportSpec:
    """All that one worker needs to make one report; plain values and absolute paths, so it can be sent anywhere."""

    key: str
    name: str
    study: Path
    title: str
    notebook: Path
    parameters: dict[str, str]
    inputs: dict[str, str]
    folder: Path
    formats: tuple[str, ...]
    seed: int
    about: dict = field(default_factory=dict)
    template: Path | None = None


@dataclass(frozen=True)
class Result:
    """What became of one report: `status` is made, current or failed; `message` says why it failed."""

    key: str
    name: str
    status: str
    seconds: float = 0.0
    message: str = ""
    detail: str = ""
    folder: Path = Path()


def report_specs(study: Study, out: Path, countries: Iterable[str], formats: tuple[str, ...], across: bool,
                 raw: dict[str, list[str]]) -> list[ReportSpec]:
    """The reports of a study: one per country, and one across countries if asked for.

    `raw` names the raw files of each country, relative to the study folder. Scales and items are shown in the
    language the study was read in.
    """
    settings = study.settings
    base = out.resolve() / study.folder.resolve().name
    codebook = [*study.folder.glob("codebook/*.csv"), *study.folder.glob("codebook/*.xlsx"),
                *study.folder.glob("codebook.xlsx")]
    common = ["study.toml", *(path.relative_to(study.folder).as_posix() for path in codebook)]
    funding = settings.funding.model_dump()
    about = {"study": settings.title, "synthetic": settings.synthetic, "funding": funding, "language": "en"}
    template = study.folder.resolve() / settings.template if settings.template else None
    if template:
        common.append(settings.template)

    shared = {"study_folder": str(study.folder.resolve()), "language": study.codebook.language}

    def spec(key, name, notebook, parameters, files, folder):
        inputs = {file: sha256(study.folder / file) for file in sorted({*common, *files})}
        return ReportSpec(
            key, name, study.folder.resolve(), settings.title, NOTEBOOKS / notebook, {**shared, **parameters}, inputs,
            folder, formats, settings.seed, about, template)

    specs = [
        spec(country, settings.countries[country].name, "country.ipynb", {"country": country}, raw[country],
             base / "countries" / country)
        for country in countries
    ]
    if across:
        every = [file for files in raw.values() for file in files]
        specs.append(spec(ACROSS, "Across countries", "across_countries.ipynb", {}, every, base / ACROSS))
    return specs


def run_report(spec: ReportSpec, on_step: Callable[[str], None] | None = None, force: bool = False,
               token: str = "") -> Result:
    """Make one report. Never raises: what went wrong stands in the result, and the previous report stays.

    `token` names the temporary folder, so that a caller can remove what a killed process left.
    """
    begun = time.perf_counter()
    shown = {**spec.parameters, "study_folder": spec.study.name}
    key = digest(spec.inputs, spec.notebook, {**shown, "formats": list(spec.formats)})
    documents = [f"report.{kind}" for kind in spec.formats]
    if not force and is_current(spec.folder, key, ["notebook.ipynb", *documents]):
        return Result(spec.key, spec.name, "current", folder=spec.folder)

    building = building_folder(spec, token or new_token())
    try:
        building.mkdir(parents=True)
        notebook = executed(spec.notebook, {**spec.parameters, "output_folder": str(building)}, on_step)
        notebook = without_traces(notebook, {**shown, "output_folder": ""})
        if on_step:
            on_step("Documents")
        made = provenance(spec.title, shown, spec.inputs, spec.seed, key)
        notebook.metadata[ABOUT] = {**spec.about, "provenance": made}
        nbformat.write(notebook, building / "notebook.ipynb")
        for kind in spec.formats:
            write_document(kind, notebook, building / f"report.{kind}", spec.template)
        found = blocks(notebook)
        write_captions(building, found)
        write_workbook(building, found)
        write_manifest(building, made)
        _put_in_place(building, spec.folder)
    except NotebookError as error:
        where = f" (under “{error.cell}”)" if error.cell else ""
        return Result(spec.key, spec.name, "failed", time.perf_counter() - begun, f"{error}{where}", error.traceback)
    except InUseError as error:
        return Result(spec.key, spec.name, "failed", time.perf_counter() - begun, str(error), traceback.format_exc())
    except Exception as error:
        return Result(spec.key, spec.name, "failed", time.perf_counter() - begun,
                      f"{type(error).__name__}: {error}", traceback.format_exc())
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return Result(spec.key, spec.name, "made", time.perf_counter() - begun, folder=spec.folder)


def new_token() -> str:
    """A name part for temporary folders that no other run has."""
    return uuid.uuid4().hex[:8]


def building_folder(spec: ReportSpec, token: str) -> Path:
    """Where the report is made before it is put in place; beside its folder, with a dot in front."""
    return spec.folder.with_name(f".{spec.folder.name}-{token}")


def _put_in_place(building: Path, folder: Path) -> None:
    """Swap the finished folder in; the old one goes only after the new one stands."""
    old = folder.with_name(f".{folder.name}-old-{new_token()}")
    if folder.exists():
        try:
            folder.rename(old)
        except PermissionError as error:
            raise InUseError(f"{folder} can't be replaced; close the programs that have one of its files open "
                             "(such as tables.xlsx in Excel) and run again.") from error
    try:
        building.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
