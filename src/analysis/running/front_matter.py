"""What a report says beside its notebook's cells: who paid, whether the data are synthetic, and what it was made from."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from nbformat import NotebookNode, v4

from analysis.words import _, use
from analysis.words.prose import translated
from notebook_documents.about import ENGLISH, KEY
from notebook_documents.blocks import NEW_PAGE
from notebook_documents.shapes import TABLE_MIME

CREATOR = "Mentoring survey workbench"
EMBLEM = Path(__file__).with_name("eu.svg")
CAPTION = re.compile(r"(#\| *(?:fig|tbl)-cap: *)(.*)")


def front_matter(study: str = "", synthetic: bool = False, language: str = "en", funding: dict | None = None,
                 made: str = "") -> dict:
    """The fields of `notebook_documents.about.About` for a report; `made` is the time it was made, in ISO's form."""
    use(language)
    funding = funding or {}
    imprint = {"paragraphs": [text for text in (funding.get("statement"), funding.get("disclaimer")) if text]}
    if funding.get("emblem") == "eu":
        imprint |= {"emblem": EMBLEM.read_text(encoding="utf-8"),
                    "alt": _("Emblem of the European Union: twelve gold stars in a circle on blue")}
    notice = [_("Synthetic data."),
              _("Every answer was made up by a program; nothing here says anything about real schools or teachers.")]
    return {"subtitle": study, "language": language, "words": {name: _(said) for name, said in ENGLISH.items()},
            "notice": notice if synthetic else ["", ""], "imprint": imprint, "made": made, "creator": CREATOR}


def completed(notebook: NotebookNode, about: dict, provenance: dict) -> NotebookNode:
    """The executed notebook as the report's documents need it: in the reader's language, with its last page.

    `about` are the arguments of `front_matter`, `provenance` what `manifest.provenance` gives.
    """
    notebook.metadata[KEY] = front_matter(**about, made=provenance["time"])
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = translated(cell.source)
        elif cell.cell_type == "code":
            cell.source = CAPTION.sub(lambda line: line[1] + _(line[2].strip().strip("\"'")), cell.source)
    notebook.cells += _last_page(provenance)
    return notebook


def _last_page(made: dict) -> list[NotebookNode]:
    when = datetime.fromisoformat(made["time"])
    project = made["project"]
    version = _("{version}, commit {commit}", **project) if project["commit"] else project["version"]
    parameters = ", ".join(f"{name} = {value}" for name, value in made["parameters"].items() if value != "")
    text = _(
        "This report was made on {date} at {time} UTC by the mentoring survey workbench, version {version}, with Python "
        "{python}. The seed for resampling was {seed}; the parameters were {parameters}. The same files and versions give "
        "the same numbers, tables and figures; the command “analysis verify” computes them again and compares.",
        date=f"{when:%Y-%m-%d}", time=f"{when:%H:%M}", version=version, python=made["python"], seed=made["seed"],
        parameters="".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|~$" else sign for sign in parameters))
    if made.get("linking_decisions"):
        text += " " + _("What a person decided on single links entered, too.")
    heading = v4.new_markdown_cell(f"## {_('How this report was made')}\n\n{text}", metadata={"tags": [NEW_PAGE]},
                                   id="last-page")
    return [heading, _table("inputs", _("Files this report was made from"), [_("File"), "HMAC-SHA-256"], made["inputs"]),
            _table("packages", _("Packages it was computed with"), [_("Package"), _("Version")], made["packages"])]


def _table(name: str, caption: str, headings: list[str], rows: dict[str, str]) -> NotebookNode:
    shown = {"headings": headings, "rows": [list(row) for row in rows.items()], "notes": [], "text": [0, 1], "name": name}
    return v4.new_code_cell(f"#| tbl-cap: {caption}", outputs=[v4.new_output("display_data", {TABLE_MIME: shown})],
                            id=name)
