"""The manifest: what it takes to reproduce a report."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

import pytest

from analysis.running.manifest import REPORTED_PACKAGES, digest, is_current, provenance, write_manifest


@pytest.fixture(params=["countries/EE", "across-countries"])
def report(tiny_run, request):
    folder = tiny_run.reports / request.param
    return folder, json.loads((folder / "manifest.json").read_text(encoding="utf-8")), tiny_run.study


def test_every_file_but_the_manifest_is_listed_with_its_hash(report):
    folder, manifest, _ = report
    there = {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
             for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json"}
    assert manifest["files"] == there


def test_every_input_is_listed_with_its_hash(report):
    folder, manifest, study = report
    raw = ("EE-post", "EE-pre")
    if folder.name == "across-countries":
        raw += ("FI-post", "FI-pre", "LT-post", "LT-pre")
    expected = {"study.toml", *(f"codebook/{name}.csv" for name in ("answers", "items", "scales")),
                *(f"raw/{name}.csv" for name in raw)}
    assert set(manifest["inputs"]) == expected
    for name, known in manifest["inputs"].items():
        assert hashlib.sha256((study / name).read_bytes()).hexdigest() == known


def test_title_parameters_versions_seed_and_time_are_told(report):
    folder, manifest, study = report
    country = {} if folder.name == "across-countries" else {"country": "EE"}
    assert manifest["title"] == "A study" and manifest["seed"] == 20230630
    assert manifest["parameters"] == {"study_folder": study.name, "language": "en", **country}
    assert manifest["packages"] == {name: version(name) for name in REPORTED_PACKAGES}
    assert manifest["project"]["version"] == version("mentoring-survey-workbench")
    assert datetime.now(UTC) - timedelta(hours=1) < datetime.fromisoformat(manifest["time"]) <= datetime.now(UTC)


def test_the_digest_follows_inputs_notebook_and_parameters(tmp_path):
    one, other = tmp_path / "one.ipynb", tmp_path / "other.ipynb"
    one.write_text("1", encoding="utf-8")
    other.write_text("2", encoding="utf-8")
    same = digest({"a": "0"}, one, {"x": 1})
    assert same == digest({"a": "0"}, one, {"x": 1})
    assert len({same, digest({"a": "1"}, one, {"x": 1}), digest({"a": "0"}, other, {"x": 1}),
                digest({"a": "0"}, one, {"x": 2})}) == 4


@pytest.mark.parametrize("damage", ["changed", "missing", "no manifest", "broken manifest", "another manifest"])
def test_a_folder_that_is_not_as_it_was_written_is_not_current(tmp_path, damage):
    (tmp_path / "report.html").write_text("page", encoding="utf-8")
    write_manifest(tmp_path, provenance("A study", {}, {}, 1, "key"))
    assert is_current(tmp_path, "key", ["report.html"])
    assert not is_current(tmp_path, "other key", ["report.html"])
    assert not is_current(tmp_path, "key", ["report.html", "report.docx"])
    if damage == "changed":
        (tmp_path / "report.html").write_text("another page", encoding="utf-8")
    elif damage == "missing":
        (tmp_path / "report.html").unlink()
    elif damage == "no manifest":
        (tmp_path / "manifest.json").unlink()
    else:
        text = "{" if damage == "broken manifest" else "[1]"
        (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    assert not is_current(tmp_path, "key", ["report.html"])
