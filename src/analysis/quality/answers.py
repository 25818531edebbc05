"""What a study's answers look like before anything is computed from them: missing, links, straight-liners, schools.

All of it is for the owner of the answers: nothing is suppressed here. `quality_report` makes of it what may be shown.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.responses import ExportRecord, Responses
from analysis.scales import Panel, straight_lined
from analysis.staging import Staging
from analysis.study.folder import Study
from analysis.study.populations import WAVES, populations

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


def missing_answers(study: Study, responses: Responses, export: ExportRecord) -> pd.DataFrame:
    """How many respondents of an export gave no answer to an item that it asks; `item, n, missing, share`, the worst first.

    `n` are the export's answers, `missing` those without an answer or with one that counts as none (“don't know”), `share`
    is missing of n, nan where n is 0.
    """
    answers = answers_of(responses, export)
    asked = {target.partition(":")[0] for target in export.recognised}
    missing = answers[[item for item in study.codebook.items.index if item in asked]].isna().sum().astype(int)
    found = pd.DataFrame({"item": missing.index, "n": len(answers), "missing": missing.to_numpy()})
    found["share"] = found["missing"] / found["n"].where(found["n"] > 0)
    return found.sort_values("missing", ascending=False, kind="stable")


def straight_liners(panel: Panel) -> dict[str, tuple[int, int]]:
    """By wave, how many are straight-liners (`statistics.careless`), of how many without their double submissions."""
    flagged = straight_lined(panel)
    return {wave: (int(flagged[wave].any(axis=1).sum()), int(panel.respondents[wave].notna().sum())) for wave in WAVES}


def school_counts(panel: Panel) -> pd.DataFrame:
    """Respondents per school, `school, n_pre, n_post, n_matched`. An empty school was not given and comes last."""
    pre, post = (panel.respondents[wave].notna() for wave in WAVES)
    counts = pd.DataFrame({"school": panel.respondents["school"], "n_pre": pre, "n_post": post, "n_matched": pre & post})
    counts = counts.groupby("school", as_index=False).sum().astype(dict.fromkeys(["n_pre", "n_post", "n_matched"], int))
    return counts.sort_values("school", key=lambda school: school == "", kind="stable")
