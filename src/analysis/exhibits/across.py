"""The change in each country and pooled."""

from __future__ import annotations

import pandas as pd

from analysis.study.folder import Study

from ..figures import forest, multiples
from ..tables import Readable
from ..tables.shape import interval_or_dash, whole
from ..words import _
from .change import interval_of_change, with_interval
from .exhibit import Exhibit, numbered, sentences, source

DRAWN = [
    "scale", "label", "country", "n_pre", "n_post", "n_matched", "n_schools", "change", "ci_low", "ci_high",
    "prediction_low", "prediction_high",
]


def forest_figures(study: Study, by_country: pd.DataFrame, pooled: pd.DataFrame) -> list[Exhibit]:
    """The change in each country and pooled: an overview of all scales, then a figure per primary scale.

    `by_country` is `change_by_country.csv`, `pooled` what is read out of the pooling.
    """
    names = {key: country.name for key, country in study.settings.countries.items()}
    named = by_country.assign(country=by_country["country"].map(names))
    details = sentences(
        interval_of_change(),
        _how_pooled(pooled.loc[_pooled(pooled)]),
        source(study, dict.fromkeys(by_country["country"])))
    scales = list(named["scale"].drop_duplicates())
    each = multiples.panels_a_page(named["country"].nunique() + 1)
    parts = [scales[start:start + each] for start in range(0, len(scales), each)]
    found = []
    for position, part in enumerate(parts or [[]]):
        rows, together = named.loc[named["scale"].isin(part)], pooled.loc[pooled["scale"].isin(part)]
        drawn = _drawn(rows, together)
        found.append(Exhibit(
            "forest", numbered("forest-overview", position),
            lambda width, rows=rows, together=together: forest.grid(
                rows, together, width=width, synthetic=study.settings.synthetic),
            forest.grid_alt_text(rows, together), drawn, _for_reading(drawn),
            _("all scales") if len(parts) < 2 else _("several scales"), details))
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
                rows, of_scale, width=width, synthetic=study.settings.synthetic),
            forest.alt_text(rows, of_scale, name), drawn, _for_reading(drawn), name, details))
    return found


def _pooled(pooled: pd.DataFrame) -> pd.Series:
    return (pooled["k"] >= forest.FEWEST) & pooled["estimate"].notna()


def _how_pooled(shown: pd.DataFrame) -> str:
    if shown.empty:
        return ""
    how = (_("Pooled: random effects with a half-normal prior on how far countries differ, and a credible interval.")
           if shown["credible"].any() else _("Pooled: random effects (REML, modified Hartung-Knapp)."))
    further = _("The prediction interval is where the change of a further country is expected.")
    return f"{how} {further}"


def _drawn(named: pd.DataFrame, pooled: pd.DataFrame) -> pd.DataFrame:
    """The countries' rows, and below them the pooled ones where a diamond is drawn."""
    shown = pooled.loc[_pooled(pooled)]
    labels = named.drop_duplicates("scale").set_index("scale")["label"]
    together = shown.rename(columns={"estimate": "change"}).assign(
        country=_("All countries"), label=shown["scale"].map(labels))
    parts = [part.reindex(columns=DRAWN) for part in (named, together) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=DRAWN)


def _for_reading(drawn: pd.DataFrame) -> Readable:
    rows = [[row.label, row.country, whole(row.n_matched), whole(row.n_schools),
             *with_interval(row.change, row.ci_low, row.ci_high), interval_or_dash(row.prediction_low, row.prediction_high)]
            for row in drawn.itertuples()]
    headings = [_("Scale"), _("Country"), _("Linked"), _("Schools"), _("Change"), _("95 % CI"), _("Prediction interval")]
    if drawn["scale"].nunique() < 2:
        return Readable(headings[1:], [row[1:] for row in rows])
    return Readable(headings, rows, text=(0, 1))
