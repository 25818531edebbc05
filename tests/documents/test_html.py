"""The HTML report: readable without anything else and by everyone, honest about what it shows, and safe to open."""

from __future__ import annotations

import base64
import re
from itertools import pairwise

import nbformat
import pytest
from nbconvert.exporters import get_exporter
from nbformat import v4

from analysis.documents.html import write_html
from analysis.documents.shapes import FIGURE_MIME, TABLE_MIME
from hostile import HOSTILE
from page import PNG, SVG, Page, notebook, page_of, shown
from runs import MARKED, SCRIPT

EU = {"statement": "Paid by the Union.", "disclaimer": "Only our view.", "emblem": "eu"}
TABLE = {"headings": ["Scale", "Method", "n"], "rows": [["Vision", "one", "1"], ["", "two", "2"], ["Leading", "one", "3"]],
         "notes": ["Note. n = number.", "ᵃ Few."], "text": [0, 1]}
FIGURE = {"alt": "A curve that rises", "name": "curve", "headings": ["x", "y"], "rows": [["a", "1"]], "width": 80}


@pytest.fixture(scope="module", params=["countries/EE", "countries/LT", "across-countries"])
def page(tiny_run, request):
    return page_of(tiny_run.reports / request.param)


def made(tmp_path, *cells, **about) -> Page:
    write_html(notebook(*cells, **about), tmp_path / "page.html")
    return Page((tmp_path / "page.html").read_text(encoding="utf-8"))


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
    for picture in page.all("img"):
        kind, _, data = picture["src"].partition(";base64,")
        assert kind == "data:image/svg+xml" and base64.b64decode(data).lstrip().startswith(b"<?xml")
        assert len(picture["alt"]) > 20
    captions = {attributes.get("id") for attributes in page.all("figcaption")}
    assert all(figure["aria-labelledby"] in captions for figure in page.all("figure"))
    assert len(captions) == len(page.all("figure")) == len(page.all("img"))


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


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(sign * 2 for sign in colour[1:])
    parts = [int(digits[start:start + 2], 16) / 255 for start in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_letters_stand_out_from_every_background(page):
    colours = dict(re.findall(r"--(\w+): (#\w+)", page.source))
    backgrounds = {colours.get(name or "", colour) for name, colour in re.findall(
        r"background: (?:var\(--(\w+)\)|(#\w+))", page.source)}
    assert {"#fff", "#fff3d6", colours["band"]} <= backgrounds
    for letters in ("ink", "muted", "accent"):
        for background in backgrounds:
            light, dark = luminance(background), luminance(colours[letters])
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (letters, background)


def test_tables_and_figures_are_numbered_in_order(tiny_run):
    text = (tiny_run.reports / "countries" / "EE" / "report.html").read_text(encoding="utf-8")
    for kind in ("Table", "Figure"):
        numbers = [int(number) for number in re.findall(rf"<strong>{kind} (\d+)\.</strong>", text)]
        assert numbers == list(range(1, len(numbers) + 1)) and numbers


def test_texts_of_the_study_are_shown_as_they_are(tiny_run):
    page = page_of(tiny_run.reports / "countries" / "EE")
    assert f"{SCRIPT} Leadership" in page.text and MARKED in page.text
    assert page.headings[0] == (1, "Estonia [pilot]: A study") and page.title == "Estonia [pilot]: A study"
    assert page_of(tiny_run.reports / "countries" / "FI").headings[0] == (1, "Suomi & Åland: A study")


def test_funding_and_banner_are_there_only_when_configured(tiny_run, example_run):
    plain = page_of(tiny_run.reports / "countries" / "EE")
    assert "funding" not in plain.text and "Synthetic" not in plain.text and not plain.all("svg")
    funded = page_of(example_run.reports / "countries" / "FI")
    assert "under grant agreement No 101004676." in funded.text
    assert "The Agency is not responsible for any use" in funded.text
    assert "Synthetic data." in funded.text and len(funded.inside("svg", "header")) == 1


def test_a_report_stays_small_enough_to_send(example_run):
    assert (example_run.reports / "countries" / "FI" / "report.html").stat().st_size < 5_000_000


def test_the_emblem_is_at_least_a_centimetre_high_and_has_a_name(tmp_path):
    page = made(tmp_path, funding={"statement": "", "disclaimer": "", "emblem": "eu"})
    (emblem,) = page.all("svg")
    assert emblem["role"] == "img" and len(emblem["aria-label"]) >= 15
    heights = [float(height) for height in re.findall(r"\.emblem svg \{[^}]*height: ([\d.]+)cm", page.source)]
    assert heights and min(heights) >= 1


def test_the_emblem_is_drawn_to_its_specification(tmp_path):
    page = made(tmp_path, funding=EU)
    (emblem,) = page.all("svg")
    _, _, width, height = map(float, emblem["viewbox"].split())
    stars = [[tuple(map(float, point.split(","))) for point in star["points"].split()] for star in page.all("polygon")]
    assert width / height == 1.5 and len(stars) == 12
    for hour, star in enumerate(stars):
        tips = star[::2]
        x, y = (sum(values) / 5 for values in zip(*tips, strict=True))
        assert all(abs(((tx - x) ** 2 + (ty - y) ** 2) ** 0.5 - height / 18) < 0.01 for tx, ty in tips), hour
        assert abs(((x - width / 2) ** 2 + (y - height / 2) ** 2) ** 0.5 - height / 3) < 0.01
        assert min(star, key=lambda point: point[1])[0] == pytest.approx(x, abs=0.01)
    assert page.all("rect")[0]["fill"] == "#003399" and page.all("g")[0]["fill"] == "#FFCC00"


def test_rows_of_one_name_are_a_group_under_it(tmp_path):
    page = made(tmp_path, shown({TABLE_MIME: TABLE}, "#| tbl-cap: Methods"))
    names = [(cell["scope"], cell.get("rowspan")) for cell in page.inside("th", "tbody")]
    assert names == [("rowgroup", "2"), ("row", None)] and len(page.all("tbody")) == 2
    assert "<em>Note.</em> n = number." in page.source and page.inside("em", "main")


def test_behind_a_figure_is_a_table_of_its_numbers(tmp_path):
    drawn = {"image/png": PNG, "image/svg+xml": SVG}
    page = made(tmp_path, shown(drawn | {FIGURE_MIME: FIGURE}), shown(drawn | {FIGURE_MIME: FIGURE | {"rows": []}}))
    assert len(page.all("figure")) == 2 and len(page.all("details")) == len(page.all("summary")) == 1
    assert len(page.inside("table", "details")) == 1
    assert page.all("figure")[0]["style"] == "--mm: 80"


def test_a_picture_without_a_drawing_is_embedded_as_it_is_and_never_without_a_description(tmp_path):
    page = made(tmp_path, shown({"image/png": PNG}, "#| fig-cap: Ages"), shown({"image/png": PNG}))
    assert [picture["src"] for picture in page.all("img")] == [f"data:image/png;base64,{PNG}"] * 2
    assert [picture["alt"] for picture in page.all("img")] == ["Ages", "Figure 2"]


def test_html_in_text_tables_and_captions_is_shown_not_run(tmp_path):
    table = {"headings": [SCRIPT], "rows": [[SCRIPT]], "notes": [SCRIPT], "text": [0]}
    page = made(
        tmp_path, v4.new_markdown_cell(f"# {SCRIPT}\n\n{SCRIPT}\n\n[a](javascript:alert(1))"),
        shown({TABLE_MIME: table}, source=f"#| tbl-cap: {SCRIPT}"),
        shown({"image/png": PNG, FIGURE_MIME: {"alt": f'"{SCRIPT}'}}),
        study=SCRIPT, funding={"statement": SCRIPT, "disclaimer": "", "emblem": ""})
    assert page.title == SCRIPT
    assert not page.all("script") and page.text.count(SCRIPT) == 8
    assert page.all("img")[0]["alt"] == f'"{SCRIPT}'
    assert not [link for link in page.all("a") if link["href"].startswith("javascript")]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_makes_no_element(tmp_path, text):
    table = TABLE | {"headings": [text, "b", "c"], "rows": [[text, text, text]], "notes": [text]}
    figure = FIGURE | {"alt": text, "headings": [text, text], "rows": [[text, text]]}

    def elements(word):
        swap = {text: word}
        cells = [
            shown({TABLE_MIME: {key: [[swap.get(c, c) for c in row] if isinstance(row, list) else swap.get(row, row)
                                      for row in value] for key, value in table.items()} | {"subject": word}}),
            shown({"image/png": PNG, FIGURE_MIME: figure | {
                "alt": word, "subject": word, "headings": [word, word], "rows": [[word, word]]}}),
        ]
        about = {"study": word, "funding": EU | {"statement": word, "disclaimer": word}, "synthetic": True}
        return [tag for tag, _ in made(tmp_path, v4.new_markdown_cell("# A title"), *cells, **about).elements]

    assert elements(text) == elements("harmless")


def test_a_researcher_s_own_notebook_becomes_a_page(tmp_path):
    frame = "<table><thead><tr><th></th><th>n</th></tr></thead><tbody><tr><th>a</th><td>1</td></tr></tbody></table>"
    own = v4.new_notebook(cells=[
        v4.new_markdown_cell("# Mine\n\nText with `code`, ~~old~~ and a [link](https://example.org).\n\n"
                             "| a | b | |\n|---|---|---|\n| 1 | 2 | 3 |\n\nA heading\n---------\n\n![pic](https://example.org/x.png)"),
        v4.new_markdown_cell("# Second"),
        shown({"text/html": frame, "text/plain": "n"}, "#| tbl-cap: A frame"),
        shown({"image/png": PNG, "text/plain": "<Figure>"}, "#| fig-cap: A plot\n#| fig-alt: It rises from 1 to 2"),
    ])
    nbformat.write(own, tmp_path / "own.ipynb")
    text, resources = get_exporter("analysis_html")().from_filename(str(tmp_path / "own.ipynb"))
    page = Page(text)
    assert resources["output_extension"] == ".html" and page.title == "Mine"
    assert page.headings == [(1, "Mine"), (2, "Second")]
    assert [picture["alt"] for picture in page.all("img")] == ["It rises from 1 to 2"]
    assert len(page.all("table")) == 2 and all(cell["scope"] for cell in page.all("th"))
    assert [each["aria-label"] for _, each in page.elements if each.get("aria-label", "").startswith("Table")] == [
        "Table: a, b"]
    assert "pic (https://example.org/x.png)" in page.text and not page.all("header")[0].get("class")


def test_a_title_that_begins_like_a_list_stays_a_title(tmp_path):
    page = made(tmp_path, v4.new_markdown_cell("# 2022. *Before* and after"))
    assert page.headings == [(1, "2022. Before and after")] == [(1, page.title)] and not page.all("ol")


def test_a_notebook_without_a_heading_has_a_title_all_the_same(tmp_path):
    assert made(tmp_path, v4.new_markdown_cell("only text")).headings == [(1, "Report")]
