"""What a report says beside its notebook's cells: who paid, whether the data are synthetic, and what it was made from."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from nbformat import NotebookNode, v4

from analysis.language import Language
from notebook_documents.about import ENGLISH, KEY
from notebook_documents.blocks import NEW_PAGE, names
from notebook_documents.shapes import TABLE_MIME

ANNEX = "annex"
"""The tag of cells that belong to the technical annex."""
CREATOR = "Mentoring survey workbench"
EMBLEM = Path(__file__).with_name("eu.svg")


def front_matter(study: str, synthetic: bool, funding: dict, say: Language, made: str = "") -> dict:
    """The fields of `notebook_documents.about.About` for a report; `made` is the time it was made, in ISO's form."""
    imprint = {"paragraphs": [text for text in (funding.get("statement"), funding.get("disclaimer")) if text]}
    if funding.get("emblem") == "eu":
        imprint |= {"emblem": EMBLEM.read_text(encoding="utf-8"),
                    "alt": say("Emblem of the European Union: twelve gold stars in a circle on blue")}
    notice = [say("Synthetic data."),
              say("Every answer was made up by a program; nothing here says anything about real schools or teachers.")]
    return {"subtitle": study, "language": say.code, "words": {name: say(text) for name, text in ENGLISH.items()},
            "notice": notice if synthetic else ["", ""], "imprint": imprint, "made": made, "creator": CREATOR}


def documents_of(notebook: NotebookNode, about: dict, provenance: dict, say: Language) -> dict[str, NotebookNode]:
    """The executed notebook as the report and its technical annex, each a notebook of its own with its front matter.

    Cells tagged `annex` are the annex's, whose last page says what made it. Each names the other's figures and tables that
    it refers to. `about` are the arguments of `front_matter`, `provenance` what `manifest.provenance` gives.
    """
    front = front_matter(**about, say=say, made=provenance["time"])
    apart = {"table": say("Annex table"), "figure": say("Annex figure")}
    parts = {}
    for part, words, more in (("report", {}, []), ("annex", apart, _last_page(provenance, say))):
        cells = [cell for cell in notebook.cells if (ANNEX in cell.metadata.get("tags", [])) == (part == "annex")]
        parts[part] = v4.new_notebook(cells=[*cells, *more], metadata={
            **notebook.metadata, KEY: front | {"words": front["words"] | words, "compact": part == "report"}})
    for part, other in (("report", "annex"), ("annex", "report")):
        parts[part].metadata[KEY]["elsewhere"] = names(parts[other])
    return parts


def _last_page(made: dict, say: Language) -> list[NotebookNode]:
    when = datetime.fromisoformat(made["time"])
    project = made["project"]
    version = say("{version}, commit {commit}", **project) if project["commit"] else project["version"]
    parameters = ", ".join(f"{name} = {value}" for name, value in made["parameters"].items() if value != "")
    text = say(
        "This report was made on {date} at {time} UTC by the mentoring survey workbench, version {version}, with Python "
        "{python}. The seed for resampling was {seed}; the parameters were {parameters}. The same files and versions give "
        "the same numbers, tables and figures; the command “analysis verify” computes them again and compares.",
        date=f"{when:%Y-%m-%d}", time=f"{when:%H:%M}", version=version, python=made["python"], seed=made["seed"],
        parameters="".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|~$" else sign for sign in parameters))
    if made.get("linking_decisions"):
        text += " " + say("What a person decided on single links entered, too.")
    if say.draft:
        text += " " + say("Its {language} texts are a machine-made draft, not reviewed by a native speaker.",
                          language=say.name)
    if say.missing:
        text += " " + say.plural("{n} of its messages has no translation and stands in English.",
                                 "{n} of its messages have no translation and stand in English.", len(say.missing))
    title = say("How this report was made")
    heading = v4.new_markdown_cell(f"## {title}\n\n{text}", metadata={"tags": [NEW_PAGE]}, id="last-page")
    return [heading,
            _table("inputs", say("Files this report was made from"), [say("File"), "HMAC-SHA-256"], made["inputs"]),
            _table("packages", say("Packages it was computed with"), [say("Package"), say("Version")], made["packages"])]


def _table(name: str, caption: str, headings: list[str], rows: dict[str, str]) -> NotebookNode:
    shown = {"headings": headings, "rows": [list(row) for row in rows.items()], "notes": [], "text": [0, 1], "name": name}
    return v4.new_code_cell(f"#| tbl-cap: {caption}", outputs=[v4.new_output("display_data", {TABLE_MIME: shown})],
                            id=name)
