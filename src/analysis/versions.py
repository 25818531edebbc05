"""What the project is made of: its code, its version and the packages it stands on."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

PACKAGE = Path(__file__).parent
PROJECT = PACKAGE.parent.parent
DISTRIBUTION = "mentoring-survey-workbench"
REPORTED_PACKAGES = (
    "matplotlib", "nbconvert", "numpy", "pandas", "papermill", "pydantic", "pyreadstat", "python-calamine", "python-docx",
    "rapidfuzz", "scipy", "statsmodels", "typst", "xlsxwriter",
)


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
