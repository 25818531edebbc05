"""Who answered, in which school, and who could be linked."""

from __future__ import annotations

import pandas as pd

from analysis.disclosure.pseudonyms import NOT_GIVEN, in_order
from analysis.disclosure.rules import PARTICIPATION_COUNTS, coarse, protected_participation
from analysis.linking.links import KINDS
from analysis.scales import Panel


def participation_table(panel: Panel) -> pd.DataFrame:
    """Respondents per school and wave, as `participation.csv`; the last row, with an empty school, is the total.

    Small groups and what would give them away are empty (`disclosure.protected_participation`).
    """
    respondents = panel.respondents
    flags = pd.DataFrame({
        "school": respondents["school"].replace("", NOT_GIVEN),
        "n_pre": respondents["pre"].notna(),
        "n_post": respondents["post"].notna(),
        "n_matched": respondents["pre"].notna() & respondents["post"].notna(),
        "n_pre_only": respondents["post"].isna(),
        "n_post_only": respondents["pre"].isna(),
    })
    total = flags[PARTICIPATION_COUNTS].sum().to_frame().T.astype(int).assign(school="", note="")
    total["note"] = " ".join(_duplicate_notes(panel))
    order = in_order(flags["school"])
    schools = flags.groupby("school")[PARTICIPATION_COUNTS].sum().loc[order].reset_index().assign(note="")
    if list(schools["school"]) == [NOT_GIVEN]:
        schools = schools.iloc[:0]
        total["note"] = (total["note"] + " No school is named in the surveys.").str.strip()
    counts = pd.concat([schools, total], ignore_index=True)[["school", *PARTICIPATION_COUNTS, "note"]]
    return protected_participation(counts, panel.study.settings.minimum_group, known=NOT_GIVEN)


def linking_table(panel: Panel) -> pd.DataFrame:
    """How the answers were linked, as `linking.csv`: a row per kind."""
    return pd.DataFrame({"kind": KINDS, "n": [panel.linked.counts[kind] for kind in KINDS]})


def false_links_table(panel: Panel) -> pd.DataFrame:
    """How many links may be wrong, as `false_links.csv` (`false_links.chance_links`).

    Pairs and expected links are given by their first digit, links in tenths at most: how many pairs lie within and
    between schools are sums of products of the schools' counts.
    """
    table = panel.false_links.copy()
    for column, step in (("compared", 10), ("alike", 1), ("within", 100), ("expected", 0.1), ("expected_high", 0.1)):
        if column in table:
            table[column] = [coarse(number, step) for number in table[column]]
    return table


def _duplicate_notes(panel: Panel) -> list[str]:
    conflicting = panel.linked.counts["duplicate_conflicting"]
    return [f"{conflicting} contradicting double submissions were set aside and are not counted."] if conflicting else []
