"""What `analysis check` prints: the errors by file, then what the exports and the countries' answers look like."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from analysis.checking.inspection import Inspection, UnknownAnswer
from analysis.coding.suggestions import column_lines
from analysis.errors import Issue
from analysis.language import Language
from analysis.language.notes import of_scales
from analysis.numerals import counted
from analysis.quality.answers import school_counts, straight_liners
from analysis.quality.findings import FIRST, WHEN, runs
from analysis.responses import ExportRecord
from analysis.scales import Panel
from analysis.study.populations import WAVES
from analysis.texts import listed

_ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 with a byte order mark", "cp1252": "Windows-1252",
              "cp1257": "Windows-1257", "utf-16": "UTF-16"}
_DELIMITERS = {"\t": "tabs", ",": "commas", ";": "semicolons"}
_STEERING = re.compile("[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069]")
_LINKS = {
    "": {"exact": "by equal codes", "near": "by nearly equal codes"},
    "not linked": {"ambiguous": "with nearly equal codes that may belong to several", "no_code": "without a code"},
    "duplicates": {"duplicate_identical": "repeated, counted once",
                   "duplicate_conflicting": "contradicting, set aside or replaced by a later one"},
}
_WORST = 6
_IN_THE_COUNTRIES = ("straight_liners",)


def print_inspection(inspection: Inspection, console: Console) -> None:
    """Print all of it; in a file or pipe without spaces at the ends of lines.

    No line is longer than the console is wide, but those to be copied into study.toml, which may not be broken.
    """
    parts = Group(*_parts(inspection))
    if console.is_terminal:
        console.print(parts, crop=False)
        return
    with console.capture() as captured:
        console.print(parts, crop=False)
    console.file.write(re.sub(r"[ \t]+$", "", captured.get(), flags=re.MULTILINE))


def _parts(inspection: Inspection) -> Iterator[RenderableType]:
    if inspection.issues:
        yield from _issues(inspection)
    if inspection.study is not None:
        yield from _study(inspection)
    first = [finding for finding in inspection.findings if finding.kind in FIRST]
    for finding in first:
        name = inspection.study.settings.countries[finding.country].name
        yield _line(f"\n{name}: {finding.message}", bold=True)
    if number := len(inspection.issues):
        where = ", told at the top" if inspection.study is not None else ""
        yield _line(f"\n{counted(number, 'error')} found{where}; nothing was written.", bold=True)
    else:
        yield _line(f"\nNothing {'else ' * bool(first)}is wrong with the study.", bold=True)


def _issues(inspection: Inspection) -> Iterator[RenderableType]:
    by_file: dict[str, list[Issue]] = {}
    for issue in inspection.issues:
        by_file.setdefault(issue.file, []).append(issue)
    for number, (file, issues) in enumerate(by_file.items()):
        if number:
            yield _line("")
        if not file:
            yield from (_line(str(one)) for one in issues)
            continue
        yield _line(f"{file}: {counted(len(issues), 'error')}", bold=True)
        yield _bullets(str(Issue(one.message, row=one.row, column=one.column)) for one in issues)
    if inspection.unknown:
        yield _heading("Answers that the codebook does not know")
        for file in dict.fromkeys(one.file for one in inspection.unknown):
            yield _line(file, bold=True)
            yield Padding(_unknown_answers([one for one in inspection.unknown if one.file == file]), (0, 0, 0, 2))
    if inspection.study is not None:
        yield _line("")


def _unknown_answers(unknown: list[UnknownAnswer]) -> Table:
    table = _table(("Answer", "left"), ("Cells", "right"), ("Items", "left"), ("Nearest known answer", "left"))
    cells: Counter[tuple[str, str]] = Counter()
    for one in unknown:
        cells[one.answer, one.nearest] += one.n
    for (answer, nearest), n in cells.most_common():
        items = [one.item for one in unknown if (one.answer, one.nearest) == (answer, nearest)]
        table.add_row(*map(_text, (answer, str(n), listed(runs(items), limit=4), nearest or "(none is like it)")))
    return table


def _study(inspection: Inspection) -> Iterator[RenderableType]:
    study, responses = inspection.study, inspection.responses
    yield _line(study.settings.title, bold=True)
    if responses is not None:
        yield _line(f"{counted(len(responses.frame), 'answer')} in {counted(len(responses.exports), 'export')}. "
                    "This is for you alone: small groups and school names are shown.")
    if inspection.with_errors:
        yield _heading("Exports with errors, as far as they were read")
        read = [export for export in inspection.with_errors if export.recognised]
        yield from _apart(_export(export, inspection, sound=False) for export in read)
    if responses is None:
        return
    yield _heading("Exports")
    yield from _apart(_export(export, inspection) for export in responses.exports)
    if inspection.panels:
        yield _heading("Teachers")
        yield from _apart(_country(panel) for panel in inspection.panels.values())
    names = {key: country.name for key, country in study.settings.countries.items()}
    looks = [finding for finding in inspection.findings if finding.kind not in _IN_THE_COUNTRIES]
    if looks:
        yield _heading("Worth a look")
        grouped: dict[tuple[str, str], list[str]] = {}
        for finding in looks:
            grouped.setdefault((finding.message, finding.more), []).append(names[finding.country])
        for (message, more), countries in grouped.items():
            yield _bullets([f"{listed(dict.fromkeys(countries))}: {message}"])
            if more:
                yield from _lines_to_copy(more.splitlines())
    warnings: dict[str, list[str]] = {warning: [] for warning in inspection.warnings}
    for of_country in inspection.panels.values():
        for warning in of_scales(of_country.notices, of_country.study.codebook.label, Language()):
            warnings.setdefault(warning, []).append(of_country.name)
    if warnings:
        yield _heading("Worth knowing")
        yield _bullets(
            f"{listed(dict.fromkeys(of))}: {warning}" if of else warning for warning, of in warnings.items())


def _export(export: ExportRecord, inspection: Inspection, sound: bool = True) -> RenderableType:
    country = inspection.study.settings.countries[export.country].name
    iteration = f", iteration {export.iteration}" if export.iteration > 1 else ""
    who = f"{country}, {export.respondents} {WHEN[export.wave]}{iteration}"
    facts = [("", f"{who}; headers and labels in {export.language}")]
    if sound:
        facts.append(("answers", _answers(export)))
    facts.append(("read as", listed(_how_read(export))))
    facts.append(("columns", f"{len(export.recognised)} recognised; not read: {listed(export.unread, limit=40) or 'none'}"))
    if export.lacking:
        facts.append(("not asked", listed(runs(export.lacking), limit=60)))
    if sound and export.rows:
        facts += _missing(export, inspection)
    if export.suggested:
        facts.append(("perhaps", "if these are meant, write under [exports.columns] in study.toml:"))
    to_copy = _lines_to_copy(column_lines(export.suggested))
    return Group(_line(export.file, bold=True), _facts(facts), *to_copy)


def _answers(export: ExportRecord) -> str:
    said = f"{export.rows}"
    if export.first_submitted is not None:
        said += f", submitted {export.first_submitted:%Y-%m-%d} to {export.last_submitted:%Y-%m-%d}"
    if export.dropped:
        said += f"; rows left out: {listed(f'{n} ({reason})' for reason, n in export.dropped.items())}"
    return said


def _how_read(export: ExportRecord) -> list[str]:
    if export.sheet:
        place = f"the sheet “{export.sheet}” of a workbook"
    else:
        kind = "an SPSS file in " if export.file.casefold().endswith((".sav", ".zsav")) else ""
        place = kind + _ENCODINGS.get(export.encoding.casefold(), export.encoding)
    return [part for part in (
        place,
        export.delimiter and f"{_DELIMITERS.get(export.delimiter, repr(export.delimiter))} between the cells",
        export.decimal and f"a decimal {'comma' if export.decimal == ',' else 'point'} in numbers",
    ) if part]


def _missing(export: ExportRecord, inspection: Inspection) -> list[tuple[str, str]]:
    rows, items = inspection.missing_in(export), inspection.study.codebook.items
    is_text = rows["item"].map(items["kind"]) == "text"
    asked, texts = rows.loc[~is_text], rows.loc[is_text]
    lacking = asked.loc[asked["missing"] > 0]
    worst = [f"{row.item} {row.missing} ({row.share:.0%})" for row in lacking.head(_WORST).itertuples()]
    more = len(lacking) - len(worst)
    cells = asked["n"].sum()
    said = "nothing"
    if worst:
        said = f"{asked['missing'].sum() / cells:.1%} of the answers; most in {', '.join(worst)}"
        said += f"; fewer in {counted(more, 'more item')}" * (more > 0)
    facts = [("missing", said)]
    if len(texts):
        facts.append(("open", ", ".join(
            f"{row.item} answered by {row.n - row.missing} ({1 - row.share:.0%})" for row in texts.itertuples())))
    return facts


def _country(panel: Panel) -> RenderableType:
    iteration = panel.population.iteration
    later = f", iteration {iteration}" if iteration > 1 else ""
    said = listed(f"{n} {WHEN[wave]}" for wave, (n, _of) in straight_liners(panel).items())
    facts = _facts([*_links(panel), ("careless", f"{said} gave one answer to a whole page")])
    table = _table(("School", "left"), ("Before", "right"), ("After", "right"), ("Linked", "right"))
    for school, *counts in school_counts(panel).itertuples(index=False):
        table.add_row(_text(school or "(not given)"), *map(str, counts))
    return Group(_line(f"{panel.name} ({panel.country}){later}", bold=True), facts, Padding(table, (0, 0, 0, 2)))


def _apart(blocks: Iterable[RenderableType]) -> Iterator[RenderableType]:
    """The blocks with an empty line between each two."""
    for number, block in enumerate(blocks):
        if number:
            yield _line("")
        yield block


def _links(panel: Panel) -> list[tuple[str, str]]:
    there = panel.respondents[[*WAVES]].notna()
    linked = there.all(axis=1).sum()
    rates = [f"{linked / n:.0%} of the {n} {WHEN[wave]}" for wave, n in there.sum().items() if n]
    facts = [("linked", f"{linked}" + f": {listed(rates)}" * bool(rates))]
    for label, kinds in _LINKS.items():
        if said := [f"{n} {words}" for kind, words in kinds.items() if (n := panel.linked.counts.get(kind))]:
            facts.append((label, listed(said)))
    return facts


def _facts(facts: Iterable[tuple[str, str]]) -> Table:
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(width=1)
    grid.add_column(no_wrap=True, width=10)
    grid.add_column(overflow="fold", ratio=1)
    for label, text in facts:
        grid.add_row("", label, _text(text))
    return grid


def _bullets(sentences: Iterable[str]) -> Table:
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(no_wrap=True, width=1)
    grid.add_column(overflow="fold", ratio=1)
    for sentence in sentences:
        grid.add_row("-", _text(sentence))
    return grid


def _table(*columns: tuple[str, str]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2))
    for heading, side in columns:
        table.add_column(heading, justify=side, overflow="fold", no_wrap=side == "right")
    return table


def _heading(text: str) -> Text:
    return Text(f"\n{text}\n{'-' * len(text)}", style="bold")


def _line(text: str, bold: bool = False) -> Text:
    return _text(text, "bold" if bold else "")


def _lines_to_copy(lines: Iterable[str]) -> Iterator[Text]:
    for line in lines:
        text = _text(f"      {line}")
        text.no_wrap, text.overflow = True, "ignore"
        yield text


def _text(text: str, style: str = "") -> Text:
    """Text without the signs that steer a terminal or turn the direction of writing."""
    return Text(_STEERING.sub("\ufffd", text), style)
