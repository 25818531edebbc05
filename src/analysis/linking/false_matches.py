"""How many matches may be false: how often answers that are surely of two people would match by their codes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.stats import chi2

from analysis.linking.agreement import agreement
from analysis.linking.links import Linked, comparable_answers
from analysis.linking.near_codes import neighbours
from analysis.notes import note
from analysis.study.populations import WAVES

FALSE_MATCH_COLUMNS = ["kind", "matches", "compared", "alike", "within", "expected", "expected_high", "note"]
MOST = 3000
"""Answers of each survey that are compared: enough for a rate, and codes of few signs are alike in very many pairs."""
COLLEAGUES = "near_colleagues"
"""The row that takes the rate of nearly equal codes from answers to one survey in one school."""


def false_matches(frame: pd.DataFrame, linked: Linked, codes: str, constants: Mapping[str, str]) -> pd.DataFrame:
    """How many matches may be false, a row for equal codes and two for nearly equal ones; `FALSE_MATCH_COLUMNS`.

    `frame` holds the answers that `linked` links, with real schools. `matches`: links of this kind; `compared`: pairs of
    an answer before and one after from different schools; `alike`: those of them whose codes are equal, or nearly equal
    without a contradiction; `within`: pairs within schools that could be linked wrongly; `expected`: how many of these
    would be at the rate of alike among compared, `expected_high` the same at the rate's exact upper 97.5 % limit (Poisson,
    as if pairs were independent). The rows exact and near count chance alone: colleagues may share parts of their codes
    far more often than strangers do. The row near_colleagues has the same links, but compares answers to one survey in
    one school. It is high rather than low, since the rule refuses codes that are near to several, and since a
    teacher who answered twice with an edit of the code counts as alike.
    """
    answers = comparable_answers(frame, codes)
    answers = answers.loc[answers["respondent"].notna() & (answers["school"] != "")]
    respondents = linked.respondents
    sides = [answers.loc[answers.index.isin(respondents[wave])] for wave in WAVES]
    exact = respondents.loc[respondents["kind"] == "exact", list(WAVES)].to_numpy()
    unmatched = [side.loc[~side.index.isin(exact.ravel())] for side in sides]
    chosen = [_evenly(side).assign(block="") for side in sides]
    compared = len(chosen[0]) * len(chosen[1]) - _together(chosen)
    equal = chosen[0].merge(chosen[1], on="code")
    seen = {"exact": (compared, int((equal["school_x"] != equal["school_y"]).sum()))}
    if codes == "self-generated":
        near = _nearly_equal(frame, *chosen, constants)
        schools = [answers.loc[near[end], "school"].to_numpy() for end in ("left", "right")]
        seen["near"] = compared, int((schools[0] != schools[1]).sum())
        seen[COLLEAGUES] = _among_colleagues(frame, sides, constants)
    rows = []
    for kind, (pairs, alike) in seen.items():
        matches = int((respondents["kind"] == ("exact" if kind == "exact" else "near")).sum())
        within = max(_together(sides if kind == "exact" else unmatched) - matches, 0)
        row = {"kind": kind, "matches": matches, "compared": pairs, "alike": alike, "within": within, "note": ""}
        if pairs:
            row["expected"] = alike * within / pairs
            row["expected_high"] = chi2.ppf(0.975, 2 * (alike + 1)) / 2 * within / pairs
        else:
            row["note"] = str(note("no_colleagues") if kind == COLLEAGUES else note("no_strangers"))
        rows.append(row)
    return pd.DataFrame(rows, columns=FALSE_MATCH_COLUMNS)


def _together(sides: list[pd.DataFrame]) -> int:
    """How many pairs of an answer before and one after lie in the same school."""
    one, other = (side["school"].value_counts() for side in sides)
    return int(one.mul(other, fill_value=0).sum())


def _evenly(side: pd.DataFrame) -> pd.DataFrame:
    """At most `MOST` answers, evenly over all in the order of their codes, whatever the order of rows."""
    ordered = side.sort_values(["code", "school"])
    return ordered.iloc[np.unique(np.linspace(0, len(ordered) - 1, min(len(ordered), MOST)).astype(int))]


def _among_colleagues(
    frame: pd.DataFrame, sides: list[pd.DataFrame], constants: Mapping[str, str]
) -> tuple[int, int]:
    """Pairs of answers to one survey in one school, and how many have nearly equal codes without a contradiction."""
    compared = alike = 0
    for side in sides:
        sizes = side["school"].value_counts()
        compared += int((sizes * (sizes - 1) // 2).sum())
        blocks = side.assign(block=side["school"])
        alike += len(_nearly_equal(frame, blocks, blocks, constants)) // 2
    return compared, alike


def _nearly_equal(
    frame: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame, constants: Mapping[str, str]
) -> pd.DataFrame:
    """Pairs of one block that the rule could link, `left` and `right`: long enough, and without a contradiction."""
    near = neighbours(before, after)
    near = near.loc[~near["short"]]
    contradicts = agreement(*(frame.loc[near[end], list(constants)] for end in ("left", "right")), constants)[1]
    return near.loc[~contradicts.any(axis=1)]
