"""From a study folder to report folders: what is to be made, and one report made, whole or not at all."""

from __future__ import annotations

import html
import shutil
import time
import traceback
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import nbformat
import pandas as pd
import xlsxwriter

from .documents import WRITERS
from .documents.blocks import Block, Figure, Table, blocks
from .execution import NotebookError, executed, without_traces
from .manifest import PROJECT, digest, is_current, sha256, write_manifest
from .study import Study

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

    `raw` names the raw files of each country, relative to the study folder.
    """
    settings = study.settings
    base = out.resolve() / study.folder.resolve().name
    codebook = [*study.folder.glob("codebook/*.csv"), *study.folder.glob("codebook/*.xlsx"),
                *study.folder.glob("codebook.xlsx")]
    common = ["study.toml", *(path.relative_to(study.folder).as_posix() for path in codebook)]
    about = {"title": "", "study": settings.title, "synthetic": settings.synthetic, "funding": _funding(study)}

    def spec(key, name, notebook, parameters, files, folder):
        inputs = {file: sha256(study.folder / file) for file in sorted({*common, *files})}
        return ReportSpec(
            key, name, study.folder.resolve(), settings.title, NOTEBOOKS / notebook,
            {"study_folder": str(study.folder.resolve()), **parameters}, inputs, folder, formats, settings.seed, about)

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
        nbformat.write(notebook, building / "notebook.ipynb")
        for kind in spec.formats:
            WRITERS[kind](notebook, building / f"report.{kind}", spec.about)
        found = blocks(notebook)
        _write_captions(building, found)
        _write_workbook(building, found)
        write_manifest(building, spec.title, shown, spec.inputs, spec.seed, key)
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


def _write_captions(folder: Path, found: list[Block]) -> None:
    """`figures/captions.csv`: the number, file, caption and alternative text of every figure."""
    rows = [[block.number, f"{block.name}.png", block.caption, block.alt] for block in found if isinstance(block, Figure)]
    if rows:
        pd.DataFrame(rows, columns=["figure", "file", "caption", "alt"]).to_csv(
            folder / "figures" / "captions.csv", index=False, encoding="utf-8", lineterminator="\n")


def _write_workbook(folder: Path, found: list[Block]) -> None:
    """All tables of the report in one Excel file, a sheet each, in the report's order after a sheet of contents."""
    captions = {block.name: (f"Table {block.number}", block.caption) for block in found if isinstance(block, Table)}
    paths = {path.stem: path for path in sorted((folder / "tables").glob("*.csv"))}
    order = [name for name in captions if name in paths] + [name for name in paths if name not in captions]
    contents = pd.DataFrame(
        [[name, *captions.get(name, ("", ""))] for name in order], columns=["sheet", "in the report", "what"])
    with xlsxwriter.Workbook(folder / "tables.xlsx", {"nan_inf_to_errors": False}) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})  # the same tables make the same file
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        _write_sheet(book, head, "contents", contents)
        for name in order:
            table = pd.read_csv(paths[name], keep_default_na=False, na_values=[""], encoding="utf-8")
            _write_sheet(book, head, name, table)


def _write_sheet(book: xlsxwriter.Workbook, head, title: str, table: pd.DataFrame) -> None:
    sheet = book.add_worksheet(title[:31])
    sheet.freeze_panes(1, 1)
    for column, name in enumerate(table.columns):
        width = max([len(str(name)), *(len(str(cell)) for cell in table[name].head(200) if cell == cell)])
        sheet.set_column(column, column, min(max(8, width if table[name].dtype.kind in "OT" else 10), 60))
        sheet.write_string(0, column, name, head)
        for row, cell in enumerate(table[name], start=1):
            if cell != cell:
                continue
            if isinstance(cell, str):
                sheet.write_string(row, column, cell)
            else:
                sheet.write_number(row, column, float(cell))


def write_index(study: Study, out: Path) -> Path:
    """`index.html` of the study: a link to every report that is there."""
    base = out.resolve() / study.folder.resolve().name
    names = {key: country.name for key, country in study.settings.countries.items()}
    places = [(ACROSS, "Across countries"), *((f"countries/{key}", name) for key, name in names.items())]
    items = []
    for place, name in places:
        documents = sorted((base / place).glob("report.*"))
        if documents:
            links = ", ".join(f'<a href="{place}/{path.name}">report ({path.suffix[1:].upper()})</a>' for path in documents)
            items.append(f'<li><strong>{html.escape(name)}</strong>: {links}, '
                         f'<a href="{place}/tables.xlsx">tables (Excel)</a></li>')
    banner = "<p><strong>Synthetic data.</strong></p>" if study.settings.synthetic else ""
    title = html.escape(study.settings.title)
    page = (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<style>body{font:16px/1.6 "Segoe UI",Arial,"DejaVu Sans",sans-serif;max-width:44rem;margin:2rem auto;'
        f'padding:0 1rem}}</style></head>\n<body><h1>{title}</h1>{banner}\n<ul>\n' + "\n".join(items)
        + "\n</ul></body></html>\n"
    )
    base.mkdir(parents=True, exist_ok=True)
    temporary = base / f".index-{uuid.uuid4().hex[:8]}"
    temporary.write_text(page, encoding="utf-8")
    temporary.replace(base / "index.html")
    return base / "index.html"


def _funding(study: Study) -> dict | None:
    funding = study.settings.funding
    if not (funding.statement or funding.emblem):
        return None
    return {"statement": funding.statement, "disclaimer": funding.disclaimer, "emblem": funding.emblem}
