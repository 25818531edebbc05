"""The figures of the report across countries."""

from __future__ import annotations

import pandas as pd

from ..figures import forest
from ..study import Study
from ..tables import Readable
from ..tables.shape import interval_or_dash, whole
from .country import CHANGE_INTERVAL, with_interval
from .exhibit import Exhibit, sentences, source

FOREST_DRAWN = [
    "scale", "label", "country", "n_pre", "n_post", "n_matched", "n_schools", "change", "ci_low", "ci_high",
    "prediction_low", "prediction_high",
]
ALL = "All countries"


def forest_figures(study: Study, by_country: pd.DataFrame, pooled: pd.DataFrame) -> list[Exhibit]:
    """The change in each country and pooled: one overview of all scales, then a figure per primary scale.

    `by_country` is `change_by_country.csv`, `pooled` is `pooled.csv`.
    """
    names = {key: country.name for key, country in study.settings.countries.items()}
    named = by_country.assign(country=by_country["country"].map(names))
    details = sentences(CHANGE_INTERVAL, "Pooled: random effects (REML, modified Hartung-Knapp); the prediction interval "
                        "is where the change of a further country is expected.",
                        source(study, dict.fromkeys(by_country["country"])))
    found = [Exhibit(
        "forest", "forest-overview",
        lambda width: forest.grid(named, pooled, synthetic=study.settings.synthetic),
        forest.grid_alt_text(named, pooled), _drawn(named, pooled), _for_reading(_drawn(named, pooled)), "all scales",
        details)]
    for scale in study.primary_scales:
        rows = named.loc[named["scale"] == scale]
        if rows.empty:
            continue
        of_scale = pooled.loc[pooled["scale"] == scale].iloc[0]
        name = study.codebook.label(scale)
        drawn = _drawn(rows, pooled.loc[pooled["scale"] == scale])
        found.append(Exhibit(
            "forest", f"forest-{scale}",
            lambda width, rows=rows, of_scale=of_scale: forest.figure(
                rows, of_scale, synthetic=study.settings.synthetic),
            forest.alt_text(rows, of_scale, name), drawn, _for_reading(drawn), name, details))
    return found


def _drawn(named: pd.DataFrame, pooled: pd.DataFrame) -> pd.DataFrame:
    """The countries' rows, and below them the pooled ones where a diamond is drawn."""
    shown = pooled.loc[(pooled["k"] >= forest.FEWEST) & pooled["estimate"].notna()]
    labels = named.drop_duplicates("scale").set_index("scale")["label"]
    together = shown.rename(columns={"estimate": "change"}).assign(
        country=ALL, label=shown["scale"].map(labels))
    if together.empty:
        return named.reindex(columns=FOREST_DRAWN)
    return pd.concat([named.reindex(columns=FOREST_DRAWN), together.reindex(columns=FOREST_DRAWN)], ignore_index=True)


def _for_reading(drawn: pd.DataFrame) -> Readable:
    rows = [[row.label, row.country, whole(row.n_matched), whole(row.n_schools),
             *with_interval(row.change, row.ci_low, row.ci_high), interval_or_dash(row.prediction_low, row.prediction_high)]
            for row in drawn.itertuples()]
    headings = ["Scale", "Country", "Linked", "Schools", "Change", "95 % CI", "Prediction interval"]
    if drawn["scale"].nunique() < 2:
        return Readable(headings[1:], [row[1:] for row in rows])
    return Readable(headings, rows, text=(0, 1))
