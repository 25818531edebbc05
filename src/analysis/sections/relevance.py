"""Relevance and precision: equivalence, the minimum detectable effect, and how much schools share."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.notes import note, written
from analysis.sections.estimates import main_estimate, matched_in_school, scores_of
from analysis.sections.parts import Block, Column, Heading, Method, Text, count, number, p, proportion, text
from analysis.sections.results import Results
from analysis.statistics.clustering import change_clustering
from analysis.statistics.mixed import mixed_fit
from analysis.statistics.relevance import minimum_detectable_effect, tost_p

COLUMNS = ["scale", "label", "n_schools", "smallest_change", "tost_p", "minimum_detectable_effect",
           "minimum_detectable_low", "minimum_detectable_high", "icc_score", "icc_change", "design_effect", "note"]


def design_table(results: Results) -> pd.DataFrame:
    """Relevance and design of every compared scale, as `design.csv`.

    `tost_p` is the p of the equivalence test against the smallest change of interest, on the main estimate's SE and df;
    `minimum_detectable_effect` the true change, in scale points, that such a study finds with 80 % power, with its range
    from the chi-square interval of the SE; `icc_score` and `icc_change` the shares of variance between schools.
    """
    policy, rows = results.policy, []
    for scale in results.panel.compared_scales:
        scores = scores_of(results.panel, scale).clustered()
        change = main_estimate(scores, policy)
        smallest = results.study.settings.smallest_change(scale)
        row = {"scale": scale, "label": results.label(scale), "n_schools": scores.n_schools,
               "smallest_change": np.nan if smallest is None else smallest, "note": written(change.note)}
        if change.exists:
            effect = minimum_detectable_effect(change)
            row |= {"tost_p": tost_p(change, smallest), "minimum_detectable_effect": effect.estimate,
                    "minimum_detectable_low": effect.low, "minimum_detectable_high": effect.high, "note": ""}
            matched = matched_in_school(scores)
            if scores.n_schools > 1 and not all(map(policy.schools_speak, (scores.cluster, matched.cluster))):
                row["note"] = written([note("small_school")])
            elif scores.n_schools > 1:
                row["icc_score"] = mixed_fit(scores.pre, scores.post, scores.cluster).icc_score
                if policy.enough(len(matched.pre)):
                    clustering = change_clustering(scores.pre, scores.post, scores.cluster)
                    row |= {"icc_change": clustering.icc, "design_effect": clustering.design_effect,
                            "note": written(clustering.note)}
        rows.append(row)
    return pd.DataFrame(rows, columns=COLUMNS)


ESTIMATES = {"design": design_table}
TABLE = [
    Column("Scale", text("label"), words=True),
    Column("Schools", count("n_schools")),
    Column("Smallest change of interest", number("smallest_change")),
    Column("p of equivalence", p("tost_p")),
    Column("Minimum detectable effect (range)", lambda row, say, policy: _with_range(row, say)),
    Column("ICC of scores", proportion("icc_score")),
    Column("ICC of change", proportion("icc_change")),
    Column("Design effect", number("design_effect")),
]


def _with_range(row, say) -> str:
    value = say.number(row["minimum_detectable_effect"])
    low, high = row["minimum_detectable_low"], row["minimum_detectable_high"]
    return value if pd.isna(low) else f"{value} ({say.interval(low, high)})"


def annex(results: Results) -> Iterator[Block]:
    """What the design could detect, and how much schools share."""
    say = results.say
    if results.table("design")["minimum_detectable_effect"].isna().all():
        return
    yield Heading(say("Practical significance and precision"))
    yield Text(say("The minimum detectable effect (Bloom, 1995) is the true change that four in five studies like this one "
                   "would find. Its range follows from the 95 % interval of the standard error, which few schools leave "
                   "wide. The ICC is the share of the variance that lies between schools; the design effect is how many "
                   "times it increases the variance of the mean change."))
    yield results.shown("design", say("Practical significance and precision, in scale points"), TABLE)


def methods(results: Results) -> Iterator[Method]:
    """How the minimum detectable effect was calculated."""
    if results.precise("design")["minimum_detectable_effect"].notna().any():
        yield Method(results.say("The minimum detectable effect is (t.975 + t.80) · SE (Bloom, 1995)."), ("bloom",))
