"""What a person should look at in the linking: a row per doubtful link and double submission, for the data's owner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from analysis.linking.decisions import REVIEW_COLUMNS, DecidedRow, Fingerprints
from analysis.linking.duplicates import COUNTS, REPEATS, REPLACED
from analysis.linking.links import BESIDE, CONTRADICTS, DECIDED, EDIT, SEVERAL, SHORT, Decisions, Linked, link
from analysis.responses import Responses
from analysis.scales import constant_kinds
from analysis.study.folder import Study
from analysis.study.populations import WAVES, populations
from analysis.texts import listed

KIND_ORDER = ("near", "ambiguous", "exact", "duplicate")
GONE = "the answers are no longer in the exports, so the decision is not followed"
KEPT_FOR_DECISION = "; kept here only for its decision"
_DIFFERENCE = {"sign": "the codes differ in one sign", "zeros": "the codes differ by zeros in front, as Excel drops them",
               "": "the codes are equal"}
_REASONS = {
    EDIT: "matched: {differ}, and no other code of the school is as near",
    SHORT: "not matched: {differ}, which says little of codes this short",
    SEVERAL: "not matched: {differ}, but another answer of the school is as near",
    BESIDE: "not matched: {differ}, but a colleague's code, matched or set aside, is as near",
    CONTRADICTS: "not matched: {differ}, but {contradicts}",
}


@dataclass(frozen=True)
class _Proposal:
    kind: str
    reason: str
    agrees: tuple[str, ...] = ()


def review_table(study: Study, responses: Responses) -> pd.DataFrame:
    """The content of `private/linking-review.csv`, with the decisions that stand there; columns `REVIEW_COLUMNS`.

    A row per near link, per pair of nearly equal codes that was not matched, per link of equal codes whose constant
    answers contradict, and per answer of a double submission; real school names and codes. Decisions stay, also on what
    would no longer be listed or is no longer in the exports.
    """
    frame = responses.frame
    decided = responses.decisions
    rows = []
    for country in study.settings.countries:
        of_country = frame.loc[frame["country"] == country]
        for population in populations(of_country):
            here = of_country.loc[population.among(of_country)]
            mine = {decided.labels[row.row]: row for row in decided.rows
                    if row.row in decided.labels and (row.country, row.population) == (country, population)}
            rows += _rows(study, here, decided.of(country, population), mine, (country, population.iteration))
    rows += [{**row.cells, "reason": GONE, "decision": _word(row)} for row in decided.rows if row.row not in decided.labels]
    return pd.DataFrame(rows, columns=REVIEW_COLUMNS).astype(object)


def _rows(
    study: Study, here: pd.DataFrame, decisions: Decisions, mine: dict[tuple, DecidedRow], place: tuple
) -> list[dict]:
    """The rows of one country and iteration, by school and kind."""
    items = list(study.codebook.items.index)

    def proposals(decided: Decisions) -> dict[tuple, _Proposal]:
        linked = link(here, items, study.settings.codes, constants=constant_kinds(study.codebook), decisions=decided)
        return dict(_pairs(linked)) | dict(_answers(linked, here))

    found = proposals(decisions)
    usual = proposals(Decisions()) if mine else found
    for labels, row in mine.items():
        if labels not in found:
            found[labels] = _Proposal(row.cells["kind"] or "ambiguous", _as_decided(row))
    prints = {wave: Fingerprints(here.loc[here["wave"] == wave], items) for wave in WAVES}

    def cells(labels: tuple, proposal: _Proposal) -> dict:
        sides = {here.at[label, "wave"]: label for label in labels}
        row = dict.fromkeys(REVIEW_COLUMNS, "") | {
            "country": place[0], "iteration": place[1], "school": here.at[labels[0], "school"],
            "kind": proposal.kind, "agrees": ", ".join(proposal.agrees),
            "reason": proposal.reason + (KEPT_FOR_DECISION if labels not in usual else ""),
            "decision": _word(mine[labels]) if labels in mine else "",
            "check": " ".join(prints[wave].whole(label) for wave, label in sides.items()),
        }
        for wave, label in sides.items():
            row |= {f"code_{wave}": as_text(here.at[label, "code"]), f"file_{wave}": here.at[label, "file"],
                    f"row_{wave}": int(here.at[label, "row"])}
        return row

    return sorted((cells(labels, proposal) for labels, proposal in found.items()), key=_place)


def _place(row: dict) -> tuple:
    kind = KIND_ORDER.index(row["kind"]) if row["kind"] in KIND_ORDER else len(KIND_ORDER)
    return row["school"], kind, *((row[f"file_{wave}"], row[f"row_{wave}"] or 0) for wave in WAVES)


def as_text(code: str) -> str:
    """The code in quotation marks, so that no spreadsheet makes a number, a date or a formula of it."""
    return f"“{code}”" if code else ""


def _word(row: DecidedRow) -> str:
    return "yes" if row.yes else "no"


def _as_decided(row: DecidedRow) -> str:
    if len(row.answers) == 1:
        return "no double submission any more, so there is nothing to decide"
    return "matched, as decided" if row.yes else "not matched, as decided"


def _pairs(linked: Linked) -> Iterator[tuple[tuple, _Proposal]]:
    for pair in linked.pairs.itertuples():
        contradict = f"{listed(pair.contradicts)} {'differ' if len(pair.contradicts) > 1 else 'differs'}"
        if pair.reason == DECIDED:
            reason = "matched, as decided"
        elif pair.kind == "exact":
            reason = f"matched by equal codes, although {contradict}"
        else:
            reason = _REASONS[pair.reason].format(differ=_DIFFERENCE[pair.edit], contradicts=contradict)
        yield (pair.pre, pair.post), _Proposal(pair.kind, reason, pair.agrees)


def _answers(linked: Linked, here: pd.DataFrame) -> Iterator[tuple[tuple, _Proposal]]:
    for _, group in linked.duplicates.groupby("group"):
        outcomes = set(group["outcome"])
        for label, answer in group.iterrows():
            others = listed([f"row {here.at[other, 'row']}" for other in group.index if other != label])
            yield (label,), _Proposal("duplicate", f"{_outcome(answer, outcomes)} (the same code as {others})")


def _outcome(answer: pd.Series, outcomes: set[str]) -> str:
    if answer["outcome"] == COUNTS:
        return ("counts, as decided" if answer["decided"] else
                "counts: submitted last, and as complete as the others" if REPLACED in outcomes else
                "counts: the others repeat it" if REPEATS in outcomes else "counts: the others do not, as decided")
    if answer["outcome"] == REPEATS:
        return "repeats another submission word for word, so it does not count again"
    if answer["outcome"] == REPLACED:
        return "does not count: another one does"
    return ("does not count, as decided" if answer["decided"] else
            "set aside: different answers under one code, and nothing tells which one counts")
