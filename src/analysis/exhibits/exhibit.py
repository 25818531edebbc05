"""One figure of a report with all that goes with it: what draws it, its name, text, and the numbers behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure

from analysis.study.folder import Study

from ..numerals import DASH
from ..tables import Readable
from ..texts import listed
from ..words import _


@dataclass(frozen=True)
class Exhibit:
    """A figure before it is drawn.

    `kind` is the figure's family and `name` the stem of its files; `draw` takes the width in inches and gives the
    drawn figure. `alt` says in words what it shows, `subject` which part of the family it is (a scale, say),
    `details` are the caption's sentences on n, intervals and where the data come from. `numbers` is what is drawn,
    tidy and in full precision, and holds nothing that the tables don't show; `table` is the same for reading.
    """

    kind: str
    name: str
    draw: Callable[[float], Figure]
    alt: str
    numbers: pd.DataFrame
    table: Readable
    subject: str = ""
    details: str = ""


def source(study: Study, countries: Iterable[str], waves: Iterable[str] = ("pre", "post")) -> str:
    """The sentence that says where the data come from: study, countries and surveys; invented data are named so."""
    about = {"study": study.settings.title.rstrip("."),
             "countries": listed([study.settings.countries[country].name for country in countries])}
    data = {("pre",): _("Data: {study}, {countries}, survey before mentoring.", **about),
            ("post",): _("Data: {study}, {countries}, survey after mentoring.", **about),
            }.get(tuple(waves), _("Data: {study}, {countries}, surveys before and after mentoring.", **about))
    return f"{data} {_('Synthetic data.')}" if study.settings.synthetic else data


def labels(panel_or_study) -> dict[str, str]:
    """The texts of all scales and items by their names, in the language the study was read in."""
    codebook = getattr(panel_or_study, "study", panel_or_study).codebook
    return {scale: codebook.label(scale) for scale in codebook.scales.index} | {
        item: codebook.text(item) for item in codebook.items.index
    }


def numbered(name: str, position: int) -> str:
    """The name itself for the first of a family, `name-2` for the second, and so on."""
    return name if position == 0 else f"{name}-{position + 1}"


def span(counts: Iterable[float]) -> str:
    """`102`, or `96 to 102` where the counts differ; an en dash where none is shown."""
    known = [int(n) for n in counts if not pd.isna(n)]
    if not known:
        return DASH
    low, high = min(known), max(known)
    return f"{low}" if low == high else _("{low} to {high}", low=low, high=high)


def sentences(*parts: str) -> str:
    """The sentences that are not empty, with spaces between."""
    return " ".join(part for part in parts if part)
