"""`datapackage.json`: what each table of a report is, for programs (Frictionless Data Package 1.0)."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

from analysis.sections.dictionary import COLUMNS, ROWS

FILE = "datapackage.json"
INTEGER, NUMBER = re.compile(r"[-+]?\d+"), re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")


def write_datapackage(folder: Path, title: str) -> None:
    """Describe every CSV file of the report in `folder`: its columns, their types and meanings."""
    files = [*sorted(folder.glob("tables/*.csv")), *sorted(folder.glob("figures/*.csv"))]
    name = re.sub(r"[^a-z0-9._-]+", "-", folder_name(folder))
    package = {"profile": "tabular-data-package", "name": name, "title": title,
               "resources": [_resource(path, folder) for path in files]}
    (folder / FILE).write_text(json.dumps(package, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def folder_name(folder: Path) -> str:
    """The report's name in lower case, without what a folder in the making has around it."""
    return folder.name.lstrip(".").partition(".building-")[0].casefold()


def _resource(path: Path, folder: Path) -> dict:
    with path.open(encoding="utf-8", newline="") as file:
        headings, *rows = csv.reader(file)
    columns = zip(*rows, strict=True) if rows else [()] * len(headings)
    fields = [{"name": name, "type": _type(cells)} | ({"description": COLUMNS[name]} if name in COLUMNS else {})
              for name, cells in zip(headings, columns, strict=True)]
    place = path.relative_to(folder)
    meaning = ROWS.get(path.stem, "") if place.parts[0] == "tables" else ""
    return {"name": f"{place.parts[0]}-{path.stem}".casefold(), "path": place.as_posix(),
            "profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
            **({"description": f"One row is {meaning}."} if meaning else {}),
            "schema": {"fields": fields, "missingValues": [""]}}


def _type(cells: tuple[str, ...]) -> str:
    given = [cell for cell in cells if cell]
    for name, pattern in (("integer", INTEGER), ("number", NUMBER)):
        if given and all(pattern.fullmatch(cell) for cell in given):
            return name
    return "string"
