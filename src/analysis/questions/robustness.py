"""Further samples for the main estimate: without straight-liners, and with each school left out in turn."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.disclosure.rules import SCHOOLS_TOLD, gives_school_away
from analysis.questions.change import estimate_columns, main_estimate, scores_of
from analysis.questions.sensitivity import SENSITIVITY_COLUMNS, on_fewer_scores
from analysis.scales import WAVES, Panel
from analysis.statistics.careless import straight_liners
from analysis.statistics.estimate import Estimate

FEWEST_SCHOOLS = 4


def robustness_table(panel: Panel) -> pd.DataFrame:
    """The main estimate on further samples, as `robustness.csv`; columns as in `sensitivity.csv`.

    `without_straight_liners` leaves out the answers that `statistics.careless.DEFINITION` marks.
    `each_school_left_out` has no estimate: `ci_low` and `ci_high` are the lowest and the highest of the
    estimates, each with one school left out, since any single one would give that school away.
    """
    flagged = straight_lined(panel)
    rows = []
    for scale in panel.compared_scales:
        for method, (estimate, n) in (
            ("without_straight_liners", _without_flagged(panel, scale, flagged)),
            ("each_school_left_out", _schools_left_out(panel, scale)),
        ):
            rows.append({"scale": scale, "method": method, "n": n, **estimate_columns(estimate, "estimate"),
                         "note": " ".join(estimate.note)})
    return pd.DataFrame(rows, columns=SENSITIVITY_COLUMNS).astype({"n": "Int64"})


def straight_lined(panel: Panel) -> dict[str, pd.DataFrame]:
    """By wave, which respondents straight-lined the items of each scale (rows: respondents, columns: scales).

    Items with the same answer set are one page, as survey tools put them into one grid.
    """
    items = panel.study.codebook.items
    likert = items.loc[(items["kind"] == "likert") & (items["scale"] != "")]
    flagged = {}
    for wave in WAVES:
        marks = pd.DataFrame(False, index=panel.respondents.index, columns=list(panel.items))
        asked = likert.loc[likert.index.isin(panel.asked[wave])]
        for _, page in asked.groupby("answers", sort=False):
            answers = panel.as_asked(wave, list(page.index)).to_numpy(float)
            marked = straight_liners(answers, page["reversed"].to_numpy(bool))
            marks.loc[:, page["scale"].unique()] |= marked[:, None]
        flagged[wave] = marks
    return flagged


def _without_flagged(panel: Panel, scale: str, flagged: dict[str, pd.DataFrame]) -> tuple[Estimate, int | None]:
    estimate, n, affected = on_fewer_scores(
        panel, scale, {wave: ~flagged[wave][scale] for wave in WAVES},
        beside={wave: panel.complete[wave][scale] for wave in WAVES})
    if not estimate.exists:
        return estimate, None
    # No number: with those of the single surveys it would tell how many straight-lined in one, or in both.
    return estimate.noting("Without the answers of straight-liners." if affected else
                           "Nobody straight-lined, so this is the main estimate."), n


def _schools_left_out(panel: Panel, scale: str) -> tuple[Estimate, int | None]:
    minimum = panel.study.settings.minimum_group
    scores = scores_of(panel, scale).clustered()
    if scores.cluster is None or scores.n_schools < FEWEST_SCHOOLS:
        return Estimate(note=(f"Not shown: it takes {FEWEST_SCHOOLS} schools, or one could be told from the rest.",)), None
    if scores.linked.all() and gives_school_away(scores.cluster, minimum):  # the ends are then two schools' own means
        return Estimate(note=(SCHOOLS_TOLD.format(minimum=minimum),)), None
    schools, sizes = np.unique(scores.cluster, return_counts=True)
    large = schools[sizes >= minimum]
    changes = [main_estimate(scores.where(scores.cluster != school), minimum).estimate for school in large]
    changes = np.array([change for change in changes if np.isfinite(change)])
    if len(changes) < FEWEST_SCHOOLS:
        return Estimate(note=("Not shown: too few schools are large enough to be left out.",)), None
    note = "Lowest and highest change with one school left out; not an interval."
    if len(large) < len(schools):
        note += f" Schools with fewer than {minimum} teachers were not left out alone."
    return Estimate(low=changes.min(), high=changes.max(), note=(note,)), None
