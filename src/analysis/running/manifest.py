"""What it takes to reproduce a report: digests of what went in and came out, versions, seed and time."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from analysis.inputs import Inputs
from analysis.versions import code_digest, package_versions, project_version

MANIFEST = "manifest.json"


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digest(inputs: Inputs, notebook: Path, parameters: dict) -> str:
    """One hash over all that determines a report: it is up to date while this stays the same."""
    parts = {"inputs": asdict(inputs), "notebook": sha256(notebook), "parameters": parameters, "code": code_digest()}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def provenance(title: str, parameters: dict, inputs: Inputs, seed: int, made_of: str) -> dict:
    """What a report is made from and with: all that `manifest.json` says but the files it lists.

    `made_of` is the report's `digest`.
    """
    return {
        "title": title,
        "parameters": parameters,
        "inputs": inputs.files,
        "linking_decisions": inputs.decisions or None,
        "key_id": inputs.key_id,
        "python": platform.python_version(),
        "packages": package_versions(),
        "project": project_version(),
        "seed": seed,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "digest": made_of,
    }


def write_manifest(folder: Path, made: dict, others: Iterable[str] = ()) -> None:
    """Write `manifest.json`: the `provenance`, and the hash of every file in the report's folder but those of `others`."""
    files = {
        path.relative_to(folder).as_posix(): sha256(path)
        for path in sorted(folder.rglob("*")) if path.is_file() and path.name != MANIFEST
    }
    for name in others:
        del files[name]
    content = json.dumps({**made, "files": files}, indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(content + "\n", encoding="utf-8")


def is_current(folder: Path, made_of: str, wanted: Iterable[str]) -> bool:
    """Whether the folder holds a report made from just this, complete and as it was written."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return content["digest"] == made_of and set(wanted) <= set(content["files"]) and all(
            sha256(folder / name) == known for name, known in content["files"].items()
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return False
