"""The template's README: what it tells a newcomer to write is what the study and the codebook take."""

from __future__ import annotations

import re
import tomllib

import pytest

from analysis.responses import read_responses
from analysis.scaffold import TEMPLATE
from analysis.study.codebook import KINDS, RESERVED
from analysis.study.folder import read_study
from analysis.study.settings import Settings
from support import ITEMS, study_folder, write_csv

README = (TEMPLATE / "README.md").read_text(encoding="utf-8")
LINES = re.findall(r"`([^`]+ = [^`]+)` \|$", README, flags=re.MULTILINE)


def test_the_readme_names_every_kind_every_reserved_item_and_every_optional_column():
    optional = ("instrument", "source", "constant", "reversed", "code")
    assert all(f"`{name}`" in README for name in (*KINDS, *optional))
    assert all(f'`"{name}"`' in README for name in RESERVED)


def test_every_setting_is_explained_in_the_readme_or_in_the_template():
    explained = README + (TEMPLATE / "study.toml").read_text(encoding="utf-8")
    assert [key for key in Settings.model_fields if not re.search(rf"\b{key}\b", explained)] == []


@pytest.mark.parametrize("setting", re.findall(r"^- `(.+ = .+)`:", README, flags=re.MULTILINE))
def test_the_settings_of_the_readme_are_taken(tmp_path, setting):
    ((key, given),) = tomllib.loads(setting.replace("practice", "pedagogy")).items()
    study = read_study(study_folder(tmp_path, settings=setting.replace("practice", "pedagogy")))
    assert getattr(study.settings, key) == given


def test_the_lines_of_the_readme_map_headers_to_what_they_hold(tmp_path):
    columns = tomllib.loads("\n".join(LINES))
    assert set(RESERVED) < set(columns.values()) and len(columns) == 6
    items = [["P1" if cell == "p1" else cell for cell in row] for row in ITEMS]
    folder = study_folder(tmp_path, [{"file": "raw/pre.csv", "columns": columns}], items=items)
    cells = {"code": "AB1", "school": "Narva", "submitted": "2023-03-31 14:05", "language": "et", "P1": "4"}
    write_csv(folder / "raw" / "pre.csv", [[*columns], [cells.get(target, "yes") for target in columns.values()]])
    answer = read_responses(read_study(folder)).frame.iloc[0]
    assert (answer["code"], answer["school"], answer["language"]) == ("AB1", "Narva", "et")
    assert (answer["P1"], answer["tools"], answer["submitted"].hour) == (4, "tablet", 14)
