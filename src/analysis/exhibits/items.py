"""The items: the change on each item in every country."""

from __future__ import annotations

import pandas as pd

from analysis.sections.items import item_means_table
from analysis.study.folder import Study

from ..figures import heat_map
from ..numerals import number
from ..scales import Panel
from ..tables import Readable
from ..words import _
from .exhibit import Exhibit, numbered, sentences, source, span

ITEMS_A_MAP = 18


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

