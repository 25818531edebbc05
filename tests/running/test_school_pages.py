"""Pages for schools: files with safe names in private/, two sides of A4, in words that fit what is shown."""

from __future__ import annotations

import json

import pytest

from analysis.errors import StudyError
from analysis.language import Language, spoken
from analysis.running.execution import executed
from analysis.running.school_pages import file_name, page, page_data, pages_of, pictures
from analysis.sections.school_records import school_records
from analysis.staging import Staging
from analysis.study.folder import read_study
from here import in_this_process, run_here
from runs import PROJECT, files_of, tiny_study
from sections.test_school_records import staged


@pytest.fixture(scope="module")
def studied(tmp_path_factory):
    staging = staged(tmp_path_factory.mktemp("pages"), {"A": (9, 5, 6), "B": (7, 2, 6), "C": (12, 4, 1), "D": (3, 1, 0)},
                     hubs={"A": "Tartu", "B": "Tartu"})
    return staging.study, {record["name"]: record for record in school_records(staging, "EE")}


@pytest.mark.parametrize("language", spoken())
def test_every_page_has_at_most_two_sides_in_every_language(studied, language):
    study, records = studied
    for name, sides in (("A", 2), ("Tartu", 2), ("D", 1)):
        assert page(records[name], study, Language(language))[:5] == b"%PDF-"
        assert len(pictures(records[name], study, Language(language))) == sides


def test_a_school_with_too_few_answers_is_told_so_and_why_and_no_number_of_its_own(studied):
    study, records = studied
    data = page_data(records["D"], study, Language())
    assert "Too few teachers answered" in data["intro"][1] and "at least 5" in data["intro"][1]
    assert not any(data[part] for part in ("answered", "scales", "items", "limits"))


def test_what_a_page_says_of_a_scale_is_its_record(studied):
    study, records = studied
    rows = page_data(records["A"], study, Language())["scales"]["rows"]
    cell = records["A"]["scales"][0]["waves"]["pre"]
    assert rows[0]["label"] == "Pedagogical practices"
    assert rows[0]["cells"][0]["mean"].replace("\xa0", " ") == f"{cell['mean']} [{cell['low']} to {cell['high']}]"
    assert rows[0]["cells"][0]["at"] == (cell["mean"] - 1) / 4


def test_a_record_is_made_of_plain_values(studied):
    for record in studied[1].values():
        assert json.loads(json.dumps(record, ensure_ascii=False))["name"] == record["name"]


def test_file_names_can_be_written_everywhere_and_never_meet():
    taken = set()
    names = [file_name({"name": name, "hub": hub}, taken) for name, hub in [
        ("Rakvere / Tartu: kool?", False), ("con", False), ("RAKVERE _ TARTU_ KOOL_", False), ("...", False),
        ("Tartu", True), ("hub - tartu", False), ("სკოლა" * 40, False)]]
    assert names[:6] == ["Rakvere _ Tartu_ kool_.pdf", "_con.pdf", "RAKVERE _ TARTU_ KOOL_ (2).pdf", "_.pdf",
                         "hub - Tartu.pdf", "hub - tartu (2).pdf"]
    assert len(names[6].encode()) < 200


def test_run_puts_them_into_private_and_nothing_of_them_under_reports(tmp_path):
    study = tiny_study(tmp_path / "study")
    old = study / "private" / "schools" / "EE" / "No longer a school.pdf"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"old")
    run = run_here(study, tmp_path / "out", "--country", "EE", "--to", "html", "--schools")
    assert run.status == 0, run.output
    pages = files_of(study / "private" / "schools")
    assert sorted(pages) == [f"EE/School {n}.pdf" for n in range(4)]
    assert not [name for name, content in files_of(run.reports).items()
                if name.endswith("School 0.pdf") or b"School 0" in content]


def test_the_notebook_shows_the_pages_of_one_school(tmp_path):
    study = tiny_study(tmp_path / "study")
    with in_this_process():
        shown = executed(PROJECT / "notebooks" / "school.ipynb",
                         {"study_folder": str(study), "country": "EE", "school": "School 2"})
    outputs = [output for cell in shown.cells for output in cell.get("outputs", [])]
    displayed = [output for output in outputs if "image/png" in output.get("data", {})]
    staging = Staging(read_study(study))
    record = next(one for one in school_records(staging, "EE") if one["name"] == "School 2")
    assert len(displayed) == len(pictures(record, staging.study, Language("en"))) > 0
    with pytest.raises(StudyError, match="no school or hub “School 9”"):
        pages_of(str(study), "EE", "School 9")
