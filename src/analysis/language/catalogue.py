"""The catalogue of all messages of the reports, for translators: `python -m analysis.language.catalogue [LANGUAGE ...]`.

`report.pot` lists what the code says: `say("…")`, `say.plural("…", "…", n)`, the headings of columns, and what `N_`
marks. Every `<language>.po` beside it keeps its translations; one of a message that was reworded becomes a suggestion
(fuzzy), which counts as missing until a translator confirms it. Languages that are named and have no file yet get one.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from analysis.language import FOLDER, LOCALES
from notebook_documents import about

PACKAGE = Path(__file__).parents[1]
TEMPLATE = FOLDER / "report.pot"
NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
HEADER = """\
# What the reports say. In a message {names} in braces, **stars**, `codes`, [links](...) and @tbl-... and @fig-... stay as
# they are; glossary.csv has the field's terms.
#
# machine-made draft, not reviewed by a native speaker
# reviewed = no"""
SAYS = {"say": (0,), "plural": (0, 1), "N_": (0,), "self": (0,), "Column": (0,), "Estimator": (1, 2)}
"""What says or marks messages, by name, and which of its arguments are messages."""
SHORT = {"Column": "heading of a table's column", "Estimator": "name of a method, and how it stands in a sentence"}

Message = str | tuple[str, str]


def template() -> Catalog:
    """Every message with the files it stands in; no line numbers and no times, so that only words change it."""
    catalogue = Catalog(project="Mentoring survey workbench", header_comment=HEADER, fuzzy=False, charset="utf-8",
                        creation_date=NO_TIME, revision_date=NO_TIME)
    for path in sorted(PACKAGE.rglob("*.py")):
        for message, comment in messages(path.read_text(encoding="utf-8")):
            catalogue.add(message, locations=[(path.relative_to(PACKAGE.parent).as_posix(), 1)],
                          auto_comments=[comment] if comment else [])
    for message in about.ENGLISH.values():
        catalogue.add(message, locations=[("notebook_documents/about.py", 1)])
    for message in catalogue:
        message.flags.discard("python-format")  # a percent sign here is one
    return catalogue


def messages(code: str) -> Iterator[tuple[Message, str]]:
    """The messages that a module says or marks, with what to tell translators of them.

    Raises ValueError where a message is put together, so that no catalogue could have it.
    """
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        arguments = [node.args[at] for at in SAYS.get(name, ()) if at < len(node.args)]
        if any(isinstance(part, ast.JoinedStr | ast.BinOp) for part in arguments):
            raise ValueError(f"Line {node.lineno}: a message put together has no translation; give its parts as values.")
        texts = [list(_texts(argument)) for argument in arguments]
        if name == "plural":
            yield from (((one, many), "") for one, many in zip(*texts, strict=True))
        else:
            yield from ((text, SHORT.get(name, "")) for own in texts for text in own if text)


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from (text for part in (node.body, node.orelse) for text in _texts(part))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def renew(folder: Path = FOLDER, languages: Iterable[str] = ()) -> None:
    """Write `report.pot` and merge it into every `<language>.po`, which keeps its translations and its header.

    `languages`: begin these, if they have no file yet.
    """
    found = template()
    write(found, folder / TEMPLATE.name)
    for path in sorted({*folder.glob("*.po"), *(folder / f"{language}.po" for language in languages)}):
        own = read(path) if path.is_file() else Catalog(
            LOCALES.get(path.stem, path.stem), project=found.project, header_comment=HEADER, charset="utf-8",
            creation_date=NO_TIME, revision_date=NO_TIME, fuzzy=False)
        own.update(found, update_creation_date=False)
        write(own, path)


def read(path: Path) -> Catalog:
    """The catalogue of a language, `<language>.po`."""
    with path.open("rb") as stream:
        return read_po(stream, locale=LOCALES.get(path.stem, path.stem))


def write(catalogue: Catalog, path: Path) -> None:
    """Write a catalogue, its messages in the order of the alphabet."""
    with path.open("wb") as stream:
        write_po(stream, catalogue, width=100, sort_output=True, include_lineno=False)


if __name__ == "__main__":
    renew(languages=sys.argv[1:])
