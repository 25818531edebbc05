"""What `analysis check --json` prints: one object, described in docs/check.md."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict

import pandas as pd

from analysis.checking.inspection import Inspection
from analysis.linking.links import KINDS
from analysis.quality.answers import careless_answers, school_counts
from analysis.quality.findings import Finding
from analysis.responses import ExportRecord

FORMAT = 2


def inspection_json(inspection: Inspection) -> str:
    """The inspection as JSON in ASCII, so that no console can spoil it; what is not known is null."""
    study = inspection.study
    content = {
        "format": FORMAT,
        "study": study.settings.title if study else None,
        "ok": not inspection.issues,
        "issues": [
            {"file": one.file or None, "row": one.row, "column": one.column or None, "message": one.message}
            for one in inspection.issues
        ],
        "unknown_answers": [asdict(one) | {"nearest": one.nearest or None} for one in inspection.unknown],
        "exports": [
            *(_export(export, _missing(inspection, export)) for export in (
                inspection.responses.exports if inspection.responses else ())),
            *(_export(export, None) for export in inspection.with_errors),
        ],
        "countries": _countries(inspection),
        "findings": [_finding(one) for one in inspection.findings],
        "warnings": inspection.warnings,
    }
    return json.dumps(content, indent=1, allow_nan=False)


def _export(export: ExportRecord, missing: list[dict] | None) -> dict:
    """An export without errors, or, where `missing` is None, one of a file with errors as far as it was read."""
    sound = missing is not None
    return {
        "file": export.file, "country": export.country, "wave": export.wave, "iteration": export.iteration,
        "respondents": export.respondents, "language": export.language, "ok": sound,
        "rows": export.rows if sound else None, "dropped": export.dropped,
        "encoding": export.encoding or None, "delimiter": export.delimiter or None, "decimal": export.decimal or None,
        "sheet": export.sheet or None, "recognised": export.recognised, "unread": list(export.unread),
        "suggested": export.suggested,
        "lacking": list(export.lacking), "first_submitted": _time(export.first_submitted),
        "last_submitted": _time(export.last_submitted), "missing": missing,
    }


def _missing(inspection: Inspection, export: ExportRecord) -> list[dict]:
    rows = inspection.missing_in(export)
    return [{"item": row.item, "n": int(row.n), "missing": int(row.missing),
             "share": None if pd.isna(row.share) else float(row.share)} for row in rows.itertuples()]


def _countries(inspection: Inspection) -> list[dict]:
    careless, schools = careless_answers(inspection.panels), school_counts(inspection.panels)
    countries = []
    for (country, iteration), of_country in inspection.panels.items():
        chosen = f"country == {country!r} and iteration == {iteration}"
        of_careless = careless.query(chosen).set_index("wave")
        linked = int((of_country.respondents["pre"].notna() & of_country.respondents["post"].notna()).sum())
        countries.append({
            "country": country, "name": of_country.name, "iteration": iteration,
            "n": {wave: int(n) for wave, n in of_careless["n"].items()},
            "linked": linked,
            "link_rate": {wave: linked / n if n else None for wave, n in of_careless["n"].items()},
            "links": {kind: int(of_country.linked.counts[kind]) for kind in KINDS},
            "straight_liners": {wave: int(n) for wave, n in of_careless["straight_liners"].items()},
            "schools": [
                {"school": row.school or None, "n_pre": int(row.n_pre), "n_post": int(row.n_post),
                 "n_matched": int(row.n_matched)} for row in schools.query(chosen).itertuples()
            ],
            "warnings": of_country.notices,
        })
    return countries


def _finding(finding: Finding) -> dict:
    return {
        "kind": finding.kind, "country": finding.country, "wave": finding.wave or None, "n": int(finding.n),
        "message": finding.message, "study_toml": finding.more or None,
        "rows": [{"file": file, "row": row} for file, row in finding.rows],
    }


def _time(when: dt.datetime | None) -> str | None:
    return when.isoformat(sep=" ") if when else None
