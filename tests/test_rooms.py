"""README's map of src/ is what is there, a room imports only from rooms before it, and no imports run in a circle."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
SOURCE = PROJECT / "src"
PACKAGES = ("analysis", "notebook_documents", "survey_exports")
ENTRANCES = {"analysis", "analysis.__main__"}


def places() -> dict[str, int]:
    """The place in README's map where each room stands, from its first row to its last."""
    table = (PROJECT / "README.md").read_text(encoding="utf-8").partition("| in `src/` | what |")[2].partition("\n\n")[0]
    found = {}
    for line in table.strip().splitlines()[1:]:
        for name in re.findall(r"`([\w/.]+)`", line.split("|")[1]):
            name = name.removesuffix("/").removesuffix(".py").replace("/", ".")
            found[name if name.split(".")[0] in PACKAGES else f"analysis.{name}"] = len(found)
    return found


def room(module: str) -> str:
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "analysis" else parts[0]


@cache
def imports() -> dict[str, set[str]]:
    """For every module the project's modules that it imports, wherever the import stands."""
    paths = {named(path): path for path in sorted(SOURCE.rglob("*.py")) if "new_study" not in path.parts}
    return {name: {target if target in paths else target.rpartition(".")[0] for target in targets(path)} & paths.keys()
            for name, path in paths.items()}


def named(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def targets(path: Path) -> Iterator[str]:
    package = path.relative_to(SOURCE).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = [*package[:len(package) + 1 - node.level], *filter(None, [node.module])] if node.level else [node.module]
            yield from (".".join([*base, alias.name]) for alias in node.names)


def test_the_map_names_every_room_and_no_other():
    folders = {"analysis.new_study", "analysis.lab_settings"}  # have no module
    assert set(places()) == ({room(module) for module in imports()} | folders) - ENTRANCES


def test_no_room_imports_from_one_that_stands_after_it():
    place = places()
    upward = {f"{module} imports {other}" for module, others in imports().items() if room(module) not in ENTRANCES
              for other in others if place.get(room(other), len(place)) > place[room(module)]}
    assert not upward


@pytest.mark.parametrize("package", ["survey_exports", "notebook_documents"])
def test_what_serves_other_projects_imports_nothing_of_this_one(package):
    own = [others for module, others in imports().items() if room(module) == package]
    assert len(own) > 5 and {room(other) for others in own for other in others} == {package}


def test_no_modules_import_each_other_in_a_circle():
    graph = {module: others - {module} for module, others in imports().items() if module not in ENTRANCES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))
