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
}
