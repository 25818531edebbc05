"""Notes are codes; each has a sentence in the catalogue and a line in docs/tables.md."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

from analysis.language import Language
from analysis.language.notes import SENTENCES

PROJECT = Path(__file__).parents[2]


class Unfilled(Language):
    """Says messages as they stand in the catalogue."""

    def __call__(self, message, **values):
        return message

    def plural(self, one, many, n, **values):
        return many


def sentences() -> dict[str, str]:
    """The sentence of every code, its values still in braces."""
    return {code: said(Unfilled(), **dict.fromkeys(list(inspect.signature(said).parameters)[1:], "2"))
            for code, said in SENTENCES.items()}


def used_codes() -> dict[str, set[str]]:
    """Every code that the package makes a note of, with the names of its values."""
    found: dict[str, set[str]] = {}
    for path in (PROJECT / "src" / "analysis").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "note":
                assert isinstance(node.args[0], ast.Constant), f"{path.name}, line {node.lineno}: write the code out"
                found.setdefault(node.args[0].value, set()).update(value.arg for value in node.keywords)
    return found


def test_every_note_has_a_sentence_that_takes_its_values_and_every_sentence_a_note():
    takes = {code: set(list(inspect.signature(said).parameters)[1:]) for code, said in SENTENCES.items()}
    assert used_codes() == takes


def test_the_list_of_notes_in_the_docs_is_that_of_the_code():
    text = (PROJECT / "docs" / "tables.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", text.partition("## Notes")[2], re.MULTILINE))
    said = sentences()
    assert listed == said, "\n".join(f"| `{code}` | {said[code]} |" for code in said)
