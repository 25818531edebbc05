"""The documents of whole reports: honest, complete, open to everyone, and small enough to send."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
from itertools import pairwise

import openpyxl
import pytest
from docx import Document
from pypdf import PdfReader

from page import Page, page_of
from runs import MARKED, SCRIPT, analysis, tiny_study

RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.fixture(scope="module", params=[
    "countries/EE/report", "countries/EE/annex", "countries/LT/report", "across-countries/report", "across-countries/annex",
])
def page(tiny_run, request):
    return Page((tiny_run.reports / f"{request.param}.html").read_text(encoding="utf-8"))


def test_a_page_needs_nothing_from_outside_and_runs_nothing(page):
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "link", "iframe", "object", "embed", "form", "base"}
    addresses = [attributes.get(name, "") for _, attributes in page.elements for name in ("src", "href", "srcset")]
    assert {address.partition(":")[0] for address in addresses if address and address[0] != "#"} <= {"data"}
    assert not [attributes for _, attributes in page.elements if any(name.startswith("on") for name in attributes)]
    assert "url(" not in page.source and "@import" not in page.source


def test_a_page_shows_no_code(page):
    assert not [tag for tag, _ in page.elements if tag in ("pre", "textarea")]
    for word in ("import ", "read_study", "report.table", "#|", "Parameters", "output_folder"):
        assert word not in page.text


def test_every_figure_is_a_drawing_with_a_description_and_a_name(page):
    for picture in page.inside("img", "main"):
        kind, _, data = picture["src"].partition(";base64,")
        assert kind == "data:image/svg+xml" and base64.b64decode(data).lstrip().startswith(b"<?xml")
        assert len(picture["alt"]) > 20
    captions = {attributes.get("id") for attributes in page.all("figcaption")}
    assert all(figure["aria-labelledby"] in captions for figure in page.all("figure"))
    assert len(captions) == len(page.all("figure")) == len(page.inside("img", "main"))


def test_headings_are_one_title_and_no_level_is_skipped(page):
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(text.strip() for _, text in page.headings)


def test_links_of_the_contents_lead_to_the_headings_and_no_anchor_is_used_twice(page):
    anchors = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(anchors) == len(set(anchors))
    links = [attributes["href"].removeprefix("#") for attributes in page.inside("a", "nav")]
    assert len(links) == len([level for level, _ in page.headings if level == 2])
    assert set(links) <= set(anchors)


def test_the_first_link_skips_to_the_report(page):
    assert page.all("a")[0]["href"] == "#content" and page.all("main")[0]["id"] == "content"


def test_all_text_stands_in_a_landmark_and_each_landmark_has_a_name_of_its_own(page):
    assert page.outside == ""
    assert len(page.all("main")) == len(page.all("header")) == len(page.all("nav")) == 1
    named = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    regions = [(attributes.get("aria-label") or attributes["aria-labelledby"], "aria-labelledby" in attributes)
               for _, attributes in page.elements if attributes.get("role") == "region"]
    assert len(regions) == len(set(regions)) and all(name in named for name, by_id in regions if by_id)


def test_all_that_may_scroll_can_be_reached_with_the_keyboard_and_has_a_name(page):
    scrolls = [attributes for _, attributes in page.elements if attributes.get("class") in ("scroll", "picture")]
    assert scrolls and all(each["tabindex"] == "0" and each["role"] == "region" for each in scrolls)


def test_every_table_has_a_caption_headings_with_scope_and_notes_it_points_to(page):
    tables = page.all("table")
    assert tables and len(tables) == len(page.all("caption"))
    assert {attributes.get("scope") for attributes in page.all("th")} <= {"col", "row", "rowgroup"}
    ids = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    assert {table["aria-describedby"] for table in tables if "aria-describedby" in table} <= ids
    assert not re.search(r"<th[^>]*>\s*</th>", page.source)


def test_a_page_says_its_language_and_is_light_in_a_dark_room(page):
    assert page.all("html")[0]["lang"] == "en"
    metas = {attributes.get("name"): attributes.get("content") for attributes in page.all("meta")}
    assert metas["color-scheme"] == "only light" and metas["viewport"] == "width=device-width, initial-scale=1"
    assert "color-scheme: only light" in page.source and "prefers-color-scheme" not in page.source


@pytest.mark.parametrize(("part", "kinds"), [("report", ("Table", "Figure")), ("annex", ("Annex table", "Annex figure"))])
def test_tables_and_figures_are_numbered_in_order(tiny_run, part, kinds):
    text = (tiny_run.reports / "countries" / "EE" / f"{part}.html").read_text(encoding="utf-8")
    for kind in kinds:
        numbers = [int(number) for number in re.findall(rf"<strong>{kind} (\d+)\.", text)]
        assert numbers == list(range(1, len(numbers) + 1)) and numbers


def test_what_a_text_refers_to_is_named_by_its_number_and_linked_where_it_stands_in_the_same_document(tiny_run):
    folder = tiny_run.reports / "countries" / "EE"
    for part in ("report", "annex"):
        page = Page((folder / f"{part}.html").read_text(encoding="utf-8"))
        assert "@tbl" not in page.text and "@fig" not in page.text
        anchors = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
        assert {attributes["href"].removeprefix("#") for attributes in page.inside("a", "main")} <= anchors
    main = Page((folder / "report.html").read_text(encoding="utf-8"))
    assert re.search(r"Annex table\s\d+", main.text) and re.search(r"Figure\s1 shows .* Table\s2 gives", main.text)


def test_texts_of_the_study_are_shown_as_they_are(tiny_run):
    folder = tiny_run.reports / "countries" / "EE"
    report, annex = (Page((folder / f"{part}.html").read_text(encoding="utf-8")) for part in ("report", "annex"))
    assert f"{SCRIPT} Leadership" in report.text and MARKED in annex.text
    assert report.headings[0] == (1, "Estonia [pilot]: A study") and report.title == "Estonia [pilot]: A study"
    assert page_of(tiny_run.reports / "countries" / "FI").headings[0] == (1, "Suomi & Åland: A study")


def test_funding_and_banner_are_there_only_when_configured(tiny_run, example_run):
    plain = page_of(tiny_run.reports / "countries" / "EE")
    assert "funding" not in plain.text and "Synthetic" not in plain.text and not plain.inside("img", "header")
    funded = page_of(example_run.reports / "countries" / "FI")
    assert "under grant agreement No 101004676." in funded.text
    assert "The Agency is not responsible for any use" in funded.text
    assert "Synthetic data." in funded.text and len(funded.inside("img", "header")) == 1


def test_the_main_report_of_a_country_has_at_most_eight_pages(example_run):
    assert len(PdfReader(example_run.reports / "countries" / "FI" / "report.pdf").pages) <= 8


def test_a_report_stays_small_enough_to_send(example_run):
    assert (example_run.reports / "countries" / "FI" / "report.html").stat().st_size < 5_000_000


@pytest.mark.parametrize(("part", "least"), [
    ("report", {"Table": 2, "Figure": 5}), ("annex", {"Annex table": 15, "Annex figure": 2})])
def test_a_word_report_has_all_its_tables_and_figures_in_order(tiny_run, part, least):
    opened = Document(str(tiny_run.reports / "countries" / "EE" / f"{part}.docx"))
    captions = [each.text for each in opened.paragraphs if each.style.name == "Caption"]
    for kind, fewest in least.items():
        numbers = [int(found[1]) for found in (re.match(rf"{kind} (\d+)\.", text) for text in captions) if found]
        assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) >= fewest


def test_each_place_that_the_strobe_checklist_names_is_a_heading_of_that_document(tiny_run):
    folder = tiny_run.reports / "countries" / "EE"
    pages = {part: Page((folder / f"{part}.html").read_text(encoding="utf-8")) for part in ("report", "annex")}
    headings = {f"{part.capitalize()}: {text}" for part, page in pages.items() for _level, text in page.headings}
    named = set(re.findall(r">((?:Report|Annex): [^<]+)<", pages["annex"].source))
    assert {place.partition(":")[0] for place in named} == {"Report", "Annex"} and named <= headings


def test_a_report_s_workbook_has_a_sheet_for_every_csv_file(tiny_run):
    folder = tiny_run.reports / "countries" / "EE"
    book = openpyxl.load_workbook(folder / "tables.xlsx", read_only=True)
    assert set(book.sheetnames[2:]) == {path.stem for path in (folder / "tables").glob("*.csv")}


def test_the_notebook_alone_makes_one_document_of_report_and_annex(tiny_run, tmp_path):
    folder = tiny_run.reports / "countries" / "EE"
    subprocess.run([sys.executable, "-m", "nbconvert", "--to", "report_html", folder / "notebook.ipynb", "--output-dir",
                    tmp_path], check=True, capture_output=True)
    whole = Page((tmp_path / "notebook.html").read_text(encoding="utf-8"))
    parts = [Page((folder / f"{part}.html").read_text(encoding="utf-8")) for part in ("report", "annex")]
    headings = [text for part in parts for _level, text in part.headings if text != "How this report was made"]
    assert [text for _level, text in whole.headings] == headings and whole.title == parts[0].title
    assert len(whole.all("figure")) == sum(len(part.all("figure")) for part in parts)


@pytest.mark.parametrize("command", ["check", "run"])
def test_a_template_that_can_not_be_used_is_told_before_any_report(tmp_path, command):
    study = tiny_study(tmp_path / "study")
    settings = study / "study.toml"
    settings.write_text('template = "ours.docx"\n' + settings.read_text(encoding="utf-8"), encoding="utf-8")
    template = Document()
    template.part.relate_to("https://example.org/evil.dotm", f"{RELATIONSHIPS}/attachedTemplate", is_external=True)
    template.save(str(study / "ours.docx"))
    ended = analysis(command, study, *(["--out", tmp_path / "out"] if command == "run" else []), cwd=tmp_path)
    assert ended.returncode == 2
    assert "ours.docx refers to something outside of it" in " ".join((ended.stdout + ended.stderr).split())
    assert "Traceback" not in ended.stderr
    assert not list((tmp_path / "out").rglob("report*"))
