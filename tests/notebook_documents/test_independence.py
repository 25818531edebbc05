"""The package stands on its own: it knows no survey and imports nothing of those who use it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import notebook_documents

PACKAGE = Path(notebook_documents.__file__).parent
OF_SURVEYS = re.compile(r"survey|teacher|school|mentor|respondent|questionnaire|synthetic|european", re.IGNORECASE)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module


def test_nothing_of_the_analysis_is_imported():
    for path in PACKAGE.rglob("*.py"):
        assert not [name for name in imported(path) if name.split(".")[0] in ("analysis", "survey_exports")], path


def test_it_has_no_word_about_surveys():
    for path in [*PACKAGE.rglob("*.py"), *(PACKAGE / "templates").glob("*.*")]:
        if path.suffix != ".docx":
            assert not OF_SURVEYS.findall(path.read_text(encoding="utf-8")), path
