"""What a study's answers look like before anything is computed from them: missing, links, straight-liners, schools.

All of it is for the owner of the answers: nothing is suppressed here. `quality_report` makes of it what may be shown.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.linking.links import KINDS
from analysis.responses import ExportRecord, Responses
from analysis.scales import Panel, straight_lined
from analysis.staging import Staging
from analysis.study.folder import Study
from analysis.study.populations import WAVES, populations

MISSING_COLUMNS = ["export", "country", "wave", "iteration", "respondents", "item", "n", "missing", "share"]
LINK_COLUMNS = ["country", "iteration", "kind", "n"]
CARELESS_COLUMNS = ["country", "iteration", "wave", "n", "straight_liners"]
SCHOOL_COLUMNS = ["country", "iteration", "school", "n_pre", "n_post", "n_matched"]

Panels = dict[tuple[str, int], Panel]
"""The teachers of every country and iteration that has answers."""


def panels_of(staging: Staging) -> Panels:
    """The panels of all countries and iterations with teachers' answers, in the order of study.toml."""
    frame = staging.responses.frame
    return {
        (country, population.iteration): staging.panel(country, population)
        for country in staging.countries
        for population in populations(frame.loc[frame["country"] == country])
    }


def with_school_names(study: Study) -> Study:
    """The study with its schools' own names, for its owner."""
    return replace(study, settings=study.settings.model_copy(update={"school_names": "show"}))


def answers_of(responses: Responses, export: ExportRecord) -> pd.DataFrame:
    """The rows of the frame that one export gave."""
    frame = responses.frame
    chosen = pd.Series(True, index=frame.index)
    for column in ("file", "country", "wave", "iteration", "respondents"):
        chosen &= frame[column] == getattr(export, column)
    return frame.loc[chosen]


def missing_answers(study: Study, responses: Responses) -> pd.DataFrame:
    """How many respondents of each export gave no answer to an item that it asks; `MISSING_COLUMNS`.

    A row per export and item, the worst item of an export first. `n` are the export's answers, `missing` those
    without an answer or with one that counts as none (“don't know”), `share` is missing of n, nan where n is 0.
    """
    parts = []
    for export in responses.exports:
        items = [item for item in study.codebook.items.index if item not in export.lacking]
        answers = answers_of(responses, export)
        missing = answers[items].isna().sum().astype(int)
        part = pd.DataFrame({"item": items, "n": len(answers), "missing": missing.to_numpy()})
        part["share"] = part["missing"] / part["n"].where(part["n"] > 0)
        part = part.sort_values("missing", ascending=False, kind="stable")
        parts.append(part.assign(export=export.file, **{
            column: getattr(export, column) for column in ("country", "wave", "iteration", "respondents")}))
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=MISSING_COLUMNS)
    return found[MISSING_COLUMNS]


def links(panels: Panels) -> pd.DataFrame:
    """How each country's answers were linked, a row per kind; `LINK_COLUMNS`, kinds as in `linking.csv`."""
    return pd.DataFrame(
        [[country, iteration, kind, of_country.linked.counts[kind]]
         for (country, iteration), of_country in panels.items() for kind in KINDS],
        columns=LINK_COLUMNS)


def careless_answers(panels: Panels) -> pd.DataFrame:
    """Straight-liners (`statistics.careless.DEFINITION`) per country and wave; `CARELESS_COLUMNS`.

    `n` are the respondents of the wave after double submissions were resolved.
    """
    rows = []
    for (country, iteration), of_country in panels.items():
        flagged = straight_lined(of_country)
        for wave in WAVES:
            n = int(of_country.respondents[wave].notna().sum())
            rows.append([country, iteration, wave, n, int(flagged[wave].any(axis=1).sum())])
    return pd.DataFrame(rows, columns=CARELESS_COLUMNS)


def school_counts(panels: Panels) -> pd.DataFrame:
    """Teachers per school, before, after and linked; `SCHOOL_COLUMNS`. An empty school was not given."""
    parts = []
    for (country, iteration), of_country in panels.items():
        respondents = of_country.respondents
        counts = pd.DataFrame({
            "school": respondents["school"], "n_pre": respondents["pre"].notna().astype(int),
            "n_post": respondents["post"].notna().astype(int),
            "n_matched": (respondents["pre"].notna() & respondents["post"].notna()).astype(int),
        }).groupby("school", as_index=False).sum()
        counts = counts.sort_values("school", key=lambda school: school == "", kind="stable")
        parts.append(counts.assign(country=country, iteration=iteration))
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=SCHOOL_COLUMNS)
    return found[SCHOOL_COLUMNS]
