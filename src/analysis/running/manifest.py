"""What it takes to reproduce a report: hashes of what went in and came out, versions, seed and time."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

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
    for path in sorted(PACKAGE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            total.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    total.update(json.dumps(package_versions()).encode())
    return total.hexdigest()


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


def digest(inputs: dict[str, str], notebook: Path, parameters: dict, linking_decisions: str = "") -> str:
    """One hash over all that determines a report: it is up to date while this stays the same.

    `linking_decisions` is the hash of what a person decided about links of the report's countries.
    """
    parts = {"inputs": inputs, "notebook": sha256(notebook), "parameters": parameters, "code": code_digest(),
             "linking_decisions": linking_decisions}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def provenance(
    title: str, parameters: dict, inputs: dict[str, str], seed: int, key: str, linking_decisions: str = ""
) -> dict:
    """What a report is made from and with: all that `manifest.json` says but the files it lists."""
    return {
        "title": title,
        "parameters": parameters,
        "inputs": inputs,
        "linking_decisions": linking_decisions or None,
        "python": platform.python_version(),
        "packages": package_versions(),
        "project": project_version(),
        "seed": seed,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "digest": key,
    }


def write_manifest(folder: Path, made: dict) -> None:
    """Write `manifest.json`: the `provenance`, and the hash of every file in the report's folder."""
    files = {
        path.relative_to(folder).as_posix(): sha256(path)
        for path in sorted(folder.rglob("*")) if path.is_file() and path.name != MANIFEST
    }
    content = json.dumps({**made, "files": files}, indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(content + "\n", encoding="utf-8")


def is_current(folder: Path, key: str, wanted: Iterable[str]) -> bool:
    """Whether the folder holds a report made from just this, complete and as it was written."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return content["digest"] == key and set(wanted) <= set(content["files"]) and all(
            sha256(folder / name) == known for name, known in content["files"].items()
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return False
