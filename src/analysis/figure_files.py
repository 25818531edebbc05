"""Single figures as files for a text of one's own: in the size, language and formats it needs, with their captions.

They are the figures of the reports, so nothing stands in them that a report would not show.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pandas as pd

from analysis import plots
from analysis.api import OpenStudy
from analysis.disclosure.formulas import without_formulas
from analysis.running.placing import InUseError, building
from analysis.sections.parts import Figure
from analysis.sections.results import Results
from analysis.study.folder import Study
from analysis.texts import listed, suggestion
from analysis.versions import PROJECT

SIZES = {"full": plots.FULL, "half": plots.HALF}
CAPTIONS = ["figure", "caption", "alt"]


class ChoiceError(ValueError):
    """A choice that can't be met; `option` is what was chosen: figure, country, size, format or folder."""

    def __init__(self, option: str, message: str):
        super().__init__(message)
        self.option = option


def figures_folder(study: Study) -> Path:
    """Where a study's single figures go unless another folder is named: beside its reports."""
    return PROJECT / "reports" / study.folder.resolve().name / "figures"


def write_figure_files(
    opened: OpenStudy,
    folder: Path,
    figures: Sequence[str] = (),
    countries: Sequence[str] = (),
    sizes: Sequence[str] = ("full",),
    formats: Sequence[str] = plots.FORMATS,
) -> list[Path]:
    """Write the chosen figures into `folder`, all or none, and return the files, captions last.

    `figures`: names (`change`, `forest-pedagogy`), or what several begin with (`forest`); none: all. `countries`: their
    keys; none: all, and the figures across countries too. Names are stable: `forest-pedagogy-ka-half.pdf`,
    `change-EE-ka-full.png`, and `change-EE-ka.csv` for the numbers. captions.csv and captions.txt keep what they say of
    other figures in the folder. Raises `ChoiceError`, and `InUseError` where a file can't be replaced; then all files are
    as before.
    """
    _must_know("size", sizes, SIZES)
    _must_know("format", formats, plots.FORMATS)
    _must_know("country", countries, opened.countries)
    before = _captions_in(folder)
    every = list(_figures(opened, countries))
    names = list(dict.fromkeys(figure.name for _country, figure in every))
    meant: set[str] = set()
    for name in figures:
        own = {name} & {*names} or {known for known in names if known.startswith(f"{name}-")}
        meant |= own
        _must_know("figure", () if own else [name], names)
    language = opened.study.codebook.language
    found = [(f"{figure.name}{f'-{country}' if country else ''}-{language}", figure) for country, figure in every
             if not figures or figure.name in meant]
    with building(folder) as made:
        captions = _draw(made, found, sizes, formats)
        known = {path.stem for path in [*folder.glob("*"), *made.glob("*")]}
        captions = pd.concat([before.loc[~before["figure"].isin(captions["figure"])], captions])
        captions = captions.loc[captions["figure"].isin(known)].sort_values("figure", ignore_index=True)
        without_formulas(captions).to_csv(made / "captions.csv", index=False, encoding="utf-8", lineterminator="\n")
        texts = [f"{row.figure}\n{row.caption}\nAlternative text: {row.alt}\n" for row in captions.itertuples()]
        (made / "captions.txt").write_text("\n".join(texts), encoding="utf-8", newline="\n")
        return _put_in_place(made, folder)


def _figures(opened: OpenStudy, countries: Sequence[str]) -> Iterator[tuple[str, Figure]]:
    """Every figure of the reports with the key of its country, empty for one of all countries."""
    for country in countries or opened.countries:
        yield from ((country, figure) for figure in _of(opened.panel(country).results))
    if not countries:
        yield from (("", figure) for figure in _of(opened.across))


def _of(results: Results) -> Iterator[Figure]:
    for module in results.sections:
        for part in ("main", "annex"):
            blocks = getattr(module, part, lambda _results: ())(results)
            yield from (block for block in blocks if isinstance(block, Figure))


def _must_know(option: str, chosen: Sequence[str], known: Iterable[str]) -> None:
    for each in chosen:
        if each not in known:
            raise ChoiceError(
                option, f"there is no {option} “{each}”; expected {listed(known, last='or', limit=99)}."
                        f"{suggestion(each, known)}")


def _captions_in(folder: Path) -> pd.DataFrame:
    path = folder / "captions.csv"
    if not path.is_file():
        return pd.DataFrame(columns=CAPTIONS)
    found = pd.read_csv(path, dtype=str, keep_default_na=False)
    if list(found.columns) != CAPTIONS:
        raise ChoiceError("folder", f"{path} was written by something else; choose another folder.")
    return found


def _draw(folder: Path, found: list[tuple[str, Figure]], sizes: Sequence[str], formats: Sequence[str]) -> pd.DataFrame:
    rows = []
    for stem, figure in found:
        without_formulas(figure.numbers).to_csv(folder / f"{stem}.csv", index=False, encoding="utf-8", lineterminator="\n")
        for size in sizes:
            for kind, content in plots.rendered(figure.draw(SIZES[size]), formats, truetype=True).items():
                (folder / f"{stem}-{size}.{kind}").write_bytes(content)
            rows.append([f"{stem}-{size}", f"{figure.title}. {figure.caption}", figure.alt])
    return pd.DataFrame(rows, columns=CAPTIONS)


def _put_in_place(made: Path, folder: Path) -> list[Path]:
    """Move the finished files into the folder; where one can't be, those moved already give way to the old ones again."""
    folder.mkdir(parents=True, exist_ok=True)
    previous = made / "previous"
    files = sorted(path for path in made.iterdir() if path.is_file())
    previous.mkdir()
    moved: list[Path] = []
    try:
        for path in files:
            target = folder / path.name
            if target.exists():
                shutil.copy2(target, previous / path.name)
            moved.append(target)
            path.replace(target)
    except OSError as error:
        for target in moved:
            old = previous / target.name
            if old.exists():
                old.replace(target)
            elif not (made / target.name).exists():
                target.unlink(missing_ok=True)
        raise InUseError(f"{target} can't be written; close the programs that have it open and try again.") from error
    return sorted(moved, key=lambda path: (path.stem == "captions", path.name))
