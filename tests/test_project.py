"""The project's own files hold together."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
CONDA_NAMES = {"matplotlib-base": "matplotlib", "typst-py": "typst"}


def requirement(text: str) -> tuple[str, frozenset[str]]:
    name, bounds = re.fullmatch(r"([\w.-]+?)\s*((?:[<>=!~].*)?)", text.strip()).groups()
    return CONDA_NAMES.get(name.lower(), name.lower()), frozenset(filter(None, bounds.replace(" ", "").split(",")))


USED_OTHERWISE = {
    "ipykernel": "runs the notebooks", "jsonschema": "is capped, since later ones make every Jupyter process slow",
    "nbstripout": "empties notebooks before they are committed",
    "odfpy": "writes spreadsheets for pandas", "pytest-xdist": "runs tests side by side", "ruff": "checks the code",
}
"""Declared packages that no file imports, and why they are declared all the same."""


@pytest.fixture(scope="module")
def pyproject():
    return tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_environment_yml_names_the_same_packages_as_pyproject(pyproject):
    lines = (PROJECT / "environment.yml").read_text(encoding="utf-8").split("dependencies:")[1].splitlines()
    conda = {requirement(line.strip("- ")) for line in lines if re.match(r"  - [a-z].*[a-z0-9]$", line)}
    wanted = {requirement(text) for text in pyproject["dependencies"] + pyproject["optional-dependencies"]["dev"]}
    extra = {("python", frozenset([pyproject["requires-python"]])), ("pip", frozenset())}
    assert conda == wanted | extra


def imported(*places: str) -> set[str]:
    """The distributions that the Python files and notebooks below folders of the project import."""
    code = [path.read_text(encoding="utf-8") for place in places for path in (PROJECT / place).rglob("*.py")]
    for path in (path for place in places for path in (PROJECT / place).rglob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code += ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    names: set[str] = set()
    for node in (node for text in code for node in ast.walk(ast.parse(text))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module.split(".")[0])
    distributions = packages_distributions()
    return {distribution.lower() for name in names - sys.stdlib_module_names for distribution in distributions.get(name, ())
            if distribution.lower() != "mentoring-survey-workbench"}


def test_what_is_declared_is_what_is_imported(pyproject):
    for_users = {requirement(text)[0] for text in pyproject["dependencies"]}
    for_developers = {requirement(text)[0] for text in pyproject["optional-dependencies"]["dev"]}
    assert imported("src", "notebooks") == for_users - USED_OTHERWISE.keys()
    assert imported("tests", "benchmarks", "example") - for_users == for_developers - USED_OTHERWISE.keys()
    assert USED_OTHERWISE.keys() <= for_users | for_developers


def test_every_package_of_pyproject_is_pinned_in_the_lock_with_hashes(pyproject):
    lock = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    pinned = re.findall(r"^([\w.-]+)==\S+.*\\\n\s+--hash=sha256:", lock, flags=re.MULTILINE)
    wanted = pyproject["dependencies"] + pyproject["optional-dependencies"]["dev"]
    assert {requirement(text)[0] for text in wanted} <= {name.lower() for name in pinned}
    assert len(pinned) == len(re.findall(r"^[\w.-]+==", lock, flags=re.MULTILINE))


def test_the_lock_names_no_index():
    lock = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "index-url" not in lock


@pytest.mark.parametrize("path", sorted((PROJECT / "notebooks").glob("*.ipynb")), ids=lambda path: path.name)
def test_notebooks_are_committed_without_outputs(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells)


def git(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(["git", "-C", str(PROJECT), *arguments], capture_output=True, text=True, check=False)


@pytest.mark.skipif(not (PROJECT / ".git").exists(), reason="not a git checkout")
@pytest.mark.parametrize("path, ignored", [
    ("data/our-study/raw/estonia.csv", True),
    ("data/our-study/study.toml", True),
    ("data/example/private/linking-review.csv", True),
    ("data/example/raw/estonia-pre.csv", False),
    ("reports/example/countries/EE/report.html", True),
    ("src/analysis/study.py", False),
])
def test_git_ignores_every_study_but_the_example_and_every_report(path, ignored):
    assert (git("check-ignore", "--no-index", "-q", path).returncode == 0) == ignored


def test_make_bat_has_the_targets_of_the_makefile():
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^(setup|reports|test|benchmarks):", makefile, flags=re.MULTILINE))
    assert targets == {"setup", "reports", "test", "benchmarks"}
    assert targets <= set(re.findall(r'if "%1"=="(\w+)"', (PROJECT / "make.bat").read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", sorted((PROJECT / "docs").glob("*.md")), ids=lambda path: path.name)
def test_tests_and_files_that_the_docs_name_are_there(path):
    text = path.read_text(encoding="utf-8")
    tests = "".join(each.read_text(encoding="utf-8") for each in (PROJECT / "tests").rglob("*.py"))
    named = {name for name in re.findall(r"`(test_\w+[a-z])[`\[]", text) if not re.search(rf"def {name}\(", tests)}
    files = {name for name in re.findall(r"\b((?:tests|src|notebooks|benchmarks)/[\w/.]+\.(?:py|R|md|csv|ipynb))", text)
             if not (PROJECT / name).is_file()}
    links = {link for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text) if not (path.parent / link).exists()}
    assert not named | files | links
