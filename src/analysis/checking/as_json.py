"""What `analysis check --json` prints: one object, described in docs/check.md."""

from __future__ import annotations

import datetime as dt
import json

from analysis.checking.inspection import Inspection
from analysis.language import Language
from analysis.language.notes import of_scales
from analysis.linking.links import KINDS
from analysis.quality.answers import school_counts, straight_liners
from analysis.responses import ExportRecord
from analysis.scales import Panel

FORMAT = 2


def inspection_json(inspection: Inspection) -> str:
    """The inspection as JSON in ASCII, so that no console can spoil it; what is not known is null."""
    study, responses = inspection.study, inspection.responses
    content = {
        "format": FORMAT,
        "study": study.settings.title if study else None,
        "ok": not inspection.issues,
        "issues": [vars(one) for one in inspection.issues],
        "unknown_answers": [vars(one) for one in inspection.unknown],
        "exports": [
            *(_export(export, inspection.missing_in(export).to_dict("records"))
              for export in (responses.exports if responses else ())),
            *(_export(export, None) | {"rows": None} for export in inspection.with_errors),
        ],
        "countries": [_country(panel) for panel in inspection.panels.values()],
        "findings": [
            {"kind": one.kind, "country": one.country, "wave": one.wave, "n": one.n, "message": one.message,
             "study_toml": one.more, "rows": [{"file": file, "row": row} for file, row in one.rows]}
            for one in inspection.findings
        ],
        "warnings": inspection.warnings,
    }
    return json.dumps(_with_nulls(content), indent=1, allow_nan=False)


def _export(export: ExportRecord, missing: list[dict] | None) -> dict:
    """An export without errors, or, where `missing` is None, one of a file with errors as far as it was read."""
    return vars(export) | {"ok": missing is not None, "missing": missing}


def _country(panel: Panel) -> dict:
    careless, schools = straight_liners(panel), school_counts(panel)
    linked = int(schools["n_matched"].sum())
    return {
        "country": panel.country, "name": panel.name, "iteration": panel.population.iteration,
        "n": {wave: n for wave, (_flagged, n) in careless.items()},
        "linked": linked,
        "link_rate": {wave: linked / n if n else None for wave, (_flagged, n) in careless.items()},
        "links": {kind: int(panel.linked.counts[kind]) for kind in KINDS},
        "straight_liners": {wave: flagged for wave, (flagged, _n) in careless.items()},
        "schools": schools.to_dict("records"),
        "warnings": of_scales(panel.notices, panel.study.codebook.label, Language()),
    }


def _with_nulls(value):
    """The same in lists and dictionaries, null where a text is empty or a number is nan, times as ISO 8601 has them."""
    if isinstance(value, dict):
        return {key: _with_nulls(own) for key, own in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_nulls(own) for own in value]
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    return None if value == "" or value != value else value
