"""The retrospective pretest: how teachers, at follow-up, describe what they did before, and the response shift.

Its answers are never pooled with those given at baseline; both gains stand side by side, and the difference
between the two accounts of the same time is the response shift (Howard 1980, Evaluation Review).
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.language import Language
from analysis.notes import written
from analysis.sections.estimates import estimate_columns, main_estimate, scores_of
from analysis.sections.parts import Block, Column, Heading, Text, change_with_interval, count, message, text
from analysis.sections.results import Results
from analysis.study.populations import THEN

COLUMNS = ["scale", "label", "comparison", "n_matched", "change", "se", "df", "ci_low", "ci_high", "p", "note"]
CONTRASTS = {"post minus pre": ("pre", "post"), "post minus then": (THEN, "post"), "then minus pre": ("pre", THEN)}


def retrospective_table(results: Results) -> pd.DataFrame:
    """Both gains and the response shift of every scale asked in all three waves, as `retrospective.csv`.

    Each is the main estimate over the two waves it names. Empty if there is no retrospective wave.
    """
    panel, rows = results.panel, []
    for scale in panel.compared_scales if THEN in panel.scores else []:
        if panel.scores[THEN][scale].isna().all():
            continue
        for contrast, waves in CONTRASTS.items():
            scores = scores_of(panel, scale, waves)
            estimate = main_estimate(scores, results.policy)
            rows.append({"scale": scale, "label": results.label(scale), "comparison": contrast,
                         "n_matched": int(scores.matched.sum()), **estimate_columns(estimate, "change"),
                         "note": written(estimate.note)})
    return pd.DataFrame(rows, columns=COLUMNS)


ESTIMATES = {"retrospective": retrospective_table}


def contrasts(say: Language) -> dict[str, str]:
    """What the rows of `retrospective.csv` compare."""
    return {
        "post minus pre": say("follow-up − baseline"),
        "post minus then": say("follow-up − retrospective pretest"),
        "then minus pre": say("retrospective pretest − baseline (response shift)"),
    }


TABLE = [
    Column("Scale", text("label"), words=True),
    Column("Contrast", message("comparison", contrasts), words=True),
    Column("n matched", count("n_matched")),
    Column("Change [95 % CI]", change_with_interval()),
]


def main(results: Results) -> Iterator[Block]:
    """A paragraph with the response shift of the primary scales."""
    say, rows = results.say, results.table("retrospective")
    shift = rows.loc[(rows["comparison"] == "then minus pre") & rows["ci_low"].notna()
                     & rows["scale"].isin(results.study.primary_scales)]
    if shift.empty:
        return
    parts = [say("{scale} {shift} (95 % CI {interval})", scale=row["label"],
                 shift=say.number(row["change"], results.policy.digits(row, "change"), signed=True),
                 interval=say.interval(row["ci_low"], row["ci_high"], results.policy.digits(row, "change")))
             for _at, row in shift.iterrows()]
    yield Heading(say("Response shift"))
    yield Text(say("At follow-up teachers also described their earlier practice (retrospective pretest). The difference "
                   "from what they said at baseline, the response shift, was: {shifts}. Recall of the earlier self may be "
                   "biased, too; both gains are in @tbl-retrospective and are never pooled.", shifts="; ".join(parts)))


def annex(results: Results) -> Iterator[Block]:
    """Both gains and the response shift on every scale."""
    say = results.say
    if len(results.table("retrospective")):
        yield Heading(say("Retrospective pretest and response shift"))
        yield results.shown("retrospective", say("Change against both accounts of the time before, in scale points"), TABLE)
