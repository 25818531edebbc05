"""The sentence of each note, by its code; docs/tables.md lists the codes."""

from __future__ import annotations

from collections.abc import Callable

from analysis.language import Language
from analysis.notes import Note

Sentence = Callable[..., str]


def sentence(note: Note, say: Language) -> str:
    """What a note says in a language."""
    return SENTENCES[note.code](say, **dict(note.values))


SENTENCES: dict[str, Sentence] = {
    "class_left": lambda say: say(
        "A class of respondents (matched, baseline only or follow-up only) too small to publish was left out."),
    "too_few": lambda say, minimum: say("Suppressed: fewer than {minimum} respondents.", minimum=minimum),
    "no_variation": lambda say: say("Suppressed: all answers, or all changes, are the same."),
    "small_school": lambda say: say("Suppressed: a school has too few respondents for figures of how schools differ."),
    "small_cells": lambda say: say("Suppressed: too few respondents in a cell, or one more cell to cover it."),
    "repeated": lambda say: say(
        "The samples differ by too few respondents to publish both, so this is the main estimate."),
    "same_sample": lambda say: say("The sample is that of the main estimate."),
    "no_effect_size": lambda say, minimum: say(
        "No effect size: fewer than {minimum} matched respondents.", minimum=minimum),
    "no_threshold": lambda say: say("No smallest change of interest was declared, and no reliability to derive one from."),
    "without_school": lambda say, n: say.plural("Without {n} respondent who gave no school.",
                                                "Without {n} respondents who gave no school.", int(n)),
    "takes_schools": lambda say, n: say("Takes {n} schools.", n=n),
    "range_not_interval": lambda say: say("Lowest and highest change with one school left out; not an interval."),
    "lone_predictor": lambda say: say("Suppressed: too few respondents decide the slope."),
    "few_directions": lambda say, minimum: say(
        "Suppressed: fewer than {minimum} respondents, whose answers could be solved for.", minimum=minimum),
    "gaps_left_out": lambda say: say("Respondents who did not answer every item of the scale are left out."),
    "ignores_schools": lambda say: say("The interval takes respondents as independent and so ignores schools."),
    "no_item": lambda say: say("No item was asked."),
    "one_item": lambda say: say("One item alone has no internal consistency."),
    "two_items": lambda say: say("Two items have no alpha and no omega."),
    "spearman_brown": lambda say, value: say("Two items: instead of alpha, the Spearman-Brown coefficient is {value}.",
                                             value=say.proportion(float(value), len(value.partition(".")[2]))),
    "few_complete": lambda say, needed: say("Not estimable: it takes {needed} respondents who answered every item.",
                                            needed=needed),
    "constant_items": lambda say, n, items: say.plural(
        "Not estimable: {n} of {items} items has the same answer from everybody.",
        "Not estimable: {n} of {items} items have the same answer from everybody.", int(n), items=items),
    "constant_sum": lambda say: say("Not estimable: the sum of the items does not vary."),
    "heywood_case": lambda say: say(
        "The one-factor model has no proper solution (Heywood case), so there is no omega and no fit."),
    "just_identified": lambda say: say("Three items fit a one-factor model whatever the answers, so its fit says nothing."),
    "one_factor_fails": lambda say: say(
        "One factor does not describe these items, so one coefficient for the scale is to be read with caution."),
    "items_against": lambda say, n, items: say.plural(
        "{n} of {items} items runs against the others.", "{n} of {items} items run against the others.", int(n),
        items=items),
    "no_school_named": lambda say: say("No school is named in the surveys."),
    "no_strangers": lambda say: say("Not estimable: it takes answers of two schools."),
    "no_colleagues": lambda say: say("Not estimable: it takes two answers of one school."),
    "few_values": lambda say: say("Not estimable: a group has too few values."),
    "constant_groups": lambda say: say("Not estimable: the values vary in neither group."),
    "no_change": lambda say: say("There is no change to adjust."),
    "all_seen": lambda say: say("Everyone with a baseline score has a matched follow-up score."),
    "no_interval": lambda say: say("The change has no interval."),
    "includes_zero": lambda say: say("The interval of the change includes zero already."),
    "no_baseline": lambda say: say("There are no scores at baseline."),
}
