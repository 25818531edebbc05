"""The page from which all reports of a study are found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd

from analysis.atomic import put_file
from analysis.disclosure.policy import Policy
from analysis.language import Language, plain
from analysis.running.front_matter import front_matter
from analysis.running.manifest import MANIFEST
from analysis.running.releases import days_that_clash
from analysis.running.reports import ACROSS, BRIEF, QUALITY
from analysis.sections.parts import change_with_interval
from analysis.study.folder import Study
from notebook_documents.about import About
from notebook_documents.html import rendered


@dataclass(frozen=True)
class Listed:
    """A file of a report as the page lists it; `size` is for reading, and empty for small files."""

    address: str
    what: str
    size: str


@dataclass(frozen=True)
class ListedReport:
    """A report as the page lists it; `warning` says which earlier report must not be published beside it.

    `answers` are a country's changes on the primary scales with their intervals.
    """

    name: str
    made: str
    warning: str
    answers: list[str]
    files: list[Listed]


def write_index(study: Study, out: Path) -> Path:
    """`index.html` of the study: the answers first, then every report that is there, in each format and language."""
    base = out.resolve() / study.folder.resolve().name
    settings, say = study.settings, Language(study.settings.languages[0])
    chapters = [
        (say("All countries together"),
         [(BRIEF, say("Policy brief")), (ACROSS, say("Across countries")), (QUALITY, say("Data quality"))]),
        (say("Each country"),
         [(f"countries/{key}", country.name_in(say.code)) for key, country in settings.countries.items()]),
    ]
    listed = [(heading, list(_reports(study, base, places, say))) for heading, places in chapters]
    front = front_matter("", settings.synthetic, settings.funding.model_dump(), say)
    page = rendered(
        Path(__file__).with_name("index.html.j2"), About.read(front), title=plain(settings.title),
        introduction=say("Each report is one file, which can be read, printed and sent without anything else. The tables "
                       "hold every number in it."),
        picture=_picture(base), chapters=[(heading, reports) for heading, reports in listed if reports])
    put_file(page, base / "index.html")
    return base / "index.html"


def _reports(study: Study, base: Path, places: list[tuple[str, str]], say: Language) -> Iterator[ListedReport]:
    for place, name in places:
        there = [(file, what) for file, what in _kinds(base / place, say) if (base / place / file).is_file()]
        if any(file.startswith("report.") for file, _what in there):
            files = [Listed(f"{place}/{file}", what, _size(base / place / file)) for file, what in there]
            yield ListedReport(name, _when_made(base / place / MANIFEST, say), _warning(study, base, place, say),
                               _answers(study, base / place, say), files)


def _kinds(folder: Path, say: Language) -> Iterator[tuple[str, str]]:
    """The files that a report may have and their names: to read, to edit, to print, in each language; then data."""
    annex = say("Technical annex")
    for suffix in ("", *sorted({path.name.split(".")[1] for path in folder.glob("report.*.*")})):
        tail = f".{suffix}" if suffix else ""
        spoken = f" · {Language(suffix).locale.get_display_name()}" if suffix else ""
        yield f"report{tail}.html", say("Report for the browser (HTML)") + spoken
        yield f"report{tail}.docx", say("Report for Word") + spoken
        yield f"report{tail}.pdf", say("Report for print (PDF)") + spoken
        for kind, short in (("html", "HTML"), ("docx", "Word"), ("pdf", "PDF")):
            yield f"annex{tail}.{kind}", f"{annex} ({short}){spoken}"
    yield "tables.xlsx", say("Tables (Excel)")
    yield "notebook.ipynb", say("Notebook with every step (Jupyter)")
    yield MANIFEST, say("What it was made from (JSON)")


def _answers(study: Study, folder: Path, say: Language) -> list[str]:
    """The change on each primary scale; nothing where the table is not one that a run wrote."""
    shown, policy = change_with_interval(), Policy.of(study)
    try:
        rows = pd.read_csv(folder / "tables" / "change.csv")
        primary = rows.loc[rows["family"] == "primary"]
        return [f"{row['label']}: {shown(row, say, policy)}" for _at, row in primary.iterrows()]
    except (OSError, ValueError, LookupError, TypeError):
        return []


def _picture(base: Path) -> tuple[str, str]:
    """The address of the picture of all countries' primary changes, and what it shows; empty where there is none."""
    try:
        captions = pd.read_csv(base / ACROSS / "figures" / "captions.csv").set_index("file")
        return f"{ACROSS}/figures/forest.svg", captions.loc["forest.png", "alt"]
    except (OSError, ValueError, KeyError):
        return "", ""


def _warning(study: Study, base: Path, place: str, say: Language) -> str:
    days = days_that_clash(study, base / place, place)
    return days and say("Publish only one of the two: this report, or the one of {days}; private/release-log.csv says why.",
                      days=say.either(days))


def _size(path: Path) -> str:
    megabytes = path.stat().st_size / 1e6
    return f"{megabytes:.1f} MB" if megabytes >= 0.1 else ""


def _when_made(manifest: Path, say: Language) -> str:
    try:
        when = datetime.fromisoformat(json.loads(manifest.read_text(encoding="utf-8"))["time"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return say("Made on {day} at {time} UTC", day=f"{when:%Y-%m-%d}", time=f"{when:%H:%M}")
