"""The command line: run, check, verify, release, explore, new and example."""

from __future__ import annotations

import difflib
import os
import signal
import sys
import traceback
from datetime import date
from pathlib import Path
from threading import current_thread, main_thread

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.running import FORMATS
from analysis.running.progress import OUTCOMES, STYLES, progress_display
from analysis.versions import PROJECT

from .errors import Issue, StudyError, told, traced
from .memory import RAN_OUT, ran_out, too_little

VERDICTS = {
    "identical": "reproduced byte for byte ({tables} tables, {figures} figures).",
    "same numbers": "reproduced, all numbers of {tables} tables and {figures} figures to 1e-9; not byte for byte.",
    "different": "NOT reproduced ({tables} tables and {figures} figures compared).",
    "failed": "NOT reproduced; nothing to compare.",
}
EXAMPLE = PROJECT / "data" / "example"
console = Console(highlight=False)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


class _Commands(click.Group):
    """Commands in the order of use, a traceback only with --debug, and a suggestion for a mistyped one."""

    def list_commands(self, ctx):
        return list(self.commands)

    def resolve_command(self, ctx, args):
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in self.commands:
            raise click.UsageError(f"No such command “{name}”.{_suggestion(name, self.commands)}", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx):
        try:
            return super().invoke(ctx)
        except StudyError as error:
            if ctx.params.get("debug"):
                errors.print(traced(traceback.format_exc(), str(error)), markup=False)
            for issue in error.issues:
                errors.print(str(issue), markup=False)
            number = len(error.issues)
            errors.print(f"\n{number} {'error' if number == 1 else 'errors'} found; nothing was written.", markup=False)
            ctx.exit(2)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if ctx.params.get("debug"):
                errors.print(traced(traceback.format_exc(), str(error)), markup=False)
            if ran_out(error):
                errors.print(RAN_OUT[:1].upper() + RAN_OUT[1:], markup=False)
                ctx.exit(1)
            errors.print(f"The program failed, which is an error of its own: {told(type(error).__name__, str(error))}\n"
                         "Please report it, with what “analysis --debug ...” prints.", markup=False)
            ctx.exit(1)


class _Run(click.Command):
    """`--country EE FI` as well as `--country EE --country FI`; a folder that is there is the study, not a country."""

    def parse_args(self, ctx, args):
        spread, taking = [], False
        for position, arg in enumerate(args):
            first = position > 0 and args[position - 1] == "--country"
            if taking and not first and not arg.startswith("-") and not Path(arg).is_dir():
                spread.append("--country")
            elif not first:
                taking = arg == "--country"
            spread.append(arg)
        return super().parse_args(ctx, spread)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the program's own traceback with an error.")
@click.version_option(package_name="mentoring-survey-workbench", prog_name="analysis")
@click.pass_context
def main(ctx, debug):
    """Change between the surveys before and after mentoring: raw exports in, reports out.

    \b
    A first try, with made-up data:
        analysis run
    Your own study:
        analysis new data/our-study      a folder to fill in
        analysis check data/our-study    what is wrong, what the data look like
        analysis run data/our-study      the reports
    """
    ctx.obj = debug
    _survive_any_letter()
    if current_thread() is main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends a run has all of it ended, as with Ctrl-C
    if said := too_little():
        errors.print(said, markup=False)
        ctx.exit(1)


def _study_argument(function):
    return click.argument("study", default=str(EXAMPLE), type=click.Path(path_type=Path), metavar="[STUDY]")(function)


@main.command(cls=_Run, epilog="""\b
Examples:
    analysis run
    analysis run data/our-study
    analysis run data/our-study --country EE FI
    analysis run data/our-study --out D:/reports --force
""")
@_study_argument
@click.option("--country", "countries", multiple=True, metavar="KEY ...",
              help="Only these countries, by their keys in study.toml.")
@click.option("--language", "languages", multiple=True, metavar="CODE",
              help="Language of the reports (et, ka, ...); several may be given.  [default: languages in study.toml]")
@click.option("--to", "formats", default=",".join(FORMATS), show_default=True,
              help="Formats of the report, with commas between.")
@click.option("--out", default=str(PROJECT / "reports"), type=click.Path(file_okay=False, path_type=Path),
              help="Where the reports go.  [default: the workbench's reports folder]")
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, help="Reports made at the same time.")
@click.option("--force", is_flag=True, help="Make every report again, even if nothing changed.")
@click.option("--schools", is_flag=True, help="Also make pages for each school and hub, in the study's private/schools/.")
@click.pass_obj
def run(debug, study, countries, languages, formats, out, jobs, force, schools):
    """Make the reports of STUDY (a study folder; default: the example)."""
    from analysis.checking.inspection import read_everything
    from analysis.quality.findings import swapped_surveys
    from analysis.running.index import write_index
    from analysis.running.placing import unwritable
    from analysis.running.private_files import write_private_files
    from analysis.running.releases import noted
    from analysis.running.reports import report_specs
    from analysis.running.workers import run_reports

    wanted = _formats(formats)
    spoken = _languages(study, languages)
    everything = read_everything(study, spoken[0])
    chosen = _countries(countries, everything.study.settings.countries)
    asked = {export.country for export in everything.study.settings.exports}
    available = [country for country in everything.study.settings.countries if country in asked]
    for country in chosen:
        if country not in available:
            raise StudyError([Issue(f"country {country} has no [[exports]], so there is nothing to report.",
                                        "study.toml")])
    if refused := unwritable(out):
        raise click.BadParameter(refused, param_hint="--out")
    for warning in write_private_files(everything.study, everything.responses):
        console.print(warning, markup=False)
    everything.stage()
    specs = report_specs(everything.study, out, chosen or available, wanted, not chosen, spoken)
    with progress_display({spec.key: spec.name for spec in specs}, console) as on_step:
        results = run_reports(specs, jobs, force, on_step)
    base = out.resolve() / everything.study.folder.resolve().name
    warnings = [noted(everything.study, one.name, one.folder, one.folder.relative_to(base).as_posix(), one.differences)
                for one in results if one.differences]
    index = write_index(everything.study, out)
    _print_results(results, index, debug)
    for warning in warnings:
        errors.print(f"\n{warning}", markup=False)
    for finding in swapped_surveys(everything.study, everything.responses):
        name = everything.study.settings.countries[finding.country].name
        console.print(f"\n{name}: {finding.message}", style="bold", markup=False, soft_wrap=True)
    if schools:
        results += _school_pages(everything.study, chosen or available, jobs, debug)
    sys.exit(1 if any(result.status == "failed" for result in results) else 0)


def _school_pages(study, countries, jobs: int, debug: bool) -> list:
    from analysis.running.school_pages import FOLDER, make_pages, pages_specs
    from analysis.running.workers import run_reports

    console.print("\nPages for schools, which name them and are for each school alone:", markup=False)
    specs = pages_specs(study, countries)
    with progress_display({spec.key: spec.name for spec in specs}, console) as on_step:
        results = run_reports(specs, jobs, True, on_step, make_pages)
    _print_results(results, study.folder.resolve() / FOLDER, debug)
    return results


@main.command(epilog="""\b
Examples:
    analysis check
    analysis check data/our-study
    analysis check data/our-study --json
""")
@_study_argument
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for other programs (see docs/check.md).")
def check(study, as_json):
    """Read STUDY and say what is wrong and what the data look like. Writes nothing.

    What it prints is for the owner of the answers: school names and small groups are shown, codes and open answers
    never.
    """
    from analysis.checking.inspection import inspected

    inspection = inspected(study)
    if as_json:
        from analysis.checking.as_json import inspection_json

        click.echo(inspection_json(inspection))
    else:
        from analysis.checking.terminal import print_inspection

        print_inspection(inspection, console)
    sys.exit(2 if inspection.issues else 0)


@main.command(epilog="""\b
Examples:
    analysis verify
    analysis verify reports/our-study
    analysis verify received/our-study --study data/our-study
""")
@click.argument("reports", metavar="[REPORTS]", default=str(PROJECT / "reports" / EXAMPLE.name),
                type=click.Path(file_okay=False, path_type=Path))
@click.option("--study", type=click.Path(file_okay=False, path_type=Path),
              help="The study folder.  [default: the folder of the same name in the workbench's data folder]")
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, help="Reports computed at the same time.")
def verify(reports, study, jobs):
    """Compute the reports in REPORTS again and say whether tables and figures are reproduced. Writes nothing.

    Files that are the same byte for byte are called so; those whose numbers agree to 1e-9, as on another machine,
    likewise. Exit status 1 if anything differs.
    """
    from analysis.running.verification import DIFFERENT, FAILED, verified

    if not reports.is_dir():
        raise click.BadParameter(f"there is no folder “{reports}”.", param_hint="REPORTS")
    study = study or _study_of(reports)
    with console.status("Computing the reports again ..."):
        found = verified(reports, study, jobs)
    for one in found:
        console.print(f"{one.place}: {VERDICTS[one.outcome].format(tables=one.tables, figures=one.figures)}",
                      markup=False, soft_wrap=True)
        for issue in one.issues:
            console.print(f"  - {issue}", markup=False, soft_wrap=True)
    sys.exit(1 if any(one.outcome in (DIFFERENT, FAILED) for one in found) else 0)


@main.command(epilog="""\b
Examples:
    analysis monitor data/our-study
    analysis monitor data/our-study --today 2023-05-31
""")
@_study_argument
@click.option("--language", default="", metavar="CODE",
              help="Language of the report.  [default: the first of languages in study.toml]")
@click.option("--to", "formats", default="html", show_default=True, help="Formats of the report, with commas between.")
@click.option("--today", default="", metavar="DAY", help="The day that targets are held against.  [default: today]")
@click.pass_obj
def monitor(debug, study, language, formats, today):
    """Who has answered STUDY so far, against its targets: a report for its owner, in the study's folder "private".

    It names schools and suppresses nothing. Works from the first answer on; run it again on every new export.
    """
    from analysis.running.reports import monitoring_spec
    from analysis.running.workers import run_reports
    from analysis.study.folder import read_study

    try:
        today = f"{date.fromisoformat(today):%Y-%m-%d}" if today else f"{date.today():%Y-%m-%d}"
    except ValueError:
        raise click.BadParameter(f"expected a day such as 2023-05-31; found “{today}”.", param_hint="--today") from None
    language = language or read_study(study).settings.languages[0]
    spec = monitoring_spec(read_study(study, language), _formats(formats), language, today)
    with progress_display({spec.key: spec.name}, console) as on_step:
        (result,) = run_reports([spec], 1, False, on_step)
    _print_results([result], spec.folder / "report.html", debug)
    sys.exit(1 if result.status == "failed" else 0)


@main.command(epilog="""\b
Example:
    analysis release data/our-study
""")
@_study_argument
@click.option("--out", default=str(PROJECT / "reports"), type=click.Path(file_okay=False, path_type=Path),
              help="Where the reports are.  [default: the workbench's reports folder]")
def release(study, out):
    """Note that the reports of STUDY, as they are now, are given out.

    Later runs are compared with them: where two reports differ by a few respondents, only one of them may be published.
    """
    from analysis.running import releases
    from analysis.study.folder import read_study

    for sentence in releases.release(read_study(study), out.resolve() / study.resolve().name):
        console.print(sentence, markup=False, soft_wrap=True)


@main.command(cls=_Run, epilog="""\b
Examples:
    analysis figures --figure forest --language ka --format pdf
    analysis figures data/our-study --figure change --country EE FI --size half
""")
@_study_argument
@click.option("--figure", "figures", multiple=True, metavar="NAME",
              help="Only this figure or kind of figures; several may be given. A wrong name lists them.")
@click.option("--country", "countries", multiple=True, metavar="KEY ...",
              help="Only these countries, by their keys in study.toml.")
@click.option("--language", default="en", show_default=True, metavar="CODE",
              help="Language of the scales and questions, as in the codebook's columns (text_et: et).")
@click.option("--size", "sizes", multiple=True, default=("full",), show_default=True, metavar="SIZE",
              help="full: 160 mm wide, a text column; half: 80 mm.")
@click.option("--format", "formats", multiple=True, default=("svg", "pdf", "png"), show_default=True, metavar="KIND",
              help="svg, pdf or png (300 dpi); several may be given.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path),
              help="Where the files go.  [default: figures in the study's reports folder]")
def figures(study, figures, countries, language, sizes, formats, out):
    """Write figures of STUDY as files for a text of your own, with captions and the numbers behind each."""
    from analysis.api import OpenStudy
    from analysis.figure_files import ChoiceError, figures_folder, write_figure_files
    from analysis.running.placing import InUseError, unwritable

    opened = OpenStudy(study, language)
    folder = out or figures_folder(opened.study)
    if refused := unwritable(folder.resolve().parent):
        raise click.BadParameter(refused, param_hint="--out")
    try:
        files = write_figure_files(opened, folder, figures, countries, sizes, formats)
    except ChoiceError as error:
        hint = "--out" if error.option == "folder" else f"--{error.option}"
        raise click.BadParameter(str(error), param_hint=hint) from error
    except InUseError as error:
        errors.print(str(error), markup=False)
        sys.exit(1)
    console.print(f"Wrote {len(files)} files to {folder}", markup=False, soft_wrap=True)


@main.command(epilog="""\b
Examples:
    analysis deliverable data/our-study
    analysis deliverable data/our-study --language ka
""")
@_study_argument
@click.option("--language", default="", metavar="CODE",
              help="Language of the document.  [default: the first of languages in study.toml]")
@click.option("--out", default=str(PROJECT / "reports"), type=click.Path(file_okay=False, path_type=Path),
              help="Where the reports are.  [default: the workbench's reports folder]")
def deliverable(study, language, out):
    """Put the reports of STUDY into one Word document: across countries, each country, methods and references once.

    The reports must be there and up to date. The document takes the template that study.toml names.
    """
    from analysis.running.deliverable import write_deliverable
    from analysis.running.placing import InUseError
    from analysis.study.folder import read_study

    language = language or read_study(study).settings.languages[0]
    opened = read_study(study, language)
    names = {key: country.name for key, country in opened.settings.countries.items()}
    try:
        with progress_display({"across-countries": "Across countries", **names}, console) as on_step:
            path, kept = write_deliverable(opened, out, language, os.cpu_count() or 1, on_step)
    except InUseError as error:
        errors.print(str(error), markup=False)
        sys.exit(1)
    if kept:
        console.print(f"Kept {kept.name}, which somebody had edited.", markup=False, soft_wrap=True)
    console.print(f"Wrote {path}", markup=False, soft_wrap=True)


@main.command(epilog="""\b
Example:
    analysis explore data/our-study
    analysis explore data/our-study --no-browser --port 8899
""")
@_study_argument
@click.option("--port", type=click.IntRange(1024, 65535), help="Port of this machine.  [default: a free one]")
@click.option("--no-browser", is_flag=True, help="Print the address and open no browser.")
def explore(study, port, no_browser):
    """Open JupyterLab on the exploring notebook, with STUDY chosen.

    The notebook is a copy in the study's folder "private", since what it shows is for you alone. It stays there
    with all you change in it; delete it to begin afresh.
    """
    from analysis import exploring
    from analysis.study.folder import read_study

    from .scaffold import exploring_notebook

    read_study(study)
    if port and exploring.taken(port):
        raise click.BadParameter(f"port {port} is in use; leave the option out for a free one.", param_hint="--port")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is JupyterLab's, which asks before it ends
    sys.exit(exploring.explore(exploring_notebook(study.resolve()), study.resolve(), port, not no_browser))


@main.command(epilog="""\b
Example:
    analysis new data/our-study
""")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def new(folder):
    """Make a study folder to fill in."""
    from .scaffold import write_new_study

    _must_be_free(folder)
    write_new_study(folder)
    console.print(f"Made {folder}. Next: put the exports into {folder / 'raw'}, fill in study.toml and the codebook "
                  f"(README.md in the folder says how), then: analysis check {folder}", markup=False)


@main.command(epilog="""\b
Example:
    analysis example data/try-out
""")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def example(folder):
    """Write the synthetic study afresh into DIR, a new folder or one that holds it already."""
    sys.path.insert(0, str(PROJECT))  # beside the package, not in it
    from example import write_example

    if not (folder / "truth.json").is_file():
        _must_be_free(folder)
    write_example(folder)
    console.print(f"Wrote the synthetic study to {folder}.", markup=False)


def _study_of(reports: Path) -> Path:
    study = PROJECT / "data" / reports.resolve().name
    if not study.is_dir():
        raise click.BadParameter(f"there is no folder “{study}”; name the study that the reports were made of.",
                                 param_hint="--study")
    return study


def _languages(study: Path, asked: tuple[str, ...]) -> tuple[str, ...]:
    """The study's first language, in which tables and figures are, and then those asked for, or else its others."""
    from analysis.study.folder import read_study

    declared = read_study(study).settings.languages
    spoken = tuple(dict.fromkeys([declared[0], *(asked or declared)]))
    for language in spoken:
        read_study(study, language)
    return spoken


def _formats(text: str) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip()))
    for each in wanted or ("",):
        if each not in FORMATS:
            raise click.BadParameter(f"“{each}” is not a format this version writes; expected {', '.join(FORMATS)}.",
                                     param_hint="--to")
    return wanted


def _countries(asked: tuple[str, ...], declared) -> list[str]:
    chosen = []
    for name in asked:
        if name not in declared:
            raise click.BadParameter(
                f"the study has no country “{name}”; it has {', '.join(declared)}.{_suggestion(name, declared)}",
                param_hint="--country")
        chosen.append(name)
    return list(dict.fromkeys(chosen))


def _suggestion(name: str, known) -> str:
    folded = {each.casefold(): each for each in known}
    near = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.5)
    return f" Did you mean “{folded[near[0]]}”?" if near else ""


def _must_be_free(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise click.BadParameter(f"{folder} is already there and not empty; choose another name.", param_hint="DIR")


def _print_results(results, index: Path, debug: bool) -> None:
    from analysis.numerals import counted
    from analysis.texts import listed, quoted

    table = Table(box=None, pad_edge=False)
    for heading, side in (("Report", "left"), ("", "left"), ("Seconds", "right"), ("Files", "left")):
        table.add_column(heading, justify=side, overflow="fold")
    for result in results:
        failed = result.status == "failed"
        table.add_row(
            Text(result.name), Text(OUTCOMES[result.status], STYLES.get(result.status, "")),
            f"{result.seconds:.1f}" if result.seconds else "",
            Text("" if failed else result.folder.relative_to(index.parent).as_posix()))
    console.print(table)
    for result in results:
        if result.status == "failed":
            errors.print(f"{result.name}: {result.message}", markup=False)
            if debug:
                errors.print(result.detail, markup=False)
        if result.kept:
            console.print(f"{result.name}: kept {listed(result.kept)}, which this run did not make.", markup=False,
                          soft_wrap=True)
    for language in sorted({language for result in results for language in result.missing}):
        if missing := sorted(set().union(*(result.missing.get(language, ()) for result in results))):
            console.print(f"{language}: {counted(len(missing), 'message')} without a translation, in English in the "
                          f"reports: {listed(quoted(missing), limit=2)}.", markup=False, soft_wrap=True)
    console.print(f"\nOpen {index}", markup=False, soft_wrap=True)


def _survive_any_letter() -> None:
    """Let an old Windows console show a sign in place of a letter that it lacks, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
