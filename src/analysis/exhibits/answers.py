"""The answers to every item of the scales, before over after."""

from __future__ import annotations

import pandas as pd

from ..figures import answer_distribution
from ..scales import Panel
from ..tables import Readable
from ..tables.shape import percentage, wave_name, whole
from .exhibit import Exhibit, sentences, source, span

ITEMS_A_FIGURE = 12


def answer_figures(panel: Panel, answers: pd.DataFrame) -> list[Exhibit]:
    """The answers to every likert item, before over after: a figure per scale, scales of one item together.

    `answers` is `item_answers.csv`.
    """
    codebook = panel.study.codebook
    asked = set(answers["item"])
    groups: dict[tuple[str, str, str], list[str]] = {}
    for item, row in codebook.items.loc[codebook.items["kind"] == "likert"].iterrows():
        if item in asked:
            alone = len(codebook.items_of(row["scale"])) == 1
            group = ("single-items", "") if alone else (row["scale"], codebook.label(row["scale"]))
            groups.setdefault((*group, row["answers"]), []).append(item)
    found: dict[str, Exhibit] = {}
    for (name, label, _), items in groups.items():
        for start in range(0, len(items), ITEMS_A_FIGURE):
            stem = next(stem for position in range(1, len(items) + len(found) + 2)
                        if (stem := f"answers-{name}" + (f"-{position}" if position > 1 else "")) not in found)
            found[stem] = _figure(panel, answers, stem, label, items[start:start + ITEMS_A_FIGURE])
    return list(found.values())


def _figure(panel: Panel, answers: pd.DataFrame, name: str, label: str, items: list[str]) -> Exhibit:
    codebook, synthetic = panel.study.codebook, panel.study.settings.synthetic
    named = [(item, _with_direction(codebook, item)) for item in items]
    values = [(value.value, value.label) for value in codebook.values(items[0])]
    rows = answers.loc[answers["item"].isin(items)]
    return Exhibit(
        "answers", name,
        lambda width: answer_distribution.figure(answers, named, values, synthetic=synthetic, width=width),
        answer_distribution.alt_text(answers, named, values), rows, _for_reading(rows, dict(named), values), label,
        sentences(f"n = {span(rows.groupby(['item', 'wave'])['n'].sum(min_count=1))} answers to an item in a survey, "
                  "given at the right.", source(panel.study, [panel.country])))


def _for_reading(rows: pd.DataFrame, named: dict[str, str], values: list[tuple[object, str]]) -> Readable:
    cells = []
    for (item, wave), own in rows.groupby(["item", "wave"], sort=False):
        shares = own.set_index("value")["share"]
        cells.append([named[item], wave_name(wave), whole(own["n"].sum(min_count=len(own))),
                      *(percentage(shares[value]) for value, _ in values)])
    return Readable(["Item", "Survey", "n", *(label for _, label in values)], cells, text=(0, 1))


def _with_direction(codebook, item: str) -> str:
    return f"{codebook.text(item)} (reversed)" if codebook.items.loc[item, "reversed"] else codebook.text(item)
