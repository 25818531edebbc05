"""Reading a whole study before anything is made of it, and telling what the data look like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from .codebook import READERS
from .participation import participation_table
from .responses import Responses, read_responses
from .scales import panel
from .study import Study, read_study
from .tables import readable


@dataclass(frozen=True)
class Everything:
    """A study with all its answers; `raw` names each country's raw files, relative to the study folder."""

    study: Study
    responses: Responses
    raw: dict[str, list[str]]


def read_everything(folder, language: str = READERS) -> Everything:
    """Read the study and every export, whatever country is asked for, its words to be shown in the language.

    Raises `StudyError` with all complaints.
    """
    study = read_study(folder, language)
    responses = read_responses(study)
    raw: dict[str, list[str]] = {}
    for export in study.settings.exports:
        files = raw.setdefault(export.country, [])
        if export.file not in files:
            files.append(export.file)
    return Everything(study, responses, raw)


def overview(everything: Everything) -> Iterator[RenderableType]:
    """What `analysis check` prints: the exports as they were read, who answered, and what is worth knowing."""
    study, responses = everything.study, everything.responses
    yield Text(study.settings.title, style="bold")
    yield _exports_table(responses)
    unread = [
        f"{export.file} ({export.wave}): not read: {', '.join(export.unread)}"
        for export in responses.exports if export.unread
    ]
    lacking = [
        f"{export.file} ({export.wave}): not asked: {', '.join(export.lacking)}"
        for export in responses.exports if export.lacking
    ]
    present = set(responses.frame["country"])
    notices = [*study.notices, *responses.notices]
    for country in study.settings.countries:
        if country in present:
            of_country = panel(study, responses, country)
            yield _participation_table(of_country)
            notices += [f"{of_country.name}: {notice}" for notice in of_country.notices]
    for title, sentences in (
        ("Columns of the exports that nobody asked for", unread),
        ("Items of the codebook that an export does not have", lacking),
        ("Worth knowing", notices),
    ):
        if sentences:
            yield Text(f"\n{title}", style="bold")
            yield from (Text(f"- {sentence}") for sentence in dict.fromkeys(sentences))
    yield Text("\nNothing is wrong with the study.", style="bold")


def _exports_table(responses: Responses) -> Table:
    table = Table(box=None, pad_edge=False, title="Exports", title_justify="left")
    for heading in ("File", "Country", "Survey", "Answers", "Empty rows", "How it was read"):
        table.add_column(heading, overflow="fold")
    for export in responses.exports:
        table.add_row(
            Text(export.file), export.country, export.wave, str(export.rows), str(export.empty_rows),
            ", ".join(part for part in (export.encoding, export.delimiter and f"delimiter {export.delimiter!r}",
                                        export.decimal and f"decimal mark {export.decimal!r}") if part))
    return table


def _participation_table(of_country) -> Table:
    shown = readable("participation", participation_table(of_country))
    table = Table(box=None, pad_edge=False, title=f"\n{of_country.name}", title_justify="left")
    for position, heading in enumerate(shown.headings):
        table.add_column(heading, justify="left" if position == 0 else "right")
    for row in shown.rows:
        table.add_row(*(Text(cell) for cell in row))
    return table
