"""README's map of src/ is what is there, and a room imports only from its own row or from rows above it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[1]
SOURCE = PROJECT / "src"
PACKAGES = ("analysis", "notebook_documents", "survey_exports")
ENTRANCES = {"analysis.__init__", "analysis.__main__"}


def rows() -> dict[str, int]:
    """The row of README's map that each room stands in."""
    table = (PROJECT / "README.md").read_text(encoding="utf-8").partition("| in `src/` | what |")[2].partition("\n\n")[0]
    found = {}
    for row, line in enumerate(table.strip().splitlines()[1:]):
        for name in re.findall(r"`([\w/.]+)`", line.split("|")[1]):
            name = name.removesuffix("/").removesuffix(".py").replace("/", ".")
            found[name if name.split(".")[0] in PACKAGES else f"analysis.{name}"] = row
    return found


def room(module: str) -> str:
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "analysis" else parts[0]


def imports(path: Path) -> Iterator[str]:
    """The rooms that a module imports from, wherever the import stands."""
    package = path.relative_to(SOURCE).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join([*package[: len(package) + 1 - node.level], *filter(None, [node.module])] if node.level else
                            [node.module])
            names = [f"{base}.{alias.name}" for alias in node.names] if base == "analysis" else [base]
        else:
            continue
        yield from (room(name) for name in names if name.split(".")[0] in PACKAGES)


def modules() -> dict[Path, str]:
    return {path: room(".".join(path.relative_to(SOURCE).with_suffix("").parts)) for path in sorted(SOURCE.rglob("*.py"))}


def test_the_map_names_every_room_and_no_other():
    folders = {"analysis.new_study"}  # has no module
    assert set(rows()) == (set(modules().values()) | folders) - ENTRANCES


def test_no_room_imports_from_a_row_below_its_own():
    row = rows()
    upward = {f"{path.relative_to(SOURCE)} imports {other}" for path, own in modules().items() if own not in ENTRANCES
              for other in imports(path) if row.get(other, -1) > row[own]}
    assert not upward
