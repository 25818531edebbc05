"""Further effect sizes of matched respondents, beside d_av in the table of changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from analysis.disclosure.policy import TELLING
from analysis.language import N_, Language
from analysis.notes import note, written
from analysis.sections.estimates import arrays, matched_in_school, scores_of, varies
from analysis.sections.parts import (
    Block,
    Column,
    Heading,
    Method,
    blank_repeats,
    change_with_interval,
    count,
    message,
    text,
)
from analysis.sections.results import Results
from analysis.statistics.effect_size import d_z
from analysis.statistics.estimate import Estimate
from analysis.statistics.superiority import superiority

COLUMNS = ["scale", "label", "effect_size", "n", "estimate", "ci_low", "ci_high", "note"]


@dataclass(frozen=True)
class EffectSize:
    """An effect size: its label in the table, how the methods section names it, its source; `label`, `text` are messages.

    `estimate` takes pre, post and cluster.
    """

    name: str
    label: str
    text: str
    estimate: Callable[..., Estimate]
    citation: str


EFFECT_SIZES = [
    EffectSize("d_z", N_("d_z (unit: SD of the changes)"),
               N_("d_z, the mean change over the standard deviation of the changes"), d_z, "lakens_2013"),
    EffectSize("superiority", N_("Probability of a higher score"),
               N_("the probability of superiority, the chance that a matched teacher scored higher (ties as half)"),
               superiority, "grissom"),
]
"""In the order of their rows; a new one is a line here."""


def effect_sizes_table(results: Results) -> pd.DataFrame:
    """Effect sizes of the matched respondents of each compared scale, as `effect_sizes.csv`."""
    return pd.DataFrame([_row(results, scale, one) for scale in results.panel.compared_scales for one in EFFECT_SIZES],
                        columns=COLUMNS)


def _row(results: Results, scale: str, one: EffectSize) -> dict:
    policy, scores = results.policy, matched_in_school(scores_of(results.panel, scale))
    row = {"scale": scale, "label": results.label(scale), "effect_size": one.name, "n": len(scores.pre)}
    if not policy.enough(len(scores.pre)):
        return row | {"note": written([note("too_few", minimum=policy.minimum)])}
    if scores.told or not (policy.public or varies(scores.changes)):
        return row | {"note": written([note("spread_tells") if scores.told else note("no_variation")])}
    found = one.estimate(*arrays(scores, policy))
    if not policy.public and any(reason.code in TELLING for reason in found.note):
        return row | {"note": written([note("no_variation")])}
    return row | {"estimate": found.estimate, "ci_low": found.low, "ci_high": found.high, "note": written(found.note)}


def labels(say: Language) -> dict[str, str]:
    """What the effect sizes are called, by their names in the table."""
    return {one.name: say(one.label) for one in EFFECT_SIZES}


TABLE = [Column("Scale", text("label"), words=True), Column("Effect size", message("effect_size", labels), words=True),
         Column("n matched", count("n")), Column("Estimate [95 % CI]", change_with_interval("estimate"))]
ESTIMATES = {"effect_sizes": effect_sizes_table}


def annex(results: Results) -> Iterator[Block]:
    """A table of the effect sizes, where any is shown."""
    table = results.table("effect_sizes")
    if table["estimate"].notna().any():
        say = results.say
        yield Heading(say("Further effect sizes"))
        yield results.shown("effect_sizes", say("Effect sizes of matched teachers beside d_av"), TABLE,
                            blank_repeats(table, "label"), label="effect-sizes")


def methods(results: Results) -> list[Method]:
    """The effect sizes, each with its source."""
    say = results.say
    if results.table("effect_sizes")["estimate"].isna().all():
        return []
    return [Method(say("Further effect sizes are {list}.", list=say.list([say(one.text) for one in EFFECT_SIZES])),
                   tuple(one.citation for one in EFFECT_SIZES))]
