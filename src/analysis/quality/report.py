"""The quality of a study's data as its report may show it: no school, no row, no small group, nothing of a respondent.

Counts of missing answers rest on the respondents of a whole country and wave after double submissions were resolved,
as all other tables do, so that the two can't be compared to learn of a single submission.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis.disclosure.notes import too_few
from analysis.disclosure.policy import Policy
from analysis.disclosure.protection import protected
from analysis.disclosure.pseudonyms import NOT_GIVEN
from analysis.linking.links import KINDS
from analysis.quality.answers import Panels, answers_of
from analysis.quality.findings import Finding
from analysis.questions.participation import participation_table
from analysis.responses import ExportRecord, Responses
from analysis.scales import WAVES
from analysis.study.folder import Study

EXPORT_COLUMNS = ["export", "country", "wave", "iteration", "respondents", "language", "encoding", "delimiter", "decimal",
                  "recognised", "unread", "lacking"]
HEADER_COLUMNS = ["export", "wave", "header", "item"]
ANSWER_COLUMNS = ["country", "iteration", "respondents", "wave", "n_read", "n_left_out", "first_month", "last_month",
                  "note"]
MISSING_COLUMNS = ["country", "iteration", "wave", "item", "n", "missing", "share", "note"]
LINK_COLUMNS = ["country", "iteration", "n_pre", "n_post", "n_matched", "share_pre", "share_post",
                *(kind for kind in KINDS if kind not in ("pre_only", "post_only"))]
FINDING_COLUMNS = ["country", "wave", "finding", "n", "note"]

OF_PEOPLE = frozenset({
    "no_school", "code_in_two_schools", "two_exports", "future", "far_from_others", "within_other_wave",
    "pre_after_post", "waves_swapped", "implausible_number", "straight_liners",
})
"""Kinds of findings that count respondents; the others count schools, items or countries."""

def exports_table(responses: Responses) -> pd.DataFrame:
    """How each export was read, as `exports.csv`; the last three columns count headers and items.

    Not how many answered it, which for an export of one school or language would be a small group's count.
    """
    return pd.DataFrame(
        [[export.file, export.country, export.wave, export.iteration, export.respondents, export.language,
          export.encoding, {"\t": "tab"}.get(export.delimiter, export.delimiter), export.decimal,
          len(export.recognised), len(export.unread), len(export.lacking)] for export in responses.exports],
        columns=EXPORT_COLUMNS)


def headers_table(responses: Responses) -> pd.DataFrame:
    """What every header was taken for, as `headers.csv`; an empty `item` was not read. Headers only, never a cell."""
    return pd.DataFrame(
        [[export.file, export.wave, header, item] for export in responses.exports
         for header, item in (*((header, item) for item, header in export.recognised.items()),
                              *((header, "") for header in export.unread))],
        columns=HEADER_COLUMNS)


def survey_answers_table(study: Study, responses: Responses) -> pd.DataFrame:
    """How many answered each survey of a country, as `survey_answers.csv`; all its exports together.

    `n_read` answers were read and `n_left_out` rows left out (empty rows, previews). The months are those between
    which all but `minimum_group` - 1 at either end were submitted, so that no single answer sets them. Empty where
    fewer than the minimum answered.
    """
    policy = Policy.of(study)
    surveys: dict[tuple, list[ExportRecord]] = {}
    for export in responses.exports:
        surveys.setdefault((export.country, export.iteration, export.respondents, export.wave), []).append(export)
    rows = []
    for survey, exports in surveys.items():
        answers = pd.concat([answers_of(responses, export)["submitted"] for export in exports])
        row = dict(zip(ANSWER_COLUMNS, survey, strict=False)) | {
            "n_read": len(answers), "n_left_out": sum(sum(export.dropped.values()) for export in exports),
            "first_month": "", "last_month": "", "note": ""}
        times = answers.dropna().sort_values()
        if policy.small(len(answers)):
            row |= {"n_read": pd.NA, "n_left_out": pd.NA, "note": too_few(policy.minimum)}
        elif len(times) >= 2 * policy.minimum:
            row |= {"first_month": f"{times.iloc[policy.minimum - 1]:%Y-%m}",
                    "last_month": f"{times.iloc[-policy.minimum]:%Y-%m}"}
        rows.append(row)
    return pd.DataFrame(rows, columns=ANSWER_COLUMNS).astype({"n_read": "Int64", "n_left_out": "Int64"})


def missing_table(study: Study, panels: Panels) -> pd.DataFrame:
    """How many gave no answer to an item, as `missing.csv`: a row per country, wave and item asked.

    `n` are the teachers of the wave, `missing` those without an answer, or with one that counts as none (“don't
    know”). Empty where fewer than the minimum answered the wave or, for all but 0, the item.
    """
    policy = Policy.of(study)
    rows = []
    for (country, iteration), of_country in panels.items():
        for wave in WAVES:
            present = of_country.respondents[wave].notna().to_numpy()
            n = int(present.sum())
            for item in (item for item in study.codebook.items.index if item in of_country.asked[wave]):
                missing = int(of_country.answers[wave].loc[present, item].isna().sum())
                hidden = policy.small(n) or policy.small(n - missing)
                rows.append([country, iteration, wave, item, pd.NA if policy.small(n) else n,
                             pd.NA if hidden else missing, np.nan if hidden or not n else missing / n,
                             too_few(policy.minimum) if hidden else ""])
    return pd.DataFrame(rows, columns=MISSING_COLUMNS).astype({"n": "Int64", "missing": "Int64", "share": float})


def links_table(panels: Panels) -> pd.DataFrame:
    """How each country's answers link, as `links.csv`: totals, the shares linked, and the kinds of `linking.csv`."""
    rows = []
    for (country, iteration), of_country in panels.items():
        there = {wave: of_country.respondents[wave].notna() for wave in WAVES}
        n = {wave: int(there[wave].sum()) for wave in WAVES}
        linked = int((there["pre"] & there["post"]).sum())
        rows.append([country, iteration, n["pre"], n["post"], linked,
                     *(linked / n[wave] if n[wave] else np.nan for wave in WAVES),
                     *(of_country.linked.counts[kind] for kind in LINK_COLUMNS[7:])])
    return pd.DataFrame(rows, columns=LINK_COLUMNS)


def findings_table(study: Study, panels: Panels, found: Iterable[Finding]) -> pd.DataFrame:
    """What is worth a look, counted, as `findings.csv`: a row per country, survey and finding.

    Counts of 1 to `minimum_group` - 1 respondents are empty. Schools with answers to one survey only are
    counted where `participation.csv` shows it.
    """
    policy = Policy.of(study)
    counts: Counter[tuple[str, str, str]] = Counter()
    for finding in found:
        if finding.kind != "school_in_one_wave":
            counts[finding.country, finding.wave, finding.kind] += finding.n
    for (country, _), of_country in panels.items():
        for wave, n in _schools_in_one_wave(participation_table(protected(of_country))).items():
            counts[country, wave, "school_in_one_wave"] += n
    rows = []
    for (country, wave, kind), n in counts.items():
        note = too_few(policy.minimum) if kind in OF_PEOPLE and policy.small(n) else ""
        if n:
            rows.append([country, wave, kind, pd.NA if note else n, note])
    table = pd.DataFrame(rows, columns=FINDING_COLUMNS).astype({"n": "Int64"})
    order = {key: position for position, key in enumerate(study.settings.countries)}
    return table.sort_values("country", key=lambda keys: keys.map(order), kind="stable", ignore_index=True)


def _schools_in_one_wave(participation: pd.DataFrame) -> dict[str, int]:
    schools = participation.loc[~participation["school"].isin(["", NOT_GIVEN])]
    shown = {wave: schools[f"n_{wave}"].fillna(-1).astype(int) for wave in WAVES}
    if not all((shown[wave] != 0).any() for wave in WAVES):
        return {}
    return {wave: int(((shown[other] == 0) & (shown[wave] != 0)).sum()) for wave, other in (WAVES, WAVES[::-1])}
