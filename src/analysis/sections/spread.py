"""How differently teachers changed: who scored lower, about the same and higher at follow-up."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis import plots
from analysis.disclosure.policy import FEW_FOR_DIRECTIONS
from analysis.notes import note, written
from analysis.plots import style
from analysis.sections.estimates import matched_in_school, matched_told, scores_of, varies
from analysis.sections.parts import Block, Figure, Heading, Text
from analysis.sections.results import Results
from analysis.statistics.reliability import reliability

COLUMNS = ["scale", "label", "n", "threshold", "threshold_kind", "lower", "about_same", "higher", "note"]
ROUNDING = 1e-9
SMALLEST, RELIABLE = "smallest_change", "reliable_change"


def individual_changes_table(results: Results) -> pd.DataFrame:
    """Shares of matched teachers whose own score fell, stayed about the same and rose, as `individual_changes.csv`.

    "About the same" is less than the smallest change of interest where the study declares one, else less than the
    reliable change, 1.96·√2·SEM with SEM = SD·√(1 − alpha) at baseline (Jacobson & Truax 1991, Journal of Consulting
    and Clinical Psychology); `threshold_kind` says which.
    """
    return pd.DataFrame([_row(results, scale) for scale in results.panel.compared_scales], columns=COLUMNS)


def _row(results: Results, scale: str) -> dict:
    policy, change = results.policy, matched_in_school(scores_of(results.panel, scale)).changes
    threshold, kind = _threshold(results, scale)
    row = {"scale": scale, "label": results.label(scale), "n": len(change), "threshold": threshold,
           "threshold_kind": kind, "note": ""}
    if not policy.enough(len(change)) or (not policy.public and len(change) < FEW_FOR_DIRECTIONS):
        return row | {"note": written([note("too_few", minimum=max(policy.minimum, FEW_FOR_DIRECTIONS))])}
    if np.isnan(threshold):
        return row | {"note": written([note("no_threshold")])}
    items = results.panel.items[scale]
    if len(items) == 1 and matched_told(results.panel, items[0], policy.cover_of_directions):
        return row | {"note": written([note("directions_tell")])}
    counts = [int((change <= -threshold + ROUNDING).sum()), 0, int((change >= threshold - ROUNDING).sum())]
    counts[1] = len(change) - sum(counts)
    if not policy.shows(counts, len(change)) or not (policy.public or varies(change)):
        return row | {"note": written([note("no_variation")])}
    return row | dict(zip(("lower", "about_same", "higher"), (count / len(change) for count in counts), strict=True))


def _threshold(results: Results, scale: str) -> tuple[float, str]:
    panel, smallest = results.panel, results.study.settings.smallest_change(scale)
    if smallest is not None:
        return smallest, SMALLEST
    items = panel.items[scale]
    answers = panel.answers["pre"][items].dropna().to_numpy(float)
    if len(items) < 2 or not panel.policy.enough(len(answers)):
        return np.nan, ""
    alpha, spread = reliability(answers).alpha, panel.scores["pre"][scale].std(ddof=1)
    return (1.96 * np.sqrt(2) * spread * np.sqrt(1 - alpha) if alpha < 1 else np.nan), RELIABLE


ESTIMATES = {"individual_changes": individual_changes_table}


def main(results: Results) -> Iterator[Block]:
    """The chart of all scales, those with the largest share of teachers who rose first."""
    say = results.say
    rows = results.table("individual_changes").dropna(subset=["higher"])
    if rows.empty:
        return
    yield Heading(say("How teachers differ"))
    yield Text(say("The average hides that some teachers scored higher and others lower at follow-up "
                   "(@fig-individual-changes). Part of this spread is measurement error."))
    yield figure(results, rows.sort_values("higher", ascending=False, kind="stable"))


def figure(results: Results, rows: pd.DataFrame) -> Figure:
    """The shares in these rows of `individual_changes`, all of them known."""
    say, higher = results.say, rows["higher"]
    digits = [results.policy.digits(row, "threshold") for _at, row in rows.iterrows()]
    thresholds = [say("±{points}", points=say.number(value, places))
                  for value, places in zip(rows["threshold"], digits, strict=True)]
    names = [say("lower"), say("about the same"), say("higher")]
    bars = [plots.Share(row.label, [row.lower, row.about_same, row.higher], say("n = {n}", n=say.count(row.n)))
            for row in rows.itertuples()]
    points = say.list(dict.fromkeys(thresholds))
    reason = (say("smaller than {points} points, the smallest change of interest", points=points)
              if (rows["threshold_kind"] == SMALLEST).all() else
              say("smaller than measurement error alone can make it (reliable change)"))
    return Figure(
        "individual-changes",
        say("{share} of matched teachers scored higher", share=say.percent(higher.iloc[0])) if len(rows) == 1 else
        say("Depending on the scale {low} to {high} of matched teachers scored higher", low=say.percent(higher.min()),
            high=say.percent(higher.max())),
        say("Shares of matched teachers by their own change. “About the same” is a change {reason}.", reason=reason),
        say("Shares of matched teachers who scored lower, about the same and higher. {rows}", rows="; ".join(
            say("{scale}: {lower}, {same}, {higher}", scale=row.label, lower=say.percent(row.lower),
                same=say.percent(row.about_same), higher=say.percent(row.higher)) for row in rows.itertuples()) + "."),
        lambda width: plots.shares(
            bars, list(zip(names, (style.FELL, style.STAYED, style.ROSE), strict=True)),
            say("Share of matched teachers (%)"), width=width, synthetic=results.synthetic),
        rows.drop(columns="note"))
