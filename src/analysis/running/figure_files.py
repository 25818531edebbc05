"""Single figures as files for a text of one's own: in the size, language and formats it needs, with their captions.

They are the figures of the reports, so nothing stands in them that a report would not show.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from analysis import words
from analysis.disclosure.formulas import without_formulas
from analysis.exhibits.catalogue import ACROSS, COUNTRY, caption
from analysis.exhibits.exhibit import Exhibit
from analysis.figures import style
from analysis.questions.across import panels as all_panels
from analysis.responses import Responses
from analysis.running.manifest import PROJECT
from analysis.running.placing import InUseError, building
from analysis.scales import Panel
from analysis.study.folder import Study
from analysis.texts import listed, suggestion

SIZES = {"full": style.FULL, "half": style.HALF}
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
    study: Study,
    responses: Responses,
    folder: Path,
    figures: Sequence[str] = (),
    countries: Sequence[str] = (),
    sizes: Sequence[str] = ("full",),
    formats: Sequence[str] = style.FORMATS,
) -> list[Path]:
    """Write the chosen figures into `folder`, all or none, and return the files, captions last.

    `figures`: kinds (`forest`) or single names (`forest-pedagogy`); none: all. `countries`: their keys; none: all, and
    the figures across countries too. Names are stable: `forest-pedagogy-ka-half.pdf`, `change-EE-ka-full.png`, and
    `change-EE-ka.csv` for the numbers. captions.csv and captions.txt keep what they say of other figures in the folder.
    Raises `ChoiceError`, and `InUseError` where a file can't be replaced; then all files are as before.
    """
    words.use(study.codebook.language)
    _must_know("size", sizes, SIZES)
    _must_know("format", formats, style.FORMATS)
    present = all_panels(study, responses)
    _must_know("country", countries, present)
    before = _captions_in(folder)
    wanted = _kinds(figures, bool(countries))
    language = study.codebook.language
    every = list(_exhibits(study, present, countries or list(present), wanted))
    _must_be_there(figures, [exhibit for _country, exhibit in every])
    found = [(f"{exhibit.name}{f'-{country}' if country else ''}-{language}", exhibit) for country, exhibit in every
             if exhibit.kind in wanted[exhibit.kind] or exhibit.name in wanted[exhibit.kind]]
    with building(folder) as made:
        captions = _draw(made, found, sizes, formats)
        known = {path.stem for path in [*folder.glob("*"), *made.glob("*")]}
        captions = pd.concat([before.loc[~before["figure"].isin(captions["figure"])], captions])
        captions = captions.loc[captions["figure"].isin(known)].sort_values("figure", ignore_index=True)
        without_formulas(captions).to_csv(made / "captions.csv", index=False, encoding="utf-8", lineterminator="\n")
        texts = [f"{row.figure}\n{row.caption}\nAlternative text: {row.alt}\n" for row in captions.itertuples()]
        (made / "captions.txt").write_text("\n".join(texts), encoding="utf-8", newline="\n")
        return _put_in_place(made, folder)


def _exhibits(study: Study, present: dict[str, Panel], countries: Sequence[str], kinds: dict[str, list[str]]):
    """Every figure of these kinds with the key of its country, empty for one of all countries."""
    for kind in kinds:
        if kind in ACROSS:
            yield from (("", exhibit) for exhibit in ACROSS[kind](study, present))
            continue
        for country in countries:
            yield from ((country, exhibit) for exhibit in COUNTRY[kind](present[country]))


def _kinds(figures: Sequence[str], of_countries: bool) -> dict[str, list[str]]:
    """The kinds to make, and of each what was asked for; a kind's own name stands for all of it."""
    every = [*COUNTRY, *ACROSS]
    if not figures:
        return {kind: [kind] for kind in (COUNTRY if of_countries else every)}
    kinds: dict[str, list[str]] = {}
    for name in figures:
        fitting = [kind for kind in every if name == kind or name.startswith(f"{kind}-")]
        if not fitting:
            raise ChoiceError("figure", _unknown(name, every))
        kind = max(fitting, key=len)
        if kind in ACROSS and of_countries:
            raise ChoiceError("country", f"“{name}” shows all countries; leave the choice of countries out.")
        kinds.setdefault(kind, []).append(name)
    return kinds


def _must_be_there(figures: Sequence[str], found: list[Exhibit]) -> None:
    known = list(dict.fromkeys(name for exhibit in found for name in (exhibit.kind, exhibit.name)))
    for name in figures:
        if name in known:
            continue
        if name in COUNTRY or name in ACROSS:
            raise ChoiceError("figure", f"there is no figure “{name}” of these data: too few answers can be shown.")
        raise ChoiceError("figure", f"there is no figure “{name}”; expected {listed(known, last='or', limit=99)}."
                                    f"{suggestion(name, known)}")


def _unknown(name: str, every: Iterable[str]) -> str:
    return (f"there is no figure “{name}”; expected {listed(every, last='or', limit=99)}, or one of a kind, such as "
            f"forest-<scale>.{suggestion(name, every)}")


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


def _draw(folder: Path, found: list[tuple[str, Exhibit]], sizes: Sequence[str], formats: Sequence[str]) -> pd.DataFrame:
    rows = []
    for stem, exhibit in found:
        without_formulas(exhibit.numbers).to_csv(
            folder / f"{stem}.csv", index=False, encoding="utf-8", lineterminator="\n")
        for size in sizes:
            for kind, content in style.rendered(exhibit.draw(SIZES[size]), formats, truetype=True).items():
                (folder / f"{stem}-{size}.{kind}").write_bytes(content)
            rows.append([f"{stem}-{size}", caption(exhibit), exhibit.alt])
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
