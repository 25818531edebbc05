"""Nothing that tells a person leaves the study folder: texts are planted where partners have them, and looked for."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pypdf
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from analysis.cli import FORMATS
from canaries import places
from here import run_here
from runs import HEADERS, Run, answer_row
from support import study_folder, write_csv, write_sav, write_xlsx

COUNTRIES = {"EE": "csv", "FI": "xlsx", "LT": "sav"}
SCHOOLS = ["Zqkuldnokk", "Zqpääsuke", "Zqrästas", "Zqtihane"]
PERSONAL = ["Email", "Name", "IP address", "tools[other]", "Kommentaar"]
EMPTY_WAVES = {("pre", 5), ("post", 3)}


def personal(country: str, wave: str, n: int) -> dict[str, str]:
    """What a survey tool's export may hold of one respondent beside the answers."""
    own = f"{country.lower()}{wave}{n:02d}"
    return {
        "Email": f"zqmail{own}@canary.example",
        "Name": f"Zqname {own} Zqsurname",
        "IP address": f"198.51.100.{n}{len(country)}7",
        "tools[other]": f"zqother {own}",
        "Kommentaar": f"zqunread {own}",
    }


def planted_row(country: str, wave: str, n: int, draw: np.random.Generator) -> tuple[list, set[str]]:
    row = answer_row(country, n, int(draw.integers(2, 4)) + (wave == "post"), draw)
    code = f"zqcode{country.lower()}{n:02d}".upper() if wave == "pre" else f"zqcode{country.lower()}{n:02d}"
    if (wave, n) == ("post", 7):
        code = code[:-1] + "x"  # a slip of the pen: linked as nearly equal, or not at all
    spelling = SCHOOLS[n % 4] if wave == "pre" else SCHOOLS[n % 4].upper() if n % 3 else f"{SCHOOLS[n % 4]} Kool"
    row[0], row[1], row[-1] = code, spelling, f"zqremark {country} {wave} {n}, a long private sentence"
    extra = personal(country, wave, n)
    return [*row, *extra.values()], {code, *extra.values(), row[-1]}


def planted_study(folder: Path) -> set[str]:
    """A study with canaries in every place, in three formats; returns them."""
    canaries = set(SCHOOLS) | {"zqcode", "zqmail", "zqname", "zqother", "zqunread", "zqremark", "canary.example"}
    draw = np.random.default_rng(5)
    exports = []
    for country, kind in COUNTRIES.items():
        for wave in ("pre", "post"):
            rows = []
            for n in range(24):
                if (wave, n) not in EMPTY_WAVES:
                    row, own = planted_row(country, wave, n, draw)
                    rows.append(row)
                    canaries |= own
            rows.append(list(rows[0]))  # sent twice
            again = list(rows[1])
            again[3] = 1 + int(again[3]) % 5
            rows.append(again)  # sent again, with another answer
            nameless = list(rows[2])
            nameless[0], nameless[1] = "", ""
            rows.append(nameless)
            file = f"raw/{country}-{wave}.{kind}"
            exports.append({"country": country, "wave": wave, "file": file})
            write(folder / file, [*HEADERS, *PERSONAL], rows)
    schools = "\n".join(f'[countries.KEY.schools."{name}"]\nalso = ["{name} Kool"]' for name in SCHOOLS)
    countries = {key: f'name = "Country {key}"\n{schools.replace("KEY", key)}' for key in COUNTRIES}
    study_folder(folder, exports, countries=countries)
    return canaries


def write(path: Path, header: list[str], rows: list[list]) -> None:
    if path.suffix == ".csv":
        write_csv(path, [header, *rows])
    elif path.suffix == ".xlsx":
        write_xlsx(path, [header, *rows])
    else:
        names = [re.sub(r"\W", "_", name) for name in header]
        columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
        numbers = {name: [float(cell) for cell in cells] if all(isinstance(cell, int) for cell in cells) else cells
                   for name, cells in columns.items()}
        write_sav(path, numbers, column_labels=header)


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> tuple[Run, set[str]]:
    """A run over the planted study, and what must not be found."""
    here = tmp_path_factory.mktemp("zqhome")
    study = here / "study"
    canaries = planted_study(study)
    made = run_here(study, here / "reports", "--to", ",".join(FORMATS))
    assert made.status == 0, made.output
    return made, canaries | {"zqhome"}


def test_nothing_planted_is_in_any_file_of_the_reports(run):
    made, canaries = run
    kinds = {path.suffix for path in made.reports.rglob("*")}
    assert kinds >= {".csv", ".xlsx", ".png", ".svg", ".ipynb", ".json", *(f".{kind}" for kind in FORMATS)}
    assert len(canaries) > 500
    assert places(made.reports, canaries) == set()


def test_what_was_planted_was_read_and_reported_on(run):
    """Else the search would find nothing because nothing was there."""
    made, _ = run
    for country in COUNTRIES:
        tables = made.reports / "countries" / country / "tables"
        linking = (tables / "linking.csv").read_text(encoding="utf-8")
        assert re.search(r"^duplicate_identical,[1-9]", linking, re.M) and re.search(r"^no_code,[1-9]", linking, re.M)
        assert (tables / "participation.csv").read_text(encoding="utf-8").count("\n") >= 4, "school, joined, total"


def test_the_terminal_shows_no_respondent(run):
    made, canaries = run
    said = made.output.casefold()
    assert not [canary for canary in canaries - {"zqhome"} if canary.casefold() in said]


CANARY = "Zqkuldnokk Õ7"


def zipped(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return stream.getvalue()


def picture(**chunks) -> bytes:
    about = PngInfo()
    for name, (text, packed) in chunks.items():
        (about.add_itxt if name.startswith("i") else about.add_text)(name, text, zip=packed)
    stream = io.BytesIO()
    Image.new("RGB", (2, 2)).save(stream, "png", pnginfo=about)
    return stream.getvalue()


def document(text: str) -> bytes:
    """A PDF whose only page has the text in a packed stream."""
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(100, 100)
    stream = pypdf.generic.DecodedStreamObject()
    stream.set_data(f"BT ({text}) Tj ET".encode("latin-1"))
    page[pypdf.generic.NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def titled(text: str) -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_metadata({"/Title": text})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


SENTENCE = f"{'some words before ' * 5}{CANARY}"
CONTAINERS = {
    "text.csv": CANARY.encode(),
    "upper.csv": CANARY.upper().encode(),
    "utf-16.csv": CANARY.encode("utf-16"),
    "odd.bin": b"\1" + CANARY.encode("utf-16-le"),
    "decomposed.txt": "Zqkuldnokk O\u03037".encode(),
    "page.html": b"<p>Zqkuldnokk &Otilde;7</p>",
    "parts.html": "<b>Zqkuld</b>nokk Õ7".encode(),
    "lines.svg": "<text>Zqkuldnokk\n  Õ7</text>".encode(),
    "link.html": b'<a href="Zqkuldnokk%20%C3%957">',
    "embedded.html": b'<img src="data:image/svg+xml;base64,' + base64.b64encode(SENTENCE.encode()) + b'">',
    "escaped.json": json.dumps({"a": [CANARY]}).encode(),
    "split.ipynb": json.dumps({"cells": [{"source": ["Zqkuld", "nokk Õ7"]}]}).encode(),
    "metadata.ipynb": json.dumps({"metadata": {CANARY: 1}}).encode(),
    "output.ipynb": json.dumps({"image/png": base64.b64encode(picture(Title=(CANARY, True))).decode()}).encode(),
    "book.xlsx": zipped("xl/sharedStrings.xml", CANARY.encode()),
    "name.xlsx": zipped(f"{CANARY}.xml", b""),
    "nested.docx": zipped("word/embeddings/book.xlsx", zipped("xl/sharedStrings.xml", CANARY.encode())),
    "picture.docx": zipped("word/media/image1.png", picture(iTXt=(CANARY, True))),
    "plain.png": picture(Title=(CANARY, False)),
    "packed.png": picture(Title=(CANARY, True)),
    "after.png": picture() + CANARY.encode(),
    "page.pdf": document("Zqkuldnokk \xd57"),
    "title.pdf": titled(CANARY),
    "packed.gz": b"\x1f\x8b\x08\0\0\0\0\0\0\3" + zlib.compress(CANARY.encode(), wbits=-15),
    f"{CANARY}.txt": b"",
}


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_planted_text_is_found_wherever_it_hides(tmp_path, name):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / name).write_bytes(CONTAINERS[name])
    assert places(tmp_path, [CANARY, "Zqpääsuke"]) == {(f"deep/{name}", CANARY)}
