"""Exploratory correlates of change: what only the follow-up asked, such as knowledge appropriation or hours."""

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

COLUMNS = ["scale", "label", "predictor", "predictor_label", "n", "n_schools", "slope", "se", "df", "ci_low", "ci_high",
           "p", "p_adjusted", "note"]


def predictors(panel: ProtectedPanel) -> dict[str, pd.Series]:
    """What only the follow-up asked: scores of follow-up-only scales, and numbers outside a scale."""
    items = panel.study.codebook.items
    scales = {scale: panel.scores["post"][scale] for scale, waves in panel.waves_of.items() if waves == ["post"]}
    numbers = items.index[(items["kind"] == "number") & (items["scale"] == "")]
    return scales | {item: panel.answers["post"][item].astype(float) for item in numbers
                     if item in panel.asked["post"] and item not in panel.asked["pre"]}


def association_table(results: Results) -> pd.DataFrame:
    """Matched teachers' change regressed on each predictor, as `association.csv`.

    `slope` is the difference in change, in scale points, that goes with one more point (or hour) of the
    predictor; least squares with CR2 over schools. p values are adjusted over the whole table (BH).
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
    return regression_cr2(change, np.column_stack([np.ones(len(x)), x]), policy.clusters(cluster))[1]


ESTIMATES = {"association": association_table}
TABLE = [
    Column("Scale", text("label"), words=True),
    Column("Per point (or hour) of", text("predictor_label"), words=True),
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
    lead = say("Matched teachers' change was regressed on what only the follow-up asked (@tbl-association). These are "
               "correlations: teachers were not randomised to hours of mentoring or ways of working.")
    count_ = say.plural("Of {n} slope examined, {clear} excludes zero after adjustment; {chance} would by chance.",
                        "Of {n} slopes examined, {clear} exclude zero after adjustment; {chance} would by chance "
                        "without it.",
                        int(examined.sum()), clear=len(clear), chance=say.number(ALPHA * examined.sum()))
    yield Text(f"{lead} {count_}")
    yield Text("\n".join(f"- {_sentence(results, row)}" for _at, row in clear.iterrows()))
    yield results.shown("association", say("Change on each scale per point (or hour) of what only the follow-up asked"),
                        TABLE)


def _sentence(results: Results, row: pd.Series) -> str:
    say, digits = results.say, results.policy.digits(row, "slope")
    return say("With each further point (or hour) of {predictor}, the change on **{scale}** was {points} points different "
               "(95 % CI {interval}; n = {n}; adjusted {p}).", predictor=say.quoted(row["predictor_label"]),
               scale=row["label"], points=say.number(row["slope"], digits, signed=True),
               interval=say.interval(row["ci_low"], row["ci_high"], digits), n=say.count(row["n"]),
               p=say.p_is(row["p_adjusted"]))
