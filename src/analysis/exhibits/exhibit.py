"""One figure of a report with all that goes with it: what draws it, its name, text, and the numbers behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure

from ..study import Study
from ..tables import Readable
from ..texts import listed


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


def source(study: Study, countries: Iterable[str], surveys: str = "surveys before and after mentoring") -> str:
    """The sentence that says where the data come from: study, countries and surveys; invented data are named so."""
    names = [study.settings.countries[country].name for country in countries]
    title = study.settings.title.rstrip(".")
    invented = " Synthetic data." if study.settings.synthetic else ""
    return f"Data: {title}, {listed(names)}, {surveys}.{invented}"


def span(counts: Iterable[float]) -> str:
    """`102`, or `96 to 102` where the counts differ; an en dash where none is shown."""
    known = [int(n) for n in counts if not pd.isna(n)]
    if not known:
        return "–"
    low, high = min(known), max(known)
    return f"{low}" if low == high else f"{low} to {high}"


def sentences(*parts: str) -> str:
    """The sentences that are not empty, with spaces between."""
    return " ".join(part for part in parts if part)
