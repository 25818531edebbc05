"""The data dictionary of a country's tables."""

from __future__ import annotations

import re
from pathlib import Path

from analysis import sections
from analysis.language.notes import SENTENCES
from analysis.sections import dictionary
from panels import random_rows, tiny_results

DOCS = (Path(__file__).parents[2] / "docs" / "tables.md").read_text(encoding="utf-8")


def test_every_table_and_column_of_a_country_is_explained(tmp_path):
    pre, post = random_rows(1, {"A": (9, 5, 6), "B": (10, 6, 5)})
    found = tiny_results(tmp_path, *sections.COUNTRY, pre=pre, post=post)
    assert not set(found.tables) - set(dictionary.ROWS)
    assert not {column for name in found.tables for column in found.table(name).columns} - set(dictionary.COLUMNS)


def test_docs_list_every_table_of_a_country_and_every_code_of_a_note():
    named = set(re.findall(r"^\| `(\w+)(?:\.csv)?` \|", DOCS, flags=re.MULTILINE))
    tables = {name for section in sections.COUNTRY for name in getattr(section, "ESTIMATES", {})}
    assert not (tables | set(SENTENCES)) - named
