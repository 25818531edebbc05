"""All attacks on one country's published tables, by name."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis import sections
from analysis.disclosure.policy import Policy
from analysis.disclosure.protection import protected
from analysis.language import Language
from analysis.scales import Panel
from analysis.sections.correlates import predictors
from analysis.sections.results import Results
from analysis.study.populations import Population
from attacks import items, programme, regressions, schools, sums
from attacks.codebooks import Book
from attacks.reading import Reader

ON_TABLES = (
    items.directions_beside_counts, items.unanimous, items.told_by_notes, items.two_items_joined,
    regressions.lone_predictor, regressions.lone_unmatched,
    sums.scores_beside_matched, sums.items_beside_matched, sums.skipped_items, sums.suppressed_items,
    sums.constants_twice, sums.bases_a_few_apart, sums.bases_of_few)
KNOWING_SIZES = (
    schools.sizes_by_freedom, schools.sums_of_schools, schools.counts_of_schools, schools.joined_counts)
NAMES = tuple(attack.__name__ for attack in (*ON_TABLES, *KNOWING_SIZES, regressions.leverage,
                                             programme.groups_by_subtraction))


def published(panel: Panel, minimum: int, others: Mapping[Population, Panel] | None = None) -> Results:
    """The results of a country under a minimum; 1 publishes everything, unrounded. `others`: its other populations."""
    return Results(panel.study, protected(panel, Policy(minimum)), sections.COUNTRY, Language(), others)


def hits(results: Results, minimum: int, **instead: pd.DataFrame) -> dict[str, list[str]]:
    """What each attack (`NAMES`) learns from published results about groups under the minimum.

    `instead`: tables in place of those of the results.
    """
    panel = results.panel
    reader = Reader({name: results.table(name) for name in results.tables} | instead, minimum)
    book, sizes, known = Book.of(panel), _sizes(panel), _predictors(panel)
    found = {attack.__name__: attack(reader, book) for attack in ON_TABLES}
    found |= {attack.__name__: attack(reader, book, sizes) for attack in KNOWING_SIZES}
    for what, tables, of_others in programme.others(results):
        own = Reader(tables, minimum)
        for attack in ON_TABLES:
            found[attack.__name__] += [f"{what}: {one}" for one in attack(own, of_others)]
    return found | {
        regressions.leverage.__name__: regressions.leverage(reader, book, known),
        programme.groups_by_subtraction.__name__: programme.groups_by_subtraction(reader, book, programme.groups(results))}


def _changes(panel: Panel, scale: str) -> np.ndarray:
    return (panel.scores["post"][scale] - panel.scores["pre"][scale]).to_numpy(float)


def _sizes(panel: Panel) -> schools.Sizes:
    """How many matched teachers each school has on each scale, which the reader is assumed to know."""
    if panel.cluster is None:
        return {scale: {} for scale in panel.compared_scales}
    return {scale: {name: int((np.isfinite(_changes(panel, scale)) & (panel.cluster == code)).sum())
                    for code, name in enumerate(panel.school_names)} for scale in panel.compared_scales}


def _predictors(panel: Panel) -> dict[str, dict[str, np.ndarray]]:
    """The predictors of those in each regression, which the reader is assumed to know."""
    return {scale: {name: (x := values.to_numpy(float))[np.isfinite(_changes(panel, scale)) & np.isfinite(x)
                                                        & panel.in_clusters]
                    for name, values in predictors(panel).items()} for scale in panel.compared_scales}
