"""The items: answers before over after, and the change on each item in every country."""

from __future__ import annotations

import pandas as pd

from analysis.questions.items import item_means_table
from analysis.study.folder import Study

from ..figures import answer_distribution, heat_map
from ..numerals import number
from ..scales import Panel
from ..tables import Readable
from ..tables.shape import percentage, wave_name, whole
from ..words import _
from .exhibit import Exhibit, numbered, sentences, source, span

ITEMS_A_FIGURE = 12
ITEMS_A_MAP = 18


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
    for (name, label, _set), items in groups.items():
        for start in range(0, len(items), ITEMS_A_FIGURE):
            stem = next(stem for position in range(len(items) + len(found) + 1)
                        if (stem := numbered(f"answers-{name}", position)) not in found)
            found[stem] = _answers(panel, answers, stem, label, items[start:start + ITEMS_A_FIGURE])
    return list(found.values())


def _answers(panel: Panel, answers: pd.DataFrame, name: str, label: str, items: list[str]) -> Exhibit:
    codebook, synthetic = panel.study.codebook, panel.study.settings.synthetic
    named = [(item, _with_direction(codebook, item)) for item in items]
    values = [(value.value, value.label) for value in codebook.values(items[0])]
    rows = answers.loc[answers["item"].isin(items)]
    counts = rows.groupby(["item", "wave"])["n"].sum(min_count=1)
    waves = tuple(rows["wave"].unique())
    return Exhibit(
        "answers", name,
        lambda width: answer_distribution.figure(rows, named, values, width=width, synthetic=synthetic),
        answer_distribution.alt_text(rows, named, values), rows, _answers_for_reading(rows, dict(named), values), label,
        sentences(_("n = {n} answers to an item in a survey, given at the right.", n=span(counts)),
                  source(panel.study, [panel.country], waves)))


def _answers_for_reading(rows: pd.DataFrame, named: dict[str, str], values: list[tuple[object, str]]) -> Readable:
    cells = []
    for (item, wave), own in rows.groupby(["item", "wave"], sort=False):
        shares = own.set_index("value")["share"]
        cells.append([named[item], wave_name(wave), whole(own["n"].sum(min_count=len(own))),
                      *(percentage(shares[value]) for value, _label in values)])
    return Readable([_("Item"), _("Survey"), "n", *(f"{label} (%)" for _value, label in values)], cells, text=(0, 1))


def item_change_figures(study: Study, panels: dict[str, Panel]) -> list[Exhibit]:
    """The change on every item of the scales in every country: maps of colours, scales kept whole where they fit.

    `panels` by country, as `across.panels` gives them. The numbers are those of the countries' `item_means.csv`.
    """
    tables = [item_means_table(panel).assign(country=country) for country, panel in panels.items()]
    changes = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=["item"])
    asked, codebook = set(changes["item"]), study.codebook
    items = [(item, _("{item} (reversed)", item=codebook.text(item)) if row["reversed"] else codebook.text(item),
              codebook.label(row["scale"])) for item, row in codebook.items.iterrows() if item in asked]
    if not items:
        return []
    countries = [(country, panel.name) for country, panel in panels.items()]
    limit = heat_map.limit_of(changes)
    return [_map(study, numbered("items-by-country", position), changes, part, countries, limit)
            for position, part in enumerate(_parts(items))]


def _parts(items: list[tuple[str, str, str]]) -> list[list[tuple[str, str, str]]]:
    """The items in parts of at most `ITEMS_A_MAP`; a new part begins with a new scale where it can."""
    parts: list[list[tuple[str, str, str]]] = [[]]
    for at, entry in enumerate(items):
        scale = [other for other in items[at:] if other[2] == entry[2]]
        begins = not parts[-1] or parts[-1][-1][2] != entry[2]
        if len(parts[-1]) >= ITEMS_A_MAP or (begins and parts[-1] and len(parts[-1]) + len(scale) > ITEMS_A_MAP):
            parts.append([])
        parts[-1].append(entry)
    return parts


def _map(study: Study, name: str, changes: pd.DataFrame, items: list[tuple[str, str, str]],
         countries: list[tuple[str, str]], limit: float) -> Exhibit:
    own = changes.loc[changes["item"].isin([item for item, *_rest in items])]
    cells = own.set_index(["item", "country"])["change"]
    scales = list(dict.fromkeys(scale for *_item, scale in items))
    return Exhibit(
        "items-by-country", name,
        lambda width: heat_map.figure(own, items, countries, limit, width=width, synthetic=study.settings.synthetic),
        heat_map.alt_text(own, items, countries), own[["item", "scale", "country", "n", "change"]],
        Readable([_("Item"), *(name for _key, name in countries)],
                 [[text, *(number(cells.get((item, key), float("nan"))) for key, _name in countries)]
                  for item, text, _scale in items]),
        ", ".join(scales),
        sentences(_("n = {n} linked teachers of a country on an item.", n=span(own["n"])),
                  _("Answers to reversed items are turned round, so that a plus means more of what the scale measures."),
                  _("Cells have no intervals here, and a single item is less sure than a scale."),
                  source(study, [key for key, _name in countries])))


def _with_direction(codebook, item: str) -> str:
    text = codebook.text(item)
    return _("{item} (reversed)", item=text) if codebook.items.loc[item, "reversed"] else text
