"""Who answered, in which school, and who could be matched."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.disclosure.notes import SMALL_CELLS
from analysis.disclosure.policy import Policy
from analysis.disclosure.protection import ProtectedPanel
from analysis.disclosure.pseudonyms import NOT_GIVEN, OTHER_SCHOOLS, in_order
from analysis.linking.links import KINDS
from analysis.numerals import coarse

PARTICIPATION_COUNTS = ["n_pre", "n_post", "n_matched", "n_pre_only", "n_post_only"]


def participation_table(panel: ProtectedPanel) -> pd.DataFrame:
    """Respondents per school and wave, as `participation.csv`; the last row, with an empty school, is the total.

    Schools with too few matched respondents are one row, "other schools". The total is exact; of a school, how many
    answered in one wave only (and so how many in all) is empty where that is a small group.
    """
    respondents = panel.respondents
    pre, post = respondents["pre"].notna(), respondents["post"].notna()
    flags = pd.DataFrame({"school": respondents["school"].replace("", NOT_GIVEN), "n_pre": pre, "n_post": post,
                          "n_matched": pre & post, "n_pre_only": pre & ~post, "n_post_only": post & ~pre})
    total = flags[PARTICIPATION_COUNTS].sum().to_frame().T.astype(int).assign(school="", note="")
    total["note"] = " ".join(_duplicate_notes(panel))
    schools = flags.groupby("school")[PARTICIPATION_COUNTS].sum()
    if list(schools.index) == [NOT_GIVEN]:
        schools = schools.iloc[:0]
        total["note"] = (total["note"] + " No school is named in the surveys.").str.strip()
    table = pd.concat([_by_school(schools, panel.policy), total], ignore_index=True)
    return table[["school", *PARTICIPATION_COUNTS, "note"]].astype(dict.fromkeys(PARTICIPATION_COUNTS, "Int64"))


def _by_school(schools: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    counts = schools[["n_matched", "n_pre_only", "n_post_only"]].to_numpy(int).reshape(-1, 3)
    alone = policy.enough(counts[:, 0]) | ((counts[:, 0] == 0) & ~policy.small(counts[:, 1:]).any(axis=1))
    joined = policy.joined(counts[:, 0], alone)
    names = np.where(joined, OTHER_SCHOOLS, schools.index.to_numpy(object))
    rows = schools.groupby(names).sum()
    rows = rows.loc[in_order(rows.index)]
    if len(rows) < 2 and joined.any():
        return rows.iloc[:0].rename_axis("school").reset_index()
    rows = rows.astype("Int64").assign(note="")
    for wave in ("pre", "post"):
        empty = policy.suppressed(rows[f"n_{wave}_only"].to_numpy(int))
        rows.loc[empty, [f"n_{wave}", f"n_{wave}_only"]] = pd.NA
        rows.loc[empty, "note"] = SMALL_CELLS
    return rows.rename_axis("school").reset_index()


def linking_table(panel: ProtectedPanel) -> pd.DataFrame:
    """How the answers were matched, as `linking.csv`: a row per kind."""
    return pd.DataFrame({"kind": KINDS, "n": [panel.linked.counts[kind] for kind in KINDS]})


def false_links_table(panel: ProtectedPanel) -> pd.DataFrame:
    """How many matches may be wrong, as `false_links.csv` (`false_links.chance_links`).

    Pairs and expected matches are given by their first digit, in tenths at most: how many pairs lie within and
    between schools are sums of products of the schools' counts.
    """
    table = panel.false_links.copy()
    for column, step in (("compared", 10), ("alike", 1), ("within", 100), ("expected", 0.1), ("expected_high", 0.1)):
        if column in table:
            table[column] = [coarse(number, step) for number in table[column]]
    return table


def _duplicate_notes(panel: ProtectedPanel) -> list[str]:
    conflicting = panel.linked.counts["duplicate_conflicting"]
    return [f"{conflicting} contradicting double submissions were set aside and are not counted."] if conflicting else []
