"""What it takes to reproduce a report: digests of what went in and came out, versions, seed and time."""

from __future__ import annotations

import hashlib
import json
import platform
import re
import subprocess
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.running.inputs import Inputs

PACKAGE = Path(__file__).parents[1]
PROJECT = PACKAGE.parent.parent
DISTRIBUTION = "mentoring-survey-workbench"
REPORTED_PACKAGES = (
    "matplotlib", "nbconvert", "numpy", "pandas", "papermill", "pydantic", "pyreadstat", "python-calamine", "python-docx",
    "rapidfuzz", "scipy", "statsmodels", "typst", "xlsxwriter",
)
MANIFEST = "manifest.json"


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@cache
def code_digest() -> str:
    """One hash over the project's code, its templates and the versions of the packages it stands on."""
    total = hashlib.sha256()
    for path in sorted(PACKAGE.parent.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            total.update(path.relative_to(PACKAGE.parent).as_posix().encode() + b"\0" + path.read_bytes())
    total.update(json.dumps([(name, version(name)) for name in _needed()]).encode())
    return total.hexdigest()


def _needed() -> list[str]:
    """The packages that this one declares that it needs; those that reports tell of where it is not installed."""
    try:
        declared = [text for text in requires(DISTRIBUTION) or () if "extra ==" not in text]
    except PackageNotFoundError:
        return list(REPORTED_PACKAGES)
    return sorted(re.match(r"[\w.-]+", text)[0] for text in declared)


def package_versions() -> dict[str, str]:
    return {name: version(name) for name in REPORTED_PACKAGES}


@cache
def project_version() -> dict[str, str]:
    """The project's version, and the commit of the checkout if git can tell it."""
    try:
        number = version(DISTRIBUTION)
    except PackageNotFoundError:
        number = "unknown"
    try:
        asked = subprocess.run(
            ["git", "-C", str(PROJECT), "rev-parse", "HEAD"], capture_output=True, text=True, timeout=10, check=False)
        commit = asked.stdout.strip() if asked.returncode == 0 else ""
    except (OSError, subprocess.TimeoutExpired):
        commit = ""
    return {"version": number, "commit": commit}


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
