"""Item by item: how the answers are distributed, and who answered higher, the same or lower afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.disclosure.notes import CLASS_LEFT, NO_VARIATION, SMALL_SCHOOL, too_few
from analysis.disclosure.policy import FEW_FOR_DIRECTIONS
from analysis.disclosure.protection import ProtectedPanel
from analysis.questions.change import varies
from analysis.scales import WAVES
from analysis.statistics.multiplicity import benjamini_hochberg
from analysis.statistics.paired import matched_cr2
from analysis.statistics.superiority import directions_of_change, superiority

ANSWER_COLUMNS = ["item", "wave", "value", "label", "n", "share"]
NUMBER_COLUMNS = ["item", "wave", "n", "mean", "sd", "note"]
ITEM_CHANGE_COLUMNS = [
    "item", "scale", "n", "improved", "same", "worse", "superiority", "superiority_low", "superiority_high", "p",
    "p_adjusted", "note",
]
ITEM_MEANS_COLUMNS = ["item", "scale", "n", "mean_pre", "mean_post", "change", "ci_low", "ci_high", "note"]


def item_answers_table(panel: ProtectedPanel) -> pd.DataFrame:
    """Counts and shares of every answer, as asked (not reversed), as `item_answers.csv`.

    A row per item, wave and value of the codebook, zeros too. In a multichoice item shares are of the
    respondents who answered it and may add up to more than one. Empty cells rest on too few respondents,
    or all answers would fall into one category.
    """
    codebook = panel.study.codebook
    rows = []
    for item, wave in _asked(panel, ("likert", "choice", "multichoice")):
        values = codebook.values(item)
        answers = panel.answers[wave][item].dropna()
        if codebook.items.loc[item, "kind"] == "likert":
            answers = panel.as_asked(wave, [item])[item].dropna()
            counts = [int((answers == value.number).sum()) for value in values]
        elif codebook.items.loc[item, "kind"] == "choice":
            counts = [int((answers == value.value).sum()) for value in values]
        else:
            ticked = answers.str.split(";")
            counts = [int(ticked.map(lambda some, v=value.value: v in some).sum()) for value in values]
        shown = panel.policy.shows(counts, len(answers))
        for value, n in zip(values, counts, strict=True):
            rows.append({
                "item": item, "wave": wave, "value": value.value, "label": value.label,
                "n": n if shown else pd.NA, "share": n / len(answers) if shown else np.nan,
            })
    return pd.DataFrame(rows, columns=ANSWER_COLUMNS).astype({"n": "Int64", "share": float})


def numbers_table(panel: ProtectedPanel) -> pd.DataFrame:
    """Number, mean and SD of the answers to number items, as `numbers.csv`."""
    rows = []
    for item, wave in _asked(panel, ("number",)):
        answers = panel.answers[wave][item].dropna().to_numpy(float)
        row = {"item": item, "wave": wave, "n": pd.NA, "note": ""}
        if not panel.policy.enough(len(answers)):
            row["note"] = too_few(panel.policy.minimum)
        elif not panel.policy.public and not varies(answers):
            row["note"] = NO_VARIATION
        elif len(answers):
            row |= {"n": len(answers), "mean": answers.mean(),
                    "sd": answers.std(ddof=1) if len(answers) > 1 else np.nan}
        rows.append(row)
    return pd.DataFrame(rows, columns=NUMBER_COLUMNS).astype({"n": "Int64"})


def _compared_items(panel: ProtectedPanel) -> Iterator[tuple[dict, np.ndarray, np.ndarray, np.ndarray | None]]:
    """The row that begins with item and scale, both answers of the matched, and their clusters, for each compared item.

    The row's note says why nothing is shown, if so.
    """
    for scale in panel.compared_scales:
        for item in panel.items[scale]:
            pre, post = (panel.answers[wave][item].to_numpy(float) for wave in WAVES)
            both = np.isfinite(pre) & np.isfinite(post) & panel.in_clusters
            before, after = pre[both], post[both]
            note = ""
            if not panel.policy.enough(len(before)):
                note = too_few(panel.policy.minimum)
            elif not panel.policy.public and not all(map(varies, (pre, post, after - before))):
                note = NO_VARIATION
            yield ({"item": item, "scale": scale, "n": len(before), "note": note}, before, after, panel.cluster_of(both))


def _noted(panel: ProtectedPanel, row: dict, note: tuple[str, ...]) -> str:
    return " ".join([CLASS_LEFT] * (row["item"] in panel.left) + list(note))


def item_change_table(panel: ProtectedPanel) -> pd.DataFrame:
    """How many matched respondents answered higher, the same or lower at follow-up, as `item_change.csv`.

    Reverse-scored items are mirrored first, so that higher is always in the sense of the scale. `superiority`
    is the chance that a respondent answered higher plus half the chance of a tie, against one half. Below ten
    respondents the directions are not shown: with the item's distributions they could be solved for single answers.
    """
    policy = panel.policy
    rows = []
    for row, pre, post, cluster in _compared_items(panel):
        if not row["note"] and not policy.public and len(pre) < FEW_FOR_DIRECTIONS:
            row["note"] = too_few(FEW_FOR_DIRECTIONS)
        if not row["note"]:
            directions = directions_of_change(pre, post)
            within = superiority(pre, post, cluster)
            row |= {"improved": directions.improved, "same": directions.same, "worse": directions.worse,
                    "superiority": within.estimate}
            if _has_interval(panel, cluster):
                row |= {"superiority_low": within.low, "superiority_high": within.high, "p": within.p}
            row["note"] = _noted(panel, row, within.note if _has_interval(panel, cluster) else (SMALL_SCHOOL,))
        rows.append(row)
    table = pd.DataFrame(rows, columns=ITEM_CHANGE_COLUMNS)
    table = table.astype(dict.fromkeys(("improved", "same", "worse"), "Int64"))
    return table.assign(p_adjusted=benjamini_hochberg(table["p"].to_numpy(float)))


def _has_interval(panel: ProtectedPanel, cluster: np.ndarray | None) -> bool:
    """With two schools the standard error is their difference, so both need enough respondents."""
    return cluster is None or len(np.unique(cluster)) != 2 or panel.policy.schools_speak(cluster)


def scales_overview(panel: ProtectedPanel) -> pd.DataFrame:
    """What each scale asks: `scale, label, items, surveys, example, instrument, source`, a row per scale asked."""
    codebook = panel.study.codebook
    rows = []
    for scale in codebook.scales.index:
        if waves := panel.waves_of[scale]:
            items = panel.items[scale] or codebook.items_of(scale)
            rows.append({"scale": scale, "label": codebook.label(scale), "items": len(items), "surveys": waves,
                         "example": codebook.text(items[0]), "instrument": codebook.scales.loc[scale, "instrument"],
                         "source": codebook.scales.loc[scale, "source"]})
    return pd.DataFrame(rows, columns=["scale", "label", "items", "surveys", "example", "instrument", "source"])


def background_answers(panel: ProtectedPanel, answers: pd.DataFrame) -> pd.DataFrame:
    """The rows of `item_answers.csv` of questions that belong to no scale."""
    items = panel.study.codebook.items
    return answers.loc[~answers["item"].isin(items.index[items["scale"] != ""])]


def item_means_table(panel: ProtectedPanel) -> pd.DataFrame:
    """Means of matched teachers at baseline and follow-up and their change with its interval, as `item_means.csv`.

    Beside `item_change.csv`, which counts directions only; reverse-scored items are mirrored.
    """
    rows = []
    for row, pre, post, cluster in _compared_items(panel):
        if not row["note"]:
            change = matched_cr2(pre, post, cluster)
            row |= {"mean_pre": pre.mean(), "mean_post": post.mean(), "change": change.estimate}
            if _has_interval(panel, cluster):
                row |= {"ci_low": change.low, "ci_high": change.high}
            row["note"] = _noted(panel, row, change.note if _has_interval(panel, cluster) else (SMALL_SCHOOL,))
        rows.append(row)
    return pd.DataFrame(rows, columns=ITEM_MEANS_COLUMNS)


def _asked(panel: ProtectedPanel, kinds: tuple[str, ...]):
    items = panel.study.codebook.items
    for item in items.index[items["kind"].isin(kinds)]:
        for wave in WAVES:
            if item in panel.asked[wave]:
                yield item, wave

