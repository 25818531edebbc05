"""How many links may be wrong: how often answers that are surely of two people would link by their codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.stats import chi2

from analysis.linking.agreement import agreement
from analysis.linking.links import Linked, comparable_answers
from analysis.linking.near_codes import SHORTEST, neighbours
from analysis.notes import note

FALSE_LINK_COLUMNS = ["kind", "links", "compared", "alike", "within", "expected", "expected_high", "note"]
MOST = 3000
"""Answers of each survey that are compared: enough for a rate, and codes of few signs are alike in very many pairs."""
COLLEAGUES = "near_colleagues"
"""The row that takes the rate of nearly equal codes from answers to one survey in one school."""


def chance_links(frame: pd.DataFrame, linked: Linked, codes: str, constants: Mapping[str, str]) -> pd.DataFrame:
    """How many links may be wrong, a row for equal codes and two for nearly equal ones; `FALSE_LINK_COLUMNS`.

    `frame` holds the answers that `linked` links, with real schools. `links`: links of this kind; `compared`: pairs of an
    answer before and one after from different schools; `alike`: those of them whose codes are equal, or nearly equal
    without a contradiction; `within`: pairs within schools that could be linked wrongly; `expected`: how many of these
    would be at the rate of alike among compared, `expected_high` the same at the rate's exact upper 97.5 % limit (Poisson,
    as if pairs were independent). The rows exact and near count chance alone: colleagues may share parts of their codes
    far more often than strangers do. The row near_colleagues has the same links, but compares answers to one survey in
    one school. It is high rather than low, since the rule refuses codes that are near to several, and since a
    teacher who answered twice with a slip counts as alike.
    """
    answers = comparable_answers(frame, codes)
    respondents = linked.respondents
    sides = {wave: answers.loc[respondents[wave].dropna().to_numpy(answers.index.dtype)] for wave in ("pre", "post")}
    sides = {wave: side.loc[side["respondent"].notna() & (side["school"] != "")] for wave, side in sides.items()}
    exact = respondents.loc[respondents["kind"] == "exact"]
    left = {wave: side.loc[~side.index.isin(exact[wave])] for wave, side in sides.items()}
    kinds = ["exact", "near"] if codes == "self-generated" else ["exact"]
    alike = dict(zip(("exact", "near"), _alike(frame, sides, constants), strict=True))
    within_survey = _among_colleagues(frame, sides, constants)
    chosen = [_evenly(side)["school"].value_counts() for side in sides.values()]
    compared = int(chosen[0].sum() * chosen[1].sum() - _together(*chosen))
    seen = {kind: (compared, alike[kind]) for kind in kinds}
    if "near" in kinds:
        seen[COLLEAGUES] = within_survey
    rows = []
    for kind, (pairs, similar) in seen.items():
        links = int((respondents["kind"] == ("exact" if kind == "exact" else "near")).sum())
        schools = [side["school"].value_counts() for side in (sides if kind == "exact" else left).values()]
        row = {"kind": kind, "links": links, "compared": pairs, "alike": similar,
               "within": max(_together(*schools) - links, 0), "note": ""}
        if pairs:
            scale = row["within"] / pairs
            row["expected"] = similar * scale
            row["expected_high"] = chi2.ppf(0.975, 2 * (similar + 1)) / 2 * scale
        else:
            row["note"] = str(note("no_colleagues") if kind == COLLEAGUES else note("no_strangers"))
        rows.append(row)
    return pd.DataFrame(rows, columns=FALSE_LINK_COLUMNS)


def _together(one: pd.Series, other: pd.Series) -> int:
    """How many pairs of an answer before and one after lie in the same school."""
    return int(one.mul(other, fill_value=0).sum())


def _evenly(side: pd.DataFrame) -> pd.DataFrame:
    """At most `MOST` answers, evenly over all in the order of their codes, whatever the order of rows."""
    ordered = side.sort_values(["code", "school"])
    return ordered.iloc[np.unique(np.linspace(0, len(ordered) - 1, min(len(ordered), MOST)).astype(int))]


def _alike(frame: pd.DataFrame, sides: Mapping[str, pd.DataFrame], constants: Mapping[str, str]) -> tuple[int, int]:
    """How many pairs from different schools have equal and nearly equal codes."""
    before, after = (_evenly(side).assign(block="") for side in sides.values())
    equal = before.merge(after, on="code")
    near = _nearly_equal(frame, before, after, constants)
    schools = [side["school"].reindex(near[end]).to_numpy() for side, end in ((before, "left"), (after, "right"))]
    return int((equal["school_x"] != equal["school_y"]).sum()), int((schools[0] != schools[1]).sum())


def _among_colleagues(frame: pd.DataFrame, sides: Mapping[str, pd.DataFrame],
                      constants: Mapping[str, str]) -> tuple[int, int]:
    """Pairs of answers to one survey in one school, and how many have nearly equal codes without a contradiction."""
    compared = alike = 0
    for side in sides.values():
        sizes = side["school"].value_counts()
        compared += int((sizes * (sizes - 1) // 2).sum())
        blocks = side.assign(block=side["school"])
        alike += len(_nearly_equal(frame, blocks, blocks, constants)) // 2
    return compared, alike


def _nearly_equal(frame: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame,
                  constants: Mapping[str, str]) -> pd.DataFrame:
    """Pairs of one block that the rule could link, `left` and `right`: long enough, and without a contradiction."""
    near = neighbours(before, after)
    longest = np.maximum(*(side["code"].str.len().reindex(near[end]).to_numpy(int)
                           for side, end in ((before, "left"), (after, "right"))))
    near = near.loc[(longest >= SHORTEST) | (near["slip"] == "zeros").to_numpy()]
    names: Sequence[str] = list(constants)
    contradicts = agreement(*(frame.loc[near[end], names] for end in ("left", "right")), constants)[1]
    return near.loc[~contradicts.any(axis=1)]
