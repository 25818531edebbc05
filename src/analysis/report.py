"""What a notebook shows and saves: text, tables and figures of one report.

In a report run the tables and figures also become files in the report's folder; in an interactive
session (no folder) they are only shown.
"""

from __future__ import annotations

import html
from base64 import b64encode
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from analysis import words
from analysis.disclosure.formulas import without_formulas
from analysis.study.folder import Study
from notebook_documents.shapes import FIGURE_MIME, TABLE_MIME

from .exhibits import Exhibit
from .figures import style
from .tables import Readable, readable


class Shown:
    """One thing shown in a notebook, with what the documents need to know about it."""

    def __init__(self, data: dict):
        self._data = data

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self._data


class Report:
    """The report that a notebook fills: `Report(study, folder)`; an empty folder saves nothing.

    From here on the fixed words are said in the language the study was read in, where there is a catalogue for it.
    """

    def __init__(self, study: Study, folder: str | Path = ""):
        self.study = study
        self._folder = Path(folder) if str(folder) else None
        words.use(study.codebook.language)

    @property
    def synthetic(self) -> bool:
        return self.study.settings.synthetic

    def text(self, *paragraphs: str) -> Shown:
        """Paragraphs of Markdown; empty ones are left out."""
        text = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
        return Shown({"text/markdown": text, "text/plain": text})

    def save(self, name: str, table: pd.DataFrame) -> None:
        """Write the table to `tables/<name>.csv` without showing it."""
        if self._folder:
            path = self._folder / "tables" / f"{name}.csv"
            path.parent.mkdir(exist_ok=True)
            write_csv(path, table)

    def table(self, name: str, table: pd.DataFrame, labels: dict[str, str] | None = None) -> Shown:
        """Write the table to `tables/<name>.csv` and show it for reading."""
        self.save(name, table)
        return self.part(name, table, labels)

    def optional(self, name: str, table: pd.DataFrame, labels: dict[str, str] | None = None,
                 value: str = "") -> Shown | None:
        """Show a table that only some studies have; nothing where it, or its column `value`, is empty."""
        return self.part(name, table, labels) if len(table) and (not value or table[value].notna().any()) else None

    def part(self, name: str, table: pd.DataFrame, labels: dict[str, str] | None = None) -> Shown:
        """Show some rows of a table that was saved already."""
        shown = readable(name, table, labels)
        data = {"headings": shown.headings, "rows": shown.rows, "notes": shown.notes, "text": list(shown.text),
                "name": name}
        return Shown({TABLE_MIME: data, "text/html": _as_html(shown), "text/plain": f"Table {name}"})

    def figure(self, exhibit: Exhibit) -> Shown:
        """Write the figure to `figures/<name>.svg`, `.pdf` and `.png`, the numbers behind it to `.csv`, and show it."""
        drawn = exhibit.draw(style.FULL)
        files = style.rendered(drawn)
        if self._folder:
            folder = self._folder / "figures"
            folder.mkdir(parents=True, exist_ok=True)
            for kind, content in files.items():
                (folder / f"{exhibit.name}.{kind}").write_bytes(content)
            write_csv(folder / f"{exhibit.name}.csv", exhibit.numbers)
        about = {"alt": exhibit.alt, "subject": exhibit.subject, "details": exhibit.details, "name": exhibit.name,
                 "width": style.FULL * style.MILLIMETRES, "headings": exhibit.table.headings, "rows": exhibit.table.rows}
        return Shown({"image/svg+xml": files["svg"].decode(), "image/png": b64encode(files["png"]).decode(),
                      FIGURE_MIME: about, "text/plain": exhibit.alt})

    def figures(self, exhibits: Iterable[Exhibit]) -> list[Shown]:
        """Several figures, each as `figure`."""
        return [self.figure(exhibit) for exhibit in exhibits]


def display_all(shown: Sequence[Shown]) -> None:
    """Show several things below one cell."""
    from IPython.display import display

    for each in shown:
        display(each)


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """A table as every CSV file of a report is written: UTF-8, full precision, no formulas, Unix line ends."""
    without_formulas(table).to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def _as_html(table: Readable) -> str:
    head = "".join(f"<th>{html.escape(heading)}</th>" for heading in table.headings)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in table.rows
    )
    notes = "".join(f"<p><small>{html.escape(note)}</small></p>" for note in table.notes)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{notes}"
