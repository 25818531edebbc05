"""The page from which all reports of a study are found."""

from __future__ import annotations

import json

import pytest

from analysis.running.index import write_index
from analysis.study.folder import read_study
from hostile import MARKUP
from page import Page
from runs import SCRIPT, tiny_study

FILES = ("report.html", "report.docx", "report.pdf", "tables.xlsx", "notebook.ipynb", "manifest.json")


@pytest.fixture
def study(tmp_path):
    return tiny_study(tmp_path / "study")


def index(study, out, *places: str, files=FILES) -> Page:
    for place in places:
        folder = out / study.name / place
        folder.mkdir(parents=True)
        for name in files:
            (folder / name).write_text(json.dumps({"time": "2026-11-22T09:05:00+00:00"}), encoding="utf-8")
    return Page(write_index(read_study(study), out).read_text(encoding="utf-8"))


def test_every_file_of_every_report_is_linked_and_nothing_else(study, tmp_path):
    places = ["across-countries", "data-quality", "countries/EE", "countries/LT"]
    page = index(study, tmp_path / "out", *places)
    links = [attributes["href"] for attributes in page.inside("a", "main")]
    assert sorted(links) == sorted(f"{place}/{name}" for place in places for name in FILES)
    assert page.headings == [(1, "A study"), (2, "All countries together"), (3, "Across countries"), (3, "Data quality"),
                             (2, "Each country"), (3, "Estonia [pilot]"), (3, "Lithuania")]
    assert "Made on 2026-11-22 at 09:05 UTC" in page.text


def test_only_the_formats_that_are_there_are_listed(study, tmp_path):
    page = index(study, tmp_path / "out", "countries/FI", files=("report.pdf",))
    assert [attributes["href"] for attributes in page.inside("a", "main")] == ["countries/FI/report.pdf"]
    assert page.headings[1:] == [(2, "Each country"), (3, "Suomi & Åland")]


def test_a_folder_without_a_report_and_a_broken_manifest_do_no_harm(study, tmp_path):
    (tmp_path / "out" / "study" / "countries" / "LT").mkdir(parents=True)
    folder = tmp_path / "out" / "study" / "countries" / "EE"
    folder.mkdir()
    (folder / "report.html").write_text("", encoding="utf-8")
    (folder / "manifest.json").write_text("[", encoding="utf-8")
    page = index(study, tmp_path / "out")
    assert [text for level, text in page.headings if level == 3] == ["Estonia [pilot]"] and "Made on" not in page.text


def test_annexes_and_documents_in_other_languages_are_linked_and_files_of_others_are_not(study, tmp_path):
    made = ("report.html", "report.et.html", "annex.html", "annex.et.html", "datapackage.json")
    page = index(study, tmp_path / "out", "countries/EE", files=(*made, "report (edited 2026-03-02).html", "minutes.txt"))
    links = {attributes["href"].removeprefix("countries/EE/") for attributes in page.inside("a", "main")}
    assert links == set(made) - {"datapackage.json"}
    assert "Report for the browser (HTML) · eesti" in page.text and "Technical annex (HTML)" in page.text


def test_the_change_on_the_primary_scales_stands_above_the_links(study, tmp_path):
    folder = tmp_path / "out" / "study" / "countries" / "EE"
    (folder / "tables").mkdir(parents=True)
    (folder / "report.html").touch()
    columns = "scale,label,n_pre,n_post,n_matched,change,ci_low,ci_high,p,family\n"
    rows = "pedagogy,Practices,90,80,70,0.26,0.15,0.37,< .001,primary\nvision,Visions,90,80,70,0.1,0,0.2,.05,exploratory\n"
    (folder / "tables" / "change.csv").write_text(columns + rows, encoding="utf-8")
    page = index(study, tmp_path / "out")
    assert "Practices: +0.26 [0.15\xa0to\xa00.37]" in page.text and "Visions" not in page.text
    for damaged in ("scale,label\na,b\n", columns + rows.replace("0.15", "low"), "", "\0"):
        (folder / "tables" / "change.csv").write_text(damaged, encoding="utf-8")
        assert "Practices:" not in index(study, tmp_path / "out").text


def test_links_of_one_kind_are_told_apart_by_their_report(study, tmp_path):
    page = index(study, tmp_path / "out", "countries/EE", "countries/FI", files=("report.html",))
    assert "Report for the browser (HTML) · Estonia [pilot]" in page.text
    assert "Report for the browser (HTML) · Suomi & Åland" in page.text


def test_the_page_has_the_look_of_the_reports_with_banner_and_funding(study, tmp_path):
    settings = study / "study.toml"
    extra = '[funding]\nstatement = "Paid by the Union."\nemblem = "eu"\n\n'
    text = settings.read_text(encoding="utf-8")
    text = "synthetic = true\n" + text.replace("[countries.EE]", extra + "[countries.EE]", 1)
    settings.write_text(text, encoding="utf-8")
    page = index(study, tmp_path / "out", "countries/EE")
    assert "Synthetic data." in page.text and "Paid by the Union." in page.text
    assert len(page.inside("img", "header")) == 1 and page.all("html")[0]["lang"] == "en"
    assert not {tag for tag, _ in page.elements} & {"script", "link", "iframe"} and page.outside == ""


@pytest.mark.parametrize("title", [SCRIPT, *MARKUP[:8]])
def test_a_hostile_title_is_only_text(study, tmp_path, title):
    settings = study / "study.toml"
    lines = settings.read_text(encoding="utf-8").splitlines()
    lines = [f"title = {json.dumps(title)}" if line.startswith("title") else line for line in lines]
    settings.write_text("\n".join(lines), encoding="utf-8")
    page = index(study, tmp_path / "out", "countries/EE")
    assert {tag for tag, _ in page.elements} <= set(
        "html head meta title style body a header div h1 strong em code main p h2 ul li h3 span".split())
    assert "javascript" not in "".join(attributes["href"] for attributes in page.all("a"))
