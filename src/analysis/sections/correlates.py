"""Exploratory correlates of change: what only the follow-up asked, and numbers that files of context tell."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.disclosure.protection import ProtectedPanel
from analysis.notes import note, written
from analysis.sections.estimates import estimate_columns
from analysis.sections.parts import Block, Column, Heading, Text, change_with_interval, count, p, text
from analysis.sections.results import ALPHA, Results
from analysis.statistics.cr2 import regression_cr2
from analysis.statistics.estimate import Estimate
from analysis.statistics.multiplicity import benjamini_hochberg

COLUMNS = ["scale", "label", "predictor", "predictor_label", "source", "n", "n_schools", "slope", "se", "df", "ci_low",
           "ci_high", "p", "p_adjusted", "note"]
FOLLOW_UP, CONTEXT = "follow-up", "context"
FEWEST_SCHOOLS = 3


def predictors(panel: ProtectedPanel) -> dict[str, pd.Series]:
    """What only the follow-up asked (scores but of perceived change, numbers outside a scale), and numbers of context."""
    items = panel.study.codebook.items
    perceived = panel.study.codebook.scales["perceived_change_of"]
    scales = {scale: panel.scores["post"][scale] for scale, waves in panel.waves_of.items()
              if waves == ["post"] and not perceived[scale]}
    numbers = items.index[(items["kind"] == "number") & (items["scale"] == "")]
    asked = {item: panel.answers["post"][item].astype(float) for item in numbers
             if item in panel.asked["post"] and item not in panel.asked["pre"]}
    return scales | asked | {item: panel.context[item].astype(float) for item in numbers if item in panel.context}


def association_table(results: Results) -> pd.DataFrame:
    """Matched teachers' change regressed on each predictor, as `association.csv`.

    `slope` is the difference in change, in scale points, that goes with one more unit of the predictor (a scale point,
    an hour); least squares with CR2 over schools. `source`: the follow-up, or a file of context. p values are adjusted
    over the whole table (BH).
    """
    panel, labels = results.panel, results.study.codebook
    rows = []
    for scale in panel.compared_scales:
        change = (panel.scores["post"][scale] - panel.scores["pre"][scale]).to_numpy(float)
        for name, values in predictors(panel).items():
            x = values.to_numpy(float)
            used = np.isfinite(change) & np.isfinite(x) & panel.in_clusters
            cluster = panel.cluster_of(used)
            slope = _slope(results, change[used], x[used], cluster)
            rows.append({
                "scale": scale, "label": results.label(scale), "predictor": name,
                "predictor_label": labels.label(name) if name in labels.scales.index else labels.text(name),
                "source": CONTEXT if name in panel.context else FOLLOW_UP,
                "n": int(used.sum()), "n_schools": 0 if cluster is None else len(np.unique(cluster)),
                **estimate_columns(slope, "slope"), "note": written(slope.note)})
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.assign(p_adjusted=benjamini_hochberg(table["p"].to_numpy(float)))


def _slope(results: Results, change: np.ndarray, x: np.ndarray, cluster: np.ndarray | None) -> Estimate:
    policy = results.policy
    if not policy.enough(len(x)):
        return Estimate(note=(note("too_few", minimum=policy.minimum),))
    if policy.decides_alone(x):
        return Estimate(note=(note("lone_predictor"),))
    clusters, between = policy.clusters(cluster), of_schools(x, cluster)
    if between and len(np.unique(clusters)) < FEWEST_SCHOOLS:
        return Estimate(note=(note("takes_schools", n=FEWEST_SCHOOLS),))
    slope = regression_cr2(change, np.column_stack([np.ones(len(x)), x]), clusters)[1]
    return slope.noting(note("between_schools")) if between else slope


def of_schools(x: np.ndarray, cluster: np.ndarray | None) -> bool:
    """Whether a predictor is one number for each school."""
    return cluster is not None and bool((pd.Series(x).groupby(cluster).nunique() <= 1).all())


ESTIMATES = {"association": association_table}
TABLE = [
    Column("Scale", text("label"), words=True),
    Column("Per unit of", text("predictor_label"), words=True),
    Column("n matched", count("n")),
    Column("Slope [95 % CI]", change_with_interval("slope")),
    Column("Adjusted p", p("p_adjusted")),
]


def annex(results: Results) -> Iterator[Block]:
    """How many slopes were examined, which are clear after adjustment, and all of them."""
    say, precise = results.say, results.precise("association")
    examined = precise["p_adjusted"].notna()
    if not examined.any():
        return
    clear = results.table("association").loc[precise["p_adjusted"] < ALPHA]
    yield Heading(say("Exploratory correlates of change"))
    lead = say("Matched teachers' change was regressed on what only the follow-up asked and what other files tell of "
               "teachers or schools (@tbl-association). These are correlations: teachers were not randomised to hours of "
               "mentoring or ways of working.")
    count_ = say.plural("Of {n} slope examined, {clear} excludes zero after adjustment; {chance} would by chance.",
                        "Of {n} slopes examined, {clear} exclude zero after adjustment; {chance} would by chance "
                        "without it.",
                        int(examined.sum()), clear=len(clear), chance=say.number(ALPHA * examined.sum()))
    yield Text(f"{lead} {count_}")
    yield Text("\n".join(f"- {sentence(results, row)}" for _at, row in clear.iterrows()))
    yield results.shown("association", say("Change on each scale per unit of each predictor"), TABLE,
                        general=say("A unit is a point of a scale, an hour, or whatever the question counts."))


def sentence(results: Results, row: pd.Series) -> str:
    """What a clear slope says."""
    say, digits = results.say, results.policy.digits(row, "slope")
    return say("With each further unit of {predictor}, the change on **{scale}** was {points} points different "
               "(95 % CI {interval}; n = {n}; adjusted {p}).", predictor=say.quoted(row["predictor_label"]),
               scale=row["label"], points=say.number(row["slope"], digits, signed=True),
               interval=say.interval(row["ci_low"], row["ci_high"], digits), n=say.count(row["n"]),
               p=say.p_is(row["p_adjusted"]))
