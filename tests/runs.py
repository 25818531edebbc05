"""A tiny study of several countries, a notebook that stands in for a report's, and runs of the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import numpy as np
from nbformat import v4

from analysis.inputs import Inputs
from analysis.running.reports import ReportSpec
from support import ITEMS, SCALES, study_folder, write_csv

PROJECT = Path(__file__).parents[1]
SCRIPT = "<script>alert(1)</script>"
MARKED = "Leads *all* of_us | [here](http://example.org) # now"
HEADERS = ["code", "school", "submitted", "p1", "p2", "p3", "l1", "gender", "years", "comment"]
COUNTRIES = {"EE": 'name = "Estonia [pilot]"', "FI": 'name = "Suomi & Åland"', "LT": 'name = "Lithuania"'}


@dataclass(frozen=True)
class Run:
    """One run of the command line: the study, the folder that the reports came to, and how it ended."""

    study: Path
    reports: Path
    status: int
    output: str
    cwd: Path


def tiny_study(folder: Path, settings: str = "") -> Path:
    """Estonia and Finland with 24 teachers in 4 schools each, Lithuania before its first answer.

    `settings` are lines at the head of study.toml.
    """
    scales = [[cell if cell != "Leadership" else f"{SCRIPT} Leadership" for cell in row] for row in SCALES]
    items = [[cell if cell != "Leaders support me" else MARKED for cell in row] for row in ITEMS]
    exports = [
        {"country": country, "wave": wave, "file": f"raw/{country}-{wave}.csv"}
        for country in COUNTRIES for wave in ("pre", "post")
    ]
    study_folder(folder, exports, scales=scales, items=items, countries=COUNTRIES, settings=settings)
    draw = np.random.default_rng(7)
    for country in ("EE", "FI"):
        level = draw.integers(2, 4, 24)
        for wave, rise in (("pre", 0), ("post", 1)):
            rows = [answer_row(country, n, level[n] + rise, draw) for n in range(24) if (wave, n) != ("post", 3)]
            write_csv(folder / "raw" / f"{country}-{wave}.csv", [HEADERS, *rows])
    for wave in ("pre", "post"):
        write_csv(folder / "raw" / f"LT-{wave}.csv", [HEADERS])
    return folder


def answer_row(country: str, n: int, level: int, draw: np.random.Generator) -> list[object]:
    likert = [int(np.clip(level + draw.integers(-1, 2), 1, 5)) for _ in range(4)]
    return [f"{country}{n:02d}QX{n * 7:03d}", f"School {n % 4}", f"2022-10-03 09:{n:02d}:11", *likert,
            "Woman" if n % 2 else "Man", 3 + n, f"Private remark of {country} number {n}"]


def analysis(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess:
    """The command line as a user starts it."""
    return subprocess.run(
        [sys.executable, "-m", "analysis", *map(str, arguments)], cwd=cwd,
        env=os.environ | {"PYTHONUTF8": "1"} | environment, capture_output=True, encoding="utf-8",
        errors="replace", timeout=300, check=False)


def stand_in_notebook(path: Path, *cells: str) -> Path:
    """A notebook with the parameters of the country notebook that imports nothing of the project."""
    parameters = v4.new_code_cell(
        'study_folder = ""\ncountry = ""\nlanguage = ""\noutput_folder = ""', metadata={"tags": ["parameters"]})
    saving = v4.new_code_cell(
        "from pathlib import Path\n"
        "if output_folder:\n"
        "    tables = Path(output_folder) / 'tables'\n"
        "    tables.mkdir()\n"
        "    (tables / 'answers.csv').write_text('country,n\\n' + country + ',7\\n', encoding='utf-8')\n"
        "print('a stream')\n"
        "country")
    more = [v4.new_markdown_cell("## The middle"), *map(v4.new_code_cell, cells)]
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    cells_of = [parameters, v4.new_markdown_cell("# The report"), saving, *more]
    nbformat.write(v4.new_notebook(cells=cells_of, metadata={"kernelspec": kernel}), path)
    return path


def spec(key: str, notebook: Path, base: Path, **changes) -> ReportSpec:
    """A report of the stand-in notebook."""
    raw = base / "study" / "raw" / "a.csv"
    raw.parent.mkdir(parents=True, exist_ok=True)
    if not raw.exists():
        raw.write_text("answers", encoding="utf-8")
    given = {
        "key": key, "name": f"Country {key}", "study": base / "study", "title": "A study", "notebook": notebook,
        "parameters": {"study_folder": str(base / "study"), "country": key},
        "inputs": Inputs.of(base / "study", ["raw/a.csv"], (), None, b"a key"), "countries": (), "private_key": b"a key",
        "folder": base / "out" / key, "formats": ("html",), "languages": ("en",), "seed": 1,
        "about": {language: {"study": "A study", "synthetic": False, "funding": {}}
                  for language in changes.get("languages", ("en",))},
    }
    return ReportSpec(**given | changes)


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path there."""
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}
