"""The manifest: what it takes to reproduce a report."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

import pytest

from analysis import versions
from analysis.inputs import Inputs
from analysis.running.manifest import digest, is_current, provenance, write_manifest
from analysis.versions import REPORTED_PACKAGES
from runs import files_of
from support import KEY


@pytest.fixture(params=["countries/EE", "across-countries"])
def report(tiny_run, request):
    folder = tiny_run.reports / request.param
    return folder, json.loads((folder / "manifest.json").read_text(encoding="utf-8")), tiny_run.study


def test_every_file_but_the_manifest_is_listed_with_its_hash(report):
    folder, manifest, _ = report
    there = {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
             for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json"}
    assert manifest["files"] == there


def test_every_input_is_listed_with_its_keyed_digest(report):
    folder, manifest, study = report
    raw = ("EE-post", "EE-pre")
    if folder.name == "across-countries":
        raw += ("FI-post", "FI-pre", "LT-post", "LT-pre")
    expected = {"study.toml", *(f"codebook/{name}.csv" for name in ("answers", "items", "scales")),
                *(f"raw/{name}.csv" for name in raw)}
    assert set(manifest["inputs"]) == expected
    for name, known in manifest["inputs"].items():
        assert hmac.new(bytes.fromhex(KEY), (study / name).read_bytes(), "sha256").hexdigest() == known


def test_nothing_published_holds_the_unkeyed_digest_of_an_input_of_its_lines_or_cells_or_the_key(tiny_run):
    inputs = [content for name, content in files_of(tiny_run.study).items() if not name.startswith("private/precise/")]
    lines = [line for content in inputs for line in content.splitlines() if len(line) < 1000]
    guesses = {*inputs, *lines, *(cell for line in lines for cell in line.split(b","))}
    kinds = ("md5", "sha1", "sha256", "blake2b")
    telling = {hashlib.new(kind, guess).hexdigest() for guess in guesses for kind in kinds} | {KEY}
    said = set()
    for path in tiny_run.reports.rglob("*"):
        if path.suffix in (".json", ".html", ".csv", ".ipynb", ".svg"):
            said |= set(re.findall(r"[0-9a-f]{32,}", path.read_text(encoding="utf-8")))
    page = (tiny_run.reports / "countries" / "EE" / "report.html").read_bytes()
    assert hashlib.sha256(page).hexdigest() in said, "digests of what is published are there and found"
    assert not said & telling


def test_title_parameters_versions_seed_and_time_are_told(report):
    folder, manifest, study = report
    country = {} if folder.name == "across-countries" else {"country": "EE"}
    assert manifest["title"] == "A study" and manifest["seed"] == 20230630
    assert manifest["parameters"] == {"study_folder": study.name, "language": "en", **country}
    assert manifest["packages"] == {name: version(name) for name in REPORTED_PACKAGES}
    assert manifest["project"]["version"] == version("mentoring-survey-workbench")
    assert datetime.now(UTC) - timedelta(hours=1) < datetime.fromisoformat(manifest["time"]) <= datetime.now(UTC)


def inputs_of(folder, text, key=b"a key") -> Inputs:
    (folder / "a.csv").write_text(text, encoding="utf-8")
    return Inputs.of(folder, ["a.csv", "b.csv"], (), None, key)


def test_digests_of_inputs_hang_on_the_key_and_a_missing_file_has_none(tmp_path):
    one, other = inputs_of(tmp_path, "0"), inputs_of(tmp_path, "0", b"another key")
    assert one == inputs_of(tmp_path, "0") and one.files["b.csv"] == ""
    assert one.files["a.csv"] != other.files["a.csv"] and one.key_id != other.key_id
    assert one.changed(inputs_of(tmp_path, "1")) == ["a.csv"] and one.changed(one) == []


def test_the_digest_follows_inputs_notebook_and_parameters(tmp_path):
    one, other = tmp_path / "one.ipynb", tmp_path / "other.ipynb"
    one.write_text("1", encoding="utf-8")
    other.write_text("2", encoding="utf-8")
    inputs, changed = inputs_of(tmp_path, "0"), inputs_of(tmp_path, "1")
    same = digest(inputs, one, {"x": 1})
    assert same == digest(inputs, one, {"x": 1})
    assert len({same, digest(changed, one, {"x": 1}), digest(inputs, other, {"x": 1}), digest(inputs, one, {"x": 2})}) == 4


@pytest.mark.parametrize("package", ["beautifulsoup4", "matplotlib", "mistune", "numpy", "python-docx"])
def test_the_digest_of_the_code_follows_every_package_that_shapes_a_report(monkeypatch, package):
    before = versions.code_digest()
    versions.code_digest.cache_clear()
    monkeypatch.setattr(versions, "version", lambda name: "another" if name == package else version(name))
    assert versions.code_digest() != before
    versions.code_digest.cache_clear()


@pytest.mark.parametrize("damage", ["changed", "missing", "no manifest", "broken manifest", "another manifest"])
def test_a_folder_that_is_not_as_it_was_written_is_not_current(tmp_path, damage):
    (tmp_path / "report.html").write_text("page", encoding="utf-8")
    write_manifest(tmp_path, provenance("A study", {}, inputs_of(tmp_path, "0"), 1, "key"))
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
