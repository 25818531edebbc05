"""datapackage.json: every CSV file of a report with its columns, types and meanings."""

from __future__ import annotations

import csv
import json

from frictionless import validate

from analysis.running.datapackage import write_datapackage


def test_every_file_is_described_with_its_columns(tmp_path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "figures").mkdir()
    (tmp_path / "tables" / "change.csv").write_text(
        "scale,n_pre,change,p\nvision,12,-0.2,< .001\nrest,,1,.5\n", encoding="utf-8")
    (tmp_path / "figures" / "change.csv").write_text("scale,n_pre\n", encoding="utf-8")
    write_datapackage(tmp_path, "A study")
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    table, figure = package["resources"]
    assert (table["path"], figure["path"]) == ("tables/change.csv", "figures/change.csv")
    assert table["name"] != figure["name"] and "scale" in table["description"]
    assert {field["name"]: field["type"] for field in table["schema"]["fields"]} == {
        "scale": "string", "n_pre": "integer", "change": "number", "p": "string"}
    assert all(field["description"] for field in table["schema"]["fields"])
    assert [field["type"] for field in figure["schema"]["fields"]] == ["string", "string"]


def test_a_run_s_package_names_every_table_it_made(tiny_run):
    folder = tiny_run.reports / "countries" / "EE"
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    files = [path for kind in ("tables", "figures") for path in (folder / kind).glob("*.csv")]
    paths = {path.relative_to(folder).as_posix() for path in files}
    assert {resource["path"] for resource in package["resources"]} == paths
    for resource in package["resources"]:
        with (folder / resource["path"]).open(encoding="utf-8", newline="") as file:
            assert next(csv.reader(file)) == [field["name"] for field in resource["schema"]["fields"]]


def test_a_run_s_package_and_all_its_files_are_valid_to_frictionless(tiny_run):
    found = validate(tiny_run.reports / "countries" / "EE" / "datapackage.json")
    assert found.valid, found.flatten(["name", "type", "message"])
    assert found.stats["tasks"] > 10
