"""How many links may be wrong: how often answers of different schools, which nobody shares, would link by their codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.stats import chi2

from .agreement import agreement
from .linking import Linked, comparable_answers
from .near_codes import SHORTEST, neighbours

FALSE_LINK_COLUMNS = ["kind", "links", "compared", "alike", "within", "expected", "expected_high", "note"]
MOST = 3000
"""Answers of each survey that are compared: enough for a rate, and codes of few signs are alike in very many pairs."""


def chance_links(frame: pd.DataFrame, linked: Linked, codes: str, constants: Mapping[str, str]) -> pd.DataFrame:
    """What chance alone would link, a row for equal and one for nearly equal codes; `FALSE_LINK_COLUMNS`.

    `frame` holds the answers that `linked` links, with real schools. `links`: links of this kind; `compared`: pairs of an
    answer before and one after from different schools; `alike`: those of them whose codes are equal, or nearly equal
    without a contradiction; `within`: pairs within schools that could be linked wrongly; `expected`: how many of these
    would be at the rate of alike among compared, `expected_high` its exact upper 97.5 % limit (Poisson, as if pairs were
    independent). It counts chance alone: colleagues may share parts of their codes more often than strangers, and a rule
    that refuses codes near to several prevents some of what is counted.
    """
    answers = comparable_answers(frame, codes)
    respondents = linked.respondents
    sides = {wave: answers.loc[respondents[wave].dropna().to_numpy(answers.index.dtype)] for wave in ("pre", "post")}
    sides = {wave: side.loc[side["respondent"].notna() & (side["school"] != "")] for wave, side in sides.items()}
    exact = respondents.loc[respondents["kind"] == "exact"]
    left = {wave: side.loc[~side.index.isin(exact[wave])] for wave, side in sides.items()}
    kinds = ["exact", "near"] if codes == "self-generated" else ["exact"]
    alike = dict(zip(("exact", "near"), _alike(frame, sides, constants), strict=True))
    chosen = [_evenly(side)["school"].value_counts() for side in sides.values()]
    compared = int(chosen[0].sum() * chosen[1].sum() - _together(*chosen))
    rows = []
    for kind in kinds:
        links = int((respondents["kind"] == kind).sum())
        schools = [side["school"].value_counts() for side in (sides if kind == "exact" else left).values()]
        row = {"kind": kind, "links": links, "compared": compared, "alike": alike[kind],
               "within": max(_together(*schools) - links, 0), "note": ""}
        if compared:
            scale = row["within"] / compared
            row["expected"] = alike[kind] * scale
            row["expected_high"] = chi2.ppf(0.975, 2 * (alike[kind] + 1)) / 2 * scale
        else:
            row["note"] = "Not to be told: it takes answers of two schools."
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
    near = neighbours(before, after)
    names: Sequence[str] = list(constants)
    schools = [side["school"].reindex(near[end]).to_numpy() for side, end in ((before, "left"), (after, "right"))]
    longest = np.maximum(*(side["code"].str.len().reindex(near[end]).to_numpy() for side, end in
                           ((before, "left"), (after, "right"))))
    near = near.loc[(schools[0] != schools[1]) & ((longest >= SHORTEST) | (near["slip"] == "zeros").to_numpy())]
    contradicts = agreement(*(frame.loc[near[end], names] for end in ("left", "right")), constants)[1]
    return int((equal["school_x"] != equal["school_y"]).sum()), int((~contradicts.any(axis=1)).sum())
